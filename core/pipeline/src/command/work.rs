//! How a command is carried out: one function inside the writer's transaction, its effects after the commit.
//!
//! A command that is refused leaves nothing behind, unless it says so (`Stop::Noted`). A
//! repeated request runs no command: it is answered with what the first one made, as it is now.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use passerelle_model::event::EventKind;
use passerelle_model::id::{AppId, RawId};
use passerelle_model::time::Timestamp;
use passerelle_store::{Once, StoreError, Tx};

use super::{Caller, Command, CommandError, Done, Executed, Stop, carry_out, made, permission};
use crate::control::Hands;
use crate::directory::Directory;
use crate::effects::Effects;
use crate::gateway::Inner;
use crate::once::{self, Written};

/// What a command comes to inside of the writer.
pub(super) type Outcome<T = Done> = Result<T, Stop>;

/// What a command has at hand, and what shall follow from it.
pub(super) struct Work {
    pub(super) inner: Arc<Inner>,
    /// The picture of the house when the command began.
    pub(super) directory: Arc<Directory>,
    pub(super) app: AppId,
    pub(super) caller: Caller,
    pub(super) now: Timestamp,
    pub(super) effects: Effects,
    /// Whether the switchboard must be read into memory anew.
    pub(super) changes_board: bool,
}

impl Work {
    fn new(inner: &Arc<Inner>, caller: Caller, app: AppId) -> Self {
        Self {
            directory: inner.book.now(),
            now: inner.clock.now(),
            inner: Arc::clone(inner),
            app,
            caller,
            effects: Effects::default(),
            changes_board: false,
        }
    }

    /// The next id.
    pub(super) fn id<T: From<RawId>>(&self) -> T {
        self.inner.ids.next(self.now)
    }

    /// Appends an event that stands in no conversation.
    pub(super) fn tell(&self, tx: &mut Tx<'_>, kind: EventKind) {
        tx.append_app_event(self.app, self.id(), self.now, kind);
    }

    /// Does what must follow the commit.
    async fn follow(self) -> Result<(), StoreError> {
        self.inner.failpoint.hit("after-command-commit");
        self.effects.follow(&self.inner).await;
        if self.changes_board {
            self.inner.read_board(self.app).await?;
        }
        Ok(())
    }

    /// The switchboard's side of the command.
    pub(super) fn hands(&self) -> Hands<'_> {
        Hands::new(&self.directory, self.app, &self.inner.ids, self.now)
    }
}

/// Commands and other writes in one transaction: what an agent does changes a ticket and its conversation at once.
pub struct Together<'w, 'c> {
    work: &'w mut Work,
    /// The job's view of the database.
    pub tx: &'w mut Tx<'c>,
}

impl Together<'_, '_> {
    /// Carries a command out in the name of the caller.
    pub async fn execute(&mut self, command: Command) -> Result<Done, Stop> {
        permission::check(self.work.caller, self.work.app, &command)?;
        carry_out(self.work, self.tx, command).await
    }
}

/// Runs a job in which commands can be carried out; their effects follow the commit.
pub(super) async fn run_together<F>(
    inner: &Arc<Inner>,
    caller: Caller,
    app: AppId,
    once: Option<Once>,
    job: F,
) -> Result<Written, CommandError>
where
    F: for<'w> FnOnce(Together<'w, '_>) -> BoxFuture<'w, Result<String, Stop>> + Send + 'static,
{
    let mut work = Work::new(inner, caller, app);
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let written = write_together(&mut work, tx, once, job).await;
            if written.is_ok() {
                work.effects.collect(tx).await?;
            }
            once::settled(tx, written.map(|written| (written, work)))
        })
    });
    let (written, work) = written.await??;
    work.follow().await?;
    Ok(written)
}

async fn write_together<F>(work: &mut Work, tx: &mut Tx<'_>, once: Option<Once>, job: F) -> Outcome<Written>
where
    F: for<'w> FnOnce(Together<'w, '_>) -> BoxFuture<'w, Result<String, Stop>>,
{
    if let Some(made) = once::before(tx, once.as_ref()).await? {
        return Ok(Written { made, replayed: true });
    }
    let made = job(Together { work, tx }).await?;
    if let Some(once) = &once {
        tx.remember(once, &made, work.now);
    }
    Ok(Written { made, replayed: false })
}

/// Carries a command out in one transaction; its effects follow the commit.
pub(super) async fn run(
    inner: &Arc<Inner>,
    caller: Caller,
    app: AppId,
    command: Command,
    once: Option<Once>,
) -> Result<Executed, CommandError> {
    let work = Work::new(inner, caller, app);
    let (executed, work) = inner.store.write(move |tx| Box::pin(write(tx, work, command, once))).await??;
    work.follow().await?;
    Ok(executed)
}

async fn write(
    tx: &mut Tx<'_>,
    mut work: Work,
    command: Command,
    once: Option<Once>,
) -> Result<Result<(Executed, Work), CommandError>, StoreError> {
    let executed = execute(&mut work, tx, command, once).await;
    if executed.is_ok() {
        work.effects.collect(tx).await?;
    }
    once::settled(tx, executed.map(|executed| (executed, work)))
}

async fn execute(work: &mut Work, tx: &mut Tx<'_>, command: Command, once: Option<Once>) -> Outcome<Executed> {
    if let Some(made) = once::before(tx, once.as_ref()).await? {
        return Ok(Executed { done: made::now(work, tx, &made).await?, replayed: true });
    }
    let done = carry_out(work, tx, command).await?;
    if let Some(once) = &once {
        tx.remember(once, &made::name(&done)?, work.now);
    }
    Ok(Executed { done, replayed: false })
}
