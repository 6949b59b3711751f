//! Several tickets of one customer become one, or nothing happens.

use passerelle_model::desk::Role;
use serde_json::{Value, json};

use super::office::{Agent, Office, problem};

async fn ticket(office: &Office, agent: &Agent, fields: Value) -> i64 {
    let mut ticket = json!({ "comment": { "body": "hello" } });
    ticket.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
    let made = office.call(agent, "POST", "/tickets", json!({ "ticket": ticket })).await.expect(201);
    made["ticket"]["id"].as_i64().expect("an id")
}

async fn read(office: &Office, agent: &Agent, id: i64) -> Value {
    office.call(agent, "GET", &format!("/tickets/{id}"), Value::Null).await.expect(200)["ticket"].clone()
}

async fn notes(office: &Office, agent: &Agent, id: i64) -> Vec<(String, bool)> {
    let shown = office.call(agent, "GET", &format!("/tickets/{id}/comments"), Value::Null).await.expect(200);
    let comments = shown["comments"].as_array().expect("comments").iter();
    let one = |comment: &Value| (comment["body"].as_str().expect("text").to_owned(), comment["public"] == true);
    comments.map(one).collect()
}

#[tokio::test]
async fn tickets_of_one_customer_become_one() {
    let office = Office::new().await;
    let (ada, bob) = (office.agent("ada", Role::Agent).await, office.agent("bob", Role::Agent).await);
    let (conversation, live) = office.customer("crm-1", "Where is my order?").await;
    let requester = read(&office, &ada, live).await["requester_id"].clone();
    let target = json!({ "requester_id": requester, "tags": ["late"], "follower_ids": [ada.id] });
    let target = ticket(&office, &ada, target).await;
    office
        .call(&ada, "PUT", &format!("/tickets/{target}"), json!({ "ticket": { "follower_ids": [ada.id] } }))
        .await
        .expect(200);
    let tagged = json!({ "ticket": { "tags": ["late", "parcel"], "follower_ids": [bob.id] } });
    office.call(&ada, "PUT", &format!("/tickets/{live}"), tagged).await.expect(200);
    let body = json!({ "ids": [live], "target_comment": "same parcel", "source_comment": "see there" });
    let job = office.call(&ada, "POST", &format!("/tickets/{target}/merge"), body).await.expect(200);
    assert_eq!((&job["job_status"]["status"], &job["job_status"]["total"]), (&json!("completed"), &json!(1)));
    let (kept, closed) = (read(&office, &ada, target).await, read(&office, &ada, live).await);
    assert_eq!((&kept["tags"], &kept["follower_ids"]), (&json!(["late", "parcel"]), &json!([ada.id, bob.id])));
    assert_eq!((&closed["status"], &closed["control"]), (&json!("closed"), &json!("none")), "the bot is back");
    let told = notes(&office, &ada, target).await;
    assert_eq!(told.last(), Some(&(format!("Ticket #{live} was merged into this one.\n\nsame parcel"), false)));
    let told = notes(&office, &ada, live).await;
    assert_eq!(told.last(), Some(&(format!("This ticket was merged into #{target}.\n\nsee there"), false)));
    assert_eq!(office.read(&conversation).await, ["Where is my order?"], "the customer hears nothing of it");
    for id in [target, live] {
        let audits = office.call(&ada, "GET", &format!("/tickets/{id}/audits"), Value::Null).await.expect(200);
        let audits = audits["audits"].as_array().expect("audits").clone();
        assert!(audits.iter().any(|audit| audit["author_id"] == ada.id), "{id}: {audits:?}");
    }
}

#[tokio::test]
async fn what_does_not_fit_merges_nothing() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let (_, stranger) = office.customer("crm-2", "hello").await;
    let (target, own) = (ticket(&office, &ada, json!({})).await, ticket(&office, &ada, json!({})).await);
    let closed = ticket(&office, &ada, json!({ "status": "closed" })).await;
    for (ids, words) in [
        (json!([own, stranger]), "another customer"),
        (json!([own, target]), "into itself"),
        (json!([own, closed]), "closed is final"),
        (json!([own, 999_999]), "does not exist"),
        (json!([]), "1 to 100"),
        (json!("1"), "1 to 100"),
    ] {
        let reply = office.call(&ada, "POST", &format!("/tickets/{target}/merge"), json!({ "ids": ids })).await;
        let text = reply.body.to_string();
        assert_eq!(problem(reply, 422).1.as_deref(), Some("ids"), "{ids}");
        assert!(text.contains(words), "{ids}: {text}");
    }
    let reply = office.call(&ada, "POST", &format!("/tickets/{closed}/merge"), json!({ "ids": [own] })).await;
    assert_eq!(problem(reply, 422).1.as_deref(), Some("id"));
    assert_eq!(read(&office, &ada, own).await["status"], "new");
    assert_eq!(notes(&office, &ada, target).await.len(), 1, "nothing was noted");
}
