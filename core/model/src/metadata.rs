//! Flat facts beside a message, a conversation or a user.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Bytes of JSON that one metadata object may take.
pub const MAX_METADATA_BYTES: usize = 4096;
/// Entries that one metadata object may hold.
pub const MAX_METADATA_ENTRIES: usize = 64;

/// A value: text, number or flag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// True or false.
    Flag(bool),
    /// A finite number.
    Number(f64),
    /// A text.
    Text(String),
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Flat facts, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(pub BTreeMap<String, Scalar>);

/// Metadata over its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("metadata is limited to {MAX_METADATA_ENTRIES} entries and {MAX_METADATA_BYTES} bytes of JSON")]
pub struct MetadataTooLarge;

impl Metadata {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Refuses what is over the bounds. The size is an upper estimate of the JSON text, quotes and separators included.
    pub fn check(&self) -> Result<(), MetadataTooLarge> {
        let size: usize = self.0.iter().map(|(key, value)| key.len() + 4 + value.size()).sum::<usize>() + 1;
        (self.0.len() <= MAX_METADATA_ENTRIES && size <= MAX_METADATA_BYTES).then_some(()).ok_or(MetadataTooLarge)
    }
}

impl Scalar {
    fn size(&self) -> usize {
        match self {
            Self::Flag(_) => 5,
            Self::Number(number) => number.to_string().len(),
            Self::Text(text) => text.len() + 2,
        }
    }
}

impl<K: Into<String>> FromIterator<(K, Scalar)> for Metadata {
    fn from_iter<T: IntoIterator<Item = (K, Scalar)>>(entries: T) -> Self {
        Self(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}
