//! What the bot keeps with a conversation between events.

use serde::{Deserialize, Serialize};

/// Where the conversation stands. A field that is missing in an older state takes its default.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default)]
pub struct State {
    /// What the bot waits for.
    pub stage: Stage,
    /// Answers in a row that made no sense.
    pub misses: u32,
    /// What the user chose from the menu last.
    pub topic: Option<String>,
    /// What the user told.
    pub captured: Captured,
}

/// What the bot waits for.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The first words: the user is greeted with the answer to them.
    #[default]
    New,
    /// A choice or a question.
    Menu,
    /// The answer to a question of ours.
    Asking(Field),
    /// Nothing: somebody else has the conversation. What comes next is a new beginning.
    Gone,
}

/// A fact that the bot asks for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The user's name.
    Name,
    /// The user's e-mail address.
    Email,
    /// What it is about.
    Reason,
}

/// What the user told.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default)]
pub struct Captured {
    /// 2 to 128 characters.
    pub name: Option<String>,
    /// At most 128 characters.
    pub email: Option<String>,
    /// At most 1500 bytes.
    pub reason: Option<String>,
}

impl Captured {
    /// Keeps an answer.
    pub fn keep(&mut self, field: Field, answer: String) {
        match field {
            Field::Name => self.name = Some(answer),
            Field::Email => self.email = Some(answer),
            Field::Reason => self.reason = Some(answer),
        }
    }

    /// The facts with their names in the ticket.
    pub fn facts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("name", &self.name), ("email", &self.email), ("reason", &self.reason)];
        all.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}
