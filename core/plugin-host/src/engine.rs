//! The engine: its settings, its pool of instances, and the ticker that lets it interrupt guests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, WasmBacktraceDetails,
};

use crate::error::HostError;

/// How often guests can be interrupted.
const TICK: Duration = Duration::from_millis(5);
const MAX_WASM_STACK: usize = 512 << 10;
const ASYNC_STACK: usize = 1 << 20;
const MAX_MEMORY: usize = 256 << 20;

/// Makes the engine, with pooled instances where the machine has the address space for them.
pub(crate) fn make(max_instances: u32) -> Result<Engine, HostError> {
    let mut config = base_config();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pooling(max_instances)));
    match Engine::new(&config) {
        Ok(engine) => Ok(engine),
        Err(error) => {
            tracing::warn!(%error, "no pooled instances on this machine, plugin calls will be several times slower");
            Engine::new(&base_config()).map_err(|error| HostError::Engine(format!("{error:#}")))
        }
    }
}

fn base_config() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        // Saves 10 µs per fresh instance; components with async lifts are refused with a clear message.
        .concurrency_support(false)
        .memory_init_cow(true)
        .epoch_interruption(true)
        .consume_fuel(false)
        .max_wasm_stack(MAX_WASM_STACK)
        .async_stack_size(ASYNC_STACK)
        .wasm_backtrace_details(WasmBacktraceDetails::Disable)
        .wasm_memory64(false)
        .cranelift_opt_level(OptLevel::Speed);
    config
}

fn pooling(max_instances: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(max_instances)
        .total_memories(max_instances)
        .total_tables(max_instances.saturating_mul(2))
        .total_stacks(max_instances)
        .total_core_instances(max_instances.saturating_mul(8))
        .max_core_instances_per_component(80)
        .max_memories_per_component(8)
        .max_tables_per_component(32)
        .table_elements(30_000)
        .max_core_instance_size(4 << 20)
        .max_component_instance_size(4 << 20)
        .max_memory_size(MAX_MEMORY)
        // Slots are cleaned page by page instead of being unmapped: this decides throughput on few cores.
        .linear_memory_keep_resident(1 << 20)
        .table_keep_resident(64 << 10)
        .async_stack_keep_resident(16 << 10)
        .pagemap_scan(Enabled::Auto);
    pool
}

/// Advances the engine's epoch while calls run, and sleeps otherwise. Its thread ends when it is dropped.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    running: AtomicUsize,
    stopped: AtomicBool,
}

/// Keeps the ticker awake while a call runs.
pub(crate) struct Awake(Arc<Shared>);

impl Ticker {
    pub(crate) fn start(engine: &Engine) -> Result<Self, HostError> {
        let shared = Arc::new(Shared::default());
        let (engine, state) = (engine.clone(), shared.clone());
        let thread = std::thread::Builder::new()
            .name("plugin-ticker".into())
            .spawn(move || tick(&engine, &state))
            .map_err(|error| HostError::Engine(error.to_string()))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Lets the epoch advance until the answer is dropped.
    pub(crate) fn awake(&self) -> Awake {
        let first = self.shared.running.fetch_add(1, Ordering::SeqCst) == 0;
        if let (true, Some(thread)) = (first, &self.thread) {
            thread.thread().unpark();
        }
        Awake(self.shared.clone())
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // The thread ends within one tick. It cannot panic, so there is nothing to learn from the result.
            let _ = thread.join();
        }
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

fn tick(engine: &Engine, shared: &Shared) {
    while !shared.stopped.load(Ordering::SeqCst) {
        if shared.running.load(Ordering::SeqCst) == 0 {
            // A call that begins here leaves its wake-up behind, and the next `park` returns at once.
            std::thread::park();
        } else {
            std::thread::sleep(TICK);
            engine.increment_epoch();
        }
    }
}
