//! What goes to the vendor, and what became of it.

pub use crate::bindings::exports::passerelle::plugin::channel::{
    Outbound, Outcome, Rejection, RejectionKind, Retry, Target,
};

use crate::{Failure, FailureCategory, http, kv};

impl Outcome {
    /// The vendor took it as one message of this id.
    pub fn sent(id: impl Into<String>) -> Self {
        Self::Sent(vec![id.into()])
    }

    /// Not taken; the host tries again after its own back-off.
    pub fn retry(reason: impl Into<String>) -> Self {
        Self::Retry(Retry { after_ms: None, reason: reason.into() })
    }

    /// Not taken; the vendor says when to try again, counted from now.
    pub fn retry_after(after_ms: u64, reason: impl Into<String>) -> Self {
        Self::Retry(Retry { after_ms: Some(after_ms), reason: reason.into() })
    }

    /// It may or may not have been taken.
    pub fn uncertain(reason: impl Into<String>) -> Self {
        Self::Uncertain(reason.into())
    }

    /// The vendor will never take it.
    pub fn rejected(kind: RejectionKind, reason: impl Into<String>) -> Self {
        Self::Rejected(Rejection { kind, reason: reason.into() })
    }

    /// The vendor refused our credentials.
    pub fn unauthorized(reason: impl Into<String>) -> Self {
        Self::Unauthorized(reason.into())
    }
}

/// What a request that got no answer means for a send: lets `?` do the right thing in a helper that returns
/// `Result<_, Outcome>`.
impl From<http::Error> for Outcome {
    fn from(error: http::Error) -> Self {
        match error {
            http::Error::Denied(why) => Self::rejected(RejectionKind::Other, why),
            http::Error::Unreachable(why) => Self::retry(why),
            http::Error::Uncertain(why) => Self::uncertain(why),
            http::Error::TooLarge => Self::uncertain("the vendor's answer is larger than the host allows"),
            http::Error::Budget => Self::retry("this call has used up its requests"),
        }
    }
}

impl From<kv::Error> for Outcome {
    fn from(error: kv::Error) -> Self {
        Failure::from(error).into()
    }
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        let reason = failure.message;
        match failure.category {
            FailureCategory::Unauthorized => Self::Unauthorized(reason),
            FailureCategory::RateLimited | FailureCategory::Temporary => {
                Self::Retry(Retry { after_ms: failure.retry_after_ms, reason })
            }
            FailureCategory::BadInput => Self::rejected(RejectionKind::Content, reason),
            FailureCategory::NotFound | FailureCategory::Unsupported | FailureCategory::Permanent => {
                Self::rejected(RejectionKind::Other, reason)
            }
        }
    }
}
