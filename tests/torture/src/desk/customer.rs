//! A customer who writes, and asks for people whenever the bot has control.

use std::time::Duration;

use anyhow::{Context, Result};
use passerelle_test_support::Api;
use serde_json::json;
use tokio::sync::watch;

use super::office::Office;
use crate::lots::Lots;

/// Pause between two things that a customer does.
const PAUSE: Duration = Duration::from_millis(20);

/// A customer with one conversation.
pub(super) struct Customer {
    pub(super) index: usize,
    name: String,
    conversation: String,
    api: Api,
    sent: u64,
    lots: Lots,
}

impl Customer {
    pub(super) async fn new(office: &Office, index: usize, lots: Lots) -> Result<Self> {
        let (api, name) = (office.api.clone(), format!("customer-{index}"));
        api.create("/users", &json!({ "externalId": name })).await?;
        let body = json!({ "type": "personal", "participants": [{ "userExternalId": name }] });
        let made = api.create("/conversations", &body).await?;
        let conversation = made["conversation"]["id"].as_str().context("a conversation has an id")?.to_owned();
        Ok(Self { index, name, conversation, api, sent: 0, lots })
    }

    /// Writes until the gateway is gone. What is refused is written again.
    pub(super) async fn write_until(mut self, gone: watch::Receiver<bool>) -> Self {
        while !*gone.borrow() {
            if self.lots.percent(40) {
                // Refused where agents have control already, and that is right.
                let _ = self.ask_for_people().await;
            } else if self.write().await.is_ok() {
                self.sent += 1;
            }
            tokio::time::sleep(PAUSE).await;
        }
        self
    }

    async fn write(&self) -> Result<()> {
        let author = json!({ "type": "user", "userExternalId": self.name });
        let text = format!("{}#{}", self.name, self.sent + 1);
        let body = json!({ "author": author, "content": { "type": "text", "text": text } });
        let path = format!("/conversations/{}/messages", self.conversation);
        self.api.call_once("POST", &path, &text, &body).await?.expect(201).map(|_| ())
    }

    async fn ask_for_people(&self) -> Result<()> {
        let body = json!({ "switchboardIntegration": "agents" });
        let path = format!("/conversations/{}/passControl", self.conversation);
        self.api.call("POST", &path, Some(&body)).await?.expect(200).map(|_| ())
    }
}
