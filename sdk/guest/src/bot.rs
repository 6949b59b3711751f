//! What a bot implements: a reducer over the events of one conversation.

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::bindings::exports::passerelle::plugin::bot::{
    Action as BotAction, Conversation, Event, EventKind, Handover, Postback,
};

use crate::bindings::exports::passerelle::plugin::bot::Turn as RawTurn;
use crate::context::entries;
use crate::{Activity, Content, Context, Failure, Scalar, log};

/// Answers the events of a conversation while it is in control.
pub trait Bot {
    /// The author's own settings type; its shape is the manifest's `[settings]` schema.
    type Settings: DeserializeOwned;

    /// What the bot keeps with the conversation between events, as JSON of at most 64 KiB. A conversation without a
    /// state begins with the default. So does one whose state no longer parses, say after an update that changed the
    /// type, with a warning in the log: give new fields `#[serde(default)]` to keep what is there.
    type State: Default + Serialize + DeserializeOwned;

    /// Answers one event. A failure parks the event and shows it to the operator.
    fn on_event(
        cx: &Context<Self::Settings>,
        conversation: &Conversation,
        state: Self::State,
        event: Event,
    ) -> Result<Turn<Self::State>, Failure>;
}

/// What the bot wants: the state to keep, and actions that are carried out in their order, at most 20.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn<S> {
    /// Kept until the next event; none forgets it.
    pub state: Option<S>,
    /// What to do.
    pub actions: Vec<BotAction>,
}

impl<S> Turn<S> {
    /// Keeps this state and does nothing yet.
    pub fn new(state: S) -> Self {
        Self { state: Some(state), actions: Vec::new() }
    }

    /// Forgets the state and does nothing yet.
    pub fn forget() -> Self {
        Self { state: None, actions: Vec::new() }
    }

    /// Adds an action.
    #[must_use]
    pub fn then(mut self, action: BotAction) -> Self {
        self.actions.push(action);
        self
    }

    /// Writes to the user.
    #[must_use]
    pub fn reply(self, content: impl Into<Content>) -> Self {
        self.then(BotAction::Reply(content.into()))
    }

    /// Shows that somebody writes.
    #[must_use]
    pub fn typing(self) -> Self {
        self.then(BotAction::Activity(Activity::TypingStart))
    }

    /// Changes a field of the user's profile: `given-name`, `surname`, `email`, `phone`, `locale`.
    #[must_use]
    pub fn set_user_field(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.then(BotAction::SetUserField((name.into(), value.into())))
    }

    /// Captures a fact for the ticket; it travels with a hand-over as `dataCapture.ticketField.NAME`.
    #[must_use]
    pub fn set_ticket_field(self, name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        self.then(BotAction::SetTicketField((name.into(), value.into())))
    }

    /// Tags the conversation.
    #[must_use]
    pub fn tag(self, tag: impl Into<String>) -> Self {
        self.then(BotAction::Tag(tag.into()))
    }

    /// Gives control away, with facts for the receiver. The target is a switchboard integration or `next`.
    #[must_use]
    pub fn pass_control<K: Into<String>, V: Into<Scalar>>(
        self,
        target: impl Into<String>,
        reason: impl Into<String>,
        fields: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.then(BotAction::PassControl(Handover::new(target, reason, fields)))
    }

    /// Offers control; the other side may accept.
    #[must_use]
    pub fn offer_control<K: Into<String>, V: Into<Scalar>>(
        self,
        target: impl Into<String>,
        reason: impl Into<String>,
        fields: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.then(BotAction::OfferControl(Handover::new(target, reason, fields)))
    }

    /// Lets go of control; the default takes over with the next message.
    #[must_use]
    pub fn release_control(self, reason: impl Into<String>) -> Self {
        self.then(BotAction::ReleaseControl(reason.into()))
    }

    /// Asks to be called again after so many milliseconds (at most 30 days), with a note.
    #[must_use]
    pub fn wake_me(self, after_ms: u64, note: impl Into<String>) -> Self {
        self.then(BotAction::WakeMe((after_ms, note.into())))
    }
}

impl<S: Serialize> Turn<S> {
    /// The turn as it crosses the contract.
    pub(crate) fn into_raw(self) -> Result<RawTurn, Failure> {
        let state = self.state.map(|state| serde_json::to_vec(&state)).transpose().map_err(|error| {
            Failure::permanent("state", format!("the bot's state cannot be written as JSON: {error}"))
        })?;
        Ok(RawTurn { state, actions: self.actions })
    }
}

impl Handover {
    /// To whom control goes, a word for why, and facts for the receiver.
    pub fn new<K: Into<String>, V: Into<Scalar>>(
        target: impl Into<String>,
        reason: impl Into<String>,
        fields: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self { target: target.into(), reason: reason.into(), metadata: entries(fields) }
    }
}

impl Event {
    /// The words of a message; none when something else happened.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            EventKind::Message(content) => content.plain(),
            EventKind::Postback(_) | EventKind::ControlGained(_) | EventKind::WakeUp(_) => None,
        }
    }

    /// The payload of a pressed button, whether postback or reply.
    pub fn payload(&self) -> Option<&str> {
        match &self.kind {
            EventKind::Postback(postback) => Some(&postback.payload),
            EventKind::Message(Content::Text(text)) => text.payload.as_deref(),
            EventKind::Message(_) | EventKind::ControlGained(_) | EventKind::WakeUp(_) => None,
        }
    }
}

/// The state that was kept, or the default when there is none or it no longer parses.
pub(crate) fn revive<S: Default + DeserializeOwned>(kept: Option<Vec<u8>>) -> S {
    let Some(bytes) = kept else { return S::default() };
    serde_json::from_slice(&bytes).unwrap_or_else(|error| {
        log::warn(format!("the kept state does not parse and is forgotten: {error}"));
        S::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Host;

    #[test]
    fn a_state_comes_back_as_it_was_kept() {
        let raw = Turn::new(vec![1_u8, 2]).into_raw().expect("a list is JSON");
        assert_eq!(revive::<Vec<u8>>(raw.state), vec![1, 2]);
        assert_eq!(revive::<Vec<u8>>(Turn::<Vec<u8>>::forget().into_raw().expect("nothing is fine").state), vec![0; 0]);
    }

    #[test]
    fn a_state_of_an_older_version_is_forgotten_with_a_warning() {
        let host = Host::new();
        assert_eq!(revive::<Vec<u8>>(Some(b"{\"step\":1}".to_vec())), Vec::<u8>::new());
        assert!(host.logs()[0].1.starts_with("the kept state does not parse"), "{:?}", host.logs());
    }
}
