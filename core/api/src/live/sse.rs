//! The stream as Server-Sent Events.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::future::Future;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::wire::{Farewell, Frame, Line, Lost};
use crate::api::Api;
use crate::serve::Hanger;

/// The answer whose body is the stream.
pub(crate) fn answer<F>(api: &Api, request: &Parts, follow: impl FnOnce(Events) -> F) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let (frames, written) = mpsc::channel::<Bytes>(1);
    let hanger = request.extensions.get::<Hanger>().cloned().unwrap_or_default();
    tokio::spawn(follow(Events { frames, hanger, patience: api.live.write_timeout() }));
    let body = stream::unfold(written, async |mut written| {
        let bytes = written.recv().await?;
        Some((Ok::<_, Infallible>(bytes), written))
    });
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    // Proxies that collect answers before they pass them on are asked not to.
    (headers, [("x-accel-buffering", "no")], Body::from_stream(body)).into_response()
}

/// The line to one reader.
pub(crate) struct Events {
    frames: mpsc::Sender<Bytes>,
    /// Cuts the connection: its own task cannot, while it waits for a reader that does not read.
    hanger: Hanger,
    patience: Duration,
}

impl Line for Events {
    async fn send(&mut self, frames: &[Frame]) -> Result<(), Lost> {
        if frames.is_empty() {
            return Ok(());
        }
        let text: String = frames.iter().map(written).collect();
        match timeout(self.patience, self.frames.send(text.into())).await {
            Ok(sent) => sent.map_err(|_| Lost::Gone),
            Err(_) => {
                self.hanger.hang_up();
                Err(Lost::Slow)
            }
        }
    }

    async fn closed(&mut self) {
        self.frames.closed().await;
    }

    async fn ask(&mut self) -> Result<(), Lost> {
        Ok(())
    }

    async fn end(&mut self, goodbye: &Frame, _why: Farewell) {
        if timeout(self.patience, self.frames.send(written(goodbye).into())).await.is_err() {
            self.hanger.hang_up();
        }
    }
}

fn written(frame: &Frame) -> String {
    let mut text = String::with_capacity(frame.text.len() + 64);
    if let Some(name) = frame.name {
        let _ = writeln!(text, "event: {name}");
    }
    if let Some(cursor) = frame.cursor {
        let _ = writeln!(text, "id: {cursor}");
    }
    if let Some(retry) = frame.retry_ms {
        let _ = writeln!(text, "retry: {retry}");
    }
    // JSON as we write it has no line breaks.
    let _ = write!(text, "data: {}\n\n", frame.text);
    text
}

#[cfg(test)]
mod tests {
    use super::super::cursor::Cursor;
    use super::*;

    #[test]
    fn frames_are_written_as_browsers_read_them() {
        let cursor = Cursor { log: 1, at: 2 };
        let id = "000000010000000000000002";
        let event = Frame::event(Some(cursor), "{\"a\":\"b\\nc\"}".into());
        assert_eq!(written(&event), format!("id: {id}\ndata: {{\"a\":\"b\\nc\"}}\n\n"));
        assert_eq!(written(&Frame::event(None, "{}".into())), "data: {}\n\n");
        let beat = written(&Frame::heartbeat(cursor));
        assert_eq!(
            beat,
            format!("event: heartbeat\nid: {id}\ndata: {{\"cursor\":\"{id}\",\"type\":\"heartbeat\"}}\n\n")
        );
        let goodbye = Frame::goodbye(cursor, Farewell::GoingAway);
        let retry = goodbye.retry_ms.expect("a goodbye says when to come back");
        assert!((500..4500).contains(&retry));
        assert!(written(&goodbye).starts_with(&format!("event: goodbye\nid: {id}\nretry: {retry}\ndata: {{")));
    }
}
