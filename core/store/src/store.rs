//! The handle that everybody shares: jobs go to the writer, questions to the readers.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_util::future::BoxFuture;
use rusqlite::Connection;
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqliteRow};
use sqlx::{AssertSqlSafe, Sqlite, Transaction};
use tokio::sync::{Mutex, broadcast, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::rows::StoredEvent;
use crate::tx::Tx;
use crate::value::Value;
use crate::writer::{self, Closure, Job, Writer};
use crate::{OpenError, StoreConfig, StoreError, open};

/// Committed events that a listener may lag behind before it must read them from the store.
const FEED: usize = 4096;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    jobs: std::sync::Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    readers: SqlitePool,
    committed: broadcast::Sender<Arc<StoredEvent>>,
    version: String,
    tasks: Mutex<Option<Tasks>>,
}

struct Tasks {
    writer: oneshot::Receiver<()>,
    checkpointer: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Store {
    /// Opens or makes `passerelle.db` in this folder and starts the writer.
    pub async fn open(data_dir: &Path, config: &StoreConfig) -> Result<Self, OpenError> {
        let opened = open::open(data_dir, config).await?;
        let (jobs, queue) = mpsc::channel(config.queue_limit.clamp(1, 65_536));
        let (committed, _) = broadcast::channel(FEED);
        let (stop, stopped) = oneshot::channel();
        let (gate, dirty) = (Arc::new(Mutex::new(())), Arc::new(AtomicBool::new(true)));
        let every = Duration::from_millis(config.checkpoint_ms.max(10));
        let checkpointer = tokio::spawn(writer::checkpoint(
            opened.checkpointer,
            every,
            Arc::clone(&gate),
            Arc::clone(&dirty),
            stopped,
        ));
        let group_limit = config.group_limit.clamp(1, 1024);
        let task = Writer { jobs: queue, committed: committed.clone(), group_limit, gate, dirty };
        let writer = writer_thread(opened.writer, task).map_err(|error| OpenError::Other {
            path: data_dir.into(),
            reason: format!("the writer's thread does not start: {error}"),
        })?;
        Ok(Self(Arc::new(Inner {
            jobs: std::sync::Mutex::new(Some(jobs)),
            readers: opened.readers,
            committed,
            version: opened.version,
            tasks: Mutex::new(Some(Tasks { writer, checkpointer, stop })),
        })))
    }

    /// Finishes the jobs that wait, moves the log into the file and closes every connection.
    pub async fn close(&self) {
        self.jobs().take();
        let Some(tasks) = self.0.tasks.lock().await.take() else { return };
        let _ = tasks.writer.await;
        self.0.readers.close().await;
        let _ = tasks.stop.send(());
        let _ = tasks.checkpointer.await;
    }

    /// Version of the SQLite library.
    pub fn sqlite_version(&self) -> &str {
        &self.0.version
    }

    /// Runs a job in the writer and answers after its commit. Jobs run in the order in which they are handed over;
    /// what a failed job changed is undone.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
    {
        let sender = self.jobs().clone().ok_or(StoreError::Closed)?;
        let (answer, answered) = oneshot::channel();
        sender.send(Box::new(Closure::new(work, answer))).await.map_err(|_| StoreError::Closed)?;
        drop(sender);
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// An empty job: whether the database can be written now.
    pub async fn writable(&self) -> Result<(), StoreError> {
        self.write(|_| Box::pin(async { Ok(()) })).await
    }

    /// Jobs that wait for the writer.
    pub fn queued(&self) -> usize {
        self.jobs().as_ref().map_or(0, |jobs| jobs.max_capacity() - jobs.capacity())
    }

    /// Committed events from now on, in commit order.
    pub fn committed(&self) -> broadcast::Receiver<Arc<StoredEvent>> {
        self.0.committed.subscribe()
    }

    /// Asks a reader.
    pub(crate) async fn ask(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let mut arguments = SqliteArguments::default();
        for value in values {
            value.bind(&mut arguments)?;
        }
        Ok(sqlx::query_with(AssertSqlSafe(sql.into()), arguments).fetch_all(&self.0.readers).await?)
    }

    /// Everything as it is at one moment, for as long as the caller reads.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.0.readers.begin().await?)
    }

    fn jobs(&self) -> std::sync::MutexGuard<'_, Option<mpsc::Sender<Box<dyn Job>>>> {
        self.0.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Starts the writer on a thread of its own, where it and SQLite need no hand-over between threads.
fn writer_thread(mut conn: Connection, writer: Writer) -> std::io::Result<oneshot::Receiver<()>> {
    let (ended, end) = oneshot::channel();
    std::thread::Builder::new().name("store-writer".into()).spawn(move || {
        writer::run(&mut conn, writer);
        drop(conn);
        let _ = ended.send(());
    })?;
    Ok(end)
}
