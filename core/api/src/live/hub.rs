//! One app's events, told once for all who read it live.
//!
//! The feed of commits is only a bell: the hub reads the log itself, from where it stands, so that nothing which the feed
//! dropped is missed. It keeps the newest events in a ring; whoever is further behind reads the log too.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use passerelle_model::id::{AppId, EventId, RawId};
use passerelle_pipeline::{EventStream, Published, Sign};
use passerelle_store::{Store, StoreError, StoredEvent};
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::cursor::Cursor;
use super::desk;
use super::rights::{Proof, Rights};
use super::wire::Item;
use crate::api::Api;
use crate::mint;
use crate::wire::event::{Detail, Teller, Telling};

/// Events that are read from the log at once.
const PAGE: u32 = 64;
/// Events in the ring.
const RING: usize = 1024;
/// How long an event stays in the ring. Links to files in it do not last for ever.
const RING_AGE: Duration = Duration::from_secs(600);
/// Bytes in the ring.
const RING_BYTES: usize = 2 * 1024 * 1024;
/// Bytes of events that a reader is given at once; one event may have more.
pub(super) const BATCH_BYTES: usize = 64 * 1024;
/// Passing signs that a reader may lag behind before it loses some.
const SIGNS: usize = 64;
/// How long credentials are believed to be still good while nothing happens.
const BELIEVED: Duration = Duration::from_secs(1);
/// Pause after a failure of the database.
const TROUBLE: Duration = Duration::from_secs(1);
/// API callers may ask for everything, so they are told everything.
const DETAIL: Detail = Detail { full_user: true, full_source: true };

/// The hub of one app.
pub(super) struct Hub {
    app: AppId,
    log: u32,
    recent: Mutex<Recent>,
    /// Where the hub stands; whoever waits is woken by it.
    position: watch::Sender<i64>,
    signs: broadcast::Sender<Arc<Item>>,
    rights: tokio::sync::Mutex<HashMap<Proof, Checked>>,
    _end: DropGuard,
}

/// The ring: every event of the app after `floor`, up to `position`.
struct Recent {
    floor: i64,
    position: i64,
    items: VecDeque<Told>,
    bytes: usize,
}

/// An event in the ring.
struct Told {
    cursor: i64,
    item: Arc<Item>,
    at: Instant,
}

/// When credentials were found good, and which events had been committed by then.
#[derive(Clone, Copy)]
struct Checked {
    position: i64,
    at: Instant,
}

/// What follows a place in the log.
pub(super) enum Next {
    /// These, and then nothing up to the second.
    Recent(Vec<Arc<Item>>, i64),
    /// It is older than the ring: the log must be read, at least to here.
    Older(i64),
}

impl Hub {
    /// Starts to follow the log, from its end.
    pub(super) async fn start(api: &Api, app: AppId) -> Result<Arc<Self>, StoreError> {
        // The bell first: what is committed after the end was read rings it.
        let feed = api.gateway.subscribe();
        let (log, position) = (api.store().log_name().await?, api.store().last_cursor().await?);
        let end = CancellationToken::new();
        let hub = Arc::new(Self {
            app,
            log,
            recent: Mutex::new(Recent { floor: position, position, items: VecDeque::new(), bytes: 0 }),
            position: watch::Sender::new(position),
            signs: broadcast::Sender::new(SIGNS),
            rights: tokio::sync::Mutex::default(),
            _end: end.clone().drop_guard(),
        });
        let (weak, api) = (Arc::downgrade(&hub), api.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = run(weak, &api, feed) => {}
                () = end.cancelled() => {}
            }
        });
        Ok(hub)
    }

    /// Whose events these are.
    pub(super) fn app(&self) -> AppId {
        self.app
    }

    /// The cursor of a place in this log.
    pub(super) fn cursor(&self, at: i64) -> Cursor {
        Cursor { log: self.log, at }
    }

    /// What follows this place.
    pub(super) fn after(&self, last: i64) -> Next {
        let mut recent = self.recent();
        recent.forget();
        if last < recent.floor {
            return Next::Older(recent.floor);
        }
        let first = recent.items.partition_point(|told| told.cursor <= last);
        let (mut items, mut bytes) = (Vec::new(), 0);
        for told in recent.items.range(first..) {
            if bytes >= BATCH_BYTES {
                break;
            }
            bytes += told.item.text.len();
            items.push(Arc::clone(&told.item));
        }
        let is_all = first + items.len() == recent.items.len();
        let to = if is_all { recent.position } else { recent.items[first + items.len() - 1].cursor };
        Next::Recent(items, to.max(last))
    }

    /// Waits until the hub stands beyond this place.
    pub(super) async fn beyond(&self, last: i64) {
        // The sender is ours, so this never fails.
        let _ = self.position.subscribe().wait_for(|position| *position > last).await;
    }

    /// Passing signs from now on.
    pub(super) fn signs(&self) -> broadcast::Receiver<Arc<Item>> {
        self.signs.subscribe()
    }

    /// Whether the caller's credentials are still good, as of a moment after everything up to `seen` was committed. All
    /// readers who showed the same share the question.
    pub(super) async fn holds(&self, api: &Api, reader: &Rights, seen: i64) -> Result<bool, StoreError> {
        let mut rights = self.rights.lock().await;
        let is_fresh = |checked: &Checked| checked.at.elapsed() < BELIEVED;
        let proof = reader.proof();
        if rights.get(&proof).is_some_and(|checked| checked.position >= seen && is_fresh(checked)) {
            return Ok(true);
        }
        let checked = Checked { position: self.recent().position.max(seen), at: Instant::now() };
        let holds = reader.still_holds(api).await?;
        rights.retain(|_, checked| is_fresh(checked));
        if holds {
            rights.insert(proof, checked);
        } else {
            rights.remove(&proof);
        }
        Ok(holds)
    }

    /// Tells an event; none where there is nothing to tell.
    pub(super) async fn item(
        &self,
        api: &Api,
        teller: &Teller<'_>,
        stored: &StoredEvent,
    ) -> Result<Option<Item>, StoreError> {
        if let Some((trigger, mut shown)) = desk::tell(api, self.app, &stored.event.kind).await? {
            shown["cursor"] = self.cursor(stored.cursor).to_string().into();
            return Ok(Some(Item::of_desk(trigger, Some(stored.cursor), shown.to_string())));
        }
        let told = teller.read(stored).await?;
        Ok(told.map(|telling| self.show(&telling, teller, Some(stored.cursor))))
    }

    fn show(&self, telling: &Telling<'_>, teller: &Teller<'_>, cursor: Option<i64>) -> Item {
        let mut shown = telling.show(DETAIL);
        if let Some(at) = cursor {
            shown["cursor"] = self.cursor(at).to_string().into();
        }
        Item {
            cursor,
            trigger: telling.trigger(),
            conversation: telling.conversation(),
            user: telling.user(),
            deaf: teller.seats().deaf(telling),
            is_desk: false,
            text: shown.to_string().into(),
        }
    }

    /// Reads the log to its end.
    async fn catch_up(&self, api: &Api) {
        loop {
            let from = self.recent().position;
            match self.read(api, from).await {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "events could not be read for live readers; it is tried again");
                    tokio::time::sleep(TROUBLE).await;
                }
            }
        }
    }

    async fn read(&self, api: &Api, from: i64) -> Result<usize, StoreError> {
        let events = page(api.store(), self.app, from, PAGE).await?;
        if events.is_empty() {
            return Ok(0);
        }
        let teller = Teller::of(api.store(), api.gateway.attachments().links(), self.app).await?;
        for event in &events {
            let item = self.item(api, &teller, event).await?;
            self.recent().push(event.cursor, item);
            self.position.send_replace(event.cursor);
        }
        Ok(events.len())
    }

    async fn show_sign(&self, api: &Api, sign: &Sign) -> Result<(), StoreError> {
        let now = api.clock.now();
        let Ok(id) = mint::id::<RawId>(now) else { return Ok(()) };
        let teller = Teller::of(api.store(), api.gateway.attachments().links(), self.app).await?;
        if let Some(telling) = teller.sign(sign, EventId::from(id), now).await? {
            // Nobody may be there to see it.
            let _ = self.signs.send(Arc::new(self.show(&telling, &teller, None)));
        }
        Ok(())
    }

    /// Shows a passing sign of the desk. Nobody may be there to see it.
    pub(super) fn pass(&self, item: Item) {
        let _ = self.signs.send(Arc::new(item));
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    /// Takes an event in; the oldest leave.
    fn push(&mut self, cursor: i64, item: Option<Item>) {
        self.position = cursor;
        if let Some(item) = item {
            self.bytes += item.text.len();
            self.items.push_back(Told { cursor, item: Arc::new(item), at: Instant::now() });
        }
        self.forget();
    }

    /// Lets go of what is too much, or too old.
    fn forget(&mut self) {
        let is_old = |told: &Told| told.at.elapsed() > RING_AGE;
        while self.items.len() > RING || self.bytes > RING_BYTES || self.items.front().is_some_and(is_old) {
            let Some(told) = self.items.pop_front() else { break };
            self.bytes -= told.item.text.len();
            self.floor = told.cursor;
        }
    }
}

async fn run(hub: Weak<Hub>, api: &Api, mut feed: EventStream) {
    loop {
        let published = feed.next().await;
        let Some(hub) = hub.upgrade() else { return };
        match published {
            Published::Event(event) if event.app != hub.app || event.cursor <= hub.recent().position => {}
            Published::Event(_) | Published::Lagged => hub.catch_up(api).await,
            Published::Sign(sign) if sign.app == hub.app => {
                if let Err(error) = hub.show_sign(api, &sign).await {
                    tracing::debug!(%error, "a sign was not told");
                }
            }
            Published::Sign(_) => {}
            Published::Closed => return,
        }
    }
}

/// The next events of the app. One that cannot be read any more is passed over: it would hold up all others for ever.
pub(crate) async fn page(
    store: &Store,
    app: AppId,
    mut after: i64,
    limit: u32,
) -> Result<Vec<StoredEvent>, StoreError> {
    let mut limit = limit;
    loop {
        match store.events(app, None, after, limit).await {
            Err(StoreError::BadRow(_)) if limit > 1 => limit = 1,
            Err(StoreError::BadRow(reason)) => {
                tracing::error!(after, reason, "an event cannot be read and is told to no live reader");
                after += 1;
            }
            other => return other,
        }
    }
}
