//! The description against the table of routes, and against itself.

use std::collections::BTreeSet;

use serde_json::Value;

use super::description::{Body, Success};
use super::document::document;
use super::operations::GROUPS;
use super::schemas;
use crate::routes::OPERATIONS;

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
