//! Visitors who listen: news come at once, what was missed comes after, and nobody hears what is not theirs.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::Request;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::visitor::{PAGE, Visitor, answer, widget};
use crate::house::{House, id};
use crate::live::Doors;

const PATIENCE: Duration = Duration::from_secs(60);

struct Listener(WebSocketStream<TokioIo<Upgraded>>);

impl Listener {
    async fn open(doors: &Doors, visitor: &Visitor<'_>, cursor: Option<&str>) -> Self {
        let token = visitor.token.as_deref().expect("a session");
        let auth = json!({ "type": "auth", "token": token, "pageOrigin": visitor.page, "cursor": cursor });
        let mut listener = Self::connect(doors, &visitor.widget).await;
        listener.say(&auth.to_string()).await;
        listener
    }

    async fn connect(doors: &Doors, widget: &str) -> Self {
        let stream = TcpStream::connect(doors.address).await.expect("a connection");
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("a connection");
        tokio::spawn(connection.with_upgrades());
        let request = Request::get(format!("/widget/v1/{widget}/stream"))
            .header("host", "x")
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-protocol", "passerelle.v1")
            .header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==");
        let request = request.body(axum::body::Body::empty()).expect("a request");
        let reply = sender.send_request(request).await.expect("an answer");
        assert_eq!(reply.status().as_u16(), 101);
        assert_eq!(reply.headers()["sec-websocket-protocol"], "passerelle.v1");
        let upgraded = TokioIo::new(hyper::upgrade::on(reply).await.expect("a WebSocket"));
        Self(WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await)
    }

    async fn say(&mut self, text: &str) {
        self.0.send(Message::Text(text.to_owned().into())).await.expect("said");
    }

    /// The next frame that is no sign of life; none at the end.
    async fn next(&mut self) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("the stream says something")?;
            let Ok(Message::Text(text)) = message else {
                if message.is_ok_and(|message| message.is_ping()) {
                    continue;
                }
                return None;
            };
            let frame: Value = serde_json::from_str(&text).expect("JSON");
            if frame["type"] != "heartbeat" {
                return Some(frame);
            }
        }
    }

    /// The next frame of this type.
    async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await.expect("the stream goes on");
            if frame["type"] == kind {
                return frame;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_come_at_once_and_nobody_hears_what_is_anothers() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let widget = widget(&house, json!({})).await;
    let (ada, mina) = (Visitor::here(&house, &widget).await, Visitor::here(&house, &widget).await);
    let (mut hears_ada, mut hears_mina) =
        (Listener::open(&doors, &ada, None).await, Listener::open(&doors, &mina, None).await);
    assert_eq!(hears_ada.next().await.expect("a word")["type"], "hello");
    assert_eq!(hears_mina.next().await.expect("a word")["type"], "hello");
    let conversation = ada.begins().await;
    ada.writes(&conversation, "key-0001", "hello").await;
    assert_eq!(hears_ada.next().await.expect("news")["type"], "conversation");
    let own = hears_ada.next().await.expect("news");
    assert_eq!((&own["message"]["key"], &own["conversationId"]), (&json!("key-0001"), &json!(conversation)));
    let typing = json!({ "author": { "type": "business" }, "type": "typing:start" });
    house.call("POST", &format!("/conversations/{conversation}/activity"), typing).await.expect(200);
    let sign = hears_ada.next_of("typing").await;
    assert_eq!((&sign["by"], &sign["start"]), (&json!("business"), &json!(true)));
    let answered = answer(&house, &conversation, json!({ "type": "text", "text": "hi" })).await;
    assert_eq!(hears_ada.next_of("message").await["message"]["id"], answered["id"]);
    house
        .call("DELETE", &format!("/conversations/{conversation}/messages/{}", id(&answered)), Value::Null)
        .await
        .expect(200);
    assert_eq!(hears_ada.next_of("message:deleted").await["messageId"], answered["id"]);
    let read = json!({ "author": { "type": "business" }, "type": "conversation:read" });
    house.call("POST", &format!("/conversations/{conversation}/activity"), read).await.expect(200);
    assert_eq!(hears_ada.next_of("read").await["by"], "business");
    let other = mina.begins().await;
    let first = hears_mina.next().await.expect("news");
    assert_eq!(first["conversation"]["id"], other.as_str(), "the first thing that mina hears is her own: {first}");
    doors.stop.cancel();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_missed_comes_after_and_a_foreign_cursor_is_said_to_be_one() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let widget = widget(&house, json!({})).await;
    let visitor = Visitor::here(&house, &widget).await;
    let conversation = visitor.begins().await;
    let mut listener = Listener::open(&doors, &visitor, None).await;
    let mut cursor = listener.next().await.expect("a word")["cursor"].as_str().expect("a cursor").to_owned();
    let mut heard = BTreeSet::new();
    for round in 0..20 {
        drop(listener);
        for number in 0..3 {
            answer(&house, &conversation, json!({ "type": "text", "text": format!("{round}-{number}") })).await;
        }
        listener = Listener::open(&doors, &visitor, Some(&cursor)).await;
        answer(&house, &conversation, json!({ "type": "text", "text": format!("{round}-3") })).await;
        for number in 0..4 {
            let frame = listener.next_of("message").await;
            assert_eq!(frame["message"]["content"]["text"], format!("{round}-{number}"), "in order, without a gap");
            assert!(heard.insert(frame["message"]["id"].to_string()), "nothing comes twice");
            cursor = frame["cursor"].as_str().expect("a cursor").to_owned();
        }
    }
    for odd in ["000000000000000000000001", "ffffffff7fffffffffffffff", "nonsense"] {
        let mut lost = Listener::open(&doors, &visitor, Some(odd)).await;
        assert_eq!(lost.next().await.expect("a word")["type"], "hello");
        assert_eq!(lost.next().await.expect("a word")["type"], "resync", "{odd}");
    }
    doors.stop.cancel();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_not_in_hears_nothing_and_whoever_leaves_is_told_so() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let (ours, theirs) = (widget(&house, json!({})).await, widget(&house, json!({})).await);
    let visitor = Visitor::here(&house, &ours).await;
    let token = visitor.token.clone().expect("a token");
    let said = |token: &str, page: &str| json!({ "type": "auth", "token": token, "pageOrigin": page }).to_string();
    for (widget, words) in [
        (&ours, said("pws_nonsense", PAGE)),
        (&ours, said(&token, "https://other.example")),
        (&theirs, said(&token, PAGE)),
        (&ours, "{}".to_owned()),
        (&ours, "nonsense".to_owned()),
        (&ours, json!({ "type": "hello", "token": token, "pageOrigin": PAGE }).to_string()),
    ] {
        let mut listener = Listener::connect(&doors, widget).await;
        listener.say(&words).await;
        assert_eq!(listener.next().await.map(|frame| frame["reason"].clone()), Some(json!("revoked")), "{words}");
    }
    let mut listener = Listener::open(&doors, &visitor, None).await;
    assert_eq!(listener.next().await.expect("a word")["type"], "hello");
    visitor.call("DELETE", "/session", Value::Null).await.expect(200);
    assert_eq!(listener.next().await.map(|frame| frame["reason"].clone()), Some(json!("revoked")));
    doors.stop.cancel();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_who_is_far_behind_reads_anew_and_one_with_a_full_box_misses_nothing() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let widget = widget(&house, json!({})).await;
    let visitor = Visitor::here(&house, &widget).await;
    let conversation = visitor.begins().await;
    let mut slow = Listener::open(&doors, &visitor, None).await;
    let hello = slow.next().await.expect("a word")["cursor"].as_str().expect("a cursor").to_owned();
    // More than a box holds, while nobody reads the socket.
    let large = "x".repeat(4000);
    for number in 0..300 {
        answer(&house, &conversation, json!({ "type": "text", "text": format!("{number} {large}") })).await;
    }
    for number in 0..300 {
        let frame = slow.next_of("message").await;
        let text = frame["message"]["content"]["text"].as_str().expect("a text").to_owned();
        assert!(text.starts_with(&format!("{number} ")), "{number}: {}", &text[..10]);
    }
    for number in 300..600 {
        answer(&house, &conversation, json!({ "type": "text", "text": format!("{number}") })).await;
    }
    // Two events for each message by now: more than is read for one visitor.
    let mut lost = Listener::open(&doors, &visitor, Some(&hello)).await;
    assert_eq!(lost.next().await.expect("a word")["type"], "hello");
    assert_eq!(lost.next().await.expect("a word")["type"], "resync");
    doors.stop.cancel();
}
