//! `plugin test`: builds a plugin and runs its fixtures in the real host.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use passerelle_harness::{Fixture, Harness, Verdict};

use crate::build::build_all;
use crate::terminal::say;

/// Builds and tests the plugins in these folders. Fails when a fixture does.
pub(crate) async fn test(folders: Vec<PathBuf>, out: PathBuf) -> Result<()> {
    let sources = folders.clone();
    let all_built = tokio::task::spawn_blocking(move || build_all(&sources, &out)).await??;
    let harness = Harness::start().await?;
    let (mut passed, mut failed) = (0, 0);
    for (folder, built) in folders.iter().zip(all_built) {
        let component = fs::read(&built.file).with_context(|| format!("cannot read `{}`", built.file.display()))?;
        let plugin = harness.load(component).await.with_context(|| format!("`{}`", built.file.display()))?;
        for file in fixtures(folder)? {
            let fixture = Fixture::read(&file)?;
            let verdict =
                harness.run(&plugin, &fixture).await.with_context(|| format!("`{}` is no good", file.display()))?;
            tell(&built.id, &file, &fixture.about, &verdict);
            if verdict.passed() { passed += 1 } else { failed += 1 }
        }
    }
    ensure!(failed == 0, "{failed} of {} fixtures failed", passed + failed);
    say(format!("{passed} fixtures passed"));
    Ok(())
}

/// The fixtures of a plugin, by name. Folders below hold whatever else its tests need.
fn fixtures(folder: &Path) -> Result<Vec<PathBuf>> {
    let fixtures = folder.join("fixtures");
    let entries = fs::read_dir(&fixtures).with_context(|| format!("cannot read `{}`", fixtures.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    if files.is_empty() {
        bail!("there are no fixtures in `{}`: record at least one call", fixtures.display());
    }
    Ok(files)
}

fn tell(id: &str, file: &Path, about: &str, verdict: &Verdict) {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let about = if about.is_empty() { String::new() } else { format!(": {about}") };
    say(format!("{} {id}/{name}{about}", if verdict.passed() { "ok    " } else { "FAILED" }));
    for finding in &verdict.findings {
        let what = finding.what.replace('\n', "\n         ");
        say(format!("       step {}: {what}", finding.step));
    }
}
