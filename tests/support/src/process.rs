//! Programs that tests start: their output is kept, and they end with the test.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::http::lock;

/// Output kept of one program; more than this is cut at the front.
const MAX_OUTPUT_BYTES: usize = 64 * 1024 * 1024;

/// A program that runs. It is killed when this value goes.
#[derive(Debug)]
pub struct Running {
    child: Child,
    output: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

/// What a program that ended said.
#[derive(Clone, Debug)]
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Finished {
    /// The standard output, provided that the program was content.
    pub fn success(self) -> Result<String> {
        if !self.status.success() {
            bail!("{}: {}{}", self.status, self.stdout, self.stderr);
        }
        Ok(self.stdout)
    }
}

/// Runs a program to its end, within `limit`.
pub async fn run(command: &mut Command, limit: Duration) -> Result<Finished> {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let name = command.as_std().get_program().to_string_lossy().into_owned();
    let output = tokio::time::timeout(limit, command.output()).await;
    let output = output.with_context(|| format!("`{name}` ran longer than {limit:?}"))?;
    let output = output.with_context(|| format!("`{name}` does not start"))?;
    Ok(Finished {
        status: output.status,
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

impl Running {
    /// Starts a program and keeps what it prints.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("`{name}` does not start"))?;
        let output = Arc::<Mutex<String>>::default();
        let mut readers = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            readers.push(tokio::spawn(keep(stdout, output.clone())));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.push(tokio::spawn(keep(stderr, output.clone())));
        }
        Ok(Self { child, output, readers })
    }

    /// Its process id.
    pub fn id(&self) -> Result<u32> {
        self.child.id().context("the program has ended")
    }

    /// Everything printed so far, standard output and error together.
    pub fn output(&self) -> String {
        lock(&self.output).clone()
    }

    /// Whether it has ended, and how.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// SIGKILL, and waits until it is gone.
    pub async fn kill(&mut self) -> Result<()> {
        self.child.kill().await?;
        self.drain().await;
        Ok(())
    }

    /// SIGTERM, and waits for its end.
    pub async fn terminate(&mut self, limit: Duration) -> Result<ExitStatus> {
        signal(self.id()?, "TERM").await?;
        self.wait(limit).await
    }

    /// Waits for its end.
    pub async fn wait(&mut self, limit: Duration) -> Result<ExitStatus> {
        let status = tokio::time::timeout(limit, self.child.wait()).await;
        let status = status.with_context(|| format!("still running after {limit:?}: {}", tail(&self.output())))??;
        self.drain().await;
        Ok(status)
    }

    async fn drain(&mut self) {
        for reader in self.readers.drain(..) {
            // A grandchild may hold the pipe; what it prints later does not matter.
            let _ = tokio::time::timeout(Duration::from_secs(1), reader).await;
        }
    }
}

/// Sends a signal by its name, such as `TERM` or `HUP`.
pub async fn signal(process: u32, name: &str) -> Result<()> {
    let mut kill = Command::new("kill");
    kill.arg(format!("-{name}")).arg(process.to_string());
    run(&mut kill, Duration::from_secs(5)).await?.success()?;
    Ok(())
}

async fn keep(pipe: impl AsyncRead + Unpin, output: Arc<Mutex<String>>) {
    let mut lines = BufReader::new(pipe).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut kept = lock(&output);
        kept.push_str(&line);
        kept.push('\n');
        if kept.len() > MAX_OUTPUT_BYTES {
            let cut = kept.len() - MAX_OUTPUT_BYTES / 2;
            let cut = (cut..kept.len()).find(|index| kept.is_char_boundary(*index)).unwrap_or(0);
            kept.drain(..cut);
        }
    }
}

/// The end of a long text.
pub fn tail(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}

/// CPU time that a process has used, user and system.
pub fn cpu_time(process: u32) -> Result<Duration> {
    /// Linux reports in hundredths of a second to every program.
    const TICKS_PER_SECOND: u64 = 100;
    let stat = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat"))?;
    // The name in parentheses may hold spaces; after it the fields are plain: state is the first, utime the twelfth.
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| -> Result<u64> { Ok(fields.get(index).context("a short stat line")?.parse()?) };
    Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 1000 / TICKS_PER_SECOND))
}

/// Resident memory of a process in KiB.
pub fn resident_kib(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS line")?;
    Ok(line.split_whitespace().next().context("an empty VmRSS line")?.parse()?)
}
