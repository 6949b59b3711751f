//! From rows to the types of the house. Column lists stand beside the functions that read them.

mod desk;
mod mail;

use std::time::Duration;

use passerelle_model::delivery::DeliveryState;
use passerelle_model::event::{Event, Place};
use passerelle_model::extras::MessageExtras;
use passerelle_model::id::{ClientId, RawId};
use passerelle_model::people::{ClientStatus, Identity, IdentityKind, Profile};

use crate::StoreError;
use crate::rows::{
    App, Attempt, AttemptOutcome, Client, Confirmation, Conversation, ConversationKind, Delivery, Device, Digest,
    DueTurn, Integration, IntegrationStatus, Key, KeyScope, Link, MediaAccess, MediaFile, Message, MessageSource,
    Notice, OauthClient, OauthCode, OauthGrant, Participant, PluginInstallation, RawInbound, Removal, RemovalTarget,
    SeatRow, Secret, StoredEvent, Subscription, SwitchboardRow, TurnTrigger, User, Webhook, WidgetSession,
};
use crate::value::Columns;

pub(crate) use desk::*;
pub(crate) use mail::*;

type Read<T> = Result<T, StoreError>;

/// Characters of an identity; a cut address would be a wrong one, so a longer one is none.
const MAX_IDENTITY: usize = 128;

pub(crate) fn app(row: &impl Columns) -> Read<App> {
    Ok(App {
        id: row.id("id")?,
        name: row.text("name")?,
        settings: row.document("settings")?,
        metadata: row.document("metadata")?,
        created_at: row.time("created_at")?,
    })
}

/// Needs `k.*` and the secret's `value`.
pub(crate) fn key(row: &impl Columns) -> Read<Key> {
    let scope = match (row.maybe_id("app")?, row.maybe_id("integration")?) {
        (None, _) => KeyScope::Account,
        (Some(app), None) => KeyScope::App(app),
        (Some(app), Some(integration)) => KeyScope::Integration(app, integration),
    };
    Ok(Key {
        id: row.text("id")?,
        scope,
        display_name: row.text("display_name")?,
        secret: Secret::new(row.text("value")?),
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn integration(row: &impl Columns) -> Read<Integration> {
    let status = match row.text("status")?.as_str() {
        "active" => IntegrationStatus::Active,
        "inactive" => IntegrationStatus::Inactive,
        _ => IntegrationStatus::Error,
    };
    Ok(Integration {
        id: row.id("id")?,
        app: row.id("app")?,
        kind: row.text("kind")?,
        plugin: row.maybe_text("plugin")?,
        display_name: row.maybe_text("display_name")?,
        status,
        status_reason: row.maybe_text("status_reason")?,
        settings: row.document("settings")?,
        granted_hosts: row.document("granted_hosts")?,
        default_responder: row.maybe_id("default_responder")?,
        metadata: row.document("metadata")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn plugin(row: &impl Columns) -> Read<PluginInstallation> {
    Ok(PluginInstallation {
        id: row.text("id")?,
        version: row.text("version")?,
        digest: row.text("digest")?,
        installed_at: row.time("installed_at")?,
    })
}

pub(crate) fn oauth_client(row: &impl Columns) -> Read<OauthClient> {
    Ok(OauthClient {
        id: row.text("id")?,
        display_name: row.text("display_name")?,
        redirect_uris: row.document("redirect_uris")?,
        removal_url: row.maybe_text("removal_url")?,
        secret: digest(row, "secret_digest")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn oauth_grant(row: &impl Columns) -> Read<OauthGrant> {
    Ok(OauthGrant {
        client: row.text("client")?,
        app: row.id("app")?,
        integration: row.id("integration")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn oauth_code(row: &impl Columns) -> Read<OauthCode> {
    Ok(OauthCode {
        digest: digest(row, "digest")?,
        integration: row.id("integration")?,
        redirect_uri: row.text("redirect_uri")?,
        challenge: row.maybe_text("challenge")?,
        token: row.maybe_digest("token")?,
        expires_at: row.time("expires_at")?,
    })
}

fn digest(row: &impl Columns, column: &str) -> Read<Digest> {
    row.maybe_digest(column)?.ok_or_else(|| StoreError::BadRow(format!("column `{column}`: a digest is missing")))
}

/// Needs `w.*` and the secret's `value`.
pub(crate) fn webhook(row: &impl Columns) -> Read<Webhook> {
    Ok(Webhook {
        id: row.id("id")?,
        integration: row.id("integration")?,
        target: row.text("target")?,
        triggers: row.document("triggers")?,
        include_full_user: row.flag("include_full_user")?,
        include_full_source: row.flag("include_full_source")?,
        ordered: row.flag("ordered")?,
        secret: Secret::new(row.text("value")?),
    })
}

/// Needs what [`webhook`] needs, and the integration's `app`.
pub(crate) fn subscription(row: &impl Columns) -> Read<Subscription> {
    Ok(Subscription { webhook: webhook(row)?, app: row.id("app")?, since: row.integer("since")? })
}

pub(crate) fn notice(row: &impl Columns) -> Read<Notice> {
    Ok(Notice {
        id: row.integer("id")?,
        event: row.id("event")?,
        conversation: row.maybe_id("conversation")?,
        body: row.text("body")?,
        tries: u32::try_from(row.number("tries")?).unwrap_or(u32::MAX),
        give_up_at: row.time("give_up_at")?,
        status: row.maybe_number("status")?.and_then(|status| u16::try_from(status).ok()),
        reason: row.maybe_text("reason")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn attempt(row: &impl Columns) -> Read<Attempt> {
    let outcome = match row.text("outcome")?.as_str() {
        "delivered" => AttemptOutcome::Delivered,
        "refused" => AttemptOutcome::Refused,
        _ => AttemptOutcome::Failed,
    };
    Ok(Attempt {
        id: row.integer("id")?,
        request: row.text("request")?,
        events: row.document("events")?,
        outcome,
        status: row.maybe_number("status")?.and_then(|status| u16::try_from(status).ok()),
        reason: row.maybe_text("reason")?,
        took: Duration::from_micros(row.number("took_us")?),
        at: row.time("at")?,
    })
}

pub(crate) fn switchboard(row: &impl Columns) -> Read<SwitchboardRow> {
    Ok(SwitchboardRow {
        id: row.id("id")?,
        app: row.id("app")?,
        enabled: row.flag("enabled")?,
        default: row.maybe_id("default_seat")?,
    })
}

pub(crate) fn seat(row: &impl Columns) -> Read<SeatRow> {
    Ok(SeatRow {
        id: row.id("id")?,
        switchboard: row.id("switchboard")?,
        name: row.text("name")?,
        integration: row.maybe_id("integration")?,
        integration_type: row.text("integration_type")?,
        deliver_standby_events: row.flag("deliver_standby_events")?,
        next: row.maybe_id("next")?,
        message_history_count: row.maybe_number("message_history_count")?.and_then(|count| u32::try_from(count).ok()),
    })
}

/// Needs `contacts`: what the channels of the user know, as a list of profiles.
pub(crate) fn user(row: &impl Columns) -> Read<User> {
    let contacts: Vec<Profile> = row.document("contacts")?;
    let user = stranger(row)?;
    Ok(User { identities: identities(&user.profile, &contacts), ..user })
}

/// A user as stations need it: without identities.
pub(crate) fn stranger(row: &impl Columns) -> Read<User> {
    Ok(User {
        id: row.id("id")?,
        app: row.id("app")?,
        external_id: row.maybe_text("external_id")?,
        profile: row.document("profile")?,
        metadata: row.document("metadata")?,
        authenticated: row.flag("authenticated")?,
        signed_up_at: row.maybe_time("signed_up_at")?,
        to_be_retained: row.maybe_number("to_be_retained")?.map(|flag| flag != 0),
        identities: Vec::new(),
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn client(row: &impl Columns) -> Read<Client> {
    Ok(Client {
        id: row.id("id")?,
        user: row.id("user")?,
        integration: row.id("integration")?,
        channel_type: row.text("channel_type")?,
        external_id: row.text("external_id")?,
        address: row.text("address")?,
        conversation: row.id("conversation")?,
        status: client_status(&row.text("status")?),
        profile: row.document("profile")?,
        last_seen_at: row.time("last_seen_at")?,
        created_at: row.time("created_at")?,
    })
}

/// Every address once: the ones that a channel vouches for first.
fn identities(profile: &Profile, contacts: &[Profile]) -> Vec<Identity> {
    let named = contacts.iter().map(|contact| (contact, true)).chain([(profile, false)]);
    let mut known: Vec<Identity> = Vec::new();
    for (profile, verified) in named {
        for (kind, value) in [(IdentityKind::Email, &profile.email), (IdentityKind::Phone, &profile.phone)] {
            let Some(value) = value else { continue };
            let is_known = known.iter().any(|one| one.kind == kind && one.value.eq_ignore_ascii_case(value));
            if !is_known && (1..=MAX_IDENTITY).contains(&value.chars().count()) {
                known.push(Identity { kind, value: value.clone(), verified });
            }
        }
    }
    known
}

pub(crate) fn device(row: &impl Columns) -> Read<Device> {
    Ok(Device {
        id: row.id("id")?,
        client: row.id("client")?,
        integration: row.id("integration")?,
        kind: row.text("kind")?,
        guid: row.text("guid")?,
        is_active: row.text("status")? == "active",
        push_token: row.maybe_text("push_token")?,
        info: row.document("info")?,
        app_version: row.maybe_text("app_version")?,
        last_seen_at: row.time("last_seen_at")?,
    })
}

pub(crate) fn widget_session(row: &impl Columns) -> Read<WidgetSession> {
    Ok(WidgetSession {
        digest: digest(row, "digest")?,
        app: row.id("app")?,
        integration: row.id("integration")?,
        user: row.id("user")?,
        page_origin: row.text("page_origin")?,
        device: row.document("device")?,
        token_id: row.maybe_text("token_id")?,
        token_ends_at: row.maybe_time("token_ends_at")?,
        labels: row.document("labels")?,
        page: row.maybe_document("page")?,
        created_at: row.time("created_at")?,
        last_seen_at: row.time("last_seen_at")?,
    })
}

pub(crate) fn link(row: &impl Columns) -> Read<Link> {
    let confirmation = match row.text("confirmation")?.as_str() {
        "immediate" => Confirmation::Immediate,
        "prompt" => Confirmation::Prompt,
        _ => Confirmation::UserActivity,
    };
    Ok(Link {
        id: row.id("id")?,
        app: row.id("app")?,
        user: row.id("user")?,
        integration: row.id("integration")?,
        channel_type: row.text("channel_type")?,
        external_id: row.text("external_id")?,
        conversation: row.id("conversation")?,
        confirmation,
        message: row.maybe_document("message")?,
        is_primary: row.flag("is_primary")?,
        is_matched: row.flag("is_matched")?,
        attempts: u32::try_from(row.number("attempts")?).unwrap_or(u32::MAX),
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn removal(row: &impl Columns) -> Read<Removal> {
    let target = match row.text("kind")?.as_str() {
        "conversation" => RemovalTarget::Conversation(row.id("target")?),
        "user" => RemovalTarget::User(row.id("target")?),
        _ => RemovalTarget::App(row.id("target")?),
    };
    Ok(Removal { id: row.integer("id")?, app: row.id("app")?, target, external_id: row.maybe_text("external_id")? })
}

pub(crate) fn client_status(word: &str) -> ClientStatus {
    match word {
        "blocked" => ClientStatus::Blocked,
        "inactive" => ClientStatus::Inactive,
        "pending" => ClientStatus::Pending,
        _ => ClientStatus::Active,
    }
}

pub(crate) const fn client_word(status: ClientStatus) -> &'static str {
    match status {
        ClientStatus::Active => "active",
        ClientStatus::Blocked => "blocked",
        ClientStatus::Inactive => "inactive",
        ClientStatus::Pending => "pending",
    }
}

pub(crate) fn conversation(row: &impl Columns) -> Read<Conversation> {
    Ok(Conversation {
        id: row.id("id")?,
        app: row.id("app")?,
        kind: if row.text("kind")? == "personal" { ConversationKind::Personal } else { ConversationKind::SdkGroup },
        user: row.maybe_id("user")?,
        is_default: row.flag("is_default")?,
        display_name: row.maybe_text("display_name")?,
        description: row.maybe_text("description")?,
        icon_url: row.maybe_text("icon_url")?,
        metadata: row.document("metadata")?,
        active: row.maybe_id("active")?,
        pending: row.maybe_id("pending")?,
        control_epoch: row.number("control_epoch")?,
        last_seq: row.number("last_seq")?,
        channel_type: row.maybe_text("channel_type")?,
        tags: row.document("tags")?,
        fields: row.document("fields")?,
        routing: row.maybe_document("routing")?,
        business_last_read: row.maybe_time("business_last_read")?,
        last_updated_at: row.time("last_updated_at")?,
        created_at: row.time("created_at")?,
    })
}

/// Needs `p.*`, `external_id` of the user and `clients` as `type:HEX,type:HEX`.
pub(crate) fn participant(row: &impl Columns) -> Read<Participant> {
    let clients = row.maybe_text("clients")?.unwrap_or_default();
    let clients = clients
        .split(',')
        .filter_map(|pair| pair.split_once(':'))
        .filter_map(|(kind, id)| Some((kind.to_owned(), ClientId::from(id.parse::<RawId>().ok()?))))
        .collect();
    Ok(Participant {
        id: row.id("id")?,
        conversation: row.id("conversation")?,
        user: row.id("user")?,
        user_external_id: row.maybe_text("external_id")?,
        unread_count: row.number("unread_count")?,
        last_read: row.maybe_time("last_read")?,
        clients,
    })
}

pub(crate) fn message(row: &impl Columns) -> Read<Message> {
    Ok(Message {
        id: row.id("id")?,
        conversation: row.id("conversation")?,
        seq: row.number("seq")?,
        author: row.document("author")?,
        content: row.document("content")?,
        source: MessageSource {
            kind: row.text("source_kind")?,
            integration: row.maybe_id("source_integration")?,
            client: row.maybe_id("source_client")?,
            original_id: row.maybe_text("source_original_id")?,
            original_at: row.maybe_time("source_original_at")?,
        },
        extras: extras(row)?,
        metadata: row.document("metadata")?,
        in_reply_to: row.maybe_id("in_reply_to")?,
        received_at: row.time("received_at")?,
        edited_at: row.maybe_time("edited_at")?,
        deleted_at: row.maybe_time("deleted_at")?,
    })
}

fn extras(row: &impl Columns) -> Read<MessageExtras> {
    match row.maybe_text("extras")? {
        Some(_) => row.document("extras"),
        None => Ok(MessageExtras::default()),
    }
}

pub(crate) fn event(row: &impl Columns) -> Read<StoredEvent> {
    Ok(StoredEvent {
        cursor: row.integer("cursor")?,
        app: row.id("app")?,
        event: Event { id: row.id("id")?, place: place(row)?, at: row.time("at")?, kind: row.document("kind")? },
    })
}

fn place(row: &impl Columns) -> Read<Option<Place>> {
    let Some(conversation) = row.maybe_id("conversation")? else { return Ok(None) };
    let (active, pending) = (row.maybe_id("active")?, row.maybe_id("pending")?);
    Ok(Some(Place { conversation, seq: row.number("seq")?, active, pending }))
}

pub(crate) fn raw(row: &impl Columns) -> Read<RawInbound> {
    Ok(RawInbound {
        id: row.id("id")?,
        integration: row.id("integration")?,
        method: row.text("method")?,
        path_and_query: row.text("path_and_query")?,
        headers: row.document("headers")?,
        body: row.bytes("body")?,
        tries: u32::try_from(row.number("tries")?).unwrap_or(u32::MAX),
        received_at: row.time("received_at")?,
    })
}

pub(crate) fn turn(row: &impl Columns) -> Read<DueTurn> {
    let trigger = match row.maybe_number("seq")? {
        Some(seq) => TurnTrigger::Event(seq),
        None => TurnTrigger::WakeUp(row.maybe_text("note")?.unwrap_or_default()),
    };
    Ok(DueTurn {
        id: row.integer("id")?,
        app: row.id("app")?,
        conversation: row.id("conversation")?,
        seat: row.id("seat")?,
        epoch: row.number("epoch")?,
        trigger,
        tries: u32::try_from(row.number("tries")?).unwrap_or(u32::MAX),
    })
}

pub(crate) fn delivery(row: &impl Columns) -> Read<Delivery> {
    Ok(Delivery {
        id: row.id("id")?,
        conversation: row.id("conversation")?,
        message: row.id("message")?,
        client: row.id("client")?,
        integration: row.id("integration")?,
        state: delivery_state(row.integer("state")?),
        attempts: u32::try_from(row.number("attempts")?).unwrap_or(u32::MAX),
        reason: row.maybe_text("reason")?,
        external_ids: row.document("external_ids")?,
        not_before: row.time("not_before")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) const fn delivery_state(number: i64) -> DeliveryState {
    match number {
        0 => DeliveryState::Pending,
        1 => DeliveryState::Sending,
        2 => DeliveryState::Delivered,
        3 => DeliveryState::Failed,
        _ => DeliveryState::Uncertain,
    }
}

pub(crate) const fn delivery_number(state: DeliveryState) -> i64 {
    match state {
        DeliveryState::Pending => 0,
        DeliveryState::Sending => 1,
        DeliveryState::Delivered => 2,
        DeliveryState::Failed => 3,
        DeliveryState::Uncertain => 4,
    }
}

/// Reads memberships, with the name of the user and its channels, the one used last first.
macro_rules! participant_sql {
    () => {
        "SELECT p.*, u.external_id, (SELECT group_concat(channel_type || ':' || lower(hex(id)), ',') \
         FROM (SELECT channel_type, id FROM clients WHERE user = p.user ORDER BY last_seen_at DESC LIMIT 20)) \
         AS clients FROM participants p JOIN users u ON u.id = p.user"
    };
}
pub(crate) use participant_sql;

/// Reads users, with what their channels know of them. A user on the way out is none.
macro_rules! user_sql {
    () => {
        "SELECT u.*, (SELECT json_group_array(json(c.profile)) FROM (SELECT profile FROM clients WHERE user = u.id \
         AND status <> 'pending' ORDER BY id LIMIT 20) c) AS contacts FROM users u WHERE u.removed_at IS NULL"
    };
}
pub(crate) use user_sql;

pub(crate) fn media(row: &impl Columns) -> Read<MediaFile> {
    let access = if row.text("access")? == "public" { MediaAccess::Public } else { MediaAccess::Private };
    Ok(MediaFile {
        handle: row.text("handle")?,
        app: row.id("app")?,
        media_type: row.text("media_type")?,
        file_name: row.maybe_text("file_name")?,
        size: row.number("size")?,
        sha256: row.text("sha256")?,
        access,
        for_message: row.flag("for_message")?,
        conversation: row.maybe_id("conversation")?,
    })
}
