//! The time. Prefer [`Context::now_ms`](crate::Context), which is the same for the whole call.

#[cfg(target_arch = "wasm32")]
use crate::bindings::passerelle::plugin::clock as host;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::imports::clock as host;

/// Milliseconds since 1970.
pub fn now_ms() -> u64 {
    host::now_ms()
}
