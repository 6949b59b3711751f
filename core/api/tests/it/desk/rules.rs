//! What administrators make of the desk, and what it then does for agents.

use passerelle_model::desk::Role;
use serde_json::{Value, json};

use super::office::{Office, problem};

#[tokio::test]
async fn views_are_made_counted_listed_sorted_and_previewed() {
    let office = Office::new().await;
    let (ada, bob) = (office.agent("ada", Role::Admin).await, office.agent("bob", Role::Agent).await);
    for (subject, priority) in [("one", "low"), ("two", "urgent"), ("three", "high")] {
        let ticket = json!({ "ticket": { "subject": subject, "priority": priority, "comment": { "body": "x" } } });
        office.call(&ada, "POST", "/tickets", ticket).await.expect(201);
    }
    let all = json!([{ "field": "priority", "operator": "greater_than", "value": "low" }]);
    let view = json!({ "view": { "title": "Hot", "all": all, "output": { "columns": ["subject", "priority"], "sort_by": "priority", "sort_order": "desc" } } });
    let made = office.call(&ada, "POST", "/views", view.clone()).await.expect(201)["view"].clone();
    let id = made["id"].as_i64().expect("a number");
    assert_eq!((&made["conditions"]["all"], &made["execution"]["sort_by"]), (&all, &json!("priority")));
    let count = office.call(&bob, "GET", &format!("/views/{id}/count.json"), Value::Null).await.expect(200);
    assert_eq!((&count["view_count"]["value"], &count["view_count"]["fresh"]), (&json!(2), &json!(true)));
    let counts = office.call(&bob, "GET", &format!("/views/count_many?ids={id},{id}"), Value::Null).await.expect(200);
    assert_eq!(counts["view_counts"].as_array().map(Vec::len), Some(2));
    let subjects = |answer: &Value| -> Vec<String> {
        let tickets = answer["tickets"].as_array().expect("tickets").iter();
        tickets.map(|ticket| ticket["subject"].as_str().expect("a subject").to_owned()).collect()
    };
    let listed = office.call(&bob, "GET", &format!("/views/{id}/tickets"), Value::Null).await.expect(200);
    assert_eq!(subjects(&listed), ["two", "three"]);
    let path = format!("/views/{id}/tickets?sort_by=subject&sort_order=asc&page[size]=1");
    let listed = office.call(&bob, "GET", &path, Value::Null).await.expect(200);
    assert_eq!((subjects(&listed), &listed["meta"]["has_more"]), (vec!["three".to_owned()], &json!(true)));
    let next = listed["meta"]["after_cursor"].as_str().expect("a cursor");
    let listed = office.call(&bob, "GET", &format!("{path}&page[after]={next}"), Value::Null).await.expect(200);
    assert_eq!((subjects(&listed), &listed["meta"]["has_more"]), (vec!["two".to_owned()], &json!(false)));
    let rows = office.call(&bob, "GET", &format!("/views/{id}/execute"), Value::Null).await.expect(200);
    assert_eq!(
        (&rows["count"], &rows["columns"][1]["id"], &rows["rows"][0]["ticket"]["subject"]),
        (&json!(2), &json!("priority"), &json!("two"))
    );
    let preview = office.call(&bob, "POST", "/views/preview", view).await.expect(200);
    assert_eq!(preview["count"], 2);
    let off =
        office.call(&ada, "PUT", &format!("/views/{id}"), json!({ "view": { "active": false } })).await.expect(200);
    assert_eq!((&off["view"]["active"], &off["view"]["title"]), (&json!(false), &json!("Hot")));
    let active = office.call(&bob, "GET", "/views/active", Value::Null).await.expect(200);
    assert!(active["views"].as_array().expect("views").iter().all(|view| view["id"] != id));
    office.call(&ada, "DELETE", &format!("/views/{id}"), Value::Null).await.expect(204);
    office.call(&ada, "GET", &format!("/views/{id}"), Value::Null).await.expect(404);
}

#[tokio::test]
async fn agents_make_what_is_for_themselves_and_nobody_else_sees_it() {
    let office = Office::new().await;
    let (ada, bob) = (office.agent("ada", Role::Agent).await, office.agent("bob", Role::Agent).await);
    let open = json!([{ "field": "status", "operator": "is", "value": "open" }]);
    let view = |restriction: Value| json!({ "view": { "title": "Mine", "all": open, "restriction": restriction } });
    let refused = office.call(&ada, "POST", "/views", view(Value::Null)).await;
    assert_eq!(problem(refused, 403).0, "Forbidden");
    let own = view(json!({ "type": "User", "id": ada.id }));
    let made = office.call(&ada, "POST", "/views", own).await.expect(201);
    let path = format!("/views/{}", made["view"]["id"]);
    office.call(&bob, "GET", &path, Value::Null).await.expect(404);
    let shared = json!({ "view": { "restriction": null } });
    assert_eq!(problem(office.call(&ada, "PUT", &path, shared).await, 403).0, "Forbidden", "not by the back door");
    office.call(&ada, "DELETE", &path, Value::Null).await.expect(204);
}

#[tokio::test]
async fn what_a_rule_cannot_mean_is_refused_with_its_place() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let condition = |field: &str, operator: &str, value: &str| json!({ "all": [{ "field": "status", "operator": "is", "value": "open" }, { "field": field, "operator": operator, "value": value }] });
    let solve = json!([{ "field": "status", "value": "solved" }]);
    for (conditions, actions, place) in [
        (condition("colour", "is", "red"), solve.clone(), "conditions.all[1].field"),
        (condition("status", "smells", "x"), solve.clone(), "conditions.all[1].operator"),
        (condition("status", "is", "done"), solve.clone(), "conditions.all[1].value"),
        (json!({}), solve.clone(), "conditions"),
        (condition("priority", "is", "high"), json!([]), "actions"),
        (condition("priority", "is", "high"), json!([{ "field": "status", "value": "done" }]), "actions[0].value"),
    ] {
        let trigger = json!({ "trigger": { "title": "t", "conditions": conditions, "actions": actions } });
        let refused = office.call(&ada, "POST", "/triggers", trigger).await;
        assert_eq!(problem(refused, 422).1.as_deref(), Some(place), "{conditions} {actions}");
    }
    let nameless =
        json!({ "trigger": { "title": " ", "conditions": condition("priority", "is", "high"), "actions": solve } });
    assert_eq!(problem(office.call(&ada, "POST", "/triggers", nameless).await, 422).1.as_deref(), Some("title"));
    assert_eq!(office.call(&ada, "GET", "/triggers", Value::Null).await.expect(200)["triggers"], json!([]));
}

#[tokio::test]
async fn triggers_are_put_into_an_order_and_forms_are_built_from_what_the_server_defines() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let mut ids = Vec::new();
    for title in ["first", "second", "third"] {
        let conditions = json!({ "all": [{ "field": "update_type", "operator": "is", "value": "Create" }] });
        let trigger = json!({ "trigger": { "title": title, "conditions": conditions, "actions": [{ "field": "current_tags", "value": ["seen", title] }] } });
        let made = office.call(&ada, "POST", "/triggers", trigger).await.expect(201);
        ids.push(made["trigger"]["id"].as_i64().expect("a number"));
    }
    let order = json!({ "trigger_ids": [ids[2], ids[0]] });
    let listed = office.call(&ada, "PUT", "/triggers/reorder", order).await.expect(200);
    let titles: Vec<_> =
        listed["triggers"].as_array().expect("triggers").iter().map(|one| one["title"].clone()).collect();
    assert_eq!(titles, [json!("third"), json!("first"), json!("second")]);
    assert_eq!(listed["triggers"][0]["actions"][0]["value"], "seen third", "lists are words");
    for (kind, has_actions) in
        [("views", false), ("macros", true), ("triggers", true), ("automations", true), ("queues", false)]
    {
        let defined = office.call(&ada, "GET", &format!("/{kind}/definitions"), Value::Null).await.expect(200);
        let defined = &defined["definitions"];
        let count = |name: &str| defined[name].as_array().map_or(0, Vec::len);
        assert_eq!((count("conditions_all") > 5, count("actions") > 5), (kind != "macros", has_actions), "{kind}");
        for condition in defined["conditions_all"].as_array().expect("conditions") {
            assert!(condition["operators"].as_array().is_some_and(|all| !all.is_empty()), "{condition}");
        }
    }
}

#[tokio::test]
async fn fields_of_the_app_are_filled_in_and_what_does_not_fit_is_refused() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let options = json!([{ "name": "Red", "value": "red" }, { "name": "Blue", "value": "blue" }]);
    let mut ids = Vec::new();
    for field in [
        json!({ "type": "tagger", "title": "Colour", "custom_field_options": options }),
        json!({ "type": "integer", "title": "Pieces" }),
        json!({ "type": "checkbox", "title": "Gift" }),
        json!({ "type": "date", "title": "Wanted on" }),
        json!({ "type": "text", "title": "Order", "key": "order" }),
    ] {
        let made = office.call(&ada, "POST", "/ticket_fields", json!({ "ticket_field": field })).await.expect(201);
        ids.push(made["ticket_field"]["id"].as_i64().expect("a number"));
    }
    let (_, ticket) = office.customer("crm-1", "hello").await;
    let path = format!("/tickets/{ticket}");
    let good = [json!("red"), json!(3), json!(true), json!("2026-12-24")];
    let fields: Vec<_> = ids.iter().zip(&good).map(|(id, value)| json!({ "id": id, "value": value })).collect();
    let changed = office.call(&ada, "PUT", &path, json!({ "ticket": { "custom_fields": fields } })).await.expect(200);
    let value = |n: usize| changed["ticket"]["custom_fields"][n]["value"].clone();
    assert_eq!([value(0), value(1), value(2), value(3)], good);
    assert_eq!(value(4), "4711", "what the bot captured under the field's name stands in the field");
    for (n, bad) in
        [(0, json!("green")), (1, json!("many")), (1, json!(1.5)), (2, json!("perhaps")), (3, json!("soon"))]
    {
        let body = json!({ "ticket": { "custom_fields": [{ "id": ids[n], "value": bad }] } });
        assert_eq!(
            problem(office.call(&ada, "PUT", &path, body).await, 422).1.as_deref(),
            Some("custom_fields"),
            "{bad}"
        );
    }
    let unknown = json!({ "ticket": { "custom_fields": [{ "id": 999, "value": 1 }] } });
    assert_eq!(problem(office.call(&ada, "PUT", &path, unknown).await, 422).1.as_deref(), Some("custom_fields"));
    let twice = json!({ "ticket_field": { "type": "text", "title": "Order", "key": "order" } });
    assert_eq!(problem(office.call(&ada, "POST", "/ticket_fields", twice).await, 422).1.as_deref(), Some("name"));
}

#[tokio::test]
async fn short_lists_are_kept_in_the_same_way() {
    let office = Office::new().await;
    let (ada, bob) = (office.agent("ada", Role::Admin).await, office.agent("bob", Role::Agent).await);
    let group = office.group(office.house.app, "returns").await.0;
    for (path, one, many, body, name) in [
        ("/ticket_forms", "ticket_form", "ticket_forms", json!({ "name": "Returns", "ticket_field_ids": [] }), "name"),
        (
            "/queues",
            "queue",
            "queues",
            json!({ "name": "Returns", "definition": { "all": [{ "field": "via_id", "operator": "is", "value": "web" }] }, "primary_groups_id": [group] }),
            "name",
        ),
        (
            "/shortcuts",
            "shortcut",
            "shortcuts",
            json!({ "name": "/thanks", "message": "Thank you!", "tags": ["nice"] }),
            "message",
        ),
        (
            "/dynamic_content/items",
            "item",
            "items",
            json!({ "name": "hours", "variants": [{ "locale": "en", "content": "9 to 5" }] }),
            "name",
        ),
    ] {
        let made = office.call(&ada, "POST", path, json!({ one: body })).await.expect(201)[one].clone();
        let id = made["id"].as_str().map_or_else(|| made["id"].to_string(), str::to_owned);
        let listed = office.call(&bob, "GET", path, Value::Null).await.expect(200);
        assert_eq!((&listed[many][0]["id"], &listed["count"]), (&made["id"], &json!(1)), "{path}");
        let changed =
            office.call(&ada, "PUT", &format!("{path}/{id}"), json!({ one: { name: "Other" } })).await.expect(200);
        assert_eq!(changed[one][name], "Other", "{path}");
        let empty = office.call(&ada, "PUT", &format!("{path}/{id}"), json!({ one: { "name": "" } })).await;
        assert_eq!(problem(empty, 422).1.as_deref(), Some("name"), "{path}");
        office.call(&bob, "DELETE", &format!("{path}/{id}"), Value::Null).await.expect(403);
        office.call(&ada, "DELETE", &format!("{path}/{id}"), Value::Null).await.expect(204);
        office.call(&ada, "GET", &format!("{path}/{id}"), Value::Null).await.expect(404);
    }
}

#[tokio::test]
async fn a_status_of_the_app_counts_as_a_stock_one() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let body = json!({ "agent_status": { "name": "Lunch", "description": "Back soon", "status_category": "away" } });
    let made = office.call(&ada, "POST", "/agent_availabilities/agent_statuses", body).await.expect(201);
    let id = made["agent_status"]["id"].clone();
    let listed = office.call(&ada, "GET", "/agent_availabilities/agent_statuses", Value::Null).await.expect(200);
    assert_eq!(
        (&listed["data"]["custom"][0]["id"], listed["data"]["default"].as_array().map(Vec::len)),
        (&id, Some(4))
    );
    let set = office
        .call(&ada, "PUT", "/agent_availabilities/agent_statuses/agents/me", json!({ "id": id }))
        .await
        .expect(200);
    let shown = &set["data"]["attributes"];
    assert_eq!(
        (&shown["agent_status"]["name"], &shown["channels"]["messaging"]["status"]),
        (&json!("Lunch"), &json!("away"))
    );
    let unknown = office.call(&ada, "PUT", "/agent_availabilities/agent_statuses/agents/me", json!({ "id": 77 })).await;
    assert_eq!(problem(unknown, 422).1.as_deref(), Some("id"));
}

#[tokio::test]
async fn the_search_finds_tickets_and_people_in_its_own_language() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let (_, ticket) = office.customer("crm-1", "My teapot has a crack").await;
    let new = json!({ "ticket": { "subject": "Broken vase", "comment": { "body": "two pieces" }, "priority": "high", "requester": { "name": "Noor Haddad", "email": "noor@example.com" } } });
    let vase = office.call(&ada, "POST", "/tickets", new).await.expect(201)["ticket"]["id"].clone();
    let find = async |query: &str| {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        office.call(&ada, "GET", &format!("/search.json?query={query}"), Value::Null).await.expect(200)
    };
    let ids = |answer: &Value| -> Vec<Value> {
        answer["results"].as_array().expect("results").iter().map(|result| result["id"].clone()).collect()
    };
    assert_eq!(ids(&find("type:ticket teapot").await), [json!(ticket)]);
    assert_eq!(ids(&find("type:ticket priority>normal status<solved").await), [vase]);
    let people = find("type:user noor").await;
    assert_eq!(
        (&people["results"][0]["name"], &people["results"][0]["result_type"]),
        (&json!("Noor Haddad"), &json!("user"))
    );
    for odd in ["\"", "(", "status<", "OR AND NOT", "*", "type:ticket \"unclosed", "-", "created>yesterday"] {
        find(odd).await;
    }
    let counted = office.call(&ada, "GET", "/search/count?query=teapot", Value::Null).await.expect(200);
    assert_eq!(counted["count"], 1);
}

#[tokio::test]
async fn a_trigger_changes_what_it_is_about_says_so_and_can_be_tried_before() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let (conversation, ticket) = office.customer("crm-1", "I want a refund now").await;
    let conditions = json!({ "all": [{ "field": "priority", "operator": "changed_to", "value": "urgent" }] });
    let actions = json!([
        { "field": "current_tags", "value": "hot" },
        { "field": "comment_value", "value": "We look into ticket {{ticket.id}} at once." },
        { "field": "comment_mode_is_public", "value": "true" },
    ]);
    let trigger = json!({ "trigger": { "title": "Hurry", "conditions": conditions, "actions": actions } });
    let tried = office.call(&ada, "POST", "/triggers/preview", trigger.clone()).await.expect(200);
    assert_eq!((&tried["looked_at"], &tried["matches"]), (&json!(1), &json!([])));
    office.call(&ada, "POST", "/triggers", trigger.clone()).await.expect(201);
    let urgent = json!({ "ticket": { "priority": "urgent" } });
    office.call(&ada, "PUT", &format!("/tickets/{ticket}"), urgent).await.expect(200);
    let shown = async || office.call(&ada, "GET", &format!("/tickets/{ticket}"), Value::Null).await.expect(200);
    office.house.until(async || shown().await["ticket"]["tags"] == json!(["hot"])).await;
    let tried = office.call(&ada, "POST", "/triggers/preview", trigger).await.expect(200);
    assert_eq!((&tried["matches"][0]["ticket_id"], &tried["matches"][0]["would"]), (&json!(ticket), &actions));
    assert!(tried["matches"][0]["because"].as_str().is_some_and(|because| because.contains("priority")), "{tried}");
    let audits = office.call(&ada, "GET", &format!("/tickets/{ticket}/audits"), Value::Null).await.expect(200);
    assert!(audits.to_string().contains("Hurry"), "the record names the rule: {audits}");
    assert_eq!(office.read(&conversation).await.len(), 1, "nobody carries what rules say in this house");
    let sayings = passerelle_api::Sayings::start(office.house.gateway.clone(), passerelle_model::time::Clock::system());
    office.house.until(async || office.read(&conversation).await.len() == 2).await;
    assert_eq!(office.read(&conversation).await[1], format!("We look into ticket {ticket} at once."));
    assert!(sayings.drain(std::time::Duration::from_secs(5)).await);
}

#[tokio::test]
async fn a_macro_says_what_it_would_make_of_a_ticket_and_makes_nothing() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let (_, ticket) = office.customer("crm-1", "hello").await;
    let actions = json!([
        { "field": "status", "value": "solved" },
        { "field": "comment_value", "value": "Regards, {{current_user.name}}" },
        { "field": "current_tags", "value": "done" },
    ]);
    let made = office
        .call(&ada, "POST", "/macros", json!({ "macro": { "title": "Bye", "actions": actions } }))
        .await
        .expect(201);
    let id = &made["macro"]["id"];
    let applied =
        office.call(&ada, "GET", &format!("/tickets/{ticket}/macros/{id}/apply.json"), Value::Null).await.expect(200);
    let would = &applied["result"]["ticket"];
    assert_eq!(
        (&would["status"], &would["tags"], &would["comment"]["body"]),
        (&json!("solved"), &json!(["done"]), &json!("Regards, ada"))
    );
    assert!(would.get("priority").is_none(), "only what would change: {would}");
    let shown = office.call(&ada, "GET", &format!("/tickets/{ticket}"), Value::Null).await.expect(200);
    assert_eq!((&shown["ticket"]["status"], &shown["ticket"]["tags"]), (&json!("new"), &json!([])));
    let alone = office.call(&ada, "GET", &format!("/macros/{id}/apply"), Value::Null).await.expect(200);
    assert_eq!(alone["result"]["ticket"]["comment"]["body"], "Regards, {{current_user.name}}");
}
