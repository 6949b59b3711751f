//! Between the types of the model and the columns of SQLite.

use std::sync::Arc;

use passerelle_model::id::RawId;
use passerelle_model::time::Timestamp;
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, Row as _};

use crate::StoreError;
use crate::rows::Digest;

/// A value of one column.
#[derive(Debug)]
pub enum Value {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Value {
    /// Adds it to the arguments of a statement.
    pub(crate) fn bind(self, arguments: &mut SqliteArguments) -> Result<(), StoreError> {
        match self {
            Self::Null => arguments.add(None::<i64>),
            Self::Integer(number) => arguments.add(number),
            Self::Text(text) => arguments.add(text),
            Self::Blob(bytes) => arguments.add(bytes),
        }
        .map_err(|error| StoreError::Database(error.to_string()))
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A row that the writer's connection gave, on its own.
#[derive(Debug)]
pub(crate) struct Row {
    names: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    /// Takes the values of a row whose columns have these names.
    pub(crate) fn take(names: &Arc<[String]>, row: &rusqlite::Row<'_>) -> Result<Self, StoreError> {
        let values = (0..names.len()).map(|index| Ok(own(row.get_ref(index)?))).collect::<Result<_, StoreError>>()?;
        Ok(Self { names: Arc::clone(names), values })
    }

    fn get(&self, column: &str) -> Result<&Value, StoreError> {
        let index = self.names.iter().position(|name| name == column).ok_or_else(|| bad(column, "it is not there"))?;
        Ok(&self.values[index])
    }

    fn maybe_str(&self, column: &str) -> Result<Option<&str>, StoreError> {
        match self.get(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(bad(column, "it is no text")),
        }
    }

    fn maybe_bytes(&self, column: &str) -> Result<Option<&[u8]>, StoreError> {
        match self.get(column)? {
            Value::Null => Ok(None),
            Value::Blob(bytes) => Ok(Some(bytes)),
            _ => Err(bad(column, "it is no blob")),
        }
    }
}

/// Our tables are strict and hold no real numbers; a computed one is cut.
fn own(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Integer(number as i64),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

/// A document as JSON text.
pub(crate) fn json<T: Serialize + ?Sized>(document: &T) -> Value {
    // Our documents have text keys and finite shapes, so that writing them cannot fail; null would not be read back.
    serde_json::to_string(document).map_or(Value::Null, Value::Text)
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(i64::from(number))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Integer(i64::from(flag))
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::Integer(time.as_micros())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl From<Digest> for Value {
    fn from(digest: Digest) -> Self {
        Self::Blob(digest.0.to_vec())
    }
}

impl From<RawId> for Value {
    fn from(id: RawId) -> Self {
        Self::Blob(id.as_bytes().to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! id_values {
    ($($id:ident),+) => {
        $(impl From<passerelle_model::id::$id> for Value {
            fn from(id: passerelle_model::id::$id) -> Self {
                Self::Blob(id.as_bytes().to_vec())
            }
        })+
    };
}

id_values!(
    AppId,
    IntegrationId,
    UserId,
    ClientId,
    ConversationId,
    ParticipantId,
    MessageId,
    EventId,
    SwitchboardId,
    SwitchboardIntegrationId,
    RawInboundId,
    DeliveryId,
    DeviceId,
    WebhookId
);

macro_rules! numbers {
    ($($id:ident),+) => {
        $(impl From<passerelle_model::desk::$id> for Value {
            fn from(id: passerelle_model::desk::$id) -> Self {
                Self::Integer(id.0)
            }
        })+
    };
}

numbers!(
    PersonId,
    GroupId,
    MembershipId,
    TicketId,
    CommentId,
    AuditId,
    OfferId,
    SessionId,
    TokenId,
    RuleId,
    TicketFieldId,
    TicketFormId,
    QueueId,
    ShortcutId,
    ContentItemId,
    AgentStatusId
);

/// Values of the placeholders of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::value::Value::from($value)),*] };
}
pub(crate) use values;

/// Reads columns into the types of the model.
pub trait Columns {
    fn id<T: From<RawId>>(&self, column: &str) -> Result<T, StoreError>;
    fn maybe_id<T: From<RawId>>(&self, column: &str) -> Result<Option<T>, StoreError>;
    fn time(&self, column: &str) -> Result<Timestamp, StoreError>;
    fn maybe_time(&self, column: &str) -> Result<Option<Timestamp>, StoreError>;
    fn number(&self, column: &str) -> Result<u64, StoreError>;
    fn integer(&self, column: &str) -> Result<i64, StoreError>;
    fn maybe_number(&self, column: &str) -> Result<Option<u64>, StoreError>;
    fn maybe_integer(&self, column: &str) -> Result<Option<i64>, StoreError>;
    fn flag(&self, column: &str) -> Result<bool, StoreError>;
    fn text(&self, column: &str) -> Result<String, StoreError>;
    fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError>;
    fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError>;
    fn maybe_digest(&self, column: &str) -> Result<Option<Digest>, StoreError>;
    fn document<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError>;
    fn maybe_document<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, StoreError>;
}

fn bad(column: &str, reason: impl std::fmt::Display) -> StoreError {
    StoreError::BadRow(format!("column `{column}`: {reason}"))
}

fn get<'r, T>(row: &'r SqliteRow, column: &str) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    row.try_get(column).map_err(|error| bad(column, error))
}

impl Columns for SqliteRow {
    fn id<T: From<RawId>>(&self, column: &str) -> Result<T, StoreError> {
        self.maybe_id(column)?.ok_or_else(|| bad(column, "an id is missing"))
    }

    fn maybe_id<T: From<RawId>>(&self, column: &str) -> Result<Option<T>, StoreError> {
        let bytes: Option<&[u8]> = get(self, column)?;
        bytes
            .map(|bytes| <[u8; 12]>::try_from(bytes).map(|id| T::from(RawId::from_bytes(id))))
            .transpose()
            .map_err(|_| bad(column, "an id has 12 bytes"))
    }

    fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        get(self, column).map(Timestamp::from_micros)
    }

    fn maybe_time(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        Ok(get::<Option<i64>>(self, column)?.map(Timestamp::from_micros))
    }

    fn number(&self, column: &str) -> Result<u64, StoreError> {
        u64::try_from(self.integer(column)?).map_err(|error| bad(column, error))
    }

    fn integer(&self, column: &str) -> Result<i64, StoreError> {
        get(self, column)
    }

    fn maybe_integer(&self, column: &str) -> Result<Option<i64>, StoreError> {
        get(self, column)
    }

    fn maybe_number(&self, column: &str) -> Result<Option<u64>, StoreError> {
        let number: Option<i64> = get(self, column)?;
        number.map(u64::try_from).transpose().map_err(|error| bad(column, error))
    }

    fn flag(&self, column: &str) -> Result<bool, StoreError> {
        get::<i64>(self, column).map(|number| number != 0)
    }

    fn text(&self, column: &str) -> Result<String, StoreError> {
        get(self, column)
    }

    fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        get(self, column)
    }

    fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        get(self, column)
    }

    fn maybe_digest(&self, column: &str) -> Result<Option<Digest>, StoreError> {
        digest(column, get(self, column)?)
    }

    fn document<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        let text: &str = get(self, column)?;
        serde_json::from_str(text).map_err(|error| bad(column, error))
    }

    fn maybe_document<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, StoreError> {
        let text: Option<&str> = get(self, column)?;
        text.map(serde_json::from_str).transpose().map_err(|error| bad(column, error))
    }
}

fn digest(column: &str, bytes: Option<&[u8]>) -> Result<Option<Digest>, StoreError> {
    let digest = bytes.map(<[u8; 32]>::try_from).transpose();
    Ok(digest.map_err(|_| bad(column, "a digest has 32 bytes"))?.map(Digest))
}

fn needed<T>(column: &str, value: Option<T>) -> Result<T, StoreError> {
    value.ok_or_else(|| bad(column, "a value is missing"))
}

impl Columns for Row {
    fn id<T: From<RawId>>(&self, column: &str) -> Result<T, StoreError> {
        needed(column, self.maybe_id(column)?)
    }

    fn maybe_id<T: From<RawId>>(&self, column: &str) -> Result<Option<T>, StoreError> {
        let id = self.maybe_bytes(column)?.map(<[u8; 12]>::try_from).transpose();
        Ok(id.map_err(|_| bad(column, "an id has 12 bytes"))?.map(|id| T::from(RawId::from_bytes(id))))
    }

    fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        self.integer(column).map(Timestamp::from_micros)
    }

    fn maybe_time(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.maybe_integer(column)?.map(Timestamp::from_micros))
    }

    fn number(&self, column: &str) -> Result<u64, StoreError> {
        u64::try_from(self.integer(column)?).map_err(|error| bad(column, error))
    }

    fn integer(&self, column: &str) -> Result<i64, StoreError> {
        needed(column, self.maybe_integer(column)?)
    }

    fn maybe_integer(&self, column: &str) -> Result<Option<i64>, StoreError> {
        match self.get(column)? {
            Value::Null => Ok(None),
            Value::Integer(number) => Ok(Some(*number)),
            other => Err(bad(column, format!("{other:?} is no number"))),
        }
    }

    fn maybe_number(&self, column: &str) -> Result<Option<u64>, StoreError> {
        self.maybe_integer(column)?.map(u64::try_from).transpose().map_err(|error| bad(column, error))
    }

    fn flag(&self, column: &str) -> Result<bool, StoreError> {
        self.integer(column).map(|number| number != 0)
    }

    fn text(&self, column: &str) -> Result<String, StoreError> {
        needed(column, self.maybe_text(column)?)
    }

    fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(self.maybe_str(column)?.map(str::to_owned))
    }

    fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        needed(column, self.maybe_bytes(column)?).map(<[u8]>::to_vec)
    }

    fn maybe_digest(&self, column: &str) -> Result<Option<Digest>, StoreError> {
        digest(column, self.maybe_bytes(column)?)
    }

    fn document<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        needed(column, self.maybe_document(column)?)
    }

    fn maybe_document<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, StoreError> {
        self.maybe_str(column)?.map(serde_json::from_str).transpose().map_err(|error| bad(column, error))
    }
}
