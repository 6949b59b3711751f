//! Webhooks of an API client, and what their receivers did not take.

use passerelle_model::id::{EventId, WebhookId};
use passerelle_pipeline::{Command, Done, NewWebhook, WebhookChange, WebhookCommand};
use passerelle_store::{Attempt, Notice, Webhook};
use serde_json::{Value, json};

use super::users::unexpected;
use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::action::check_uri;
use crate::wire::event::TRIGGERS;
use crate::wire::fields::Fields;
use crate::wire::limits::{MAX_REPLAYED, MAX_TRIGGERS, MAX_VALUE};
use crate::wire::{integration, time};

pub(super) async fn create(call: Call) -> Answer {
    let integration = call.integration_id()?;
    let new = read_new(&call.fields()?)?;
    match call.execute(Command::Webhook(WebhookCommand::Create { integration, new })).await? {
        Done::Webhook(made) => Reply::created("webhook", integration::webhook(&made)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn list(call: Call) -> Answer {
    let found = of_integration(&call).await?;
    Reply::all("webhooks", found.iter().map(integration::webhook).collect())
}

pub(super) async fn get(call: Call) -> Answer {
    Reply::one("webhook", integration::webhook(&find(&call).await?))
}

pub(super) async fn update(call: Call) -> Answer {
    let (integration, fields) = (call.integration_id()?, call.fields()?);
    let target = fields.text("target", MAX_VALUE)?;
    if let Some(target) = &target {
        check_uri(&fields, "target", target, &["https", "http"])?;
    }
    let change = WebhookChange {
        target,
        triggers: fields.value("triggers").map(|_| read_triggers(&fields)).transpose()?,
        include_full_user: fields.flag("includeFullUser")?,
        include_full_source: fields.flag("includeFullSource")?,
        ordered: fields.flag("ordered")?,
    };
    let asked = WebhookCommand::Update { integration, webhook: webhook_id(&call)?, change };
    match call.execute(Command::Webhook(asked)).await? {
        Done::Webhook(now) => Reply::one("webhook", integration::webhook(&now)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn delete(call: Call) -> Answer {
    let (integration, webhook) = (call.integration_id()?, webhook_id(&call)?);
    call.execute(Command::Webhook(WebhookCommand::Delete { integration, webhook })).await?;
    Reply::done()
}

pub(super) async fn dead_letters(call: Call) -> Answer {
    let (found, page) = (find(&call).await?, call.page()?);
    let dead = stored(call.api.store().dead_notices(call.app()?, found.id, page).await)?;
    call.list("deadLetters", dead.rows.iter().map(show_dead).collect(), dead.has_more, page)
}

pub(super) async fn attempts(call: Call) -> Answer {
    let found = find(&call).await?;
    let attempts = stored(call.api.store().attempts(found.id).await)?;
    Reply::all("attempts", attempts.iter().map(show_attempt).collect())
}

pub(super) async fn replay(call: Call) -> Answer {
    let (integration, webhook) = (call.integration_id()?, webhook_id(&call)?);
    let fields = call.fields()?;
    let named = fields.texts("ids", MAX_REPLAYED)?;
    if named.is_empty() && fields.value("ids").is_some() {
        return Err(fields.wrong("ids", "should NOT have fewer than 1 items"));
    }
    let parse = |text: &String| text.parse::<EventId>().map_err(|_| fields.wrong("ids", "should be ids of events"));
    let events = named.iter().map(parse).collect::<Result<_, _>>()?;
    let asked = WebhookCommand::Replay { integration, webhook, events, retry_for: call.api.webhook_retry_for };
    match call.execute(Command::Webhook(asked)).await? {
        Done::Count(count) => Reply::one("replayed", count.into()),
        other => Err(unexpected(&other)),
    }
}

/// A webhook as a body describes it.
pub(super) fn read_new(fields: &Fields<'_>) -> Result<NewWebhook, ApiError> {
    let target = fields.needed_text("target", MAX_VALUE)?;
    check_uri(fields, "target", &target, &["https", "http"])?;
    fields.value("triggers").ok_or_else(|| fields.missing("triggers"))?;
    Ok(NewWebhook {
        target,
        triggers: read_triggers(fields)?,
        include_full_user: fields.flag("includeFullUser")?.unwrap_or(false),
        include_full_source: fields.flag("includeFullSource")?.unwrap_or(false),
        ordered: fields.flag("ordered")?.unwrap_or(false),
    })
}

/// Known triggers, each once, in the order in which they were given.
fn read_triggers(fields: &Fields<'_>) -> Result<Vec<String>, ApiError> {
    let mut triggers = fields.texts("triggers", MAX_TRIGGERS)?;
    if let Some(unknown) = triggers.iter().find(|trigger| !TRIGGERS.contains(&trigger.as_str())) {
        let shown: String = unknown.chars().take(64).collect();
        return Err(fields.wrong("triggers", &format!("should not hold `{shown}`, which is no trigger")));
    }
    let mut seen = std::collections::BTreeSet::new();
    triggers.retain(|trigger| seen.insert(trigger.clone()));
    Ok(triggers)
}

fn webhook_id(call: &Call) -> Result<WebhookId, ApiError> {
    call.segment("webhook").parse().map_err(|_| ApiError::no_such_route())
}

async fn find(call: &Call) -> Result<Webhook, ApiError> {
    let id = webhook_id(call)?;
    of_integration(call).await?.into_iter().find(|webhook| webhook.id == id).ok_or_else(ApiError::no_such_route)
}

fn show_attempt(attempt: &Attempt) -> Value {
    let events = attempt.events.iter().map(|(id, name)| json!({ "id": id.to_string(), "type": name }));
    json!({
        "id": attempt.id.to_string(),
        "requestId": attempt.request,
        "createdAt": time::show(attempt.at),
        "durationMs": u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX),
        "outcome": attempt.outcome.name(),
        "status": attempt.status,
        "reason": attempt.reason,
        "events": events.collect::<Vec<_>>(),
    })
}

fn show_dead(notice: &Notice) -> Value {
    let event: Value = serde_json::from_str(&notice.body).unwrap_or_default();
    json!({
        "id": notice.event.to_string(),
        "type": event["type"],
        "createdAt": time::show(notice.created_at),
        "tries": notice.tries,
        "status": notice.status,
        "reason": notice.reason,
        "event": event,
    })
}

async fn of_integration(call: &Call) -> Result<Vec<Webhook>, ApiError> {
    let (app, id) = (call.app()?, call.integration_id()?);
    let unknown = || ApiError::not_found("integration_not_found", "Integration not found");
    stored(call.api.store().integration(app, id).await)?.ok_or_else(unknown)?;
    stored(call.api.store().webhooks(app, id).await)
}
