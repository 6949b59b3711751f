//! Reads the JSON bodies of callers field by field, with refusals that name the field and the rule.
//!
//! Absent and `null` are told apart only where a `PATCH` needs it; unknown fields are ignored, because newer client
//! libraries send some.

use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_pipeline::Change;
use serde_json::{Map, Value};

use crate::error::ApiError;

/// An object of a body, with the place where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Fields<'a> {
    place: String,
    object: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// The body itself.
    pub(crate) fn of(body: &'a Value) -> Result<Self, ApiError> {
        Self::at(String::new(), body)
    }

    /// An object at a named place, such as an item of a list.
    pub(crate) fn at(place: String, value: &'a Value) -> Result<Self, ApiError> {
        let Some(object) = value.as_object() else {
            return Err(refusal(if place.is_empty() { "body" } else { &place }, "should be object"));
        };
        Ok(Self { place, object })
    }

    /// The value, unless it is absent or `null`.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// Whether the field is there at all, `null` included.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    /// The names of the fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.object.keys().map(String::as_str)
    }

    /// A text of at most `max` characters; an empty one counts as absent, because we never store empty texts.
    pub(crate) fn text(&self, name: &str, max: usize) -> Result<Option<String>, ApiError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| self.wrong(name, "should be string"))?;
        if text.chars().count() > max {
            return Err(self.wrong(name, &format!("should NOT be longer than {max} characters")));
        }
        Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
    }

    /// A text that must be there and not be empty.
    pub(crate) fn needed_text(&self, name: &str, max: usize) -> Result<String, ApiError> {
        match self.text(name, max)? {
            Some(text) => Ok(text),
            None if self.value(name).is_some() => Err(self.wrong(name, "should NOT be shorter than 1 characters")),
            None => Err(self.missing(name)),
        }
    }

    /// A changed text of a `PATCH`.
    pub(crate) fn text_change(&self, name: &str, max: usize) -> Result<Change<String>, ApiError> {
        match self.text(name, max)? {
            Some(text) => Ok(Change::Set(text)),
            None if self.mentions(name) => Ok(Change::Unset),
            None => Ok(Change::Keep),
        }
    }

    /// True or false.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        let parsed = self.value(name).map(|value| value.as_bool().ok_or_else(|| self.wrong(name, "should be boolean")));
        parsed.transpose()
    }

    /// A finite number that must be there.
    pub(crate) fn needed_number(&self, name: &str) -> Result<f64, ApiError> {
        let value = self.value(name).ok_or_else(|| self.missing(name))?;
        value.as_f64().ok_or_else(|| self.wrong(name, "should be number"))
    }

    /// A whole number within bounds.
    pub(crate) fn integer(&self, name: &str, bounds: std::ops::RangeInclusive<u64>) -> Result<Option<u64>, ApiError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        // `5.0` is a whole number too.
        let whole =
            || value.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0).map(|number| number as u64);
        let number = value.as_u64().or_else(whole).filter(|number| bounds.contains(number));
        let rule = format!("should be integer from {} to {}", bounds.start(), bounds.end());
        number.map(Some).ok_or_else(|| self.wrong(name, &rule))
    }

    /// An object inside.
    pub(crate) fn inner(&self, name: &str) -> Result<Option<Self>, ApiError> {
        self.value(name).map(|value| Self::at(self.path(name), value)).transpose()
    }

    /// An object inside that must be there.
    pub(crate) fn needed_inner(&self, name: &str) -> Result<Self, ApiError> {
        self.inner(name)?.ok_or_else(|| self.missing(name))
    }

    /// The objects of a list; none when it is absent.
    pub(crate) fn items(&self, name: &str, max: usize) -> Result<Vec<Self>, ApiError> {
        let Some(value) = self.value(name) else { return Ok(Vec::new()) };
        let list = value.as_array().ok_or_else(|| self.wrong(name, "should be array"))?;
        if list.len() > max {
            return Err(self.wrong(name, &format!("should NOT have more than {max} items")));
        }
        list.iter().enumerate().map(|(n, item)| Self::at(format!("{}[{n}]", self.path(name)), item)).collect()
    }

    /// The objects of a list that needs at least one.
    pub(crate) fn needed_items(&self, name: &str, max: usize) -> Result<Vec<Self>, ApiError> {
        let items = self.items(name, max)?;
        match (items.is_empty(), self.value(name)) {
            (false, _) => Ok(items),
            (true, None) => Err(self.missing(name)),
            (true, Some(_)) => Err(self.wrong(name, "should NOT have fewer than 1 items")),
        }
    }

    /// The texts of a list; none when it is absent.
    pub(crate) fn texts(&self, name: &str, max: usize) -> Result<Vec<String>, ApiError> {
        let Some(value) = self.value(name) else { return Ok(Vec::new()) };
        let list = value.as_array().filter(|list| list.len() <= max);
        let texts = list.and_then(|list| list.iter().map(|item| item.as_str().map(str::to_owned)).collect());
        texts.ok_or_else(|| self.wrong(name, &format!("should be array of at most {max} strings")))
    }

    /// Flat facts; `null` values are left out.
    pub(crate) fn metadata(&self, name: &str) -> Result<Metadata, ApiError> {
        let changes = self.metadata_changes(name)?;
        Ok(Metadata(changes.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()))
    }

    /// Flat facts of a `PATCH`: `None` unsets the key.
    pub(crate) fn metadata_changes(&self, name: &str) -> Result<Vec<(String, Option<Scalar>)>, ApiError> {
        let Some(inner) = self.inner(name)? else { return Ok(Vec::new()) };
        let change = |(key, value): (&String, &Value)| {
            let scalar = match value {
                Value::Null => None,
                Value::Bool(flag) => Some(Scalar::Flag(*flag)),
                Value::Number(number) => number.as_f64().map(Scalar::Number),
                Value::String(text) => Some(Scalar::Text(text.clone())),
                _ => return Err(inner.wrong(key, "should be string, number or boolean")),
            };
            Ok((key.clone(), scalar))
        };
        let changes: Vec<_> = inner.object.iter().map(change).collect::<Result<_, _>>()?;
        let size = serde_json::to_string(inner.object).map_or(usize::MAX, |text| text.len());
        if size > passerelle_model::metadata::MAX_METADATA_BYTES {
            return Err(self.wrong(name, "is limited to 4096 bytes in size"));
        }
        Ok(changes)
    }

    /// A refusal that names the field and the rule.
    pub(crate) fn wrong(&self, name: &str, rule: &str) -> ApiError {
        refusal(&self.path(name), rule)
    }

    /// The refusal of an absent field.
    pub(crate) fn missing(&self, name: &str) -> ApiError {
        let place = if self.place.is_empty() { String::new() } else { format!("{} ", self.place) };
        ApiError::bad_request(format!("{place}should have required property '{name}'"))
    }

    fn path(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }
}

fn refusal(place: &str, rule: &str) -> ApiError {
    ApiError::bad_request(format!("{place} {rule}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn refusals_name_the_field_and_the_rule() {
        let body = json!({"a": 1, "long": "abc", "empty": "", "in": {"list": [{}]}, "none": null, "much": [{}, {}]});
        let fields = Fields::of(&body).expect("an object");
        let refused = |result: Result<String, ApiError>, title: &str| {
            assert_eq!(result, Err(ApiError::bad_request(title)));
        };
        refused(fields.needed_text("a", 5), "a should be string");
        refused(fields.needed_text("b", 5), "should have required property 'b'");
        refused(fields.needed_text("none", 5), "should have required property 'none'");
        refused(fields.needed_text("long", 2), "long should NOT be longer than 2 characters");
        refused(fields.needed_text("empty", 2), "empty should NOT be shorter than 1 characters");
        let item = fields.inner("in").expect("read").expect("there").items("list", 3).expect("read").remove(0);
        refused(item.needed_text("x", 5), "in.list[0] should have required property 'x'");
        assert_eq!(
            fields.items("much", 1).err(),
            Some(ApiError::bad_request("much should NOT have more than 1 items"))
        );
        assert_eq!(Fields::of(&json!([])).err(), Some(ApiError::bad_request("body should be object")));
    }

    #[test]
    fn whole_numbers_are_whole_in_any_spelling() {
        let body = json!({"a": 5, "b": 5.0, "c": 5.5, "d": -1.0, "e": "5", "f": 1e300});
        let fields = Fields::of(&body).expect("an object");
        let read = |name| fields.integer(name, 0..=9).ok().flatten();
        assert_eq!(["a", "b", "c", "d", "e", "f"].map(read), [Some(5), Some(5), None, None, None, None]);
    }

    #[test]
    fn a_patch_tells_absent_from_null() {
        let body = json!({"set": "x", "unset": null, "empty": ""});
        let fields = Fields::of(&body).expect("an object");
        assert_eq!(fields.text_change("set", 5), Ok(Change::Set("x".to_owned())));
        assert_eq!(fields.text_change("unset", 5), Ok(Change::Unset));
        assert_eq!(fields.text_change("empty", 5), Ok(Change::Unset));
        assert_eq!(fields.text_change("absent", 5), Ok(Change::Keep));
    }

    #[test]
    fn metadata_is_flat_and_bounded() {
        let metadata = |value: Value| {
            let body = json!({ "metadata": value });
            Fields::of(&body).and_then(|fields| fields.metadata("metadata"))
        };
        assert_eq!(metadata(json!({"a": 1, "b": null, "c": true})).map(|m| m.0.len()), Ok(2));
        assert!(metadata(json!({"a": {"b": 1}})).is_err());
        assert!(metadata(json!({"a": "x".repeat(4096)})).is_err());
        assert!(metadata(json!("text")).is_err());
    }
}
