//! Bytes nobody can guess.

#[cfg(target_arch = "wasm32")]
use crate::bindings::passerelle::plugin::random as host;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::imports::random as host;

/// So many random bytes, at most 4096 (more are cut).
pub fn bytes(length: u32) -> Vec<u8> {
    host::bytes(length)
}

/// A random word of lower-case hex, two characters for each byte.
pub fn hex(length: u32) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let nibbles = bytes(length).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.map(|nibble| char::from(DIGITS[usize::from(nibble)])).collect()
}
