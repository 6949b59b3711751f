//! An answer whose body is read while it comes.

use http::{HeaderMap, Response};
use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Incoming};
use tokio::time::{Instant, timeout_at};

use super::pool::Key;
use super::{Egress, EgressError, Sender};

/// An answer whose body is read while it comes, within the time and the size of its exchange.
pub struct Streamed {
    /// Status code; redirects are answers like any other.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    body: Incoming,
    deadline: Instant,
    limit: usize,
    taken: usize,
    /// Where the connection goes back to when the body was read to its end.
    home: Option<(Egress, Key, Sender)>,
}

impl Streamed {
    pub(super) fn new(
        egress: Egress,
        key: Key,
        sender: Sender,
        response: Response<Incoming>,
        deadline: Instant,
        limit: usize,
    ) -> Self {
        let (parts, body) = response.into_parts();
        let (status, headers) = (parts.status.as_u16(), parts.headers);
        Self { status, headers, body, deadline, limit, taken: 0, home: Some((egress, key, sender)) }
    }

    /// The next bytes; none at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, EgressError> {
        let late = |_| EgressError::Uncertain("the answer did not end in time".into());
        loop {
            let Some(frame) = timeout_at(self.deadline, self.body.frame()).await.map_err(late)? else {
                if let Some((egress, key, sender)) = self.home.take() {
                    egress.0.pool.give_back(key, sender);
                }
                return Ok(None);
            };
            let frame = frame.map_err(|error| EgressError::Uncertain(format!("the answer broke off: {error}")))?;
            let Ok(data) = frame.into_data() else { continue };
            self.taken += data.len();
            if self.taken > self.limit {
                return Err(EgressError::TooLarge { limit: self.limit });
            }
            return Ok(Some(data));
        }
    }
}
