//! What Telegram's refusals mean, and what is to be done about each.
//!
//! Descriptions are no stable contract, so the error code decides where it can, and words are matched in lower case.

use passerelle_sdk::prelude::*;
use serde::Deserialize;

/// Why a call to the Bot API did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The token is wrong or revoked.
    Unauthorized(String),
    /// Too many calls; wait so many milliseconds where Telegram says.
    RateLimited(Option<u64>, String),
    /// Nobody reads this chat any more, or the bot may not write to it.
    Gone(String),
    /// The group has become a supergroup with this id.
    Migrated(i64),
    /// The message that this one answers is not there.
    ReplyMissing(String),
    /// Telegram could not fetch or use the file at the address we named.
    FileRefused(String),
    /// A webhook and a poller, or two pollers, are in each other's way.
    Conflict(String),
    /// This content is never taken.
    Content(String),
    /// Refused for another reason that will not go away.
    Refused(String),
    /// Telegram is in trouble, or was not reached; nothing was done.
    Unavailable(String),
    /// No answer came; it may have been done.
    NoAnswer(String),
    /// An answer came that says nothing; it may have been done.
    Unclear(String),
}

/// A refusal as Telegram writes it.
#[derive(Debug, Default, Deserialize)]
pub struct Refusal {
    /// Mostly the status code.
    pub error_code: Option<u16>,
    /// English words.
    #[serde(default)]
    pub description: String,
    /// What would help.
    pub parameters: Option<Hints>,
}

/// What would help.
#[derive(Debug, Default, Deserialize)]
pub struct Hints {
    /// Seconds.
    pub retry_after: Option<u64>,
    /// The new id of the chat.
    pub migrate_to_chat_id: Option<i64>,
}

/// Turns the line for the operator into the fault.
type Meaning = fn(String) -> Fault;

/// Words in a description of error 400, and what they mean. The first match counts.
const BAD_REQUESTS: [(&str, Meaning); 14] = [
    ("chat not found", Fault::Gone),
    ("peer_id_invalid", Fault::Gone),
    ("user is deactivated", Fault::Gone),
    ("user_is_blocked", Fault::Gone),
    ("group chat was deactivated", Fault::Gone),
    ("replied not found", Fault::ReplyMissing),
    ("reply message not found", Fault::ReplyMissing),
    ("failed to get http url content", Fault::FileRefused),
    ("wrong file identifier/http url", Fault::FileRefused),
    ("wrong type of the web page content", Fault::FileRefused),
    ("webpage_", Fault::FileRefused),
    ("not enough rights", Fault::Refused),
    ("need administrator rights", Fault::Refused),
    ("chat_write_forbidden", Fault::Refused),
];

impl Refusal {
    /// What the refusal means. `status` is the answer's; Telegram's own code wins where there is one.
    pub fn fault(self, status: u16, retry_after_header: Option<u64>) -> Fault {
        let hints = self.parameters.unwrap_or_default();
        let code = self.error_code.unwrap_or(status);
        let reason = reason(code, &self.description);
        match code {
            401 | 404 => Fault::Unauthorized(format!("{reason}; check the secret `bot-token`")),
            403 => Fault::Gone(reason),
            409 => Fault::Conflict(reason),
            429 => {
                let seconds = hints.retry_after.or(retry_after_header);
                Fault::RateLimited(seconds.map(|seconds| seconds.saturating_mul(1000)), reason)
            }
            500.. => Fault::Unavailable(reason),
            400 => hints.migrate_to_chat_id.map_or_else(|| bad_request(reason), Fault::Migrated),
            413 => Fault::Content(reason),
            _ => Fault::Refused(reason),
        }
    }
}

fn bad_request(reason: String) -> Fault {
    let words = reason.to_lowercase();
    let meaning = BAD_REQUESTS.iter().find(|(needle, _)| words.contains(needle));
    meaning.map_or(Fault::Content as Meaning, |(_, fault)| *fault)(reason)
}

/// A line for the operator. Descriptions are short; whatever else may stand there is cut.
fn reason(code: u16, description: &str) -> String {
    match crate::content::clip(description, 300) {
        Some(description) => format!("telegram answered {code}: {description}"),
        None => format!("telegram answered {code}"),
    }
}

impl From<http::Error> for Fault {
    fn from(error: http::Error) -> Self {
        match error {
            // Only the operator can grant a host or set a secret, so the integration had better wait for that.
            http::Error::Denied(why) => Self::Unauthorized(format!("the host refused the request: {why}")),
            http::Error::Unreachable(why) => Self::Unavailable(format!("telegram cannot be reached: {why}")),
            http::Error::Uncertain(why) => Self::NoAnswer(format!("telegram did not answer: {why}")),
            http::Error::TooLarge => Self::Unclear("telegram's answer is larger than the host allows".to_owned()),
            http::Error::Budget => Self::Unavailable("this call has used up its requests".to_owned()),
        }
    }
}

impl From<Fault> for Outcome {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unauthorized(reason) => Self::unauthorized(reason),
            Fault::RateLimited(Some(after_ms), reason) => Self::retry_after(after_ms, reason),
            Fault::RateLimited(None, reason) | Fault::Unavailable(reason) => Self::retry(reason),
            Fault::Gone(reason) => Self::rejected(RejectionKind::RecipientGone, reason),
            Fault::Migrated(chat) => {
                Self::rejected(RejectionKind::Other, format!("the group has moved to chat `{chat}` more than once"))
            }
            Fault::ReplyMissing(reason) | Fault::FileRefused(reason) | Fault::Content(reason) => {
                Self::rejected(RejectionKind::Content, reason)
            }
            Fault::Conflict(reason) | Fault::Refused(reason) => Self::rejected(RejectionKind::Other, reason),
            Fault::NoAnswer(reason) | Fault::Unclear(reason) => Self::uncertain(reason),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unauthorized(reason) => Self::unauthorized(reason),
            Fault::RateLimited(after_ms, reason) => Self::rate_limited(after_ms, reason),
            Fault::Gone(reason) => Self::not_found("chat-gone", reason),
            Fault::Conflict(reason) => Self::temporary("conflict", reason),
            Fault::Unavailable(reason) => Self::temporary("unavailable", reason),
            Fault::NoAnswer(reason) => Self::temporary("no-answer", reason),
            Fault::Unclear(reason) => Self::temporary("odd-answer", reason),
            Fault::Migrated(chat) => Self::permanent("migrated", format!("the group has moved to chat `{chat}`")),
            Fault::ReplyMissing(reason)
            | Fault::FileRefused(reason)
            | Fault::Content(reason)
            | Fault::Refused(reason) => Self::permanent("refused", reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(status: u16, body: &str) -> Fault {
        serde_json::from_str::<Refusal>(body).expect("a refusal").fault(status, None)
    }

    fn name(fault: &Fault) -> String {
        format!("{fault:?}").split(['(', ' ']).next().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_refusal_tells_what_to_do_next() {
        for (code, description, expected) in [
            (401, "Unauthorized", "Unauthorized"),
            (404, "Not Found", "Unauthorized"),
            (403, "Forbidden: bot was blocked by the user", "Gone"),
            (403, "Forbidden: user is deactivated", "Gone"),
            (403, "Forbidden: bot was kicked from the group chat", "Gone"),
            (400, "Bad Request: chat not found", "Gone"),
            (400, "Bad Request: message to be replied not found", "ReplyMissing"),
            (400, "Bad Request: failed to get HTTP URL content", "FileRefused"),
            (400, "Bad Request: wrong file identifier/HTTP URL specified", "FileRefused"),
            (400, "Bad Request: not enough rights to send text messages to the chat", "Refused"),
            (400, "Bad Request: message text is empty", "Content"),
            (400, "Bad Request: BUTTON_DATA_INVALID", "Content"),
            (413, "Request Entity Too Large", "Content"),
            (409, "Conflict: terminated by other getUpdates request", "Conflict"),
            (429, "Too Many Requests", "RateLimited"),
            (500, "Internal Server Error", "Unavailable"),
            (502, "Bad Gateway", "Unavailable"),
        ] {
            let body = serde_json::json!({"ok": false, "error_code": code, "description": description}).to_string();
            assert_eq!(name(&fault(code, &body)), expected, "{description}");
        }
    }

    #[test]
    fn hints_are_taken() {
        let limited =
            fault(429, r#"{"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}"#);
        assert!(matches!(limited, Fault::RateLimited(Some(7000), _)), "{limited:?}");
        let moved = r#"{"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1009}}"#;
        assert_eq!(fault(400, moved), Fault::Migrated(-1009));
    }
}
