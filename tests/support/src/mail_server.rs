//! A real mail server that can be told to fail.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::http::Client;
use crate::process::{Running, tail};
use crate::{paths, script, within};

/// Time for it to come up.
const START: Duration = Duration::from_secs(20);

/// A running mail server. It ends with this value.
#[derive(Debug)]
pub struct MailServer {
    port: u16,
    url: String,
    client: Client,
    /// Held so that it ends with this value.
    _running: Running,
}

impl MailServer {
    /// Starts one on a free port. `manner`: `--tls`, `--plain`, or nothing for STARTTLS.
    pub async fn start(manner: &[&str]) -> Result<Self> {
        script::install().await?;
        let mut command = Command::new("node");
        command.arg(paths::root().join("tests/npm/mail-server.mjs")).args(manner).arg("--until-stdin-closes");
        let running = Running::start(&mut command)?;
        let told = within(START, "the mail server", async || {
            let output = running.output();
            Ok(output.lines().find_map(|line| serde_json::from_str::<Value>(line).ok()))
        })
        .await
        .with_context(|| tail(&running.output()))?;
        let port = told["port"].as_u64().and_then(|port| u16::try_from(port).ok()).context("a port")?;
        let url = told["url"].as_str().context("an address")?.to_owned();
        Ok(Self { port, url, client: Client::default(), _running: running })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The root of its certificate.
    pub fn root() -> PathBuf {
        paths::root().join("tests/npm/mail-tls/ca.pem")
    }

    /// The next letters fail: `later`, `never`, `cut`, `slow`.
    pub async fn behaves(&self, mode: &str, times: u64) -> Result<()> {
        let wanted = json!({ "mode": mode, "times": times });
        self.client.call("POST", &format!("{}/behaves", self.url), &[], Some(&wanted)).await?.expect(200)?;
        Ok(())
    }

    /// What it has seen: `mails`, and `most` connections at once.
    pub async fn seen(&self) -> Result<Value> {
        self.client.call("GET", &format!("{}/mails", self.url), &[], None).await?.expect(200)
    }
}
