//! Everything that the gateway says about odd inputs, loaded through the models of the strictest client.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use passerelle_test_support::api::id_of;
use passerelle_test_support::database::Database;
use passerelle_test_support::process::run;
use passerelle_test_support::script::{Official, caller};
use serde_json::{Value, json};

use super::odd;
use crate::house::House;

/// Time for the client to read what a house holds.
const READING: Duration = Duration::from_secs(120);

/// Whatever a caller sends is taken or refused in words, and never breaks anything.
async fn posts(house: &House, path: &str, body: &Value) -> Result<Option<Value>> {
    let answer = house.api.call("POST", path, Some(body)).await?;
    let shown = body.to_string().chars().take(200).collect::<String>();
    match answer.status.as_u16() {
        201 => Ok(Some(answer.json()?)),
        status @ (400 | 409 | 413 | 415 | 422) => {
            let refusal = answer.json()?;
            ensure!(refusal["errors"][0]["title"].is_string(), "{status} without a title for {shown}: {refusal}");
            Ok(None)
        }
        status => anyhow::bail!("{status} for {shown}: {}", answer.text()),
    }
}

/// A house that has heard all odd things; gives the ids of its users.
pub(super) async fn strange_day(house: &House) -> Result<Vec<String>> {
    let mut events = Vec::new();
    for (index, (name, mut event)) in odd::from_the_channel().into_iter().enumerate() {
        event["id"] = json!(format!("odd-{index}"));
        // Each in a conversation of its own, named by what is odd.
        event["conversation"] = json!(name);
        event["user"] = json!(name);
        events.push(json!({ "id": format!("first-{index}"), "conversation": name, "user": name, "text": "hello" }));
        events.push(event);
    }
    for event in &events {
        let body = json!({ "events": [event] }).to_string();
        let answer = house.webhook.deliver_bytes(body.into()).await?;
        ensure!(answer.status.is_success(), "{event}: {}", answer.text());
    }
    // The stream of an integration is ordered: when its last event is there, all are.
    house.hears("the end", "the-end", "goodbye").await?;
    house.transcript_becomes("the end", &["user: goodbye", "business: echo: goodbye"]).await?;

    let mut users = Vec::new();
    for body in odd::users() {
        if let Some(made) = posts(house, "/users", &body).await? {
            users.push(id_of(&made["user"])?);
        }
    }
    let first = users.first().context("no odd user was taken")?;
    let body = json!({ "type": "personal", "participants": [{ "userId": first }] });
    let conversation = id_of(&house.api.create("/conversations", &body).await?["conversation"])?;
    let (mut taken, mut refused) = (0, 0);
    for content in odd::messages() {
        let body = json!({ "author": { "type": "business", "displayName": "" }, "content": content });
        match posts(house, &format!("/conversations/{conversation}/messages"), &body).await? {
            Some(_) => taken += 1,
            None => refused += 1,
        }
    }
    ensure!(taken >= 15 && refused >= 5, "{taken} taken, {refused} refused");
    let database = Database::open(&house.gateway.database()).await?;
    users.extend(database.users().await?);
    Ok(users)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_about_odd_inputs_loads_in_the_strictest_client() -> Result<()> {
    let house = House::with_echo().await?;
    let users = strange_day(&house).await?;
    let mut script = Official::Python.script("models").await?;
    script.arg("read").args(caller(house.api.access())).args(["--users", &users.join(",")]);
    let said = run(&mut script, READING).await?.success()?;
    let report: Value = serde_json::from_str(&said).with_context(|| said.clone())?;
    let kinds = ["TextMessage", "ImageMessage", "FileMessage", "CarouselMessage", "ListMessage", "FormMessage"];
    for kind in kinds.into_iter().chain(["LocationMessage", "ClientListResponse", "ParticipantListResponse"]) {
        ensure!(report["seen"][kind].as_u64() > Some(0), "no {kind} was seen: {report}");
    }
    // Nothing of the channel was parked: what is odd is cut or split, and not kept from the agents.
    let database = Database::open(&house.gateway.database()).await?;
    assert_eq!(database.dead_requests().await?, Vec::<String>::new());
    Ok(())
}

/// Loads these bodies of webhooks as the models of the client; gives the script's report.
pub(super) async fn loaded(bodies: &[Value]) -> Result<Value> {
    loaded_as("events", bodies).await
}

/// The same for a job of the script and what it reads, one a line.
pub(super) async fn loaded_as(job: &str, lines: &[Value]) -> Result<Value> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("lines.jsonl");
    std::fs::write(&file, lines.iter().map(|line| format!("{line}\n")).collect::<String>())?;
    let mut script = Official::Python.script("models").await?;
    let said = run(script.arg(job).arg(&file), READING).await?.success()?;
    serde_json::from_str(&said).context(said)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_the_strictest_client_refuses_is_found() -> Result<()> {
    let event = |kind: &str, payload: Value| json!({ "events": [{ "id": "1", "type": kind, "createdAt": "x", "payload": payload }] });
    let conversation = json!({ "id": "66b0000000000000000000c1", "type": "personal" });
    let message =
        |content: Value| json!({ "conversation": conversation, "message": { "id": "1", "content": content } });
    let report = loaded(&[
        event("conversation:remove", json!({ "conversation": conversation })),
        event("conversation:message", message(json!({ "type": "text", "text": "sound" }))),
        event("conversation:message", message(json!({ "type": "text", "text": "t".repeat(4097) }))),
        event("conversation:message", message(json!({ "type": "sticker", "mediaUrl": "https://example.org/a.png" }))),
        event("conversation:remove", json!({ "conversation": { "id": "1", "type": "sms" } })),
        event("client:update", json!({ "client": { "type": "custom" }, "reason": "blocked" })),
        event("user:remove", json!({ "user": { "id": 7 } })),
    ])
    .await?;
    let bad: Vec<_> = report["bad"].as_array().context("a list")?.iter().map(|bad| bad["event"].clone()).collect();
    assert_eq!(
        bad,
        ["conversation:message", "conversation:message", "conversation:remove", "client:update", "user:remove"]
    );
    Ok(())
}
