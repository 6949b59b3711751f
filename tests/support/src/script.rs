//! The scripts of `tests/npm` and `tests/python`: programs of others, driven by few lines of ours.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::desk::Agent;
use crate::gateway::Access;
use crate::paths;
use crate::process::{Finished, run};

/// Time for `npm ci` or `make python`, with a network.
const INSTALL: Duration = Duration::from_secs(300);
/// Time for one script.
const SCRIPT: Duration = Duration::from_secs(120);

static INSTALLED: OnceCell<()> = OnceCell::const_new();
static PYTHON: OnceCell<()> = OnceCell::const_new();

/// An official client library of the Conversations API: a language whose scripts make the same calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Official {
    /// Version 14.1.0, in `tests/npm`.
    JavaScript,
    /// Version 17.0.1, in `tests/python`.
    Python,
}

impl Official {
    /// Both.
    pub const ALL: [Self; 2] = [Self::JavaScript, Self::Python];

    /// A command that runs this script, such as `walk`.
    pub async fn script(self, name: &str) -> Result<Command> {
        let mut command = self.interpreter().await?;
        match self {
            Self::JavaScript => command.arg(script(&format!("{name}.mjs"))),
            Self::Python => command.arg(self.folder().join(name).with_extension("py")),
        };
        Ok(command)
    }

    /// A command that runs the language with the library at hand.
    pub async fn interpreter(self) -> Result<Command> {
        match self {
            Self::JavaScript => {
                install().await?;
                Ok(Command::new("node"))
            }
            Self::Python => {
                install_python().await?;
                Ok(Command::new(self.folder().join(".venv/bin/python")))
            }
        }
    }

    /// Where the scripts are.
    pub fn folder(self) -> PathBuf {
        paths::root().join(match self {
            Self::JavaScript => "tests/npm",
            Self::Python => "tests/python",
        })
    }

    /// Runs a script as this caller; further options stand in `arguments`. The answer is its JSON.
    pub async fn runs(self, name: &str, access: &Access, arguments: &[&str]) -> Result<Value> {
        let mut command = self.script(name).await?;
        let text = run(command.args(caller(access)).args(arguments), SCRIPT)
            .await?
            .success()
            .with_context(|| format!("{self:?} {name}"))?;
        serde_json::from_str(&text).with_context(|| format!("not JSON: {text}"))
    }
}

async fn install_python() -> Result<()> {
    let made = PYTHON.get_or_try_init(|| async {
        let mut make = Command::new("make");
        make.arg("python").current_dir(paths::root());
        run(&mut make, INSTALL).await?.success().context("`make python`")?;
        Ok(())
    });
    made.await.copied()
}

/// Installs what the scripts need, unless it is there.
pub async fn install() -> Result<()> {
    INSTALLED
        .get_or_try_init(|| async {
            let folder = paths::root().join("tests/npm");
            let there = |package: &str| folder.join(format!("node_modules/{package}/package.json")).is_file();
            if ["node-zendesk", "smtp-server"].into_iter().all(there) {
                return Ok(());
            }
            let mut npm = Command::new("npm");
            npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
            run(&mut npm, INSTALL).await?.success().context("`npm ci` in tests/npm")?;
            Ok(())
        })
        .await
        .copied()
}

/// Runs the official client library against the gateway; the answer is its JSON.
pub async fn conversations_client(access: &Access, arguments: &[&str]) -> Result<Value> {
    let text = run_conversations_client(access, arguments).await?.success()?;
    serde_json::from_str(&text).with_context(|| format!("not JSON: {text}"))
}

/// The same, however it ends.
pub async fn run_conversations_client(access: &Access, arguments: &[&str]) -> Result<Finished> {
    install().await?;
    let mut node = Command::new("node");
    node.arg(script("conversations-client.mjs"));
    run(node.args(caller(access)).args(arguments), SCRIPT).await
}

/// Runs the walk of a client of Zendesk Support as this agent; the answer is its JSON.
pub async fn zendesk_client(base: &str, agent: &Agent) -> Result<Value> {
    install().await?;
    let mut node = Command::new("node");
    node.arg(script("zendesk.mjs"));
    let options = [format!("--base={base}"), format!("--email={}", agent.email), format!("--token={}", agent.token())];
    let text = run(node.args(options), SCRIPT).await?.success()?;
    serde_json::from_str(&text).with_context(|| format!("not JSON: {text}"))
}

/// Who calls, as options of a script. A secret may begin with a dash, so it is written behind `=`.
pub fn caller(access: &Access) -> [String; 4] {
    let Access { base, app, key, secret } = access;
    [format!("--base={base}"), format!("--app={app}"), format!("--key={key}"), format!("--secret={secret}")]
}

fn script(name: &str) -> impl AsRef<std::ffi::OsStr> {
    Path::join(&paths::root(), "tests/npm").join(name)
}
