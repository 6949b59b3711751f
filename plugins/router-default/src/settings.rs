//! The rules, as the operator writes them. The manifest's schema has the bounds.

use passerelle_sdk::prelude::Priority;
use serde::Deserialize;

/// What the operator chose.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Looked at in this order; the first that matches decides.
    pub rules: Vec<Rule>,
    /// The queue of everything else.
    pub default_queue: String,
    /// The group of everything else.
    pub default_group: Option<String>,
    /// How urgent everything is whose rule does not say.
    pub default_priority: Urgency,
}

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What agents and admins call it.
    pub name: Option<String>,
    /// All of these must hold; none always holds.
    #[serde(default)]
    pub when: When,
    /// Where the conversation waits.
    pub queue: String,
    /// Which group takes care.
    pub group: Option<String>,
    /// Which agent takes care.
    pub agent: Option<String>,
    /// How urgent it is.
    pub priority: Option<Urgency>,
    /// Tags to add.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// Conditions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// The channel is one of these.
    pub channel: Option<OneOrMore>,
    /// The language is one of these or a variant of it: `fr` holds for `fr-CA`.
    pub language: Option<OneOrMore>,
    /// The conversation has at least one of these tags.
    pub tags_any: Option<Vec<String>>,
    /// A fact that a bot captured or that came with the hand-over.
    pub field: Option<FieldIs>,
}

/// A text or a list of texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// Any of these.
    More(Vec<String>),
}

/// A condition on a fact.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldIs {
    /// The fact's name.
    pub name: String,
    /// Its value; without it the fact need only be there.
    pub equals: Option<Value>,
}

/// A value to compare with. Texts are compared without case.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Value {
    /// True or false.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// How urgent.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Can wait.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Soon.
    High,
    /// Now.
    Urgent,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            default_queue: "general".to_owned(),
            default_group: None,
            default_priority: Urgency::Normal,
        }
    }
}

impl OneOrMore {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more.as_slice(),
        }
        .iter()
        .map(String::as_str)
    }
}

impl From<Urgency> for Priority {
    fn from(urgency: Urgency) -> Self {
        match urgency {
            Urgency::Low => Self::Low,
            Urgency::Normal => Self::Normal,
            Urgency::High => Self::High,
            Urgency::Urgent => Self::Urgent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifests_defaults_are_the_ones_used_here() {
        let manifest: toml::Table = include_str!("../plugin.toml").parse().expect("TOML");
        let properties = manifest["settings"]["properties"].as_table().expect("properties");
        let defaults =
            properties.iter().filter_map(|(key, schema)| Some((key.clone(), schema.get("default")?.clone())));
        let settings: Settings = toml::Value::Table(defaults.collect()).try_into().expect("settings");
        assert_eq!(format!("{settings:?}"), format!("{:?}", Settings::default()));
    }
}
