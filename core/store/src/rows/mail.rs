//! Letters between agents and customers.

use passerelle_model::desk::{CommentId, TicketId};
use passerelle_model::id::AppId;
use passerelle_model::time::Timestamp;

/// Where a letter of ours stands. The last three are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// Waits for its time.
    Pending,
    /// It is being handed to the mail server.
    Sending,
    /// The mail server took it.
    Sent,
    /// It will not arrive, or it came back.
    Failed,
    /// Nobody knows whether the mail server took it.
    Uncertain,
}

impl MailState {
    /// The word in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
        }
    }

    /// What a word means.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Pending, Self::Sending, Self::Sent, Self::Failed, Self::Uncertain]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// A letter of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Which; what the store gave.
    pub id: i64,
    /// Whose.
    pub app: AppId,
    /// About which ticket.
    pub ticket: TicketId,
    /// The comment that it is.
    pub comment: CommentId,
    /// Its name among mail servers, without brackets. It cannot be guessed.
    pub message_id: String,
    /// The names of the letters that it goes on from, the oldest first.
    pub thread: Vec<String>,
    /// Who writes, for people.
    pub sender_name: String,
    /// To whom: one address.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// The words; none where the comment is gone.
    pub body: String,
    /// Where it stands.
    pub state: MailState,
    /// Why, in words.
    pub reason: Option<String>,
    /// How often it was tried.
    pub tries: u32,
    /// The earliest time of the next try.
    pub not_before: Timestamp,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A letter to write. Its words are those of the comment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of `Mail`")]
pub struct NewMail {
    pub ticket: TicketId,
    pub comment: CommentId,
    pub message_id: String,
    pub thread: Vec<String>,
    pub sender_name: String,
    pub recipient: String,
    pub subject: String,
}

/// A letter that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailIn {
    /// The sender's name for it, without brackets.
    pub message_id: String,
    /// The ticket that it became part of.
    pub ticket: TicketId,
    /// The comment that it became.
    pub comment: CommentId,
    /// The address that it came from.
    pub sender: String,
    /// One line.
    pub subject: String,
    /// When.
    pub created_at: Timestamp,
}
