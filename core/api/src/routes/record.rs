//! What administrators do to their house through `/v2` stands in the audit log, as what they do to the desk does.

use http::Method;
use passerelle_desk::{Act, Deed};
use serde_json::Value;

use super::Operation;
use crate::api::Api;
use crate::call::{Call, Reply, stored};
use crate::error::ApiError;
use crate::limit::Class;

/// A change that is about to be made by a person.
pub(super) struct Record {
    api: Api,
    act: Act,
    action: &'static str,
    source_type: &'static str,
    /// What it is called now, where the answer will not say so.
    label: Option<String>,
    /// Its id, where it has one already.
    id: Option<String>,
}

impl Record {
    /// None where nothing is changed, or a program does it.
    pub(super) async fn begin(operation: &Operation, call: &Call) -> Result<Option<Self>, ApiError> {
        let is_change = operation.class == Class::Admin && operation.method != Method::GET;
        let Some(by) = call.access.person().filter(|_| is_change) else { return Ok(None) };
        let (api, now) = (call.api.clone(), call.api.clock.now());
        let act = Act { app: call.app()?, by: Some(by), now, ids: api.gateway.ids().clone() };
        let (source_type, segment) = subject(operation.path);
        let action = match operation.method {
            Method::DELETE => "destroy",
            Method::POST if operation.path.ends_with("/replay") => "retry",
            Method::POST => "create",
            _ => "update",
        };
        let id = Some(call.segment(segment).to_owned()).filter(|id| !id.is_empty() && action != "create");
        let label = if matches!(action, "destroy" | "retry") { name(call, source_type).await? } else { None };
        Ok(Some(Self { api, act, action, source_type, label, id }))
    }

    /// The same with what the answer says of the thing.
    pub(super) fn with(mut self, reply: &Reply) -> Self {
        let shown = match reply {
            Reply::Json(_, body) => body.as_object().and_then(|body| body.values().next()).unwrap_or(&Value::Null),
            Reply::Whole(_) => &Value::Null,
        };
        let said = ["displayName", "name", "target"].iter().find_map(|field| shown[*field].as_str());
        self.label = said.map(str::to_owned).or(self.label);
        self.id = self.id.or_else(|| shown["id"].as_str().map(str::to_owned));
        self
    }

    /// Writes it down. What was done stays done when that fails: then the operator's log says so.
    pub(super) async fn keep(self) {
        let Self { api, act, action, source_type, label, id } = self;
        let id = id.unwrap_or_default();
        let label = label.unwrap_or_else(|| id.clone());
        let written = api.store().write(move |tx| {
            Box::pin(async move {
                act.log(
                    tx,
                    Deed { action, source_type, source_id: None, label: &label, description: &id, address: None },
                );
                Ok(())
            })
        });
        if let Err(error) = written.await {
            tracing::error!(%error, action, source_type, "the audit log misses what an administrator did");
        }
    }
}

/// What a path is about, and which of its segments names it: the last kind of thing in it.
fn subject(path: &str) -> (&'static str, &'static str) {
    const KINDS: &[(&str, &str, &str)] = &[
        ("/switchboardIntegrations", "switchboard_integration", "seat"),
        ("/switchboards", "switchboard", "switchboard"),
        ("/webhooks", "webhook", "webhook"),
        ("/keys", "key", "key"),
        ("/integrations", "integration", "integration"),
    ];
    let found = KINDS.iter().find(|(part, ..)| path.contains(part));
    found.map_or(("app", "app"), |(_, source_type, segment)| (source_type, segment))
}

/// What the thing of the path is called.
async fn name(call: &Call, source_type: &str) -> Result<Option<String>, ApiError> {
    let (store, app) = (call.api.store(), call.app()?);
    Ok(match source_type {
        "key" => stored(store.key(call.segment("key")).await)?.map(|key| key.display_name),
        "integration" => stored(store.integration(app, call.integration_id()?).await)?.and_then(|one| one.display_name),
        "webhook" => {
            let webhooks = stored(store.webhooks(app, call.integration_id()?).await)?;
            webhooks.into_iter().find(|one| one.id.to_string() == call.segment("webhook")).map(|one| one.target)
        }
        _ => None,
    })
}
