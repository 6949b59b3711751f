//! The gateway: one handle on everything, its start and its end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use passerelle_model::content::Content;
use passerelle_model::id::{AppId, IdSource, IntegrationId, RawInboundId};
use passerelle_model::tenant::AppSettings;
use passerelle_model::time::Clock;
use passerelle_model::widget::WidgetSettings;
use passerelle_plugin_host::{Plugin, PluginHost, RawRequest};
use passerelle_store::{IntegrationStatus, MediaFile, Once, RawInbound, Store, StoreError};
use tokio::sync::{Notify, broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::attachments::{self, Attachments};
use crate::backoff::Backoff;
use crate::directory::Book;
use crate::failpoint::Failpoint;
use crate::ingress::{self, IngressError, IngressReply};
use crate::lane::Lanes;
use crate::once::Written;
use crate::publish::{EventStream, SIGNS, Sign};
use crate::{
    Caller, Command, CommandError, Done, Executed, GatewayConfig, Stop, Together, command, deliver, linking, normalize,
    poll, removal, retention, schedule, settle, turn,
};

/// Jobs that may wait in the lanes of one station.
const LANE_QUEUE: usize = 4096;
/// Rows that are read at once when work is taken up again.
const PAGE: u32 = 256;

/// One handle on everything. Cheap to clone.
#[derive(Clone)]
pub struct Gateway(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) config: GatewayConfig,
    pub(crate) store: Store,
    pub(crate) host: PluginHost,
    pub(crate) clock: Clock,
    pub(crate) ids: Arc<IdSource>,
    pub(crate) book: Book,
    pub(crate) failpoint: Failpoint,
    pub(crate) attachments: Attachments,
    pub(crate) turns: Lanes<passerelle_model::id::ConversationId>,
    pub(crate) sends: Lanes<deliver::Lane>,
    /// Rung when something becomes due at a new time.
    pub(crate) wake: Notify,
    /// Rung when something is on its way out.
    pub(crate) removing: Notify,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    signs: broadcast::Sender<Sign>,
    intakes: Mutex<HashMap<IntegrationId, mpsc::Sender<RawInbound>>>,
    pub(crate) pollers: Mutex<HashMap<IntegrationId, CancellationToken>>,
    /// Held while the picture of one integration or switchboard is renewed.
    pub(crate) reading: tokio::sync::Mutex<()>,
}

/// Why the gateway does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is wrong.
    #[error("{0}")]
    Setting(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GatewayStats {
    /// Raw requests that wait in memory for their adapter.
    pub intake: usize,
    /// Jobs that wait for the database's writer.
    pub writer: usize,
    /// Integrations that work.
    pub integrations: usize,
    /// Plugins that are loaded.
    pub plugins: usize,
    /// Whether nothing new is taken in any more.
    pub draining: bool,
}

impl Gateway {
    /// Loads plugins and installations, takes up the work that the last process left, and starts the stations.
    pub async fn start(
        config: GatewayConfig,
        store: Store,
        host: PluginHost,
        clock: Clock,
        ids: Arc<IdSource>,
    ) -> Result<Self, StartError> {
        if let Some(last) = store.last_id().await? {
            ids.continue_after(last);
        }
        let failpoint = Failpoint::parse(config.failpoint.as_deref()).map_err(StartError::Setting)?;
        let lanes = config.lanes.clamp(1, 4096);
        let attachments = Attachments::open(&config, &store, clock.clone()).await?;
        let (signs, _) = broadcast::channel(SIGNS);
        let gateway = Self(Arc::new(Inner {
            failpoint,
            attachments,
            turns: Lanes::new("turns", lanes, LANE_QUEUE),
            sends: Lanes::new("deliveries", lanes, LANE_QUEUE),
            wake: Notify::new(),
            removing: Notify::new(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            signs,
            intakes: Mutex::default(),
            pollers: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            book: Book::default(),
            config,
            store,
            host,
            clock,
            ids,
        }));
        gateway.load_folder().await;
        gateway.load_directory().await?;
        if !gateway.0.config.passive {
            gateway.take_up().await?;
            schedule::spawn(&gateway.0);
            removal::spawn(&gateway.0);
            poll::spawn_all(&gateway.0);
            gateway.catch_up_registrations();
        }
        Ok(gateway)
    }

    /// Takes a request of a vendor. When this returns, the request is kept.
    pub async fn ingest(&self, integration: IntegrationId, request: RawRequest) -> Result<IngressReply, IngressError> {
        if self.0.stop.is_cancelled() {
            return Err(IngressError::Unavailable("the gateway is closing".into()));
        }
        if self.0.config.passive {
            return Err(IngressError::Unavailable("this gateway takes nothing in".into()));
        }
        ingress::ingest(&self.0, integration, request).await
    }

    /// Carries out a command, whole or not at all.
    pub async fn execute(&self, caller: Caller, app: AppId, command: Command) -> Result<Done, CommandError> {
        self.execute_once(caller, app, command, None).await.map(|executed| executed.done)
    }

    /// Carries out a command for a request that may come twice.
    pub async fn execute_once(
        &self,
        caller: Caller,
        app: AppId,
        command: Command,
        once: Option<Once>,
    ) -> Result<Executed, CommandError> {
        if self.0.stop.is_cancelled() {
            return Err(CommandError::Unavailable("the gateway is closing".into()));
        }
        command::execute(&self.0, caller, app, command, once).await
    }

    /// Runs a job in which commands can be carried out in the name of the caller beside other writes, all in one
    /// transaction: whole or not at all. The job answers with the name of what it made, which a repeat of the request is
    /// given again.
    pub async fn together<F>(
        &self,
        caller: Caller,
        app: AppId,
        once: Option<Once>,
        job: F,
    ) -> Result<Written, CommandError>
    where
        F: for<'w> FnOnce(Together<'w, '_>) -> BoxFuture<'w, Result<String, Stop>> + Send + 'static,
    {
        if self.0.stop.is_cancelled() {
            return Err(CommandError::Unavailable("the gateway is closing".into()));
        }
        command::together(&self.0, caller, app, once, job).await
    }

    /// Gives everything in the house its id.
    pub fn ids(&self) -> &Arc<IdSource> {
        &self.0.ids
    }

    /// The feed of committed events and passing signs, from now on.
    pub fn subscribe(&self) -> EventStream {
        EventStream { events: self.0.store.committed(), signs: self.0.signs.subscribe() }
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The loaded plugins, by id.
    pub fn plugins(&self) -> Vec<Arc<Plugin>> {
        self.0.book.now().plugins.values().cloned().collect()
    }

    /// The loaded plugin of this id.
    pub fn plugin(&self, id: &str) -> Option<Arc<Plugin>> {
        self.0.book.now().plugins.get(id).cloned()
    }

    /// What an administrator decided about a widget, and whose it is; none unless it is switched on.
    pub fn widget(&self, id: IntegrationId) -> Option<(AppId, Arc<WidgetSettings>)> {
        let entry = self.0.book.entry(id)?;
        let settings = entry.widget.clone()?;
        (entry.row.status == IntegrationStatus::Active).then(|| (entry.row.app, settings))
    }

    /// What an app decides for itself.
    pub fn app_settings(&self, app: AppId) -> Arc<AppSettings> {
        self.0.book.now().settings(app)
    }

    /// The files of the house.
    pub fn attachments(&self) -> &Attachments {
        &self.0.attachments
    }

    /// Puts our own files in place of addresses in a content that a caller wrote: our own addresses become what they
    /// name, foreign files are copied. The copies belong into the message's `files`.
    pub async fn adopt_files(&self, app: AppId, content: &mut Content) -> Result<Vec<MediaFile>, CommandError> {
        attachments::adopt(&self.0, app, content).await
    }

    /// Clears away files that nobody needs, now. The house does so by itself, every minute.
    pub async fn sweep_files(&self) -> Result<(), StoreError> {
        attachments::sweep(&self.0).await?;
        attachments::sweep_strays(&self.0).await
    }

    /// Lets go of conversations that are older than their app keeps them, now. The house does so by itself, every ten
    /// minutes.
    pub async fn clear_old_conversations(&self) -> Result<(), StoreError> {
        retention::clear(&self.0).await
    }

    /// What is under way.
    pub fn stats(&self) -> GatewayStats {
        let directory = self.0.book.now();
        let intakes = self.0.intakes.lock().unwrap_or_else(PoisonError::into_inner);
        GatewayStats {
            intake: intakes.values().map(|queue| queue.max_capacity() - queue.capacity()).sum(),
            writer: self.0.store.queued(),
            integrations: directory.integrations.values().filter(|entry| entry.ready().is_some()).count(),
            plugins: directory.plugins.len(),
            draining: self.0.stop.is_cancelled(),
        }
    }

    /// Makes requests and bot turns that were given up due again, of one app or of all: for an operator who has mended the
    /// plugin or the database. Gives their number. A turn of a bot that no longer has control ends without effect. Beside
    /// a running server, that server takes them up within a minute.
    pub async fn retry_parked(&self, app: Option<AppId>) -> Result<usize, StoreError> {
        let now = self.0.clock.now();
        let counted = self.0.store.write(move |tx| {
            Box::pin(async move { Ok(tx.retry_dead_raw(app, now).await? + tx.retry_parked_turns(app, now).await?) })
        });
        let count = counted.await?;
        tracing::info!(count, "what was parked is tried again");
        self.0.wake.notify_one();
        Ok(count)
    }

    /// Takes nothing new in, ends what is under way, and stops; what waits stays in the database. False when the
    /// deadline came first: then the rest goes on after the next start.
    pub async fn drain(&self, deadline: Duration) -> bool {
        let inner = &self.0;
        inner.stop.cancel();
        inner.intakes.lock().unwrap_or_else(PoisonError::into_inner).clear();
        inner.pollers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let quiet = async {
            inner.tasks.close();
            inner.tasks.wait().await;
            inner.turns.drained().await;
            inner.sends.drained().await;
            // The last turns may have left deliveries, and the last deliveries end here.
            inner.tasks.wait().await;
        };
        tokio::time::timeout(deadline, quiet).await.is_ok()
    }

    /// Vendors that were not told our address are told it; nobody waits for that.
    fn catch_up_registrations(&self) {
        let gateway = self.clone();
        self.0.tasks.spawn(async move {
            let stop = gateway.0.stop.clone();
            tokio::select! {
                () = stop.cancelled() => {}
                told = gateway.register_missing() => if let Err(error) = told {
                    tracing::warn!(%error, "it could not be read which vendors call us");
                },
            }
        });
    }

    /// Takes up what the last process left: requests first, in their order, so that new ones come behind them.
    async fn take_up(&self) -> Result<(), StartError> {
        let inner = &self.0;
        settle::recover(inner).await?;
        linking::recover(inner).await?;
        let now = inner.clock.now();
        for lane in inner.store.due_lanes(now, u32::MAX).await? {
            deliver::push(inner, lane, None).await;
        }
        let mut last = 0;
        loop {
            let turns = inner.store.waiting_turns(last, PAGE).await?;
            let Some(newest) = turns.last() else { break };
            last = newest.id;
            for due in turns {
                turn::push(inner, due).await;
            }
        }
        self.take_up_requests().await
    }

    async fn take_up_requests(&self) -> Result<(), StartError> {
        let inner = &self.0;
        let mut last = RawInboundId::from_bytes([0; 12]);
        loop {
            let requests = inner.store.waiting_raw(last, PAGE).await?;
            let Some(newest) = requests.last() else { return Ok(()) };
            last = newest.id;
            for raw in requests {
                inner.take_in(raw).await;
            }
        }
    }
}

impl Inner {
    /// The queue of an integration's adapter; made when it is first needed. None when the house closes.
    pub(crate) fn intake(self: &Arc<Self>, integration: IntegrationId) -> Option<mpsc::Sender<RawInbound>> {
        let mut intakes = self.intakes.lock().unwrap_or_else(PoisonError::into_inner);
        if self.stop.is_cancelled() {
            return None;
        }
        let queue = intakes.entry(integration).or_insert_with(|| {
            let (sender, receiver) = mpsc::channel(self.config.inbound_queue.clamp(1, 65_536));
            normalize::spawn(self, receiver);
            sender
        });
        Some(queue.clone())
    }

    /// Closes the queue of an integration that is gone.
    pub(crate) fn forget_intake(&self, integration: IntegrationId) {
        self.intakes.lock().unwrap_or_else(PoisonError::into_inner).remove(&integration);
    }

    /// Puts a kept request into its adapter's queue; waits while that is full.
    pub(crate) async fn take_in(self: &Arc<Self>, raw: RawInbound) {
        if let Some(queue) = self.intake(raw.integration) {
            // The stream ends only when the house closes; the request is in the database.
            let _ = queue.send(raw).await;
        }
    }

    /// Shows a passing sign to whoever listens.
    pub(crate) fn show(&self, sign: Sign) {
        let _ = self.signs.send(sign);
    }

    /// How long to wait before the try after so many.
    pub(crate) fn wait(&self, tries: u32) -> Duration {
        let backoff = Backoff {
            first: Duration::from_millis(self.config.retry_first_ms),
            cap: Duration::from_millis(self.config.retry_cap_ms),
        };
        // Without random bytes the waits are shorter and alike, and still waits.
        backoff.after(tries, getrandom::u32().unwrap_or(0))
    }
}
