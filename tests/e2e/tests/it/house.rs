//! The house that most tests live in: a gateway, a fake channel, the echo bot.

use std::time::Duration;

use anyhow::{Context, Result};
use passerelle_test_support::channel::{FakeChannel, Inbound, WEBHOOK_SECRET, Webhook};
use passerelle_test_support::database::Database;
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::{Api, seed, within};

/// How long anything may take before a test gives up on it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

pub(crate) struct House {
    pub(crate) gateway: Gateway,
    pub(crate) channel: FakeChannel,
    pub(crate) api: Api,
    /// The channel's integration.
    pub(crate) integration: String,
    pub(crate) webhook: Webhook,
}

impl House {
    /// A running gateway in which the echo bot answers the loop channel.
    pub(crate) async fn with_echo() -> Result<Self> {
        Self::with_echo_and(Vec::new()).await
    }

    /// The same, which may also call these addresses of this machine.
    pub(crate) async fn with_echo_and(allow_private: Vec<String>) -> Result<Self> {
        Self::built(allow_private, false).await
    }

    /// The same, which keeps what it is asked and what it answers: see `gateway.client().exchanges()`.
    pub(crate) async fn with_echo_that_records() -> Result<Self> {
        Self::built(Vec::new(), true).await
    }

    async fn built(mut allow_private: Vec<String>, is_recorded: bool) -> Result<Self> {
        let channel = FakeChannel::start().await?;
        allow_private.push(channel.address());
        let setup = Setup { allow_private, ..Setup::default() };
        let mut gateway = Gateway::prepare(&setup)?;
        if is_recorded {
            gateway.record_answers();
        }
        // Retries soon: tests wait for them.
        gateway.set("PASSERELLE__GATEWAY__RETRY_FIRST_MS", Some("50"));
        gateway.set("PASSERELLE__GATEWAY__RETRY_CAP_MS", Some("200"));
        seed::install_echo(&gateway).await?;
        let access = seed::app(&gateway, "House").await?;
        gateway.starts().await?;
        let echo = seed::echo_house(&mut gateway, &access, &channel).await?;
        let webhook = gateway.webhook(&echo.channel, WEBHOOK_SECRET);
        Ok(Self { gateway, channel, api: echo.api, integration: echo.channel, webhook })
    }

    /// Somebody writes on the fake channel, and the gateway says 2xx.
    pub(crate) async fn hears(&self, who: &str, id: &str, text: &str) -> Result<()> {
        let answer = self.webhook.deliver(&Inbound::text(id, who, text)).await?;
        anyhow::ensure!(answer.status.is_success(), "refused with {}: {}", answer.status, answer.text());
        Ok(())
    }

    pub(crate) async fn database(&self) -> Result<Database> {
        Database::open(&self.gateway.database()).await
    }

    /// The conversation of somebody on the fake channel.
    pub(crate) async fn conversation_of(&self, who: &str) -> Result<String> {
        let database = self.database().await?;
        within(PATIENCE, &format!("the conversation of `{who}`"), || async {
            Ok(database.conversations_of(who).await?.into_iter().next())
        })
        .await
    }

    /// The user who writes on the fake channel under this name.
    pub(crate) async fn visitor(&self, who: &str) -> Result<String> {
        let conversation = self.conversation_of(who).await?;
        let shown = self.api.get(&format!("/conversations/{conversation}/participants")).await?;
        Ok(shown["participants"][0]["userId"].as_str().context("a participant")?.to_owned())
    }

    /// Waits until the transcript of somebody's conversation is exactly this.
    pub(crate) async fn transcript_becomes(&self, who: &str, expected: &[&str]) -> Result<()> {
        let conversation = self.conversation_of(who).await?;
        let what = format!("the transcript {expected:?}");
        let found = within(PATIENCE, &what, || async {
            let transcript = self.api.transcript(&conversation).await?;
            Ok((transcript == expected).then_some(()))
        });
        if let Err(error) = found.await {
            anyhow::bail!("{error:#}; it is {:?}", self.api.transcript(&conversation).await?);
        }
        Ok(())
    }

    /// Waits until a delivery has ended in this state.
    pub(crate) async fn delivery_becomes(&self, state: &str) -> Result<()> {
        let database = self.database().await?;
        within(PATIENCE, &format!("a delivery that is {state}"), || async {
            Ok(database.deliveries().await?.iter().any(|(found, _)| found == state).then_some(()))
        })
        .await
    }

    /// Waits until an integration has this status, and gives it back.
    pub(crate) async fn status_becomes(&self, integration: &str, status: &str) -> Result<()> {
        within(PATIENCE, &format!("the integration's status `{status}`"), || async {
            let shown = self.api.get(&format!("/integrations/{integration}")).await?;
            Ok((shown["integration"]["status"] == status).then_some(()))
        })
        .await
    }
}
