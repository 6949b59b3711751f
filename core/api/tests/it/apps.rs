//! Apps: their settings, and their end.

use passerelle_model::metadata::Metadata;
use passerelle_model::time::Clock;
use passerelle_store::KeyScope;
use serde_json::{Value, json};

use crate::house::{House, id};

#[tokio::test]
async fn settings_are_kept_checked_and_used() {
    let house = House::new().await;
    let shown = house.call("GET", "", Value::Null).await.expect(200)["app"]["settings"].clone();
    assert_eq!(shown["multiConvoEnabled"], false);
    let (_, first) = house.conversation("mina").await;
    assert_eq!(house.conversation_of("mina").await, first, "a user has one personal conversation");
    let patch = json!({"displayName": "Shop", "metadata": {"n": 1},
        "settings": {"multiConvoEnabled": true, "conversationRetentionSeconds": 3600}});
    let app = house.call("PATCH", "", patch).await.expect(200)["app"].clone();
    assert_eq!((&app["displayName"], &app["metadata"]), (&json!("Shop"), &json!({"n": 1})));
    assert_eq!(app["settings"]["conversationRetentionSeconds"], 3600);
    assert_ne!(house.conversation_of("mina").await, first, "and as many as it wants when the app allows it");
    assert_eq!(house.call("GET", "", Value::Null).await.expect(200)["app"], app);
    let unset = json!({"settings": {"conversationRetentionSeconds": null}, "metadata": {"n": null}});
    let app = house.call("PATCH", "", unset).await.expect(200)["app"].clone();
    assert_eq!((&app["settings"]["conversationRetentionSeconds"], &app["metadata"]), (&json!(0), &json!({})));
    for (body, says) in [
        (json!({"settings": {"multiConvoEnabled": false}}), "cannot be turned off again"),
        (json!({"settings": {"multiConvoEnabled": null}}), "cannot be turned off again"),
        (json!({"settings": {"conversationRetentionSeconds": -1}}), "should be integer"),
        (json!({"settings": {"echoPostback": "yes"}}), "should be boolean"),
        (json!({"settings": []}), "should be object"),
        (json!({"displayName": ""}), "shorter than 1"),
        (json!({"displayName": "x".repeat(101)}), "longer than 100"),
        (json!({"displayName": null}), "required property"),
    ] {
        let (code, title) = house.call("PATCH", "", body.clone()).await.refused(400);
        assert!(code == "bad_request" && title.contains(says), "{body}: {title}");
    }
}

#[tokio::test]
async fn a_deleted_app_opens_to_nobody_and_leaves_nothing() {
    let house = House::new().await;
    let made = json!({"displayName": "Gone", "settings": {"echoPostback": true}});
    let made = house.call_as(&house.account_key, "POST", "/v2/apps", made).await.expect(201)["app"].clone();
    assert_eq!(made["settings"]["echoPostback"], true);
    let (path, app) = (format!("/v2/apps/{}", id(&made)), id(&made).parse().expect("an id"));
    let key = passerelle_api::mint::key(KeyScope::App(app), "k", Clock::system().now()).expect("a key");
    house.gateway.store().create_key(&key).await.expect("stored");
    let user = json!({"externalId": "mina"});
    house.call_as(&key, "POST", &format!("{path}/users"), user).await.expect(201);
    let conversation = json!({"type": "personal", "participants": [{"userExternalId": "mina"}]});
    house.call_as(&key, "POST", &format!("{path}/conversations"), conversation).await.expect(201);
    let custom = json!({"type": "custom", "displayName": "Bot", "webhooks": [
        {"target": "https://bot.example.org", "triggers": ["conversation:message"]}]});
    house.call_as(&key, "POST", &format!("{path}/integrations"), custom).await.expect(201);

    assert_eq!(house.call_as(&key, "DELETE", &path, Value::Null).await.refused(403).0, "forbidden");
    house.call_as(&house.account_key, "DELETE", &path, Value::Null).await.expect(200);
    assert_eq!(house.call_as(&key, "GET", &path, Value::Null).await.refused(401).0, "unauthorized");
    assert_eq!(house.call_as(&house.account_key, "GET", &path, Value::Null).await.refused(404).0, "app_not_found");
    let store = house.gateway.store();
    house.until(async || store.next_removal().await.expect("a read").is_none()).await;
    assert!(store.events(app, None, 0, 10).await.expect("a read").is_empty());
    assert_eq!(store.integrity().await.expect("a read"), Vec::<String>::new());
    assert!(store.app(house.app).await.expect("a read").is_some_and(|app| app.metadata == Metadata::default()));
}

#[tokio::test]
async fn service_accounts_are_nobodys() {
    let house = House::new().await;
    let path = "/v2/apps?filter[serviceAccountId]=0123456789abcdef01234567";
    let (code, title) = house.call_as(&house.account_key, "GET", path, Value::Null).await.refused(403);
    assert_eq!(code, "forbidden");
    assert_eq!(title, "The serviceAccountId provided does not match supplied credentials");
}
