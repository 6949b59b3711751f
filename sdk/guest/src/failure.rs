//! Why a call could not do what it was asked. The host decides by category and `retry_after_ms` alone.

pub use crate::bindings::passerelle::plugin::types::{Failure, FailureCategory};

use crate::{crypto, http, kv, media};

impl Failure {
    /// A failure of this category. `code` is a short word of the plugin's own, `message` a sentence for the operator.
    pub fn new(category: FailureCategory, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { category, code: code.into(), message: message.into(), retry_after_ms: None }
    }

    /// The input cannot be understood; trying again does not help.
    pub fn bad_input(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FailureCategory::BadInput, code, message)
    }

    /// The vendor refused our credentials: the operator must act.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(FailureCategory::Unauthorized, "unauthorized", message)
    }

    /// The vendor asked us to slow down, perhaps saying for how long.
    pub fn rate_limited(after_ms: Option<u64>, message: impl Into<String>) -> Self {
        Self { retry_after_ms: after_ms, ..Self::new(FailureCategory::RateLimited, "rate-limited", message) }
    }

    /// The thing asked for does not exist.
    pub fn not_found(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FailureCategory::NotFound, code, message)
    }

    /// The plugin does not offer this.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(FailureCategory::Unsupported, "unsupported", message)
    }

    /// It may work later.
    pub fn temporary(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FailureCategory::Temporary, code, message)
    }

    /// It will never work.
    pub fn permanent(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FailureCategory::Permanent, code, message)
    }

    /// Says when to try again, counted from now. Only for `rate-limited` and `temporary`.
    #[must_use]
    pub fn after_ms(mut self, after_ms: u64) -> Self {
        self.retry_after_ms = Some(after_ms);
        self
    }
}

impl From<http::Error> for Failure {
    fn from(error: http::Error) -> Self {
        match error {
            http::Error::Denied(why) => Self::permanent("request-denied", why),
            http::Error::Unreachable(why) => Self::temporary("unreachable", why),
            http::Error::Uncertain(why) => Self::temporary("no-answer", why),
            http::Error::TooLarge => Self::permanent("answer-too-large", "the answer is larger than the host allows"),
            http::Error::Budget => Self::temporary("request-budget", "this call has used up its requests"),
        }
    }
}

impl From<kv::Error> for Failure {
    fn from(error: kv::Error) -> Self {
        match error {
            kv::Error::TooLarge => Self::permanent("kv-too-large", "a key or value is larger than the store takes"),
            kv::Error::Quota => Self::permanent("kv-quota", "the store of this integration is full"),
            kv::Error::Unavailable => Self::temporary("kv-unavailable", "the store cannot be reached now"),
        }
    }
}

impl From<media::Error> for Failure {
    fn from(error: media::Error) -> Self {
        match error {
            media::Error::NotFound => Self::not_found("media", "there is no file of that handle"),
            media::Error::BadRange => Self::bad_input("media-range", "the range of the file is empty or too large"),
        }
    }
}

impl From<crypto::Error> for Failure {
    fn from(error: crypto::Error) -> Self {
        match error {
            crypto::Error::UnknownSecret => Self::permanent("unknown-secret", "the installation lacks the secret"),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::bad_input("json", format!("the JSON does not fit: {error}"))
    }
}
