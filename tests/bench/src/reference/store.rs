//! The reference's database: one writer with group commit on a thread of its own, checkpoints on a second connection.
//! The same driver as the gateway's writer, so that the ratio compares what is done and not what does it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rusqlite::{Connection, params};
use tokio::sync::{mpsc, oneshot};

/// Jobs in one commit at most.
const GROUP: usize = 256;
/// Jobs that may wait.
const QUEUE: usize = 4096;
/// Pause between two checkpoints.
const CHECKPOINT: Duration = Duration::from_millis(250);

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, last_seq INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS messages (
        id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL REFERENCES conversations (id),
        seq INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (conversation, seq)) STRICT";
const NUMBER: &str = "INSERT INTO conversations (id, last_seq) VALUES (?, 1)
    ON CONFLICT (id) DO UPDATE SET last_seq = last_seq + 1 RETURNING last_seq";
const INSERT: &str = "INSERT OR IGNORE INTO messages (id, conversation, seq, author, text) VALUES (?, ?, ?, ?, ?)";

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
    pub(crate) fn open(file: &Path, synchronous: &str) -> Result<Self> {
        if !["full", "normal"].contains(&synchronous) {
            bail!("`{synchronous}` is not `full` or `normal`");
        }
        let (writer, checkpointer) = (connect(file, synchronous)?, connect(file, synchronous)?);
        writer.execute_batch(SCHEMA)?;
        let (jobs, queue) = mpsc::channel(QUEUE);
        std::thread::spawn(move || checkpoint(&checkpointer));
        std::thread::spawn(move || write(&writer, queue));
        Ok(Self { jobs })
    }

    /// Keeps a message; comes back after the commit. False for a repeat.
    pub(crate) async fn keep(&self, message: Message) -> Result<bool> {
        let (done, kept) = oneshot::channel();
        self.jobs.send(Job { message, done }).await.ok().context("the writer has ended")?;
        kept.await.context("the commit failed")
    }
}

fn connect(file: &Path, synchronous: &str) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

fn checkpoint(connection: &Connection) {
    loop {
        std::thread::sleep(CHECKPOINT);
        // A checkpoint that finds readers in its way does the rest next time.
        let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
}

fn write(connection: &Connection, mut queue: mpsc::Receiver<Job>) -> Result<()> {
    let mut group = Vec::with_capacity(GROUP);
    while queue.blocking_recv_many(&mut group, GROUP) > 0 {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut told = Vec::with_capacity(group.len());
        for job in group.drain(..) {
            let is_new = insert(connection, &job.message)?;
            told.push((job.done, is_new));
        }
        connection.prepare_cached("COMMIT")?.execute([])?;
        for (done, is_new) in told {
            // The request may have been given up meanwhile; the message is kept all the same.
            let _ = done.send(is_new);
        }
    }
    Ok(())
}

fn insert(connection: &Connection, message: &Message) -> Result<bool> {
    let seq: i64 = connection.prepare_cached(NUMBER)?.query_row([&message.conversation], |row| row.get(0))?;
    let row = params![message.id, message.conversation, seq, message.author, message.text];
    Ok(connection.prepare_cached(INSERT)?.execute(row)? == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_repeat_is_not_new() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("r.db"), "full").expect("opens");
        let message = || Message { id: "1".into(), conversation: "c".into(), author: "user", text: "hi".into() };
        assert!(store.keep(message()).await.expect("kept"));
        assert!(!store.keep(message()).await.expect("kept"));
    }
}
