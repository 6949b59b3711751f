//! What a message says beside its content to those who can use it; everybody else does without.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Bytes of a payload in a channel's own format.
pub const MAX_NATIVE_BYTES: usize = 64 * 1024;

/// Beside the content. The default is nothing at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageExtras {
    /// Whether its author is a machine that says so.
    #[serde(skip_serializing_if = "is_false")]
    pub by_ai: bool,
    /// Whether the user should answer with its buttons or fields only.
    #[serde(skip_serializing_if = "is_false")]
    pub block_chat_input: bool,
    /// The words as the caller marked them up in HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html_text: Option<String>,
    /// The words as the caller marked them up in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown_text: Option<String>,
    /// Payloads in a channel's own format, JSON objects as texts by the channel's type; they go to that channel in place of
    /// the content. At most [`MAX_NATIVE_BYTES`] each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, String>,
}

impl MessageExtras {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
