//! Commands on the app itself.

use passerelle_model::tenant::AppSettings;
use passerelle_store::Tx;

use super::people::changed;
use super::work::{Outcome, Work};
use super::{CommandError, Done, MetadataChange};

/// How an app changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AppChange {
    /// Name to show, 1 to 100 characters.
    pub name: Option<String>,
    /// The whole of the settings, with those that stay as they are.
    pub settings: Option<AppSettings>,
    /// Facts of whoever made it.
    pub metadata: MetadataChange,
}

pub(super) async fn update(work: &mut Work, tx: &mut Tx<'_>, change: AppChange) -> Outcome {
    let mut app = tx.app(work.app).await?.ok_or_else(missing)?;
    app.name = change.name.unwrap_or(app.name);
    app.metadata = changed(app.metadata, change.metadata)?;
    if let Some(settings) = change.settings {
        if app.settings.multi_convo_enabled && !settings.multi_convo_enabled {
            let reason = "cannot be turned off again: users may have several conversations by now";
            return Err(CommandError::invalid("settings.multiConvoEnabled", reason).into());
        }
        app.settings = settings;
    }
    tx.update_app(&app);
    work.effects.settings = Some((app.id, app.settings.clone()));
    Ok(Done::App(app))
}

/// The app is gone at once, for its keys and its channels too; its rows and files are cleared away behind that.
pub(super) async fn delete(work: &mut Work, tx: &mut Tx<'_>) -> Outcome {
    tx.app(work.app).await?.ok_or_else(missing)?;
    tx.remove_app(work.app, work.now);
    work.effects.closed = Some(work.app);
    work.effects.removes = true;
    Ok(Done::Nothing)
}

fn missing() -> CommandError {
    CommandError::NotFound("the app")
}
