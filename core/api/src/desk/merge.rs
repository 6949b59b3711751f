//! Several tickets of one customer become one.

use passerelle_desk::{MAX_MERGED, Merge, merge};
use passerelle_model::desk::{MAX_NOTE, TicketId};
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::{Problem, stop};
use super::tickets::job;

/// Characters of a comment on a merge: the fact itself stands above it.
const MAX_COMMENT: usize = MAX_NOTE - 2048;

/// `POST /tickets/{id}/merge {ids, target_comment?, source_comment?}`: whole or not at all.
pub(super) async fn merge_into(visit: Visit) -> Answer {
    let (act, target, fields) = (visit.act()?, visit.ticket().await?, visit.fields()?);
    let listed = fields.value("ids").and_then(Value::as_array).filter(|ids| ids.len() <= MAX_MERGED);
    let ids: Option<Vec<i64>> = listed.and_then(|ids| ids.iter().map(Value::as_i64).collect());
    let ids = ids.ok_or_else(|| Problem::invalid("ids", format!("should be a list of 1 to {MAX_MERGED} tickets")))?;
    let wanted = Merge {
        target: target.id,
        sources: ids.iter().copied().map(TicketId).collect(),
        target_comment: fields.text("target_comment", MAX_COMMENT)?,
        source_comment: fields.text("source_comment", MAX_COMMENT)?,
    };
    visit
        .write(move |all| {
            Box::pin(async move {
                merge(all.tx, &act, &wanted).await.map_err(stop)?;
                Ok(String::new())
            })
        })
        .await?;
    let done = |id: &i64| json!({ "id": id, "action": "merge", "success": true, "status": "Merged" });
    ok(job(&visit, ids.iter().map(done).collect()))
}
