//! Sessions of the widget.

use std::collections::BTreeMap;

use passerelle_model::id::{AppId, IntegrationId, UserId};
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::conversation::{Conversation, Message};
use super::oauth::Digest;

/// A visitor in front of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct WidgetSession {
    /// SHA-256 of its token.
    pub digest: Digest,
    /// Whose widget.
    pub app: AppId,
    /// Which widget.
    pub integration: IntegrationId,
    /// Who.
    pub user: UserId,
    /// The origin of the page.
    pub page_origin: String,
    /// The browser.
    pub device: WidgetDevice,
    /// Id of the signed token that the visitor came in with.
    pub token_id: Option<String>,
    /// When that token runs out.
    pub token_ends_at: Option<Timestamp>,
    /// What the page says of the visitor and what waits for a conversation to be said of.
    pub labels: WidgetLabels,
    /// The page in front of the visitor.
    pub page: Option<WidgetPage>,
    /// When it began.
    pub created_at: Timestamp,
    /// When the visitor was last heard of, give or take an hour.
    pub last_seen_at: Timestamp,
}

/// The browser of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WidgetDevice {
    /// What it calls itself, 1 to 64 characters.
    pub guid: String,
    /// What it says of its make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}

/// What a page says without proof: labels, never identities.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WidgetLabels {
    /// Facts by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Scalar>,
    /// Words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl WidgetLabels {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.tags.is_empty()
    }

    /// The facts, as a conversation keeps them.
    pub fn facts(&self) -> Metadata {
        self.fields.clone().into_iter().collect()
    }
}

/// The page in front of a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WidgetPage {
    /// Its address.
    pub url: String,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where the visitor came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
}

/// A conversation as its user sees it in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct InboxEntry {
    /// The conversation.
    pub conversation: Conversation,
    /// Business messages since the user last read.
    pub unread_count: u64,
    /// When the user last read.
    pub last_read: Option<Timestamp>,
    /// The newest message that is still there.
    pub last_message: Option<Message>,
}
