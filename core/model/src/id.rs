//! Identifiers: one type each, so that they cannot be confused.
//!
//! Public ids are 24 lower-case hex characters that sort by creation time: 4 bytes of seconds, 5 random bytes of the
//! process, 3 bytes of a counter (the layout of a BSON ObjectId). They are names, not secrets.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// 12 bytes behind every public id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RawId([u8; 12]);

/// A text that is not 24 lower-case hex characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id: 24 hex characters are needed")]
pub struct InvalidId(pub String);

impl RawId {
    /// The id with exactly these bytes.
    pub const fn from_bytes(bytes: [u8; 12]) -> Self {
        Self(bytes)
    }

    /// The bytes, as they are stored.
    pub const fn as_bytes(&self) -> &[u8; 12] {
        &self.0
    }
}

impl fmt::Debug for RawId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawId({self})")
    }
}

impl fmt::Display for RawId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0u8; 24];
        for (index, byte) in self.0.iter().enumerate() {
            text[index * 2] = DIGITS[usize::from(byte >> 4)];
            text[index * 2 + 1] = DIGITS[usize::from(byte & 15)];
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for RawId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let invalid = || InvalidId(text.chars().take(64).collect());
        let source: &[u8; 24] = text.as_bytes().try_into().map_err(|_| invalid())?;
        let mut bytes = [0u8; 12];
        for (byte, pair) in bytes.iter_mut().zip(source.chunks_exact(2)) {
            *byte = digit(pair[0]).zip(digit(pair[1])).map(|(high, low)| high << 4 | low).ok_or_else(invalid)?;
        }
        Ok(Self(bytes))
    }
}

/// Makes ids. One per process, made with random bytes by whoever starts the process; cheap to share by reference.
#[derive(Debug)]
pub struct IdSource {
    process: [u8; 5],
    counter: AtomicU32,
    /// The latest second that an id was made of.
    latest: AtomicU32,
}

impl IdSource {
    /// `seed`: random bytes, the first five name the process and the rest start the counter.
    pub fn new(seed: [u8; 8]) -> Self {
        let process = [seed[0], seed[1], seed[2], seed[3], seed[4]];
        // Starts low, so that the counter does not wrap within a second and the order of creation holds.
        Self { process, counter: AtomicU32::new(u32::from(seed[5])), latest: AtomicU32::new(0) }
    }

    /// From now on every id sorts behind this one, which an earlier process made: a restart takes less than a second,
    /// and what waits is worked off in the order of ids.
    pub fn continue_after(&self, last: RawId) {
        let [first, second, third, fourth, ..] = last.0;
        let seconds = u32::from_be_bytes([first, second, third, fourth]);
        self.latest.fetch_max(seconds.saturating_add(1), Ordering::Relaxed);
    }

    /// The next id. Ids of one source sort in the order of the calls, even when the clock is set back.
    pub fn next<T: From<RawId>>(&self, now: Timestamp) -> T {
        let seconds = u32::try_from(now.as_micros() / 1_000_000).unwrap_or(u32::MAX);
        let seconds = seconds.max(self.latest.fetch_max(seconds, Ordering::Relaxed)).to_be_bytes();
        let count = self.counter.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut bytes = [0u8; 12];
        bytes[..4].copy_from_slice(&seconds);
        bytes[4..9].copy_from_slice(&self.process);
        bytes[9..].copy_from_slice(&count[1..]);
        RawId(bytes).into()
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(RawId);

        impl $name {
            /// The bytes, as they are stored.
            pub const fn as_bytes(&self) -> &[u8; 12] {
                self.0.as_bytes()
            }

            /// The id with exactly these bytes.
            pub const fn from_bytes(bytes: [u8; 12]) -> Self {
                Self(RawId::from_bytes(bytes))
            }
        }

        impl From<RawId> for $name {
            fn from(raw: RawId) -> Self {
                Self(raw)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.parse().map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    )+};
}

ids! {
    /// A tenant.
    AppId,
    /// An installation of a channel, or an API client that takes part in the switchboard.
    IntegrationId,
    /// An end user.
    UserId,
    /// A user's identity on one channel.
    ClientId,
    /// A conversation.
    ConversationId,
    /// A user's membership in a conversation.
    ParticipantId,
    /// A message.
    MessageId,
    /// An entry of a conversation's log.
    EventId,
    /// A switchboard.
    SwitchboardId,
    /// A named seat in a switchboard: a bot, the desk, an API client.
    SwitchboardIntegrationId,
    /// A request of a vendor, as it came in.
    RawInboundId,
    /// A message's way out to one client.
    DeliveryId,
    /// A webhook of an integration.
    WebhookId,
    /// A browser or a phone on which a user has the widget.
    DeviceId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_creation_and_survive_their_text() {
        let source = IdSource::new([9, 8, 7, 6, 5, 4, 3, 2]);
        let now = Timestamp::from_micros(1_700_000_000_000_000);
        let made: Vec<MessageId> = (0..1000).map(|_| source.next(now)).collect();
        assert!(made.is_sorted());
        assert_eq!(made[7].to_string().parse(), Ok(made[7]));
        assert_eq!(made[7].to_string().len(), 24);
    }

    #[test]
    fn ids_of_a_new_process_sort_behind_those_of_the_old_one() {
        let now = Timestamp::from_micros(1_700_000_000_000_000);
        let old: RawId = IdSource::new([0xff; 8]).next(now);
        let source = IdSource::new([0; 8]);
        source.continue_after(old);
        let made: Vec<RawId> = [now, Timestamp::from_micros(0), now.plus(std::time::Duration::from_secs(5)), now]
            .map(|now| source.next(now))
            .into();
        assert!(old < made[0] && made.is_sorted(), "{old} {made:?}");
    }

    #[test]
    fn a_text_that_is_no_id_is_named() {
        for text in ["", "xyz", "0123456789ABCDEF01234567", "0123456789abcdef0123456", "0123456789abcdef012345678"] {
            assert_eq!(text.parse::<UserId>(), Err(InvalidId(text.into())), "{text}");
        }
    }
}
