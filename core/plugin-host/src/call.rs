//! One call: a fresh instance, its budgets, and what to make of its end.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use passerelle_model::content::Content;
use passerelle_model::inbound::InboundEvent;
use wasmtime::component::Instance;
use wasmtime::{Engine, Store, StoreContextMut, Trap, UpdateDeadline};

use crate::error::Fault;
use crate::installation::Installation;
use crate::log::report_dropped;
use crate::plugin::Plugin;
use crate::source::KvWrite;
use crate::state::{CallState, Services, Stop};

const MAX_HANDLES: usize = 256;

/// A message on its way out. For `send` its content is made to fit the channel's capabilities.
#[derive(Clone, Debug, PartialEq)]
pub struct Outbound {
    /// The same for every try.
    pub key: String,
    /// Where to.
    pub target: Target,
    /// What to say.
    pub content: Content,
    /// The message that it answers, by the vendor's id.
    pub in_reply_to: Option<String>,
    /// Which try this is, from 1.
    pub attempt: u32,
}

/// Where a message goes, in the channel's own ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The conversation of the channel.
    pub conversation: String,
    /// The person.
    pub user: String,
}

/// What a poll brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Polled {
    /// In order, at most 100.
    pub events: Vec<InboundEvent>,
    /// To be stored with the events and given to the next poll.
    pub cursor: String,
    /// How long to wait before the next poll.
    pub delay: Duration,
}

/// How to fetch a file of the vendor; may hold placeholders for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Absolute URL.
    pub url: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// What the vendor says of the type.
    pub media_type: Option<String>,
    /// What the vendor says of the name.
    pub file_name: Option<String>,
}

/// An answer, with what must be committed beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Called<T> {
    /// The answer, checked.
    pub value: T,
    /// Writes to the plugin's store, to be committed together with the answer's effects.
    pub kv_writes: Vec<KvWrite>,
    /// What the call cost.
    pub stats: CallStats,
}

/// What a call cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallStats {
    /// Processor time, that of making the instance included.
    pub compute: Duration,
    /// Time of the whole call.
    pub wall: Duration,
    /// Calls to the host.
    pub host_calls: u32,
    /// Log lines that were written.
    pub log_lines: u32,
}

/// The end of a call before its answer is checked.
pub(crate) struct Finished<T> {
    pub(crate) result: Result<T, Fault>,
    pub(crate) kv_writes: Vec<KvWrite>,
    pub(crate) stats: CallStats,
}

/// A call that is about to run.
pub(crate) struct Call {
    pub(crate) services: Arc<Services>,
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) installation: Option<Installation>,
    pub(crate) name: &'static str,
    pub(crate) wall: Duration,
}

impl Call {
    /// Makes an instance, lets `body` call it, and drops it. Whatever the guest does, this returns in time.
    pub(crate) async fn run<T>(
        self,
        engine: &Engine,
        body: impl for<'a> FnOnce(&'a mut Store<CallState>, Instance) -> BoxFuture<'a, wasmtime::Result<T>>,
    ) -> Finished<T> {
        let started = Instant::now();
        let (plugin, wall) = (self.plugin.clone(), self.wall);
        let mut store = self.store(engine);
        let meter = store.data().meter.clone();
        let guest = async {
            let instance = plugin.pre.instantiate_async(&mut store).await?;
            body(&mut store, instance).await
        };
        let result = match tokio::time::timeout(wall, meter.measure(guest)).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(fault_of(&error, store.data_mut())),
            Err(_) => Err(Fault::WallTimeout { limit: wall }),
        };
        finish(result, store, started)
    }

    fn store(self, engine: &Engine) -> Store<CallState> {
        let transfer = self.plugin.limits().transfer_bytes;
        let state = CallState::new(self.services, self.plugin, self.installation, self.name);
        let mut store = Store::new(engine, state);
        store.limiter(|state| state);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(at_tick);
        store.set_hostcall_fuel(transfer);
        store.set_max_component_handles(MAX_HANDLES);
        store
    }
}

/// Stops a guest that is out of time, and lets others run in between otherwise.
fn at_tick(mut context: StoreContextMut<'_, CallState>) -> wasmtime::Result<UpdateDeadline> {
    match context.data_mut().is_out_of_time() {
        true => Err(Stop::Compute.into()),
        false => Ok(UpdateDeadline::Yield(1)),
    }
}

fn finish<T>(result: Result<T, Fault>, mut store: Store<CallState>, started: Instant) -> Finished<T> {
    let state = store.data_mut();
    state.flush_output();
    report_dropped(state);
    let stats = CallStats {
        compute: state.meter.total(),
        wall: started.elapsed(),
        host_calls: state.host_calls,
        log_lines: state.log.lines,
    };
    Finished { result, kv_writes: state.take_writes(), stats }
}

/// Why a guest ended without an answer. What the host itself did comes first, because the trap is only its echo.
fn fault_of(error: &wasmtime::Error, state: &mut CallState) -> Fault {
    state.flush_output();
    let limits = state.limits();
    match state.stop {
        Some(Stop::Compute) => return Fault::ComputeExceeded { limit: limits.compute() },
        Some(Stop::HostCalls) => return Fault::HostCallBudget { limit: limits.host_calls },
        None if state.memory_refused => return Fault::MemoryLimit { limit: limits.memory_bytes },
        None => {}
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::UnreachableCodeReached) => match state.log.last_error.clone() {
            Some(reason) => Fault::Panic(reason),
            None => Fault::Trap("the plugin gave up without saying why".into()),
        },
        Some(trap) => Fault::Trap(trap.to_string()),
        None => fault_of_text(&RootCause(error).to_string(), limits.transfer_bytes),
    }
}

/// The engine has no public types for broken answers, so its words decide.
fn fault_of_text(reason: &str, limit: usize) -> Fault {
    const BROKEN: [&str; 7] = ["utf-8", "discriminant", "out of bounds", "unexpected", "alignment", "aligned", "char"];
    if reason.contains("hostcall") {
        return Fault::OutputTooLarge { what: "the data of one call", limit };
    }
    let lower = reason.to_ascii_lowercase();
    if BROKEN.iter().any(|word| lower.contains(word)) {
        return Fault::InvalidOutput { field: "the encoded answer".into(), reason: reason.to_owned() };
    }
    Fault::Trap(reason.to_owned())
}

/// The innermost reason of an error: the outer ones hold a backtrace of the guest.
struct RootCause<'a>(&'a wasmtime::Error);

impl fmt::Display for RootCause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.chain().last() {
            Some(cause) => fmt::Display::fmt(cause, f),
            None => fmt::Display::fmt(self.0, f),
        }
    }
}
