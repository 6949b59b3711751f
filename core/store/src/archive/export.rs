//! Reading an app from beginning to end, while the house goes on.

use futures_util::TryStreamExt as _;
use passerelle_model::id::AppId;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteArguments;

use super::{ArchiveLine, KINDS, Kind, decode, encode, kind_of};
use crate::value::Value;
use crate::{Store, StoreError};

impl Store {
    /// Hands every line of an app to `out`, or those behind a line that was handed out before. All of them show one
    /// moment; one row at a time is held in memory.
    pub async fn export<E: From<StoreError>>(
        &self,
        app: AppId,
        after: Option<&ArchiveLine>,
        mut out: impl FnMut(ArchiveLine) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let last = after.and_then(kind_of);
        let mut moment = self.snapshot().await?;
        for kind in KINDS.iter().skip_while(|kind| last.is_some_and(|last| last.word != kind.word)) {
            let mark = after.filter(|_| last.is_some_and(|last| last.word == kind.word));
            let (sql, arguments) = question(kind, app, mark)?;
            let mut rows = sqlx::query_with(AssertSqlSafe(sql), arguments).fetch(&mut *moment);
            while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                out(encode(kind, &row)?)?;
            }
        }
        Ok(())
    }
}

fn question(kind: &Kind, app: AppId, mark: Option<&ArchiveLine>) -> Result<(String, SqliteArguments), StoreError> {
    let list = |names: &[super::Column]| {
        names.iter().map(|column| format!("t.{}", column.name)).collect::<Vec<_>>().join(", ")
    };
    let (all, key) = (list(kind.columns), list(&kind.columns[..kind.key]));
    let mut arguments = SqliteArguments::default();
    Value::from(app).bind(&mut arguments)?;
    let mut behind = String::new();
    if let Some(mark) = mark {
        behind = format!(" AND ({key}) > ({})", vec!["?"; kind.key].join(", "));
        for column in &kind.columns[..kind.key] {
            let wrong = || StoreError::BadRow(format!("line of type `{}`: `{}` is not sound", kind.word, column.name));
            decode(column, mark).ok_or_else(wrong)?.bind(&mut arguments)?;
        }
    }
    Ok((format!("SELECT {all} FROM {} t {}{behind} ORDER BY {key}", kind.table, kind.of_app), arguments))
}
