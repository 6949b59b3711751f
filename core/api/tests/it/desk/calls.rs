//! Calls are noted, and nobody is dialled.

use passerelle_model::desk::Role;
use serde_json::{Value, json};

use super::office::{Office, problem};

#[tokio::test]
async fn a_call_is_a_note_with_its_facts() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let (conversation, ticket) = office.customer("crm-1", "hello").await;
    let path = format!("/tickets/{ticket}/calls");
    let call = json!({ "phone": "+33 6 12 34 56 78", "note": "Will send a photo", "duration_seconds": 95 });
    let made = office.call(&ada, "POST", &path, call).await.expect(201);
    assert_eq!((&made["audit"]["author_id"], &made["audit"]["ticket_id"]), (&json!(ada.id), &json!(ticket)));
    let comments = office.call(&ada, "GET", &format!("/tickets/{ticket}/comments"), Value::Null).await.expect(200);
    let note = comments["comments"].as_array().and_then(|all| all.last()).expect("a note").clone();
    assert_eq!(note["body"], "Will send a photo");
    assert_eq!(note["metadata"]["call"], json!({ "phone": "+33 6 12 34 56 78", "duration_seconds": 95 }));
    assert_eq!((&note["public"], &note["via"]["channel"]), (&json!(false), &json!("voice")));
    assert_eq!(office.read(&conversation).await, ["hello"], "the customer reads nothing of it");
    for (call, field) in [
        (json!({ "phone": "call me", "note": "x" }), "phone"),
        (json!({ "phone": "123456789", "note": " " }), "note"),
        (json!({ "phone": "123456789", "note": "x", "duration_seconds": 100_000 }), "duration_seconds"),
    ] {
        let refused = office.call(&ada, "POST", &path, call.clone()).await;
        assert_eq!(problem(refused, 422).1.as_deref(), Some(field), "{call}");
    }
    office.call(&ada, "POST", &path, json!({ "note": "x" })).await.expect(400);
}
