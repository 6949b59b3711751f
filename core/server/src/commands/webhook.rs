//! Dead letters of webhooks from the command line.

use anyhow::Context;
use passerelle_model::id::{EventId, RawId, WebhookId};
use passerelle_pipeline::{Caller, Command, Done, WebhookCommand};
use passerelle_store::{Page, Subscription};

use super::visit;
use crate::cli::{WebhookCommand as Asked, Where};
use crate::failure::Failure;
use crate::house::House;
use crate::terminal::say;

pub(super) async fn run(command: Asked) -> Result<(), Failure> {
    match command {
        Asked::Dead { webhook: None, place } => summary(&place).await,
        Asked::Dead { webhook: Some(webhook), place } => dead(&place, &webhook).await,
        Asked::Replay { webhook, events, place } => replay(&place, &webhook, &events).await,
    }
}

async fn summary(place: &Where) -> Result<(), Failure> {
    let (_, house) = visit(place).await?;
    for (webhook, count) in house.store().dead_by_webhook().await.map_err(Failure::failed)? {
        say(&format!("{webhook}  {count}"));
    }
    house.store().close().await;
    Ok(())
}

async fn dead(place: &Where, webhook: &str) -> Result<(), Failure> {
    let (_, house) = visit(place).await?;
    let found = find(&house, webhook).await?;
    let mut page = Page::first(100);
    loop {
        let dead = house.store().dead_notices(found.app, found.webhook.id, page).await.map_err(Failure::failed)?;
        for notice in &dead.rows {
            let reason = notice.reason.as_deref().unwrap_or("unknown");
            say(&format!("{}  {} tries  {reason}", notice.event, notice.tries));
        }
        match dead.rows.last() {
            Some(last) if dead.has_more => page.after = Some(RawId::from_bytes(*last.event.as_bytes())),
            _ => break,
        }
    }
    house.store().close().await;
    Ok(())
}

async fn replay(place: &Where, webhook: &str, events: &[String]) -> Result<(), Failure> {
    let (settings, house) = visit(place).await?;
    let found = find(&house, webhook).await?;
    let parse = |text: &String| text.parse::<EventId>().with_context(|| format!("`{text}` is no id of an event"));
    let events = events.iter().map(parse).collect::<anyhow::Result<_>>()?;
    let (integration, webhook) = (found.webhook.integration, found.webhook.id);
    let retry_for = settings.webhooks.retry_for();
    let asked = Command::Webhook(WebhookCommand::Replay { integration, webhook, events, retry_for });
    let done = house.gateway.execute(Caller::Operator, found.app, asked).await.map_err(Failure::failed)?;
    if let Done::Count(count) = done {
        say(&format!("{count} sent again"));
    }
    house.store().close().await;
    Ok(())
}

async fn find(house: &House, text: &str) -> anyhow::Result<Subscription> {
    let id: WebhookId = text.parse().with_context(|| format!("`{text}` is no id of a webhook"))?;
    house.store().subscription(id).await?.with_context(|| format!("webhook `{text}` does not exist"))
}
