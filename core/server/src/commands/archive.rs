//! `passerelle export` and `passerelle import`.

use std::path::Path;

use anyhow::Context;
use passerelle_model::id::AppId;

use super::visit;
use crate::archive;
use crate::cli::Where;
use crate::failure::Failure;
use crate::terminal::{complain, say};

pub(super) async fn export(place: &Where, app: &str, folder: &Path) -> Result<(), Failure> {
    let app: AppId = app.parse().map_err(Failure::failed)?;
    let (settings, house) = visit(place).await?;
    let found = house.store().app(app).await.map_err(Failure::failed)?;
    found.with_context(|| format!("app `{app}` does not exist; `passerelle app list` shows those that do"))?;
    let media = settings.data.folder.join("media");
    let done = archive::export(house.store(), app, &media, folder, complain).await?;
    house.store().close().await;
    if done.was_complete {
        say(&format!("`{}` was complete already; for a newer archive choose another folder", folder.display()));
        return Ok(());
    }
    if done.found > 0 {
        say(&format!("continued behind line {}", done.found + 1));
    }
    if done.missing > 0 {
        say(&format!("{} files are not on the disk any more; their lines are in the archive", done.missing));
    }
    say(&format!("{} lines in `{}`", done.lines, folder.display()));
    Ok(())
}

pub(super) async fn import(place: &Where, folder: &Path) -> Result<(), Failure> {
    let (settings, house) = visit(place).await?;
    let media = settings.data.folder.join("media");
    let done = archive::import(house.store(), &media, folder, complain).await?;
    house.store().close().await;
    say(&format!("{} lines added, {} were there already, {} not taken over", done.added, done.same, done.conflicts));
    if !done.is_complete {
        return Err(Failure::line("the archive has no last line: finish its export, then import it again"));
    }
    if done.conflicts > 0 {
        return Err(Failure::line("not everything was taken over: see the lines above"));
    }
    Ok(())
}
