//! channel-telegram.
