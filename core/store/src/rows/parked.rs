//! What was given up until somebody acts.

use passerelle_model::id::{ConversationId, IntegrationId};
use passerelle_model::time::Timestamp;

/// Something that a plugin failed on too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// `request`: a vendor's; `turn`: a bot's.
    pub kind: &'static str,
    /// Which, among its kind.
    pub id: String,
    /// The plugin; none where it was removed.
    pub plugin: Option<String>,
    /// Whose request, or whose bot.
    pub integration: Option<IntegrationId>,
    /// Where the bot shall speak.
    pub conversation: Option<ConversationId>,
    /// Why it was given up.
    pub reason: Option<String>,
    /// When the request came, or the turn was due last.
    pub at: Timestamp,
}
