//! The reference's database: one writer with group commit, checkpoints on a second connection.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{mpsc, oneshot};

/// Jobs in one commit at most.
const GROUP: usize = 256;
/// Jobs that may wait.
const QUEUE: usize = 4096;
/// Pause between two checkpoints.
const CHECKPOINT: Duration = Duration::from_millis(250);

/// A handle on the writer.
#[derive(Clone)]
pub(crate) struct Store {
    jobs: mpsc::Sender<Job>,
}

/// One message to be kept.
pub(crate) struct Message {
    /// Unique; a repeat changes nothing.
    pub(crate) id: String,
    pub(crate) conversation: String,
    pub(crate) author: &'static str,
    pub(crate) text: String,
}

struct Job {
    message: Message,
    /// Told after the commit: whether the message is new.
    done: oneshot::Sender<bool>,
}

impl Store {
    pub(crate) async fn open(file: &Path, synchronous: &str) -> Result<Self> {
        let synchronous = match synchronous {
            "full" => SqliteSynchronous::Full,
            "normal" => SqliteSynchronous::Normal,
            other => bail!("`{other}` is not `full` or `normal`"),
        };
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("wal_autocheckpoint", "0");
        let mut connection = options.connect().await?;
        for table in [
            "CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, last_seq INTEGER NOT NULL) STRICT",
            "CREATE TABLE IF NOT EXISTS messages (
                 id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL REFERENCES conversations (id),
                 seq INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (conversation, seq)) STRICT",
        ] {
            sqlx::query(table).execute(&mut connection).await?;
        }
        let (jobs, queue) = mpsc::channel(QUEUE);
        tokio::spawn(checkpoint(options.connect().await?));
        tokio::spawn(write(connection, queue));
        Ok(Self { jobs })
    }

    /// Keeps a message; comes back after the commit. False for a repeat.
    pub(crate) async fn keep(&self, message: Message) -> Result<bool> {
        let (done, kept) = oneshot::channel();
        self.jobs.send(Job { message, done }).await.ok().context("the writer has ended")?;
        kept.await.context("the commit failed")
    }
}

async fn checkpoint(mut connection: SqliteConnection) {
    loop {
        tokio::time::sleep(CHECKPOINT).await;
        // A checkpoint that finds readers in its way does the rest next time.
        let _ = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut connection).await;
    }
}

async fn write(mut connection: SqliteConnection, mut queue: mpsc::Receiver<Job>) -> Result<()> {
    let mut group = Vec::with_capacity(GROUP);
    while queue.recv_many(&mut group, GROUP).await > 0 {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut told = Vec::with_capacity(group.len());
        for job in group.drain(..) {
            let is_new = insert(&mut transaction, &job.message).await?;
            told.push((job.done, is_new));
        }
        transaction.commit().await?;
        for (done, is_new) in told {
            // The request may have been given up meanwhile; the message is kept all the same.
            let _ = done.send(is_new);
        }
    }
    Ok(())
}

async fn insert(connection: &mut SqliteConnection, message: &Message) -> Result<bool> {
    let seq: i64 = sqlx::query_scalar(
        "INSERT INTO conversations (id, last_seq) VALUES (?, 1)
         ON CONFLICT (id) DO UPDATE SET last_seq = last_seq + 1 RETURNING last_seq",
    )
    .bind(&message.conversation)
    .fetch_one(&mut *connection)
    .await?;
    let inserted =
        sqlx::query("INSERT OR IGNORE INTO messages (id, conversation, seq, author, text) VALUES (?, ?, ?, ?, ?)")
            .bind(&message.id)
            .bind(&message.conversation)
            .bind(seq)
            .bind(message.author)
            .bind(&message.text)
            .execute(&mut *connection)
            .await?;
    Ok(inserted.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_repeat_is_not_new() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("r.db"), "full").await.expect("opens");
        let message = || Message { id: "1".into(), conversation: "c".into(), author: "user", text: "hi".into() };
        assert!(store.keep(message()).await.expect("kept"));
        assert!(!store.keep(message()).await.expect("kept"));
    }
}
