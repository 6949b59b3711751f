//! A socket that closes politely.
//!
//! A refusal may be written while its client still sends the body that was refused. Closing then makes the system reset
//! the connection, and the client never reads why. So the writing half closes first, and what still comes is thrown
//! away for a while: at most [`MAX_DISCARDED`] bytes, and no longer than [`QUIET`] after the last of them.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long a client may pause before it is let go.
const QUIET: Duration = Duration::from_secs(1);
/// Bytes that are thrown away: a little more than the largest upload, since some clients read only after they sent all.
const MAX_DISCARDED: usize = 64 * 1024 * 1024;
const SCRATCH: usize = 16 * 1024;

/// A stream whose shutdown waits until the peer has stopped sending.
pub(crate) struct Linger<S> {
    stream: S,
    farewell: Option<Farewell>,
}

struct Farewell {
    quiet: Pin<Box<Sleep>>,
    left: usize,
}

impl<S> Linger<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, farewell: None }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Linger<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Linger<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, farewell } = &mut *self;
        if farewell.is_none() {
            ready!(Pin::new(&mut *stream).poll_shutdown(cx))?;
        }
        let farewell = farewell.get_or_insert_with(|| Farewell { quiet: Box::pin(sleep(QUIET)), left: MAX_DISCARDED });
        farewell.poll(stream, cx).map(Ok)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

impl Farewell {
    fn poll<S: AsyncRead + Unpin>(&mut self, stream: &mut S, cx: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; SCRATCH];
        loop {
            let mut buf = ReadBuf::new(&mut scratch);
            match Pin::new(&mut *stream).poll_read(cx, &mut buf) {
                Poll::Ready(Ok(())) if !buf.filled().is_empty() && self.left > buf.filled().len() => {
                    self.left -= buf.filled().len();
                    self.quiet.as_mut().reset(Instant::now() + QUIET);
                }
                // The peer has closed, broke off, or sends without end.
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.quiet.as_mut().poll(cx),
            }
        }
    }
}
