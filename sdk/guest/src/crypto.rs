//! Signatures with keys that stay in the host.

pub use crate::bindings::passerelle::plugin::crypto::{Algorithm, Error};

#[cfg(target_arch = "wasm32")]
use crate::bindings::passerelle::plugin::crypto as host;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::imports::crypto as host;

/// The MAC of the data under the named secret.
pub fn sign(algorithm: Algorithm, secret: &str, data: &[u8]) -> Result<Vec<u8>, Error> {
    host::sign(algorithm, secret, data)
}

/// Whether the MAC is right; compared in constant time.
pub fn verify(algorithm: Algorithm, secret: &str, data: &[u8], mac: &[u8]) -> Result<bool, Error> {
    host::verify(algorithm, secret, data, mac)
}

/// Whether the installation has a secret of that name.
pub fn has_secret(name: &str) -> bool {
    host::has_secret(name)
}
