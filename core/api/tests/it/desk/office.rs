//! An app with a desk: a bot that passes on, a seat for agents, and agents who sign in.

use passerelle_model::desk::{GroupId, PersonId, Role};
use passerelle_model::id::AppId;
use passerelle_model::time::Timestamp;
use passerelle_store::NewAgent;
use serde_json::{Value, json};

use crate::house::{House, Reply, id};

pub(super) const OWN: &str = "https://gw.example.org";
pub(super) const PASSWORD: &str = "a long password";

/// A house with a desk.
pub(super) struct Office {
    pub(super) house: House,
}

/// An agent in a browser.
#[derive(Clone)]
pub(super) struct Agent {
    pub(super) id: i64,
    pub(super) cookie: String,
}

impl Office {
    pub(super) async fn new() -> Self {
        Self::in_house(House::new().await).await
    }

    /// A desk in this house.
    pub(super) async fn in_house(house: House) -> Self {
        let board = id(&house.call("POST", "/switchboards", Value::Null).await.expect(201)["switchboard"]);
        let seats = format!("/switchboards/{board}/switchboardIntegrations");
        let webhook = json!({ "target": "https://bot.example.org/hook", "triggers": [] });
        let custom = json!({ "type": "custom", "displayName": "bot", "webhooks": [webhook] });
        let bot = house.call("POST", "/integrations", custom).await.expect(201);
        let bot = json!({ "name": "bot", "integrationId": id(&bot["integration"]) });
        let bot = id(&house.call("POST", &seats, bot).await.expect(201)["switchboardIntegration"]);
        let agents = json!({ "name": "agents", "integrationType": "zd:agentWorkspace" });
        house.call("POST", &seats, agents).await.expect(201);
        let default = json!({ "enabled": true, "defaultSwitchboardIntegrationId": bot });
        house.call("PATCH", &format!("/switchboards/{board}"), default).await.expect(200);
        Self { house }
    }

    /// An agent of the house's app, signed in.
    pub(super) async fn agent(&self, name: &str, role: Role) -> Agent {
        self.agent_of(self.house.app, name, role).await
    }

    pub(super) async fn agent_of(&self, app: AppId, name: &str, role: Role) -> Agent {
        let id = self.hire(app, name, role).await;
        Agent { id: id.0, cookie: self.cookie(&email(name)).await }
    }

    async fn hire(&self, app: AppId, name: &str, role: Role) -> PersonId {
        let password = passerelle_desk::hash(PASSWORD).expect("a hash");
        let new = NewAgent { app, email: email(name), name: name.to_owned(), role, password, capacity: 5 };
        let made = self
            .house
            .gateway
            .store()
            .write(move |tx| Box::pin(async move { tx.insert_agent(&new, Timestamp::from_millis(0)).await }));
        made.await.expect("an agent")
    }

    /// A group with these agents.
    pub(super) async fn group(&self, app: AppId, name: &'static str) -> GroupId {
        let made = self.house.gateway.store().write(move |tx| {
            Box::pin(async move { tx.insert_agent_group(app, name, "", Timestamp::from_millis(0)).await })
        });
        made.await.expect("a group")
    }

    async fn cookie(&self, email: &str) -> String {
        let reply = self.sign_in(json!({ "email": email, "password": PASSWORD })).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        cookie_of(&reply)
    }

    pub(super) async fn sign_in(&self, body: Value) -> Reply {
        self.house.send("POST", "/api/v2/sessions", &[("origin", OWN)], body).await
    }

    /// A call of an agent's browser.
    pub(super) async fn call(&self, agent: &Agent, method: &str, path: &str, body: Value) -> Reply {
        let headers = [("cookie", agent.cookie.as_str()), ("origin", OWN)];
        self.house.send(method, &format!("/api/v2{path}"), &headers, body).await
    }

    /// A customer writes, and control goes to the agents: the conversation and its ticket.
    pub(super) async fn customer(&self, name: &str, text: &str) -> (String, i64) {
        let (_, conversation) = self.house.conversation(name).await;
        self.writes(&conversation, name, text).await;
        self.passes(&conversation).await;
        (conversation.clone(), self.ticket_of(&conversation).await)
    }

    pub(super) async fn writes(&self, conversation: &str, name: &str, text: &str) {
        let author = json!({ "type": "user", "userExternalId": name });
        let message = json!({ "author": author, "content": { "type": "text", "text": text } });
        self.house.call("POST", &format!("/conversations/{conversation}/messages"), message).await.expect(201);
    }

    /// Control goes to the agents, with what the bot captured.
    pub(super) async fn passes(&self, conversation: &str) {
        let metadata = json!({ "dataCapture.ticketField.order": "4711" });
        let body = json!({ "switchboardIntegration": "agents", "metadata": metadata });
        self.house.call("POST", &format!("/conversations/{conversation}/passControl"), body).await.expect(200);
    }

    /// The ticket of a conversation, as soon as there is one.
    pub(super) async fn ticket_of(&self, conversation: &str) -> i64 {
        let conversation = conversation.parse().expect("an id");
        let found = async || {
            let store = self.house.gateway.store();
            store.living_ticket(self.house.app, conversation).await.expect("a read").map(|ticket| ticket.id.0)
        };
        self.house.until(async || found().await.is_some()).await;
        found().await.expect("a ticket")
    }

    /// An agent can be offered tickets from now on.
    pub(super) async fn goes_online(&self, agent: &Agent) {
        let path = "/agent_availabilities/agent_statuses/agents/me";
        self.call(agent, "PUT", path, json!({ "id": 3 })).await.expect(200);
    }

    /// The first offer of an agent, as soon as there is one.
    pub(super) async fn offer_to(&self, agent: &Agent) -> Value {
        let first = async || self.call(agent, "GET", "/offers", Value::Null).await.expect(200)["offers"][0].clone();
        self.house.until(async || !first().await.is_null()).await;
        first().await
    }

    /// What the customer can read.
    pub(super) async fn read(&self, conversation: &str) -> Vec<String> {
        let path = format!("/conversations/{conversation}/messages");
        let shown = self.house.call("GET", &path, Value::Null).await.expect(200);
        let messages = shown["messages"].as_array().expect("messages").iter();
        messages.map(|message| message["content"]["text"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

pub(super) fn email(name: &str) -> String {
    format!("{name}@shop.example")
}

/// The cookie that a reply sets, as the browser sends it back.
pub(super) fn cookie_of(reply: &Reply) -> String {
    let set = reply.headers["set-cookie"].to_str().expect("text");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Secure"), "{set}");
    set.split(';').next().expect("a pair").to_owned()
}

/// The problem's word and, where a field is at fault, its name.
pub(super) fn problem(reply: Reply, status: u16) -> (String, Option<String>) {
    let body = reply.expect(status);
    let field = body["details"].as_object().and_then(|details| details.keys().next().cloned());
    (body["error"].as_str().expect("a problem").to_owned(), field)
}
