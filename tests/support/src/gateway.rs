//! The gateway under test: the real binary, with a data folder and a configuration file of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::process::Command;

use crate::api::Api;
use crate::channel::Webhook;
use crate::http::{Answer, Client};
use crate::paths;
use crate::process::{self, Finished, Running, run, tail};

/// Time for the gateway to become ready.
const START: Duration = Duration::from_secs(30);
/// Time for it to drain.
const STOP: Duration = Duration::from_secs(40);
/// Time for one command of the command line.
const COMMAND: Duration = Duration::from_secs(120);

/// Who calls the API, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// `http://127.0.0.1:PORT`
    pub base: String,
    /// The app.
    pub app: String,
    /// The key's id.
    pub key: String,
    /// The key's secret.
    pub secret: String,
}

/// How a gateway is set up.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// Addresses such as `127.0.0.1:9001` that plugins and webhooks may reach although they are not public.
    pub allow_private: Vec<String>,
    /// `full` or `normal`; the default of the binary where absent.
    pub synchronous: Option<&'static str>,
    /// Whether vendors are told where we are.
    pub has_public_url: bool,
    /// Settings as environment variables, such as `("PASSERELLE__GATEWAY__FAILPOINT", "before-ack:3")`.
    pub environment: Vec<(String, String)>,
    /// Folder that stays after the test; a temporary one where absent.
    pub folder: Option<PathBuf>,
}

/// A gateway.
#[derive(Debug)]
pub struct Gateway {
    folder: PathBuf,
    _temporary: Option<TempDir>,
    port: u16,
    environment: Vec<(String, String)>,
    client: Client,
    running: Option<Running>,
    /// What earlier processes of this gateway printed.
    earlier_output: String,
}

impl Gateway {
    /// A gateway with this set-up that does not run yet.
    pub fn prepare(setup: &Setup) -> Result<Self> {
        let temporary = match &setup.folder {
            Some(_) => None,
            None => Some(tempfile::Builder::new().prefix("passerelle-test-").tempdir()?),
        };
        let folder = match (&setup.folder, &temporary) {
            (Some(folder), _) => folder.clone(),
            (None, Some(temporary)) => temporary.path().to_path_buf(),
            (None, None) => bail!("no folder"),
        };
        std::fs::create_dir_all(folder.join("data"))?;
        let port = free_port()?;
        std::fs::write(folder.join("passerelle.toml"), configuration(setup, port))?;
        Ok(Self {
            folder,
            _temporary: temporary,
            port,
            environment: setup.environment.clone(),
            client: Client::default(),
            running: None,
            earlier_output: String::new(),
        })
    }

    /// Keeps a copy of every answer from now on; see [`Client::seen`].
    pub fn record_answers(&mut self) {
        self.client = Client::recording();
    }

    /// The client of this gateway's tests.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// `http://127.0.0.1:PORT`
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.folder.join("passerelle.toml")
    }

    /// Adds lines to the configuration file.
    pub fn configure(&self, lines: &str) -> Result<()> {
        let text = std::fs::read_to_string(self.config())?;
        Ok(std::fs::write(self.config(), format!("{text}\n{lines}\n"))?)
    }

    /// Sets an environment variable for the processes that are started from now on.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        self.environment.retain(|(known, _)| known != name);
        if let Some(value) = value {
            self.environment.push((name.to_owned(), value.to_owned()));
        }
    }

    fn command(&self) -> Result<Command> {
        let mut command = Command::new(paths::binary()?);
        command.current_dir(&self.folder).envs(self.environment.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }

    /// Runs a command of the command line with this gateway's configuration, such as `["app", "create"]`.
    pub async fn runs(&self, arguments: &[&str]) -> Result<Finished> {
        let mut command = self.command()?;
        command.args(arguments).arg("--config").arg(self.config());
        run(&mut command, COMMAND).await
    }

    /// The same, provided that it is content; gives its output.
    pub async fn says(&self, arguments: &[&str]) -> Result<String> {
        self.runs(arguments).await?.success().with_context(|| format!("passerelle {}", arguments.join(" ")))
    }

    /// Installs the plugin that is built from this folder of the checkout.
    pub async fn installs(&self, folder: &str) -> Result<()> {
        self.installs_file(&crate::plugins::built(folder).await?).await
    }

    /// Installs a plugin's file.
    pub async fn installs_file(&self, file: &Path) -> Result<()> {
        self.says(&["plugin", "install", &file.to_string_lossy()]).await?;
        Ok(())
    }

    /// Starts the process without waiting for it.
    pub fn spawns(&mut self) -> Result<()> {
        if let Some(gone) = self.running.take() {
            self.earlier_output.push_str(&gone.output());
        }
        let mut command = self.command()?;
        command.arg("serve").arg("--config").arg(self.config());
        self.running = Some(Running::start(&mut command)?);
        Ok(())
    }

    /// Starts the process and waits until it is ready.
    pub async fn starts(&mut self) -> Result<()> {
        self.spawns()?;
        self.becomes_ready().await
    }

    /// Waits until the gateway is ready. An end of the process meanwhile is an error at once.
    pub async fn becomes_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + START;
        let url = format!("{}/readyz", self.base());
        loop {
            if let Some(status) = self.process()?.ended()? {
                bail!("the gateway ended with {status} before it was ready: {}", tail(&self.process()?.output()));
            }
            // Asked past the recording client, so that hundreds of these do not fill the record.
            let asked = Client::default().send("GET", &url, &[], Default::default()).await;
            if matches!(&asked, Ok(answer) if answer.status.is_success()) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("not ready after {START:?}: {asked:?}; {}", tail(&self.process()?.output()));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// SIGKILL.
    pub async fn is_killed(&mut self) -> Result<()> {
        self.process()?.kill().await
    }

    /// SIGTERM, and waits until it has drained.
    pub async fn stops(&mut self) -> Result<()> {
        let status = self.process()?.terminate(STOP).await?;
        if !status.success() {
            bail!("the gateway ended with {status} after SIGTERM: {}", tail(&self.process()?.output()));
        }
        Ok(())
    }

    /// SIGHUP: reads the plugins again.
    pub async fn reloads(&mut self) -> Result<()> {
        process::signal(self.process()?.id()?, "HUP").await
    }

    /// The process.
    pub fn process(&mut self) -> Result<&mut Running> {
        self.running.as_mut().context("the gateway was not started")
    }

    /// Everything that the processes of this gateway printed.
    pub fn output(&self) -> String {
        let now = self.running.as_ref().map(Running::output).unwrap_or_default();
        format!("{}{now}", self.earlier_output)
    }

    /// The API with this key.
    pub fn api(&self, access: &Access) -> Api {
        Api::new(self.client.clone(), Access { base: self.base(), ..access.clone() })
    }

    /// The address at which this integration's vendor calls.
    pub fn webhook_url(&self, integration: &str) -> String {
        format!("{}/webhooks/{integration}", self.base())
    }

    /// The channel's side of an integration.
    pub fn webhook(&self, integration: &str, secret: &str) -> Webhook {
        Webhook::new(self.client.clone(), self.webhook_url(integration), secret)
    }

    /// `GET` of any path.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.client.send("GET", &format!("{}{path}", self.base()), &[], Default::default()).await
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.data().join("passerelle.db")
    }
}

fn configuration(setup: &Setup, port: u16) -> String {
    let allowed: Vec<_> = setup.allow_private.iter().map(|address| format!("\"{address}\"")).collect();
    let public_url =
        if setup.has_public_url { format!("public_url = \"http://127.0.0.1:{port}\"\n") } else { String::new() };
    let synchronous = setup.synchronous.map(|mode| format!("synchronous = \"{mode}\"\n")).unwrap_or_default();
    let allowed = allowed.join(", ");
    format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\n\n[data]\nfolder = \"data\"\n\n[database]\n{synchronous}\n\
         [gateway]\n{public_url}\n[plugins.egress]\nallow_private = [{allowed}]\n\
         [webhooks]\nallow_private = [{allowed}]\n"
    )
}

/// A port that nobody listens on now.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
