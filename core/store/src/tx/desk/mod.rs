//! The desk's rows: who works there (`staff`), what there is to do (`ticket`), who is asked to do it (`offer`).

mod mail;
mod offer;
mod rules;
mod staff;
mod ticket;

pub use offer::Line;
pub use staff::NewAgent;

use super::Tx;
use crate::StoreError;
use crate::value::{Columns as _, Value, values};

impl Tx<'_> {
    /// Writes a row that the database numbers, and gives the number.
    async fn numbered(
        &mut self,
        sql: &'static str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<i64, StoreError> {
        let rows = self.ask(sql, values).await?;
        rows.first().ok_or_else(|| StoreError::Database("a new row has no number".into()))?.integer("id")
    }

    /// Keeps how far the desk has read the log.
    pub fn set_desk_cursor(&mut self, cursor: i64) {
        self.put("UPDATE desk_reader SET cursor = ?", values![cursor]);
    }
}
