//! Lines for the operator. The host adds plugin, version, call and app; never put secrets or message texts here.

pub use crate::bindings::passerelle::plugin::log::Level;

#[cfg(target_arch = "wasm32")]
use crate::bindings::passerelle::plugin::log as host;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::imports::log as host;

/// Writes a line of at most 4 KiB.
pub fn line(level: Level, message: impl AsRef<str>) {
    host::emit(level, message.as_ref());
}

/// A line for whoever looks closely.
pub fn debug(message: impl AsRef<str>) {
    line(Level::Debug, message);
}

/// A line worth knowing.
pub fn info(message: impl AsRef<str>) {
    line(Level::Info, message);
}

/// A line that somebody should look at some day.
pub fn warn(message: impl AsRef<str>) {
    line(Level::Warn, message);
}

/// A line that somebody should look at now.
pub fn error(message: impl AsRef<str>) {
    line(Level::Error, message);
}
