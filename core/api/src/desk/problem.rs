//! The errors of the agents' API, in the shapes that agents' programs know: `{"error","description","details"}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::RETRY_AFTER;
use passerelle_desk::DeskError;
use passerelle_pipeline::{CommandError, Stop};
use passerelle_store::StoreError;
use serde_json::{Value, json};

use crate::error::ApiError;

/// An error as an agent's program sees it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{status} `{error}`: {description}")]
pub(crate) struct Problem {
    status: StatusCode,
    error: &'static str,
    description: String,
    details: Option<Value>,
    retry_seconds: Option<u32>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, error: &'static str, description: impl Into<String>) -> Self {
        Self { status, error, description: description.into(), details: None, retry_seconds: None }
    }

    /// 401: nobody we know.
    pub(super) fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Couldn't authenticate you", "Sign in, or send a token")
    }

    /// 403: known, but not allowed.
    pub(super) fn forbidden(description: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", description)
    }

    /// 404: there is no such thing in this app.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "RecordNotFound", "Not found")
    }

    /// 422: a field does not fit. What is inside of rules is named with its place, everything else by itself.
    pub(super) fn invalid(field: &str, reason: impl Into<String>) -> Self {
        let is_place = field.starts_with("conditions.") || field.starts_with("actions[");
        Self::at(if is_place { field } else { field.rsplit('.').next().unwrap_or(field) }, reason)
    }

    /// 422: what stands at this place does not fit.
    pub(super) fn at(place: &str, reason: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "RecordInvalid", "Record validation errors");
        let description = format!("{}: {}", title(place), reason.into());
        error.details = Some(json!({ place: [{ "error": "InvalidValue", "description": description }] }));
        error
    }

    /// 400: the request cannot be read.
    pub(super) fn unreadable(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidRequest", description)
    }
}

/// `group_id` as a person reads it.
fn title(field: &str) -> String {
    let words = field.trim_end_matches("_id").replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({ "error": self.error, "description": self.description });
        if let Some(details) = self.details {
            body["details"] = details;
        }
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_seconds {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::NotFound(_) => Self::not_found(),
            CommandError::Forbidden(reason) => Self::forbidden(reason),
            CommandError::Conflict(reason) => Self::new(StatusCode::CONFLICT, "Conflict", reason),
            CommandError::Invalid { field, reason } => Self::invalid(&field, reason),
            other => ApiError::from(other).into(),
        }
    }
}

/// Refusals of what both APIs share: bodies, files, budgets.
impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        let status = error.status();
        let name = match status {
            StatusCode::BAD_REQUEST => return Self::field_of(&error),
            StatusCode::UNAUTHORIZED => return Self::unauthenticated(),
            StatusCode::FORBIDDEN => "Forbidden",
            StatusCode::NOT_FOUND => return Self::not_found(),
            StatusCode::CONFLICT => "Conflict",
            StatusCode::PAYLOAD_TOO_LARGE => "AttachmentTooLarge",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "AttachmentUnprocessable",
            StatusCode::TOO_MANY_REQUESTS => "TooManyRequests",
            StatusCode::LOCKED => "RecordInvalid",
            StatusCode::SERVICE_UNAVAILABLE => "ServiceUnavailable",
            _ => "InternalError",
        };
        Self { retry_seconds: error.retry_seconds(), ..Self::new(status, name, error.title()) }
    }
}

impl Problem {
    /// `subject should be string` is about the field `subject`; what is about no field cannot be read at all.
    fn field_of(error: &ApiError) -> Self {
        match error.title().split_once(' ') {
            Some((field, rule)) if rule.starts_with("should") || rule.starts_with("is ") => {
                Self::invalid(field, rule.to_owned())
            }
            _ => Self::unreadable(error.title()),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        CommandError::from(error).into()
    }
}

/// A refusal of the desk as the end of a job.
pub(super) fn stop(error: DeskError) -> Stop {
    match error {
        DeskError::NotFound(what) => CommandError::NotFound(what).into(),
        DeskError::Invalid { field, reason } => CommandError::invalid(field, reason).into(),
        DeskError::Misfit { place, reason } => CommandError::invalid(place, reason).into(),
        DeskError::Conflict(reason) => CommandError::Conflict(reason).into(),
        DeskError::Store(error) => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_field_as_people_and_programs_read_it() {
        let check = |problem: Problem, status: u16, details: Option<Value>| {
            assert_eq!((problem.status.as_u16(), problem.details.clone()), (status, details), "{problem}");
        };
        let invalid = |field: &str, description: &str| {
            Some(json!({ field: [{ "error": "InvalidValue", "description": description }] }))
        };
        check(
            CommandError::invalid("group_id", "names no group").into(),
            422,
            invalid("group_id", "Group: names no group"),
        );
        check(
            ApiError::bad_request("subject should be string").into(),
            422,
            invalid("subject", "Subject: should be string"),
        );
        check(
            ApiError::bad_request("ticket.comment.body should be string").into(),
            422,
            invalid("body", "Body: should be string"),
        );
        check(ApiError::bad_request("The body is not JSON: line 1 column 2").into(), 400, None);
        check(ApiError::unauthorized().into(), 401, None);
        check(CommandError::NotFound("the ticket").into(), 404, None);
        check(CommandError::Conflict("Ada has ticket 1 already".into()).into(), 409, None);
    }
}
