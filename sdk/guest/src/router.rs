//! What a router implements: a pure function from what is known to who should take care.

use serde::de::DeserializeOwned;

pub use crate::bindings::exports::passerelle::plugin::router::{Decision, Facts, Priority};

use crate::{Context, Failure, Scalar};

/// Decides who should take care of a conversation when control reaches the agents.
pub trait Router {
    /// The author's own settings type; its shape is the manifest's `[settings]` schema.
    type Settings: DeserializeOwned;

    /// Decides. Must depend on its arguments alone.
    fn decide(cx: &Context<Self::Settings>, facts: Facts) -> Result<Decision, Failure>;
}

impl Decision {
    /// The queue, and why in words: agents and admins read it.
    pub fn queue(queue: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            queue: queue.into(),
            group: None,
            agent: None,
            priority: Priority::Normal,
            tags: Vec::new(),
            reason: reason.into(),
        }
    }

    /// Names the group.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Names one agent.
    #[must_use]
    pub fn agent(mut self, agent: impl Into<String>) -> Self {
        self.agent = Some(agent.into());
        self
    }

    /// Says how urgent it is.
    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Adds tags.
    #[must_use]
    pub fn tags<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.tags.extend(tags.into_iter().map(Into::into));
        self
    }
}

impl Facts {
    /// The captured fact of this name.
    pub fn field(&self, name: &str) -> Option<&Scalar> {
        self.fields.iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }
}
