//! The one writer: many jobs share a commit, each in a savepoint of its own, and no job is answered before the commit.
//!
//! Checkpoints run on a second connection, because a checkpoint inside the committing one stalls every waiting job.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use rusqlite::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::{Mutex, broadcast, mpsc, oneshot};

use crate::rows::StoredEvent;
use crate::tx::Tx;
use crate::{StoreError, open};

/// Pages of the log (4 KiB each) beyond which the writer is held for a moment so that the log can start anew.
const WAL_PAGES: i64 = 16_384;

/// Something that the writer does between BEGIN and COMMIT.
pub(crate) trait Job: Send {
    /// Does it. False: it failed, and what it changed must be undone.
    fn run<'t>(&'t mut self, tx: &'t mut Tx<'_>) -> BoxFuture<'t, bool>;
    /// Why it failed, when it did.
    fn fault(&self) -> Option<StoreError>;
    /// It is kept. The answer may leave.
    fn kept(self: Box<Self>);
    /// It is not kept, because the whole group failed.
    fn lost(self: Box<Self>, error: StoreError);
}

/// A job made of a closure and the place for its answer.
pub(crate) struct Closure<F, T> {
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<F, T> Closure<F, T> {
    pub(crate) fn new(work: F, answer: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self { work: Some(work), result: None, answer }
    }
}

impl<F, T> Job for Closure<F, T>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, StoreError>> + Send,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx<'_>) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else { return false };
            let worked = AssertUnwindSafe(work(tx)).catch_unwind().await;
            let result = match worked {
                Ok(Ok(value)) => tx.finish().await.map(|()| value),
                Ok(Err(error)) => Err(error),
                Err(_) => Err(StoreError::Database("a job of ours panicked".into())),
            };
            let kept = result.is_ok();
            self.result = Some(result);
            kept
        })
    }

    fn fault(&self) -> Option<StoreError> {
        self.result.as_ref()?.as_ref().err().map(StoreError::copied)
    }

    fn kept(self: Box<Self>) {
        if let Some(result) = self.result {
            // Whoever asked may have gone; the job is done all the same.
            let _ = self.answer.send(result);
        }
    }

    fn lost(self: Box<Self>, error: StoreError) {
        let _ = self.answer.send(Err(error));
    }
}

/// What the writer needs beside its connection.
pub(crate) struct Writer {
    pub(crate) jobs: mpsc::Receiver<Box<dyn Job>>,
    pub(crate) committed: broadcast::Sender<Arc<StoredEvent>>,
    pub(crate) group_limit: usize,
    pub(crate) gate: Arc<Mutex<()>>,
    pub(crate) dirty: Arc<AtomicBool>,
}

/// Runs until every handle of the store is gone and the queue is empty. Needs a thread of its own.
pub(crate) fn run(conn: &mut Connection, mut writer: Writer) {
    while let Some(first) = writer.jobs.blocking_recv() {
        let mut group = vec![first];
        while group.len() < writer.group_limit
            && let Ok(job) = writer.jobs.try_recv()
        {
            group.push(job);
        }
        let gate = Arc::clone(&writer.gate);
        let _held = gate.blocking_lock();
        commit_group(conn, group, &writer);
        writer.dirty.store(true, Ordering::Release);
    }
}

fn commit_group(conn: &mut Connection, mut group: Vec<Box<dyn Job>>, writer: &Writer) {
    if let Err(error) = execute(conn, "BEGIN IMMEDIATE") {
        return give_up(group, &error);
    }
    let mut events = Vec::new();
    for job in &mut group {
        let mut tx = Tx::new(conn);
        // A job waits for nothing but the database, which answers at once: one poll is the whole of it.
        let kept = job.run(&mut tx).now_or_never().unwrap_or(false);
        match tx.end(kept) {
            Ok(appended) => events.extend(appended),
            Err(error) => {
                // SQLite has undone the whole group on its own: what it says now is less than what the job heard.
                let error = job.fault().unwrap_or(error);
                let _ = execute(conn, "ROLLBACK");
                return give_up(group, &error);
            }
        }
    }
    if let Err(error) = execute(conn, "COMMIT") {
        let _ = execute(conn, "ROLLBACK");
        return give_up(group, &error);
    }
    for event in events {
        // Nobody listens: that is no failure, the log is in the database.
        let _ = writer.committed.send(Arc::new(event));
    }
    group.into_iter().for_each(Job::kept);
}

fn give_up(group: Vec<Box<dyn Job>>, error: &StoreError) {
    tracing::error!(%error, jobs = group.len(), "a group of jobs could not be committed");
    group.into_iter().for_each(|job| job.lost(error.copied()));
}

fn execute(conn: &Connection, sql: &str) -> Result<(), StoreError> {
    conn.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Moves the log into the file every so often, until `stop`.
pub(crate) async fn checkpoint(
    mut conn: SqliteConnection,
    every: Duration,
    gate: Arc<Mutex<()>>,
    dirty: Arc<AtomicBool>,
    mut stop: oneshot::Receiver<()>,
) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            _ = &mut stop => break,
        }
        if !dirty.swap(false, Ordering::AcqRel) {
            continue;
        }
        let pages: Result<(i64, i64, i64), _> =
            sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(&mut conn).await;
        match pages {
            Ok((_, log, _)) if log > WAL_PAGES => {
                let _held = gate.lock().await;
                if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(RESTART)").execute(&mut conn).await {
                    tracing::warn!(%error, "the write-ahead log could not start anew");
                }
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "a checkpoint failed"),
        }
    }
    let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut conn).await;
    open::close(conn).await;
}
