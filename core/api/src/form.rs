//! Bodies of multipart/form-data, read as they come with a bound on everything.
//!
//! The parser gathers whatever its stream has ready; so the stream hands out one small piece at a time, and none while
//! more than [`MAX_BESIDES`] bytes have not come back as content of a part. Heads, boundaries and preambles are covered
//! by the same bound, and so is a client that sends nothing.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::Stream;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use multer::Multipart;
use passerelle_model::content::MAX_MEDIA_BYTES;
use tokio::time::{Instant, Sleep, sleep};

use crate::error::ApiError;

/// Bytes that are handed to the parser at once.
const PIECE: usize = 32 * 1024;
/// Bytes of a form that are no content of its parts.
const MAX_BESIDES: u64 = 256 * 1024;

/// A form on its way in.
pub(crate) struct Form {
    parts: Multipart<'static>,
    returned: Arc<AtomicU64>,
}

/// A part of a form.
pub(crate) struct Part<'f> {
    field: multer::Field<'static>,
    returned: &'f AtomicU64,
}

impl Form {
    /// The form of this body. Nothing is read yet.
    pub(crate) fn open(headers: &HeaderMap, body: Body, idle_ms: u64) -> Result<Self, ApiError> {
        let no_form = || ApiError::bad_request("The body should be multipart/form-data with a boundary");
        let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|length| length > MAX_MEDIA_BYTES + MAX_BESIDES) {
            let title = format!("The file is larger than {MAX_MEDIA_BYTES} bytes");
            return Err(ApiError::new(http::StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", title));
        }
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).ok_or_else(no_form)?;
        let boundary = multer::parse_boundary(kind).map_err(|_| no_form())?;
        let returned = Arc::new(AtomicU64::new(0));
        let pieces = Pieces {
            body: body.into_data_stream(),
            rest: Bytes::new(),
            passed: 0,
            returned: Arc::clone(&returned),
            paused: false,
            idle: Duration::from_millis(idle_ms),
            patience: Box::pin(sleep(Duration::from_millis(idle_ms))),
        };
        Ok(Self { parts: Multipart::new(pieces, boundary), returned })
    }

    /// The next part; what is left of the one before is lost.
    pub(crate) async fn next(&mut self) -> Result<Option<Part<'_>>, ApiError> {
        let field = self.parts.next_field().await.map_err(|error| unreadable(&error))?;
        Ok(field.map(|field| Part { field, returned: &self.returned }))
    }
}

impl Part<'_> {
    /// The name of the field.
    pub(crate) fn name(&self) -> Option<&str> {
        self.field.name()
    }

    /// The name of the file, where there is one.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.field.file_name()
    }

    /// The next bytes; none at the end of the part.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, ApiError> {
        let chunk = self.field.chunk().await.map_err(|error| unreadable(&error))?;
        let length = chunk.as_ref().map_or(0, Bytes::len);
        self.returned.fetch_add(length as u64, Ordering::Relaxed);
        Ok(chunk)
    }
}

fn unreadable(error: &multer::Error) -> ApiError {
    tracing::debug!(%error, "a form could not be read");
    match error {
        multer::Error::StreamReadFailed(cause) => match cause.downcast_ref::<Broken>() {
            Some(broken) => ApiError::bad_request(broken.to_string()),
            None => ApiError::bad_request("The body could not be read"),
        },
        _ => ApiError::bad_request("The body is no sound form"),
    }
}

/// Why the bytes of a form end early.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("The upload brought nothing for too long")]
    Idle,
    #[error("The form holds too much beside its file")]
    TooMuchBesides,
    #[error("The upload broke off")]
    Cut(#[source] axum::Error),
}

/// The body in small pieces, with a breath after each.
struct Pieces {
    body: BodyDataStream,
    rest: Bytes,
    passed: u64,
    returned: Arc<AtomicU64>,
    paused: bool,
    idle: Duration,
    patience: Pin<Box<Sleep>>,
}

impl Pieces {
    fn hand_out(&mut self) -> Result<Bytes, Broken> {
        let piece = self.rest.split_to(self.rest.len().min(PIECE));
        self.passed += piece.len() as u64;
        if self.passed > self.returned.load(Ordering::Relaxed) + MAX_BESIDES {
            return Err(Broken::TooMuchBesides);
        }
        self.paused = true;
        Ok(piece)
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.paused) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        while self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_next(cx) {
                Poll::Ready(Some(Ok(bytes))) => {
                    let next = Instant::now() + self.idle;
                    self.patience.as_mut().reset(next);
                    self.rest = bytes;
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(Broken::Cut(error)))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => {
                    return self.patience.as_mut().poll(cx).map(|()| Some(Err(Broken::Idle)));
                }
            }
        }
        Poll::Ready(Some(self.hand_out()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers() -> HeaderMap {
        [(CONTENT_TYPE, "multipart/form-data; boundary=b".parse().expect("a value"))].into_iter().collect()
    }

    async fn read(body: Body) -> Result<u64, ApiError> {
        let mut form = Form::open(&headers(), body, 50)?;
        while let Some(mut part) = form.next().await? {
            while part.chunk().await?.is_some() {}
        }
        Ok(form.returned.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn a_large_part_passes_and_a_large_head_does_not() {
        let head = "--b\r\nContent-Disposition: form-data; name=\"source\"\r\n\r\n";
        let large = "x".repeat(2_000_000);
        assert_eq!(read(Body::from(format!("{head}{large}\r\n--b--\r\n"))).await, Ok(2_000_000));
        let endless = format!("--b\r\nX-Long: {large}\r\n\r\nx\r\n--b--\r\n");
        let many = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n".repeat(10_000) + "--b--\r\n";
        for body in [endless, many, large] {
            let refused = read(Body::from(body)).await.expect_err("refused");
            assert_eq!(refused, ApiError::bad_request("The form holds too much beside its file"));
        }
    }

    #[tokio::test]
    async fn a_body_that_ends_early_or_never_is_refused() {
        let head = "--b\r\nContent-Disposition: form-data; name=\"source\"\r\n\r\nhello";
        for body in ["", "--b", "nothing of the kind", head] {
            assert!(read(Body::from(body)).await.is_err(), "{body}");
        }
        let silent = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
        let refused = read(Body::from_stream(silent)).await.expect_err("refused");
        assert_eq!(refused, ApiError::bad_request("The upload brought nothing for too long"));
    }
}
