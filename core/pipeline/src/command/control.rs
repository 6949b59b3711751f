//! Commands on control: pass, offer, accept, release.

use std::sync::Arc;

use passerelle_model::id::{AppId, ConversationId};
use passerelle_model::metadata::Metadata;
use passerelle_model::switchboard::{Asker, Refusal};
use passerelle_store::{DueTurn, StoreError, Tx};

use super::conversation::missing;
use super::{Caller, CommandError, Done, Handing};
use crate::control::{Hands, RELEASED, TICKET_CLOSED, control};
use crate::gateway::Inner;
use crate::turn;

/// What is asked of the switchboard.
pub(super) enum Action {
    Pass(Handing),
    Offer(Handing),
    Accept { conversation: ConversationId, metadata: Metadata },
    Release { conversation: ConversationId, reason: Option<String> },
}

impl Action {
    const fn name(&self) -> &'static str {
        match self {
            Self::Pass(_) => "passControl",
            Self::Offer(_) => "offerControl",
            Self::Accept { .. } => "acceptControl",
            Self::Release { .. } => "releaseControl",
        }
    }

    const fn conversation(&self) -> ConversationId {
        match self {
            Self::Pass(handing) | Self::Offer(handing) => handing.conversation,
            Self::Accept { conversation, .. } | Self::Release { conversation, .. } => *conversation,
        }
    }
}

pub(super) async fn act(inner: &Arc<Inner>, caller: Caller, app: AppId, action: Action) -> Result<Done, CommandError> {
    let work = Arc::clone(inner);
    let written = inner.store.write(move |tx| Box::pin(async move { carry_out(&work, tx, caller, app, action).await }));
    for due in written.await?? {
        turn::push(inner, due).await;
    }
    Ok(Done::Nothing)
}

async fn carry_out(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: Caller,
    app: AppId,
    action: Action,
) -> Result<Result<Vec<DueTurn>, CommandError>, StoreError> {
    let Some(mut conversation) = tx.conversation(app, action.conversation()).await? else { return Ok(Err(missing())) };
    let directory = inner.book.now();
    let hands = Hands::new(&directory, app, &inner.ids, inner.clock.now());
    let Some(board) = hands.board else { return Ok(Err(refused(Refusal::Disabled))) };
    let (held, name) = (control(&conversation), action.name());
    let asker = match caller {
        Caller::Integration { integration, .. } => Asker::Seat(board.seat_of(integration)),
        _ => Asker::Any,
    };
    let moved = match &action {
        Action::Pass(handing) => board.rules.pass(held, &handing.target),
        Action::Offer(handing) => board.rules.offer(held, &handing.target),
        Action::Accept { .. } => board.rules.accept(held, asker),
        Action::Release { .. } => board.rules.release(held, asker),
    };
    let moved = match moved {
        Ok(moved) => moved,
        // Who may not act leaves no trace; who acts in vain leaves an event that says why.
        Err(refusal @ (Refusal::Forbidden | Refusal::Disabled)) => return Ok(Err(refused(refusal))),
        Err(refusal) => {
            hands.failed(tx, &conversation, name, refusal.code());
            return match action {
                Action::Accept { .. } | Action::Release { .. } => Ok(Ok(Vec::new())),
                _ => Ok(Err(refused(refusal))),
            };
        }
    };
    if moved.changed {
        match action {
            Action::Offer(handing) => hands.offered(tx, &mut conversation, moved, handing.metadata),
            Action::Release { reason, .. } => {
                hands.released(tx, &mut conversation, moved, &word(reason.as_deref(), RELEASED));
            }
            Action::Pass(Handing { metadata, reason, .. }) => {
                let reason = word(reason.as_deref(), "passed");
                if let Some(to) = moved.control.active {
                    hands.passed(tx, &mut conversation, moved, to, &reason, metadata);
                }
            }
            Action::Accept { metadata, .. } => {
                if let Some(to) = moved.control.active {
                    hands.passed(tx, &mut conversation, moved, to, "accepted", metadata);
                }
            }
        }
    }
    tx.finish().await?;
    Ok(Ok(tx.take_turns()))
}

/// The word that bots are told: the API's reasons in the contract's spelling.
fn word(reason: Option<&str>, default: &str) -> String {
    match reason {
        Some("ticketClosed") => TICKET_CLOSED.into(),
        Some("transferToEmail") => "transfer-to-email".into(),
        Some(other) => other.to_owned(),
        None => default.to_owned(),
    }
}

fn refused(refusal: Refusal) -> CommandError {
    match refusal {
        Refusal::Forbidden => CommandError::Forbidden(refusal.to_string()),
        Refusal::Stale => CommandError::Conflict(refusal.to_string()),
        Refusal::InvalidTarget => CommandError::invalid("switchboardIntegration", refusal.to_string()),
        Refusal::Disabled | Refusal::InvalidAction => CommandError::invalid("conversationId", refusal.to_string()),
    }
}
