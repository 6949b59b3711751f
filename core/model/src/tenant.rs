//! What an app decides for itself.

use serde::{Deserialize, Serialize};

/// The longest retention that can be set: 100 years of seconds.
pub const MAX_RETENTION_SECONDS: u64 = 100 * 366 * 24 * 3600;

/// The settings of an app, under the names that the API has for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppSettings {
    /// Conversations in which nothing was written for so long are deleted; 0 keeps them.
    pub conversation_retention_seconds: u64,
    /// Whether numbers of payment cards are made unreadable in what users write, before it is stored.
    pub mask_credit_card_numbers: bool,
    /// Whether nameless users are shown under an animal's name.
    pub use_animal_names: bool,
    /// Whether a pressed postback button also appears as a message of the user.
    pub echo_postback: bool,
    /// Whether the widget waits with a conversation until the user writes.
    pub ignore_auto_conversation_start: bool,
    /// Whether a user may have several personal conversations. Cannot be turned off again.
    pub multi_convo_enabled: bool,
    /// Whether texts of ours are shown in the user's language.
    pub app_localization_enabled: bool,
    /// Whether a user may end a conversation.
    pub end_session_enabled: bool,
    /// Whether a closed conversation stays closed.
    pub disable_conversation_reopen: bool,
}
