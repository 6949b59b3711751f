//! A ticket's life, as agents see and make it.

use passerelle_model::desk::Role;
use passerelle_model::time::Timestamp;
use serde_json::{Value, json};

use super::office::{Agent, OWN, Office, problem};

#[tokio::test]
async fn a_conversation_is_offered_accepted_answered_noted_and_closed() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let (conversation, ticket) = office.customer("crm-1", "Where is my order?").await;
    office.goes_online(&ada).await;
    let offer = office.offer_to(&ada).await;
    assert_eq!((&offer["ticket_id"], &offer["preview"]), (&json!(ticket), &json!("Where is my order?")));
    let accepted = office.call(&ada, "PUT", &format!("/offers/{}/accept", offer["id"]), Value::Null).await.expect(200);
    assert_eq!((&accepted["ticket"]["assignee_id"], &accepted["ticket"]["status"]), (&json!(ada.id), &json!("open")));
    assert_eq!(accepted["ticket"]["captured"], json!({ "order": "4711" }), "what the bot captured is there");
    assert_eq!(accepted["ticket"]["control"], "desk");
    say(&office, &ada, ticket, "It left this morning", true).await.expect(200);
    say(&office, &ada, ticket, "<b>Customer is cross</b>", false).await.expect(200);
    assert_eq!(office.read(&conversation).await, ["Where is my order?", "It left this morning"], "notes stay inside");
    let log = log(&office, &ada, ticket).await;
    let said: Vec<_> = log.iter().filter(|entry| entry["type"] != "Audit").collect();
    let shown = |entry: &&Value| (entry["author"]["type"].clone(), entry["text"].clone(), entry["public"].clone());
    let expected = [
        (json!("user"), json!("Where is my order?"), json!(true)),
        (json!("agent"), json!("It left this morning"), json!(true)),
        (json!("agent"), json!("<b>Customer is cross</b>"), json!(false)),
    ];
    assert_eq!(said.iter().map(shown).collect::<Vec<_>>(), expected);
    assert_eq!((&said[1]["author"]["id"], &said[1]["author"]["display_name"]), (&json!(ada.id), &json!("ada")));
    let closed = json!({ "ticket": { "status": "closed", "comment": { "body": "Goodbye!" } } });
    let closed = office.call(&ada, "PUT", &format!("/tickets/{ticket}"), closed).await.expect(200);
    assert_eq!((&closed["ticket"]["status"], &closed["ticket"]["control"]), (&json!("closed"), &json!("none")));
    assert_eq!(office.read(&conversation).await.last().map(String::as_str), Some("Goodbye!"));
    office.writes(&conversation, "crm-1", "Thanks! One more thing").await;
    office.passes(&conversation).await;
    let follow_up = office.ticket_of(&conversation).await;
    let shown = office.call(&ada, "GET", &format!("/tickets/{follow_up}"), Value::Null).await.expect(200);
    assert_eq!(shown["ticket"]["followup_source_id"], ticket, "the conversation goes on in another ticket");
    let late = say(&office, &ada, ticket, "too late", true).await;
    assert_eq!(late.status, 422, "a closed ticket says nothing: {}", late.body);
    assert_eq!(office.read(&conversation).await.len(), 4);
}

#[tokio::test]
async fn a_request_that_comes_twice_says_it_once() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let (conversation, ticket) = office.customer("crm-1", "hello").await;
    let body = json!({ "ticket": { "comment": { "body": "hi" } } });
    for key in ["one", "one", "two"] {
        let headers = [("cookie", ada.cookie.as_str()), ("origin", OWN), ("idempotency-key", key)];
        office.house.send("PUT", &format!("/api/v2/tickets/{ticket}"), &headers, body.clone()).await.expect(200);
    }
    assert_eq!(office.read(&conversation).await, ["hello", "hi", "hi"]);
}

#[tokio::test]
async fn of_two_who_accept_one_has_it_and_the_other_reads_why() {
    let office = Office::new().await;
    let (ada, bob) = (office.agent("ada", Role::Agent).await, office.agent("bob", Role::Agent).await);
    let (_, ticket) = office.customer("crm-1", "hello").await;
    office.goes_online(&ada).await;
    let offer = office.offer_to(&ada).await;
    let taken = json!({ "ticket": { "assignee_id": bob.id } });
    office.call(&bob, "PUT", &format!("/tickets/{ticket}"), taken).await.expect(200);
    let late = office.call(&ada, "PUT", &format!("/offers/{}/accept", offer["id"]), Value::Null).await.expect(409);
    assert_eq!(late["description"], format!("bob has ticket {ticket} already"));
    let foreign = office.call(&bob, "PUT", &format!("/offers/{}/accept", offer["id"]), Value::Null).await;
    assert_eq!(problem(foreign, 404).0, "RecordNotFound", "an offer is for whom it was made");
}

#[tokio::test]
async fn a_ticket_is_written_down_listed_changed_and_counted() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let group = office.group(office.house.app, "returns").await.0;
    let new = json!({ "ticket": {
        "subject": "Broken vase", "comment": { "body": "It came in two pieces" }, "priority": "high", "type": "problem",
        "requester": { "name": "Noor Haddad", "email": "noor@example.com" }, "tags": ["Fragile", "vip"],
    } });
    let made = office.call(&ada, "POST", "/tickets.json", new.clone()).await.expect(201)["ticket"].clone();
    let id = made["id"].as_i64().expect("a number");
    assert_eq!(
        (&made["priority"], &made["type"], &made["tags"]),
        (&json!("high"), &json!("problem"), &json!(["fragile", "vip"]))
    );
    let again = office.call(&ada, "POST", "/tickets", new).await.expect(201)["ticket"].clone();
    assert_eq!(again["requester_id"], made["requester_id"], "the same address is the same customer");
    let customer =
        office.call(&ada, "GET", &format!("/users/{}.json", made["requester_id"]), Value::Null).await.expect(200);
    assert_eq!((&customer["user"]["name"], &customer["user"]["role"]), (&json!("Noor Haddad"), &json!("end-user")));
    let change = json!({ "ticket": {
        "group_id": group, "assignee_id": ada.id, "additional_tags": ["late"], "remove_tags": ["vip"],
        "follower_ids": [ada.id], "status": "pending",
    } });
    let changed = office.call(&ada, "PUT", &format!("/tickets/{id}.json"), change).await.expect(200);
    let ticket = &changed["ticket"];
    assert_eq!(
        (&ticket["group_id"], &ticket["status"], &ticket["tags"]),
        (&json!(group), &json!("pending"), &json!(["fragile", "late"]))
    );
    assert_eq!((&ticket["follower_ids"], &changed["audit"]["author_id"]), (&json!([ada.id]), &json!(ada.id)));
    let page =
        office.call(&ada, "GET", "/tickets.json?page[size]=1&include=users,groups", Value::Null).await.expect(200);
    assert_eq!((&page["tickets"][0]["id"], &page["meta"]["has_more"]), (&json!(id), &json!(true)));
    assert!(page["users"].as_array().is_some_and(|users| users.len() == 2), "{page}");
    let next = page["links"]["next"].as_str().expect("a link").strip_prefix(OWN).expect("ours").replace("/api/v2", "");
    let page = office.call(&ada, "GET", &next, Value::Null).await.expect(200);
    assert_eq!((&page["tickets"][0]["id"], &page["meta"]["has_more"]), (&again["id"], &json!(false)));
    assert_eq!(office.call(&ada, "GET", "/tickets/count", Value::Null).await.expect(200)["count"]["value"], 2);
    for (body, field) in [
        (json!({ "status": "new" }), "status"),
        (json!({ "status": "done" }), "status"),
        (json!({ "priority": "very" }), "priority"),
        (json!({ "group_id": 99 }), "group_id"),
        (json!({ "assignee_id": 99 }), "assignee_id"),
        (json!({ "subject": "x".repeat(151) }), "subject"),
        (json!({ "follower_ids": [99] }), "follower_ids"),
        (json!({ "tags": "vip" }), "tags"),
        (json!({ "comment": {} }), "comment"),
    ] {
        let refused = office.call(&ada, "PUT", &format!("/tickets/{id}"), json!({ "ticket": body })).await;
        assert_eq!(problem(refused, 422), ("RecordInvalid".to_owned(), Some(field.to_owned())), "{body}");
    }
    office.call(&ada, "DELETE", &format!("/tickets/{id}"), Value::Null).await.expect(204);
    office.call(&ada, "GET", &format!("/tickets/{id}"), Value::Null).await.expect(404);
}

#[tokio::test]
async fn a_safe_update_leaves_alone_what_was_changed_meanwhile() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let new = json!({ "ticket": { "comment": { "body": "x" } } });
    let made = office.call(&ada, "POST", "/tickets", new).await.expect(201)["ticket"].clone();
    let path = format!("/tickets/{}", made["id"]);
    let safely =
        |stamp: &Value| json!({ "ticket": { "priority": "low", "safe_update": true, "updated_stamp": stamp } });
    office.call(&ada, "PUT", &path, safely(&made["updated_at"])).await.expect(200);
    let stale = office.call(&ada, "PUT", &path, safely(&json!("2020-01-01T00:00:00Z"))).await;
    assert_eq!(problem(stale, 409).0, "UpdateConflict");
}

#[tokio::test]
async fn a_file_goes_to_the_customer_or_stays_with_the_note() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let (conversation, ticket) = office.customer("crm-1", "hello").await;
    let upload = async |name: &str, bytes: &'static [u8]| {
        let request = http::Request::post(format!("/api/v2/uploads.json?filename={name}"))
            .header("cookie", &ada.cookie)
            .header("origin", OWN)
            .body(axum::body::Body::from(bytes))
            .expect("a request");
        office.house.answer(request).await
    };
    let refused = upload("setup.exe", b"MZ\x90\x00").await;
    assert_eq!(problem(refused, 415).0, "AttachmentUnprocessable");
    let made = upload("order.txt", b"two plates, one bowl").await.expect(201);
    let token = made["upload"]["token"].as_str().expect("a token");
    assert_eq!(made["upload"]["attachment"]["size"], 20);
    let comment =
        |public: bool| json!({ "ticket": { "comment": { "body": "See here", "public": public, "uploads": [token] } } });
    let path = format!("/tickets/{ticket}");
    office.call(&ada, "PUT", &path, comment(false)).await.expect(200);
    let heard =
        office.house.call("GET", &format!("/conversations/{conversation}/messages"), Value::Null).await.expect(200);
    assert_eq!(heard["messages"].as_array().map(Vec::len), Some(1), "a note is no message");
    office.call(&ada, "PUT", &path, comment(true)).await.expect(200);
    let shown =
        office.house.call("GET", &format!("/conversations/{conversation}/messages"), Value::Null).await.expect(200);
    assert_eq!(
        (&shown["messages"][1]["content"]["text"], &shown["messages"][2]["content"]["type"]),
        (&json!("See here"), &json!("file"))
    );
    let log = log(&office, &ada, ticket).await;
    let with_files: Vec<_> = log.iter().filter(|entry| entry["attachments"] != json!([])).collect();
    let seen: Vec<_> =
        with_files.iter().map(|entry| (&entry["public"], &entry["attachments"][0]["file_name"])).collect();
    assert_eq!(seen, [(&json!(false), &json!("order.txt")), (&json!(true), &json!("order.txt"))]);
    let comments = office.call(&ada, "GET", &format!("{path}/comments"), Value::Null).await.expect(200);
    let listed = comments["comments"].as_array().expect("a list").iter();
    assert_eq!(listed.filter(|comment| comment["attachments"][0]["size"] == 20).count(), 2);
    let nothing = json!({ "ticket": { "comment": { "public": false, "uploads": ["nothing"] } } });
    assert_eq!(problem(office.call(&ada, "PUT", &path, nothing).await, 422).1.as_deref(), Some("uploads"));
    let alone = upload("plan.txt", b"only this").await.expect(201)["upload"].clone();
    let new = json!({ "ticket": { "subject": "A plan", "comment": { "public": false, "uploads": [alone["token"]] } } });
    let made = office.call(&ada, "POST", "/tickets", new).await.expect(201);
    let log = super::work::log(&office, &ada, made["ticket"]["id"].as_i64().expect("an id")).await;
    let file = log.iter().find(|entry| entry["type"] == "Comment").expect("the note");
    assert_eq!((&file["text"], &file["attachments"][0]["file_name"]), (&json!(""), &json!("plan.txt")));
    upload("forgotten.txt", b"nobody sends this").await.expect(201);
    let late = Timestamp::from_micros(i64::MAX);
    let swept = office.house.gateway.store().write(move |tx| Box::pin(tx.remove_unused_media(late, 100)));
    assert_eq!(swept.await.expect("swept"), 1, "files of notes stay, too");
}

#[tokio::test]
async fn handing_back_frees_the_conversation_and_leaves_the_ticket_to_be_wrapped_up() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let (conversation, ticket) = office.customer("crm-1", "hello").await;
    let taken = json!({ "ticket": { "assignee_id": ada.id } });
    office.call(&ada, "PUT", &format!("/tickets/{ticket}"), taken).await.expect(200);
    office.call(&ada, "POST", &format!("/tickets/{ticket}/release"), Value::Null).await.expect(204);
    let shown = office.call(&ada, "GET", &format!("/tickets/{ticket}"), Value::Null).await.expect(200);
    assert_eq!((&shown["ticket"]["control"], &shown["ticket"]["status"]), (&json!("none"), &json!("open")));
    office.writes(&conversation, "crm-1", "are you there?").await;
    let shown = office.call(&ada, "GET", &format!("/tickets/{ticket}"), Value::Null).await.expect(200);
    assert_eq!(shown["ticket"]["control"], "bot");
    say(&office, &ada, ticket, "a note", false).await.expect(200);
    let shown = office.call(&ada, "GET", &format!("/tickets/{ticket}"), Value::Null).await.expect(200);
    assert_eq!(shown["ticket"]["control"], "bot", "a note changes nothing for the customer");
    say(&office, &ada, ticket, "I am here", true).await.expect(200);
    let shown = office.call(&ada, "GET", &format!("/tickets/{ticket}"), Value::Null).await.expect(200);
    assert_eq!(shown["ticket"]["control"], "desk", "whoever answers speaks");
    assert!(shown["ticket"]["queued_at"].is_null());
}

#[tokio::test]
async fn colleagues_see_who_is_looking() {
    let office = Office::new().await;
    let (ada, bob) = (office.agent("ada", Role::Agent).await, office.agent("bob", Role::Agent).await);
    let (_, ticket) = office.customer("crm-1", "hello").await;
    let path = format!("/tickets/{ticket}/viewers");
    office.call(&ada, "PUT", &path, json!({ "composing": true })).await.expect(200);
    let seen = office.call(&bob, "GET", &path, Value::Null).await.expect(200);
    assert_eq!((&seen["viewers"][0]["name"], &seen["viewers"][0]["composing"]), (&json!("ada"), &json!(true)));
    office.call(&ada, "DELETE", &path, Value::Null).await.expect(204);
    assert_eq!(office.call(&bob, "GET", &path, Value::Null).await.expect(200)["viewers"], json!([]));
}

async fn say(office: &Office, agent: &Agent, ticket: i64, text: &str, public: bool) -> crate::house::Reply {
    let body = json!({ "ticket": { "comment": { "body": text, "public": public } } });
    office.call(agent, "PUT", &format!("/tickets/{ticket}"), body).await
}

/// The conversation log.
async fn log(office: &Office, agent: &Agent, ticket: i64) -> Vec<Value> {
    let shown =
        office.call(agent, "GET", &format!("/tickets/{ticket}/conversation_log"), Value::Null).await.expect(200);
    shown["events"].as_array().expect("entries").clone()
}
