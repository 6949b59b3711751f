//! A client of Zendesk Support that we did not write, against our agents' API.

use anyhow::Result;
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::{Agent, script, seed};

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_zendesk_support_works_unmodified() -> Result<()> {
    let mut gateway = Gateway::prepare(&Setup::default())?;
    seed::app(&gateway, "Desk").await?;
    gateway.starts().await?;
    let admin = Agent::first(&gateway).await?;
    script::zendesk_client(&gateway.base(), &admin).await?;
    gateway.stops().await
}
