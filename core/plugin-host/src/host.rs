//! The plugin host: loads plugins and calls them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use passerelle_model::bot::{BotConversation, BotEvent, BotTurn};
use passerelle_model::delivery::SendOutcome;
use passerelle_model::inbound::{Activity, InboundEvent};
use passerelle_model::metadata::Metadata;
use passerelle_model::routing::{Decision, Facts};
use passerelle_model::time::Clock;
use tokio::sync::{Semaphore, SemaphorePermit};
use wasmtime::component::{Instance, Linker};
use wasmtime::{Engine, Store};

use crate::bindings::exports::passerelle::plugin as exports;
use crate::bindings::passerelle::plugin::types;
use crate::cache::Cache;
use crate::call::{Call, Called, Download, Finished, Outbound, Polled, Target};
use crate::config::HostConfig;
use crate::convert;
use crate::egress::Egress;
use crate::engine::{self, Ticker};
use crate::error::{CallError, Fault, HostError, LoadError};
use crate::installation::Installation;
use crate::plugin::Plugin;
use crate::source::{KvSource, MediaSource};
use crate::state::{CallState, Services};
use crate::verify::VerifiedRequest;
use crate::{ability, load};

/// Loads plugins and calls them. Cheap to clone.
#[derive(Clone)]
pub struct PluginHost(Arc<Inner>);

struct Inner {
    engine: Engine,
    linker: Linker<CallState>,
    cache: Cache,
    config: HostConfig,
    services: Arc<Services>,
    ticker: Ticker,
    /// As many permits as there are pooled instances: a full pool makes calls wait.
    instances: Semaphore,
    /// Compiling takes all processors, so one plugin at a time.
    compiling: Semaphore,
    loaded: Mutex<HashMap<String, Weak<Plugin>>>,
}

impl PluginHost {
    /// Starts the engine.
    pub fn new(
        config: HostConfig,
        clock: Clock,
        kv: Arc<dyn KvSource>,
        media: Arc<dyn MediaSource>,
    ) -> Result<Self, HostError> {
        let engine = engine::make(config.max_instances)?;
        let cache = Cache::open(&config.cache_dir, &engine)?;
        let linker = ability::linker(&engine).map_err(|error| HostError::Engine(format!("{error:#}")))?;
        let egress = Egress::new(config.egress.clone());
        Ok(Self(Arc::new(Inner {
            ticker: Ticker::start(&engine)?,
            instances: Semaphore::new(config.max_instances as usize),
            compiling: Semaphore::new(1),
            loaded: Mutex::default(),
            services: Arc::new(Services { egress, kv, media, clock }),
            engine,
            linker,
            cache,
            config,
        })))
    }

    /// Makes a plugin of the bytes of its file. The same bytes give the same plugin as long as somebody holds it.
    pub async fn load(&self, bytes: Vec<u8>) -> Result<Arc<Plugin>, LoadError> {
        let digest = load::digest(&bytes);
        // Nobody closes the semaphore.
        let _turn = self.0.compiling.acquire().await.map_err(|error| LoadError::Compile(error.to_string()))?;
        if let Some(plugin) = self.loaded(&digest) {
            return Ok(plugin);
        }
        let inner = self.0.clone();
        let prepared = tokio::task::spawn_blocking(move || {
            load::prepare(&inner.engine, &inner.linker, &inner.cache, &inner.config, digest, &bytes)
        });
        let plugin = Arc::new(prepared.await.map_err(|error| LoadError::Compile(error.to_string()))??);
        let _awake = self.0.ticker.awake();
        load::try_out(&self.0.engine, self.0.services.clone(), &plugin).await?;
        let mut loaded = self.0.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.retain(|_, plugin| plugin.strong_count() > 0);
        loaded.insert(plugin.digest().to_owned(), Arc::downgrade(&plugin));
        Ok(plugin)
    }

    /// Bytes of the largest plugin file.
    pub fn max_plugin_bytes(&self) -> usize {
        self.0.config.max_plugin_bytes
    }

    /// The one guarded client, for whatever else must leave the house.
    pub fn egress(&self) -> &Egress {
        &self.0.services.egress
    }

    fn loaded(&self, digest: &str) -> Option<Arc<Plugin>> {
        self.0.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(digest)?.upgrade()
    }

    /// Turns a vendor's request into events.
    pub async fn receive(
        &self,
        installation: &Installation,
        request: VerifiedRequest,
    ) -> Result<Called<Vec<InboundEvent>>, CallError> {
        let called = Named { installation, name: "receive" };
        let indices = called.ability("channel", &installation.plugin().exports.channel)?;
        let context = self.context(installation);
        let request = exports::channel::VerifiedRequest {
            method: request.method,
            path_and_query: request.path_and_query,
            headers: request.headers,
            body: request.body,
            received_at_ms: request.received_at.as_millis(),
        };
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let channel = indices.load(&mut *store, &instance)?;
                channel.call_receive(store, &context, &request).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| {
            Ok(convert::inbound_events(installation.plugin(), called.accept(answer)?.events)?)
        })
    }

    /// Asks the vendor for what came after the cursor.
    pub async fn poll(&self, installation: &Installation, cursor: Option<String>) -> Result<Called<Polled>, CallError> {
        let called = Named { installation, name: "poll" };
        let indices = called.ability("polling", &installation.plugin().exports.polling)?;
        let context = self.context(installation);
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let polling = indices.load(&mut *store, &instance)?;
                polling.call_poll(store, &context, cursor.as_deref()).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| Ok(convert::polled(installation.plugin(), called.accept(answer)?)?))
    }

    /// Sends one message.
    pub async fn send(
        &self,
        installation: &Installation,
        outbound: Outbound,
    ) -> Result<Called<SendOutcome>, CallError> {
        let called = Named { installation, name: "send" };
        let indices = called.ability("channel", &installation.plugin().exports.channel)?;
        let (context, outbound) = (self.context(installation), convert::outbound(outbound));
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let channel = indices.load(&mut *store, &instance)?;
                channel.call_send(store, &context, &outbound).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| Ok(called.redact_outcome(convert::outcome(answer)?)))
    }

    /// Sends a payload in the vendor's own format, a JSON text that nobody has looked into.
    pub async fn send_native(
        &self,
        installation: &Installation,
        outbound: Outbound,
        payload: String,
    ) -> Result<Called<SendOutcome>, CallError> {
        let called = Named { installation, name: "send-native" };
        let indices = called.ability("native", &installation.plugin().exports.native)?;
        let (context, outbound) = (self.context(installation), convert::outbound(outbound));
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let native = indices.load(&mut *store, &instance)?;
                native.call_send_native(store, &context, &outbound, &payload).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| Ok(called.redact_outcome(convert::outcome(answer)?)))
    }

    /// Shows a passing sign.
    pub async fn send_activity(
        &self,
        installation: &Installation,
        target: Target,
        activity: Activity,
    ) -> Result<Called<SendOutcome>, CallError> {
        let called = Named { installation, name: "send-activity" };
        let indices = called.ability("activities", &installation.plugin().exports.activities)?;
        let (context, target) = (self.context(installation), convert::target(target));
        let activity = convert::wit_activity(activity);
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let activities = indices.load(&mut *store, &instance)?;
                activities.call_send_activity(store, &context, &target, activity).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| Ok(called.redact_outcome(convert::outcome(answer)?)))
    }

    /// Makes the vendor call this address.
    pub async fn register_webhook(&self, installation: &Installation, url: &str) -> Result<Called<()>, CallError> {
        let called = Named { installation, name: "register" };
        let indices = called.ability("webhook-setup", &installation.plugin().exports.webhook_setup)?;
        let (context, url) = (self.context(installation), url.to_owned());
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let setup = indices.load(&mut *store, &instance)?;
                setup.call_register(store, &context, &url).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| called.accept(answer))
    }

    /// Makes the vendor stop calling.
    pub async fn unregister_webhook(&self, installation: &Installation) -> Result<Called<()>, CallError> {
        let called = Named { installation, name: "unregister" };
        let indices = called.ability("webhook-setup", &installation.plugin().exports.webhook_setup)?;
        let context = self.context(installation);
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let setup = indices.load(&mut *store, &instance)?;
                setup.call_unregister(store, &context).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| called.accept(answer))
    }

    /// Learns how to fetch a file that the vendor has.
    pub async fn locate_media(
        &self,
        installation: &Installation,
        reference: &str,
    ) -> Result<Called<Download>, CallError> {
        let called = Named { installation, name: "locate" };
        let indices = called.ability("media-resolver", &installation.plugin().exports.media_resolver)?;
        let (context, reference) = (self.context(installation), reference.to_owned());
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let resolver = indices.load(&mut *store, &instance)?;
                resolver.call_locate(store, &context, &reference).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| Ok(convert::download(called.accept(answer)?)?))
    }

    /// Checks the installation with the vendor.
    pub async fn check_account(&self, installation: &Installation) -> Result<Called<Metadata>, CallError> {
        let called = Named { installation, name: "check" };
        let indices = called.ability("account", &installation.plugin().exports.account)?;
        let context = self.context(installation);
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let account = indices.load(&mut *store, &instance)?;
                account.call_check(store, &context).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| Ok(convert::metadata(called.accept(answer)?)?))
    }

    /// Lets a bot answer one event.
    pub async fn on_event(
        &self,
        installation: &Installation,
        conversation: BotConversation,
        state: Option<Vec<u8>>,
        event: BotEvent,
    ) -> Result<Called<BotTurn>, CallError> {
        let called = Named { installation, name: "on-event" };
        let indices = called.ability("bot", &installation.plugin().exports.bot)?;
        let context = self.context(installation);
        let (conversation, event) = (convert::bot_conversation(conversation), convert::bot_event(event));
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let bot = indices.load(&mut *store, &instance)?;
                bot.call_on_event(store, &context, &conversation, state.as_deref(), &event).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| Ok(convert::bot_turn(called.accept(answer)?)?))
    }

    /// Lets a router decide.
    pub async fn decide(&self, installation: &Installation, facts: Facts) -> Result<Called<Decision>, CallError> {
        let called = Named { installation, name: "decide" };
        let indices = called.ability("router", &installation.plugin().exports.router)?;
        let (context, facts) = (self.context(installation), convert::facts(facts));
        let finished = self.run(&called, |store, instance| {
            Box::pin(async move {
                let router = indices.load(&mut *store, &instance)?;
                router.call_decide(store, &context, &facts).await
            })
        });
        let finished = finished.await?;
        called.conclude(finished, |answer| Ok(convert::decision(called.accept(answer)?)?))
    }

    fn context(&self, installation: &Installation) -> types::Context {
        types::Context {
            app_id: installation.app().to_string(),
            integration_id: installation.integration().to_string(),
            settings: installation.settings().to_owned(),
            now_ms: self.0.services.clock.now().as_millis(),
        }
    }

    async fn run<T>(
        &self,
        called: &Named<'_>,
        body: impl for<'a> FnOnce(&'a mut Store<CallState>, Instance) -> BoxFuture<'a, wasmtime::Result<T>>,
    ) -> Result<Finished<T>, CallError> {
        let _permit = self.free_instance().await.map_err(|fault| called.error(fault))?;
        let _awake = self.0.ticker.awake();
        let call = Call {
            services: self.0.services.clone(),
            plugin: called.installation.plugin().clone(),
            installation: Some(called.installation.clone()),
            name: called.name,
            wall: called.wall(),
        };
        Ok(call.run(&self.0.engine, body).await)
    }

    async fn free_instance(&self) -> Result<SemaphorePermit<'_>, Fault> {
        if let Ok(permit) = self.0.instances.try_acquire() {
            return Ok(permit);
        }
        let started = Instant::now();
        let patience = Duration::from_millis(self.0.config.queue_ms);
        match tokio::time::timeout(patience, self.0.instances.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Fault::PoolExhausted { waited: started.elapsed() }),
        }
    }
}

/// A call with its name, for budgets, errors and counters.
struct Named<'a> {
    installation: &'a Installation,
    name: &'static str,
}

impl Named<'_> {
    fn ability<T: Clone>(&self, name: &'static str, indices: &Option<T>) -> Result<T, CallError> {
        indices.clone().ok_or_else(|| self.error(Fault::Unsupported(name)))
    }

    /// Calls that wait for a vendor get more time.
    fn wall(&self) -> Duration {
        let limits = self.installation.plugin().limits();
        match self.name {
            "send" | "send-native" | "poll" => Duration::from_millis(limits.wall_ms.max(limits.vendor_wall_ms)),
            _ => Duration::from_millis(limits.wall_ms),
        }
    }

    fn accept<T>(&self, answer: Result<T, types::Failure>) -> Result<T, Fault> {
        answer.map_err(|failure| {
            let mut failure = convert::failure(failure);
            failure.message = self.redact(failure.message);
            Fault::Failure(failure)
        })
    }

    fn redact(&self, text: String) -> String {
        self.installation.redactor().text(text)
    }

    fn redact_outcome(&self, outcome: SendOutcome) -> SendOutcome {
        match outcome {
            SendOutcome::Sent(ids) => SendOutcome::Sent(ids),
            SendOutcome::Retry { after, reason } => SendOutcome::Retry { after, reason: self.redact(reason) },
            SendOutcome::Uncertain(reason) => SendOutcome::Uncertain(self.redact(reason)),
            SendOutcome::Rejected { kind, reason } => SendOutcome::Rejected { kind, reason: self.redact(reason) },
            SendOutcome::Unauthorized(reason) => SendOutcome::Unauthorized(self.redact(reason)),
        }
    }

    /// Checks the answer, counts the call, and gives back what must be committed.
    fn conclude<T, U>(
        &self,
        finished: Finished<T>,
        check: impl FnOnce(T) -> Result<U, Fault>,
    ) -> Result<Called<U>, CallError> {
        let Finished { result, kv_writes, stats } = finished;
        let checked = result.and_then(check);
        let outcome = checked.as_ref().map_or_else(Fault::kind, |_| "ok");
        metrics::counter!("passerelle_plugin_calls_total", "call" => self.name, "outcome" => outcome).increment(1);
        metrics::histogram!("passerelle_plugin_compute_seconds", "call" => self.name)
            .record(stats.compute.as_secs_f64());
        match checked {
            Ok(value) => Ok(Called { value, kv_writes, stats }),
            Err(fault) => Err(self.error(fault)),
        }
    }

    fn error(&self, fault: Fault) -> CallError {
        CallError { plugin: self.installation.plugin().id().to_owned(), call: self.name, fault }
    }
}
