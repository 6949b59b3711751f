//! In whose name a reader reads, and whether it still may.

use std::sync::Arc;

use passerelle_model::id::IntegrationId;
use passerelle_store::StoreError;

use super::wire::Item;
use crate::api::Api;
use crate::auth::Access;
use crate::auth::credentials::Claim;
use crate::desk::credentials::Known;

/// A reader's proof of who it is.
#[derive(Clone)]
pub(crate) enum Rights {
    /// A key of the Conversations API.
    Key(Access),
    /// An agent, who also sees what happens at the desk.
    Agent(Known),
}

/// What was shown, as a name under which an answer can be remembered.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Proof {
    Key(Arc<Claim>),
    Agent(Arc<crate::desk::credentials::Claim>),
}

impl Rights {
    /// Whose budget of streams it is.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Key(access) => access.key_id().to_owned(),
            Self::Agent(known) => format!("agent_{}", known.agent.id),
        }
    }

    pub(super) fn proof(&self) -> Proof {
        match self {
            Self::Key(access) => Proof::Key(Arc::clone(access.claim())),
            Self::Agent(known) => Proof::Agent(known.claim()),
        }
    }

    /// Whether the proof is still good and opens the same.
    pub(super) async fn still_holds(&self, api: &Api) -> Result<bool, StoreError> {
        match self {
            Self::Key(access) => access.still_holds(api).await,
            Self::Agent(known) => known.still_holds(api).await,
        }
    }

    /// Whether the reader may see it. Keys do not see the desk, and an integration sees what its webhook would be sent.
    pub(super) fn may_see(&self, item: &Item) -> bool {
        match self {
            Self::Agent(_) => true,
            Self::Key(access) => {
                let is_heard = |own: IntegrationId| !item.deaf.contains(&own);
                !item.is_desk && access.integration().is_none_or(is_heard)
            }
        }
    }
}
