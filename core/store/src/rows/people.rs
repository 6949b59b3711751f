//! End users and their identities on channels.

use passerelle_model::id::{AppId, ClientId, ConversationId, DeviceId, IntegrationId, UserId};
use passerelle_model::metadata::Metadata;
use passerelle_model::people::{ClientStatus, Identity, Profile};
use passerelle_model::snapshot::{ClientSnapshot, UserSnapshot};
use passerelle_model::time::Timestamp;

/// An end user.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Which.
    pub id: UserId,
    /// Whose.
    pub app: AppId,
    /// The business's own id, unique in the app, 1 to 1024 characters.
    pub external_id: Option<String>,
    /// What is known.
    pub profile: Profile,
    /// Facts of the business.
    pub metadata: Metadata,
    /// Whether the user has proved to be who the external id says.
    pub authenticated: bool,
    /// When the user signed up at the business.
    pub signed_up_at: Option<Timestamp>,
    /// Whether what is old may not be deleted by itself.
    pub to_be_retained: Option<bool>,
    /// How the person can be named outside of any one channel. Derived from the profile and the clients: writing a user
    /// does not write them, and stations, which do not need them, get none.
    pub identities: Vec<Identity>,
    /// When we first met.
    pub created_at: Timestamp,
}

impl User {
    /// Somebody of whom nothing is known yet.
    pub fn new(id: UserId, app: AppId, now: Timestamp) -> Self {
        Self {
            id,
            app,
            external_id: None,
            profile: Profile::default(),
            metadata: Metadata::default(),
            authenticated: false,
            signed_up_at: None,
            to_be_retained: None,
            identities: Vec::new(),
            created_at: now,
        }
    }

    /// What events keep of it.
    pub fn snapshot(&self) -> UserSnapshot {
        UserSnapshot { id: self.id, external_id: self.external_id.clone(), authenticated: self.authenticated }
    }
}

/// A user's identity on one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// Which.
    pub id: ClientId,
    /// Whose.
    pub user: UserId,
    /// Through which integration.
    pub integration: IntegrationId,
    /// Type name of the channel.
    pub channel_type: String,
    /// The person's id on the channel, unique within the integration.
    pub external_id: String,
    /// The channel's id of the conversation with this person: where messages go.
    pub address: String,
    /// The conversation that its messages become part of.
    pub conversation: ConversationId,
    /// Whether it can be reached.
    pub status: ClientStatus,
    /// What the channel told about the person.
    pub profile: Profile,
    /// When the person was last heard of.
    pub last_seen_at: Timestamp,
    /// When the identity was met.
    pub created_at: Timestamp,
}

impl Client {
    /// What events keep of it.
    pub fn snapshot(&self) -> ClientSnapshot {
        ClientSnapshot {
            id: self.id,
            integration: Some(self.integration),
            channel_type: self.channel_type.clone(),
            external_id: Some(self.external_id.clone()),
            display_name: self.profile.display_name.clone(),
            status: self.status,
            linked_at: Some(self.created_at),
            last_seen_at: Some(self.last_seen_at),
        }
    }
}

/// A browser or a phone on which a user has the widget.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// The user's client of the widget.
    pub client: ClientId,
    /// Through which integration.
    pub integration: IntegrationId,
    /// `android`, `ios` or `web`.
    pub kind: String,
    /// What the device calls itself.
    pub guid: String,
    /// Whether it is in use.
    pub is_active: bool,
    /// Where it takes notifications.
    pub push_token: Option<String>,
    /// Facts of the device.
    pub info: Metadata,
    /// Version of the app that it runs.
    pub app_version: Option<String>,
    /// When it was last heard of.
    pub last_seen_at: Timestamp,
}
