//! Operations of the published API that need a system which this house is not: each says so, to callers who may know.

use crate::call::{Answer, Call};
use crate::error::ApiError;

/// Pulls a user from the agents' side. Users of both sides are one here.
pub(super) async fn sync_user(call: Call) -> Answer {
    call.user().await?;
    Err(ApiError::bad_request("Not supported: users need no sync, the agents' side works on the same users"))
}

/// Fetches what one channel sends by reference only. Its adapter would have to declare that it can.
pub(super) async fn download(call: Call) -> Answer {
    call.conversation().await?;
    Err(ApiError::bad_request("Not supported: no installed channel sends data by reference"))
}

/// Forwards events of a shop to an advertiser. Its adapter would have to declare that it can.
pub(super) async fn conversion_events(call: Call) -> Answer {
    call.conversation().await?;
    Err(ApiError::bad_request("Not supported: no installed channel takes conversion events"))
}
