//! The way of a plugin's author: make, build, test, check. Uses the real compiler and the real host.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use passerelle_plugin_cli::PluginArgs;
use tempfile::TempDir;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    plugin: PluginArgs,
}

/// Runs `passerelle plugin …` in this process.
async fn plugin(arguments: &[&str]) -> Result<(), String> {
    let command = Command::try_parse_from(["passerelle"].iter().chain(arguments)).map_err(|error| error.to_string())?;
    passerelle_plugin_cli::run(command.plugin).await.map_err(|error| format!("{error:#}"))
}

/// A folder for new plugins whose dependencies are compiled once for all tests and runs.
fn workshop() -> TempDir {
    let folder = TempDir::with_prefix("passerelle-plugins-").expect("a temporary folder");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-plugins");
    fs::create_dir(folder.path().join(".cargo")).expect("a new folder");
    let config = format!("[build]\ntarget-dir = {target:?}\n");
    fs::write(folder.path().join(".cargo/config.toml"), config).expect("a new file");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

#[tokio::test]
async fn a_new_plugin_of_each_kind_builds_and_passes_its_fixtures() {
    let workshop = workshop();
    let out = workshop.path().join("out");
    let mut folders: Vec<PathBuf> = Vec::new();
    for kind in ["channel", "bot", "router"] {
        let folder = workshop.path().join(format!("{kind}-sample"));
        plugin(&["new", kind, text(&folder)]).await.expect("a new folder is free");
        folders.push(folder);
    }
    let mut arguments = vec!["test", "--out", text(&out)];
    arguments.extend(folders.iter().map(|folder| text(folder)));
    plugin(&arguments).await.expect("templates pass their fixtures");
    plugin(&["check", text(&out.join("channel-sample.wasm"))]).await.expect("what was built is sound");

    // The fixtures can fail.
    let fixture = folders[2].join("fixtures/default.json");
    let changed = fs::read_to_string(&fixture).expect("it is there").replace("\"support\",", "\"sales\",");
    fs::write(&fixture, changed).expect("it can be written");
    let error = plugin(&["test", "--out", text(&out), text(&folders[2])]).await.expect_err("another queue is expected");
    assert_eq!(error, "1 of 2 fixtures failed");

    // A folder that is taken is left alone.
    let error = plugin(&["new", "bot", text(&folders[0])]).await.expect_err("the folder is taken");
    assert!(error.contains("is not empty"), "{error}");
}

#[tokio::test]
async fn files_that_are_no_plugins_are_told_apart() {
    let folder = workshop();
    for (content, named) in [
        (&b"hello"[..], "not a wasm component"),
        (b"\0asm\x01\0\0\0", "core wasm module"),
        (b"\0asm\x0d\0\x01\0", "has no manifest"),
    ] {
        let file = folder.path().join("file.wasm");
        fs::write(&file, content).expect("a new file");
        let error = plugin(&["check", text(&file)]).await.expect_err("it is no plugin");
        assert!(error.contains(named), "{named}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}
