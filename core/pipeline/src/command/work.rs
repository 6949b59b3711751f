//! How a command is carried out: one function inside the writer's transaction, its effects after the commit.
//!
//! A command that is refused leaves nothing behind, unless it says so (`Stop::Noted`).

use std::sync::Arc;

use passerelle_model::event::EventKind;
use passerelle_model::id::{AppId, RawId};
use passerelle_model::time::Timestamp;
use passerelle_store::{StoreError, Tx};

use super::{Caller, Command, CommandError, Done, carry_out};
use crate::control::Hands;
use crate::directory::Directory;
use crate::effects::Effects;
use crate::gateway::Inner;

/// What a command comes to inside of the writer.
pub(super) type Outcome<T = Done> = Result<T, Stop>;

/// Why a command ends early.
pub(super) enum Stop {
    /// It is refused, and nothing of it happened.
    Refused(CommandError),
    /// It is refused, and what was written down about that stays.
    Noted(CommandError),
    /// The database failed.
    Failed(StoreError),
}

impl From<CommandError> for Stop {
    fn from(error: CommandError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

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

    /// The switchboard's side of the command.
    pub(super) fn hands(&self) -> Hands<'_> {
        Hands::new(&self.directory, self.app, &self.inner.ids, self.now)
    }
}

/// Carries a command out in one transaction; its effects follow the commit.
pub(super) async fn run(
    inner: &Arc<Inner>,
    caller: Caller,
    app: AppId,
    command: Command,
) -> Result<Done, CommandError> {
    let work = Work::new(inner, caller, app);
    let (done, work) = inner.store.write(move |tx| Box::pin(write(tx, work, command))).await?;
    work.effects.follow(inner).await;
    if work.changes_board {
        inner.read_board(app).await?;
    }
    done
}

async fn write(
    tx: &mut Tx<'_>,
    mut work: Work,
    command: Command,
) -> Result<(Result<Done, CommandError>, Work), StoreError> {
    let done = match carry_out(&mut work, tx, command).await {
        Ok(done) => Ok(done),
        Err(Stop::Noted(error)) => Err(error),
        Err(Stop::Refused(error)) => {
            tx.undo();
            (work.effects, work.changes_board) = (Effects::default(), false);
            return Ok((Err(error), work));
        }
        Err(Stop::Failed(error)) => return Err(error),
    };
    work.effects.collect(tx).await?;
    Ok((done, work))
}
