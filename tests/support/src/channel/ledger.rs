//! What arrived at the channel, and in which order.

use std::collections::HashMap;

/// One accepted send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The key that the gateway gave it.
    pub key: String,
    /// The conversation of the channel.
    pub conversation: String,
    /// What was said.
    pub text: String,
    /// The id that the channel gave it.
    pub id: String,
}

/// Everything that arrived.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Accepted sends, in order; a repeat that was recognised by its key is not in it again.
    pub accepted: Vec<Arrived>,
    /// Repeats that were recognised by their key.
    pub repeats: u64,
    /// Sends that were refused because they did not follow the protocol, with the reason.
    pub malformed: Vec<String>,
    /// Sends that were made to fail.
    pub failed: u64,
    pub(crate) by_key: HashMap<String, usize>,
}

impl Ledger {
    /// Takes a send in and says which id it has. A known key changes nothing when `dedup` is on.
    pub(crate) fn accept(&mut self, key: &str, conversation: &str, text: &str, dedup: bool) -> String {
        if dedup && let Some(known) = self.by_key.get(key) {
            self.repeats += 1;
            return self.accepted[*known].id.clone();
        }
        let id = format!("out-{}", self.accepted.len() + 1);
        self.by_key.insert(key.to_owned(), self.accepted.len());
        self.accepted.push(Arrived {
            key: key.to_owned(),
            conversation: conversation.to_owned(),
            text: text.to_owned(),
            id: id.clone(),
        });
        id
    }

    /// The texts of each conversation, in order.
    pub fn by_conversation(&self) -> HashMap<&str, Vec<&str>> {
        let mut texts: HashMap<&str, Vec<&str>> = HashMap::new();
        for arrived in &self.accepted {
            texts.entry(&arrived.conversation).or_default().push(&arrived.text);
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_key_is_the_same_send() {
        let mut ledger = Ledger::default();
        let first = ledger.accept("k", "c", "hello", true);
        assert_eq!(ledger.accept("k", "c", "hello", true), first);
        assert_eq!((ledger.accepted.len(), ledger.repeats), (1, 1));
    }

    #[test]
    fn without_recognition_a_repeat_arrives_twice() {
        let mut ledger = Ledger::default();
        ledger.accept("k", "c", "hello", false);
        ledger.accept("k", "c", "hello", false);
        assert_eq!(ledger.by_conversation()["c"], ["hello", "hello"]);
    }
}
