//! What a call knows about itself, and the small shared words: metadata entries and profiles.

use serde::de::DeserializeOwned;

pub use crate::bindings::passerelle::plugin::types::{Entry, Profile, Scalar};

use crate::Failure;
use crate::bindings::passerelle::plugin::types::Context as Raw;

/// What the host knows about the call it is making, with the installation's settings parsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Context<S> {
    /// The app (tenant) this call works for, 24 hex characters.
    pub app_id: String,
    /// The integration, that is this installation of the plugin, 24 hex characters.
    pub integration_id: String,
    /// The installation's settings, in the author's own type.
    pub settings: S,
    /// When the host began this call, in milliseconds since 1970.
    pub now_ms: u64,
}

impl<S: DeserializeOwned> Context<S> {
    /// Parses the settings. The host has checked them against the manifest's schema, so a failure means that schema
    /// and type disagree; it names the field.
    pub(crate) fn parse(raw: Raw) -> Result<Self, Failure> {
        let mut json = serde_json::Deserializer::from_str(&raw.settings);
        let settings = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let field = error.path().to_string();
            Failure::bad_input("settings", format!("settings field `{field}` does not fit: {}", error.inner()))
        })?;
        Ok(Self { app_id: raw.app_id, integration_id: raw.integration_id, settings, now_ms: raw.now_ms })
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Scalar {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<f64> for Scalar {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Scalar {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Scalar {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Scalar {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl Scalar {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) | Self::Flag(_) => None,
        }
    }
}

impl Profile {
    /// A profile that knows nothing yet.
    pub fn unknown() -> Self {
        Self {
            given_name: None,
            surname: None,
            display_name: None,
            email: None,
            phone: None,
            locale: None,
            avatar_url: None,
            info: Vec::new(),
        }
    }

    /// Adds a fact of the channel's own, such as `username`.
    #[must_use]
    pub fn with_info(mut self, name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        self.info.push((name.into(), value.into()));
        self
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::unknown()
    }
}

/// Turns what authors have at hand into metadata.
pub(crate) fn entries<K: Into<String>, V: Into<Scalar>>(fields: impl IntoIterator<Item = (K, V)>) -> Vec<Entry> {
    fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Settings {
        #[expect(dead_code, reason = "only its type matters here")]
        menu: Vec<Entry>,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Entry {
        #[expect(dead_code, reason = "only its type matters here")]
        label: String,
    }

    #[test]
    fn a_setting_that_does_not_fit_is_named() {
        let raw = |settings: &str| Raw {
            app_id: "a".into(),
            integration_id: "i".into(),
            settings: settings.into(),
            now_ms: 1,
        };
        assert!(Context::<Settings>::parse(raw(r#"{"menu":[{"label":"Opening hours"}]}"#)).is_ok());
        let failure = Context::<Settings>::parse(raw(r#"{"menu":[{"label":7}]}"#)).expect_err("a number is no label");
        assert_eq!(failure.code, "settings");
        assert!(failure.message.contains("`menu[0].label`"), "{}", failure.message);
    }
}
