//! Words for JSON Schema (2020-12), so that schemas read like the tables they come from.
//!
//! Absent is the rule for optional fields of replies, because strict clients refuse empty texts; in bodies `null` counts
//! as absent, or unsets the field of a `PATCH`.

use serde_json::{Map, Value, json};

/// A schema.
#[derive(Clone, Debug)]
pub(crate) struct Schema(Map<String, Value>);

impl Schema {
    fn of(value: Value) -> Self {
        match value {
            Value::Object(fields) => Self(fields),
            other => Self(Map::from_iter([("const".to_owned(), other)])),
        }
    }

    fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// Says what it means.
    pub(crate) fn about(self, text: &str) -> Self {
        self.with("description", text)
    }

    /// Shows one that fits.
    pub(crate) fn example(self, value: impl Into<Value>) -> Self {
        self.with("examples", vec![value.into()])
    }

    /// Adds a rule that no word here has.
    pub(crate) fn rule(self, key: &str, value: Value) -> Self {
        self.with(key, value)
    }

    /// Whether an empty object is too little.
    pub(crate) fn needs_something(&self) -> bool {
        ["required", "oneOf", "anyOf"].iter().any(|key| self.0.contains_key(*key))
    }

    /// The same, or `null`.
    pub(crate) fn or_null(mut self) -> Self {
        match self.0.get("type") {
            Some(Value::String(kind)) if !self.0.contains_key("enum") => {
                let kinds = json!([kind, "null"]);
                self.with("type", kinds)
            }
            _ => {
                let about = self.0.remove("description");
                let either = Self::of(json!({ "anyOf": [self.0, { "type": "null" }] }));
                about.into_iter().fold(either, |schema, text| schema.with("description", text))
            }
        }
    }
}

impl From<Schema> for Value {
    fn from(schema: Schema) -> Self {
        Self::Object(schema.0)
    }
}

/// An object under construction.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    about: &'static str,
    fields: Map<String, Value>,
    needed: Vec<&'static str>,
    others: Option<Value>,
}

/// An object and what it is.
pub(crate) fn object(about: &'static str) -> Object {
    Object { about, fields: Map::new(), needed: Vec::new(), others: None }
}

impl Object {
    /// A field that is always there.
    pub(crate) fn needs(mut self, name: &'static str, schema: impl Into<Schema>) -> Self {
        self.needed.push(name);
        self.has(name, schema)
    }

    /// A field of a reply that may be absent, and is never `null`.
    pub(crate) fn has(mut self, name: &'static str, schema: impl Into<Schema>) -> Self {
        self.fields.insert(name.to_owned(), schema.into().into());
        self
    }

    /// A field of a body that may be absent or `null`.
    pub(crate) fn takes(self, name: &'static str, schema: impl Into<Schema>) -> Self {
        self.has(name, schema.into().or_null())
    }

    /// Says that more fields, named nowhere here, may stand beside these.
    pub(crate) fn open(mut self) -> Self {
        self.others = Some(true.into());
        self
    }
}

impl From<Object> for Schema {
    fn from(object: Object) -> Self {
        let mut schema = Self::of(json!({ "type": "object", "properties": object.fields }));
        if !object.needed.is_empty() {
            schema = schema.with("required", object.needed);
        }
        if let Some(others) = object.others {
            schema = schema.with("additionalProperties", others);
        }
        if object.about.is_empty() { schema } else { schema.about(object.about) }
    }
}

/// A text of at most `max` characters; an empty one counts as absent.
pub(crate) fn text(max: usize) -> Schema {
    Schema::of(json!({ "type": "string", "maxLength": max }))
}

/// A text of 1 to `max` characters.
pub(crate) fn full_text(max: usize) -> Schema {
    text(max).with("minLength", 1)
}

/// A text of any length.
pub(crate) fn any_text() -> Schema {
    Schema::of(json!({ "type": "string" }))
}

/// One word of a list.
pub(crate) fn word<'a>(words: impl IntoIterator<Item = &'a str>) -> Schema {
    let words: Vec<_> = words.into_iter().collect();
    Schema::of(json!({ "type": "string", "enum": words }))
}

/// Exactly this word; objects of several kinds are told apart by one.
pub(crate) fn exactly(word: &str) -> Schema {
    Schema::of(json!({ "type": "string", "const": word }))
}

/// An absolute address.
pub(crate) fn url(max: usize) -> Schema {
    text(max).with("format", "uri").with("pattern", "^https?://")
}

/// A whole number.
pub(crate) fn integer(bounds: std::ops::RangeInclusive<u64>) -> Schema {
    let schema = Schema::of(json!({ "type": "integer", "minimum": bounds.start() }));
    if *bounds.end() == u64::MAX { schema } else { schema.with("maximum", *bounds.end()) }
}

/// A number within bounds.
pub(crate) fn number(bounds: std::ops::RangeInclusive<f64>) -> Schema {
    Schema::of(json!({ "type": "number", "minimum": bounds.start(), "maximum": bounds.end() }))
}

/// True or false.
pub(crate) fn flag() -> Schema {
    Schema::of(json!({ "type": "boolean" }))
}

/// A list of things of one kind.
pub(crate) fn list(items: impl Into<Schema>, bounds: std::ops::RangeInclusive<usize>) -> Schema {
    let schema = Schema::of(json!({ "type": "array", "items": Value::from(items.into()) }));
    let schema = if *bounds.start() == 0 { schema } else { schema.with("minItems", *bounds.start()) };
    if *bounds.end() == usize::MAX { schema } else { schema.with("maxItems", *bounds.end()) }
}

/// A schema of the components, by name.
pub(crate) fn named(name: &str) -> Schema {
    Schema::of(json!({ "$ref": format!("#/components/schemas/{name}") }))
}

/// Exactly one of several.
pub(crate) fn one_of(schemas: impl IntoIterator<Item = Schema>) -> Schema {
    let schemas: Vec<Value> = schemas.into_iter().map(Value::from).collect();
    Schema::of(json!({ "oneOf": schemas }))
}

/// An object whose fields are nowhere described.
pub(crate) fn any_object() -> Schema {
    Schema::of(json!({ "type": "object", "additionalProperties": true }))
}

/// An id of ours.
pub(crate) fn id() -> Schema {
    named("Id")
}

/// A time.
pub(crate) fn time() -> Schema {
    named("Time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_joins_every_kind_of_schema() {
        for (schema, expected) in [
            (text(5), json!({ "type": ["string", "null"], "maxLength": 5 })),
            (
                named("X").about("y"),
                json!({
                    "anyOf": [{ "$ref": "#/components/schemas/X" }, { "type": "null" }], "description": "y"
                }),
            ),
            (word(["a"]), json!({ "anyOf": [{ "type": "string", "enum": ["a"] }, { "type": "null" }] })),
        ] {
            assert_eq!(Value::from(schema.or_null()), expected);
        }
    }
}
