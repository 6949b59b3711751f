//! The errors of the Conversations API: a status and `{"errors":[{"code","title"}]}`.
//!
//! Titles are for callers and say what to do; what went wrong inside goes to the log, once, here.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::RETRY_AFTER;
use passerelle_pipeline::CommandError;
use serde_json::json;

/// Seconds after which a refused caller may come back. Official clients sleep for as long as we say, so it is short.
const RETRY_SECONDS: u32 = 1;
/// The longest that we ask a caller to sleep.
const MAX_RETRY_SECONDS: u32 = 5;

/// An error as the caller sees it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status} `{code}`: {title}")]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    title: String,
    retry_seconds: Option<u32>,
}

impl ApiError {
    /// Any error of the published table.
    pub fn new(status: StatusCode, code: &'static str, title: impl Into<String>) -> Self {
        Self { status, code, title: title.into(), retry_seconds: None }
    }

    /// 400: the request cannot be right, whoever sends it.
    pub fn bad_request(title: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", title)
    }

    /// 401: no credentials, or none that we know.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Authorization is required")
    }

    /// 403: known, but not allowed.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Forbidden")
    }

    /// 404 with the code of the missing thing, such as `user_not_found`.
    pub fn not_found(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, title)
    }

    /// 404 for a path that no operation has.
    pub fn no_such_route() -> Self {
        Self::not_found("not_found", "Resource not found")
    }

    /// 409: it exists already.
    pub fn conflict(title: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", title)
    }

    /// 413, without `Retry-After`: sending the same again cannot help.
    pub fn too_large(limit_bytes: usize) -> Self {
        let title = format!("The body is larger than {limit_bytes} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", title)
    }

    /// 415: the file is refused, for one of the three published reasons.
    pub fn rejected_file(reason: &str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", format!("File rejected. {reason}"))
    }

    /// 423: full.
    pub fn locked(title: impl Into<String>) -> Self {
        Self::new(StatusCode::LOCKED, "locked", title)
    }

    /// 503 with `Retry-After`: try again soon.
    pub fn unavailable(title: impl Into<String>) -> Self {
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "service_unavailable", title);
        Self { retry_seconds: Some(RETRY_SECONDS), ..error }
    }

    /// 429 with `Retry-After`: too often.
    pub fn too_many_requests(wait_seconds: u32) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many requests, slow down");
        Self { retry_seconds: Some(wait_seconds.clamp(RETRY_SECONDS, MAX_RETRY_SECONDS)), ..error }
    }

    /// 500; the cause goes to the log.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "an api call failed for a reason of ours");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Something went wrong on our side")
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What the caller is told.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// Seconds after which the caller may come back.
    pub(crate) fn retry_seconds(&self) -> Option<u32> {
        self.retry_seconds
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "errors": [{ "code": self.code, "title": self.title }] }));
        let mut response = (self.status, body).into_response();
        if let Some(seconds) = self.retry_seconds {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<CommandError> for ApiError {
    fn from(error: CommandError) -> Self {
        let title = error.to_string();
        match error {
            CommandError::NotFound(what) => missing(what),
            CommandError::Forbidden(reason) => Self::new(StatusCode::FORBIDDEN, "forbidden", reason),
            CommandError::Conflict(reason) => Self::conflict(reason),
            CommandError::Invalid { field, reason } => Self::bad_request(format!("{field} {reason}")),
            CommandError::Refused(title) => Self::bad_request(title),
            CommandError::TooManySeats => {
                Self::new(StatusCode::BAD_REQUEST, "too_many_switchboard_integrations", title)
            }
            CommandError::Locked => Self::locked("Message limit of 30000 per conversation reached."),
            CommandError::NoRoom(_) => Self::locked(title),
            CommandError::Unavailable(_) => Self::unavailable(title),
            CommandError::Bug(_) => Self::internal(&title),
        }
    }
}

/// The code of a missing thing, from the word that the command door has for it.
fn missing(what: &str) -> ApiError {
    for (word, code, title) in [
        ("app", "app_not_found", "App not found"),
        ("user", "user_not_found", "User not found"),
        ("conversation", "conversation_not_found", "Conversation not found"),
        ("integration", "integration_not_found", "Integration not found"),
        ("client", "client_not_found", "Client not found"),
        ("participant", "not_found", "User is not a member of the conversation"),
        ("attachment", "not_found", "Attachment not found"),
        ("switchboard", "switchboard_not_found", "Switchboard not found"),
        ("switchboard integration", "switchboard_integration_not_found", "SwitchboardIntegration not found"),
        ("next switchboard integration", "switchboard_integration_not_found", "SwitchboardIntegration not found"),
    ] {
        if what.trim_start_matches("the ") == word {
            return ApiError::not_found(code, title);
        }
    }
    ApiError::no_such_route()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_shortage_asks_to_come_back() {
        let asks = |error: ApiError| Some(error.into_response().headers().get(RETRY_AFTER)?.to_str().ok()?.to_owned());
        assert_eq!(asks(ApiError::unavailable("full")).as_deref(), Some("1"));
        assert_eq!(asks(ApiError::too_many_requests(3)).as_deref(), Some("3"));
        assert_eq!(asks(ApiError::too_many_requests(0)).as_deref(), Some("1"));
        assert_eq!(asks(ApiError::too_many_requests(600)).as_deref(), Some("5"), "official clients really sleep");
        assert_eq!(asks(ApiError::too_large(5)), None);
        assert_eq!(asks(ApiError::unauthorized()), None);
    }
}
