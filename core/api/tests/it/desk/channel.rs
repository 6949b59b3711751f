//! By which channel an answer leaves, and what is lost on the way.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use passerelle_model::desk::Role;
use passerelle_model::id::{IntegrationId, SwitchboardIntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_model::people::{ClientStatus, Profile};
use passerelle_model::time::{Clock, Timestamp};
use passerelle_pipeline::{IntegrationChange, NewIntegration, NewIntegrationKind};
use passerelle_plugin_host::RawRequest;
use passerelle_store::Client;
use passerelle_test_support::{FakeChannel, channel, plugins};
use serde_json::{Value, json};

use super::office::{Agent, Office};
use crate::house::{House, generous};

const START: i64 = 1_800_000_000;
const HOUR: i64 = 3600;

/// A desk with a channel that carries plain text only and takes answers for a day.
struct Post {
    office: Office,
    channel: FakeChannel,
    integration: IntegrationId,
    now: Arc<AtomicI64>,
}

impl Post {
    async fn new() -> Self {
        let now = Arc::new(AtomicI64::new(START));
        let told = Arc::clone(&now);
        let clock = Clock::from_fn(move || Timestamp::from_millis(told.load(Ordering::SeqCst) * 1000));
        let office = Office::in_house(House::with(generous(), clock).await).await;
        let channel = FakeChannel::start().await.expect("a channel");
        let file = plugins::built(plugins::CHANNEL_LOOP_PLAIN).await.expect("the plugin is built");
        let gateway = &office.house.gateway;
        gateway.install_plugin(std::fs::read(file).expect("a file")).await.expect("it is a plugin");
        let secrets = [("api-token", channel::API_TOKEN), ("webhook-secret", channel::WEBHOOK_SECRET)];
        let secrets: BTreeMap<_, _> = secrets.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let kind = NewIntegrationKind::Plugin {
            plugin: "channel-loop-plain".to_owned(),
            settings: json!({ "api_base": channel.url() }),
            secrets,
            granted_hosts: None,
        };
        let new = NewIntegration {
            app: office.house.app,
            kind,
            display_name: Some("Our loop".to_owned()),
            default_responder: None::<SwitchboardIntegrationId>,
            metadata: Metadata::default(),
        };
        let integration = gateway.create_integration(new).await.expect("it is made").id;
        Self { office, channel, integration, now }
    }

    /// A person writes by the channel, and control goes to the agents: the ticket.
    async fn hears(&self, who: &str, text: &str) -> i64 {
        let event = json!({ "id": format!("{who}-{text}"), "conversation": who, "user": who, "text": text });
        let body = json!({ "events": [event] }).to_string().into_bytes();
        let signed = channel::signature(channel::WEBHOOK_SECRET, &body).into_bytes();
        let request = RawRequest {
            method: "POST".into(),
            full_url: "http://localhost/".into(),
            path_and_query: "/".into(),
            headers: vec![(channel::SIGNATURE_HEADER.to_owned(), signed)],
            body,
        };
        let house = &self.office.house;
        house.gateway.ingest(self.integration, request).await.expect("it is taken");
        house.until(async || self.client(who).await.is_some()).await;
        let conversation = self.client(who).await.expect("a client").conversation.to_string();
        self.office.passes(&conversation).await;
        self.office.ticket_of(&conversation).await
    }

    async fn client(&self, who: &str) -> Option<Client> {
        let (integration, who) = (self.integration, who.to_owned());
        let store = self.office.house.gateway.store();
        let found = store.write(move |tx| Box::pin(async move { tx.client_named(integration, &who).await }));
        found.await.expect("a read")
    }

    async fn channel_of(&self, agent: &Agent, ticket: i64) -> Value {
        self.office.call(agent, "GET", &format!("/tickets/{ticket}/channel"), Value::Null).await.expect(200)
    }

    async fn preview(&self, agent: &Agent, ticket: i64, content: Value) -> Value {
        let body = json!({ "content": content });
        self.office.call(agent, "POST", &format!("/tickets/{ticket}/preview"), body).await.expect(200)
    }
}

#[tokio::test]
async fn agents_are_told_by_which_channel_they_answer_and_until_when() {
    let post = Post::new().await;
    let ada = post.office.agent("ada", Role::Agent).await;
    let ticket = post.hears("eve", "hello").await;
    let told = post.channel_of(&ada, ticket).await["channel"].clone();
    assert_eq!(
        (&told["type"], &told["name"], &told["can_reply"]),
        (&json!("loop-plain"), &json!("Our loop"), &json!(true))
    );
    assert_eq!((&told["limits"]["text_length"], &told["limits"]["text_unit"]), (&json!(4096), &json!("code_points")));
    assert_eq!(told["window_closes_at"], "2027-01-16T08:00:00Z", "a day after the customer wrote");
    post.now.fetch_add(23 * HOUR, Ordering::SeqCst);
    assert_eq!(post.channel_of(&ada, ticket).await["channel"]["can_reply"], true);
    post.now.fetch_add(HOUR, Ordering::SeqCst);
    let told = post.channel_of(&ada, ticket).await["channel"].clone();
    assert_eq!((&told["can_reply"], &told["reason_code"]), (&json!(false), &json!("window_closed")));
    post.hears("eve", "are you there?").await;
    assert_eq!(post.channel_of(&ada, ticket).await["channel"]["can_reply"], true, "the customer wrote again");
    let off = IntegrationChange { enabled: Some(false), ..IntegrationChange::default() };
    let house = &post.office.house;
    house.gateway.update_integration(house.app, post.integration, off).await.expect("it is switched off");
    let told = post.channel_of(&ada, ticket).await["channel"].clone();
    assert_eq!((&told["can_reply"], &told["reason_code"]), (&json!(false), &json!("integration_disabled")));
    assert!(post.channel.ledger().accepted.is_empty(), "telling sends nothing");
}

#[tokio::test]
async fn other_channels_are_named_and_why_nobody_can_move_there() {
    let post = Post::new().await;
    let ada = post.office.agent("ada", Role::Agent).await;
    let ticket = post.hears("eve", "hello").await;
    let house = &post.office.house;
    let store = house.gateway.store();
    let known = post.client("eve").await.expect("a client");
    let widget = house.call("POST", "/integrations", json!({ "type": "web", "displayName": "Our page" })).await;
    let widget: IntegrationId = crate::house::id(&widget.expect(201)["integration"]).parse().expect("an id");
    let later = known.last_seen_at.plus(std::time::Duration::from_secs(60));
    let new = Client {
        id: house.gateway.ids().next(later),
        integration: widget,
        channel_type: "web".into(),
        external_id: "page-1".into(),
        profile: Profile::default(),
        last_seen_at: later,
        ..known.clone()
    };
    let (id, user) = (new.id, new.user);
    let written = store.write(move |tx| {
        Box::pin(async move {
            tx.insert_client(&new);
            Ok(())
        })
    });
    written.await.expect("it is written");
    let told = post.channel_of(&ada, ticket).await;
    let channel = &told["channel"];
    assert_eq!(
        (&channel["type"], &channel["name"], &channel["window_closes_at"]),
        (&json!("web"), &json!("Our page"), &Value::Null)
    );
    let other = &told["others"][0];
    assert_eq!((&other["name"], &other["can_switch"]), (&json!("Our loop"), &json!(false)));
    assert!(other["reason"].as_str().is_some_and(|reason| reason.contains("Our page")), "{other}");
    let blocked = store.write(move |tx| {
        Box::pin(async move {
            tx.set_client_status(id, ClientStatus::Blocked);
            Ok(())
        })
    });
    blocked.await.expect("it is written");
    let told = post.channel_of(&ada, ticket).await;
    assert_eq!(
        (&told["channel"]["name"], &told["channel"]["can_reply"]),
        (&json!("Our loop"), &json!(true)),
        "one that works goes first"
    );
    let all = store.clients_by_use(house.other_app, user).await.expect("a read");
    assert_eq!(all, [], "walls stand");
}

#[tokio::test]
async fn what_a_channel_cannot_show_is_told_before() {
    let post = Post::new().await;
    let ada = post.office.agent("ada", Role::Agent).await;
    let ticket = post.hears("eve", "hello").await;
    let link = json!({ "type": "link", "text": "Read", "uri": "https://shop.example/a" });
    let card = json!({ "title": "Tea", "actions": [link] });
    let told = post.preview(&ada, ticket, json!({ "type": "carousel", "items": [card] })).await;
    assert_eq!(told["text"], "1) Tea\nRead: https://shop.example/a");
    let lost: Vec<_> = told["lost"].as_array().expect("a list").iter().map(|loss| loss["type"].clone()).collect();
    assert_eq!(lost, ["shape", "buttons"]);
    let told = post.preview(&ada, ticket, json!({ "type": "text", "text": "Hi" })).await;
    assert_eq!((&told["text"], &told["lost"], &told["messages"]), (&json!("Hi"), &json!([]), &json!(1)));
    let form = json!({ "type": "form", "fields": [{ "type": "email", "name": "e", "label": "E-mail" }] });
    let told = post.preview(&ada, ticket, form).await;
    assert_eq!((&told["is_sent"], &told["lost"][0]["type"]), (&json!(false), &json!("everything")));
    let bad = json!({ "content": { "type": "poem" } });
    post.office.call(&ada, "POST", &format!("/tickets/{ticket}/preview"), bad).await.expect(400);
}

#[tokio::test]
async fn a_ticket_without_a_conversation_says_so() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let made = json!({ "ticket": { "comment": { "body": "by phone" } } });
    let made = office.call(&ada, "POST", "/tickets", made).await.expect(201);
    let told = office.call(&ada, "GET", &format!("/tickets/{}/channel", made["ticket"]["id"]), Value::Null).await;
    let told = told.expect(200)["channel"].clone();
    assert_eq!((&told["can_reply"], &told["reason_code"]), (&json!(false), &json!("no_conversation")));
}
