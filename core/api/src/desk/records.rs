//! What there is to know of the desk itself: the account, and what was done to it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use passerelle_model::desk::PersonId;
use passerelle_store::{NumberPage, Stretch};
use serde_json::json;

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::Problem;
use super::{show, users};
use crate::wire::time;

/// `GET /account`.
pub(super) async fn account(visit: Visit) -> Answer {
    let app = visit.api.store().app(visit.app()?).await?.ok_or_else(Problem::not_found)?;
    ok(json!({ "account": {
        "app_id": app.id.to_string(),
        "app_name": app.name,
        "public_url": visit.api.public_url,
        "version": visit.api.version,
        "offer_seconds": visit.api.desk.offer_seconds(),
        "email_enabled": visit.api.desk.mail().postbox.is_some(),
        "attachment_bytes": passerelle_model::content::MAX_MEDIA_BYTES,
    } }))
}

/// `GET /audit_logs`, the newest first: `filter[actor_id]` and `filter[source_type]` leave others out.
pub(super) async fn audit_logs(visit: Visit) -> Answer {
    let asked = visit.page()?;
    // Behind a record of this list stand older ones, before it newer ones.
    let older = asked.after.or(asked.before.is_none().then_some(i64::MAX));
    let page = NumberPage { after: asked.before, before: older, size: asked.size };
    let actor = visit.query("filter[actor_id]").map(|id| id.parse().map(PersonId)).transpose();
    let actor = actor.map_err(|_| Problem::invalid("filter", "should name an actor by number"))?;
    let source_type = visit.query("filter[source_type]");
    let when = stretch(&visit)?;
    let mut found = visit.api.store().audit_logs(visit.app()?, actor, source_type, when, page).await?;
    found.rows.reverse();
    let mut names = HashMap::new();
    let mut shown = Vec::with_capacity(found.rows.len());
    for log in &found.rows {
        let mut one = show::audit_log(&visit.api.public_url, log);
        if let Some(actor) = log.actor {
            let name = match names.entry(actor) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(users::name(&visit.api, log.app, actor).await?),
            };
            one["actor_name"] = name.as_str().into();
        }
        shown.push(one);
    }
    ok(visit.list("audit_logs", &found, asked, |log| log.id, shown))
}

/// `filter[created_at][]` twice: the first second and the last one.
fn stretch(visit: &Visit) -> Result<Stretch, Problem> {
    let mut named = visit.queries("filter[created_at][]").map(|text| {
        time::read(text).ok_or_else(|| Problem::invalid("filter", "should have times as ISO 8601 writes them"))
    });
    let (from, until) = (named.next().transpose()?, named.next().transpose()?);
    Ok(Stretch { from, until: until.map(|until| until.plus(Duration::from_secs(1))) })
}
