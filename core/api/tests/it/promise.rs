//! Holds every answer that a test receives against the published description, so that each test is also one of the
//! description: the status is declared, the content type is, the body fits. And the other way round: a body that was
//! taken is one that the description allows.
//!
//! Stricter than the description in one place: a reply holds no field that its schema does not name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use http::HeaderMap;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The description, ready to be compared with.
pub(crate) struct Promise {
    open: Value,
    closed: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// What was asked and what came back.
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) sent: &'a [u8],
    pub(crate) status: u16,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Value,
}

static PROMISE: OnceLock<Promise> = OnceLock::new();

impl Promise {
    /// The description of this document; every house publishes the same.
    pub(crate) fn of(document: &Value) -> &'static Self {
        PROMISE.get_or_init(|| {
            let mut closed = document.clone();
            close(&mut closed);
            Self { open: document.clone(), closed, validators: Mutex::default() }
        })
    }

    /// Panics when the exchange is not as described.
    #[track_caller]
    pub(crate) fn check(&self, exchange: &Exchange<'_>) {
        let label = format!("{} {} answered {}", exchange.method, exchange.path, exchange.status);
        match self.operation(exchange.method, exchange.path) {
            Some(operation) => self.check_operation(&operation, exchange, &label),
            None if exchange.path.starts_with("/v2/") => {
                assert_eq!(exchange.status, 404, "{label}, and no operation is described there");
                self.check_json("/components/schemas/Errors", exchange.body, &label);
            }
            None => {}
        }
    }

    fn check_operation(&self, operation: &str, exchange: &Exchange<'_>, label: &str) {
        let place = format!("{operation}/responses/{}", exchange.status);
        let place = self.resolve(&place).unwrap_or_else(|| panic!("{label}, a status that it does not declare"));
        assert_eq!(exchange.headers["content-type"], "application/json", "{label}");
        self.check_json(&format!("{place}/content/application~1json/schema"), exchange.body, label);
        let took = format!("{operation}/requestBody/content/application~1json/schema");
        if exchange.status < 300 && !exchange.sent.is_empty() && self.open.pointer(&took).is_some() {
            let sent = serde_json::from_slice(exchange.sent).expect("a body that was taken is JSON");
            self.check_with(&self.open, &took, &sent, &format!("{label}, but its body"));
        }
    }

    fn check_json(&self, pointer: &str, body: &Value, label: &str) {
        self.check_with(&self.closed, pointer, body, label);
    }

    fn check_with(&self, document: &Value, pointer: &str, body: &Value, label: &str) {
        let key = format!("{}{pointer}", std::ptr::from_ref(document).addr());
        let known = self.validators.lock().expect("no test panicked here").get(&key).cloned();
        let validator = known.unwrap_or_else(|| {
            let mut schema = document.pointer(pointer).expect("a schema").clone();
            schema["components"] = json!({ "schemas": document["components"]["schemas"] });
            let made = Arc::new(jsonschema::draft202012::new(&schema).expect("a sound schema"));
            self.validators.lock().expect("no test panicked here").insert(key, Arc::clone(&made));
            made
        });
        let faults: Vec<_> =
            validator.iter_errors(body).map(|fault| format!("{fault} at {}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{label} {body}, which is not as described:\n{}", faults.join("\n"));
    }

    /// The pointer of the operation at a path: the one with the most literal segments that fit.
    fn operation(&self, method: &str, path: &str) -> Option<String> {
        let path = path.split('?').next().unwrap_or_default();
        let paths = self.open["paths"].as_object().expect("paths");
        let fitting = paths.iter().filter(|(_, item)| item.get(method.to_ascii_lowercase()).is_some());
        let best = fitting.filter_map(|(template, _)| Some((literals(template, path)?, template))).max()?;
        Some(format!("/paths/{}/{}", best.1.replace('~', "~0").replace('/', "~1"), method.to_ascii_lowercase()))
    }

    /// Where a pointer ends, once its reference is followed.
    fn resolve(&self, pointer: &str) -> Option<String> {
        let value = self.open.pointer(pointer)?;
        let reference = value.get("$ref").and_then(Value::as_str);
        Some(reference.map_or_else(|| pointer.to_owned(), |reference| reference.trim_start_matches('#').to_owned()))
    }
}

/// How many segments of the template are literal, if the path fits it.
fn literals(template: &str, path: &str) -> Option<usize> {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let fits = |(part, segment): (&&str, &&str)| part.starts_with('{') && !segment.is_empty() || part == segment;
    let is_fit = template.len() == path.len() && template.iter().zip(&path).all(fits);
    is_fit.then(|| template.iter().filter(|part| !part.starts_with('{')).count())
}

/// Closes every object that names its fields and does not say that more may come.
fn close(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(close);
            if is_object_schema(fields) {
                fields.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

fn is_object_schema(fields: &Map<String, Value>) -> bool {
    fields.get("type") == Some(&"object".into())
        && fields.contains_key("properties")
        && !fields.contains_key("additionalProperties")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise() -> Promise {
        let ok = json!({ "description": "ok", "content": { "application/json": { "schema":
            { "$ref": "#/components/schemas/Thing" } } } });
        let body = json!({ "content": { "application/json": { "schema": { "required": ["name"] } } } });
        let open = json!({
            "paths": { "/v2/{id}": { "post": { "responses": { "201": ok }, "requestBody": body } } },
            "components": { "schemas": {
                "Thing": { "type": "object", "properties": { "id": { "type": "string" } } }, "Errors": {},
            } },
        });
        let mut closed = open.clone();
        close(&mut closed);
        Promise { open, closed, validators: Mutex::default() }
    }

    fn is_kept(status: u16, content_type: &'static str, sent: &str, body: Value) -> bool {
        let headers =
            HeaderMap::from_iter([(http::header::CONTENT_TYPE, http::HeaderValue::from_static(content_type))]);
        let (method, path) = ("POST", "/v2/x");
        let sent = sent.as_bytes();
        let check = || promise().check(&Exchange { method, path, sent, status, headers: &headers, body: &body });
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(check)).is_ok()
    }

    #[test]
    fn a_broken_promise_is_noticed() {
        let sent = r#"{"name":"n"}"#;
        assert!(is_kept(201, "application/json", sent, json!({ "id": "x" })));
        assert!(!is_kept(200, "application/json", sent, json!({ "id": "x" })), "a status that is not declared");
        assert!(!is_kept(201, "text/plain", sent, json!({ "id": "x" })), "another content type");
        assert!(!is_kept(201, "application/json", sent, json!({ "id": 5 })), "a number for a text");
        assert!(!is_kept(201, "application/json", sent, json!({ "id": "x", "more": 1 })), "a field nobody named");
        assert!(!is_kept(201, "application/json", "{}", json!({ "id": "x" })), "a body that should be refused");
    }
}
