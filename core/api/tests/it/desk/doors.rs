//! Who may do what: strangers nothing, agents their work, admins the desk, and nobody anything of another app.

use passerelle_api::agent_operations;
use passerelle_model::desk::Role;
use serde_json::{Value, json};

use super::office::{OWN, Office, problem};

/// Ways in that need nobody.
const OPEN: &[&str] = &["/setup", "/sessions"];

#[tokio::test]
async fn strangers_get_nothing_and_agents_do_not_change_the_desk() {
    let office = Office::new().await;
    let bob = office.agent("bob", Role::Agent).await;
    let (mut asked, mut admins) = (0, 0);
    for (method, path, who) in agent_operations() {
        let path = path.replace("/api/v2", "");
        if OPEN.contains(&path.as_str()) {
            assert_eq!(who, "nobody", "{path}");
            continue;
        }
        let filled = fill(&path, 1);
        let stranger =
            office.house.send(method.as_str(), &format!("/api/v2{filled}"), &[("origin", OWN)], json!({})).await;
        assert_eq!(stranger.status, 401, "{method} {path}");
        asked += 1;
        if who == "admin" {
            let refused = office.call(&bob, method.as_str(), &filled, json!({})).await;
            assert_eq!(problem(refused, 403).0, "Forbidden", "{method} {path}");
            admins += 1;
        }
    }
    assert!(asked > 50 && admins >= 8, "{asked} operations, {admins} of them for admins");
}

#[tokio::test]
async fn nothing_of_another_app_can_be_reached() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let (_, ticket) = office.customer("crm-1", "hello").await;
    office.goes_online(&ada).await;
    let offer = office.offer_to(&ada).await["id"].as_i64().expect("an offer");
    let group = office.group(office.house.app, "returns").await.0;
    let token =
        office.call(&ada, "POST", "/api_tokens", json!({ "api_token": { "description": "t" } })).await.expect(201);
    let customer = office.call(&ada, "GET", &format!("/tickets/{ticket}"), Value::Null).await.expect(200);
    let customer = customer["ticket"]["requester_id"].as_i64().expect("a customer");
    let spy = office.agent_of(office.house.other_app, "spy", Role::Admin).await;
    let mut asked = 0;
    for (method, path, _) in agent_operations() {
        let path = path.replace("/api/v2", "");
        if !path.contains('{') {
            continue;
        }
        let ids: &[i64] = match path.split('/').nth(1).expect("a resource") {
            "tickets" => &[ticket],
            "offers" => &[offer],
            "groups" => &[group],
            "users" | "agent_availabilities" => &[ada.id, customer],
            "api_tokens" => &[token["api_token"]["id"].as_i64().expect("an id")],
            _ => &[1],
        };
        for id in ids {
            let filled = fill(&path, *id);
            let reply = office.call(&spy, method.as_str(), &filled, body_for(&path)).await;
            let empty = reply.status == 200 && list_is_empty(&reply.body);
            assert!(reply.status == 404 || empty, "{method} {filled}: {} {}", reply.status, reply.body);
            asked += 1;
        }
    }
    assert!(asked > 30, "{asked}");
    for (path, name) in [("/tickets", "tickets"), ("/groups", "groups"), ("/group_memberships", "group_memberships")] {
        let listed = office.call(&spy, "GET", path, Value::Null).await.expect(200);
        assert_eq!(listed[name], json!([]), "{path}");
    }
    let listed = office.call(&spy, "GET", "/users/search?query=", Value::Null).await.expect(200);
    assert_eq!(listed["users"].as_array().map(Vec::len), Some(1), "the spy finds the spy: {listed}");
    let many = office.call(&spy, "GET", &format!("/tickets/show_many?ids={ticket}"), Value::Null).await.expect(200);
    assert_eq!(many["tickets"], json!([]));
    let change = json!({ "ticket": { "status": "solved" } });
    let job = office.call(&spy, "PUT", &format!("/tickets/update_many?ids={ticket}"), change).await.expect(200);
    assert_eq!(job["job_status"]["results"][0]["success"], false);
    let made = json!({ "ticket": { "comment": { "body": "x" }, "requester_id": customer } });
    assert_eq!(problem(office.call(&spy, "POST", "/tickets", made).await, 422).1.as_deref(), Some("requester_id"));
    for field in [json!({ "group_id": group }), json!({ "assignee_id": ada.id })] {
        let mut ticket = json!({ "comment": { "body": "x" } });
        ticket.as_object_mut().expect("an object").extend(field.as_object().expect("an object").clone());
        office.call(&spy, "POST", "/tickets", json!({ "ticket": ticket })).await.expect(422);
    }
    let app = office.house.app;
    let other = [("cookie", spy.cookie.as_str()), ("origin", OWN)];
    office.house.send("GET", &format!("/v2/apps/{app}/integrations"), &other, Value::Null).await.expect(403);
}

#[tokio::test]
async fn a_page_that_is_not_ours_changes_nothing_with_an_agents_cookie() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let app = office.house.app;
    for (name, origin, status) in [
        ("own", Some(OWN), 201),
        ("evil", Some("https://evil.example"), 403),
        ("none", Some("null"), 403),
        ("", None, 403),
    ] {
        let mut headers = vec![("cookie", ada.cookie.as_str())];
        headers.extend(origin.map(|origin| ("origin", origin)));
        let group = json!({ "group": { "name": format!("group {name}") } });
        let reply = office.house.send("POST", "/api/v2/groups", &headers, group).await;
        assert_eq!(reply.status, status, "{origin:?}: {}", reply.body);
        let user = json!({ "externalId": format!("user {name}") });
        let reply = office.house.send("POST", &format!("/v2/apps/{app}/users"), &headers, user).await;
        assert_eq!(reply.status, status, "{origin:?}: {}", reply.body);
    }
    let sign_in = json!({ "email": "ada@shop.example", "password": super::office::PASSWORD });
    let foreign = office.house.send("POST", "/api/v2/sessions", &[("origin", "https://evil.example")], sign_in).await;
    assert_eq!(problem(foreign, 403).0, "Forbidden", "nobody is signed in as somebody else by a page");
}

#[tokio::test]
async fn admins_act_for_their_app_in_the_conversations_api_and_agents_do_not() {
    let office = Office::new().await;
    let (ada, bob) = (office.agent("ada", Role::Admin).await, office.agent("bob", Role::Agent).await);
    let path = format!("/v2/apps/{}/integrations", office.house.app);
    let ask = async |cookie: &str| office.house.send("GET", &path, &[("cookie", cookie)], Value::Null).await.status;
    assert_eq!((ask(&ada.cookie).await, ask(&bob.cookie).await, ask("passerelle_agent=pas_x").await), (200, 401, 401));
    let (own, other) = (office.house.app, office.house.other_app);
    let keys = async |who: &str, app, method, body| {
        let headers = [("cookie", who), ("origin", OWN)];
        office.house.send(method, &format!("/v2/apps/{app}/keys"), &headers, body).await.status
    };
    let new = json!({ "displayName": "from the workspace" });
    assert_eq!(keys(&ada.cookie, own, "POST", new.clone()).await, 201, "an admin gives keys out, which a key may not");
    assert_eq!(keys(&ada.cookie, own, "GET", Value::Null).await, 200);
    assert_eq!(
        (keys(&ada.cookie, other, "POST", new.clone()).await, keys(&bob.cookie, own, "POST", new).await),
        (403, 401)
    );
}

#[tokio::test]
async fn the_last_admin_stays_and_who_leaves_is_signed_out_everywhere() {
    let office = Office::new().await;
    let (ada, bob) = (office.agent("ada", Role::Admin).await, office.agent("bob", Role::Agent).await);
    let own = office.call(&ada, "DELETE", &format!("/users/{}", ada.id), Value::Null).await;
    assert_eq!(problem(own, 422).1.as_deref(), Some("id"));
    let demoted = office.call(&ada, "PUT", &format!("/users/{}", ada.id), json!({ "user": { "role": "agent" } })).await;
    assert_eq!(problem(demoted, 422).1.as_deref(), Some("role"));
    let raised = office.call(&bob, "PUT", "/users/me", json!({ "user": { "role": "admin" } })).await;
    assert_eq!(problem(raised, 403).0, "Forbidden");
    let (conversation, ticket) = office.customer("crm-1", "hello").await;
    let taken = json!({ "ticket": { "assignee_id": bob.id } });
    office.call(&ada, "PUT", &format!("/tickets/{ticket}"), taken).await.expect(200);
    office.call(&ada, "DELETE", &format!("/users/{}", bob.id), Value::Null).await.expect(204);
    office.call(&bob, "GET", "/users/me", Value::Null).await.expect(401);
    let again = json!({ "email": "bob@shop.example", "password": super::office::PASSWORD });
    office.sign_in(again).await.expect(401);
    let left =
        office.call(&ada, "GET", &format!("/tickets/{}", office.ticket_of(&conversation).await), Value::Null).await;
    let left = left.expect(200);
    assert!(
        left["ticket"]["assignee_id"].is_null() && !left["ticket"]["queued_at"].is_null(),
        "it waits again: {left}"
    );
    let shown = office.call(&ada, "GET", &format!("/users/{}", bob.id), Value::Null).await.expect(200);
    assert_eq!((&shown["user"]["name"], &shown["user"]["active"]), (&json!("bob"), &json!(false)));
    let logs = office.call(&ada, "GET", "/audit_logs", Value::Null).await.expect(200);
    let logs = logs["audit_logs"].as_array().expect("logs").clone();
    assert!(logs.iter().any(|log| log["action"] == "destroy" && log["source_id"] == bob.id), "{logs:?}");
}

#[tokio::test]
async fn the_log_names_what_was_changed_and_is_read_by_its_days() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let view =
        json!({ "view": { "title": "Mine", "all": [{ "field": "status", "operator": "is", "value": "open" }] } });
    let view = office.call(&ada, "POST", "/views", view).await.expect(201)["view"]["id"].clone();
    office.call(&ada, "DELETE", &format!("/views/{view}"), Value::Null).await.expect(204);
    let logs = async |days: &str| {
        let path = format!("/audit_logs?filter[source_type]=view{days}");
        office.call(&ada, "GET", &path, Value::Null).await
    };
    let deeds = |logs: Value| {
        let logs = logs["audit_logs"].as_array().expect("logs").clone();
        logs.iter().map(|log| format!("{} {}", log["action"], log["source_label"])).collect::<Vec<_>>()
    };
    let both = [r#""destroy" "Mine""#, r#""create" "Mine""#];
    assert_eq!(deeds(logs("").await.expect(200)), both);
    let house = format!("/v2/apps/{}", office.house.app);
    let does = async |method: &str, path: &str, body: Value| {
        let headers = [("cookie", ada.cookie.as_str()), ("origin", OWN), ("idempotency-key", path)];
        office.house.send(method, &format!("{house}{path}"), &headers, body).await
    };
    let made = json!({ "displayName": "Website" });
    let key = does("POST", "/keys", made.clone()).await.expect(201)["key"]["id"].clone();
    does("POST", "/keys", made).await.expect(201);
    does("DELETE", &format!("/keys/{}", key.as_str().expect("an id")), Value::Null).await.expect(200);
    does("DELETE", "/keys/app_0", Value::Null).await.expect(404);
    let shown = office.call(&ada, "GET", "/audit_logs?filter[source_type]=key", Value::Null).await.expect(200);
    assert!(shown["audit_logs"].to_string().contains(key.as_str().expect("an id")), "which key: {shown}");
    let expected = [r#""destroy" "Website""#, r#""create" "Website""#];
    assert_eq!(deeds(shown), expected, "keys are given out and taken back on record, each deed once");
    let around = "&filter[created_at][]=2020-01-01T00:00:00Z&filter[created_at][]=2100-01-01T00:00:00Z";
    assert_eq!(deeds(logs(around).await.expect(200)), both);
    for aside in [
        "&filter[created_at][]=2100-01-01T00:00:00Z",
        "&filter[created_at][]=2020-01-01T00:00:00Z&filter[created_at][]=2020-12-31T23:59:59Z",
    ] {
        assert!(deeds(logs(aside).await.expect(200)).is_empty(), "{aside}");
    }
    assert_eq!(problem(logs("&filter[created_at][]=yesterday").await, 422).1.as_deref(), Some("filter"));
}

/// The path with this number in every place.
fn fill(path: &str, id: i64) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { id.to_string() } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("/")
}

fn body_for(path: &str) -> Value {
    match path {
        path if path.ends_with("/tags") => json!({ "tags": ["x"] }),
        path if path.ends_with("/activity") => json!({ "type": "typing:start" }),
        path if path.ends_with("/retry") => json!({ "message_id": "000000000000000000000000" }),
        path if path.contains("agent_statuses") => json!({ "id": 3 }),
        path if path.starts_with("/users") => json!({ "user": { "name": "x" } }),
        path if path.starts_with("/groups") => json!({ "group": { "name": "x" } }),
        _ => json!({ "ticket": { "subject": "x" } }),
    }
}

/// Whether a reply shows a list and nothing is in it.
fn list_is_empty(body: &Value) -> bool {
    let lists: Vec<&Value> =
        body.as_object().into_iter().flat_map(|object| object.values()).filter(|v| v.is_array()).collect();
    !lists.is_empty() && lists.iter().all(|list| **list == json!([]))
}
