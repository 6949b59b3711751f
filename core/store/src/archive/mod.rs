//! An app as lines: what leaves with an export, and the one door through which history comes in as it was.
//!
//! Each kind of line is a table with the columns that stand for themselves; a test holds the lists against the schema, so
//! that a new column needs a decision. What is absent: secrets, keys, webhooks, work that waits, and the log of events,
//! because history that moves has happened already and must not happen again.

mod export;
mod kinds;

use passerelle_model::id::RawId;
use serde_json::{Map, Value as Json};

use crate::StoreError;
use crate::value::{Columns, Value, json};

pub(crate) use kinds::{Column, Form, KINDS, Kind, Way};

/// The version of the format. A reader refuses newer ones.
pub const ARCHIVE_SCHEMA: u64 = 1;

/// One line: `type` and the columns that are not empty.
pub type ArchiveLine = Map<String, Json>;

/// What became of a line that was to be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is there now.
    Added,
    /// It was there already, exactly like this.
    Same,
    /// It was not taken over, and nothing changed.
    Conflict(String),
}

/// The kind of a line, by its word.
pub(crate) fn kind_of(line: &ArchiveLine) -> Option<&'static Kind> {
    let word = line.get("type")?.as_str()?;
    KINDS.iter().find(|kind| kind.word == word)
}

/// A row as a line.
pub(crate) fn encode(kind: &Kind, row: &impl Columns) -> Result<ArchiveLine, StoreError> {
    let mut line = Map::new();
    line.insert("type".to_owned(), kind.word.into());
    for Column { name, form } in kind.columns {
        let value = match form {
            Form::Id => row.maybe_id::<RawId>(name)?.map(|id| id.to_string().into()),
            Form::Number => row.maybe_integer(name)?.map(Json::from),
            Form::Flag => row.maybe_integer(name)?.map(|number| (number != 0).into()),
            Form::Text => row.maybe_text(name)?.map(Json::from),
            Form::Document => row.maybe_document(name)?,
        };
        if let Some(value) = value {
            line.insert((*name).to_owned(), value);
        }
    }
    Ok(line)
}

/// A column of a line as the database keeps it; none when it is of the wrong form.
pub(crate) fn decode(column: &Column, line: &ArchiveLine) -> Option<Value> {
    let value = match line.get(column.name) {
        None | Some(Json::Null) => return Some(Value::Null),
        Some(value) => value,
    };
    match column.form {
        Form::Id => value.as_str()?.parse::<RawId>().ok().map(Value::from),
        Form::Number => value.as_i64().map(Value::from),
        Form::Flag => value.as_bool().map(Value::from),
        Form::Text => value.as_str().map(Value::from),
        Form::Document => Some(json(value)),
    }
}
