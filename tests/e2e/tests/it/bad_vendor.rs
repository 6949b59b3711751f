//! A vendor in every bad mood: what is told to the operator, and that nothing is lost or sent twice.

use std::time::Duration;

use anyhow::Result;
use passerelle_test_support::channel::{Behaviour, FakeChannel, Inbound, WEBHOOK_SECRET};
use passerelle_test_support::{plugins, seed, within};
use serde_json::json;

use crate::house::{House, PATIENCE};

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_stumbles_gets_every_message_once_and_in_order() -> Result<()> {
    let house = House::with_echo().await?;
    let moods = [
        Behaviour::Refuses(500, None),
        Behaviour::Refuses(503, None),
        Behaviour::Refuses(429, Some(1)),
        Behaviour::Refuses(429, None),
        Behaviour::Cuts,
        Behaviour::AcceptsAndCuts,
    ];
    let mut expected = Vec::new();
    for (number, mood) in moods.into_iter().enumerate() {
        house.channel.behaves_for(2, mood.clone());
        house.hears("ada", &format!("a{number}"), &format!("first {number}")).await?;
        house.hears("ada", &format!("b{number}"), &format!("second {number}")).await?;
        house.channel.shows("ada", &format!("echo: second {number}"), PATIENCE).await?;
        expected.extend([format!("echo: first {number}"), format!("echo: second {number}")]);
        assert_eq!(house.channel.texts("ada"), expected, "after {mood:?}");
    }
    assert!(house.channel.ledger().malformed.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_is_away_is_waited_for() -> Result<()> {
    let mut house = House::with_echo().await?;
    house.channel.behaves(Behaviour::Cuts);
    for number in 1..=5 {
        house.hears("ada", &format!("e{number}"), &format!("text {number}")).await?;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(house.channel.texts("ada").is_empty());
    house.gateway.is_killed().await?;
    house.gateway.starts().await?;
    house.channel.behaves(Behaviour::Accepts);
    house.channel.shows("ada", "echo: text 5", PATIENCE).await?;
    let expected: Vec<_> = (1..=5).map(|number| format!("echo: text {number}")).collect();
    assert_eq!(house.channel.texts("ada"), expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_does_not_answer_is_asked_again_with_the_same_key() -> Result<()> {
    let house = House::with_echo().await?;
    house.channel.behaves_for(1, Behaviour::AcceptsAndHangs);
    house.hears("ada", "e1", "hello").await?;
    house.delivery_becomes("delivered").await?;
    let ledger = house.channel.ledger();
    assert_eq!((ledger.accepted.len(), ledger.repeats), (1, 1), "{ledger:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keys_an_unknown_end_is_called_uncertain_and_not_repeated() -> Result<()> {
    let house = House::with_echo().await?;
    house.gateway.installs(plugins::CHANNEL_LOOP_PLAIN).await?;
    let mut house = house;
    house.gateway.reloads().await?;
    let plain = FakeChannel::start().await?;
    plain.drops_repeats(false);
    // The first channel's address is the only one that is allowed, so the second speaks through it.
    drop(plain);
    house.channel.drops_repeats(false);
    let integration = within(PATIENCE, "the plugin after the reload", || async {
        Ok(seed::loop_channel(&house.api, "channel-loop-plain", &house.channel).await.ok())
    })
    .await?;
    let webhook = house.gateway.webhook(&integration, WEBHOOK_SECRET);
    house.channel.behaves_for(1, Behaviour::AcceptsAndCuts);
    assert!(webhook.deliver(&Inbound::text("p1", "bob", "hello")).await?.status.is_success());
    house.delivery_becomes("uncertain").await?;
    assert!(webhook.deliver(&Inbound::text("p2", "bob", "still there?")).await?.status.is_success());
    house.channel.shows("bob", "echo: still there?", PATIENCE).await?;
    assert_eq!(house.channel.texts("bob"), ["echo: hello", "echo: still there?"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_bot_is_told_and_stops_trying() -> Result<()> {
    let house = House::with_echo().await?;
    house.channel.behaves_for(1, Behaviour::Refuses(403, None));
    house.hears("ada", "e1", "hello").await?;
    house.delivery_becomes("failed").await?;
    let conversation = house.conversation_of("ada").await?;
    let participants = house.api.get(&format!("/conversations/{conversation}/participants")).await?;
    let user = participants["participants"][0]["userId"].as_str().unwrap_or_default().to_owned();
    let clients = house.api.get(&format!("/users/{user}/clients")).await?;
    assert_eq!(clients["clients"][0]["status"], "blocked", "{clients}");
    let reasons = house.database().await?.delivery_reasons().await?;
    assert!(reasons.iter().any(|reason| reason.contains("blocked")), "{reasons:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_pauses_the_integration_until_the_operator_acts() -> Result<()> {
    let house = House::with_echo().await?;
    house.channel.behaves(Behaviour::Refuses(401, None));
    house.hears("ada", "e1", "hello").await?;
    house.status_becomes(&house.integration, "error").await?;
    // What people write meanwhile is taken and kept.
    house.hears("ada", "e2", "anybody there?").await?;
    house.channel.behaves(Behaviour::Accepts);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(house.channel.texts("ada").is_empty(), "it went on before the operator acted");
    house.api.change(&format!("/integrations/{}", house.integration), &json!({ "status": "active" })).await?;
    house.channel.shows("ada", "echo: anybody there?", PATIENCE).await?;
    assert_eq!(house.channel.texts("ada"), ["echo: hello", "echo: anybody there?"]);
    Ok(())
}
