//! Work that waits: raw requests, bot turns, deliveries, files.

use passerelle_model::content::Content;
use passerelle_model::delivery::DeliveryState;
use passerelle_model::id::{
    AppId, ClientId, ConversationId, DeliveryId, IntegrationId, MessageId, RawInboundId, SwitchboardIntegrationId,
};
use passerelle_model::time::Timestamp;

/// A request of a vendor that was stored before it was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct RawInbound {
    /// Which.
    pub id: RawInboundId,
    /// For which integration.
    pub integration: IntegrationId,
    /// `GET` or `POST`.
    pub method: String,
    /// Path after the integration's own address, and the query.
    pub path_and_query: String,
    /// Headers with lower-case names.
    pub headers: Vec<(String, String)>,
    /// The bytes.
    pub body: Vec<u8>,
    /// Failed tries so far.
    pub tries: u32,
    /// When it came.
    pub received_at: Timestamp,
}

/// Where a raw request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawState {
    /// Waits for the adapter.
    Pending,
    /// Its events are recorded.
    Done,
    /// Given up after its last try; the operator can look at it.
    Dead,
}

/// Why a bot is called.
#[derive(Clone, Debug, PartialEq)]
pub enum TurnTrigger {
    /// For the event with this number.
    Event(u64),
    /// For a wake-up that it asked for, with its note.
    WakeUp(String),
}

/// A bot turn that is due.
#[derive(Clone, Debug, PartialEq)]
pub struct DueTurn {
    /// Its row.
    pub id: i64,
    /// Whose.
    pub app: AppId,
    /// Where.
    pub conversation: ConversationId,
    /// Who is called.
    pub seat: SwitchboardIntegrationId,
    /// Under which control epoch.
    pub epoch: u64,
    /// Why.
    pub trigger: TurnTrigger,
    /// Failed tries so far.
    pub tries: u32,
}

/// A message's way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// Which.
    pub id: DeliveryId,
    /// Where.
    pub conversation: ConversationId,
    /// What.
    pub message: MessageId,
    /// To whom.
    pub client: ClientId,
    /// By which integration.
    pub integration: IntegrationId,
    /// Where it stands.
    pub state: DeliveryState,
    /// Tries so far.
    pub attempts: u32,
    /// The last reason.
    pub reason: Option<String>,
    /// The vendor's ids.
    pub external_ids: Vec<String>,
    /// The earliest next try.
    pub not_before: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Which deliveries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeliveryFilter {
    /// Only of this conversation.
    pub conversation: Option<ConversationId>,
    /// Only of this message.
    pub message: Option<MessageId>,
    /// Only in this state.
    pub state: Option<DeliveryState>,
}

/// A delivery with everything that its adapter needs.
#[derive(Clone, Debug, PartialEq)]
pub struct DueDelivery {
    /// Which.
    pub id: DeliveryId,
    /// Whose.
    pub app: AppId,
    /// Where.
    pub conversation: ConversationId,
    /// What.
    pub message: MessageId,
    /// To whom.
    pub client: ClientId,
    /// By which integration.
    pub integration: IntegrationId,
    /// The channel's id of the conversation.
    pub address: String,
    /// The channel's id of the person.
    pub user: String,
    /// What to say, before it is made to fit the channel.
    pub content: Content,
    /// What the author wrote in the format of the client's channel: a JSON object.
    pub native: Option<String>,
    /// The vendor's id of the message that it answers.
    pub in_reply_to: Option<String>,
    /// Tries so far, this one included.
    pub attempts: u32,
    /// Parts that the vendor took already.
    pub parts_done: u32,
    /// The vendor's ids of those parts.
    pub external_ids: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Numbers for `/metrics` and `doctor`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Raw requests that wait.
    pub raw_pending: u64,
    /// Raw requests that were given up.
    pub raw_dead: u64,
    /// Bot turns that wait.
    pub turns_pending: u64,
    /// Bot turns that were given up.
    pub turns_parked: u64,
    /// Deliveries that wait.
    pub deliveries_pending: u64,
    /// Deliveries under way.
    pub deliveries_sending: u64,
    /// Deliveries whose end nobody knows.
    pub deliveries_uncertain: u64,
    /// Deliveries that failed.
    pub deliveries_failed: u64,
    /// Age of the oldest waiting delivery, microseconds.
    pub oldest_delivery_age_us: u64,
}
