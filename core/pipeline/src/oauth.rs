//! Letting programs of others into an app, and out again.
//!
//! A grant is an integration that stands for the client; whatever removes the integration ends the grant with its
//! tokens, and tells the client. Knows only digests of codes and tokens: the texts are made and shown by the doors.

use http::{HeaderValue, Method, header};
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_model::time::Timestamp;
use passerelle_plugin_host::{Exchange, Granted};
use passerelle_store::{Digest, OauthClient, OauthCode, OauthGrant};
use serde_json::json;
use url::Url;

use crate::CommandError;
use crate::gateway::Gateway;
use crate::installation::{NewIntegration, NewIntegrationKind};

/// A code that is about to be sent to the client.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// Of the code.
    pub digest: Digest,
    /// Where the browser is sent to with it.
    pub redirect_uri: String,
    /// What the client's verifier must fit, where it asked for that.
    pub challenge: Option<String>,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// What a client brings to get a token.
#[derive(Clone, Debug)]
pub struct Redemption {
    /// Who brings it, proven by its secret.
    pub client: String,
    /// Of the code.
    pub code: Digest,
    /// Where the client says that the code was sent to, if it says so.
    pub redirect_uri: Option<String>,
    /// The challenge that the client's verifier fits, if it brought one.
    pub challenge: Option<String>,
    /// Of the token that it gets.
    pub token: Digest,
}

impl Gateway {
    /// Lets a client into an app and keeps the code for it. An app that let it in before keeps its integration.
    pub async fn let_in(&self, client: &OauthClient, app: AppId, code: NewCode) -> Result<IntegrationId, CommandError> {
        let (inner, now) = (&self.0, self.0.clock.now());
        let new = NewIntegration {
            app,
            kind: NewIntegrationKind::ApiClient { webhooks: Vec::new() },
            display_name: Some(client.display_name.clone()),
            default_responder: None,
            metadata: Metadata::default(),
        };
        let made = self.made(inner.ids.next(now), new)?;
        let client = client.id.clone();
        let written = inner.store.write(move |tx| {
            Box::pin(async move {
                let integration = match tx.oauth_grant(&client, app).await? {
                    Some(grant) => grant.integration,
                    None => {
                        made.insert(tx);
                        let integration = made.row.id;
                        tx.insert_oauth_grant(&OauthGrant { client, app, integration, created_at: now });
                        integration
                    }
                };
                let NewCode { digest, redirect_uri, challenge, expires_at } = code;
                let code = OauthCode { digest, integration, redirect_uri, challenge, token: None, expires_at };
                tx.insert_oauth_code(&code, now);
                Ok(integration)
            })
        });
        let integration = written.await?;
        self.read_integration(app, integration).await?;
        Ok(integration)
    }

    /// Turns a code into a token. False when the code is not good for this client; one that was used before takes
    /// the token back that it gave, because two have held it.
    pub async fn redeem(&self, given: Redemption) -> Result<bool, CommandError> {
        let now = self.0.clock.now();
        let redeemed = self.0.store.write(move |tx| {
            Box::pin(async move {
                let Some(code) = tx.oauth_code(&given.client, given.code).await? else { return Ok(false) };
                if let Some(token) = code.token {
                    tx.delete_oauth_token(token);
                    return Ok(false);
                }
                let fits = now <= code.expires_at
                    && given.redirect_uri.is_none_or(|uri| uri == code.redirect_uri)
                    && given.challenge == code.challenge;
                if fits {
                    tx.spend_oauth_code(code.digest, code.integration, given.token, now);
                }
                Ok(fits)
            })
        });
        Ok(redeemed.await?)
    }

    /// Ends a grant with the integration that stands for the client. One that the switchboard cannot spare stays, without
    /// tokens, keys and webhooks.
    pub async fn end_grant(&self, app: AppId, integration: IntegrationId) -> Result<(), CommandError> {
        let client = self.0.store.oauth_client_of(app, integration).await?;
        match self.delete_integration(app, integration).await {
            Err(CommandError::Refused(reason)) => {
                tracing::warn!(%integration, reason, "a grant ended, and its integration stays");
            }
            other => return other,
        }
        let ended = self.0.store.write(move |tx| {
            Box::pin(async move {
                tx.delete_oauth_grant(integration);
                Ok(())
            })
        });
        ended.await?;
        if let Some(client) = client {
            self.tell_removed(client, app, integration);
        }
        Ok(())
    }

    /// Forgets a client: every grant ends first.
    pub async fn forget_client(&self, id: &str) -> Result<(), CommandError> {
        for grant in self.0.store.oauth_grants(id).await? {
            self.end_grant(grant.app, grant.integration).await?;
        }
        let id = id.to_owned();
        let forgotten = self.0.store.write(move |tx| {
            Box::pin(async move {
                tx.delete_oauth_client(&id);
                Ok(())
            })
        });
        Ok(forgotten.await?)
    }

    /// Tells a client that its grant has ended. Once, and nobody waits for it: its tokens have ended already.
    pub(crate) fn tell_removed(&self, client: OauthClient, app: AppId, integration: IntegrationId) {
        let Some(url) = client.removal_url.as_deref().and_then(|url| Url::parse(url).ok()) else { return };
        let gateway = self.clone();
        self.0.tasks.spawn(async move {
            let mut exchange = Exchange::new(Method::POST, url);
            exchange.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let said = json!({ "client_id": client.id, "app": { "id": app }, "integration": { "id": integration } });
            exchange.body = said.to_string().into();
            let egress = gateway.0.host.egress();
            match egress.exchange(integration, Granted::AnyPublic, exchange).await {
                Ok(answer) => {
                    tracing::info!(client = client.id, status = answer.status, "a client was told that its grant ended")
                }
                Err(error) => {
                    tracing::warn!(client = client.id, %error, "a client could not be told that its grant ended")
                }
            }
        });
    }
}
