//! What there is to know of the desk itself: the account, and what was done to it.

use serde_json::json;

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::Problem;
use super::show;

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

/// `GET /audit_logs`.
pub(super) async fn audit_logs(visit: Visit) -> Answer {
    let page = visit.page()?;
    let found = visit.api.store().audit_logs(visit.app()?, page).await?;
    let shown = found.rows.iter().map(|log| show::audit_log(&visit.api.public_url, log)).collect();
    ok(visit.list("audit_logs", &found, page, |log| log.id, shown))
}
