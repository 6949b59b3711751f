//! Agents as programs: clients of the agents' API that say what they expect.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::gateway::Gateway;
use crate::http::{Answer, Client};

/// What agents of tests sign in with.
const PASSWORD: &str = "a password of tests";
/// How the link to the first admin ends.
const LINK: &str = "/workspace/setup#token=";

/// An agent with a token.
#[derive(Clone, Debug)]
pub struct Agent {
    client: Client,
    base: String,
    authorization: String,
    /// The agent's number.
    pub id: i64,
    /// The agent's address.
    pub email: String,
}

impl Agent {
    /// The first admin, made with the link that the running gateway printed.
    pub async fn first(gateway: &Gateway) -> Result<Self> {
        let output = gateway.output();
        let token = output.rsplit(LINK).next().filter(|_| output.contains(LINK)).context("no link was printed")?;
        let token: String = token.chars().take_while(|letter| !letter.is_whitespace()).collect();
        let body = json!({ "token": token, "name": "First", "email": "first@desk.example", "password": PASSWORD });
        let url = format!("{}/api/v2/setup", gateway.base());
        let made = gateway.client().call("POST", &url, &[], Some(&body)).await?;
        Self::with_token(gateway.client().clone(), gateway.base(), &made).await
    }

    /// A colleague, made by this admin and signed in.
    pub async fn hires(&self, name: &str, role: &str, capacity: u32) -> Result<Self> {
        let email = format!("{name}@desk.example");
        let user = json!({ "name": name, "email": email, "password": PASSWORD, "role": role, "capacity": capacity });
        self.call("POST", "/users", Some(&json!({ "user": user }))).await?.expect(201)?;
        let url = format!("{}/api/v2/sessions", self.base);
        let body = json!({ "email": email, "password": PASSWORD });
        let signed_in = self.client.call("POST", &url, &[], Some(&body)).await?;
        Self::with_token(self.client.clone(), self.base.clone(), &signed_in).await
    }

    /// Makes a token in the session that an answer has begun.
    async fn with_token(client: Client, base: String, signed_in: &Answer) -> Result<Self> {
        let user = signed_in.expect(201)?["user"].clone();
        let id = user["id"].as_i64().context("an agent has a number")?;
        let email = user["email"].as_str().context("an agent has an address")?.to_owned();
        let cookie = signed_in.headers.get("set-cookie").context("a session has a cookie")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default();
        let headers = [("cookie", cookie), ("origin", base.as_str())];
        let body = json!({ "api_token": { "description": "tests" } });
        let made =
            client.call("POST", &format!("{base}/api/v2/api_tokens"), &headers, Some(&body)).await?.expect(201)?;
        let token = made["api_token"]["token"].as_str().context("a token is shown once")?;
        Ok(Self { client, base, authorization: format!("Bearer {token}"), id, email })
    }

    /// Any call below `/api/v2`.
    pub async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
        let url = format!("{}/api/v2{path}", self.base);
        self.client.call(method, &url, &[("authorization", &self.authorization)], body).await
    }

    /// The same under an `Idempotency-Key`.
    pub async fn call_once(&self, method: &str, path: &str, key: &str, body: &Value) -> Result<Answer> {
        let headers = [("authorization", self.authorization.as_str()), ("idempotency-key", key)];
        self.client.call(method, &format!("{}/api/v2{path}", self.base), &headers, Some(body)).await
    }

    /// `GET`, expecting 200.
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.call("GET", path, None).await?.expect(200).with_context(|| format!("GET {path}"))
    }

    /// `PUT`, expecting 200.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Value> {
        self.call("PUT", path, Some(body)).await?.expect(200).with_context(|| format!("PUT {path}"))
    }

    /// Conversations can be offered from now on.
    pub async fn goes_online(&self) -> Result<()> {
        self.put("/agent_availabilities/agent_statuses/agents/me", &json!({ "id": 3 })).await.map(|_| ())
    }

    /// The tickets that the agent has.
    pub async fn tickets(&self) -> Result<Vec<Value>> {
        let path = format!("/users/{}/tickets/assigned", self.id);
        match self.get(&path).await?["tickets"].as_array() {
            Some(tickets) => Ok(tickets.clone()),
            None => bail!("no list of tickets"),
        }
    }

    /// The header that the agent signs in with.
    pub fn authorization(&self) -> &str {
        &self.authorization
    }

    /// The token itself.
    pub fn token(&self) -> &str {
        self.authorization.trim_start_matches("Bearer ")
    }
}
