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
