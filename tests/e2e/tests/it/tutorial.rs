//! Follows `docs/plugins/tutorial.md` to the letter: types its commands, pastes its files, installs what comes out, and
//! sends a message through it.
//!
//! What the page and this test agree on: a code block whose info string holds `file=PATH` is the whole new content of
//! that file in the plugin's folder; in blocks of `sh`, every line that begins with `passerelle ` or `cd ` is typed.
//! The vendor of the page is the tests' fake channel.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use passerelle_test_support::channel::{API_TOKEN, FakeChannel, Inbound, WEBHOOK_SECRET};
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::process::run;
use passerelle_test_support::{paths, plugins, seed};
use serde_json::json;
use tokio::process::Command;

use crate::house::PATIENCE;

/// One thing that the page tells its reader to do.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// Type this.
    Type(Vec<String>),
    /// Make this the content of that file.
    Paste { file: String, content: String },
}

/// The steps of a page, in their order.
fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let block: Vec<_> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        let words: Vec<_> = info.split([',', ' ']).collect();
        if let Some(file) = words.iter().find_map(|word| word.strip_prefix("file=")) {
            steps.push(Step::Paste { file: file.to_owned(), content: format!("{}\n", block.join("\n")) });
        } else if words[0] == "sh" {
            steps.extend(block.iter().filter_map(|line| typed(line)).map(Step::Type));
        }
    }
    steps
}

/// The words of a line that is typed; a comment behind it is not.
fn typed(line: &str) -> Option<Vec<String>> {
    let is_typed = line.starts_with("passerelle ") || line.starts_with("cd ");
    is_typed.then(|| line.split_whitespace().take_while(|word| *word != "#").map(str::to_owned).collect())
}

#[test]
fn the_steps_of_a_page_are_found() {
    let page = "Text.\n```sh\ncd here\ncargo test\npasserelle plugin build  # makes it\n```\n\
                ```rust,file=src/lib.rs\nfn a() {}\n```\n```text\npasserelle is not typed here\n```\n";
    let words = |line: &str| line.split(' ').map(str::to_owned).collect();
    let paste = Step::Paste { file: "src/lib.rs".to_owned(), content: "fn a() {}\n".to_owned() };
    assert_eq!(steps(page), [Step::Type(words("cd here")), Step::Type(words("passerelle plugin build")), paste]);
}

/// The reader at the keyboard.
struct Reader {
    /// Where the reader is.
    here: PathBuf,
    /// Every word of the commands typed so far.
    typed: Vec<String>,
}

impl Reader {
    async fn does(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Paste { file, content } => {
                let file = self.here.join(file);
                ensure!(file.parent().is_some_and(Path::is_dir), "`{}` has no folder", file.display());
                Ok(std::fs::write(file, content)?)
            }
            Step::Type(words) if words[0] == "cd" => {
                self.here = self.here.join(words.get(1).context("where to")?);
                ensure!(self.here.is_dir(), "`{}` is no folder", self.here.display());
                Ok(())
            }
            Step::Type(words) => self.types(words).await,
        }
    }

    async fn types(&mut self, words: &[String]) -> Result<()> {
        self.typed.extend_from_slice(words);
        if words.iter().any(|word| word == "install") {
            // Done below with the gateway of this test, which is not the one of the page.
            return Ok(());
        }
        let mut command = Command::new(paths::binary()?);
        command.args(&words[1..]).current_dir(&self.here);
        if words.iter().any(|word| word == "new") {
            command.arg("--sdk-path").arg(paths::root().join("sdk/guest"));
        }
        let finished = run(&mut command, Duration::from_secs(600)).await?;
        ensure!(finished.status.success(), "`{}`: {}{}", words.join(" "), finished.stdout, finished.stderr);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tutorial_works_as_it_is_written() -> Result<()> {
    let page = paths::root().join("docs/plugins/tutorial.md");
    let page = std::fs::read_to_string(&page).with_context(|| format!("`{}`", page.display()))?;
    let folder = tempfile::tempdir()?;
    let mut reader = Reader { here: folder.path().to_path_buf(), typed: Vec::new() };
    for step in steps(&page) {
        reader.does(&step).await.with_context(|| format!("{step:?}"))?;
    }
    for command in ["new", "build", "test", "install"] {
        ensure!(reader.typed.iter().any(|word| word == command), "the page never types `passerelle plugin {command}`");
    }
    let manifest =
        std::fs::read_to_string(reader.here.join("plugin.toml")).context("the page ends in the plugin's folder")?;
    let Some(id) = manifest.lines().find_map(|line| line.strip_prefix("id = ")) else { bail!("no id in {manifest}") };
    a_message_flows_through(&reader.here, id.trim_matches('"')).await
}

async fn a_message_flows_through(folder: &Path, id: &str) -> Result<()> {
    let channel = FakeChannel::start().await?;
    let setup = Setup { allow_private: vec![channel.address()], ..Setup::default() };
    let mut gateway = Gateway::prepare(&setup)?;
    gateway.installs_file(&plugins::built_from(folder).await?).await?;
    gateway.installs(plugins::BOT_ECHO).await?;
    let access = seed::app(&gateway, "Tutorial").await?;
    gateway.starts().await?;
    let api = gateway.api(&access);
    let secrets = json!({ "token": API_TOKEN, "webhook-secret": WEBHOOK_SECRET });
    let integration = api.integrates(id, json!({ "api_base": channel.url() }), secrets).await?;
    let bot = api.integrates("bot-echo", json!({}), json!({})).await?;
    api.switchboard(&[("bot", &bot)]).await?;
    let webhook = gateway.webhook(&integration, WEBHOOK_SECRET);
    let answer = webhook.deliver(&Inbound::text("m-1", "ada", "hello")).await?;
    ensure!(answer.status.is_success(), "{}: {}", answer.status, answer.text());
    channel.shows("ada", "echo: hello", PATIENCE).await
}
