//! What is known of a ticket when a rule looks at it.

use std::collections::BTreeMap;

use super::{Field, Moment};
use crate::desk::{GroupId, PersonId, Priority, QueueId, TicketFieldId, TicketFormId, TicketStatus, TicketType, words};
use crate::metadata::{Metadata, Scalar};
use crate::time::Timestamp;

words! {
    /// Who is in control of a ticket's conversation.
    Controller {
        /// The agents.
        Desk = "desk",
        /// A bot, or another integration of ours.
        Bot = "bot",
        /// Nobody, or there is no conversation.
        Nobody = "none",
    }
}

words! {
    /// What happened to a ticket just now.
    Update {
        /// It was made.
        Create = "Create",
        /// It was changed, or something was said.
        Change = "Change",
    }
}

/// A ticket as rules see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// One line.
    pub subject: String,
    /// Where it stands.
    pub status: TicketStatus,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// What it is about.
    pub kind: Option<TicketType>,
    /// The customer.
    pub requester: PersonId,
    /// Who works on it.
    pub assignee: Option<PersonId>,
    /// Which group works on it.
    pub group: Option<GroupId>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Custom fields, by the name under which they are kept.
    pub fields: Metadata,
    /// The channel that it came by.
    pub via: String,
    /// Its form.
    pub form: Option<TicketFormId>,
    /// Its queue, by number and name.
    pub queue: Option<(QueueId, String)>,
    /// Who is in control of its conversation.
    pub control: Controller,
    /// The customer's language.
    pub locale: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// When it got the status that it has.
    pub status_at: Timestamp,
    /// When it was given to the agent who has it.
    pub assigned_at: Option<Timestamp>,
}

/// What was said just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// In plain text.
    pub text: String,
    /// Whether the customer sees it.
    pub public: bool,
}

/// The agent who looks, or who has done what a rule looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub agent: Option<PersonId>,
    /// The groups that the agent is in.
    pub groups: Vec<GroupId>,
}

/// Under which name the value of each field that the app has made is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldKeys(BTreeMap<String, String>);

impl FieldKeys {
    /// The name under which a field's value is kept: `word` is its number, or that name itself.
    pub fn key<'a>(&'a self, word: &'a str) -> &'a str {
        self.0.get(word).map_or(word, String::as_str)
    }
}

impl FromIterator<(TicketFieldId, String)> for FieldKeys {
    fn from_iter<T: IntoIterator<Item = (TicketFieldId, String)>>(fields: T) -> Self {
        Self(fields.into_iter().map(|(id, key)| (id.to_string(), key)).collect())
    }
}

/// Everything that a rule can look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The ticket before what happened just now; none where it was made just now, or where nothing happened.
    pub before: Option<&'a Look>,
    /// The ticket as it is.
    pub after: &'a Look,
    /// What happened.
    pub update: Update,
    /// What was said just now.
    pub said: Option<&'a Remark>,
    /// Who looks.
    pub viewer: &'a Viewer,
    /// Where the values of fields are kept.
    pub keys: &'a FieldKeys,
    /// When.
    pub now: Timestamp,
}

impl Look {
    /// The one value of a field, in the words of conditions; none where it has none, or more than one.
    pub(super) fn value(&self, field: &Field, keys: &FieldKeys) -> Option<String> {
        match field {
            Field::Status => Some(self.status.as_str().to_owned()),
            Field::Priority => self.priority.map(|priority| priority.as_str().to_owned()),
            Field::Type => self.kind.map(|kind| kind.as_str().to_owned()),
            Field::Group => self.group.map(|group| group.to_string()),
            Field::Assignee => self.assignee.map(|agent| agent.to_string()),
            Field::Requester => Some(self.requester.to_string()),
            Field::Channel => Some(self.via.clone()),
            Field::Form => self.form.map(|form| form.to_string()),
            Field::Queue => self.queue.as_ref().map(|(_, name)| name.clone()),
            Field::Control => Some(self.control.as_str().to_owned()),
            Field::Locale => self.locale.clone(),
            Field::Custom(word) => self.fields.0.get(keys.key(word)).map(shown),
            Field::Tags => (!self.tags.is_empty()).then(|| self.tags.join(" ")),
            Field::Subject => Some(self.subject.clone()),
            Field::Comment | Field::CommentIsPublic | Field::UpdateType | Field::Since(_) => None,
        }
    }

    /// When something happened to the ticket.
    pub(super) fn moment(&self, moment: Moment) -> Option<Timestamp> {
        match moment {
            Moment::Status(status) => (self.status == status).then_some(self.status_at),
            Moment::Created => Some(self.created_at),
            Moment::Updated => Some(self.updated_at),
            Moment::Assigned => self.assigned_at.filter(|_| self.assignee.is_some()),
        }
    }
}

/// A field's value as text.
pub fn shown(value: &Scalar) -> String {
    match value {
        Scalar::Flag(flag) => flag.to_string(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Text(text) => text.clone(),
    }
}

/// The words of a text, in lower case and each between two spaces, so that a word is found by looking for ` word `.
pub fn fold(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(String::from(" "), |folded, word| folded + &word.to_lowercase() + " ")
}
