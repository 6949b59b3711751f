//! The gateway under torture, with two fake channels: one that recognises repeats and one that does not.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use passerelle_test_support::channel::{FakeChannel, WEBHOOK_SECRET, Webhook};
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::{Api, Receiver, plugins, seed};
use serde_json::json;

/// How long the commands and retries of a restarted gateway may take to come to rest.
const REST: Duration = Duration::from_secs(60);

pub(crate) struct House {
    pub(crate) gateway: Gateway,
    pub(crate) api: Api,
    /// The channels, in the order of their integrations.
    pub(crate) channels: Vec<FakeChannel>,
    /// The receiver of an ordered webhook that hears every message.
    pub(crate) receiver: Receiver,
    /// A conversation that only the API writes to.
    pub(crate) written_by_api: String,
    integrations: Vec<String>,
}

impl House {
    /// Builds the plugins, makes the app, and stops before the first cycle.
    pub(crate) async fn build(synchronous: &'static str, keep: Option<PathBuf>) -> Result<Self> {
        let channels = vec![FakeChannel::start().await?, FakeChannel::start().await?];
        channels[1].drops_repeats(false);
        let receiver = Receiver::start().await?;
        let setup = Setup {
            allow_private: channels.iter().map(FakeChannel::address).chain([receiver.address()]).collect(),
            synchronous: Some(synchronous),
            folder: keep,
            ..Setup::default()
        };
        let mut gateway = Gateway::prepare(&setup)?;
        // Retries at once: the run is about their number and order, not about waiting.
        gateway.set("PASSERELLE__GATEWAY__RETRY_FIRST_MS", Some("50"));
        gateway.set("PASSERELLE__GATEWAY__RETRY_CAP_MS", Some("500"));
        seed::install_echo(&gateway).await?;
        gateway.installs(plugins::CHANNEL_LOOP_PLAIN).await?;
        let access = seed::app(&gateway, "Torture").await?;
        gateway.starts().await?;
        let echo = seed::echo_house(&mut gateway, &access, &channels[0]).await?;
        let plain = seed::loop_channel(&echo.api, "channel-loop-plain", &channels[1]).await?;
        let written_by_api = conversation(&echo.api).await?;
        subscribe(&echo.api, &receiver).await?;
        gateway.stops().await?;
        let integrations = vec![echo.channel, plain];
        Ok(Self { gateway, api: echo.api, channels, receiver, written_by_api, integrations })
    }

    /// The channel's side of an integration.
    pub(crate) fn webhook(&self, integration: usize) -> Webhook {
        self.gateway.webhook(&self.integrations[integration], WEBHOOK_SECRET)
    }

    /// Waits until no request, turn or delivery is open.
    pub(crate) async fn rests(&mut self) -> Result<()> {
        let database = passerelle_test_support::database::Database::open(&self.gateway.database()).await?;
        let deadline = tokio::time::Instant::now() + REST;
        loop {
            let open = database.open_work().await?;
            if open.is_empty() {
                return Ok(());
            }
            if let Some(status) = self.gateway.process()?.ended()? {
                bail!("the gateway ended with {status} while it should come to rest: {}", self.tail());
            }
            if tokio::time::Instant::now() > deadline {
                bail!("still open after {REST:?}: {open:?}; {}", self.tail());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn tail(&self) -> String {
        passerelle_test_support::process::tail(&self.gateway.output())
    }
}

/// A conversation without a channel.
async fn conversation(api: &Api) -> Result<String> {
    api.create("/users", &json!({ "externalId": "api" })).await?;
    let body = json!({ "type": "personal", "participants": [{ "userExternalId": "api" }] });
    let made = api.create("/conversations", &body).await?;
    Ok(made["conversation"]["id"].as_str().context("a conversation has an id")?.to_owned())
}

/// An API client outside of the switchboard that wants every message, in order.
async fn subscribe(api: &Api, receiver: &Receiver) -> Result<()> {
    let hook = json!({ "target": receiver.url(), "triggers": ["conversation:message"], "ordered": true });
    let client = json!({ "type": "custom", "displayName": "receiver", "webhooks": [hook] });
    let made = api.create("/integrations", &client).await?;
    receiver.trusts(made["integration"]["webhooks"][0]["secret"].as_str().context("a webhook has a secret")?);
    Ok(())
}
