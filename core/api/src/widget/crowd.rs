//! Visitors who listen: what happens in an app is read from the log once, and handed to those whom it is about.
//!
//! The feed of commits is only a bell. A visitor has a small box; one whose box is full loses its place, and reads the
//! log from where it stands before it takes a new one. So nothing is lost, and nobody waits for the slowest.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use passerelle_model::event::EventKind;
use passerelle_model::id::{AppId, ConversationId, UserId};
use passerelle_model::inbound::Activity;
use passerelle_pipeline::{EventStream, Published, Sign};
use passerelle_store::{Digest, Message, StoreError, StoredEvent};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{WidgetConfig, wire};
use crate::api::Api;
use crate::call::stored;
use crate::error::ApiError;
use crate::live::cursor::Cursor;
use crate::live::hub;
use crate::live::ticket::Tickets;
use crate::live::wire::Frame;
use crate::wire::time;

/// Events that are read from the log at once.
const PAGE: u32 = 64;
/// Events that are made into letters at once.
const AT_ONCE: usize = 8;
/// Letters in a visitor's box.
const BOX: usize = 64;
/// Pause after a failure of the database.
const TROUBLE: Duration = Duration::from_secs(1);
/// Reasons for which a session of visitor and agent has come to its end, in the words of bots and of the API.
const ENDED: &[&str] = &["ticketClosed", "ticket-closed"];

/// Every app's visitors.
pub(crate) struct Crowds {
    crowds: Mutex<HashMap<AppId, Weak<Crowd>>>,
    pub(super) tickets: Arc<Tickets>,
}

/// What a visitor finds in its box.
#[derive(Clone)]
pub(super) enum Letter {
    /// Something happened, at this place in the log.
    Event(i64, Frame),
    /// A passing sign.
    Sign(Frame),
    /// The session is over.
    Over,
}

/// One app's visitors.
pub(super) struct Crowd {
    app: AppId,
    log: u32,
    position: AtomicI64,
    seats: Mutex<HashMap<UserId, Vec<Seat>>>,
    names: AtomicU64,
    _end: DropGuard,
}

struct Seat {
    name: u64,
    session: Digest,
    letters: mpsc::Sender<Letter>,
}

/// A visitor's place in the crowd. It is given back when this is dropped.
pub(super) struct Place {
    crowd: Arc<Crowd>,
    user: UserId,
    name: u64,
    letters: mpsc::Receiver<Letter>,
}

impl Place {
    /// The next letter; none when the box was full once, and the log must be read.
    pub(super) async fn next(&mut self) -> Option<Letter> {
        self.letters.recv().await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.crowd.leave(self.user, self.name);
    }
}

impl Crowds {
    pub(crate) fn new(config: &WidgetConfig) -> Self {
        let tickets = Arc::new(Tickets::new(config.max_per_visitor, config.max_streams));
        Self { crowds: Mutex::default(), tickets }
    }

    /// The crowd of the app, which lives for as long as somebody listens.
    pub(super) async fn of(&self, api: &Api, app: AppId) -> Result<Arc<Crowd>, StoreError> {
        if let Some(crowd) = self.crowds().get(&app).and_then(Weak::upgrade) {
            return Ok(crowd);
        }
        let crowd = Crowd::start(api, app).await?;
        let mut crowds = self.crowds();
        // Of two that were begun at once the first one lives.
        if let Some(first) = crowds.get(&app).and_then(Weak::upgrade) {
            return Ok(first);
        }
        crowds.retain(|_, crowd| crowd.strong_count() > 0);
        crowds.insert(app, Arc::downgrade(&crowd));
        Ok(crowd)
    }

    /// The end of the log.
    pub(super) async fn newest(&self, api: &Api) -> Result<Cursor, ApiError> {
        let log = stored(api.store().log_name().await)?;
        Ok(Cursor { log, at: stored(api.store().last_cursor().await)? })
    }

    /// Whoever listens under this session is told that it is over.
    pub(super) fn end(&self, session: Digest) {
        let crowds: Vec<_> = self.crowds().values().filter_map(Weak::upgrade).collect();
        for crowd in crowds {
            crowd.end(|seat| seat.session == session);
        }
    }

    fn crowds(&self) -> MutexGuard<'_, HashMap<AppId, Weak<Crowd>>> {
        self.crowds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Crowd {
    async fn start(api: &Api, app: AppId) -> Result<Arc<Self>, StoreError> {
        // The bell first: what is committed after the end was read rings it.
        let feed = api.gateway.subscribe();
        let (log, position) = (api.store().log_name().await?, api.store().last_cursor().await?);
        let end = CancellationToken::new();
        let crowd = Arc::new(Self {
            app,
            log,
            position: AtomicI64::new(position),
            seats: Mutex::default(),
            names: AtomicU64::default(),
            _end: end.clone().drop_guard(),
        });
        let (weak, api) = (Arc::downgrade(&crowd), api.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = run(weak, &api, feed) => {}
                () = end.cancelled() => {}
            }
        });
        Ok(crowd)
    }

    /// The cursor of a place in this log.
    pub(super) fn cursor(&self, at: i64) -> Cursor {
        Cursor { log: self.log, at }
    }

    /// A place for a visitor; letters come from now on.
    pub(super) fn join(self: &Arc<Self>, user: UserId, session: Digest) -> Place {
        let (sender, letters) = mpsc::channel(BOX);
        let name = self.names.fetch_add(1, Ordering::Relaxed);
        self.seats().entry(user).or_default().push(Seat { name, session, letters: sender });
        Place { crowd: Arc::clone(self), user, name, letters }
    }

    fn leave(&self, user: UserId, name: u64) {
        let mut seats = self.seats();
        if let Some(own) = seats.get_mut(&user) {
            own.retain(|seat| seat.name != name);
            if own.is_empty() {
                seats.remove(&user);
            }
        }
    }

    /// Ends every place that fits.
    fn end(&self, fits: impl Fn(&Seat) -> bool) {
        for seat in self.seats().values_mut().flatten().filter(|seat| fits(seat)) {
            // One whose box is full finds out when its session is looked at next.
            let _ = seat.letters.try_send(Letter::Over);
        }
    }

    /// Hands a letter to a user's places; one whose box is full is lost.
    fn hand(&self, user: UserId, letter: &Letter) {
        if let Some(own) = self.seats().get_mut(&user) {
            own.retain(|seat| seat.letters.try_send(letter.clone()).is_ok());
        }
    }

    fn listens(&self, user: UserId) -> bool {
        self.seats().contains_key(&user)
    }

    fn is_empty(&self) -> bool {
        self.seats().is_empty()
    }

    fn seats(&self) -> MutexGuard<'_, HashMap<UserId, Vec<Seat>>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn catch_up(&self, api: &Api) {
        loop {
            match self.read(api).await {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "events could not be read for visitors; it is tried again");
                    tokio::time::sleep(TROUBLE).await;
                }
            }
        }
    }

    async fn read(&self, api: &Api) -> Result<usize, StoreError> {
        let from = self.position.load(Ordering::Relaxed);
        let events = hub::page(api.store(), self.app, from, PAGE).await?;
        let count = events.len();
        // Read side by side, handed over in the order of the log.
        let letters = stream::iter(events).map(async move |event| (event.cursor, self.letters(api, &event).await));
        let mut letters = pin!(letters.buffered(AT_ONCE));
        while let Some((cursor, letters)) = letters.next().await {
            for (user, letter) in letters? {
                self.hand(user, &letter);
            }
            self.position.store(cursor, Ordering::Relaxed);
        }
        Ok(count)
    }

    /// What an event is to those who listen and whom it is about.
    async fn letters(&self, api: &Api, event: &StoredEvent) -> Result<Vec<(UserId, Letter)>, StoreError> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        match &event.event.kind {
            EventKind::UserRemoved { user } => return Ok(vec![(user.id, Letter::Over)]),
            EventKind::UserMerged(merge) => return Ok(vec![(merge.users.discarded.id, Letter::Over)]),
            _ => {}
        }
        let mut letters = Vec::new();
        for user in self.audience(api, event).await? {
            if let Some(frame) = show(api, self.cursor(event.cursor), event, user).await? {
                letters.push((user, Letter::Event(event.cursor, frame)));
            }
        }
        Ok(letters)
    }

    /// The members who listen, for what visitors are told at all.
    async fn audience(&self, api: &Api, event: &StoredEvent) -> Result<Vec<UserId>, StoreError> {
        if let EventKind::ConversationRemoved { conversation } = &event.event.kind {
            return Ok(conversation.user.into_iter().filter(|user| self.listens(*user)).collect());
        }
        let Some(conversation) = event.event.conversation().filter(|_| is_told(&event.event.kind)) else {
            return Ok(Vec::new());
        };
        let mut members = api.store().members(self.app, conversation).await?;
        if let EventKind::ParticipantLeft { user } = &event.event.kind {
            members = vec![*user];
        }
        members.retain(|user| self.listens(*user));
        Ok(members)
    }

    async fn show_sign(&self, api: &Api, sign: &Sign) -> Result<(), StoreError> {
        if self.is_empty() || sign.activity == Activity::Read {
            return Ok(());
        }
        let frame = Frame::event(None, typing(sign).to_string().into());
        for user in api.store().members(self.app, sign.conversation).await? {
            if sign.user != Some(user) {
                self.hand(user, &Letter::Sign(frame.clone()));
            }
        }
        Ok(())
    }
}

fn typing(sign: &Sign) -> Value {
    let by = if sign.user.is_some() { "user" } else { "business" };
    json!({
        "type": "typing",
        "conversationId": sign.conversation.to_string(),
        "by": by,
        "start": sign.activity == Activity::TypingStart,
        "author": {},
    })
}

/// Whether visitors are told of it.
fn is_told(kind: &EventKind) -> bool {
    match kind {
        EventKind::ConversationCreated { .. }
        | EventKind::ParticipantJoined { .. }
        | EventKind::ParticipantLeft { .. }
        | EventKind::MessageAdded { .. }
        | EventKind::MessageEdited { .. }
        | EventKind::MessageDeleted { .. }
        | EventKind::Read { .. } => true,
        EventKind::ControlReleased { reason, .. } => ENDED.contains(&reason.as_str()),
        _ => false,
    }
}

/// An event as this visitor is told of it; none where there is nothing to tell.
pub(super) async fn show(
    api: &Api,
    cursor: Cursor,
    event: &StoredEvent,
    user: UserId,
) -> Result<Option<Frame>, StoreError> {
    let shown = match (&event.event.kind, event.event.conversation()) {
        (EventKind::ConversationRemoved { conversation }, _) => Some(removed(conversation.id)),
        (kind, Some(conversation)) if is_told(kind) => of_conversation(api, event, conversation, user).await?,
        _ => None,
    };
    Ok(shown.map(|mut shown| {
        shown["cursor"] = cursor.to_string().into();
        Frame::event(Some(cursor), shown.to_string().into())
    }))
}

fn removed(conversation: ConversationId) -> Value {
    json!({ "type": "conversation:removed", "conversationId": conversation.to_string() })
}

async fn of_conversation(
    api: &Api,
    event: &StoredEvent,
    conversation: ConversationId,
    user: UserId,
) -> Result<Option<Value>, StoreError> {
    let (store, app, name) = (api.store(), event.app, conversation.to_string());
    Ok(match &event.event.kind {
        EventKind::MessageAdded { message } | EventKind::MessageEdited { message } => {
            let found = store.message(app, conversation, *message).await?.filter(|found| found.deleted_at.is_none());
            let Some(found) = found else { return Ok(None) };
            Some(json!({ "type": "message", "conversationId": name, "message": told(api, app, &found).await? }))
        }
        EventKind::MessageDeleted { message } => {
            Some(json!({ "type": "message:deleted", "conversationId": name, "messageId": message.to_string() }))
        }
        EventKind::ConversationCreated { .. } | EventKind::ParticipantJoined { .. } => {
            let entry = store.inbox_of(app, user, conversation).await?;
            entry.map(|entry| json!({ "type": "conversation", "conversation": wire::summary(&entry) }))
        }
        EventKind::ParticipantLeft { user: gone } => (*gone == user).then(|| removed(conversation)),
        EventKind::Read { user: by, .. } => {
            let by = if by.is_some() { "user" } else { "business" };
            Some(json!({ "type": "read", "conversationId": name, "by": by, "at": time::show(event.event.at) }))
        }
        EventKind::ControlReleased { reason, .. } => {
            Some(json!({ "type": "session:ended", "conversationId": name, "reason": reason }))
        }
        _ => None,
    })
}

async fn told(api: &Api, app: AppId, message: &Message) -> Result<Value, StoreError> {
    let answered = api.store().answered_forms(message.conversation, std::slice::from_ref(message)).await?;
    Ok(wire::message(message, app, api.gateway.attachments().links(), &answered))
}

async fn run(crowd: Weak<Crowd>, api: &Api, mut feed: EventStream) {
    loop {
        let published = feed.next().await;
        let Some(crowd) = crowd.upgrade() else { return };
        match published {
            Published::Event(event)
                if event.app != crowd.app || event.cursor <= crowd.position.load(Ordering::Relaxed) => {}
            Published::Event(_) | Published::Lagged => crowd.catch_up(api).await,
            Published::Sign(sign) if sign.app == crowd.app => {
                if let Err(error) = crowd.show_sign(api, &sign).await {
                    tracing::debug!(%error, "a sign was not shown to visitors");
                }
            }
            Published::Sign(_) => {}
            Published::Closed => return,
        }
    }
}
