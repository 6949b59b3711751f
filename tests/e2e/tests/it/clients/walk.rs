//! The walk of a new integration: user, conversation, message, list, activity, webhook, upload, switchboard, delete.
//!
//! The scripts make the assertions, in the client's own language; here listens whoever they send webhooks to.

use anyhow::Result;
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::receiver::Receiver;
use passerelle_test_support::script::Official;
use passerelle_test_support::{seed, within};

use crate::house::PATIENCE;

async fn walks(language: Official) -> Result<()> {
    let receiver = Receiver::start().await?;
    let setup = Setup { has_public_url: true, allow_private: vec![receiver.address()], ..Setup::default() };
    let mut gateway = Gateway::prepare(&setup)?;
    let access = seed::app(&gateway, "Walk").await?;
    gateway.starts().await?;
    let made = language.runs("walk", &access, &["--hook", &receiver.url()]).await?;
    // The last event: the user is gone with all that belonged to them.
    within(PATIENCE, "the farewell of the user", || async {
        let mut events = receiver.events().into_iter();
        let farewell = |event: &serde_json::Value| {
            event["type"] == "user:remove" && event["payload"]["user"]["id"] == made["user"]
        };
        Ok(events.any(|event| farewell(&event)).then_some(()))
    })
    .await?;
    gateway.stops().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_python_client_walks_through() -> Result<()> {
    walks(Official::Python).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_javascript_client_walks_through() -> Result<()> {
    walks(Official::JavaScript).await
}
