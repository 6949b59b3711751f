//! What an integration's key reaches, by its own id and by `me`. The rest of the walls is in `matrix`.

use passerelle_api::mint;
use passerelle_model::time::Timestamp;
use passerelle_store::KeyScope;
use serde_json::{Value, json};

use crate::house::House;

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
