//! A request that comes twice under one `Idempotency-Key` has its effect once, whatever it asks.

use http::Method;
use passerelle_model::id::EventId;
use passerelle_model::time::Timestamp;
use passerelle_store::NewNotice;
use serde_json::{Value, json};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::house::{House, Reply, id};

/// What paths are filled with.
struct Scene {
    user: String,
    conversation: String,
    group: String,
    integration: String,
    switchboard: String,
    webhook: String,
}

impl House {
    /// A conversation that a seat controls and that is offered to another one.
    async fn scene(&self) -> Scene {
        let (user, conversation) = self.conversation("crm-1").await;
        let hook = json!([{"target": "https://bot.example.org/hook", "triggers": []}]);
        let custom = json!({"type": "custom", "displayName": "b", "webhooks": hook});
        let made = self.call("POST", "/integrations", custom).await.expect(201)["integration"].clone();
        let (integration, webhook) = (id(&made), id(&made["webhooks"][0]));
        self.gives_up_an_event(&webhook).await;
        let switchboard = id(&self.call("POST", "/switchboards", Value::Null).await.expect(201)["switchboard"]);
        let path = format!("/switchboards/{switchboard}/switchboardIntegrations");
        for name in ["first", "second"] {
            let seat = json!({"name": name, "integrationId": integration});
            self.call("POST", &path, seat).await.expect(201);
        }
        for (action, name) in [("passControl", "first"), ("offerControl", "second")] {
            let path = format!("/conversations/{conversation}/{action}");
            self.call("POST", &path, json!({"switchboardIntegration": name})).await.expect(200);
        }
        let group = json!({"type": "sdkGroup", "participants": [{"userExternalId": "crm-1"}]});
        let group = id(&self.call("POST", "/conversations", group).await.expect(201)["conversation"]);
        self.call("POST", "/users", json!({"externalId": "crm-2"})).await.expect(201);
        Scene { user, conversation, group, integration, switchboard, webhook }
    }

    /// Every row of every table but the one that remembers requests.
    async fn picture(&self) -> Vec<String> {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("passerelle.db"));
        let mut conn = SqliteConnection::connect_with(&options).await.expect("it opens");
        // How far the desk has read is no effect of a request.
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' \
                      AND name NOT IN ('idempotency', 'desk_reader') ORDER BY name";
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut conn).await.expect("tables");
        let mut picture = Vec::new();
        for table in tables {
            let columns =
                format!("SELECT group_concat('quote(' || name || ')', '||'',''||') FROM pragma_table_info('{table}')");
            let columns: String =
                sqlx::query_scalar(sqlx::AssertSqlSafe(columns)).fetch_one(&mut conn).await.expect("columns");
            let rows = format!("SELECT '{table}: ' || {columns} FROM {table}");
            let rows: Vec<String> =
                sqlx::query_scalar(sqlx::AssertSqlSafe(rows)).fetch_all(&mut conn).await.expect("rows");
            picture.extend(rows);
        }
        picture
    }

    async fn post_with_key(&self, key: &str, path: &str, body: Value) -> Reply {
        let authorization = Self::authorization(&self.account_key);
        self.send("POST", path, &[("authorization", &authorization), ("idempotency-key", key)], body).await
    }
}

/// What is refused whenever it comes: `people::what_is_not_served_says_why`, and without a channel that can be told whom
/// to write to.
const NEVER_DONE: &[&str] = &["CreateClient", "SyncUser", "DownloadMessageRef", "SendConversionEvents"];

/// A body that the operation takes.
fn body(operation: &str) -> Value {
    let message = json!({"author": {"type": "business"}, "content": {"type": "text", "text": "hello"}});
    match operation {
        "CreateApp" | "CreateAppKey" | "CreateIntegrationKey" => json!({"displayName": "new"}),
        "CreateUser" => json!({"externalId": "new"}),
        "CreateConversation" => json!({"type": "sdkGroup", "participants": [{"userExternalId": "crm-1"}]}),
        "JoinConversation" => json!({"userExternalId": "crm-2"}),
        "LeaveConversation" => json!({"userExternalId": "crm-1"}),
        "PostActivity" => json!({"type": "conversation:read", "author": {"type": "business"}}),
        "PostMessage" => message,
        "PassControl" | "OfferControl" => json!({"switchboardIntegration": "second"}),
        "AcceptControl" | "ReleaseControl" | "CreateSwitchboard" => json!({}),
        "CreateIntegration" => json!({"type": "custom", "displayName": "c",
            "webhooks": [{"target": "https://c.example.org/hook", "triggers": []}]}),
        "CreateSwitchboardIntegration" => json!({"name": "third", "integrationType": "zd:agentWorkspace"}),
        "CreateWebhook" => json!({"target": "https://c.example.org/hook", "triggers": ["user:remove"]}),
        "ReplayDeadLetters" => json!({}),
        other => panic!("`{other}` is a new POST: give it a body here, so that its repeats are tested"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_post_that_is_sent_twice_has_one_effect_and_one_reply() {
    for described in passerelle_api::operations().filter(|described| described.method == Method::POST) {
        let (operation, template) = (described.id, described.path);
        // Files have forms for bodies: their repeats are tested beside them.
        if template.contains("/attachments") {
            continue;
        }
        if NEVER_DONE.contains(&operation) {
            continue;
        }
        let house = House::new().await;
        let scene = house.scene().await;
        // The one operation that the scene has used up is free in the other app.
        let app = if operation == "CreateSwitchboard" { house.other_app } else { house.app };
        let is_of_groups = ["JoinConversation", "LeaveConversation"].contains(&operation);
        let path = template
            .replace("{app}", &app.to_string())
            .replace("{user}", &scene.user)
            .replace("{conversation}", if is_of_groups { &scene.group } else { &scene.conversation })
            .replace("{integration}", &scene.integration)
            .replace("{switchboard}", &scene.switchboard)
            .replace("{webhook}", &scene.webhook);
        let before = house.picture().await;
        let first = house.post_with_key("k", &path, body(operation)).await;
        assert!(first.status < 300, "{operation}: {} {}", first.status, first.body);
        let after = house.picture().await;
        assert_ne!(before, after, "{operation} has an effect");
        assert!(!first.headers.contains_key("idempotency-replayed"), "{operation}");

        let second = house.post_with_key("k", &path, body(operation)).await;
        assert_eq!((second.status, &second.body), (first.status, &first.body), "{operation}");
        assert_eq!(second.headers.get("idempotency-replayed").expect("a repeat"), "true", "{operation}");

        let mut other = body(operation);
        other["another"] = true.into();
        let refused = house.post_with_key("k", &path, other).await.refused(409);
        assert_eq!(refused.1, "Idempotency-Key was used with another request", "{operation}");
        assert_eq!(house.picture().await, after, "{operation} has its effect once");
    }
}

#[tokio::test]
async fn a_key_is_its_callers_own_and_must_be_readable() {
    let house = House::new().await;
    let path = format!("/v2/apps/{}/users", house.app);
    for key in [&house.app_key, &house.account_key] {
        let authorization = House::authorization(key);
        let headers = [("authorization", authorization.as_str()), ("idempotency-key", "same")];
        house.send("POST", &path, &headers, json!({"externalId": key.id})).await.expect(201);
    }
    let refused = house.post_with_key("two words", &path, body("CreateUser")).await.refused(400);
    assert_eq!(refused.1, "Idempotency-Key should be 1 to 255 visible ASCII characters");
}

#[tokio::test]
async fn a_request_that_was_refused_may_be_sent_again_under_its_key() {
    let house = House::new().await;
    let (_, conversation) = house.conversation("crm-1").await;
    let path = format!("/v2/apps/{}/conversations/{conversation}/passControl", house.app);
    house.post_with_key("k", &path, body("PassControl")).await.refused(400);
    house.scene_switchboard().await;
    let passed = house.post_with_key("k", &path, body("PassControl")).await;
    assert!(!passed.headers.contains_key("idempotency-replayed"));
    passed.expect(200);
}

impl House {
    /// A dead letter of this webhook.
    async fn gives_up_an_event(&self, webhook: &str) {
        let now = Timestamp::from_micros(0);
        let (event, conversation, body) = (EventId::from_bytes([7; 12]), None, "{}".to_owned());
        let webhook = webhook.parse().expect("an id");
        let notice = NewNotice { webhook, event, conversation, body, give_up_at: now };
        let written = self.gateway.store().write(move |tx| {
            Box::pin(async move {
                tx.insert_notice(&notice, now);
                tx.give_up_notices(webhook, now, "the receiver cannot be reached");
                Ok(())
            })
        });
        written.await.expect("a dead letter");
    }

    async fn scene_switchboard(&self) {
        let board = id(&self.call("POST", "/switchboards", Value::Null).await.expect(201)["switchboard"]);
        let seat = json!({"name": "second", "integrationType": "zd:agentWorkspace"});
        self.call("POST", &format!("/switchboards/{board}/switchboardIntegrations"), seat).await.expect(201);
    }
}
