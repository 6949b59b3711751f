//! Request bodies that nobody read to their end.
//!
//! After an answer to half a request the connection cannot be used again, so it is closed. A client that is not told
//! takes it for an idle one, and its next request dies with the connection.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use http::header::CONNECTION;
use http::{HeaderValue, Request, Response};
use hyper::body::{Body as _, Frame, SizeHint};

/// Knows whether a request's body was read to its end.
pub(crate) struct Unread(Arc<AtomicBool>);

struct Watched {
    body: Body,
    is_unread: Arc<AtomicBool>,
}

/// Watches the body of a request.
pub(crate) fn watch(request: Request<Body>) -> (Request<Body>, Unread) {
    let is_unread = Arc::new(AtomicBool::new(!request.body().is_end_stream()));
    let unread = Unread(Arc::clone(&is_unread));
    (request.map(|body| Body::new(Watched { body, is_unread })), unread)
}

impl Unread {
    /// Says in the answer that the connection ends with it, if it does.
    pub(crate) fn tell(&self, response: &mut Response<Body>) {
        if self.0.load(Ordering::Relaxed) {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

impl hyper::body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.is_unread.store(false, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
