//! Settings of files.

use serde::{Deserialize, Serialize};

/// Settings of files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttachmentConfig {
    /// Uploads that may run at once in the whole house; more are answered with 503.
    pub uploads_at_once: usize,
    /// Uploads that may run at once for one app; more are answered with 503.
    pub uploads_at_once_per_app: usize,
    /// Milliseconds for which an upload may bring nothing.
    pub upload_idle_ms: u64,
    /// Bytes of all files of one app.
    pub max_app_bytes: u64,
    /// Seconds for which a link to a private file works at least.
    pub link_life_s: u64,
    /// Seconds for which a file that was meant for a message and is in none is kept.
    pub unused_life_s: u64,
    /// Whether files at foreign addresses in messages are copied.
    pub copy_foreign: bool,
    /// Milliseconds for fetching a foreign file.
    pub foreign_timeout_ms: u64,
}

impl Default for AttachmentConfig {
    fn default() -> Self {
        Self {
            uploads_at_once: 256,
            uploads_at_once_per_app: 128,
            upload_idle_ms: 15_000,
            max_app_bytes: 20 << 30,
            link_life_s: 24 * 3600,
            unused_life_s: 24 * 3600,
            copy_foreign: true,
            foreign_timeout_ms: 15_000,
        }
    }
}
