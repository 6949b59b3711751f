//! The conversation's external id: a chat, and within it perhaps a topic or a business connection.
//!
//! Written as the chat's number, followed by `/t` and the forum topic, `/d` and the direct-messages topic, and `/b` and
//! the business connection where there is one: `42`, `-1001/t7`, `42/bAbC`.

use std::fmt;
use std::str::FromStr;

use crate::wire::{Chat, Message};

/// Where a message came from and an answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `chat.id`; negative for groups and channels.
    pub chat: i64,
    /// `message_thread_id` of a topic.
    pub thread: Option<i64>,
    /// `direct_messages_topic.topic_id`.
    pub topic: Option<i64>,
    /// `business_connection_id`.
    pub business: Option<String>,
}

impl Address {
    /// A whole chat.
    pub fn chat(chat: &Chat) -> Self {
        Self { chat: chat.id, thread: None, topic: None, business: None }
    }

    /// The place of a message. Outside of topics a thread id only marks a chain of answers, so it is left out.
    pub fn of(message: &Message) -> Self {
        Self {
            chat: message.chat.id,
            thread: message.message_thread_id.filter(|_| message.is_topic_message),
            topic: message.direct_messages_topic.as_ref().map(|topic| topic.topic_id),
            business: message.business_connection_id.clone(),
        }
    }

    /// Whether it is a chat with one person.
    pub fn is_private(&self) -> bool {
        self.chat > 0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.chat)?;
        if let Some(thread) = self.thread {
            write!(f, "/t{thread}")?;
        }
        if let Some(topic) = self.topic {
            write!(f, "/d{topic}")?;
        }
        if let Some(business) = &self.business {
            write!(f, "/b{business}")?;
        }
        Ok(())
    }
}

/// A conversation id that this adapter did not write.
#[derive(Debug, PartialEq, Eq)]
pub struct NotOurs;

impl FromStr for Address {
    type Err = NotOurs;

    fn from_str(text: &str) -> Result<Self, NotOurs> {
        let mut segments = text.split('/');
        let chat = number(segments.next().unwrap_or_default())?;
        let mut address = Self { chat, thread: None, topic: None, business: None };
        for segment in segments {
            match segment.split_at_checked(1) {
                Some(("t", thread)) => address.thread = Some(number(thread)?),
                Some(("d", topic)) => address.topic = Some(number(topic)?),
                Some(("b", business)) => address.business = Some(business.to_owned()),
                _ => return Err(NotOurs),
            }
        }
        Ok(address)
    }
}

fn number(text: &str) -> Result<i64, NotOurs> {
    text.parse().map_err(|_| NotOurs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_written() {
        for text in ["42", "-1001234567890", "-1001/t7", "42/d9", "42/bAbC_-1", "-1/t2/d3/bx"] {
            assert_eq!(text.parse::<Address>().map(|address| address.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn refuses_strangers() {
        for text in ["", "abc", "42/", "42/x1", "42/tx", "42/é", "4 2"] {
            assert_eq!(text.parse::<Address>(), Err(NotOurs), "{text}");
        }
    }
}
