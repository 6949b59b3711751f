//! The two languages, and texts that exist in one or both.

use serde::Deserialize;

use crate::settings::LanguageChoice;

/// A language that the bot speaks.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// French.
    Fr,
}

impl Language {
    /// The language to speak with a user of this locale, a BCP 47 tag.
    pub fn choose(choice: LanguageChoice, locale: Option<&str>) -> Self {
        match choice {
            LanguageChoice::En => Self::En,
            LanguageChoice::Fr => Self::Fr,
            LanguageChoice::Auto => {
                let primary = locale.and_then(|locale| locale.split(['-', '_']).next()).unwrap_or_default();
                if primary.eq_ignore_ascii_case("fr") { Self::Fr } else { Self::En }
            }
        }
    }

    /// The language's tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }
}

/// A text of the settings: the same for all, or one for each language.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub enum Localized {
    /// The same for all.
    Same(String),
    /// One for each language; a missing one is replaced by the other.
    Each {
        /// English.
        #[serde(default)]
        en: Option<String>,
        /// French.
        #[serde(default)]
        fr: Option<String>,
    },
}

impl Localized {
    /// A text in both languages.
    pub fn both(en: &str, fr: &str) -> Self {
        Self::Each { en: Some(en.to_owned()), fr: Some(fr.to_owned()) }
    }

    /// The words in this language, or in the other one.
    pub fn text(&self, language: Language) -> &str {
        match (self, language) {
            (Self::Same(text), _) => text,
            (Self::Each { en, fr }, Language::En) => en.as_deref().or(fr.as_deref()).unwrap_or_default(),
            (Self::Each { en, fr }, Language::Fr) => fr.as_deref().or(en.as_deref()).unwrap_or_default(),
        }
    }

    /// The words in every language that there is.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let each = match self {
            Self::Same(text) => [Some(text), None],
            Self::Each { en, fr } => [en.as_ref(), fr.as_ref()],
        };
        each.into_iter().flatten().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_locale_chooses_unless_the_operator_did() {
        for (choice, locale, expected) in [
            (LanguageChoice::Auto, Some("fr"), Language::Fr),
            (LanguageChoice::Auto, Some("fr-CA"), Language::Fr),
            (LanguageChoice::Auto, Some("FR_be"), Language::Fr),
            (LanguageChoice::Auto, Some("fry"), Language::En),
            (LanguageChoice::Auto, Some("de"), Language::En),
            (LanguageChoice::Auto, None, Language::En),
            (LanguageChoice::Fr, Some("en"), Language::Fr),
            (LanguageChoice::En, Some("fr"), Language::En),
        ] {
            assert_eq!(Language::choose(choice, locale), expected, "{choice:?} {locale:?}");
        }
    }

    #[test]
    fn a_missing_language_is_replaced_by_the_other() {
        let only_french: Localized = serde_json::from_str(r#"{"fr":"Bonjour"}"#).expect("a text");
        assert_eq!(only_french.text(Language::En), "Bonjour");
        let same: Localized = serde_json::from_str(r#""Hi""#).expect("a text");
        assert_eq!((same.text(Language::Fr), same.all().count()), ("Hi", 1));
    }
}
