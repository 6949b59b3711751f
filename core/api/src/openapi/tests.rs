//! The description against the table of routes, and against itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::description::{Body, Success};
use super::document::document;
use super::operations::GROUPS;
use super::schemas::{self, TOLD};
use crate::routes::OPERATIONS;
use crate::wire::event::TRIGGERS;

#[test]
fn every_operation_has_exactly_one_description() {
    let described: Vec<_> = GROUPS.iter().flat_map(|group| group.operations).map(|described| described.id).collect();
    let mut once = BTreeSet::new();
    let twice: Vec<_> = described.iter().filter(|id| !once.insert(**id)).collect();
    assert!(twice.is_empty(), "described twice: {twice:?}");
    let served: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
    let silent: Vec<_> = served.difference(&once).collect();
    assert!(silent.is_empty(), "add a description in openapi/operations for {silent:?}");
    let gone: Vec<_> = once.difference(&served).collect();
    assert!(gone.is_empty(), "described, but not in the table of routes: {gone:?}");
}

#[test]
fn every_operation_says_what_it_is_for_and_what_it_takes() {
    for described in GROUPS.iter().flat_map(|group| group.operations) {
        let id = described.id;
        let Some(operation) = OPERATIONS.iter().find(|operation| operation.id == id) else { continue };
        assert!(described.summary.len() > 5 && !described.summary.ends_with('.'), "{id}: a summary is a short line");
        let makes = matches!(described.success, Success::Created(..) | Success::CreatedMany(..));
        assert!(!makes || operation.method == http::Method::POST, "{id}: only POST makes things");
        let has_body = !matches!(described.body, Body::None);
        let may_have_body = operation.method == http::Method::POST || operation.method == http::Method::PATCH;
        assert!(!has_body || may_have_body, "{id}: bodies belong to POST and PATCH");
        assert!(operation.method != http::Method::PATCH || has_body, "{id}: a PATCH takes a body");
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let document = document("https://gw.example.org", "0.0.0");
    let mut named = BTreeSet::new();
    references(&document, &mut named);
    for reference in &named {
        let pointer = reference.strip_prefix('#').expect("references stay inside the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for (name, _) in schemas::all() {
        assert!(named.contains(&format!("#/components/schemas/{name}")), "nobody refers to the schema {name}");
    }
    let mut names: Vec<_> = schemas::all().iter().map(|schema| schema.0).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "two schemas share a name");
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                found.insert(reference.clone());
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_trigger_is_described_and_every_body_is_as_described() {
    let described: BTreeSet<&str> = TOLD.iter().map(|told| told.trigger).collect();
    assert_eq!(described, TRIGGERS.iter().copied().collect(), "describe the trigger in openapi/schemas/event.rs");
    let document = document("https://gw.example.org", "0.0.0");
    let golden: Vec<Value> = serde_json::from_str(include_str!("../wire/event/golden.json")).expect("a list");
    let id = golden[0]["id"].clone();
    for event in golden {
        let trigger = event["type"].as_str().expect("a trigger").to_owned();
        let place = format!("/webhooks/{trigger}/post/requestBody/content/application~1json/schema");
        let mut schema = document.pointer(&place).expect("a schema").clone();
        schema["components"] = json!({ "schemas": document["components"]["schemas"] });
        let validator = jsonschema::draft202012::new(&schema).expect("a sound schema");
        let body =
            |event: &Value| json!({ "app": { "id": id }, "webhook": { "id": id, "version": "v2" }, "events": [event] });
        let faults: Vec<_> = validator.iter_errors(&body(&event)).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{trigger}: {faults:?}\n{event:#}");
        let mut bare = event.clone();
        bare["payload"] = json!({});
        assert!(!validator.is_valid(&body(&bare)), "{trigger}: a payload that says nothing");
    }
}
