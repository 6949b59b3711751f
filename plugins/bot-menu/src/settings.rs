//! The installation's settings: what the menu offers, what the answers are, which words people use.
//!
//! Everything has a default, so the bot says something sensible from its first minute. The manifest's schema has the
//! bounds.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::language::{Language, Localized};
use crate::state::Field;

/// What the operator chose.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The language of every conversation, or the user's own.
    pub language: LanguageChoice,
    /// The choices, in their order.
    pub menu: Vec<Entry>,
    /// Answers to what people ask in their own words.
    pub faqs: Vec<Faq>,
    /// What is asked before a hand-over by the menu, in this order.
    pub questions: Vec<Field>,
    /// To whom conversations go: a switchboard integration's name or id, or `next`.
    pub handover_target: String,
    /// After so many answers in a row that made no sense, a person takes over.
    pub max_misunderstandings: u32,
    /// Words that ask for a person.
    pub human_words: Vec<String>,
    /// Words that go one question back.
    pub back_words: Vec<String>,
    /// Words that leave the questions.
    pub cancel_words: Vec<String>,
    /// Words that say hello or ask for the menu.
    pub menu_words: Vec<String>,
    /// Texts to use in place of the bot's own.
    pub texts: BTreeMap<Language, BTreeMap<String, String>>,
}

/// The language of every conversation, or the user's own.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LanguageChoice {
    /// French for users whose language is French, English for all others.
    #[default]
    Auto,
    /// English.
    En,
    /// French.
    Fr,
}

/// One choice of the menu.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    /// What the button says, at most 128 characters.
    pub label: Localized,
    /// A tag for conversations in which it was chosen.
    pub tag: Option<String>,
    /// What it does.
    #[serde(flatten)]
    pub does: Does,
}

/// What a choice does.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "action", rename_all = "lowercase")]
pub enum Does {
    /// Answers.
    Answer {
        /// The words.
        answer: Localized,
    },
    /// Shows a page.
    Link {
        /// Words beside the button.
        answer: Localized,
        /// The page.
        url: String,
    },
    /// Asks the questions, then hands over to a person.
    Collect,
    /// Hands over to a person at once.
    Handover,
}

/// An answer to what people ask in their own words.
#[derive(Clone, Debug, Deserialize)]
pub struct Faq {
    /// Words or phrases; the answer with the most of them wins.
    pub keywords: Vec<String>,
    /// The words.
    pub answer: Localized,
    /// A tag for conversations in which it was given.
    pub tag: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        let entry = |en: &str, fr: &str, does| Entry { label: Localized::both(en, fr), tag: None, does };
        Self {
            language: LanguageChoice::Auto,
            menu: vec![
                entry("Leave a message", "Laisser un message", Does::Collect),
                entry("Talk to a person", "Parler à un conseiller", Does::Handover),
            ],
            faqs: Vec::new(),
            questions: vec![Field::Name, Field::Email, Field::Reason],
            handover_target: "next".to_owned(),
            max_misunderstandings: 3,
            human_words: words(&[
                "human",
                "agent",
                "person",
                "advisor",
                "humain",
                "conseiller",
                "conseillère",
                "personne",
            ]),
            back_words: words(&["back", "retour", "précédent"]),
            cancel_words: words(&["cancel", "stop", "annuler", "abandonner"]),
            menu_words: words(&["hello", "hi", "hey", "start", "menu", "help", "bonjour", "salut", "bonsoir", "aide"]),
            texts: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Text;

    fn schema() -> toml::Table {
        let manifest: toml::Table = include_str!("../plugin.toml").parse().expect("TOML");
        manifest["settings"].as_table().expect("a schema").clone()
    }

    #[test]
    fn the_manifests_defaults_are_the_ones_used_here() {
        let schema = schema();
        let properties = schema["properties"].as_table().expect("properties");
        let defaults = properties.iter().map(|(key, schema)| (key.clone(), schema["default"].clone()));
        let settings: Settings = toml::Value::Table(defaults.collect()).try_into().expect("settings");
        assert_eq!(format!("{settings:?}"), format!("{:?}", Settings::default()));
    }

    #[test]
    fn every_text_can_be_replaced_and_no_other_key_is_taken() {
        let schema = schema();
        let known: Vec<_> = schema["$defs"]["texts"]["properties"].as_table().expect("texts").keys().cloned().collect();
        let mut keys: Vec<_> = Text::ALL.iter().map(|text| text.key().to_owned()).collect();
        keys.sort();
        assert_eq!(known, keys);
    }
}
