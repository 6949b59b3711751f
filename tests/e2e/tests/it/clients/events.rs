//! Every webhook body that a day full of odd inputs makes, loaded through the models of the strictest client.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use passerelle_test_support::api::{Api, id_of};
use passerelle_test_support::channel::Behaviour;
use passerelle_test_support::receiver::Receiver;
use passerelle_test_support::within;
use serde_json::{Value, json};

use super::models::{loaded, strange_day};
use crate::house::House;

/// Every trigger that a day brings about here.
const SEEN: &[&str] = &[
    "client:add",
    "client:remove",
    "client:update",
    "conversation:create",
    "conversation:join",
    "conversation:leave",
    "conversation:message",
    "conversation:message:delivery:channel",
    "conversation:message:delivery:failure",
    "conversation:message:delivery:user",
    "conversation:postback",
    "conversation:read",
    "conversation:remove",
    "conversation:typing",
    "switchboard:acceptControl",
    "switchboard:acceptControl:failure",
    "switchboard:offerControl",
    "switchboard:offerControl:failure",
    "switchboard:passControl",
    "switchboard:passControl:failure",
    "switchboard:releaseControl",
    "user:merge",
    "user:remove",
];

/// Triggers that it does not, and why.
const UNSEEN: &[(&str, &str)] = &[
    ("user:update", "happens when a user signs in or their language is found out, both by the widget"),
    ("conversation:referral", "no plugin can report one, so it is never sent"),
];

/// Every kind of event as the wire writes it, compared with the code by a test of `core/api`.
const GOLDEN: &str = include_str!("../../../../../core/api/src/wire/event/golden.json");

/// A program that listens to everything, with or without the long form of users and sources; gives its integration.
async fn listens(api: &Api, hook: &Receiver, is_full: bool) -> Result<String> {
    let triggers: Vec<_> = SEEN.iter().copied().chain(UNSEEN.iter().map(|(trigger, _)| *trigger)).collect();
    let webhook = json!({
        "target": hook.url(), "triggers": triggers, "includeFullUser": is_full, "includeFullSource": is_full,
    });
    let body = json!({ "type": "custom", "displayName": "Listener", "webhooks": [webhook] });
    id_of(&api.create("/integrations", &body).await?["integration"])
}

/// A seat for an integration beside the bot's, which hears of everything whoever is in control.
pub(super) async fn takes_seat(api: &Api, name: &str, integration: &str) -> Result<()> {
    let board = id_of(&api.get("/switchboards").await?["switchboards"][0])?;
    let seat = json!({ "name": name, "integrationId": integration, "deliverStandbyEvents": true });
    api.create(&format!("/switchboards/{board}/switchboardIntegrations"), &seat).await?;
    Ok(())
}

/// Somebody odd who has written becomes a customer who is known already: a link, a match and a merge.
pub(super) async fn a_link(house: &House) -> Result<()> {
    let (api, number) = (&house.api, "+15145550123");
    let profile =
        json!({ "givenName": "\u{0}\u{202E}😀", "surname": "", "email": "no address", "locale": "ü".repeat(300) });
    let event = json!({ "id": "link-1", "conversation": number, "user": number, "text": "hello", "profile": profile });
    let answer = house.webhook.deliver_bytes(json!({ "events": [event] }).to_string().into()).await?;
    ensure!(answer.status.is_success(), "{}", answer.text());
    let stranger = house.visitor(number).await?;
    api.change(&format!("/users/{stranger}"), &json!({ "metadata": { "tier": "𝒳", "only": "theirs" } })).await?;
    let known = json!({ "externalId": "link-1", "profile": { "givenName": "Mina" }, "metadata": { "tier": "gold" } });
    let user = id_of(&api.create("/users", &known).await?["user"])?;
    let body = json!({ "type": "personal", "participants": [{ "userId": user }] });
    let talk = id_of(&api.create("/conversations", &body).await?["conversation"])?;
    let link = json!({
        "matchCriteria": { "type": "loop", "integrationId": house.integration, "phoneNumber": number },
        "confirmation": { "type": "immediate" },
        "target": { "conversationId": talk },
    });
    let made = api.create(&format!("/users/{user}/clients"), &link).await?;
    ensure!(made["client"]["status"] == "active", "{made}");
    Ok(())
}

/// What the strange day leaves out: control, groups, and farewells.
pub(super) async fn ordinary_day(house: &House) -> Result<()> {
    let api = &house.api;
    let user = id_of(&api.create("/users", &json!({ "externalId": "day-1" })).await?["user"])?;
    api.change(&format!("/users/{user}"), &json!({ "profile": { "givenName": "\u{202E}😀" } })).await?;
    let group = json!({ "type": "sdkGroup", "participants": [{ "userId": user }] });
    let group = id_of(&api.create("/conversations", &group).await?["conversation"])?;
    let second = id_of(&api.create("/users", &json!({ "externalId": "day-2" })).await?["user"])?;
    api.create(&format!("/conversations/{group}/join"), &json!({ "userId": second })).await?;
    api.act(&format!("/conversations/{group}/leave"), &json!({ "userId": second })).await?;

    let body = json!({ "type": "personal", "participants": [{ "userId": user }] });
    let talk = format!("/conversations/{}", id_of(&api.create("/conversations", &body).await?["conversation"])?);
    let odd = json!({ "switchboardIntegration": "bot", "metadata": { "dataCapture.systemField.tags": "𝒳,\u{301}" } });
    for verb in ["passControl", "offerControl"] {
        let nobody = json!({ "switchboardIntegration": "nobody" });
        api.call("POST", &format!("{talk}/{verb}"), Some(&nobody)).await?.expect(400)?;
    }
    api.call("POST", &format!("{talk}/acceptControl"), Some(&json!({}))).await?;
    api.act(&format!("{talk}/releaseControl"), &json!({ "reason": "ticketClosed" })).await?;
    api.act(&format!("{talk}/passControl"), &odd).await?;
    api.act(&format!("{talk}/offerControl"), &json!({ "switchboardIntegration": "spare" })).await?;
    api.act(&format!("{talk}/acceptControl"), &json!({})).await?;
    let read = json!({ "type": "conversation:read", "author": { "type": "user", "userId": user } });
    api.act(&format!("{talk}/activity"), &read).await?;
    api.act(&format!("{talk}/activity"), &json!({ "type": "typing:start", "author": { "type": "business" } })).await?;
    // The first answer of the bot reached its reader; the next one does not.
    let ledger = house.channel.ledger();
    let sent = ledger.accepted.iter().find(|arrived| arrived.conversation == "no name").context("an answer")?;
    let event = json!({ "id": "r-1", "conversation": "no name", "user": "no name", "delivered": sent.id });
    let answer = house.webhook.deliver_bytes(json!({ "events": [event] }).to_string().into()).await?;
    ensure!(answer.status.is_success(), "{}", answer.text());
    house.channel.behaves(Behaviour::Refuses(403, None));
    house.hears("no name", "last", "are you there?").await?;
    house.delivery_becomes("failed").await?;
    let visitor = house.visitor("no name").await?;
    let clients = api.get(&format!("/users/{visitor}/clients")).await?;
    let client = id_of(&clients["clients"][0])?;
    api.call("DELETE", &format!("/users/{visitor}/clients/{client}"), None).await?.expect(200)?;
    for path in [format!("/conversations/{group}"), format!("/users/{user}")] {
        api.call("DELETE", &path, None).await?.expect(200)?;
    }
    Ok(())
}

fn triggers(events: &[Value]) -> BTreeSet<&str> {
    events.iter().filter_map(|event| event["type"].as_str()).collect()
}

/// Longer than it takes until a request that failed once is made again.
const WITH_A_RETRY: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn every_webhook_body_loads_in_the_strictest_client() -> Result<()> {
    let hooks = [Receiver::start().await?, Receiver::start().await?];
    let allowed = hooks.iter().map(Receiver::address).collect();
    let house = House::with_echo_and(allowed).await?;
    listens(&house.api, &hooks[0], false).await?;
    let spare = listens(&house.api, &hooks[1], true).await?;
    takes_seat(&house.api, "spare", &spare).await?;
    strange_day(&house).await?;
    a_link(&house).await?;
    ordinary_day(&house).await?;
    for hook in &hooks {
        let expected: BTreeSet<_> = SEEN.iter().copied().collect();
        let arrived = within(WITH_A_RETRY, "an event of every kind", || async {
            let events = hook.events();
            Ok(expected.is_subset(&triggers(&events)).then_some(()))
        });
        if let Err(error) = arrived.await {
            let events = hook.events();
            let missing: Vec<_> = expected.difference(&triggers(&events)).copied().map(str::to_owned).collect();
            anyhow::bail!("{error:#}; missing: {missing:?}");
        }
        let mut bodies: Vec<_> = hook.received().into_iter().map(|received| received.body).collect();
        bodies.push(json!({ "events": updates_of(&hook.events()) }));
        let report = loaded(&bodies).await?;
        ensure!(report["bad"] == json!([]), "these do not load: {:#}", report["bad"]);
    }
    Ok(())
}

/// A `user:update` of every user who was told of: nothing here brings one about, and its `user` is shown by the same code.
fn updates_of(events: &[Value]) -> Vec<Value> {
    let users = events.iter().filter_map(|event| event["payload"].get("user"));
    let update = |user: &Value| {
        let payload = json!({ "user": user, "reason": "authentication", "source": { "type": "loop" } });
        json!({ "id": "update", "type": "user:update", "createdAt": "2027-01-15T08:00:00.000Z", "payload": payload })
    };
    users.map(update).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_event_loads_in_the_strictest_client() -> Result<()> {
    let events: Value = serde_json::from_str(GOLDEN)?;
    let kinds = triggers(events.as_array().context("a list")?);
    let expected: BTreeSet<_> = SEEN.iter().copied().chain(["user:update"]).collect();
    // A passing sign is in no log, and so in no golden file.
    let missing: Vec<_> = expected.difference(&kinds).copied().filter(|kind| *kind != "conversation:typing").collect();
    assert_eq!(missing, Vec::<&str>::new());
    let report = loaded(&[json!({ "events": events })]).await?;
    ensure!(report["bad"] == json!([]), "these do not load: {:#}", report["bad"]);
    Ok(())
}
