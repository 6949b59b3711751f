//! Users, their identities and devices, and who belongs to a group.

use serde_json::{Value, json};

use crate::house::{House, id};

#[tokio::test]
async fn a_user_is_found_by_the_addresses_that_are_known() {
    let house = House::new().await;
    let body = json!({"externalId": "mina", "toBeRetained": true, "profile": {"email": "Mina@Example.org"}});
    let made = house.call("POST", "/users", body).await.expect(201)["user"].clone();
    assert_eq!(
        made["identities"],
        json!([{"type": "email", "value": "Mina@Example.org", "verification": "unverified"}])
    );
    assert_eq!((&made["toBeRetained"], &made["authenticated"]), (&json!(true), &json!(false)));
    let find = async |email: &str| {
        let path = format!("/users?filter[identities.email]={email}");
        house.call("GET", &path, Value::Null).await.expect(200)["users"].clone()
    };
    assert_eq!(find("mina@example.org").await, json!([made]));
    assert_eq!(find("other@example.org").await, json!([]));
    assert_eq!(house.call("GET", "/users", Value::Null).await.refused(400).1, "Invalid query parameters");
    let changed = json!({"toBeRetained": null, "profile": {"email": null}});
    let changed = house.call("PATCH", "/users/mina", changed).await.expect(200)["user"].clone();
    assert_eq!((&changed["identities"], &changed["toBeRetained"]), (&json!([]), &Value::Null));
    assert_eq!(find("mina@example.org").await, json!([]));
}

#[tokio::test]
async fn a_wiped_user_keeps_its_name_for_the_business_and_its_messages() {
    let house = House::new().await;
    let (user, conversation) = house.conversation("mina").await;
    let known = json!({"profile": {"givenName": "Mina", "surname": "O", "email": "m@example.org", "locale": "fr",
        "avatarUrl": "https://example.org/a.png"}, "metadata": {"tier": "gold"}});
    house.call("PATCH", "/users/mina", known).await.expect(200);
    let message = json!({"author": {"type": "user", "userId": user}, "content": {"type": "text", "text": "hi"}});
    let messages = format!("/conversations/{conversation}/messages");
    house.call("POST", &messages, message).await.expect(201);
    let wiped = house.call("DELETE", "/users/mina/personalinformation", Value::Null).await.expect(200)["user"].clone();
    assert_eq!((&wiped["externalId"], &wiped["profile"]), (&json!("mina"), &json!({"locale": "fr"})));
    assert_eq!((&wiped["metadata"], &wiped["identities"]), (&json!({}), &json!([])));
    let kept = house.call("GET", &messages, Value::Null).await.expect(200);
    assert_eq!(kept["messages"][0]["content"]["text"], "hi");
}

#[tokio::test]
async fn a_deleted_user_is_gone_at_once_and_its_name_is_free() {
    let house = House::new().await;
    let (user, conversation) = house.conversation("mina").await;
    house.call("DELETE", "/users/mina", Value::Null).await.expect(200);
    assert_eq!(house.call("GET", &format!("/users/{user}"), Value::Null).await.refused(404).0, "user_not_found");
    for path in ["", "/messages", "/participants"] {
        let reply = house.call("GET", &format!("/conversations/{conversation}{path}"), Value::Null).await;
        assert_eq!(reply.refused(404).0, "conversation_not_found", "{path}");
    }
    let (again, _) = house.conversation("mina").await;
    assert_ne!(again, user);
}

#[tokio::test]
async fn a_group_is_joined_and_left() {
    let house = House::new().await;
    let (mina, personal) = house.conversation("mina").await;
    let (ada, _) = house.conversation("ada").await;
    let group = json!({"type": "sdkGroup", "participants": [{"userId": mina}]});
    let group = id(&house.call("POST", "/conversations", group).await.expect(201)["conversation"]);
    let (join, leave) = (format!("/conversations/{group}/join"), format!("/conversations/{group}/leave"));
    let member = house.call("POST", &join, json!({"userExternalId": "ada"})).await.expect(201)["participant"].clone();
    assert_eq!(
        (&member["userId"], &member["userExternalId"], &member["unreadCount"], &member["clientAssociations"]),
        (&json!(ada), &json!("ada"), &json!(0), &json!([]))
    );
    // Once more changes nothing.
    assert_eq!(house.call("POST", &join, json!({"userId": ada})).await.expect(201)["participant"], member);
    let members = async || {
        let listed = house.call("GET", &format!("/conversations/{group}/participants"), Value::Null).await.expect(200);
        listed["participants"].as_array().expect("a list").len()
    };
    assert_eq!(members().await, 2);
    house.call("POST", &leave, json!({"participantId": member["id"]})).await.expect(200);
    house.call("POST", &leave, json!({"userExternalId": "mina"})).await.expect(200);
    assert_eq!(members().await, 0);
    for (path, body, status, code) in [
        (leave.clone(), json!({"userId": mina}), 404, "not_found"),
        (leave, json!({}), 400, "bad_request"),
        (join.clone(), json!({}), 400, "bad_request"),
        (join, json!({"userExternalId": "nobody"}), 404, "user_not_found"),
        (format!("/conversations/{personal}/join"), json!({"userId": ada}), 400, "bad_request"),
        (format!("/conversations/{personal}/leave"), json!({"userId": mina}), 400, "bad_request"),
    ] {
        assert_eq!(house.call("POST", &path, body.clone()).await.refused(status).0, code, "{path} {body}");
    }
}

#[tokio::test]
async fn a_user_without_the_widget_has_no_devices() {
    let house = House::new().await;
    house.conversation("mina").await;
    assert_eq!(house.call("GET", "/users/mina/devices", Value::Null).await.expect(200), json!({"devices": []}));
    for unknown in ["0123456789abcdef01234567", "nonsense"] {
        let reply = house.call("GET", &format!("/users/mina/devices/{unknown}"), Value::Null).await;
        assert_eq!(reply.refused(404), ("device_not_found".to_owned(), "Device not found".to_owned()));
    }
    let unknown = house.call("DELETE", "/users/mina/clients/0123456789abcdef01234567", Value::Null).await;
    assert_eq!(unknown.refused(404).0, "client_not_found");
}

#[tokio::test]
async fn what_is_not_served_says_why() {
    let house = House::new().await;
    let (_, conversation) = house.conversation("mina").await;
    for path in [
        "/users/mina/sync".to_owned(),
        format!("/conversations/{conversation}/download"),
        format!("/conversations/{conversation}/conversionEvents"),
    ] {
        let (code, title) = house.call("POST", &path, json!({})).await.refused(400);
        assert!(code == "bad_request" && title.starts_with("Not supported: "), "{path}: {title}");
    }
    assert_eq!(house.call("POST", "/users/nobody/sync", json!({})).await.refused(404).0, "user_not_found");
}
