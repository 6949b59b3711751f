//! Takes every example of `docs/api/guide.md` and runs them in order, once in each language, against a real gateway.
//!
//! What the page and this test agree on: a code block whose info string is `bash,run`, `js,run` or `python,run` is run.
//! The blocks of one language are one program, with its lines where the page has them: what an error names as a line of
//! the program is that line of the page.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use passerelle_test_support::gateway::{Access, Gateway, Setup};
use passerelle_test_support::process::run;
use passerelle_test_support::script::Official;
use passerelle_test_support::{FakeChannel, paths, plugins, seed};
use tokio::process::Command;

/// Time for all examples of one language.
const PATIENCE: Duration = Duration::from_secs(120);
const PAGE: &str = "docs/api/guide.md";
const LANGUAGES: [&str; 3] = ["bash", "js", "python"];

/// The examples of one language as a program; other lines of the page are empty lines of it.
fn program(page: &str, language: &str) -> String {
    let opening = format!("```{language},run");
    let mut is_inside = false;
    let mut program = String::new();
    for line in page.lines() {
        if line.starts_with("```") {
            is_inside = line == opening;
        } else if is_inside {
            program.push_str(line);
        }
        program.push('\n');
    }
    program
}

/// The sections that lack an example in this language.
fn sections_without(page: &str, language: &str) -> Vec<String> {
    let sections = page.split("\n## ").skip(1);
    let lacking = sections.filter(|section| program(section, language).trim().is_empty());
    lacking.map(|section| section.lines().next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_program_has_its_lines_where_the_page_has_them() {
    let page = "# Page\n```js,run\nfirst();\n```\ntext\n```js\nnot run\n```\n```js,run\nlast();\n```\n";
    assert_eq!(program(page, "js"), "\n\nfirst();\n\n\n\n\n\n\nlast();\n\n");
    assert_eq!(program(page, "bash").trim(), "");
}

#[test]
fn a_section_without_an_example_is_found() {
    let page = "# Page\n\n## Whole\n```js,run\na();\n```\n\n## Text only\nwords\n";
    assert_eq!(sections_without(page, "js"), ["Text only"]);
}

#[test]
fn every_task_of_the_guide_has_an_example_in_every_language() -> Result<()> {
    let page = page()?;
    for task in ["Receive webhooks", "Listen live", "Link a client", "Retry safely", "Upload and send a file"] {
        ensure!(page.contains(&format!("\n## {task}")), "the guide has lost `{task}`");
    }
    for language in LANGUAGES {
        assert_eq!(sections_without(&page, language), Vec::<String>::new(), "{language}");
    }
    Ok(())
}

fn page() -> Result<String> {
    let path = paths::root().join(PAGE);
    std::fs::read_to_string(&path).with_context(|| format!("`{}`", path.display()))
}

/// What runs the program of a language, kept in this folder.
async fn interpreter(language: &str, folder: &Path) -> Result<Command> {
    let file = folder.join("guide").with_extension(match language {
        "bash" => "sh",
        "js" => "mjs",
        _ => "py",
    });
    std::fs::write(&file, program(&page()?, language))?;
    let mut command = match language {
        "bash" => {
            let mut bash = Command::new("bash");
            // An error ends the program and names the line of the page.
            bash.args(["-Eeuo", "pipefail", "-c", r#"trap 'echo "line $LINENO of the guide" >&2' ERR; . "$0""#]);
            bash
        }
        "js" => {
            let node = Official::JavaScript.interpreter().await?;
            // Modules are looked up beside the program.
            std::os::unix::fs::symlink(
                Official::JavaScript.folder().join("node_modules"),
                folder.join("node_modules"),
            )?;
            node
        }
        "python" => Official::Python.interpreter().await?,
        other => bail!("no interpreter for `{other}`"),
    };
    command.arg(file).current_dir(folder);
    Ok(command)
}

async fn the_guide_works_in(language: &str) -> Result<()> {
    let channel = FakeChannel::start().await?;
    let hook = format!("127.0.0.1:{}", passerelle_test_support::gateway::free_port()?);
    let allow_private = vec![channel.address(), hook.clone()];
    let mut gateway = Gateway::prepare(&Setup { allow_private, has_public_url: true, ..Setup::default() })?;
    gateway.installs(plugins::CHANNEL_LOOP).await?;
    let access = seed::app(&gateway, "Guide").await?;
    let account = seed::account_key(&gateway, &access).await?;
    gateway.starts().await?;
    let integration = seed::loop_channel(&gateway.api(&access), "channel-loop", &channel).await?;
    let folder = tempfile::tempdir()?;
    let mut program = interpreter(language, folder.path()).await?;
    let Access { base, app, key, secret } = &account;
    let environment = [("BASE", base), ("APP", app), ("KEY", key), ("SECRET", secret)];
    program.envs(environment).env("CHANNEL", &integration).env("LISTEN", &hook);
    let finished = run(&mut program, PATIENCE).await?;
    ensure!(finished.status.success(), "{}\n{}\n{}", finished.status, finished.stdout, finished.stderr);
    gateway.stops().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_works_in_curl() -> Result<()> {
    the_guide_works_in("bash").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_works_in_javascript() -> Result<()> {
    the_guide_works_in("js").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_works_in_python() -> Result<()> {
    the_guide_works_in("python").await
}
