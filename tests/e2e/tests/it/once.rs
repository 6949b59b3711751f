//! Promises seen at ordinary speed: in order, once, and kept over a restart.

use anyhow::Result;
use passerelle_test_support::channel::Inbound;

use crate::house::{House, PATIENCE};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_answered_and_both_are_in_the_conversation() -> Result<()> {
    let mut house = House::with_echo().await?;
    house.hears("ada", "e1", "hello").await?;
    house.channel.shows("ada", "echo: hello", PATIENCE).await?;
    house.transcript_becomes("ada", &["user: hello", "business: echo: hello"]).await?;
    house.gateway.stops().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_event_ten_times_at_once_is_one_message_and_one_turn() -> Result<()> {
    let house = House::with_echo().await?;
    let event = Inbound::text("e1", "ada", "only once");
    let copies: Vec<_> = (0..10)
        .map(|_| {
            let (webhook, event) = (house.webhook.clone(), event.clone());
            tokio::spawn(async move { webhook.deliver(&event).await })
        })
        .collect();
    for copy in copies {
        let answer = copy.await??;
        assert!(answer.status.is_success(), "{}: {}", answer.status, answer.text());
    }
    house.channel.shows("ada", "echo: only once", PATIENCE).await?;
    // The same event in other bytes: only the event's own id can tell.
    let beside = [event.clone(), Inbound::text("e2", "ada", "count?")];
    assert!(house.webhook.deliver_all(&beside).await?.status.is_success());
    house.channel.shows("ada", "count: 1", PATIENCE).await?;
    house
        .transcript_becomes(
            "ada",
            &["user: only once", "business: echo: only once", "user: count?", "business: count: 1"],
        )
        .await?;
    assert_eq!(house.channel.texts("ada"), ["echo: only once", "count: 1"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_gateway_goes_on_where_it_was() -> Result<()> {
    let mut house = House::with_echo().await?;
    for number in 1..=20 {
        house.hears("ada", &format!("e{number}"), &format!("text {number}")).await?;
    }
    house.gateway.is_killed().await?;
    house.gateway.starts().await?;
    house.hears("ada", "e21", "count?").await?;
    house.channel.shows("ada", "count: 20", PATIENCE).await?;
    let expected: Vec<_> =
        (1..=20).map(|number| format!("echo: text {number}")).chain(["count: 20".to_owned()]).collect();
    assert_eq!(house.channel.texts("ada"), expected);
    Ok(())
}
