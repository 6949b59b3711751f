//! One reader: what it asked for, what it may see, and how far it has read.

use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;
use passerelle_model::id::{AppId, ConversationId, UserId};
use passerelle_store::StoreError;
use tokio::sync::broadcast;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use url::form_urlencoded;

use super::cursor::Cursor;
use super::hub::{self, Hub, Next};
use super::rights::Rights;
use super::ticket::Ticket;
use super::wire::{Farewell, Frame, Item, Line, Lost};
use crate::api::Api;
use crate::call::{Call, stored};
use crate::desk::credentials::Known;
use crate::error::ApiError;
use crate::wire::event::{LIVE_WORDS, TRIGGERS, Teller};

/// Events that a replay reads at once.
const PAGE: u32 = 64;
/// How often a key is looked at while nothing happens.
const WATCH: Duration = Duration::from_secs(1);
/// How long a reader may take to hear a goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// What a reader asked for.
#[derive(Debug, Default)]
struct Filter {
    triggers: Option<Vec<String>>,
    conversation: Option<ConversationId>,
    user: Option<UserId>,
}

/// What there is to tell.
enum Due {
    /// The log goes on.
    Log,
    /// A passing sign.
    Sign(Arc<Item>),
}

/// One reader of an app's events.
pub(super) struct Reader {
    api: Api,
    rights: Rights,
    hub: Arc<Hub>,
    signs: broadcast::Receiver<Arc<Item>>,
    filter: Filter,
    last: i64,
    is_lost: bool,
    _ticket: Ticket,
}

impl Reader {
    /// Checks what a caller asks for, and takes a place.
    pub(super) async fn open(call: &Call) -> Result<Self, ApiError> {
        let filter = Filter::of(call).await?;
        Self::begin(&call.api, call.app()?, Rights::Key(call.access.clone()), filter, asked_cursor(&call.request)?)
            .await
    }

    /// Takes a place for an agent, who sees everything of the app.
    pub(super) async fn of_agent(api: &Api, known: Known, request: &Parts) -> Result<Self, ApiError> {
        let app = known.agent.app;
        Self::begin(api, app, Rights::Agent(known), Filter::default(), asked_cursor(request)?).await
    }

    async fn begin(
        api: &Api,
        app: AppId,
        rights: Rights,
        filter: Filter,
        asked: Option<Cursor>,
    ) -> Result<Self, ApiError> {
        let api = api.clone();
        let ticket = api.live().tickets.take(&rights.name()).ok_or_else(|| ApiError::too_many_requests(5))?;
        let hub = stored(api.live().hub(&api, app).await)?;
        let newest = stored(api.store().last_cursor().await)?;
        let known = asked.filter(|cursor| hub.cursor(cursor.at) == *cursor && cursor.at <= newest);
        Ok(Self {
            rights,
            signs: hub.signs(),
            last: known.map_or(newest, |cursor| cursor.at),
            is_lost: asked.is_some() && known.is_none(),
            _ticket: ticket,
            filter,
            hub,
            api,
        })
    }

    /// Writes to the line until one side ends it.
    pub(super) async fn follow(mut self, mut line: impl Line) {
        match self.run(&mut line).await {
            Ok(why) => {
                let goodbye = Frame::goodbye(self.cursor(), why);
                // Whoever does not listen any more is closed without a word.
                let _ = timeout(GOODBYE, line.end(&goodbye, why)).await;
                metrics::counter!("passerelle_live_ends_total", "reason" => why.as_str()).increment(1);
            }
            Err(Lost::Gone) => {}
            Err(Lost::Slow) => {
                tracing::info!(key = self.rights.name(), cursor = %self.cursor(), "a live reader that does not read is cut");
                metrics::counter!("passerelle_live_ends_total", "reason" => "slow_consumer").increment(1);
            }
        }
    }

    async fn run(&mut self, line: &mut impl Line) -> Result<Farewell, Lost> {
        let heartbeat = self.api.live.heartbeat();
        let (mut beat, mut watch) = (every(heartbeat), every(WATCH));
        let draining = self.api.draining.clone();
        let mut frames = self.greeting(heartbeat);
        loop {
            tokio::select! {
                sent = line.send(&frames) => sent?,
                () = draining.cancelled() => return Ok(Farewell::GoingAway),
            }
            // Only waiting may be broken off: what is being read is told, however long the reading takes.
            let told = tokio::select! {
                due = self.due() => self.tell(due).await,
                () = line.closed() => return Err(Lost::Gone),
                () = draining.cancelled() => return Ok(Farewell::GoingAway),
                _ = watch.tick() => self.check(0).await.map(|()| Vec::new()),
                _ = beat.tick() => {
                    line.ask().await?;
                    Ok(vec![Frame::heartbeat(self.cursor())])
                }
            };
            frames = match told {
                Ok(frames) => frames,
                Err(why) => return Ok(why),
            };
        }
    }

    fn greeting(&self, heartbeat: Duration) -> Vec<Frame> {
        let hello = Frame::hello(self.cursor(), u64::try_from(heartbeat.as_millis()).unwrap_or(u64::MAX));
        let resync = self.is_lost.then(|| Frame::resync(self.cursor()));
        [hello].into_iter().chain(resync).collect()
    }

    fn cursor(&self) -> Cursor {
        self.hub.cursor(self.last)
    }

    /// Waits until there is something to tell.
    async fn due(&mut self) -> Due {
        loop {
            tokio::select! {
                () = self.hub.beyond(self.last) => return Due::Log,
                // A lost sign has passed already.
                sign = self.signs.recv() => if let Ok(sign) = sign {
                    return Due::Sign(sign);
                },
            }
        }
    }

    /// What the reader is told of it; moves the reader on.
    async fn tell(&mut self, due: Due) -> Result<Vec<Frame>, Farewell> {
        let (items, to) = match due {
            Due::Sign(sign) => (vec![sign], self.last),
            Due::Log => match self.hub.after(self.last) {
                Next::Recent(items, to) => (items, to),
                Next::Older(floor) => self.replay(floor).await.map_err(unavailable)?,
            },
        };
        let seen = items.into_iter().filter(|item| self.may_see(item));
        let frames: Vec<_> = seen.map(|item| self.frame(&item)).collect();
        if !frames.is_empty() {
            self.check(to).await?;
        }
        self.last = to;
        Ok(frames)
    }

    /// Reads on in the log, where the hub no longer has it in mind.
    async fn replay(&self, floor: i64) -> Result<(Vec<Arc<Item>>, i64), StoreError> {
        let (store, app) = (self.api.store(), self.hub.app());
        let events = hub::page(store, app, self.last, PAGE).await?;
        let teller = Teller::of(store, self.api.gateway.attachments().links(), app).await?;
        let (mut items, mut to, mut bytes) = (Vec::new(), floor, 0);
        for event in &events {
            to = event.cursor;
            if let Some(item) = self.hub.item(&self.api, &teller, event).await? {
                bytes += item.text.len();
                items.push(Arc::new(item));
            }
            if bytes >= hub::BATCH_BYTES {
                break;
            }
        }
        Ok((items, to))
    }

    /// Refuses to go on when the key or the app is gone.
    async fn check(&self, seen: i64) -> Result<(), Farewell> {
        match self.hub.holds(&self.api, &self.rights, seen).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Farewell::Revoked),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// What the caller may see and asked for.
    fn may_see(&self, item: &Item) -> bool {
        self.rights.may_see(item) && self.filter.fits(item)
    }

    fn frame(&self, item: &Item) -> Frame {
        Frame::event(item.cursor.map(|at| self.hub.cursor(at)), Arc::clone(&item.text))
    }
}

impl Filter {
    async fn of(call: &Call) -> Result<Self, ApiError> {
        let mut filter = Self::default();
        if let Some(text) = call.query.filter("conversationId") {
            filter.conversation = Some(call.find_conversation(text).await?.id);
        }
        if let Some(text) = call.query.filter("userId") {
            filter.user = Some(call.find_user(text.parse().ok(), Some(text)).await?.id);
        }
        if let Some(text) = call.query.filter("types") {
            let asked: Vec<String> = text.split(',').map(|word| word.trim().to_owned()).collect();
            let is_known = |word: &str| TRIGGERS.contains(&word) || LIVE_WORDS.contains(&word);
            if let Some(odd) = asked.iter().find(|word| !is_known(word)) {
                let known: String = odd.chars().take(64).collect();
                return Err(ApiError::bad_request(format!("filter[types]: `{known}` is not an event")));
            }
            filter.triggers = Some(asked);
        }
        Ok(filter)
    }

    fn fits(&self, item: &Item) -> bool {
        self.triggers.as_ref().is_none_or(|asked| asked.iter().any(|word| word == item.trigger))
            && self.conversation.is_none_or(|asked| item.conversation == Some(asked))
            && self.user.is_none_or(|asked| item.user == Some(asked))
    }
}

/// The cursor of the query, or the one that a browser sends when it comes back by itself.
fn asked_cursor(request: &Parts) -> Result<Option<Cursor>, ApiError> {
    let query = request.uri.query().unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "cursor");
    let last = request.headers.get("last-event-id").and_then(|value| value.to_str().ok());
    // A client that comes back by itself repeats the query that it began with, and its header is newer.
    let text = last.map(str::to_owned).or(asked.map(|(_, value)| value.into_owned())).filter(|text| !text.is_empty());
    let Some(text) = text else { return Ok(None) };
    Cursor::parse(&text).map(Some).ok_or_else(|| ApiError::bad_request("cursor should be one that the stream gave"))
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

fn unavailable(error: StoreError) -> Farewell {
    tracing::error!(%error, "a live stream ends");
    Farewell::Unavailable
}
