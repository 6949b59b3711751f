//! What one call carries: whose it is, what it has used up, and what it wants to write.

use std::collections::BTreeMap;
use std::sync::Arc;

use passerelle_model::time::{Clock, Timestamp};
use wasmtime::ResourceLimiter;

use crate::config::CallLimits;
use crate::egress::Egress;
use crate::installation::Installation;
use crate::meter::Meter;
use crate::plugin::Plugin;
use crate::source::{KvSource, KvWrite, MediaSource};
use crate::wasi::Wasi;

/// Table elements of one instance, over all its tables.
const MAX_TABLE_ELEMENTS: usize = 20_000;

/// What host functions need, the same for all calls.
pub(crate) struct Services {
    pub(crate) egress: Egress,
    pub(crate) kv: Arc<dyn KvSource>,
    pub(crate) media: Arc<dyn MediaSource>,
    pub(crate) clock: Clock,
}

/// Why the host stopped a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("out of computing time")]
    Compute,
    #[error("out of host calls")]
    HostCalls,
}

/// The data of one store.
pub(crate) struct CallState {
    pub(crate) services: Arc<Services>,
    pub(crate) plugin: Arc<Plugin>,
    /// None in the trial run of a plugin that is being loaded.
    pub(crate) installation: Option<Installation>,
    pub(crate) call: &'static str,
    pub(crate) meter: Meter,
    pub(crate) stop: Option<Stop>,
    pub(crate) host_calls: u32,
    pub(crate) http_requests: u32,
    pub(crate) log: LogCount,
    pub(crate) writes: BTreeMap<String, PendingWrite>,
    pub(crate) memory_refused: bool,
    pub(crate) wasi: Wasi,
    memory: usize,
    table_elements: usize,
}

/// Lines that were written and lines that were not.
#[derive(Default)]
pub(crate) struct LogCount {
    pub(crate) lines: u32,
    pub(crate) dropped: u32,
    /// The last error line: after a panic it holds the reason.
    pub(crate) last_error: Option<String>,
}

/// A write that waits for the end of its call.
pub(crate) struct PendingWrite {
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) expires_at: Option<Timestamp>,
}

impl CallState {
    pub(crate) fn new(
        services: Arc<Services>,
        plugin: Arc<Plugin>,
        installation: Option<Installation>,
        call: &'static str,
    ) -> Self {
        Self {
            services,
            plugin,
            installation,
            call,
            meter: Meter::default(),
            stop: None,
            host_calls: 0,
            http_requests: 0,
            log: LogCount::default(),
            writes: BTreeMap::new(),
            memory_refused: false,
            wasi: Wasi::default(),
            memory: 0,
            table_elements: 0,
        }
    }

    pub(crate) fn limits(&self) -> &CallLimits {
        self.plugin.limits()
    }

    /// Counts a call from the guest. Over the limit the guest ends.
    pub(crate) fn count_host_call(&mut self) -> wasmtime::Result<()> {
        self.host_calls += 1;
        if self.host_calls <= self.limits().host_calls {
            return Ok(());
        }
        self.stop = Some(Stop::HostCalls);
        Err(Stop::HostCalls.into())
    }

    /// Whether the guest has used up its computing time.
    pub(crate) fn is_out_of_time(&mut self) -> bool {
        let out = self.meter.so_far() > self.limits().compute();
        if out {
            self.stop = Some(Stop::Compute);
        }
        out
    }

    pub(crate) fn take_writes(&mut self) -> Vec<KvWrite> {
        let writes = std::mem::take(&mut self.writes);
        writes
            .into_iter()
            .map(|(key, write)| KvWrite { key, value: write.value, expires_at: write.expires_at })
            .collect()
    }

    /// The text without the installation's secrets.
    pub(crate) fn redact(&self, text: String) -> String {
        match &self.installation {
            Some(installation) => installation.redactor().text(text),
            None => text,
        }
    }
}

impl ResourceLimiter for CallState {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.memory + desired.saturating_sub(current);
        let fits = total <= self.limits().memory_bytes;
        if fits {
            self.memory = total;
        } else {
            self.memory_refused = true;
        }
        Ok(fits)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.table_elements += desired.saturating_sub(current);
        Ok(self.table_elements <= MAX_TABLE_ELEMENTS)
    }

    fn instances(&self) -> usize {
        80
    }

    fn tables(&self) -> usize {
        32
    }

    fn memories(&self) -> usize {
        8
    }
}
