//! A conversation from its first user to its last message, in the shapes that official clients read.

use serde_json::{Value, json};

use crate::house::{House, id};

#[tokio::test]
async fn a_user_is_made_read_changed_and_forgotten() {
    let house = House::new().await;
    let body = json!({"externalId": "crm/47@x", "signedUpAt": "2025-03-01T08:00:00Z", "metadata": {"tier": "gold"},
        "profile": {"givenName": "Mina", "email": "mina@example.org", "surname": ""}});
    let made = house.call("POST", "/users", body.clone()).await.expect(201)["user"].clone();
    assert_eq!(made["profile"], json!({"givenName": "Mina", "email": "mina@example.org"}));
    assert_eq!(made["signedUpAt"], "2025-03-01T08:00:00.000Z");
    assert_eq!(house.call("POST", "/users", body).await.refused(409).0, "conflict");
    for path in [format!("/users/{}", id(&made)), "/users/crm%2F47%40x".to_owned()] {
        assert_eq!(house.call("GET", &path, Value::Null).await.expect(200)["user"], made);
    }
    let patch = json!({"profile": {"givenName": null, "locale": "fr"}, "metadata": {"tier": null, "n": 3}});
    let changed = house.call("PATCH", "/users/crm%2F47%40x", patch).await.expect(200)["user"].clone();
    assert_eq!(changed["profile"], json!({"email": "mina@example.org", "locale": "fr"}));
    assert_eq!(changed["metadata"], json!({"n": 3}));
    assert_eq!(house.call("DELETE", "/users/crm%2F47%40x", Value::Null).await.expect(200), json!({}));
    assert_eq!(house.call("GET", "/users/crm%2F47%40x", Value::Null).await.refused(404).0, "user_not_found");
}

#[tokio::test]
async fn messages_are_written_and_read_page_by_page() {
    let house = House::new().await;
    let (user, conversation) = house.conversation("crm-1").await;
    let path = format!("/conversations/{conversation}/messages");
    let mut ids = Vec::new();
    for number in 0..103 {
        let author =
            if number % 2 == 0 { json!({"type": "business"}) } else { json!({"type": "user", "userId": user}) };
        let body = json!({"author": author, "content": {"type": "text", "text": format!("n{number}")}});
        let made = house.call("POST", &path, body).await.expect(201)["messages"][0].clone();
        assert_eq!(made["source"]["type"], "api:conversations");
        ids.push(id(&made));
    }
    let newest = house.call("GET", &format!("{path}?page%5Bsize%5D=5"), Value::Null).await.expect(200);
    let shown: Vec<_> = newest["messages"].as_array().expect("a list").iter().map(id).collect();
    assert_eq!(shown, ids[3..]);
    assert_eq!(newest["meta"], json!({"hasMore": true, "beforeCursor": ids[3]}));
    let link = format!("https://gw.example.org/v2/apps/{}{path}?page[before]={}", house.app, ids[3]);
    assert_eq!(newest["links"], json!({ "prev": link }));
    let older = house
        .call(
            "GET",
            &format!("{path}?page={{\"before\":\"{}\"}}", ids[3])
                .replace('"', "%22")
                .replace('{', "%7B")
                .replace('}', "%7D"),
            Value::Null,
        )
        .await;
    let older = older.expect(200);
    let shown: Vec<_> = older["messages"].as_array().expect("a list").iter().map(id).collect();
    assert_eq!(shown, ids[..3]);
    assert_eq!(older["meta"]["hasMore"], false);
    let sequence: Vec<_> = newest["messages"].as_array().expect("a list").iter().map(|m| m["seq"].as_u64()).collect();
    assert!(sequence.is_sorted(), "{sequence:?}");
}

#[tokio::test]
async fn a_conversation_is_listed_changed_read_and_left() {
    let house = House::new().await;
    let (user, conversation) = house.conversation("crm-1").await;
    for filter in [format!("filter[userId]={user}"), "filter%5BuserExternalId%5D=crm-1".to_owned()] {
        let listed = house.call("GET", &format!("/conversations?{filter}"), Value::Null).await.expect(200);
        assert_eq!(id(&listed["conversations"][0]), conversation);
        assert_eq!(listed["meta"], json!({"hasMore": false}));
    }
    let path = format!("/conversations/{conversation}");
    let changed = house.call("PATCH", &path, json!({"displayName": "Order 7", "metadata": {"a": true}})).await;
    assert_eq!(changed.expect(200)["conversation"]["displayName"], "Order 7");
    let body = json!({"author": {"type": "business"}, "content": {"type": "text", "text": "hi"}});
    house.call("POST", &format!("{path}/messages"), body).await.expect(201);
    let before = house.call("GET", &format!("{path}/participants"), Value::Null).await.expect(200);
    assert_eq!(before["participants"][0]["unreadCount"], 1);
    let read = json!({"type": "conversation:read", "author": {"type": "user", "userId": user}});
    assert_eq!(house.call("POST", &format!("{path}/activity"), read).await.expect(200), json!({}));
    let after = house.call("GET", &format!("{path}/participants"), Value::Null).await.expect(200);
    assert_eq!(after["participants"][0]["unreadCount"], 0);
    assert_eq!(house.call("DELETE", &path, Value::Null).await.refused(400).0, "bad_request");
    house.call("DELETE", &format!("{path}/messages"), Value::Null).await.expect(200);
}

/// A token signed with the app's key.
pub(crate) fn token(house: &House, scope: &str) -> String {
    let header = jsonwebtoken::Header {
        kid: Some(house.app_key.id.clone()),
        ..jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256)
    };
    let key = jsonwebtoken::EncodingKey::from_secret(house.app_key.secret.reveal().as_bytes());
    jsonwebtoken::encode(&header, &json!({ "scope": scope }), &key).expect("a token")
}
