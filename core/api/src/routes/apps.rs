//! Apps, the tenants.

use passerelle_pipeline::{AppChange, Command, Done};

use super::users::unexpected;
use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::mint;
use crate::wire::app;
use crate::wire::limits::MAX_DISPLAY_NAME;

pub(super) async fn create(call: Call) -> Answer {
    let fields = call.fields()?;
    let (name, metadata) = (fields.needed_text("displayName", MAX_DISPLAY_NAME)?, fields.metadata("metadata")?);
    let settings = app::changed(&fields, &Default::default())?.unwrap_or_default();
    let mut app = mint::app(&name, metadata, call.api.clock.now()).map_err(|error| ApiError::internal(&error))?;
    app.settings = settings;
    let made = call.write(move |tx| {
        Box::pin(async move {
            tx.insert_app(&app);
            Ok(app.id.to_string())
        })
    });
    let unknown = || ApiError::not_found("app_not_found", "App not found");
    let id = made.await?.parse().map_err(|_| unknown())?;
    let app = stored(call.api.store().app(id).await)?.ok_or_else(unknown)?;
    call.api.gateway.show_app(&app);
    Reply::created("app", app::show(&app))
}

pub(super) async fn list(call: Call) -> Answer {
    if call.query.filter("serviceAccountId").is_some() {
        // There are no service accounts here, so whichever is meant is somebody else's.
        let title = "The serviceAccountId provided does not match supplied credentials";
        return Err(ApiError::new(http::StatusCode::FORBIDDEN, "forbidden", title));
    }
    let page = call.page()?;
    let found = stored(call.api.store().apps(page).await)?;
    call.list("apps", found.rows.iter().map(app::show).collect(), found.has_more, page)
}

pub(super) async fn get(call: Call) -> Answer {
    Reply::one("app", app::show(call.access.app()?))
}

pub(super) async fn update(call: Call) -> Answer {
    let fields = call.fields()?;
    let change = AppChange {
        name: match fields.mentions("displayName") {
            true => Some(fields.needed_text("displayName", MAX_DISPLAY_NAME)?),
            false => None,
        },
        settings: app::changed(&fields, &call.access.app()?.settings)?,
        metadata: fields.metadata_changes("metadata")?.into_iter().collect(),
    };
    match call.execute(Command::UpdateApp(change)).await? {
        Done::App(app) => Reply::one("app", app::show(&app)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn delete(call: Call) -> Answer {
    call.execute(Command::DeleteApp).await?;
    Reply::done()
}
