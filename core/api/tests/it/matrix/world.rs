//! An app with one of everything, so that every path of the table can be filled.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use passerelle_api::Described;
use passerelle_model::people::{ClientStatus, Profile};
use passerelle_model::time::Timestamp;
use passerelle_store::Client;
use serde_json::{Value, json};

use crate::house::{House, id};

static FRESH: AtomicU32 = AtomicU32::new(1);

/// A key as its caller holds it.
#[derive(Clone)]
pub(super) struct Pair {
    pub(super) id: String,
    pub(super) secret: String,
}

/// The app, and the ids of what is in it.
pub(super) struct World {
    pub(super) app_key: Pair,
    /// Of the integration that stands in paths, which has control.
    pub(super) own_key: Pair,
    /// Of the OAuth client that the integration stands for.
    pub(super) token: String,
    /// Of another integration of the app, to which control is offered.
    pub(super) sibling_key: Pair,
    ids: BTreeMap<&'static str, String>,
    /// Ids of things in the same app that belong to another parent.
    cousins: BTreeMap<&'static str, String>,
}

impl World {
    pub(super) async fn new(house: &House) -> Self {
        let made = make(house, "/v2/apps", json!({ "displayName": "World" })).await;
        let app = id(&made["app"]);
        let base = format!("/v2/apps/{app}");
        let post = async |path: &str, body: Value| make(house, &format!("{base}{path}"), body).await;
        let app_key = pair(&post("/keys", json!({ "displayName": "k" })).await);
        let board = id(&post("/switchboards", json!({})).await["switchboard"]);
        let (mut hands, mut keys) = (Vec::new(), Vec::new());
        for name in ["bot", "agents"] {
            let webhook = json!({ "target": "https://bot.example.org/hook", "triggers": ["conversation:message"] });
            let body = json!({ "type": "custom", "displayName": name, "webhooks": [webhook] });
            let integration = post("/integrations", body).await["integration"].clone();
            let body = json!({ "name": name, "integrationId": id(&integration) });
            let seat = post(&format!("/switchboards/{board}/switchboardIntegrations"), body).await;
            let path = format!("/integrations/{}/keys", id(&integration));
            keys.push(pair(&post(&path, json!({ "displayName": "k" })).await));
            hands.push((id(&integration), id(&integration["webhooks"][0]), id(&seat["switchboardIntegration"])));
        }
        let default = json!({ "enabled": true, "defaultSwitchboardIntegrationId": hands[0].2 });
        let path = format!("{base}/switchboards/{board}");
        house.call_as(&house.account_key, "PATCH", &path, default).await.expect(200);
        let mut talks = Vec::new();
        for name in ["crm-1", "crm-2"] {
            let user = id(&post("/users", json!({ "externalId": name })).await["user"]);
            let body = json!({ "type": "personal", "participants": [{ "userId": user }] });
            let conversation = id(&post("/conversations", body).await["conversation"]);
            let body = json!({ "author": { "type": "business" }, "content": { "type": "text", "text": "hi" } });
            let message = post(&format!("/conversations/{conversation}/messages"), body).await;
            talks.push((user, conversation, id(&message["messages"][0])));
        }
        let path = format!("{base}/conversations/{}/offerControl", talks[0].1);
        let offer = json!({ "switchboardIntegration": "agents" });
        house.call_as(&house.account_key, "POST", &path, offer).await.expect(200);
        let body = json!({ "type": "sdkGroup", "participants": [{ "userId": talks[0].0 }] });
        let group = id(&post("/conversations", body).await["conversation"]);
        let mut clients = Vec::new();
        for talk in &talks {
            clients.push(client(house, talk, &hands[0].0).await);
        }
        let device = "0123456789abcdef01234567".to_owned();
        let (talk, hand) = (&talks[0], &hands[0]);
        let ids = [
            ("app", &app),
            ("key", &app_key.id),
            ("integration key", &keys[0].id),
            ("user", &talk.0),
            ("conversation", &talk.1),
            ("group", &group),
            ("client", &clients[0]),
            ("device", &device),
            ("message", &talk.2),
            ("integration", &hand.0),
            ("webhook", &hand.1),
            ("switchboard", &board),
            ("seat", &hand.2),
            ("other_seat", &hands[1].2),
        ];
        let cousins = [
            ("client", &clients[1]),
            ("message", &talks[1].2),
            ("webhook", &hands[1].1),
            ("integration key", &keys[1].id),
        ];
        let owned = |(name, id): (&'static str, &String)| (name, id.clone());
        Self {
            ids: ids.into_iter().map(owned).collect(),
            cousins: cousins.into_iter().map(owned).collect(),
            app_key,
            own_key: keys[0].clone(),
            token: crate::oauth::grant(house, &app, &hands[0].0).await,
            sibling_key: keys[1].clone(),
        }
    }

    /// The id that stands for a placeholder of this operation.
    pub(super) fn id(&self, operation: &Described, name: &str) -> String {
        let found = self.ids.get(spelling(operation, name));
        found.unwrap_or_else(|| panic!("{}: the world has no `{name}`: make one in world.rs", operation.id)).clone()
    }

    /// The id of such a thing in the same app that belongs to another parent.
    pub(super) fn cousin(&self, operation: &Described, name: &str) -> Option<String> {
        self.cousins.get(spelling(operation, name)).cloned()
    }
}

/// The names in braces of a text, each once.
pub(super) fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<_> = text.split('{').filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
    names.retain(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    names.sort_unstable();
    names.dedup();
    names
}

/// The text with every name in braces replaced.
pub(super) fn fill(text: &str, id: impl Fn(&str) -> String) -> String {
    let fresh = FRESH.fetch_add(1, Ordering::Relaxed).to_string();
    let text = text.replace("{fresh}", &fresh);
    placeholders(&text).into_iter().fold(text.clone(), |filled, name| filled.replace(&format!("{{{name}}}"), &id(name)))
}

/// Keys of apps and keys of integrations have one name in paths, and so have conversations of both types.
fn spelling<'a>(operation: &Described, name: &'a str) -> &'a str {
    match name {
        "key" if operation.path.contains("/integrations/") => "integration key",
        "conversation" if ["JoinConversation", "LeaveConversation"].contains(&operation.id) => "group",
        _ => name,
    }
}

/// An identity of the user, as a channel would have made it.
async fn client(house: &House, (user, conversation, _): &(String, String, String), integration: &str) -> String {
    let now = Timestamp::from_millis(0);
    let made = Client {
        id: user.parse().expect("an id"),
        user: user.parse().expect("an id"),
        integration: integration.parse().expect("an id"),
        channel_type: "loop".into(),
        external_id: user.clone(),
        address: user.clone(),
        conversation: conversation.parse().expect("an id"),
        status: ClientStatus::Active,
        profile: Profile::default(),
        last_seen_at: now,
        created_at: now,
    };
    let id = made.id.to_string();
    let written = house.gateway.store().write(move |tx| {
        Box::pin(async move {
            tx.insert_client(&made);
            Ok(())
        })
    });
    written.await.expect("the row fits");
    id
}

async fn make(house: &House, path: &str, body: Value) -> Value {
    house.call_as(&house.account_key, "POST", path, body).await.expect(201)
}

fn pair(made: &Value) -> Pair {
    let secret = made["key"]["secret"].as_str().expect("a new key shows its secret");
    Pair { id: id(&made["key"]), secret: secret.to_owned() }
}
