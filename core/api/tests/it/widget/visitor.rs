//! A visitor of the widget, as its frame is one.

use http::HeaderMap;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use passerelle_model::time::Clock;
use passerelle_store::Key;
use serde_json::{Value, json};

use crate::house::{House, Reply, id};

/// The page that embeds the widget.
pub(super) const PAGE: &str = "https://shop.example";
/// Our own origin.
pub(super) const OWN: &str = "https://gw.example.org";

/// A visitor in front of one widget.
#[derive(Clone)]
pub(super) struct Visitor<'h> {
    pub(super) house: &'h House,
    pub(super) widget: String,
    pub(super) token: Option<String>,
    pub(super) page: String,
}

/// A widget with these settings beside the page that may embed it.
pub(super) async fn widget(house: &House, mut settings: Value) -> String {
    settings["type"] = "web".into();
    settings["originWhitelist"] = json!([PAGE]);
    id(&house.call("POST", "/integrations", settings).await.expect(201)["integration"])
}

/// A token by which the page proves who the visitor is.
pub(super) fn signed(key: &Key, claims: &Value) -> String {
    let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
    encode(&header, claims, &EncodingKey::from_secret(key.secret.reveal().as_bytes())).expect("a token")
}

/// Claims that hold for ten minutes from now.
pub(super) fn claims(external_id: &str) -> Value {
    let now = Clock::system().now().as_millis() / 1000;
    json!({ "scope": "user", "external_id": external_id, "exp": now + 600, "jti": format!("{external_id}-1") })
}

impl<'h> Visitor<'h> {
    /// Somebody who has opened the page and no session.
    pub(super) fn new(house: &'h House, widget: &str) -> Self {
        Self { house, widget: widget.to_owned(), token: None, page: PAGE.to_owned() }
    }

    /// Somebody with a session.
    pub(super) async fn here(house: &'h House, widget: &str) -> Self {
        let mut visitor = Self::new(house, widget);
        visitor.open(json!({})).await;
        visitor
    }

    /// Opens a session, or goes on in a new one; gives what the frame begins with.
    pub(super) async fn open(&mut self, more: Value) -> Value {
        let opened = self.try_open(more).await.expect(201);
        self.token = Some(opened["token"].as_str().expect("a token").to_owned());
        opened["session"].clone()
    }

    /// The same, whatever comes of it.
    pub(super) async fn try_open(&self, more: Value) -> Reply {
        let mut body = json!({ "pageOrigin": self.page, "device": { "guid": "device-1" } });
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        self.call("POST", "/sessions", body).await
    }

    /// A call of the frame.
    pub(super) async fn call(&self, method: &str, path: &str, body: Value) -> Reply {
        self.call_with(&[], method, path, body).await
    }

    /// A call with further headers.
    pub(super) async fn call_with(&self, more: &[(&str, &str)], method: &str, path: &str, body: Value) -> Reply {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut headers = vec![("content-type", "application/json"), ("x-page-origin", self.page.as_str())];
        if !more.iter().any(|(name, _)| *name == "origin") {
            headers.push(("origin", OWN));
        }
        headers.extend(bearer.iter().map(|bearer| ("authorization", bearer.as_str())));
        headers.extend_from_slice(more);
        self.house.send(method, &format!("/widget/v1/{}{path}", self.widget), &headers, body).await
    }

    /// Begins a conversation, or goes on with the empty one.
    pub(super) async fn begins(&self) -> String {
        id(&self.call("POST", "/conversations", json!({})).await.expect(201)["conversation"])
    }

    /// Writes a text.
    pub(super) async fn writes(&self, conversation: &str, key: &str, text: &str) -> Value {
        let body = json!({ "key": key, "content": { "type": "text", "text": text } });
        self.call("POST", &format!("/conversations/{conversation}/messages"), body).await.expect(201)["message"].clone()
    }

    /// The texts of the newest page.
    pub(super) async fn reads(&self, conversation: &str) -> Vec<String> {
        let page = self.call("GET", &format!("/conversations/{conversation}/messages"), Value::Null).await.expect(200);
        let texts = page["messages"].as_array().expect("a list").iter();
        texts.map(|message| message["content"]["text"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// A message of the business in a conversation; gives it as the API shows it.
pub(super) async fn answer(house: &House, conversation: &str, content: Value) -> Value {
    let body = json!({ "author": { "type": "business", "displayName": "Ada" }, "content": content });
    let posted = house.call("POST", &format!("/conversations/{conversation}/messages"), body).await.expect(201);
    posted["messages"][0].clone()
}

/// A header of an answer.
pub(super) fn header<'r>(headers: &'r HeaderMap, name: &str) -> &'r str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
