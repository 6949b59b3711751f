//! The program beside the gateway: started before it, ended with it.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};

use super::plan::CompanionPlan;

/// How long it may take to end after its standard input has closed.
const PATIENCE: Duration = Duration::from_secs(3);

/// A program that runs while this value lives. It watches its standard input: when we end in any way, that closes.
pub(super) struct Companion {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Companion {
    /// Starts it and waits for its first line, by which it says that it is ready.
    pub(super) async fn start(plan: &CompanionPlan) -> anyhow::Result<Self> {
        let [program, arguments @ ..] = plan.command.as_slice() else { bail!("the companion has no command") };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        // A Ctrl-C at the terminal reaches the whole group; the companion must outlive our drain.
        command.process_group(0).kill_on_drop(true);
        let failed = || format!("the companion `{}` did not start: {}", plan.command.join(" "), plan.advice);
        let mut child = command.spawn().with_context(failed)?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().with_context(failed)?;
        let mut lines = BufReader::new(stdout).lines();
        let patience = Duration::from_millis(plan.ready_timeout_ms);
        let first = tokio::time::timeout(patience, lines.next_line()).await;
        match first {
            Ok(Ok(Some(line))) => tracing::info!(companion = %line, "the companion is ready"),
            Ok(Ok(None) | Err(_)) => bail!("{}", failed()),
            Err(_) => bail!("{} (it was not ready after {patience:?})", failed()),
        }
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { child, stdin })
    }

    /// Ends it.
    pub(super) async fn stop(mut self) {
        drop(self.stdin.take());
        if tokio::time::timeout(PATIENCE, self.child.wait()).await.is_err() {
            let _ = self.child.kill().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(command: &[&str]) -> CompanionPlan {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        CompanionPlan { command, ready_timeout_ms: 2000, advice: "install it".to_owned() }
    }

    #[tokio::test]
    async fn it_ends_when_its_input_closes() {
        let companion = Companion::start(&plan(&["sh", "-c", "echo ready; cat"])).await.expect("started");
        tokio::time::timeout(Duration::from_secs(2), companion.stop()).await.expect("`cat` ends at once");
    }

    #[tokio::test]
    async fn what_cannot_start_says_what_to_do() {
        for command in [&["no-such-program-anywhere"] as &[&str], &["sh", "-c", "exit 3"]] {
            let refusal = Companion::start(&plan(command)).await.err().expect("refused").to_string();
            assert!(refusal.contains("did not start: install it"), "{refusal}");
        }
    }
}
