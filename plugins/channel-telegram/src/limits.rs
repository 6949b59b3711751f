//! The numbers of the Bot API, in one place. Source: <https://core.telegram.org/bots/api>, read in August 2026.
//!
//! The unit of "characters" is not stated there. UTF-16 units are never fewer than code points, so they are safe.

/// UTF-16 units in a text message.
pub const TEXT_UNITS: usize = 4096;
/// UTF-16 units in the caption of a file.
pub const CAPTION_UNITS: usize = 1024;
/// Bytes in the data of an inline button.
pub const CALLBACK_DATA_BYTES: usize = 64;
/// UTF-16 units in the notice that answers a pressed button.
pub const NOTICE_UNITS: usize = 200;
/// Bytes of a picture that is shown as a picture; larger ones go as files.
pub const PHOTO_BYTES: u64 = 10 * 1024 * 1024;
/// Bytes of an uploaded file.
pub const UPLOAD_BYTES: u64 = 50 * 1024 * 1024;
/// Bytes of a file that a bot may download.
pub const DOWNLOAD_BYTES: u64 = 20 * 1024 * 1024;
/// Updates in one answer to `getUpdates`.
pub const UPDATES_PER_POLL: u32 = 100;
/// Seconds that `getUpdates` may wait, as far as the plugin contract lets a poll wait.
pub const POLL_SECONDS: u32 = 25;

/// How long a payload behind a button is kept. Older buttons answer that they have expired.
pub const BUTTON_TTL_MS: u64 = 30 * DAY_MS;
/// How long the labels of a reply keyboard are kept.
pub const KEYBOARD_TTL_MS: u64 = 7 * DAY_MS;
/// How long the sent parts of an unfinished message are kept: longer than the host goes on trying.
pub const PROGRESS_TTL_MS: u64 = 2 * DAY_MS;
/// Time for the answer to a pressed button, which is a courtesy and must not hold up the message.
pub const COURTESY_TIMEOUT_MS: u32 = 2_000;
/// Characters in a profile's names, as the contract bounds them.
pub const NAME_CHARS: usize = 128;

const DAY_MS: u64 = 24 * 3600 * 1000;
