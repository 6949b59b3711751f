//! The widget: visitors come in, write, are answered, prove who they are, and reach nothing of anybody else's.

mod doors;
mod stream;
mod visitor;

use serde_json::{Value, json};

use crate::house::{House, id};
use visitor::{PAGE, Visitor, answer, claims, signed, widget};

#[tokio::test]
async fn a_stranger_writes_is_answered_and_finds_everything_again() {
    let house = House::new().await;
    let widget = widget(&house, json!({})).await;
    let mut visitor = Visitor::here(&house, &widget).await;
    let conversation = visitor.begins().await;
    assert_eq!(visitor.begins().await, conversation, "an empty conversation is gone on with");
    let first = visitor.writes(&conversation, "key-0001", "hello").await;
    let again = visitor.writes(&conversation, "key-0001", "hello").await;
    assert_eq!(first, again, "the same name is the same message");
    assert_eq!((&first["source"]["type"], &first["key"]), (&json!("web"), &json!("key-0001")));
    answer(&house, &conversation, json!({ "type": "text", "text": "hi, how can I help?" })).await;
    assert_eq!(visitor.reads(&conversation).await, ["hello", "hi, how can I help?"]);

    let session = visitor.open(json!({})).await;
    assert_eq!(session["conversations"][0]["id"], conversation.as_str());
    assert_eq!(session["conversations"][0]["unreadCount"], 1);
    assert_eq!(session["conversations"][0]["lastMessage"]["preview"], "hi, how can I help?");
    assert_eq!(visitor.begins().await, conversation, "one conversation is all that the app allows");
    let read = json!({ "type": "conversation:read" });
    visitor.call("POST", &format!("/conversations/{conversation}/activity"), read).await.expect(200);
    let session = visitor.call("GET", "/session", Value::Null).await.expect(200);
    assert_eq!(session["session"]["conversations"][0]["unreadCount"], 0);

    let shown = house.call("GET", &format!("/conversations/{conversation}/messages"), Value::Null).await.expect(200);
    let source = json!({ "type": "web", "integrationId": widget, "originalMessageId": "key-0001" });
    assert_eq!(shown["messages"][0]["source"], source, "the API shows where it came from");
}

#[tokio::test]
async fn what_leaves_for_the_widget_is_delivered_by_its_commit_and_received_once() {
    let house = House::new().await;
    let widget = widget(&house, json!({})).await;
    let visitor = Visitor::here(&house, &widget).await;
    let conversation = visitor.begins().await;
    visitor.writes(&conversation, "key-0001", "hello").await;
    let message = id(&answer(&house, &conversation, json!({ "type": "text", "text": "hi" })).await);
    let received = json!({ "type": "message:received", "messageId": message });
    for _ in 0..3 {
        visitor.call("POST", &format!("/conversations/{conversation}/activity"), received.clone()).await.expect(200);
    }
    let events = house.gateway.store().events(house.app, None, 0, 1000).await.expect("events");
    let count =
        |word: &str| events.iter().filter(|stored| format!("{:?}", stored.event.kind).starts_with(word)).count();
    assert_eq!((count("DeliveredToChannel"), count("DeliveredToUser")), (1, 1));
}

#[tokio::test]
async fn who_proves_to_be_somebody_keeps_what_was_written_before_and_finds_it_elsewhere() {
    let house = House::new().await;
    let widget = widget(&house, json!({})).await;
    let mut laptop = Visitor::here(&house, &widget).await;
    let conversation = laptop.begins().await;
    laptop.writes(&conversation, "key-0001", "where is my order?").await;
    let before = laptop.clone();
    let mut told = claims("crm-1");
    told["name"] = "Ada".into();
    let session = laptop.open(json!({ "jwt": signed(&house.app_key, &told) })).await;
    assert_eq!(session["user"]["externalId"], "crm-1");
    assert_eq!((&session["user"]["authenticated"], &session["user"]["givenName"]), (&json!(true), &json!("Ada")));
    assert_eq!(session["conversations"][0]["id"], conversation.as_str());
    assert_eq!(before.call("GET", "/session", Value::Null).await.status, 401, "the session has another name now");

    let mut phone = Visitor::new(&house, &widget);
    let mut other = told.clone();
    other["jti"] = "another".into();
    phone.open(json!({ "jwt": signed(&house.app_key, &other) })).await;
    assert_eq!(phone.reads(&conversation).await, ["where is my order?"]);
    let devices = house.call("GET", "/users/crm-1/devices", Value::Null).await.expect(200);
    assert_eq!(devices["devices"].as_array().map(Vec::len), Some(1), "a browser is one where it began a conversation");
    let clients = house.call("GET", "/users/crm-1/clients", Value::Null).await.expect(200);
    assert_eq!(clients["clients"].as_array().map(Vec::len), Some(1), "all browsers share a client");

    laptop.call("DELETE", "/session", Value::Null).await.expect(200);
    assert_eq!(laptop.call("GET", "/session", Value::Null).await.status, 401);
    let mut replayed = Visitor::new(&house, &widget);
    assert_eq!(
        replayed.try_open(json!({ "jwt": signed(&house.app_key, &told) })).await.status,
        401,
        "signed out is out"
    );
    replayed.open(json!({})).await;
    assert_eq!(replayed.call("GET", &format!("/conversations/{conversation}/messages"), Value::Null).await.status, 404);
    assert_eq!(phone.reads(&conversation).await.len(), 1, "the other browser is still in");
}

#[tokio::test]
async fn a_page_can_say_what_it_likes_and_identifies_nobody() {
    let house = House::new().await;
    let widget = widget(
        &house,
        json!({
            "prechatCapture": { "enabled": true, "fields": [
                { "type": "text", "name": "name", "label": "Name", "minSize": 1, "maxSize": 40 },
                { "type": "email", "name": "mail", "label": "E-mail" },
                { "type": "select", "name": "topic", "label": "Topic", "options": [{ "name": "a", "label": "A" }] },
            ]},
        }),
    )
    .await;
    let known = json!({ "externalId": "mina", "profile": { "email": "mina@example.org", "givenName": "Mina" } });
    house.call("POST", "/users", known).await.expect(201);
    let (_, secret) = house.conversation("ada").await;
    let mut visitor = Visitor::new(&house, &widget);
    let said = json!({
        "prechat": { "name": "Mina", "mail": "mina@example.org", "topic": "a" },
        "fields": { "externalId": "mina", "userId": "mina", "cart": 3, "systemField.priority": "urgent" },
        "tags": ["vip"], "locale": "fr", "page": { "url": "https://shop.example/x", "title": "X" },
    });
    let session = visitor.open(said).await;
    assert_eq!((&session["user"]["authenticated"], &session["user"]["externalId"]), (&json!(false), &Value::Null));
    assert_eq!(session["user"]["givenName"], "Mina");
    assert_eq!(session["conversations"], json!([]));
    let conversation = visitor.begins().await;
    let found = house.gateway.store().conversation(house.app, conversation.parse().expect("an id")).await;
    let found = found.expect("read").expect("there");
    assert_eq!(found.tags, ["vip"]);
    let names: Vec<&str> = found.fields.0.keys().map(String::as_str).collect();
    assert_eq!(names, ["page.cart", "page.externalId", "page.systemField.priority", "page.userId", "topic"]);
    assert_eq!(visitor.call("GET", &format!("/conversations/{secret}/messages"), Value::Null).await.status, 404);
    for odd in [json!({ "nobody": "x" }), json!({ "mail": "nonsense" }), json!({ "topic": "b" })] {
        let mut stranger = Visitor::new(&house, &widget);
        stranger.page = PAGE.to_owned();
        assert_eq!(stranger.try_open(json!({ "prechat": odd })).await.status, 400);
    }
}

#[tokio::test]
async fn a_visitor_presses_only_what_is_there_and_once() {
    let house = House::new().await;
    let widget = widget(&house, json!({})).await;
    let visitor = Visitor::here(&house, &widget).await;
    let conversation = visitor.begins().await;
    visitor.writes(&conversation, "key-0001", "hello").await;
    let action = json!({ "type": "postback", "text": "Order", "payload": "order:1" });
    let reply = json!({ "type": "reply", "text": "Monday", "payload": "d1" });
    let cards = json!({ "type": "carousel", "items": [{ "title": "A", "actions": [action] }] });
    let message = id(&answer(&house, &conversation, cards).await);
    answer(&house, &conversation, json!({ "type": "text", "text": "When?", "actions": [reply] })).await;
    let press = async |payload: &str, key: &str| {
        let body = json!({ "key": key, "messageId": message, "payload": payload });
        visitor.call("POST", &format!("/conversations/{conversation}/postbacks"), body).await.status
    };
    assert_eq!(press("order:2", "press-0001").await, 400);
    assert_eq!((press("order:1", "press-0002").await, press("order:1", "press-0002").await), (200, 200));
    let events = house.gateway.store().events(house.app, None, 0, 1000).await.expect("events");
    let presses = events.iter().filter(|stored| format!("{:?}", stored.event.kind).starts_with("Postback")).count();
    assert_eq!(presses, 1);
    for (text, payload, status) in [("Monday", "d1", 201), ("Monday", "d2", 400), ("Tuesday", "d1", 400)] {
        let body = json!({ "key": format!("reply-{text}-{payload}"), "content": { "type": "text", "text": text, "payload": payload } });
        let reply = visitor.call("POST", &format!("/conversations/{conversation}/messages"), body).await;
        assert_eq!(reply.status, status, "{text} {payload}");
    }
    for content in [
        json!({ "type": "carousel", "items": [] }),
        json!({ "type": "form", "fields": [] }),
        json!({ "type": "text", "text": "x", "actions": [{ "type": "link", "text": "x", "uri": "https://evil.example" }] }),
        json!({ "type": "image", "mediaUrl": "https://evil.example/a.png" }),
        json!({ "type": "file", "mediaUrl": format!("https://gw.example.org/attachments/v2/{}/x/a.png", house.other_app) }),
        json!({ "type": "text", "text": "" }),
        json!({ "type": "text", "text": "x".repeat(4097) }),
    ] {
        let body = json!({ "key": "key-odd-1", "content": content });
        let reply = visitor.call("POST", &format!("/conversations/{conversation}/messages"), body).await;
        assert_eq!(reply.status, 400, "{content}");
    }
    let rate = json!({ "score": 5, "comment": "kind" });
    visitor.call("POST", &format!("/conversations/{conversation}/satisfaction"), rate).await.expect(200);
    let odd = json!({ "score": 6 });
    assert_eq!(visitor.call("POST", &format!("/conversations/{conversation}/satisfaction"), odd).await.status, 400);
}

#[tokio::test]
async fn several_conversations_stand_in_the_order_of_what_happened_last() {
    let house = House::new().await;
    house.call("PATCH", "", json!({ "settings": { "multiConvoEnabled": true } })).await.expect(200);
    let widget = widget(&house, json!({ "canUserCreateMoreConversations": true })).await;
    let visitor = Visitor::here(&house, &widget).await;
    let mut begun = Vec::new();
    for number in 0..25 {
        let conversation = visitor.begins().await;
        visitor.writes(&conversation, &format!("key-{number:04}"), &format!("topic {number}")).await;
        begun.push(conversation);
    }
    visitor.writes(&begun[3], "key-again", "once more").await;
    let first = visitor.call("GET", "/conversations", Value::Null).await.expect(200);
    let ids = |page: &Value| page["conversations"].as_array().expect("a list").iter().map(id).collect::<Vec<_>>();
    let (mut all, more) = (ids(&first), first["hasMore"].clone());
    assert_eq!((all.len(), &all[0], &all[1], more), (20, &begun[3], &begun[24], json!(true)));
    let path = format!("/conversations?before={}", all[19]);
    let second = visitor.call("GET", &path, Value::Null).await.expect(200);
    all.extend(ids(&second));
    assert_eq!((all.len(), &second["hasMore"]), (25, &json!(false)));
    all.sort();
    begun.sort();
    assert_eq!(all, begun, "every one stands there once");
}
