//! Every kind of event, from a real store, compared with `golden.json`.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use passerelle_model::content::Content;
use passerelle_model::delivery::RejectionKind;
use passerelle_model::event::{EventKind, EventSource, Gained};
use passerelle_model::id::{
    AppId, ClientId, ConversationId, DeliveryId, IdSource, IntegrationId, MessageId, SwitchboardIntegrationId, UserId,
};
use passerelle_model::inbound::Activity;
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::people::{Author, ClientStatus, Profile};
use passerelle_model::snapshot::{Fault, Merge, Pair};
use passerelle_model::tenant::AppSettings;
use passerelle_model::time::{Clock, Timestamp};
use passerelle_pipeline::{Links, Sign};
use passerelle_store::{
    App, Client, Conversation, Integration, IntegrationStatus, Message, MessageSource, SeatRow, Secret, Store,
    StoreConfig, SwitchboardRow, User,
};
use serde_json::{Value, json};

use super::{Detail, LIVE_WORDS, TRIGGERS, Teller, trigger};

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
static LINKS: LazyLock<Links> = LazyLock::new(|| {
    Links::new("https://gw.example.org", Secret::new("key"), Duration::from_secs(60), Clock::from_fn(|| NOW))
});

/// An app with a bot and the agents at its switchboard, and one user who wrote once.
struct House {
    store: Store,
    ids: Arc<IdSource>,
    app: AppId,
    user: User,
    client: Client,
    conversation: Conversation,
    message: MessageId,
    bot: SwitchboardIntegrationId,
    desk: SwitchboardIntegrationId,
    integration: IntegrationId,
    _folder: tempfile::TempDir,
}

impl House {
    async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), &StoreConfig::default()).await.expect("it opens");
        let ids = Arc::new(IdSource::new([7; 8]));
        let app: AppId = ids.next(NOW);
        let integration: IntegrationId = ids.next(NOW);
        let (bot, desk) = (ids.next(NOW), ids.next(NOW));
        let user = user(&ids, app);
        let client_id = ids.next(NOW);
        let conversation = conversation(&ids, &user, bot);
        let client = client(client_id, &user, integration, conversation.id);
        let message = message(&ids, &user, &conversation, &client);
        let house = Self {
            store,
            app,
            user,
            client,
            conversation,
            message: message.id,
            bot,
            desk,
            integration,
            _folder: folder,
            ids,
        };
        house.furnish(message).await;
        house
    }

    async fn furnish(&self, message: Message) {
        let (settings, metadata) = (AppSettings::default(), Metadata::default());
        let app = App { id: self.app, name: "shop".into(), settings, metadata, created_at: NOW };
        let channel = channel(self.app, self.integration);
        let board = SwitchboardRow { id: self.ids.next(NOW), app: app.id, enabled: true, default: None };
        let bot = seat(&board, self.bot, "bot", None);
        let desk = seat(&board, self.desk, "agents", Some(5));
        let (user, client, conversation) = (self.user.clone(), self.client.clone(), self.conversation.clone());
        let event = self.ids.next(NOW);
        let written = self.store.write(move |tx| {
            Box::pin(async move {
                tx.insert_app(&app);
                tx.insert_integration(&channel);
                tx.insert_switchboard(&board);
                tx.insert_seat(&bot);
                tx.insert_seat(&desk);
                tx.insert_user(&user);
                tx.insert_conversation(&conversation);
                tx.insert_client(&client);
                tx.append_message(app.id, event, &message);
                Ok(())
            })
        });
        written.await.expect("a furnished house");
    }

    /// Appends the event and tells it.
    async fn told(&self, kind: EventKind, detail: Detail) -> Option<Value> {
        let (app, conversation, id) = (self.app, self.conversation.id, self.ids.next(NOW));
        let stands_in_it = !matches!(
            kind,
            EventKind::ConversationRemoved { .. }
                | EventKind::UserMerged(_)
                | EventKind::UserUpdated { .. }
                | EventKind::UserRemoved { .. }
                | EventKind::ClientAdded { .. }
                | EventKind::ClientUpdated { .. }
                | EventKind::ClientRemoved { .. }
        );
        let written = self.store.write(move |tx| {
            Box::pin(async move {
                if stands_in_it {
                    tx.append_event(app, conversation, id, NOW, kind);
                } else {
                    tx.append_app_event(app, id, NOW, kind);
                }
                Ok(tx.events()[0].clone())
            })
        });
        let stored = written.await.expect("an event");
        let teller = Teller::of(&self.store, &LINKS, self.app).await.expect("a teller");
        let telling = teller.read(&stored).await.expect("a read")?;
        Some(telling.show(detail))
    }

    fn source(&self) -> EventSource {
        EventSource { kind: "loop".into(), integration: Some(self.integration), client: Some(self.client.id) }
    }

    /// One of each kind that the API tells.
    fn kinds(&self) -> Vec<EventKind> {
        let (user, message, delivery, source) =
            (self.user.id, self.message, self.ids.next::<DeliveryId>(NOW), self.source());
        let metadata = || Metadata::from_iter([("dataCapture.systemField.priority", Scalar::from("high"))]);
        let (snapshot, client) = (self.user.snapshot(), self.client.snapshot());
        let here = Some(self.conversation.id);
        let pair = Pair { surviving: self.user.snapshot(), discarded: self.user.snapshot() };
        let mut kinds = vec![
            EventKind::ConversationCreated { user: Some(user), reason: "message".into(), source: source.clone() },
            EventKind::ParticipantJoined { user },
            EventKind::ParticipantLeft { user },
            EventKind::MessageAdded { message },
            EventKind::Postback {
                user,
                payload: "buy".into(),
                text: Some("Buy".into()),
                metadata: metadata(),
                source: source.clone(),
            },
            EventKind::Read { user: Some(user), source: source.clone() },
            EventKind::Read { user: None, source: EventSource::default() },
            EventKind::ControlPassed {
                from: Some(self.bot),
                to: self.desk,
                epoch: 2,
                reason: "ticket-closed".into(),
                how: Gained::Passed,
                metadata: metadata(),
            },
            EventKind::ControlPassed {
                from: Some(self.bot),
                to: self.bot,
                epoch: 2,
                reason: "accepted".into(),
                how: Gained::Accepted,
                metadata: Metadata::default(),
            },
            EventKind::ControlOffered { to: self.desk, metadata: metadata() },
            EventKind::ControlReleased {
                from: Some(self.bot),
                epoch: 3,
                reason: "released".into(),
                metadata: metadata(),
            },
            EventKind::DeliveredToChannel {
                message,
                delivery,
                integration: self.integration,
                external_ids: vec!["371".into()],
                is_final: false,
            },
            EventKind::DeliveredToUser {
                message,
                integration: Some(self.integration),
                external_ids: vec!["371".into()],
                read: true,
            },
            EventKind::DeliveryFailed {
                message,
                delivery,
                integration: None,
                kind: Some(RejectionKind::RecipientGone),
                uncertain: false,
                reason: "the person blocked us".into(),
            },
            EventKind::ClientReachable { client: self.client.id, reachable: false },
            EventKind::ClientAdded {
                client: client.clone(),
                user: snapshot.clone(),
                conversation: here,
                reason: "channelLinking".into(),
                source: EventSource::default(),
            },
            EventKind::ClientUpdated {
                client: client.clone(),
                user: snapshot.clone(),
                conversation: None,
                reason: "confirmed".into(),
            },
            EventKind::ClientRemoved {
                client: client.clone(),
                user: snapshot.clone(),
                conversation: here,
                reason: "linkFailed".into(),
                error: Some(Fault { code: "not_found".into(), message: "nobody has this number".into() }),
                source: EventSource::default(),
            },
            EventKind::UserUpdated { user: snapshot.clone(), reason: "authentication".into(), source: source.clone() },
            EventKind::UserMerged(Box::new(Merge {
                users: pair,
                conversations: Some(Pair {
                    surviving: self.conversation.snapshot(),
                    discarded: self.conversation.snapshot(),
                }),
                clients: Some(Pair { surviving: client.clone(), discarded: client }),
                discarded_metadata: metadata(),
                reason: "api".into(),
            })),
            EventKind::UserRemoved { user: snapshot },
            EventKind::ConversationRemoved { conversation: self.conversation.snapshot() },
        ];
        for action in ["passControl", "offerControl", "acceptControl"] {
            kinds.push(EventKind::ControlFailed {
                action: action.into(),
                code: "switchboard_invalid_target".into(),
                metadata: Metadata::default(),
            });
        }
        kinds
    }
}

fn user(ids: &IdSource, app: AppId) -> User {
    User {
        external_id: Some("crm-4711".into()),
        profile: Profile { given_name: Some("Mina".into()), ..Profile::default() },
        ..User::new(ids.next(NOW), app, NOW)
    }
}

fn client(id: ClientId, user: &User, integration: IntegrationId, conversation: ConversationId) -> Client {
    Client {
        id,
        user: user.id,
        integration,
        channel_type: "loop".into(),
        external_id: "u1".into(),
        address: "c1".into(),
        conversation,
        status: ClientStatus::Active,
        profile: Profile { display_name: Some("Mina".into()), ..Profile::default() },
        last_seen_at: NOW,
        created_at: NOW,
    }
}

fn conversation(ids: &IdSource, user: &User, bot: SwitchboardIntegrationId) -> Conversation {
    Conversation {
        active: Some(bot),
        control_epoch: 1,
        channel_type: Some("loop".into()),
        ..Conversation::personal(ids.next(NOW), user, NOW)
    }
}

fn message(ids: &IdSource, user: &User, conversation: &Conversation, client: &Client) -> Message {
    Message {
        id: ids.next(NOW),
        conversation: conversation.id,
        seq: 0,
        author: Author::User { user_id: user.id, display_name: Some("Mina".into()) },
        content: Content::text("Monday"),
        extras: Default::default(),
        source: MessageSource {
            kind: "loop".into(),
            integration: Some(client.integration),
            client: Some(client.id),
            ..MessageSource::default()
        },
        metadata: Metadata::default(),
        in_reply_to: None,
        received_at: NOW,
        edited_at: None,
        deleted_at: None,
    }
}

fn channel(app: AppId, id: IntegrationId) -> Integration {
    Integration {
        id,
        app,
        kind: "loop".into(),
        plugin: None,
        display_name: None,
        status: IntegrationStatus::Active,
        status_reason: None,
        settings: json!({}),
        granted_hosts: Vec::new(),
        default_responder: None,
        metadata: Metadata::default(),
        created_at: NOW,
    }
}

fn seat(board: &SwitchboardRow, id: SwitchboardIntegrationId, name: &str, history: Option<u32>) -> SeatRow {
    SeatRow {
        id,
        switchboard: board.id,
        name: name.into(),
        integration: None,
        integration_type: name.into(),
        deliver_standby_events: true,
        next: None,
        message_history_count: history,
    }
}

#[tokio::test]
async fn every_kind_is_told_as_the_golden_file_says() {
    let house = House::open().await;
    let whole = Detail { full_user: true, full_source: true };
    let mut told = Vec::new();
    for kind in house.kinds() {
        let named = trigger(&kind);
        let shown = house.told(kind.clone(), Detail::default()).await.expect("it is told");
        assert_eq!(shown["type"].as_str(), named);
        assert!(TRIGGERS.contains(&named.expect("a trigger")), "{named:?}");
        told.push(shown);
    }
    told.push(house.told(EventKind::MessageAdded { message: house.message }, whole).await.expect("it is told"));
    let golden: Vec<Value> = serde_json::from_str(include_str!("golden.json")).expect("a list");
    for (shown, expected) in told.iter().zip(&golden) {
        assert_eq!(shown, expected, "{shown:#}");
    }
    assert_eq!(told.len(), golden.len(), "{}", serde_json::to_string(&told).expect("a text"));
}

#[tokio::test]
async fn what_the_api_does_not_know_or_what_is_gone_is_not_told() {
    let house = House::open().await;
    let (gone, other): (MessageId, SwitchboardIntegrationId) = (house.ids.next(NOW), house.ids.next(NOW));
    let defaulted = EventKind::ControlPassed {
        from: None,
        to: other,
        epoch: 2,
        reason: "released".into(),
        how: Gained::Defaulted,
        metadata: Metadata::default(),
    };
    let silent = [
        defaulted,
        EventKind::MessageAdded { message: gone },
        EventKind::Tagged { tags: vec!["vip".into()] },
        EventKind::ControlFailed {
            action: "releaseControl".into(),
            code: "switchboard_invalid_action".into(),
            metadata: Metadata::default(),
        },
    ];
    for kind in silent {
        assert_eq!(house.told(kind.clone(), Detail::default()).await, None, "{kind:?}");
    }
}

#[tokio::test]
async fn what_was_edited_or_taken_back_is_told_live_and_to_no_webhook() {
    let house = House::open().await;
    let message = house.message;
    for (kind, word, field) in [
        (EventKind::MessageEdited { message }, "conversation:message:edit", "/payload/message/content"),
        (EventKind::MessageDeleted { message }, "conversation:message:delete", "/payload/message/id"),
        (EventKind::MessagesDeleted, "conversation:messages:delete", "/payload/conversation/id"),
    ] {
        assert!(LIVE_WORDS.contains(&word) && !TRIGGERS.contains(&word), "{word}");
        assert_eq!(trigger(&kind), None, "{word}");
        let told = house.told(kind, Detail::default()).await.expect("it is told");
        assert_eq!(told["type"], word);
        assert!(told.pointer(field).is_some() && told["seq"].is_u64(), "{told:#}");
    }
}

#[tokio::test]
async fn a_teller_tells_nothing_of_another_app() {
    let house = House::open().await;
    let stored = house.store.events(house.app, None, 0, 1).await.expect("a read").remove(0);
    let teller = Teller::of(&house.store, &LINKS, house.ids.next(NOW)).await.expect("a teller");
    assert!(teller.read(&stored).await.expect("a read").is_none());
}

#[tokio::test]
async fn typing_is_told_with_the_id_that_it_is_given() {
    let house = House::open().await;
    let (conversation, user): (ConversationId, Option<UserId>) = (house.conversation.id, Some(house.user.id));
    let sign =
        Sign { app: house.app, conversation, user, activity: Activity::TypingStart, source: EventSource::default() };
    let teller = Teller::of(&house.store, &LINKS, house.app).await.expect("a teller");
    let id = house.ids.next(NOW);
    let telling = teller.sign(&sign, id, NOW).await.expect("a read").expect("it is told");
    assert_eq!(
        (telling.id(), telling.trigger(), telling.conversation()),
        (id, "conversation:typing", Some(conversation))
    );
    assert_eq!(telling.control(), (Some(house.bot), None));
    let author = json!({ "type": "user", "userId": house.user.id.to_string(), "user": {
        "id": house.user.id.to_string(), "externalId": "crm-4711", "authenticated": false } });
    let activity = json!({ "type": "typing:start", "source": { "type": "api:conversations" }, "author": author });
    assert_eq!(telling.show(Detail::default())["payload"]["activity"], activity);
}
