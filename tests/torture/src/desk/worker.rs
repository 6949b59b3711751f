//! An agent who accepts what is offered, answers, notes and closes, and remembers what was acknowledged.

use std::time::Duration;

use anyhow::Result;
use passerelle_test_support::Agent;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::lots::Lots;

/// Pause between two rounds of work.
const PAUSE: Duration = Duration::from_millis(15);
/// Tries to bring what is open to its end.
const TRIES: u32 = 200;

/// What an agent said and was told that it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) ticket: i64,
    pub(super) text: String,
    /// Whether the customer reads it.
    pub(super) public: bool,
}

/// An agent at work.
pub(super) struct Worker {
    pub(super) index: usize,
    /// What was acknowledged.
    pub(super) said: Vec<Word>,
    /// Offers that the agent was told to have.
    pub(super) accepted: Vec<i64>,
    /// Said but not acknowledged: it is said again first, under the same key.
    open: Option<Word>,
    agent: Agent,
    next: u64,
    lots: Lots,
}

impl Worker {
    pub(super) fn new(agent: Agent, index: usize, lots: Lots) -> Self {
        Self { index, said: Vec::new(), accepted: Vec::new(), open: None, agent, next: 1, lots }
    }

    /// Works until the gateway is gone.
    pub(super) async fn work_until(mut self, gone: watch::Receiver<bool>) -> Self {
        while !*gone.borrow() {
            // Whatever fails because the gateway is gone is done again in its next life.
            let _ = self.work().await;
            tokio::time::sleep(PAUSE).await;
        }
        self
    }

    /// Brings what is open to its end.
    pub(super) async fn settle(&mut self) -> bool {
        for _ in 0..TRIES {
            let Some(word) = self.open.clone() else { return true };
            if self.say(word).await.is_ok() {
                continue;
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.open.is_none()
    }

    async fn work(&mut self) -> Result<()> {
        if let Some(word) = self.open.clone() {
            self.say(word).await?;
        }
        self.accept().await?;
        for ticket in self.agent.tickets().await? {
            if matches!(ticket["status"].as_str(), Some("open")) {
                self.serve(&ticket).await?;
            }
        }
        Ok(())
    }

    async fn accept(&mut self) -> Result<()> {
        let offers = self.agent.get("/offers").await?;
        for offer in offers["offers"].as_array().into_iter().flatten() {
            let Some(id) = offer["id"].as_i64() else { continue };
            let verb = if self.lots.percent(80) { "accept" } else { "decline" };
            let answer = self.agent.call("PUT", &format!("/offers/{id}/{verb}"), None).await?;
            if verb == "accept" && answer.status.is_success() {
                self.accepted.push(id);
            }
        }
        Ok(())
    }

    async fn serve(&mut self, ticket: &Value) -> Result<()> {
        let Some(id) = ticket["id"].as_i64() else { return Ok(()) };
        let text = format!("agent-{}#{}", self.index, self.next);
        self.next += 1;
        let word = Word { ticket: id, text, public: self.lots.percent(70) };
        self.say(word).await?;
        let status = match self.lots.below(10) {
            0..=2 => "closed",
            3 => "solved",
            4 => "pending",
            _ => return Ok(()),
        };
        let body = json!({ "ticket": { "status": status } });
        self.agent.call("PUT", &format!("/tickets/{id}"), Some(&body)).await.map(|_| ())
    }

    /// Says something under a key of its own. A ticket that was closed meanwhile refuses it, and then it was not said.
    async fn say(&mut self, word: Word) -> Result<()> {
        self.open = Some(word.clone());
        let body = json!({ "ticket": { "comment": { "body": word.text, "public": word.public } } });
        let path = format!("/tickets/{}", word.ticket);
        let answer = self.agent.call_once("PUT", &path, &word.text, &body).await?;
        match answer.status.as_u16() {
            200 => {
                self.open = None;
                self.said.push(word);
            }
            404 | 409 | 422 => self.open = None,
            other => anyhow::bail!("answered {other}"),
        }
        Ok(())
    }
}
