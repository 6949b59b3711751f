//! Who calls, and what a caller may do.
//!
//! An [`Access`] is made here only, from a key that fits; whoever holds one may act within its app and scope.

pub(crate) mod credentials;

use http::HeaderMap;
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_pipeline::Caller;
use passerelle_store::{App, Key, KeyScope};
use subtle::ConstantTimeEq;

use crate::api::Api;
use crate::error::ApiError;
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
}

impl Scope {
    /// The word in tokens.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Integration => "integration",
            Self::App => "app",
            Self::Account => "account",
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
#[derive(Clone, Debug)]
pub(crate) struct Access {
    app: Option<App>,
    key: KeyScope,
}

impl Access {
    /// Checks the credentials, then the scope, then the app in the path, in this order, so that nobody learns of apps
    /// that are not theirs.
    pub(crate) async fn check(
        api: &Api,
        headers: &HeaderMap,
        allowed: &[Scope],
        app: Option<&str>,
    ) -> Result<Self, ApiError> {
        let key = authenticate(api, headers).await?;
        if !allowed.contains(&Scope::of(key.scope)) {
            return Err(ApiError::forbidden());
        }
        let Some(text) = app else { return Ok(Self { app: None, key: key.scope }) };
        let app = text.parse::<AppId>().ok();
        if key.scope.app().is_some() && key.scope.app() != app {
            return Err(ApiError::forbidden());
        }
        let unknown = || ApiError::not_found("app_not_found", "App not found");
        let found = api.store().app(app.ok_or_else(unknown)?).await.map_err(|error| ApiError::internal(&error))?;
        Ok(Self { app: Some(found.ok_or_else(unknown)?), key: key.scope })
    }

    /// The app of the path.
    pub(crate) fn app(&self) -> Result<&App, ApiError> {
        self.app.as_ref().ok_or_else(|| ApiError::not_found("app_not_found", "App not found"))
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

async fn authenticate(api: &Api, headers: &HeaderMap) -> Result<Key, ApiError> {
    let claim = credentials::claim(headers).ok_or_else(ApiError::unauthorized)?;
    let id = match &claim {
        Claim::Basic { key, .. } | Claim::Token { key, .. } => key,
    };
    let key = api.store().key(id).await.map_err(|error| ApiError::internal(&error))?;
    let key = key.ok_or_else(ApiError::unauthorized)?;
    let fits = match &claim {
        Claim::Basic { secret, .. } => secret.as_bytes().ct_eq(key.secret.reveal().as_bytes()).into(),
        Claim::Token { token, .. } => {
            let claims = credentials::verify_token(token, key.secret.reveal(), api.clock.now().as_millis() / 1000);
            claims.is_some_and(|claims| claims.scope == Scope::of(key.scope).as_str())
        }
    };
    fits.then_some(key).ok_or_else(ApiError::unauthorized)
}
