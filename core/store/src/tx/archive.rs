//! Taking history over: the only writes that keep the ids, dates and numbers of another house.
//!
//! See `docs/decisions/0008-history-has-a-door-of-its-own.md` for why this is no second way to write a message.

use passerelle_model::id::AppId;

use super::Tx;
use crate::archive::{ArchiveLine, Column, Kind, Taken, Way, decode, encode, kind_of};
use crate::value::{Row, Value};
use crate::{StoreError, map};

impl Tx<'_> {
    /// Takes one line over, provided that everything in it belongs to this app. A line that cannot be taken over changes
    /// nothing and leaves the others alone.
    pub async fn take_over(&mut self, app: AppId, line: &ArchiveLine) -> Result<Taken, StoreError> {
        self.finish().await?;
        match self.try_line(app, line) {
            Ok(taken) => Ok(taken),
            Err(error) if error.is_passing() => Err(error),
            Err(error) => Ok(Taken::Conflict(error.to_string())),
        }
    }

    fn try_line(&mut self, app: AppId, line: &ArchiveLine) -> Result<Taken, StoreError> {
        let conflict = |reason: String| Ok(Taken::Conflict(reason));
        let Some(kind) = kind_of(line) else { return conflict("its type is unknown".to_owned()) };
        let unknown = line.keys().find(|key| *key != "type" && !kind.columns.iter().any(|column| column.name == **key));
        if let Some(key) = unknown {
            return conflict(format!("`{key}` is unknown"));
        }
        let mut given = Vec::with_capacity(kind.columns.len());
        for column in kind.columns {
            let Some(value) = decode(column, line) else { return conflict(format!("`{}` is not sound", column.name)) };
            given.push(value);
        }
        if let Some(reason) = self.is_foreign(kind, app, line)? {
            return conflict(reason);
        }
        if let Some(row) = self.write_line(kind, given)? {
            return self.settle_line(kind, app, line, &row);
        }
        match self.stored_line(kind, line)? {
            None => conflict("its row is not there, or its unique name is taken".to_owned()),
            Some(stored) if stored.iter().eq(line.iter().filter(|(_, value)| !value.is_null())) => Ok(Taken::Same),
            Some(_) => conflict("it is there already, and differs".to_owned()),
        }
    }

    /// Why a line does not belong to the app.
    fn is_foreign(&mut self, kind: &Kind, app: AppId, line: &ArchiveLine) -> Result<Option<String>, StoreError> {
        let own = if kind.table == "apps" { "id" } else { "app" };
        for column in kind.columns {
            if column.name == own && line.get(own).and_then(|id| id.as_str()) != Some(&app.to_string()) {
                return Ok(Some("it belongs to another app".to_owned()));
            }
            let Some((_, place)) = kind.parents.iter().find(|(name, _)| *name == column.name) else { continue };
            if matches!(line.get(column.name), None | Some(serde_json::Value::Null)) {
                continue;
            }
            let id = decode(column, line).unwrap_or(Value::Null);
            let sql = format!("SELECT 1 FROM {place}");
            if self.run(&sql, [id, Value::from(app)])?.is_empty() {
                return Ok(Some(format!("its `{}` is not there", column.name)));
            }
        }
        Ok(None)
    }

    /// Keeps a row that the model can read, and notes the files that a message shows.
    fn settle_line(&mut self, kind: &Kind, app: AppId, line: &ArchiveLine, row: &Row) -> Result<Taken, StoreError> {
        if let Err(error) = (kind.reads)(row) {
            let (condition, key) = named(kind, line);
            self.run(&format!("DELETE FROM {} WHERE {condition}", kind.table), key)?;
            return Ok(Taken::Conflict(error.to_string()));
        }
        if kind.table == "messages" {
            let message = map::message(row)?;
            self.use_media(app, message.id, &message.content);
        }
        Ok(Taken::Added)
    }

    /// The row that was added or linked; none when nothing was.
    fn write_line(&mut self, kind: &Kind, given: Vec<Value>) -> Result<Option<Row>, StoreError> {
        let names = |columns: &[Column]| columns.iter().map(|column| column.name).collect::<Vec<_>>();
        let rows = match kind.way {
            Way::Insert(fixed) => {
                let all: Vec<_> = names(kind.columns).into_iter().chain(fixed.iter().map(|(name, _)| *name)).collect();
                let sql = format!(
                    "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING RETURNING *",
                    kind.table,
                    all.join(", "),
                    vec!["?"; all.len()].join(", "),
                );
                self.run(&sql, given.into_iter().chain(fixed.iter().map(|(_, value)| Value::from(*value))))?
            }
            Way::Link => {
                let [row, owner, link] = names(kind.columns)[..] else { return Ok(None) };
                let sql = format!(
                    "UPDATE {} SET {link} = ?3 WHERE {row} = ?1 AND {owner} = ?2 AND ({link} IS NULL OR {link} = 0) \
                     RETURNING *",
                    kind.table,
                );
                self.run(&sql, given)?
            }
        };
        Ok(rows.into_iter().next())
    }

    fn stored_line(&mut self, kind: &Kind, line: &ArchiveLine) -> Result<Option<ArchiveLine>, StoreError> {
        let (condition, key) = named(kind, line);
        let rows: Vec<Row> = self.run(&format!("SELECT * FROM {} WHERE {condition}", kind.table), key)?;
        rows.first().map(|row| encode(kind, row)).transpose()
    }
}

/// The condition that finds the row of a line, with its values.
fn named(kind: &Kind, line: &ArchiveLine) -> (String, Vec<Value>) {
    let key = &kind.columns[..kind.key];
    let condition: Vec<_> = key.iter().map(|column| format!("{} = ?", column.name)).collect();
    (condition.join(" AND "), key.iter().filter_map(|column| decode(column, line)).collect())
}
