//! A program that writes numbered messages by the API, each under an `Idempotency-Key`, and repeats each until it is
//! acknowledged.

use std::time::Duration;

use passerelle_test_support::Api;
use serde_json::json;
use tokio::sync::watch;

use crate::talk::words;

/// Pause between two messages.
const PAUSE: Duration = Duration::from_millis(5);

/// The program.
#[derive(Debug)]
pub(crate) struct Posts {
    /// What its texts begin with.
    pub(crate) name: String,
    /// Numbers that were answered with 2xx.
    pub(crate) acked: Vec<u64>,
    conversation: String,
    api: Api,
}

impl Posts {
    pub(crate) fn new(name: String, conversation: String, api: Api) -> Self {
        Self { name, acked: Vec::new(), conversation, api }
    }

    /// Writes until it is told that the gateway is gone. What was not acknowledged comes again in the next life.
    pub(crate) async fn write_until(mut self, gone: watch::Receiver<bool>) -> Self {
        while !*gone.borrow() {
            self.write_one().await;
            tokio::time::sleep(PAUSE).await;
        }
        self
    }

    /// Brings what is open to its end.
    pub(crate) async fn settle(&mut self) -> bool {
        let before = self.acked.len();
        for _ in 0..200 {
            self.write_one().await;
            if self.acked.len() > before {
                return true;
            }
            tokio::time::sleep(PAUSE).await;
        }
        false
    }

    async fn write_one(&mut self) {
        let number = self.acked.len() as u64 + 1;
        let text = words(&self.name, number);
        let body = json!({ "author": { "type": "business" }, "content": { "type": "text", "text": text } });
        let path = format!("/conversations/{}/messages", self.conversation);
        let answer = self.api.call_once("POST", &path, &format!("{}-{number}", self.name), &body).await;
        if matches!(answer, Ok(answer) if answer.status.is_success()) {
            self.acked.push(number);
        }
    }
}
