//! What a router is told, and what it decides.

use passerelle_model::routing::{Decision, Facts, Priority};

use super::check::{At, Invalid, list, optional, text};
use super::outward;
use crate::bindings::exports::passerelle::plugin::router as wit;

const MAX_NAME: usize = 64;
const MAX_TAGS: usize = 20;
const MAX_REASON: usize = 512;

pub(crate) fn facts(facts: Facts) -> wit::Facts {
    wit::Facts {
        conversation_id: facts.conversation.to_string(),
        channel_type: facts.channel_type,
        locale: facts.locale,
        tags: facts.tags,
        fields: outward::entries(facts.fields),
        last_text: facts.last_text,
        at_ms: facts.at.as_millis(),
    }
}

/// A decision within the bounds.
pub(crate) fn decision(decision: wit::Decision) -> Result<Decision, Invalid> {
    let priority = match decision.priority {
        wit::Priority::Low => Priority::Low,
        wit::Priority::Normal => Priority::Normal,
        wit::Priority::High => Priority::High,
        wit::Priority::Urgent => Priority::Urgent,
    };
    Ok(Decision {
        queue: text(decision.queue, 1, MAX_NAME).at("queue")?,
        group: optional(decision.group, MAX_NAME).at("group")?,
        agent: optional(decision.agent, MAX_NAME).at("agent")?,
        priority,
        tags: list(decision.tags, 0, MAX_TAGS, |tag| text(tag, 1, MAX_NAME)).at("tags")?,
        reason: text(decision.reason, 1, MAX_REASON).at("reason")?,
    })
}
