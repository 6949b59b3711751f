//! Bad webhooks: each is refused with a sentence that says what is wrong, and the good ones beside it go through.

use anyhow::{Context, Result};
use passerelle_test_support::channel::{Inbound, SIGNATURE_HEADER, WEBHOOK_SECRET, signature};
use passerelle_test_support::gateway::Gateway;
use passerelle_test_support::http::Answer;
use passerelle_test_support::within;
use serde_json::json;

use crate::house::{House, PATIENCE};

const HELLO: &str = r#"{"events":[{"id":"e1","conversation":"ada","user":"ada","text":"hello"}]}"#;

/// A refusal is an error object with one sentence, and has this status.
fn refused(answer: &Answer, status: u16) -> Result<String> {
    let body = answer.expect(status)?;
    let title = body["errors"][0]["title"].as_str().with_context(|| format!("no title in {body}"))?;
    anyhow::ensure!(title.lines().count() == 1 && title.len() > 10, "`{title}` is not one clear line");
    Ok(title.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_webhooks_are_refused_and_leave_nothing() -> Result<()> {
    let house = House::with_echo().await?;
    let right = signature(WEBHOOK_SECRET, HELLO.as_bytes());
    let wrong_secret = signature("another secret", HELLO.as_bytes());
    let of_another_body = signature(WEBHOOK_SECRET, b"{}");
    let cut = right[..right.len() - 2].to_owned();
    let without_prefix = right.trim_start_matches("sha256=").to_owned();
    let table: [(&str, Vec<(&str, &str)>); 7] = [
        ("no signature", vec![]),
        ("an empty signature", vec![(SIGNATURE_HEADER, "")]),
        ("another secret", vec![(SIGNATURE_HEADER, &wrong_secret)]),
        ("the signature of another body", vec![(SIGNATURE_HEADER, &of_another_body)]),
        ("a cut signature", vec![(SIGNATURE_HEADER, &cut)]),
        ("no prefix", vec![(SIGNATURE_HEADER, &without_prefix)]),
        ("two signatures", vec![(SIGNATURE_HEADER, &right), (SIGNATURE_HEADER, &wrong_secret)]),
    ];
    for (what, headers) in table {
        let answer = house.webhook.deliver_forged(HELLO.into(), &headers).await?;
        refused(&answer, 401).with_context(|| what.to_owned())?;
    }
    assert_eq!(house.database().await?.count("raw_inbound").await?, 0);
    house.hears("ada", "e1", "hello").await?;
    house.channel.shows("ada", "echo: hello", PATIENCE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_is_taken_and_changes_nothing() -> Result<()> {
    let house = House::with_echo().await?;
    for _ in 0..5 {
        let answer = house.webhook.deliver_bytes(HELLO.into()).await?;
        assert!(answer.status.is_success(), "{}", answer.text());
    }
    house.channel.shows("ada", "echo: hello", PATIENCE).await?;
    house.hears("ada", "e2", "count?").await?;
    house.channel.shows("ada", "count: 1", PATIENCE).await?;
    assert_eq!(house.channel.texts("ada"), ["echo: hello", "count: 1"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn oversized_and_misdirected_webhooks_are_refused() -> Result<()> {
    let house = House::with_echo().await?;
    let large = Inbound::text("e1", "ada", "x".repeat(1_100_000));
    refused(&house.webhook.deliver(&large).await?, 413)?;
    let elsewhere = house.gateway.webhook("66b0000000000000000000a1", WEBHOOK_SECRET);
    refused(&elsewhere.deliver_bytes(HELLO.into()).await?, 404)?;
    let nonsense = house.gateway.webhook("not-an-id", WEBHOOK_SECRET);
    refused(&nonsense.deliver_bytes(HELLO.into()).await?, 404)?;
    assert_eq!(house.database().await?.count("raw_inbound").await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_integration_refuses_and_takes_again_when_it_is_enabled() -> Result<()> {
    let house = House::with_echo().await?;
    let path = format!("/integrations/{}", house.integration);
    house.api.change(&path, &json!({ "status": "inactive" })).await?;
    let title = refused(&house.webhook.deliver_bytes(HELLO.into()).await?, 403)?;
    assert!(title.contains("disabled"), "`{title}` does not say that it is disabled");
    house.api.change(&path, &json!({ "status": "active" })).await?;
    house.hears("ada", "e1", "hello").await?;
    house.channel.shows("ada", "echo: hello", PATIENCE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_the_adapter_cannot_read_is_kept_and_shown_and_stops_nobody() -> Result<()> {
    let house = House::with_echo().await?;
    for malformed in ["{", "[]", r#"{"events":[{"id":7}]}"#, "\u{0}\u{1}"] {
        let answer = house.webhook.deliver_bytes(malformed.to_owned().into()).await?;
        assert!(answer.status.is_success(), "genuine bytes are kept whatever they say: {}", answer.text());
    }
    house.hears("ada", "e1", "hello").await?;
    house.channel.shows("ada", "echo: hello", PATIENCE).await?;
    let database = house.database().await?;
    within(PATIENCE, "four requests given up", || async {
        Ok((database.dead_requests().await?.len() == 4).then_some(()))
    })
    .await?;
    for reason in database.dead_requests().await? {
        assert!(reason.contains("channel-loop"), "`{reason}` does not name the plugin");
    }
    assert!(house.gateway.output().contains("channel-loop"), "the log does not name the plugin");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_adapter_may_not_bring_is_refused_with_the_fields_name() -> Result<()> {
    let house = House::with_echo().await?;
    let long = "i".repeat(600);
    for (id, text) in [(long.as_str(), "an id of 600 bytes"), ("", "an empty id")] {
        let answer = house.webhook.deliver(&Inbound::text(id, "ada", text)).await?;
        assert!(answer.status.is_success(), "{}", answer.text());
    }
    let database = house.database().await?;
    within(PATIENCE, "two requests given up", || async {
        Ok((database.dead_requests().await?.len() == 2).then_some(()))
    })
    .await?;
    for reason in database.dead_requests().await? {
        assert!(reason.contains("id"), "`{reason}` does not name the field");
    }
    assert!(house.channel.texts("ada").is_empty());
    Ok(())
}

/// A gateway that cannot start says why in one line and what to do.
async fn start_fails(gateway: &Gateway, expected: &str) -> Result<()> {
    let finished = gateway.runs(&["serve"]).await?;
    anyhow::ensure!(!finished.status.success(), "it started");
    let said = finished.stderr.trim();
    anyhow::ensure!(
        said.lines().count() == 1 && said.contains(expected),
        "`{said}` should be one line with `{expected}`"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_cannot_start_says_why_in_one_line() -> Result<()> {
    let prepare = || Gateway::prepare(&Default::default());

    let gateway = prepare()?;
    gateway.configure("[gatewai]\nlanes = 3")?;
    start_fails(&gateway, "gatewai").await?;

    let gateway = prepare()?;
    let port = gateway.base().trim_start_matches("http://").to_owned();
    let _taken = std::net::TcpListener::bind(&port)?;
    start_fails(&gateway, &port).await?;

    let gateway = prepare()?;
    std::fs::remove_dir(gateway.data())?;
    std::fs::write(gateway.data(), "a file where the folder should be")?;
    start_fails(&gateway, "data").await?;

    let gateway = prepare()?;
    std::fs::write(gateway.database(), "this is not a database, but long enough to look at".repeat(100))?;
    start_fails(&gateway, "passerelle.db").await
}
