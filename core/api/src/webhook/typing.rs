//! Typing: told once and at once to receivers that are well, and to nobody when there is too much of it.

use std::sync::Arc;

use passerelle_model::id::{EventId, RawId};
use passerelle_pipeline::Sign;
use passerelle_store::StoreError;

use super::{Inner, asks, detail, hears, send};
use crate::mint;
use crate::wire::event::Teller;

/// Signs under way at once.
const AT_ONCE: usize = 64;
/// What a webhook asks for.
const TRIGGER: &str = "conversation:typing";

/// Tells the webhooks of the app, unless there is too much under way. Nobody waits for it.
pub(super) fn show(inner: &Arc<Inner>, sign: Sign) {
    if inner.tasks.len() > AT_ONCE + inner.config.parallel {
        return;
    }
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        if let Err(error) = tell(&task, sign).await {
            tracing::debug!(%error, "a sign was not told");
        }
    });
}

async fn tell(inner: &Arc<Inner>, sign: Sign) -> Result<(), StoreError> {
    let subscriptions = inner.store().subscriptions(&[sign.app].into()).await?;
    if !subscriptions.iter().any(|to| asks(to, TRIGGER)) {
        return Ok(());
    }
    let now = inner.clock.now();
    let Ok(id) = mint::id::<RawId>(now) else { return Ok(()) };
    let teller = Teller::of(inner.store(), inner.links(), sign.app).await?;
    let Some(telling) = teller.sign(&sign, EventId::from(id), now).await? else { return Ok(()) };
    for to in subscriptions.iter().filter(|to| hears(to, &telling, teller.seats())) {
        let breaker = inner.breaker(to.webhook.id);
        if !breaker.is_well() || !breaker.allows(now) {
            continue;
        }
        let Ok(_place) = inner.well.try_acquire() else { return Ok(()) };
        let body = telling.show(detail(to)).to_string();
        send::send(&inner.egress, to, &[(telling.id().to_string(), &body)], now).await;
    }
    Ok(())
}
