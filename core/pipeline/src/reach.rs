//! By which ways an answer would reach a user now. Tells whoever writes one; whether it arrives is found out by sending it.

use std::time::Duration;

use passerelle_model::delivery::Capabilities;
use passerelle_model::id::{AppId, UserId};
use passerelle_model::people::ClientStatus;
use passerelle_model::time::Timestamp;
use passerelle_model::widget::CHANNEL;
use passerelle_store::{Client, IntegrationStatus, StoreError};

use crate::directory::Entry;
use crate::gateway::Gateway;

/// A way to a user.
#[derive(Clone, Debug)]
pub struct Way {
    /// The user's identity there.
    pub client: Client,
    /// What the channel is called here.
    pub name: String,
    /// What the channel can show; none where nobody can say, because its plugin is missing.
    pub capabilities: Option<Capabilities>,
    /// When the vendor's reply window closes; none where it has none.
    pub closes_at: Option<Timestamp>,
    /// Why an answer would not arrive; none where nothing is known to be in its way.
    pub hindrance: Option<Hindrance>,
}

/// Why an answer would not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// The user does not want to be written to, or has not confirmed the identity.
    Blocked(ClientStatus),
    /// The integration is switched off or needs attention.
    SwitchedOff,
    /// The vendor takes answers for a while after the user has written only, and that is over.
    WindowClosed,
}

impl Gateway {
    /// The ways to a user: the one that an answer takes first, then the others, the last used first.
    pub async fn ways(&self, app: AppId, user: UserId) -> Result<Vec<Way>, StoreError> {
        let mut ways = Vec::new();
        for client in self.0.store.clients_by_use(app, user).await? {
            ways.push(self.way(client).await?);
        }
        // The order in which `deliver::choose` looks; sorting keeps it among equals.
        ways.sort_by_key(|way| way.client.status != ClientStatus::Active);
        Ok(ways)
    }

    async fn way(&self, client: Client) -> Result<Way, StoreError> {
        let entry = self.0.book.entry(client.integration);
        let window = entry.as_deref().and_then(reply_window);
        let closes_at = match window {
            // Who has not written yet cannot be answered yet.
            Some(window) => {
                Some(self.0.store.last_written(&client).await?.map_or(client.created_at, |at| at.plus(window)))
            }
            None => None,
        };
        let is_over = closes_at.is_some_and(|at| at <= self.0.clock.now());
        let hindrance = match client.status {
            ClientStatus::Active if !entry.as_deref().is_some_and(works) => Some(Hindrance::SwitchedOff),
            ClientStatus::Active => is_over.then_some(Hindrance::WindowClosed),
            other => Some(Hindrance::Blocked(other)),
        };
        let name = entry.as_deref().map_or_else(|| client.channel_type.clone(), name_of);
        let capabilities = entry.as_deref().and_then(capabilities);
        Ok(Way { client, name, capabilities, closes_at, hindrance })
    }
}

fn works(entry: &Entry) -> bool {
    entry.ready().is_some() || (entry.widget.is_some() && entry.row.status == IntegrationStatus::Active)
}

fn reply_window(entry: &Entry) -> Option<Duration> {
    let channel = entry.installation.as_ref()?.plugin().manifest().channel.as_ref()?;
    channel.reply_window_hours.map(|hours| Duration::from_secs(u64::from(hours) * 3600))
}

fn capabilities(entry: &Entry) -> Option<Capabilities> {
    if entry.widget.is_some() {
        return Some(Capabilities::everything(CHANNEL));
    }
    entry.installation.as_ref()?.plugin().capabilities().cloned()
}

/// What an administrator calls it, and failing that what the plugin calls itself.
fn name_of(entry: &Entry) -> String {
    let named = entry.row.display_name.clone();
    let own = || entry.installation.as_ref().map(|installation| installation.plugin().manifest().plugin.name.clone());
    named.or_else(own).unwrap_or_else(|| if entry.widget.is_some() { "Web" } else { &entry.row.kind }.to_owned())
}
