//! Apps are walls: keys of one app, and ids of another, open nothing.

use passerelle_api::mint;
use passerelle_model::time::Timestamp;
use passerelle_store::KeyScope;
use serde_json::{Value, json};

use crate::house::House;

#[tokio::test]
async fn a_key_opens_its_own_app_only() {
    let house = House::new().await;
    let foreign = format!("/v2/apps/{}", house.other_app);
    for (method, path) in [("GET", "/users/x"), ("POST", "/users"), ("GET", "/integrations"), ("GET", "")] {
        let reply =
            house.call_as(&house.app_key, method, &format!("{foreign}{path}"), json!({"externalId": "x"})).await;
        assert_eq!(reply.refused(403).0, "forbidden", "{method} {path}");
    }
    assert_eq!(house.call_as(&house.account_key, "GET", &foreign, Value::Null).await.status, 200);
}

#[tokio::test]
async fn ids_of_one_app_mean_nothing_in_another() {
    let house = House::new().await;
    let (user, conversation) = house.conversation("crm-1").await;
    let integration = house
        .call(
            "POST",
            "/integrations",
            json!({"type": "custom", "displayName": "b", "webhooks": [
            {"target": "https://bot.example.org/hook", "triggers": []}]}),
        )
        .await
        .expect(201)["integration"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let message = json!({"author": {"type": "business"}, "content": {"type": "text", "text": "x"}});
    for (method, path, body) in [
        ("GET", format!("/users/{user}"), Value::Null),
        ("PATCH", format!("/users/{user}"), json!({})),
        ("DELETE", format!("/users/{user}"), Value::Null),
        ("GET", format!("/users/{user}/clients"), Value::Null),
        ("GET", format!("/conversations/{conversation}"), Value::Null),
        ("PATCH", format!("/conversations/{conversation}"), json!({})),
        ("GET", format!("/conversations/{conversation}/messages"), Value::Null),
        ("POST", format!("/conversations/{conversation}/messages"), message),
        ("GET", format!("/conversations/{conversation}/participants"), Value::Null),
        ("POST", format!("/conversations/{conversation}/passControl"), json!({"switchboardIntegration": "next"})),
        ("GET", format!("/conversations?filter[userId]={user}"), Value::Null),
        ("GET", format!("/integrations/{integration}"), Value::Null),
        ("DELETE", format!("/integrations/{integration}"), Value::Null),
    ] {
        let path = format!("/v2/apps/{}{path}", house.other_app);
        assert_eq!(house.call_as(&house.account_key, method, &path, body).await.status, 404, "{method} {path}");
    }
}

#[tokio::test]
async fn an_integration_key_reaches_conversations_but_not_the_house() {
    let house = House::new().await;
    let webhook = json!({"target": "https://bot.example.org/hook", "triggers": []});
    let mut ids = Vec::new();
    for name in ["mine", "yours"] {
        let body = json!({"type": "custom", "displayName": name, "webhooks": [webhook]});
        let made = house.call("POST", "/integrations", body).await.expect(201);
        ids.push(made["integration"]["id"].as_str().expect("an id").to_owned());
    }
    let scope = KeyScope::Integration(house.app, ids[0].parse().expect("an id"));
    let key = mint::key(scope, "int", Timestamp::from_millis(0)).expect("a key");
    house.gateway.store().create_key(&key).await.expect("stored");
    let (_, conversation) = house.conversation("crm-1").await;
    let base = format!("/v2/apps/{}", house.app);
    for (path, status) in [
        (format!("/conversations/{conversation}"), 200),
        ("/integrations/me/webhooks".to_owned(), 200),
        (format!("/integrations/{}/webhooks", ids[0]), 200),
        (format!("/integrations/{}/webhooks", ids[1]), 403),
        ("/integrations".to_owned(), 403),
        (format!("/integrations/{}", ids[0]), 403),
        ("/switchboards".to_owned(), 403),
        ("/keys".to_owned(), 403),
        (String::new(), 403),
    ] {
        let reply = house.call_as(&key, "GET", &format!("{base}{path}"), Value::Null).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
    }
}
