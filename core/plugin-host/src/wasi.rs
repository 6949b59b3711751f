//! WASI preview 2 for components that cannot do without: clocks, random bytes, and output into our log.
//!
//! No files, no sockets, no environment, no arguments. Nothing of it exists until a guest first asks.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::log::{Level, write_line};
use crate::state::CallState;

/// Output that is kept until the end of the call.
const MAX_OUTPUT_BYTES: usize = 64 << 10;

/// WASI's part of a call; made when it is first used.
#[derive(Default)]
pub(crate) struct Wasi(Option<Box<Parts>>);

struct Parts {
    context: WasiCtx,
    table: ResourceTable,
    output: Output,
}

impl WasiView for CallState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let parts = self.wasi.0.get_or_insert_with(|| Box::new(Parts::new()));
        WasiCtxView { ctx: &mut parts.context, table: &mut parts.table }
    }
}

impl CallState {
    /// Writes what the guest printed into the log, line by line.
    pub(crate) fn flush_output(&mut self) {
        let Some(parts) = &self.wasi.0 else { return };
        let bytes = std::mem::take(&mut *parts.output.0.lock().unwrap_or_else(PoisonError::into_inner));
        for line in String::from_utf8_lossy(&bytes).lines() {
            write_line(self, Level::Info, line.to_owned());
        }
    }
}

impl Parts {
    fn new() -> Self {
        let output = Output::default();
        let context = WasiCtx::builder()
            .stdout(output.clone())
            .stderr(output.clone())
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false)
            .build();
        Self { context, table: ResourceTable::new(), output }
    }
}

/// Standard output and error of a guest, together.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Output {
    /// Takes everything and keeps what fits: a full log must not stop a guest.
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MAX_OUTPUT_BYTES.saturating_sub(kept.len()).min(bytes.len());
        kept.extend_from_slice(&bytes[..room]);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
