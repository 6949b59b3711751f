//! The live stream over real sockets: what it says, how it goes on after a break, and who may listen.

mod breaks;
pub(crate) mod client;
pub(crate) use client::Doors;
mod crowd;

use passerelle_api::mint;
use passerelle_model::time::Timestamp;
use passerelle_store::{Key, KeyScope};
use serde_json::{Value, json};

use crate::house::{House, id};
use client::{BOTH, Stream, Transport};

/// A message of the business.
async fn say(house: &House, conversation: &str, text: &str) -> String {
    let body = json!({ "author": { "type": "business" }, "content": { "type": "text", "text": text } });
    let made = house.call("POST", &format!("/conversations/{conversation}/messages"), body).await.expect(201);
    id(&made["messages"][0])
}

fn path(house: &House, query: &str) -> String {
    format!("/v2/apps/{}/events?{query}", house.app)
}

fn cursor(message: &Value) -> String {
    message["cursor"].as_str().expect("a cursor").to_owned()
}

async fn key(house: &House, scope: KeyScope) -> Key {
    let key = mint::key(scope, "k", Timestamp::from_millis(0)).expect("a key");
    house.gateway.store().create_key(&key).await.expect("stored");
    key
}

#[tokio::test]
async fn both_transports_tell_the_same_in_the_words_of_webhooks() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let (_, conversation) = house.conversation("crm-1").await;
    let mut told = Vec::new();
    let mut streams = Vec::new();
    for how in BOTH {
        let mut stream = Stream::open(&doors, how, &house.app_key, &path(&house, "")).await.expect("a stream");
        let hello = stream.next().await.expect("a hello");
        assert_eq!((&hello["type"], hello["heartbeatMs"].is_u64()), (&json!("hello"), true));
        assert_eq!(cursor(&hello).len(), 24);
        streams.push(stream);
    }
    let said = say(&house, &conversation, "hello").await;
    for stream in &mut streams {
        let event = stream.event().await.expect("an event");
        assert_eq!(event["type"], "conversation:message");
        assert_eq!(event["payload"]["message"]["id"], said.as_str());
        assert_eq!(event["payload"]["conversation"]["id"], conversation.as_str());
        told.push(event);
    }
    assert_eq!(told[0], told[1]);
    let typing = json!({ "type": "typing:start", "author": { "type": "business" } });
    house.call("POST", &format!("/conversations/{conversation}/activity"), typing).await.expect(200);
    for stream in &mut streams {
        let event = stream.event().await.expect("a sign");
        assert_eq!((&event["type"], event.get("cursor")), (&json!("conversation:typing"), None));
        let beat = stream.next().await.expect("a heartbeat");
        assert_eq!((&beat["type"], cursor(&beat)), (&json!("heartbeat"), cursor(&told[0])));
    }
}

#[tokio::test]
async fn a_reader_gets_what_it_asked_for_and_nothing_else() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let ((user, wanted), (_, other)) = (house.conversation("crm-1").await, house.conversation("crm-2").await);
    for query in [
        format!("filter[conversationId]={wanted}"),
        format!("filter[userId]={user}&filter[types]=conversation:message"),
        "filter[userId]=crm-1&filter[types]=conversation:read,conversation:message".to_owned(),
    ] {
        let stream = Stream::open(&doors, Transport::Sse, &house.app_key, &path(&house, &query)).await;
        let mut stream = stream.expect("a stream");
        say(&house, &other, "not this").await;
        let said = say(&house, &wanted, "this").await;
        let event = stream.event().await.expect("an event");
        assert_eq!(event["payload"]["message"]["id"], said.as_str(), "{query}");
    }
    let foreign = format!("/v2/apps/{}/events?filter[conversationId]={wanted}", house.other_app);
    for (asked, status) in [
        (foreign, 404),
        (path(&house, "filter[userId]=nobody"), 404),
        (path(&house, "filter[types]=conversation:nonsense"), 400),
        (path(&house, "cursor=nonsense"), 400),
    ] {
        for how in BOTH {
            let refused = Stream::open(&doors, how, &house.account_key, &asked).await;
            assert_eq!(refused.err(), Some(status), "{asked}");
        }
    }
}

#[tokio::test]
async fn a_revoked_key_hears_nothing_more() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let (_, conversation) = house.conversation("crm-1").await;
    for how in BOTH {
        for is_idle in [true, false] {
            let key = key(&house, KeyScope::App(house.app)).await;
            let mut stream = Stream::open(&doors, how, &key, &path(&house, "")).await.expect("a stream");
            assert_eq!(stream.next().await.expect("a hello")["type"], "hello");
            house.gateway.store().delete_key(&key.id).await.expect("deleted");
            if !is_idle {
                say(&house, &conversation, "a secret").await;
            }
            let goodbye = loop {
                let message = stream.next().await.expect("a goodbye");
                assert_ne!(message["type"], "conversation:message", "{how:?}");
                if message["type"] == "goodbye" {
                    break message;
                }
            };
            assert_eq!(goodbye["reason"], "revoked", "{how:?}");
            assert!(stream.next().await.is_none());
            assert_eq!(Stream::open(&doors, how, &key, &path(&house, "")).await.err(), Some(401));
        }
    }
}

#[tokio::test]
async fn an_integration_hears_what_its_webhook_would() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let board = id(&house.call("POST", "/switchboards", Value::Null).await.expect(201)["switchboard"]);
    let seats_path = format!("/switchboards/{board}/switchboardIntegrations");
    let (mut keys, mut seats) = (Vec::new(), Vec::new());
    for name in ["bot", "agents"] {
        let webhook = json!({ "target": "https://bot.example.org/hook", "triggers": ["conversation:message"] });
        let body = json!({ "type": "custom", "displayName": name, "webhooks": [webhook] });
        let made = house.call("POST", "/integrations", body).await.expect(201);
        let integration = id(&made["integration"]);
        let body = json!({ "name": name, "integrationId": integration, "deliverStandbyEvents": false });
        seats.push(id(&house.call("POST", &seats_path, body).await.expect(201)["switchboardIntegration"]));
        keys.push(key(&house, KeyScope::Integration(house.app, integration.parse().expect("an id"))).await);
    }
    let default = json!({ "enabled": true, "defaultSwitchboardIntegrationId": seats[0] });
    house.call("PATCH", &format!("/switchboards/{board}"), default).await.expect(200);
    let (_, conversation) = house.conversation("crm-1").await;
    let query = "filter[types]=conversation:message";
    let mut streams = Vec::new();
    for key in &keys {
        streams.push(Stream::open(&doors, Transport::Socket, key, &path(&house, query)).await.expect("a stream"));
    }
    let first = say(&house, &conversation, "for the bot").await;
    let pass = json!({ "switchboardIntegration": "agents" });
    house.call("POST", &format!("/conversations/{conversation}/passControl"), pass).await.expect(200);
    let second = say(&house, &conversation, "for the agents").await;
    for (stream, expected) in streams.iter_mut().zip([first, second]) {
        let event = stream.event().await.expect("an event");
        assert_eq!(event["payload"]["message"]["id"], expected.as_str());
        assert_eq!(stream.next().await.expect("nothing but a heartbeat")["type"], "heartbeat");
    }
}

#[tokio::test]
async fn a_house_that_closes_says_goodbye_and_does_not_wait_for_readers() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let mut streams = Vec::new();
    for how in BOTH {
        let mut stream = Stream::open(&doors, how, &house.app_key, &path(&house, "")).await.expect("a stream");
        let hello = stream.next().await.expect("a hello");
        streams.push((stream, cursor(&hello)));
    }
    house.draining.cancel();
    doors.stop.cancel();
    for (stream, last) in &mut streams {
        let goodbye = stream.next().await.expect("a goodbye");
        assert_eq!((&goodbye["type"], &goodbye["reason"]), (&json!("goodbye"), &json!("going_away")));
        assert_eq!(cursor(&goodbye), *last);
        assert!(goodbye["retryMs"].as_u64().is_some_and(|wait| (500..4500).contains(&wait)));
        assert!(stream.next().await.is_none());
    }
    drop(streams);
    tokio::time::timeout(std::time::Duration::from_secs(30), doors.served).await.expect("in time").expect("ended");
}
