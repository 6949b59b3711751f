//! The live stream of the workspace.

use super::door::{Answer, Visit};
use crate::call::Reply;
use crate::live;

/// `GET /stream?cursor=`.
pub(super) async fn open(mut visit: Visit) -> Answer {
    let (api, known) = (visit.api.clone(), visit.known()?.clone());
    Ok(Reply::Whole(live::open_for_agent(&api, known, &mut visit.request).await?))
}
