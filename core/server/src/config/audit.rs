//! Test only: compares the embedded defaults with the settings structs, field by field.
#![cfg(test)]

use serde::de::value::StringDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use toml::{Table, Value};

use super::{DEFAULTS, Settings};

/// Deserializes a TOML value and notes every field that a struct has and the value lacks.
struct Audit<'a> {
    value: Value,
    place: String,
    missing: &'a std::cell::RefCell<Vec<String>>,
}

impl<'de> Deserializer<'de> for Audit<'_> {
    type Error = toml::de::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.value.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.value.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.value.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let Value::Table(table) = self.value else { return self.value.deserialize_any(visitor) };
        let absent = fields.iter().filter(|field| !table.contains_key(**field));
        self.missing.borrow_mut().extend(absent.map(|field| format!("{}{field}", self.place)));
        let rest = table.into_iter().collect::<Vec<_>>().into_iter();
        visitor.visit_map(Entries { rest, value: None, place: self.place, missing: self.missing })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

struct Entries<'a> {
    rest: std::vec::IntoIter<(String, Value)>,
    value: Option<(String, Value)>,
    place: String,
    missing: &'a std::cell::RefCell<Vec<String>>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = toml::de::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Self::Error> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        let name: StringDeserializer<Self::Error> = key.clone().into_deserializer();
        self.value = Some((key, value));
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Self::Error> {
        let (key, value) = self.value.take().unwrap_or((String::new(), Value::Boolean(false)));
        let place = format!("{}{key}.", self.place);
        seed.deserialize(Audit { value, place, missing: self.missing })
    }
}

fn missing_in(text: &str) -> Vec<String> {
    use serde::Deserialize as _;
    let missing = std::cell::RefCell::new(Vec::new());
    let value = Value::Table(text.parse::<Table>().expect("toml"));
    Settings::deserialize(Audit { value, place: String::new(), missing: &missing }).expect("the defaults are settings");
    missing.into_inner()
}

#[test]
fn the_defaults_set_every_key() {
    assert_eq!(missing_in(DEFAULTS), Vec::<String>::new());
    let without = DEFAULTS.replace("\nconnect_timeout_ms", "\n# connect_timeout_ms");
    assert_eq!(missing_in(&without), vec!["plugins.egress.connect_timeout_ms"]);
}

#[test]
fn every_key_of_the_defaults_is_explained() {
    let mut explained = false;
    for line in DEFAULTS.lines() {
        let is_key = line.contains(" = ") && !line.starts_with('#');
        assert!(!is_key || explained, "no comment above `{line}`");
        explained = line.starts_with('#');
    }
}
