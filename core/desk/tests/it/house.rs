//! A house with an app, a bot's seat and the desk's, and a customer who writes.

use std::sync::Arc;
use std::time::Duration;

use passerelle_desk::mail::Mail;
use passerelle_desk::{Act, Desk, DeskConfig, DeskParts, OfferMode};
use passerelle_model::content::Content;
use passerelle_model::desk::{AvailabilityStatus, GroupId, PersonId, Role, TicketId};
use passerelle_model::event::{EventKind, Gained};
use passerelle_model::id::{AppId, ConversationId, IdSource, IntegrationId, SwitchboardIntegrationId, UserId};
use passerelle_model::metadata::Metadata;
use passerelle_model::people::Author;
use passerelle_model::tenant::AppSettings;
use passerelle_model::time::{Clock, Timestamp};
use passerelle_store::{
    App, Conversation, Integration, IntegrationStatus, Message, MessageSource, NewAgent, NumberPage, Offer, SeatRow,
    Secret, Store, StoreConfig, SwitchboardRow, Ticket, TicketFilter, Tx, User,
};

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
pub(crate) const ALL: NumberPage = NumberPage { after: None, before: None, size: 100 };
const SEAT_TYPE: &str = "desk";

pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) app: AppId,
    pub(crate) user: UserId,
    pub(crate) conversation: ConversationId,
    pub(crate) bot: SwitchboardIntegrationId,
    pub(crate) agents: SwitchboardIntegrationId,
    ids: Arc<IdSource>,
    folder: tempfile::TempDir,
}

impl House {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), &StoreConfig::default()).await.expect("it opens");
        let ids = Arc::new(IdSource::new([7; 8]));
        let (app, name) = (ids.next(NOW), "shop".to_owned());
        let (settings, metadata) = (AppSettings::default(), Metadata::default());
        store.create_app(&App { id: app, name, settings, metadata, created_at: NOW }).await.expect("an app");
        let house = Self {
            user: ids.next(NOW),
            conversation: ids.next(NOW),
            bot: ids.next(NOW),
            agents: ids.next(NOW),
            store,
            app,
            ids,
            folder,
        };
        let integration: IntegrationId = house.ids.next(NOW);
        let board = SwitchboardRow { id: house.ids.next(NOW), app, enabled: true, default: None };
        let seat = |id, name: &str, integration, word: &str| SeatRow {
            id,
            switchboard: board.id,
            name: name.to_owned(),
            integration,
            integration_type: word.to_owned(),
            deliver_standby_events: true,
            next: None,
            message_history_count: None,
        };
        let seats =
            [seat(house.bot, "bot", Some(integration), SEAT_TYPE), seat(house.agents, "agents", None, SEAT_TYPE)];
        let (user, conversation) = (house.stranger(house.user), house.talk(house.conversation, house.user));
        let own = Integration { id: integration, ..empty_integration(app) };
        house
            .write(move |tx| {
                tx.insert_integration(&own);
                tx.insert_switchboard(&board);
                seats.iter().for_each(|seat| tx.insert_seat(seat));
                tx.insert_user(&user);
                tx.insert_conversation(&conversation);
            })
            .await;
        house
    }

    /// The desk on this house, asking agents for this long.
    pub(crate) fn desk(&self, offer_mode: OfferMode, offer_ms: u64) -> Desk {
        self.desk_with(settings(offer_mode, offer_ms))
    }

    /// The desk with these settings.
    pub(crate) fn desk_with(&self, config: DeskConfig) -> Desk {
        self.start(config, Mail::default())
    }

    /// The desk with letters that go out and come in.
    pub(crate) fn desk_with_mail(&self, mail: Mail) -> Desk {
        self.start(settings(OfferMode::One, 600_000), mail)
    }

    fn start(&self, config: DeskConfig, mail: Mail) -> Desk {
        let ids = Arc::clone(&self.ids);
        Desk::start(DeskParts { store: self.store.clone(), clock: Clock::system(), ids, config, mail })
    }

    pub(crate) fn stranger(&self, id: UserId) -> User {
        User::new(id, self.app, NOW)
    }

    pub(crate) fn talk(&self, id: ConversationId, user: UserId) -> Conversation {
        let stranger = self.stranger(user);
        Conversation { channel_type: Some("loop".into()), ..Conversation::personal(id, &stranger, NOW) }
    }

    /// A customer more, with a conversation that is at the desk.
    pub(crate) async fn customer(&self, text: &str) -> ConversationId {
        let (user, conversation) = (self.ids.next(NOW), self.ids.next(NOW));
        let (stranger, talk) = (self.stranger(user), self.talk(conversation, user));
        self.write(move |tx| {
            tx.insert_user(&stranger);
            tx.insert_conversation(&talk);
        })
        .await;
        self.say_in(conversation, Some(user), text).await;
        self.pass_in(conversation, self.agents).await;
        conversation
    }

    pub(crate) async fn write(&self, job: impl FnOnce(&mut Tx<'_>) + Send + 'static) {
        let written = self.store.write(|tx| {
            Box::pin(async move {
                job(tx);
                Ok(())
            })
        });
        written.await.expect("it is written");
    }

    /// The customer writes.
    pub(crate) async fn write_in(&self, text: &str) {
        self.say_in(self.conversation, Some(self.user), text).await;
    }

    /// The user presses a button of a bot's.
    pub(crate) async fn press(&self, label: &str) {
        let mut message = self.message(self.conversation, Some(self.user), label);
        message.content = Content::Text { text: label.into(), actions: Vec::new(), payload: Some(label.into()) };
        let (app, event) = (self.app, self.ids.next(NOW));
        self.write(move |tx| tx.append_message(app, event, &message)).await;
    }

    /// A bot writes.
    pub(crate) async fn answer(&self, text: &str) {
        self.say_in(self.conversation, None, text).await;
    }

    async fn say_in(&self, conversation: ConversationId, user: Option<UserId>, text: &str) {
        let message = self.message(conversation, user, text);
        let (app, event) = (self.app, self.ids.next(NOW));
        self.write(move |tx| tx.append_message(app, event, &message)).await;
    }

    /// A message of a user or of the business.
    pub(crate) fn message(&self, conversation: ConversationId, user: Option<UserId>, text: &str) -> Message {
        let author = match user {
            Some(user_id) => Author::User { user_id, display_name: None },
            None => Author::Business { display_name: None, avatar_url: None, bot: None },
        };
        Message {
            id: self.ids.next(NOW),
            conversation,
            seq: 0,
            author,
            content: Content::text(text),
            extras: Default::default(),
            source: MessageSource { kind: "loop".into(), ..MessageSource::default() },
            metadata: Metadata::default(),
            in_reply_to: None,
            received_at: NOW,
            edited_at: None,
            deleted_at: None,
        }
    }

    /// Control goes to a seat.
    pub(crate) async fn pass(&self, to: SwitchboardIntegrationId) {
        self.pass_in(self.conversation, to).await;
    }

    async fn pass_in(&self, id: ConversationId, to: SwitchboardIntegrationId) {
        let kind = |from| EventKind::ControlPassed {
            from,
            to,
            epoch: 1,
            reason: "passed".into(),
            how: Gained::Passed,
            metadata: Metadata::default(),
        };
        self.control(id, Some(to), kind).await;
    }

    /// Whoever is in control lets go.
    pub(crate) async fn release(&self, reason: &str) {
        let reason = reason.to_owned();
        let kind = |from| EventKind::ControlReleased { from, epoch: 2, reason, metadata: Metadata::default() };
        self.control(self.conversation, None, kind).await;
    }

    async fn control(
        &self,
        id: ConversationId,
        active: Option<SwitchboardIntegrationId>,
        kind: impl FnOnce(Option<SwitchboardIntegrationId>) -> EventKind,
    ) {
        let before = self.store.conversation(self.app, id).await.expect("a read").expect("a conversation");
        let kind = kind(before.active);
        let after = Conversation { active, ..before };
        let (app, event) = (self.app, self.ids.next(NOW));
        self.write(move |tx| {
            tx.update_conversation(&after);
            tx.append_event(app, id, event, NOW, kind);
        })
        .await;
    }

    /// Something else happens in the customer's conversation.
    pub(crate) async fn tell(&self, kind: EventKind) {
        let (app, conversation, event) = (self.app, self.conversation, self.ids.next(NOW));
        self.write(move |tx| tx.append_event(app, conversation, event, NOW, kind)).await;
    }

    /// Something that an agent does.
    pub(crate) fn act(&self, agent: PersonId, now: Timestamp) -> Act {
        Act { app: self.app, by: Some(agent), now, ids: Arc::clone(&self.ids) }
    }

    /// An agent, online.
    pub(crate) async fn agent(&self, name: &str, capacity: u32) -> PersonId {
        let new = NewAgent {
            app: self.app,
            email: format!("{name}@shop.example"),
            name: name.to_owned(),
            role: Role::Agent,
            password: Secret::new("none".to_owned()),
            capacity,
        };
        let act = Act { app: self.app, by: None, now: NOW, ids: Arc::clone(&self.ids) };
        let made = self.store.write(move |tx| {
            Box::pin(async move {
                let id = tx.insert_agent(&new, NOW).await?;
                let online = AvailabilityStatus::Online;
                let said = passerelle_desk::set_available(tx, &act, id, online, None).await;
                assert!(said.is_ok(), "{said:?}");
                Ok(id)
            })
        });
        made.await.expect("an agent")
    }

    /// A group with these agents.
    pub(crate) async fn group(&self, name: &'static str, agents: &[PersonId]) -> GroupId {
        let (app, agents) = (self.app, agents.to_vec());
        let made = self.store.write(move |tx| {
            Box::pin(async move {
                let id = tx.insert_agent_group(app, name, "", NOW).await?;
                for agent in agents {
                    tx.insert_membership(agent, id, NOW).await?;
                }
                Ok(id)
            })
        });
        made.await.expect("a group")
    }

    pub(crate) async fn tickets(&self) -> Vec<Ticket> {
        self.store.tickets(self.app, TicketFilter::default(), ALL).await.expect("a read").rows
    }

    pub(crate) async fn ticket(&self, id: TicketId) -> Ticket {
        self.store.ticket(self.app, id).await.expect("a read").expect("a ticket")
    }

    /// What was said on a ticket: the author and, where it is no message, the text.
    pub(crate) async fn comments(&self, id: TicketId) -> Vec<(Option<PersonId>, Option<String>)> {
        let comments = self.store.comments(id, ALL).await.expect("a read").rows;
        comments.into_iter().map(|comment| (comment.author, comment.body)).collect()
    }

    /// The first offer that an agent gets.
    pub(crate) async fn offer_to(&self, agent: PersonId) -> Offer {
        until(async || self.store.offers_to(agent).await.expect("a read").into_iter().next()).await
    }

    /// Waits until the desk has read everything.
    pub(crate) async fn settled(&self) {
        // The cursor is kept with the next entry that concerns the desk, so one is made.
        self.tell(EventKind::Tagged { tags: Vec::new() }).await;
        let last = self.store.last_cursor().await.expect("a read");
        until(async || (self.store.desk_cursor().await.expect("a read") >= last).then_some(())).await;
    }

    /// Closes the database and opens it again.
    pub(crate) async fn reopen(&mut self) {
        self.store.close().await;
        self.store = Store::open(self.folder.path(), &StoreConfig::default()).await.expect("it opens");
    }
}

/// Waits until there is something.
pub(crate) async fn until<T>(found: impl AsyncFn() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = found().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "it did not happen in time");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn empty_integration(app: AppId) -> Integration {
    Integration {
        id: IntegrationId::from_bytes([0; 12]),
        app,
        kind: "loop".into(),
        plugin: None,
        display_name: None,
        status: IntegrationStatus::Active,
        status_reason: None,
        settings: serde_json::json!({}),
        granted_hosts: Vec::new(),
        default_responder: None,
        metadata: Metadata::default(),
        created_at: NOW,
    }
}

fn settings(offer_mode: OfferMode, offer_ms: u64) -> DeskConfig {
    DeskConfig {
        seat_type: SEAT_TYPE.to_owned(),
        offer_ms,
        offer_mode,
        automation_ms: 3_600_000,
        offline_after_ms: 600_000,
    }
}
