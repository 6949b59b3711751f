//! When control reaches somebody who is no bot of ours, the app's router says who should take care. It decides by facts
//! alone, and its reason is kept in words.

use std::sync::Arc;

use passerelle_model::event::EventKind;
use passerelle_model::render;
use passerelle_model::routing::Facts;
use passerelle_store::{DueTurn, Page, Routing, StoreError, TurnView};

use crate::apply::add_tags;
use crate::control::Hands;
use crate::directory::Entry;
use crate::gateway::Inner;
use crate::turn::{drop_turn, refused};

/// Characters of the user's last words that a router sees.
const LAST_TEXT: usize = 1000;

/// Lets the router decide and writes its decision down.
pub(crate) async fn route(
    inner: &Arc<Inner>,
    turn: &DueTurn,
    view: &TurnView,
    router: &Arc<Entry>,
) -> Result<(), StoreError> {
    let Some(installation) = router.ready() else { return drop_turn(inner, turn.id).await };
    let facts = facts(inner, turn, view).await?;
    let decision = match inner.host.decide(installation, facts).await {
        Ok(called) => called.value,
        Err(error) => return refused(inner, turn, &error).await,
    };
    let (directory, ids, now, turn) = (inner.book.now(), Arc::clone(&inner.ids), inner.clock.now(), turn.clone());
    inner
        .store
        .write(move |tx| {
            Box::pin(async move {
                let Some(mut conversation) = tx.conversation_of_turn(turn.id).await? else { return Ok(()) };
                tx.finish_turn(turn.id);
                if conversation.control_epoch != turn.epoch {
                    return Ok(());
                }
                let hands = Hands::new(&directory, turn.app, &ids, now);
                let priority = decision.priority.as_str().to_owned();
                conversation.routing = Some(Routing {
                    queue: decision.queue.clone(),
                    group: decision.group.clone(),
                    agent: decision.agent.clone(),
                    priority: priority.clone(),
                    reason: decision.reason.clone(),
                });
                tx.update_conversation(&conversation);
                let kind = EventKind::Routed {
                    queue: decision.queue,
                    group: decision.group,
                    agent: decision.agent,
                    priority,
                    tags: decision.tags.clone(),
                    reason: decision.reason,
                };
                hands.append(tx, &conversation, kind);
                add_tags(tx, &hands, &mut conversation, decision.tags);
                Ok(())
            })
        })
        .await
}

async fn facts(inner: &Inner, turn: &DueTurn, view: &TurnView) -> Result<Facts, StoreError> {
    let conversation = &view.bot.conversation;
    let mut fields = conversation.fields.clone();
    if let Some(EventKind::ControlPassed { metadata, .. }) = view.event.as_ref().map(|event| &event.kind) {
        fields.0.extend(metadata.0.clone());
    }
    let recent = inner.store.messages(turn.app, conversation.id, Page::first(20)).await?;
    let last = recent.rows.iter().rev().find(|message| {
        matches!(message.author, passerelle_model::people::Author::User { .. }) && message.deleted_at.is_none()
    });
    Ok(Facts {
        conversation: conversation.id,
        channel_type: conversation.channel_type.clone().unwrap_or_default(),
        locale: view.bot.user.profile.locale.clone(),
        tags: conversation.tags.clone(),
        fields,
        last_text: last.map(|message| render::plain_text(&message.content).chars().take(LAST_TEXT).collect()),
        at: view.event.as_ref().map_or(conversation.last_updated_at, |event| event.at),
    })
}
