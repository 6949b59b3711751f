//! Who calls, and what a caller may do.
//!
//! An [`Access`] is made here only, from a key that fits; whoever holds one may act within its app and scope.

pub(crate) mod credentials;

use std::sync::Arc;

use http::HeaderMap;
use http::request::Parts;
use passerelle_model::desk::{PersonId, Role};
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_pipeline::Caller;
use passerelle_store::{App, Key, KeyScope, StoreError};
use subtle::ConstantTimeEq;

use crate::api::Api;
use crate::call::stored;
use crate::desk;
use crate::error::ApiError;
use crate::limit::ClientAddress;
use crate::oauth::digest;
use credentials::Claim;

/// How far a key reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// As one integration of one app.
    Integration,
    /// One app.
    App,
    /// Every app.
    Account,
    /// No key has it: an admin of the app's desk, where such a person may do what a key of the app may not.
    Admin,
}

impl Scope {
    /// The word in tokens.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Integration => "integration",
            Self::App => "app",
            Self::Account => "account",
            Self::Admin => "admin",
        }
    }

    const fn of(scope: KeyScope) -> Self {
        match scope {
            KeyScope::Account => Self::Account,
            KeyScope::App(_) => Self::App,
            KeyScope::Integration(..) => Self::Integration,
        }
    }
}

/// A caller whose key fits and who may use this operation.
#[derive(Clone)]
pub(crate) struct Access {
    app: Option<App>,
    key_id: String,
    key: KeyScope,
    person: Option<PersonId>,
    claim: Arc<Claim>,
}

impl Access {
    /// Checks the credentials, then the scope, then the app in the path, in this order, so that nobody learns of apps
    /// that are not theirs.
    pub(crate) async fn check(
        api: &Api,
        request: &Parts,
        allowed: &[Scope],
        app: Option<&str>,
    ) -> Result<Self, ApiError> {
        let (key, claim) = authenticate(api, &request.headers, api.client_of(request)).await?;
        if claim.is_browser() && !desk::is_from_own_page(api, request) {
            return Err(ApiError::forbidden());
        }
        let is_admin = claim.is_agent() && allowed.contains(&Scope::Admin);
        if !is_admin && !allowed.contains(&Scope::of(key.scope)) {
            return Err(ApiError::forbidden());
        }
        let Identity { id: key_id, scope: key, person } = key;
        let Some(text) = app else { return Ok(Self { app: None, key_id, key, person, claim }) };
        let app = text.parse::<AppId>().ok();
        if key.app().is_some() && key.app() != app {
            return Err(ApiError::forbidden());
        }
        let unknown = || ApiError::not_found("app_not_found", "App not found");
        let found = api.store().app(app.ok_or_else(unknown)?).await.map_err(|error| ApiError::internal(&error))?;
        Ok(Self { app: Some(found.ok_or_else(unknown)?), key_id, key, person, claim })
    }

    /// The app of the path.
    pub(crate) fn app(&self) -> Result<&App, ApiError> {
        self.app.as_ref().ok_or_else(|| ApiError::not_found("app_not_found", "App not found"))
    }

    /// The key that calls.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The administrator who calls, where it is a person and no program.
    pub(crate) fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// The app that the key is bound to, whatever the path says.
    pub(crate) fn bound_to(&self) -> Option<AppId> {
        self.key.app()
    }

    /// What the caller showed. Never shown to anybody.
    pub(crate) fn claim(&self) -> &Arc<Claim> {
        &self.claim
    }

    /// Whether the credentials are still good and open the same, and the app is there. For calls that last.
    pub(crate) async fn still_holds(&self, api: &Api) -> Result<bool, StoreError> {
        if let Some(app) = &self.app
            && api.store().app(app.id).await?.is_none()
        {
            return Ok(false);
        }
        Ok(identify(api, &self.claim).await?.is_some_and(|found| found.scope == self.key))
    }

    /// The integration that calls, for keys of one.
    pub(crate) fn integration(&self) -> Option<IntegrationId> {
        match self.key {
            KeyScope::Integration(_, integration) => Some(integration),
            KeyScope::Account | KeyScope::App(_) => None,
        }
    }

    /// The caller as the command door knows it.
    pub(crate) fn caller(&self) -> Caller {
        match self.key {
            KeyScope::Account => Caller::Account,
            KeyScope::App(app) => Caller::App(app),
            KeyScope::Integration(app, integration) => Caller::Integration { app, integration },
        }
    }
}

/// Whose credentials fit.
struct Identity {
    /// The id of the key; for a token that was given, of the grant.
    id: String,
    scope: KeyScope,
    /// Whose session it is.
    person: Option<PersonId>,
}

/// Finds the key whose credentials these are. Wrong ones cost the address that they come from.
async fn authenticate(
    api: &Api,
    headers: &HeaderMap,
    client: ClientAddress,
) -> Result<(Identity, Arc<Claim>), ApiError> {
    let claim = credentials::claim(headers);
    let (id, now) = (claim.as_ref().map_or("", Claim::key), api.clock.now());
    api.budgets().may_guess(client, id, now)?;
    let found = match &claim {
        Some(claim) => stored(identify(api, claim).await)?,
        None => None,
    };
    let Some(found) = found else {
        api.budgets().guessed_wrong(client, id, now);
        return Err(ApiError::unauthorized());
    };
    let claim = claim.ok_or_else(ApiError::unauthorized)?;
    Ok((found, Arc::new(claim)))
}

async fn identify(api: &Api, claim: &Claim) -> Result<Option<Identity>, StoreError> {
    match claim {
        Claim::Agent(claim) => {
            let found = desk::credentials::identify(api, claim).await?;
            let admin = found.map(|known| known.agent).filter(|agent| agent.role == Role::Admin);
            Ok(admin.map(|agent| Identity {
                id: format!("agent_{}", agent.id),
                scope: KeyScope::App(agent.app),
                person: Some(agent.id),
            }))
        }
        Claim::Given { token } => {
            let grant = api.store().oauth_token(digest(token)).await?;
            Ok(grant.map(|grant| Identity {
                id: format!("oauth_{}", grant.integration),
                scope: KeyScope::Integration(grant.app, grant.integration),
                person: None,
            }))
        }
        Claim::Basic { key, secret } => {
            let fits = |key: &Key| secret.as_bytes().ct_eq(key.secret.reveal().as_bytes()).into();
            Ok(api.store().key(key).await?.filter(fits).map(Identity::of))
        }
        Claim::Token { key, token } => {
            let now = api.clock.now().as_millis() / 1000;
            let fits = |key: &Key| {
                let claims = credentials::verify_token(token, key.secret.reveal(), now);
                claims.is_some_and(|claims| claims.scope == Scope::of(key.scope).as_str())
            };
            Ok(api.store().key(key).await?.filter(fits).map(Identity::of))
        }
    }
}

impl Identity {
    fn of(key: Key) -> Self {
        Self { id: key.id, scope: key.scope, person: None }
    }
}
