//! What a bot is told and what it may ask for.

use std::time::Duration;

use crate::content::Content;
use crate::id::{ConversationId, UserId};
use crate::inbound::Activity;
use crate::metadata::{Metadata, Scalar};
use crate::people::Profile;
use crate::time::Timestamp;

/// Actions that one turn may ask for.
pub const MAX_BOT_ACTIONS: usize = 20;
/// Bytes of state that a bot may keep with a conversation.
pub const MAX_BOT_STATE_BYTES: usize = 64 * 1024;
/// The furthest a bot may look ahead.
pub const MAX_WAKE_UP: Duration = Duration::from_secs(30 * 24 * 3600);

/// What a bot may know of the conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct BotConversation {
    /// Which.
    pub id: ConversationId,
    /// Whose.
    pub user: UserId,
    /// What is known of the user.
    pub profile: Profile,
    /// Type name of the channel.
    pub channel_type: String,
    /// The conversation's metadata.
    pub metadata: Metadata,
}

/// Something a bot reacts to.
#[derive(Clone, Debug, PartialEq)]
pub struct BotEvent {
    /// The event's number in its conversation.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// What happened.
    pub kind: BotEventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum BotEventKind {
    /// The user wrote.
    Message(Content),
    /// The user pressed a postback button.
    Postback {
        /// The payload of the button.
        payload: String,
        /// Its text.
        text: Option<String>,
    },
    /// Control came to this bot, and why.
    ControlGained(String),
    /// A wake-up that this bot asked for, with its note.
    WakeUp(String),
}

/// What a bot wants, carried out in one transaction or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BotTurn {
    /// Kept until the next event; none forgets it.
    pub state: Option<Vec<u8>>,
    /// In order.
    pub actions: Vec<BotAction>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum BotAction {
    /// Writes to the user.
    Reply(Content),
    /// Shows a passing sign.
    Activity(Activity),
    /// Changes the user's profile.
    SetUserField {
        /// `given-name`, `surname`, `email`, `phone` or `locale`.
        name: String,
        /// The new value.
        value: String,
    },
    /// Captures a fact for the ticket.
    SetTicketField {
        /// Name.
        name: String,
        /// Value.
        value: Scalar,
    },
    /// Tags the conversation.
    Tag(String),
    /// Gives control away.
    PassControl(Handover),
    /// Offers control.
    OfferControl(Handover),
    /// Lets go of control, and why.
    ReleaseControl(String),
    /// Asks to be called again.
    WakeMe {
        /// After so long.
        after: Duration,
        /// With this note.
        note: String,
    },
}

/// To whom control goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Handover {
    /// Name or id of a switchboard integration, or `next`.
    pub target: String,
    /// Why, in a word.
    pub reason: String,
    /// Facts for the receiver.
    pub metadata: Metadata,
}
