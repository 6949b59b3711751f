//! A strict channel of our own making: it calls the gateway with signed webhooks and takes sends, and it remembers
//! everything, so that it can be the judge of what the gateway did.
//!
//! Its protocol is spoken by the test adapter `tests/plugins/channel-loop`.

mod ledger;
mod server;
mod webhook;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

pub use ledger::{Arrived, Ledger};
pub use server::Behaviour;
pub use webhook::{Inbound, SIGNATURE_HEADER, Webhook, signature};

/// The token that the gateway must show with every send.
pub const API_TOKEN: &str = "loop-api-token";
/// The secret that signs webhooks.
pub const WEBHOOK_SECRET: &str = "loop-webhook-secret";

/// The channel's server. It ends with this value.
#[derive(Debug)]
pub struct FakeChannel {
    address: SocketAddr,
    shared: Arc<server::Shared>,
    task: tokio::task::JoinHandle<()>,
}

impl FakeChannel {
    /// Starts it on a free port; it drops repeated sends by their key.
    pub async fn start() -> Result<Self> {
        Self::with_token(API_TOKEN).await
    }

    /// The same, with a token of one's own.
    pub async fn with_token(token: &str) -> Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(server::Shared::new(token));
        let task = tokio::spawn(server::serve(listener, shared.clone()));
        Ok(Self { address, shared, task })
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// How it answers from now on.
    pub fn behaves(&self, behaviour: Behaviour) {
        self.shared.set_behaviour(behaviour);
    }

    /// Answers the next `times` sends like this, then properly again.
    pub fn behaves_for(&self, times: u64, behaviour: Behaviour) {
        self.shared.set_behaviour_for(times, behaviour);
    }

    /// Whether a repeated key is recognised. On from the start.
    pub fn drops_repeats(&self, on: bool) {
        self.shared.set_dedup(on);
    }

    /// A share of sends, in thousandths, that go wrong in a way that is drawn by lot.
    pub fn is_flaky(&self, per_mille: u32, seed: u64) {
        self.shared.set_flaky(per_mille, seed);
    }

    /// What arrived so far.
    pub fn ledger(&self) -> Ledger {
        self.shared.ledger()
    }

    /// The texts that a conversation of the channel has received, in order.
    pub fn texts(&self, conversation: &str) -> Vec<String> {
        self.shared.texts(conversation)
    }

    /// How many sends were accepted.
    pub fn accepted(&self) -> u64 {
        self.shared.accepted()
    }

    /// Calls back on the next accepted send: resolves with the count when it is at least `count`.
    pub async fn reaches(&self, count: u64, limit: Duration) -> Result<u64> {
        self.shared.reaches(count, limit).await
    }

    /// Waits until the conversation has received exactly this text.
    pub async fn shows(&self, conversation: &str, text: &str, limit: Duration) -> Result<()> {
        let what = format!("`{text}` in the channel's conversation `{conversation}`");
        crate::within(limit, &what, || async {
            Ok(self.texts(conversation).iter().any(|shown| shown == text).then_some(()))
        })
        .await
    }
}

impl Drop for FakeChannel {
    fn drop(&mut self) {
        self.task.abort();
    }
}
