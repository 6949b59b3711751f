//! Station 5, switchboard: who is in control, and whose turn it is therefore.
//!
//! The rules are a pure state machine (`passerelle_model::switchboard`); here they meet the database.

use std::sync::Arc;

use passerelle_model::event::{EventKind, Gained};
use passerelle_model::id::{IdSource, SwitchboardIntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_model::switchboard::{Control, Moved, TICKET_CLOSED};
use passerelle_model::time::Timestamp;
use passerelle_store::{Conversation, NewTurn, StoreError, Tx};

use crate::directory::{Board, Directory};

/// Why a bot gains control that was let go for any other reason.
pub(crate) const RELEASED: &str = "released";

/// How the names of kept facts begin that are no ticket fields.
const SYSTEM_FIELD: &str = "systemField.";

/// A conversation under one writer's hands, with what is needed to change its control.
pub(crate) struct Hands<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) board: Option<&'a Arc<Board>>,
    pub(crate) ids: &'a IdSource,
    pub(crate) now: Timestamp,
}

/// Why and how control came to a seat.
pub(crate) struct Why<'a> {
    pub(crate) how: Gained,
    pub(crate) reason: &'a str,
    pub(crate) metadata: Metadata,
}

/// The conversation's control, as the state machine sees it.
pub(crate) fn control(conversation: &Conversation) -> Control {
    Control { active: conversation.active, pending: conversation.pending, epoch: conversation.control_epoch }
}

impl<'a> Hands<'a> {
    pub(crate) fn new(
        directory: &'a Directory,
        app: passerelle_model::id::AppId,
        ids: &'a IdSource,
        now: Timestamp,
    ) -> Self {
        Self { directory, board: directory.boards.get(&app), ids, now }
    }

    /// Before a message of the user: nobody in control means the default takes over. It is told why the last one let go.
    pub(crate) async fn begin(
        &self,
        tx: &mut Tx<'_>,
        conversation: &mut Conversation,
        responder: Option<SwitchboardIntegrationId>,
        is_new: bool,
    ) -> Result<(), StoreError> {
        let Some(board) = self.board else { return Ok(()) };
        let moved = board.rules.begin(control(conversation), responder);
        if !moved.changed {
            return Ok(());
        }
        match moved.control.active {
            Some(to) if !is_new && conversation.control_epoch > 0 => {
                let reason = tx.last_release(conversation.id).await?;
                let reason = if reason.as_deref() == Some(TICKET_CLOSED) { TICKET_CLOSED } else { RELEASED };
                let why = Why { how: Gained::Defaulted, reason, metadata: Metadata::default() };
                self.passed(tx, conversation, moved, to, why);
            }
            _ => self.set(tx, conversation, moved),
        }
        Ok(())
    }

    /// After an event that a bot reacts to: its turn, if one is in control.
    pub(crate) fn turn_for_event(&self, tx: &mut Tx<'_>, conversation: &Conversation) {
        let Some(seat) = conversation.active else { return };
        if self.board.is_some_and(|board| board.rules.enabled) && self.directory.is_bot(conversation.app, seat) {
            tx.queue_turn(&turn(conversation, seat));
        }
    }

    /// Writes down that control went to `to`, and gives whoever sits there its turn: a bot reacts, and for everybody
    /// else the app's router says who should take care.
    pub(crate) fn passed(
        &self,
        tx: &mut Tx<'_>,
        conversation: &mut Conversation,
        moved: Moved,
        to: SwitchboardIntegrationId,
        why: Why<'_>,
    ) {
        self.set(tx, conversation, moved);
        let kind = EventKind::ControlPassed {
            from: moved.from,
            to,
            epoch: moved.control.epoch,
            reason: why.reason.to_owned(),
            how: why.how,
            metadata: why.metadata,
        };
        self.append(tx, conversation, kind);
        let app = conversation.app;
        if self.directory.is_bot(app, to) || self.directory.router(app).is_some() {
            tx.queue_turn(&turn(conversation, to));
        }
    }

    /// Keeps what an action says for the desk: facts whose names begin with `dataCapture.`. Those beyond the bound of a
    /// conversation's fields stand in the action's event only.
    pub(crate) fn capture(&self, tx: &mut Tx<'_>, conversation: &mut Conversation, metadata: &Metadata) {
        let told = metadata.0.iter().filter_map(|(name, value)| Some((captured_name(name)?, value.clone())));
        let told: Metadata = told.filter(|(name, value)| conversation.fields.0.get(name) != Some(value)).collect();
        let mut fields = conversation.fields.clone();
        fields.0.extend(told.0.clone());
        if told.is_empty() || fields.check().is_err() {
            return;
        }
        conversation.fields = fields;
        tx.update_conversation(conversation);
        self.append(tx, conversation, EventKind::FieldsCaptured { fields: told });
    }

    /// Writes down an offer.
    pub(crate) fn offered(&self, tx: &mut Tx<'_>, conversation: &mut Conversation, moved: Moved, metadata: Metadata) {
        self.set(tx, conversation, moved);
        if let Some(to) = moved.control.pending {
            self.append(tx, conversation, EventKind::ControlOffered { to, metadata });
        }
    }

    /// Writes down that control was let go.
    pub(crate) fn released(
        &self,
        tx: &mut Tx<'_>,
        conversation: &mut Conversation,
        moved: Moved,
        reason: &str,
        metadata: Metadata,
    ) {
        self.set(tx, conversation, moved);
        let (epoch, reason) = (moved.control.epoch, reason.to_owned());
        self.append(tx, conversation, EventKind::ControlReleased { from: moved.from, epoch, reason, metadata });
    }

    /// Writes down that an action on control could not be done.
    pub(crate) fn failed(
        &self,
        tx: &mut Tx<'_>,
        conversation: &Conversation,
        action: &str,
        code: &str,
        metadata: Metadata,
    ) {
        let (action, code) = (action.to_owned(), code.to_owned());
        self.append(tx, conversation, EventKind::ControlFailed { action, code, metadata });
    }

    /// Appends an event to the conversation's log.
    pub(crate) fn append(&self, tx: &mut Tx<'_>, conversation: &Conversation, kind: EventKind) {
        tx.append_event(conversation.app, conversation.id, self.ids.next(self.now), self.now, kind);
    }

    fn set(&self, tx: &mut Tx<'_>, conversation: &mut Conversation, moved: Moved) {
        conversation.active = moved.control.active;
        conversation.pending = moved.control.pending;
        conversation.control_epoch = moved.control.epoch;
        tx.update_conversation(conversation);
    }
}

/// The name under which a fact is kept: ticket fields by their own, those of the system with their kind before it.
fn captured_name(name: &str) -> Option<String> {
    let name = name.strip_prefix("dataCapture.")?;
    let kept = name.strip_prefix("ticketField.").or_else(|| name.starts_with(SYSTEM_FIELD).then_some(name))?;
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// What was kept, under the names that agent workspaces read.
pub(crate) fn with_fields(fields: &Metadata, handed: Metadata) -> Metadata {
    let mut all = Metadata::default();
    for (name, value) in &fields.0 {
        let kind = if name.starts_with(SYSTEM_FIELD) { "" } else { "ticketField." };
        all.0.insert(format!("dataCapture.{kind}{name}"), value.clone());
    }
    all.0.extend(handed.0.clone());
    if all.check().is_ok() { all } else { handed }
}

fn turn(conversation: &Conversation, seat: SwitchboardIntegrationId) -> NewTurn {
    NewTurn { app: conversation.app, conversation: conversation.id, seat, epoch: conversation.control_epoch }
}
