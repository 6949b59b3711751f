//! Settings of the database.

use serde::{Deserialize, Serialize};

/// Settings of the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// When a commit counts as kept.
    pub synchronous: Synchronous,
    /// Connections that only read, 1 to 64.
    pub readers: u32,
    /// Jobs that may share one commit, 1 to 1024.
    pub group_limit: usize,
    /// Jobs that may wait for the writer, 1 to 65536; more push back.
    pub queue_limit: usize,
    /// Milliseconds between two background checkpoints.
    pub checkpoint_ms: u64,
    /// Milliseconds to wait for another process that holds the database.
    pub busy_timeout_ms: u64,
}

/// When a commit counts as kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Synchronous {
    /// Survives a power cut: the disk is flushed at every commit.
    #[default]
    Full,
    /// Survives a killed process; a power cut may take the last commits.
    Normal,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            synchronous: Synchronous::Full,
            readers: 4,
            group_limit: 256,
            queue_limit: 4096,
            checkpoint_ms: 250,
            busy_timeout_ms: 10_000,
        }
    }
}
