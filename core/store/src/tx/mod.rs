//! One job's view of the database: reads see its own writes.
//!
//! Jobs run on the writer's thread, beside SQLite: a statement costs what SQLite costs and nothing more. The first write
//! opens the job's savepoint. A write that fails is remembered and ends the job when it asks or finishes, so that the code
//! of a job reads as a list of what it does.

mod archive;
mod conversation;
mod desk;
mod inbound;
mod link;
mod media;
mod merge;
mod oauth;
mod once;
mod outbound;
mod people;
mod removal;
mod tenant;
mod turn;
mod webhook;
mod widget;

pub use desk::{Line, NewAgent};
pub use inbound::{ChannelState, KvEntry};
pub use outbound::{DeliveryOutcome, NewDelivery};
pub use removal::Purged;
pub use turn::NewTurn;
pub(crate) use webhook::ATTEMPTS;

use std::sync::Arc;

use passerelle_model::id::DeliveryId;
use rusqlite::Connection;

use crate::StoreError;
use crate::rows::{DueTurn, StoredEvent, TurnTrigger};
use crate::value::{Columns as _, Row, Value};

/// One job's view of the database.
pub struct Tx<'c> {
    conn: &'c mut Connection,
    begun: bool,
    undone: bool,
    broken: Option<StoreError>,
    events: Vec<StoredEvent>,
    turns: Vec<DueTurn>,
    sending: Vec<DeliveryId>,
}

/// A write that answers with one row.
enum Awaited {
    /// Cursor and number of an event.
    Event(Box<StoredEvent>),
    /// Row and event number of a turn.
    Turn(Box<DueTurn>),
    /// Whether a delivery is under way at once.
    Delivery(DeliveryId),
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: &'c mut Connection) -> Self {
        Self {
            conn,
            begun: false,
            undone: false,
            broken: None,
            events: Vec::new(),
            turns: Vec::new(),
            sending: Vec::new(),
        }
    }

    /// Says whether every write so far worked. Called by the writer after the job; a job calls it itself when its answer
    /// needs what the database gave: event numbers, turns, deliveries under way.
    pub async fn finish(&mut self) -> Result<(), StoreError> {
        self.broken.take().map_or(Ok(()), Err)
    }

    /// Undoes everything that the job has written and will write: it answers, and nothing of it stays.
    pub fn undo(&mut self) {
        self.undone = true;
    }

    /// The events that were appended and numbered so far.
    pub fn events(&self) -> &[StoredEvent] {
        &self.events
    }

    /// The turns that were queued and are due at once.
    pub fn take_turns(&mut self) -> Vec<DueTurn> {
        std::mem::take(&mut self.turns)
    }

    /// The deliveries that are under way with this commit, because nothing of their conversation waits before them.
    pub fn take_sending(&mut self) -> Vec<DeliveryId> {
        std::mem::take(&mut self.sending)
    }

    /// Writes.
    pub(crate) fn put(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value>) {
        if self.broken.is_none()
            && let Err(error) = self.run(sql, values)
        {
            self.broken = Some(error);
        }
    }

    /// Writes, and takes the one row that the statement answers with.
    fn put_awaited(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value>, awaited: Awaited) {
        if self.broken.is_some() {
            return;
        }
        let rows = self.run(sql, values);
        if let Err(error) = rows.and_then(|rows| self.settle(awaited, &rows)) {
            self.broken = Some(error);
        }
    }

    /// Asks. An earlier write that failed is told here.
    pub(crate) async fn ask(
        &mut self,
        sql: &'static str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<Row>, StoreError> {
        self.finish().await?;
        self.run(sql, values)
    }

    /// Ends the job; gives what it appended when it is kept.
    pub(crate) fn end(self, kept: bool) -> Result<Vec<StoredEvent>, StoreError> {
        let kept = kept && !self.undone;
        if self.begun {
            if !kept {
                self.conn.prepare_cached("ROLLBACK TO job")?.execute([])?;
            }
            self.conn.prepare_cached("RELEASE job")?.execute([])?;
        }
        Ok(if kept { self.events } else { Vec::new() })
    }

    fn run(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        if !self.begun && !statement.readonly() {
            self.conn.prepare_cached("SAVEPOINT job")?.execute([])?;
            self.begun = true;
        }
        let names: Arc<[String]> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        let mut taken = Vec::new();
        while let Some(row) = rows.next()? {
            taken.push(Row::take(&names, row)?);
        }
        Ok(taken)
    }

    fn settle(&mut self, awaited: Awaited, rows: &[Row]) -> Result<(), StoreError> {
        let [row] = rows else {
            return Err(StoreError::Database(format!("{} answers instead of one", rows.len())));
        };
        match awaited {
            Awaited::Event(mut stored) => {
                stored.cursor = row.integer("cursor")?;
                if let Some(place) = &mut stored.event.place {
                    place.seq = row.number("seq")?;
                    (place.active, place.pending) = (row.maybe_id("active")?, row.maybe_id("pending")?);
                }
                self.events.push(*stored);
            }
            Awaited::Turn(mut turn) => {
                turn.id = row.integer("id")?;
                if let (TurnTrigger::Event(seq), Some(given)) = (&mut turn.trigger, row.maybe_number("seq")?) {
                    *seq = given;
                }
                self.turns.push(*turn);
            }
            Awaited::Delivery(id) => {
                if row.integer("state")? == 1 {
                    self.sending.push(id);
                }
            }
        }
        Ok(())
    }
}
