//! A client of the Conversations API that says what it expects.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::gateway::Access;
use crate::http::{Answer, Client};

/// Messages asked for at once: the largest page.
const PAGE: usize = 100;

/// One caller of one app.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    access: Access,
    authorization: String,
}

impl Api {
    /// Calls with this key.
    pub fn new(client: Client, access: Access) -> Self {
        let authorization = format!("Basic {}", base64(format!("{}:{}", access.key, access.secret).as_bytes()));
        Self { client, access, authorization }
    }

    /// The app's id.
    pub fn app(&self) -> &str {
        &self.access.app
    }

    /// The key and where it works.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Any call below `/v2/apps/{app}`.
    pub async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
        let url = format!("{}/v2/apps/{}{path}", self.access.base, self.access.app);
        self.client.call(method, &url, &[("authorization", &self.authorization)], body).await
    }

    /// The same under an `Idempotency-Key`.
    pub async fn call_once(&self, method: &str, path: &str, key: &str, body: &Value) -> Result<Answer> {
        let url = format!("{}/v2/apps/{}{path}", self.access.base, self.access.app);
        let headers = [("authorization", self.authorization.as_str()), ("idempotency-key", key)];
        self.client.call(method, &url, &headers, Some(body)).await
    }

    /// `GET`, expecting 200.
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.call("GET", path, None).await?.expect(200).with_context(|| format!("GET {path}"))
    }

    /// `POST` that makes something, expecting 201.
    pub async fn create(&self, path: &str, body: &Value) -> Result<Value> {
        self.call("POST", path, Some(body)).await?.expect(201).with_context(|| format!("POST {path}"))
    }

    /// `POST` that does something, expecting 200.
    pub async fn act(&self, path: &str, body: &Value) -> Result<Value> {
        self.call("POST", path, Some(body)).await?.expect(200).with_context(|| format!("POST {path}"))
    }

    /// `PATCH`, expecting 200.
    pub async fn change(&self, path: &str, body: &Value) -> Result<Value> {
        self.call("PATCH", path, Some(body)).await?.expect(200).with_context(|| format!("PATCH {path}"))
    }

    /// Every message of a conversation, oldest first.
    pub async fn messages(&self, conversation: &str) -> Result<Vec<Value>> {
        let mut pages = Vec::new();
        let mut before = String::new();
        loop {
            let page = self.get(&format!("/conversations/{conversation}/messages?page[size]={PAGE}{before}")).await?;
            let rows = page["messages"].as_array().cloned().unwrap_or_default();
            let more = page["meta"]["hasMore"].as_bool().unwrap_or(false);
            let oldest = rows.first().and_then(|row| row["id"].as_str()).map(str::to_owned);
            pages.push(rows);
            match oldest {
                Some(id) if more => before = format!("&page[before]={id}"),
                _ => return Ok(pages.into_iter().rev().flatten().collect()),
            }
        }
    }

    /// The texts of a conversation with `user: ` or `business: ` in front, oldest first.
    pub async fn transcript(&self, conversation: &str) -> Result<Vec<String>> {
        let messages = self.messages(conversation).await?;
        Ok(messages.iter().map(|message| format!("{}: {}", author(message), text(message))).collect())
    }

    /// The business writes.
    pub async fn answers(&self, conversation: &str, text: &str) -> Result<Value> {
        let body = json!({
            "author": { "type": "business", "displayName": "Grace" },
            "content": { "type": "text", "text": text },
        });
        let answer = self.create(&format!("/conversations/{conversation}/messages"), &body).await?;
        Ok(answer["messages"][0].clone())
    }

    /// Makes an integration of an installed plugin and gives its id.
    pub async fn integrates(&self, plugin: &str, settings: Value, secrets: Value) -> Result<String> {
        let body = json!({
            "type": "custom", "plugin": plugin, "displayName": plugin, "settings": settings, "secrets": secrets,
        });
        id_of(&self.create("/integrations", &body).await?["integration"])
    }

    /// Makes the app's switchboard with these seats, each naming its integration; the first is the default and the
    /// others follow each other as `next`. Gives the switchboard's id.
    pub async fn switchboard(&self, seats: &[(&str, &str)]) -> Result<String> {
        let made = self.call("POST", "/switchboards", None).await?.expect(201)?;
        let board = id_of(&made["switchboard"])?;
        let mut next: Option<String> = None;
        for (name, integration) in seats.iter().rev() {
            let mut seat = json!({ "name": name, "integrationId": integration, "deliverStandbyEvents": false });
            if let Some(next) = &next {
                seat["nextSwitchboardIntegrationId"] = json!(next);
            }
            let made = self.create(&format!("/switchboards/{board}/switchboardIntegrations"), &seat).await?;
            next = Some(id_of(&made["switchboardIntegration"])?);
        }
        let first = next.context("at least one seat")?;
        let change = json!({ "enabled": true, "defaultSwitchboardIntegrationId": first });
        self.change(&format!("/switchboards/{board}"), &change).await?;
        Ok(board)
    }
}

/// Who wrote a message: `user` or `business`.
pub fn author(message: &Value) -> &str {
    message["author"]["type"].as_str().unwrap_or("nobody")
}

/// The text of a message.
pub fn text(message: &Value) -> &str {
    message["content"]["text"].as_str().unwrap_or_default()
}

/// The `id` of an object.
pub fn id_of(object: &Value) -> Result<String> {
    match object["id"].as_str() {
        Some(id) => Ok(id.to_owned()),
        None => bail!("no id in {object}"),
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
