//! A small store of the installation's own: keys up to 512 bytes, values up to 64 KiB, 16 MiB in all.
//!
//! Writes become visible to later calls only when the present call succeeds, together with its effects.

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::bindings::passerelle::plugin::kv::Error;

#[cfg(target_arch = "wasm32")]
use crate::bindings::passerelle::plugin::kv as host;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::imports::kv as host;

use crate::log;

/// The value, or none. Sees the present call's own writes.
pub fn get(key: &str) -> Result<Option<Vec<u8>>, Error> {
    host::get(key)
}

/// The value as JSON. A value that does not parse counts as none, with a warning in the log.
pub fn get_json<T: DeserializeOwned>(key: &str) -> Result<Option<T>, Error> {
    let Some(bytes) = get(key)? else { return Ok(None) };
    Ok(serde_json::from_slice(&bytes)
        .inspect_err(|error| log::warn(format!("the stored value of `{key}` does not parse: {error}")))
        .ok())
}

/// Stores a value until it is deleted.
pub fn set(key: &str, value: &[u8]) -> Result<(), Error> {
    host::set(key, value, None)
}

/// Stores a value for so long.
pub fn set_for(key: &str, value: &[u8], ttl_ms: u64) -> Result<(), Error> {
    host::set(key, value, Some(ttl_ms))
}

/// Stores a value as JSON, for `ttl_ms` or until it is deleted.
///
/// # Panics
/// If the value is not expressible in JSON, such as a map whose keys are not texts.
pub fn set_json<T: Serialize + ?Sized>(key: &str, value: &T, ttl_ms: Option<u64>) -> Result<(), Error> {
    let bytes = serde_json::to_vec(value).expect("the value is expressible in JSON");
    host::set(key, &bytes, ttl_ms)
}

/// Forgets a key; no error when there is none.
pub fn delete(key: &str) -> Result<(), Error> {
    host::delete(key)
}
