//! One person who writes numbered texts and behaves as a vendor does: what was not acknowledged is sent again, and
//! sometimes what was acknowledged too.

use std::time::Duration;

use futures_util::future::join_all;
use passerelle_test_support::channel::{Inbound, Webhook};
use tokio::sync::watch;

use crate::lots::Lots;

/// One conversation of the fake channel, seen from the sender.
#[derive(Debug)]
pub(crate) struct Talk {
    /// The conversation's name at the channel; also the user's.
    pub(crate) name: String,
    /// Which integration it belongs to.
    pub(crate) integration: usize,
    /// Numbers that were answered with 2xx at least once.
    pub(crate) acked: Vec<u64>,
    /// Numbers that were sent but never acknowledged, and given up: they may or may not be there.
    pub(crate) given_up: Vec<u64>,
    /// Sent but not acknowledged yet; it is sent again first.
    pending: Option<u64>,
    next: u64,
    lots: Lots,
    webhook: Webhook,
}

/// The text with this number.
pub(crate) fn words(name: &str, number: u64) -> String {
    format!("{name} #{number}")
}

/// The number in a text of this conversation, or in the bot's answer to it.
pub(crate) fn number_in(name: &str, text: &str) -> Option<u64> {
    text.strip_prefix("echo: ").unwrap_or(text).strip_prefix(name)?.strip_prefix(" #")?.parse().ok()
}

impl Talk {
    pub(crate) fn new(name: String, integration: usize, webhook: Webhook, lots: Lots) -> Self {
        Self { name, integration, acked: Vec::new(), given_up: Vec::new(), pending: None, next: 1, lots, webhook }
    }

    /// Writes until it is told that the gateway is gone.
    pub(crate) async fn write_until(mut self, gone: watch::Receiver<bool>) -> Self {
        while !*gone.borrow() {
            self.write_one().await;
            let pause = self.lots.below(12);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        self.maybe_give_up();
        self
    }

    /// Sends what is still open until it is acknowledged.
    pub(crate) async fn settle(&mut self) -> bool {
        for _ in 0..200 {
            if self.pending.is_none() {
                return true;
            }
            self.write_one().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.pending.is_none()
    }

    async fn write_one(&mut self) {
        let number = *self.pending.get_or_insert(self.next);
        self.next = self.next.max(number + 1);
        if self.send(number).await {
            self.acked.push(number);
            self.pending = None;
        }
        if self.lots.percent(3)
            && let Some(old) = self.lots.one_of(&self.acked).copied()
        {
            self.send(old).await;
        }
    }

    /// Sends one text once, or several times at once. True when anyone of them was acknowledged.
    async fn send(&mut self, number: u64) -> bool {
        let inbound = Inbound::text(format!("{}-{number}", self.name), &self.name, words(&self.name, number));
        let copies = if self.lots.percent(10) { 2 + self.lots.below(3) } else { 1 };
        let tries = (0..copies).map(|_| self.webhook.deliver(&inbound));
        let answers = join_all(tries).await;
        answers.iter().any(|answer| matches!(answer, Ok(answer) if answer.status.is_success()))
    }

    /// Some vendors try once only.
    fn maybe_give_up(&mut self) {
        if self.lots.percent(20)
            && let Some(number) = self.pending.take()
        {
            self.given_up.push(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_in_the_text_and_in_its_echo() {
        assert_eq!(number_in("g1-c3", &words("g1-c3", 17)), Some(17));
        assert_eq!(number_in("g1-c3", "echo: g1-c3 #17"), Some(17));
        assert_eq!(number_in("g1-c3", "echo: g1-c31 #17"), None);
        assert_eq!(number_in("g1-c3", "count: 17"), None);
    }
}
