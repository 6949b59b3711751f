//! One job's view of the database: reads see its own writes, writes wait until they are needed.
//!
//! SQLite runs on a thread of its own and every exchange with it costs about ten microseconds. Writes are therefore
//! gathered and sent as one text, together with the job's savepoint; the same text comes again with the next job of
//! the same kind and is prepared already.

mod conversation;
mod inbound;
mod outbound;
mod people;
mod tenant;
mod turn;

pub use inbound::{ChannelState, KvEntry};
pub use outbound::{DeliveryOutcome, NewDelivery};
pub use turn::NewTurn;

use passerelle_model::id::DeliveryId;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};

use crate::StoreError;
use crate::rows::{DueTurn, StoredEvent, TurnTrigger};
use crate::value::{Columns as _, Value};

/// One job's view of the database.
pub struct Tx<'c> {
    conn: &'c mut SqliteConnection,
    sql: String,
    statements: usize,
    arguments: SqliteArguments,
    begun: bool,
    broken: Option<StoreError>,
    awaited: Vec<Awaited>,
    events: Vec<StoredEvent>,
    turns: Vec<DueTurn>,
    sending: Vec<DeliveryId>,
}

/// A gathered write that answers with one row.
enum Awaited {
    /// Cursor and number of an event.
    Event(Box<StoredEvent>),
    /// Row and event number of a turn.
    Turn(Box<DueTurn>),
    /// Whether a delivery is under way at once.
    Delivery(DeliveryId),
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: &'c mut SqliteConnection) -> Self {
        Self {
            conn,
            sql: String::new(),
            statements: 0,
            arguments: SqliteArguments::default(),
            begun: false,
            broken: None,
            awaited: Vec::new(),
            events: Vec::new(),
            turns: Vec::new(),
            sending: Vec::new(),
        }
    }

    /// Sends what was gathered and ends the job's savepoint. Called by the writer after the job; a job calls it itself
    /// as its last act when its answer needs what the database gave: event numbers, turns, deliveries under way.
    pub async fn finish(&mut self) -> Result<(), StoreError> {
        if self.begun {
            self.gather("RELEASE job");
        } else if self.statements > 1 {
            // Nothing was sent yet: the whole job is one text.
            self.sql.insert_str(0, "SAVEPOINT job;");
            self.begun = true;
            self.gather("RELEASE job");
        }
        self.send().await?;
        self.begun = false;
        Ok(())
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

    /// Gathers a write.
    pub(crate) fn put(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value>) {
        self.gather(sql);
        self.bind(values);
    }

    /// Sends what was gathered together with this question.
    pub(crate) async fn ask(
        &mut self,
        sql: &'static str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        if self.statements > 0 && !self.begun {
            self.sql.insert_str(0, "SAVEPOINT job;");
            self.begun = true;
        }
        self.gather(sql);
        self.bind(values);
        self.send().await
    }

    /// Ends the job; gives what it appended when it is kept.
    pub(crate) async fn end(self, kept: bool) -> Result<Vec<StoredEvent>, StoreError> {
        if kept {
            return Ok(self.events);
        }
        if self.begun {
            sqlx::query("ROLLBACK TO job; RELEASE job").execute(self.conn).await?;
        }
        Ok(Vec::new())
    }

    fn gather(&mut self, sql: &str) {
        if !self.sql.is_empty() {
            self.sql.push(';');
        }
        self.sql.push_str(sql);
        self.statements += 1;
    }

    fn bind(&mut self, values: impl IntoIterator<Item = Value>) {
        for value in values {
            if let Err(error) = value.bind(&mut self.arguments) {
                self.broken.get_or_insert(error);
            }
        }
    }

    async fn send(&mut self) -> Result<Vec<SqliteRow>, StoreError> {
        if let Some(error) = self.broken.take() {
            return Err(error);
        }
        if self.statements == 0 {
            return Ok(Vec::new());
        }
        self.statements = 0;
        let sql = std::mem::take(&mut self.sql);
        let arguments = std::mem::take(&mut self.arguments);
        let mut rows = sqlx::query_with(AssertSqlSafe(sql), arguments).fetch_all(&mut *self.conn).await?;
        let asked = rows.split_off(self.awaited.len().min(rows.len()));
        self.settle(rows)?;
        Ok(asked)
    }

    fn settle(&mut self, rows: Vec<SqliteRow>) -> Result<(), StoreError> {
        let awaited = std::mem::take(&mut self.awaited);
        if awaited.len() != rows.len() {
            return Err(StoreError::Database(format!("{} answers instead of {}", rows.len(), awaited.len())));
        }
        for (awaited, row) in awaited.into_iter().zip(rows) {
            match awaited {
                Awaited::Event(mut stored) => {
                    stored.cursor = row.integer("cursor")?;
                    stored.event.seq = row.number("seq")?;
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
        }
        Ok(())
    }
}
