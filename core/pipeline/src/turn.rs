//! Station 6, bot turn: a bot answers one event, or the router says who should take care.
//!
//! The plugin is called outside of any transaction; what it wants is carried out in one, with its new state, or not at
//! all when control has changed hands meanwhile. Turns of one conversation run one after the other.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use passerelle_model::bot::{BotConversation, BotEvent, BotEventKind, BotTurn};
use passerelle_model::event::{EventKind, Gained};
use passerelle_model::id::SwitchboardIntegrationId;
use passerelle_model::switchboard::{Asker, Moved};
use passerelle_plugin_host::{CallError, FailureCategory, Fault, Installation, World};
use passerelle_store::{DueTurn, StoreError, TurnTrigger, TurnView};

use crate::apply::Applying;
use crate::control::{Hands, Why, control};
use crate::directory::Entry;
use crate::gateway::Inner;
use crate::insist::insist;
use crate::{routing, sources};

/// Puts a turn into its conversation's lane; waits while the lanes are full. Boxed, because a turn may lead to a turn.
pub(crate) fn push(inner: &Arc<Inner>, turn: DueTurn) -> BoxFuture<'_, ()> {
    if inner.config.passive {
        return Box::pin(leave(inner, turn));
    }
    let task = Arc::clone(inner);
    Box::pin(inner.turns.push(turn.conversation, async move { run(&task, turn).await }))
}

/// Leaves a turn to the server that runs: its scheduler looks for what has a time.
async fn leave(inner: &Inner, turn: DueTurn) {
    let (id, tries, now) = (turn.id, turn.tries, inner.clock.now());
    let left = insist("a turn for the server", || {
        inner.store.write(move |tx| {
            Box::pin(async move {
                tx.retry_turn(id, tries, now, "it was left to the server");
                Ok(())
            })
        })
    });
    if let Err(error) = left.await {
        tracing::warn!(%error, "a turn waits for the next start of the server");
    }
}

async fn run(inner: &Arc<Inner>, turn: DueTurn) {
    if inner.stop.is_cancelled() {
        // It stays in the database and is due at the next start.
        return;
    }
    let Err(error) = insist("a turn", || take(inner, &turn)).await else { return };
    if matches!(error, StoreError::Closed) {
        return;
    }
    // The turn's own fault: its tries are counted, so that those behind it have theirs.
    let reason = format!("the turn could not be carried out: {error}");
    let faulted = insist("a failed turn", || fault(inner, &turn, "gateway", turn.tries + 1, &reason)).await;
    if faulted.is_err() && insist("a failed turn", || park_bare(inner, turn.id, &reason)).await.is_err() {
        tracing::error!(conversation = %turn.conversation, reason, "a turn could not be parked; it is tried again after a restart");
    }
}

/// Parks a turn where not even its fault can be written into the conversation.
async fn park_bare(inner: &Inner, turn: i64, reason: &str) -> Result<(), StoreError> {
    let (tries, reason) = (inner.config.plugin_tries, reason.to_owned());
    let parked = inner.store.write(move |tx| {
        Box::pin(async move {
            tx.park_turn(turn, tries, &reason);
            Ok(())
        })
    });
    parked.await
}

async fn take(inner: &Arc<Inner>, turn: &DueTurn) -> Result<(), StoreError> {
    let Some(view) = inner.store.turn_view(turn).await? else { return drop_turn(inner, turn.id).await };
    if control(&view.bot.conversation).check(turn.epoch).is_err() || view.bot.conversation.active != Some(turn.seat) {
        return drop_turn(inner, turn.id).await;
    }
    let directory = inner.book.now();
    if !directory.is_bot(turn.app, turn.seat) {
        return match directory.router(turn.app) {
            Some(router) => routing::route(inner, turn, &view, &router).await,
            None => drop_turn(inner, turn.id).await,
        };
    }
    let Some(event) = told(turn, &view) else { return drop_turn(inner, turn.id).await };
    let entry = directory.on_seat(turn.app, turn.seat);
    match entry.as_ref().and_then(|entry| bot(entry)) {
        Some((entry, installation)) => call(inner, turn, view, event, entry, installation).await,
        None => fault(inner, turn, "bot", turn.tries + 1, "the bot is switched off or its plugin is not loaded").await,
    }
}

fn bot(entry: &Arc<Entry>) -> Option<(&Arc<Entry>, &Installation)> {
    let installation = entry.ready().filter(|installation| installation.plugin().world() == World::Bot)?;
    Some((entry, installation))
}

async fn call(
    inner: &Arc<Inner>,
    turn: &DueTurn,
    view: TurnView,
    event: BotEvent,
    entry: &Arc<Entry>,
    installation: &Installation,
) -> Result<(), StoreError> {
    let conversation = BotConversation {
        id: view.bot.conversation.id,
        user: view.bot.user.id,
        profile: view.bot.user.profile.clone(),
        channel_type: view.bot.conversation.channel_type.clone().unwrap_or_default(),
        metadata: view.bot.conversation.metadata.clone(),
    };
    match inner.host.on_event(installation, conversation, view.bot.state, event).await {
        Ok(called) => apply(inner, turn, entry, called.value, sources::entries(called.kv_writes)).await,
        Err(error) => refused(inner, turn, &error).await,
    }
}

async fn apply(
    inner: &Arc<Inner>,
    turn: &DueTurn,
    entry: &Arc<Entry>,
    wanted: BotTurn,
    kv: Vec<passerelle_store::KvEntry>,
) -> Result<(), StoreError> {
    let applying = Applying {
        directory: inner.book.now(),
        ids: Arc::clone(&inner.ids),
        now: inner.clock.now(),
        turn: turn.clone(),
        entry: Arc::clone(entry),
        kv,
    };
    let has_wake_ups =
        wanted.actions.iter().any(|action| matches!(action, passerelle_model::bot::BotAction::WakeMe { .. }));
    let mut effects = inner.store.write(move |tx| Box::pin(applying.run(tx, wanted))).await?;
    inner.failpoint.hit("after-turn-commit");
    let turns = std::mem::take(&mut effects.turns);
    effects.follow(inner).await;
    for due in turns {
        // The lane is this one: a turn of the same conversation waits for its turn there.
        let inner = Arc::clone(inner);
        inner.clone().tasks.spawn(async move { push(&inner, due).await });
    }
    if has_wake_ups {
        inner.wake.notify_one();
    }
    Ok(())
}

/// What the bot is told; none for an event that is gone or that bots do not hear of.
fn told(turn: &DueTurn, view: &TurnView) -> Option<BotEvent> {
    if let TurnTrigger::WakeUp(note) = &turn.trigger {
        let conversation = &view.bot.conversation;
        return Some(BotEvent {
            seq: conversation.last_seq,
            at: conversation.last_updated_at,
            kind: BotEventKind::WakeUp(note.clone()),
        });
    }
    let event = view.event.as_ref()?;
    let kind = match &event.kind {
        EventKind::MessageAdded { .. } => BotEventKind::Message(view.message.as_ref()?.content.clone()),
        EventKind::Postback { payload, text, .. } => {
            BotEventKind::Postback { payload: payload.clone(), text: text.clone() }
        }
        EventKind::ControlPassed { reason, .. } => BotEventKind::ControlGained(reason.clone()),
        _ => return None,
    };
    Some(BotEvent { seq: event.place?.seq, at: event.at, kind })
}

/// The turn is void, or there is nothing to do.
pub(crate) async fn drop_turn(inner: &Inner, turn: i64) -> Result<(), StoreError> {
    inner
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.finish_turn(turn);
                Ok(())
            })
        })
        .await
}

/// What to do with a call that failed: again later, or never.
pub(crate) async fn refused(inner: &Arc<Inner>, turn: &DueTurn, error: &CallError) -> Result<(), StoreError> {
    let tries = match &error.fault {
        Fault::PoolExhausted { .. } => turn.tries,
        Fault::Failure(failure) => match failure.category {
            FailureCategory::RateLimited | FailureCategory::Temporary => turn.tries + 1,
            _ => inner.config.plugin_tries,
        },
        _ => turn.tries + 1,
    };
    fault(inner, turn, &error.plugin, tries, &error.fault.to_string()).await
}

async fn fault(inner: &Arc<Inner>, turn: &DueTurn, plugin: &str, tries: u32, reason: &str) -> Result<(), StoreError> {
    tracing::warn!(plugin, conversation = %turn.conversation, tries, reason, "a turn failed");
    let (id, reason) = (turn.id, reason.to_owned());
    if tries < inner.config.plugin_tries {
        let at = inner.clock.now().plus(inner.wait(tries.max(1)));
        inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.retry_turn(id, tries, at, &reason);
                    Ok(())
                })
            })
            .await?;
        inner.wake.notify_one();
        return Ok(());
    }
    metrics::counter!("passerelle_turns_parked_total").increment(1);
    park(inner, turn, plugin.to_owned(), tries, reason).await
}

/// Gives up: the operator sees it, and the user is not left with a bot that does not answer.
async fn park(
    inner: &Arc<Inner>,
    turn: &DueTurn,
    plugin: String,
    tries: u32,
    reason: String,
) -> Result<(), StoreError> {
    let (directory, ids, now, turn) = (inner.book.now(), Arc::clone(&inner.ids), inner.clock.now(), turn.clone());
    let turns = inner
        .store
        .write(move |tx| {
            Box::pin(async move {
                let Some(mut conversation) = tx.conversation_of_turn(turn.id).await? else { return Ok(Vec::new()) };
                tx.park_turn(turn.id, tries, &reason);
                let hands = Hands::new(&directory, turn.app, &ids, now);
                let seq = match turn.trigger {
                    TurnTrigger::Event(seq) => seq,
                    TurnTrigger::WakeUp(_) => conversation.last_seq,
                };
                hands.append(tx, &conversation, EventKind::PluginFault { plugin, seq, fault: reason });
                if let Some((moved, to)) = successor(&hands, &conversation, turn.seat) {
                    let why = Why { how: Gained::Passed, reason: "bot-failed", metadata: Default::default() };
                    hands.passed(tx, &mut conversation, moved, to, why);
                }
                tx.finish().await?;
                Ok(tx.take_turns())
            })
        })
        .await?;
    for due in turns {
        let inner = Arc::clone(inner);
        inner.clone().tasks.spawn(async move { push(&inner, due).await });
    }
    Ok(())
}

/// Who takes over from a bot that failed: the seat that its hand-over goes to.
fn successor(
    hands: &Hands<'_>,
    conversation: &passerelle_store::Conversation,
    seat: SwitchboardIntegrationId,
) -> Option<(Moved, SwitchboardIntegrationId)> {
    let board = hands.board.filter(|_| conversation.active == Some(seat))?;
    let moved = board.rules.pass(control(conversation), "next", Asker::Any).ok().filter(|moved| moved.changed)?;
    Some((moved, moved.control.active?))
}
