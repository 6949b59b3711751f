//! The installation's settings. The manifest's schema says the same with the bounds that the host checks.

use serde::Deserialize;

use crate::limits::POLL_SECONDS;

/// What the operator chose.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the Bot API is. Others run a server of their own, tests an emulator.
    pub api_base: String,
    /// How updates reach us.
    pub mode: Mode,
    /// How long one `getUpdates` waits for news.
    pub poll_timeout_s: u32,
    /// How many connections Telegram may open to us at once.
    pub max_connections: u32,
    /// Whether links in texts show a preview.
    pub link_previews: bool,
    /// What people read who press a button that is too old.
    pub expired_notice: String,
}

/// How updates reach us.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Telegram calls us.
    Webhook,
    /// We ask, for hosts without a public address.
    Polling,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            api_base: "https://api.telegram.org".to_owned(),
            mode: Mode::Webhook,
            poll_timeout_s: 8,
            max_connections: 40,
            link_previews: true,
            expired_notice: "This button has expired.".to_owned(),
        }
    }
}

impl Settings {
    /// The address of the Bot API without a slash at its end.
    pub fn base(&self) -> &str {
        self.api_base.trim_end_matches('/')
    }

    /// The wait of one `getUpdates` in seconds.
    pub fn poll_seconds(&self) -> u32 {
        self.poll_timeout_s.min(POLL_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifests_defaults_are_the_ones_used_here() {
        let manifest: toml::Table = include_str!("../plugin.toml").parse().expect("TOML");
        let properties = manifest["settings"]["properties"].as_table().expect("properties");
        let defaults = properties.iter().map(|(key, schema)| (key.clone(), schema["default"].clone()));
        let settings: Settings = toml::Value::Table(defaults.collect()).try_into().expect("settings");
        assert_eq!(settings, Settings::default());
        assert_eq!(properties["poll_timeout_s"]["maximum"].as_integer(), Some(i64::from(POLL_SECONDS)));
    }

    #[test]
    fn a_slash_at_the_end_of_the_address_does_not_matter() {
        let settings = Settings { api_base: "http://127.0.0.1:9000/".into(), ..Settings::default() };
        assert_eq!(settings.base(), "http://127.0.0.1:9000");
    }
}
