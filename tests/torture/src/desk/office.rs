//! A gateway with a desk: a bot's seat that is answered by nobody, the agents' seat, and agents.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use passerelle_test_support::database::{Database, DeskPicture};
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::{Agent, Api, seed, within};
use serde_json::{Value, json};

/// The type word of the agents' seat.
const SEAT: &str = "zd:agentWorkspace";
/// How long the desk may take to come to rest.
const REST: Duration = Duration::from_secs(60);
/// Tickets that one agent may have at once.
const CAPACITY: u32 = 3;

pub(super) struct Office {
    pub(super) gateway: Gateway,
    pub(super) api: Api,
    pub(super) agents: Vec<Agent>,
}

impl Office {
    /// Makes app, seats and agents; the gateway runs.
    pub(super) async fn build(synchronous: &'static str, keep: Option<PathBuf>, agents: usize) -> Result<Self> {
        let setup = Setup { synchronous: Some(synchronous), folder: keep, ..Setup::default() };
        let mut gateway = Gateway::prepare(&setup)?;
        // Offers that run out soon and agents who stay online: the run is about what is lost, not about waiting.
        gateway.set("PASSERELLE__DESK__OFFER_MS", Some("300"));
        gateway.set("PASSERELLE__DESK__OFFLINE_AFTER_MS", Some("86400000"));
        gateway.set("PASSERELLE__DESK__OFFER_MODE", Some("all"));
        let access = seed::app(&gateway, "Torture").await?;
        gateway.starts().await?;
        let api = gateway.api(&access);
        seats(&api).await?;
        let admin = Agent::first(&gateway).await?;
        let mut hired = Vec::new();
        for index in 0..agents {
            let agent = admin.hires(&format!("agent-{index}"), "agent", CAPACITY).await?;
            agent.goes_online().await?;
            hired.push(agent);
        }
        Ok(Self { gateway, api, agents: hired })
    }

    /// Waits until the desk has read everything that happened, and shows what is there.
    pub(super) async fn rests(&self) -> Result<DeskPicture> {
        let database = Database::open(&self.gateway.database()).await?;
        within(REST, "the desk to come to rest", || async { Ok(database.desk_is_at_rest().await?.then_some(())) })
            .await?;
        database.desk(SEAT).await
    }
}

/// A bot's seat that comes first, and the agents'.
async fn seats(api: &Api) -> Result<()> {
    let made = api.create("/switchboards", &json!({})).await?;
    let board = made["switchboard"]["id"].as_str().context("a switchboard has an id")?.to_owned();
    let path = format!("/switchboards/{board}/switchboardIntegrations");
    let bot: Value = json!({ "name": "bot", "integrationType": "torture:bot" });
    let bot = api.create(&path, &bot).await?;
    api.create(&path, &json!({ "name": "agents", "integrationType": SEAT })).await?;
    let default = json!({ "enabled": true, "defaultSwitchboardIntegrationId": bot["switchboardIntegration"]["id"] });
    api.change(&format!("/switchboards/{board}"), &default).await?;
    Ok(())
}
