//! Bytes of files that the host keeps, for the rare plugin that must look inside.

pub use crate::bindings::passerelle::plugin::media::Error;

#[cfg(target_arch = "wasm32")]
use crate::bindings::passerelle::plugin::media as host;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::imports::media as host;

/// Most bytes of one read.
pub const MAX_READ_BYTES: u32 = 256 * 1024;

/// A part of the file, at most [`MAX_READ_BYTES`]; shorter at its end.
pub fn read(handle: &str, offset: u64, length: u32) -> Result<Vec<u8>, Error> {
    host::read(handle, offset, length)
}

/// The file's first bytes, up to `limit`.
pub fn read_up_to(handle: &str, limit: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while bytes.len() < limit {
        let wanted = u32::try_from(limit - bytes.len()).unwrap_or(MAX_READ_BYTES).min(MAX_READ_BYTES);
        let part = read(handle, bytes.len() as u64, wanted)?;
        let is_end = part.len() < wanted as usize;
        bytes.extend(part);
        if is_end {
            break;
        }
    }
    Ok(bytes)
}
