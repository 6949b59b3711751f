//! Commands on control: pass, offer, accept, release.

use passerelle_model::event::Gained;
use passerelle_model::id::ConversationId;
use passerelle_model::metadata::Metadata;
use passerelle_model::switchboard::{Asker, Moved, Refusal, TICKET_CLOSED};
use passerelle_store::{Conversation, Tx};

use super::conversation::missing;
use super::work::{Outcome, Work};
use super::{Caller, CommandError, Done, Handing, Stop};
use crate::control::{Hands, RELEASED, Why, control};

/// What is asked of the switchboard.
pub(super) enum Action {
    Pass(Handing),
    Offer(Handing),
    Accept { conversation: ConversationId, metadata: Metadata },
    Release { conversation: ConversationId, reason: Option<String>, metadata: Metadata },
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

    const fn metadata(&self) -> &Metadata {
        match self {
            Self::Pass(Handing { metadata, .. })
            | Self::Offer(Handing { metadata, .. })
            | Self::Accept { metadata, .. }
            | Self::Release { metadata, .. } => metadata,
        }
    }

    const fn conversation(&self) -> ConversationId {
        match self {
            Self::Pass(handing) | Self::Offer(handing) => handing.conversation,
            Self::Accept { conversation, .. } | Self::Release { conversation, .. } => *conversation,
        }
    }
}

pub(super) async fn act(work: &mut Work, tx: &mut Tx<'_>, action: Action) -> Outcome {
    let mut conversation = tx.conversation(work.app, action.conversation()).await?.ok_or_else(missing)?;
    let hands = work.hands();
    let board = hands.board.ok_or_else(|| refused(Refusal::Disabled))?;
    let (held, name) = (control(&conversation), action.name());
    let asker = match work.caller {
        Caller::Integration { integration, .. } => Asker::Seat(board.seat_of(integration)),
        _ => Asker::Any,
    };
    let moved = match &action {
        Action::Pass(handing) => board.rules.pass(held, &handing.target, asker),
        Action::Offer(handing) => board.rules.offer(held, &handing.target),
        Action::Accept { .. } => board.rules.accept(held, asker),
        Action::Release { .. } => board.rules.release(held, asker),
    };
    match moved {
        Ok(moved) if moved.changed => {
            hands.capture(tx, &mut conversation, action.metadata());
            write_down(tx, &hands, &mut conversation, action, moved);
        }
        Ok(_) => {}
        // Who may not act leaves no trace; who acts in vain leaves an event that says why.
        Err(refusal @ (Refusal::Forbidden | Refusal::Disabled)) => return Err(refused(refusal).into()),
        Err(refusal) => {
            hands.failed(tx, &conversation, name, refusal.code(), action.metadata().clone());
            if !matches!(action, Action::Accept { .. } | Action::Release { .. }) {
                return Err(Stop::Noted(refused(refusal)));
            }
        }
    }
    Ok(Done::Nothing)
}

fn write_down(tx: &mut Tx<'_>, hands: &Hands<'_>, conversation: &mut Conversation, action: Action, moved: Moved) {
    let (how, metadata, reason) = match action {
        Action::Offer(handing) => return hands.offered(tx, conversation, moved, handing.metadata),
        Action::Release { reason, metadata, .. } => {
            return hands.released(tx, conversation, moved, &word(reason.as_deref(), RELEASED), metadata);
        }
        Action::Pass(handing) => (Gained::Passed, handing.metadata, word(handing.reason.as_deref(), "passed")),
        Action::Accept { metadata, .. } => (Gained::Accepted, metadata, "accepted".to_owned()),
    };
    if let Some(to) = moved.control.active {
        hands.passed(tx, conversation, moved, to, Why { how, reason: &reason, metadata });
    }
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
