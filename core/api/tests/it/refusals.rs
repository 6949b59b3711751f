//! What a caller gets who asks for the wrong thing: always JSON, always the envelope, never a redirect.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use crate::conversations::token;
use crate::house::House;

#[tokio::test]
async fn unknown_things_have_their_codes() {
    let house = House::new().await;
    let none = "0123456789abcdef01234567";
    for (path, code) in [
        ("/users/nobody".to_owned(), "user_not_found"),
        (format!("/conversations/{none}"), "conversation_not_found"),
        ("/conversations/short".to_owned(), "conversation_not_found"),
        (format!("/conversations/{none}/messages"), "conversation_not_found"),
        (format!("/integrations/{none}"), "integration_not_found"),
        (format!("/switchboards/{none}/switchboardIntegrations"), "switchboard_not_found"),
        ("/nonsense".to_owned(), "not_found"),
    ] {
        assert_eq!(house.call("GET", &path, Value::Null).await.refused(404).0, code, "{path}");
    }
    let path = format!("/v2/apps/{none}/users/x");
    assert_eq!(house.call_as(&house.account_key, "GET", &path, Value::Null).await.refused(404).0, "app_not_found");
    for path in ["/", "/v2", "/v2/nonsense", "/v1/apps"] {
        assert_eq!(house.send("GET", path, &[], Value::Null).await.refused(404).0, "not_found", "{path}");
    }
    let wrong_method = format!("/v2/apps/{}/users", house.app);
    assert_eq!(house.call_as(&house.app_key, "PUT", &wrong_method, Value::Null).await.refused(404).0, "not_found");
}

#[tokio::test]
async fn strangers_are_told_nothing() {
    let house = House::new().await;
    let path = format!("/v2/apps/{}/users/x", house.app);
    let fresh = |header: &str| header.to_owned();
    for header in [
        fresh("Basic YTpi"),
        fresh("Basic"),
        format!("Bearer {}", token(&house, "account")),
        format!("Bearer {}x", token(&house, "app")),
        fresh("Bearer opaque"),
    ] {
        let reply = house.send("GET", &path, &[("authorization", &header)], Value::Null).await;
        assert_eq!(reply.refused(401), ("unauthorized".to_owned(), "Authorization is required".to_owned()), "{header}");
    }
    assert_eq!(house.send("GET", &path, &[], Value::Null).await.status, 401);
    let good = format!("Bearer {}", token(&house, "app"));
    assert_eq!(house.send("GET", &path, &[("authorization", &good)], Value::Null).await.status, 404);
}

#[tokio::test]
async fn bodies_are_checked_before_anything_happens() {
    let house = House::new().await;
    let (_, conversation) = house.conversation("crm-1").await;
    let messages = format!("/conversations/{conversation}/messages");
    for (path, body, title) in [
        ("/users", json!({}), "should have required property 'externalId'"),
        ("/conversations", json!({"type": "personal", "participants": [{}]}), "userId or userExternalId is required"),
        ("/conversations", json!({"type": "personal", "participants": [null]}), "participants[0] should be object"),
        (
            messages.as_str(),
            json!({"content": null, "author": {"type": "business"}}),
            "should have required property 'content'",
        ),
        (
            messages.as_str(),
            json!({"author": {"type": "bot"}, "content": {}}),
            "author.type should be business or user",
        ),
        ("/integrations", json!({"type": "custom"}), "should have required property 'webhooks'"),
        ("/integrations", json!({"type": "carrier-pigeon"}), "Invalid integration type"),
        ("/integrations", json!({"type": "custom", "plugin": "nowhere"}), "plugin `nowhere` is not installed"),
    ] {
        assert_eq!(house.call("POST", path, body).await.refused(400).1, title, "{path}");
    }
    let list = format!("{messages}?page[after]=1&page[before]=2");
    assert_eq!(house.call("GET", &list, Value::Null).await.refused(400).1, "Invalid page query parameters");
    assert_eq!(house.call("GET", "/conversations", Value::Null).await.refused(400).1, "Invalid query parameters");
    let long = json!({"externalId": "x".repeat(100_001)});
    let reply = house.call("POST", "/users", long).await;
    assert!(!reply.headers.contains_key("retry-after"));
    assert_eq!(reply.refused(413).0, "payload_too_large");
    let broken = house.call("POST", "/users", json!("text")).await.refused(400).1;
    assert_eq!(broken, "body should be object");
}

#[tokio::test]
async fn webhooks_of_nobody_are_refused() {
    let house = House::new().await;
    for path in ["/webhooks/short", "/webhooks/0123456789abcdef01234567", "/webhooks/0123456789abcdef01234567/x/y"] {
        assert_eq!(house.send("POST", path, &[], json!({})).await.refused(404).0, "integration_not_found", "{path}");
    }
    let large = Request::post("/webhooks/0123456789abcdef01234567").body(Body::from("x".repeat(1001)));
    assert_eq!(house.answer(large.expect("a request")).await.refused(413).0, "payload_too_large");
}

#[tokio::test]
async fn probes_tell_the_truth() {
    let house = House::new().await;
    assert_eq!(house.send("GET", "/healthz", &[], Value::Null).await.status, 200);
    assert_eq!(house.send("GET", "/readyz", &[], Value::Null).await.status, 200);
    assert_eq!(house.send("GET", "/version", &[], Value::Null).await.expect(200), json!({"version": "0.0.0-test"}));
    let metrics = house.send("GET", "/metrics", &[], Value::Null).await;
    assert_eq!(metrics.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    house.draining.cancel();
    let reply = house.send("GET", "/readyz", &[], Value::Null).await;
    assert_eq!(reply.headers["retry-after"], "1");
    assert_eq!(reply.status, 503);
    assert_eq!(house.send("GET", "/healthz", &[], Value::Null).await.status, 200);
}
