//! What a caller writes in a vendor's own format, through the whole house.

use anyhow::Result;
use passerelle_test_support::channel::{Inbound, WEBHOOK_SECRET};
use passerelle_test_support::{plugins, seed, within};
use serde_json::json;

use crate::house::{House, PATIENCE};

#[tokio::test(flavor = "multi_thread")]
async fn an_override_reaches_the_channel_that_it_is_for_and_nobody_else() -> Result<()> {
    let mut house = House::with_echo().await?;
    house.gateway.installs(plugins::CHANNEL_LOOP_NATIVE).await?;
    house.gateway.reloads().await?;
    let native = within(PATIENCE, "the plugin after the reload", || async {
        Ok(seed::loop_channel(&house.api, "channel-loop-native", &house.channel).await.ok())
    })
    .await?;
    let webhook = house.gateway.webhook(&native, WEBHOOK_SECRET);
    assert!(webhook.deliver(&Inbound::text("e1", "mina", "hello")).await?.status.is_success());
    house.hears("ada", "e1", "hello").await?;
    for who in ["mina", "ada"] {
        house.channel.shows(who, "echo: hello", PATIENCE).await?;
        let conversation = house.conversation_of(who).await?;
        let body = json!({
            "author": { "type": "business" },
            "content": { "type": "text", "text": "A table for two" },
            "override": { "line": { "payload": { "words": "a bubble with a map" } } },
        });
        house.api.create(&format!("/conversations/{conversation}/messages"), &body).await?;
    }
    house.channel.shows("mina", "a bubble with a map", PATIENCE).await?;
    house.channel.shows("ada", "A table for two", PATIENCE).await?;
    let expected = ["user: hello", "business: echo: hello", "business: A table for two"];
    house.transcript_becomes("mina", &expected).await
}
