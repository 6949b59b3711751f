//! Opening the database: the checks that make a promise possible, each refusal one clear line.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::{OpenError, StoreConfig, Synchronous};

/// Older libraries can damage a file that two connections write and checkpoint at once.
const NEEDED_SQLITE: (&str, [u32; 3]) = ("3.51.3", [3, 51, 3]);
/// Statements that a connection keeps prepared: one job's statements are one text, and there are some dozens of jobs.
const STATEMENTS: usize = 512;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The connections of an open database.
pub(crate) struct Opened {
    pub(crate) writer: Connection,
    pub(crate) checkpointer: SqliteConnection,
    pub(crate) readers: SqlitePool,
    pub(crate) version: String,
}

pub(crate) async fn open(data_dir: &Path, config: &StoreConfig) -> Result<Opened, OpenError> {
    let path = data_dir.join("passerelle.db");
    check_writable(data_dir, &path)?;
    let options = options(&path, config);
    let mut checkpointer = options.connect().await.map_err(|error| told(&path, &error))?;
    let version = check_library(&mut checkpointer, &path).await?;
    migrate(&mut checkpointer, &path).await?;
    let writer = open_writer(&path, config).map_err(|error| refused(&path, &error))?;
    check_settings(&writer, &path, config)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(config.readers.clamp(1, 64))
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.pragma("query_only", "ON"))
        .await
        .map_err(|error| told(&path, &error))?;
    Ok(Opened { writer, checkpointer, readers, version })
}

fn options(path: &Path, config: &StoreConfig) -> SqliteConnectOptions {
    let synchronous = match config.synchronous {
        Synchronous::Full => SqliteSynchronous::Full,
        Synchronous::Normal => SqliteSynchronous::Normal,
    };
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(Duration::from_millis(config.busy_timeout_ms))
        .statement_cache_capacity(STATEMENTS)
        .pragma("cache_size", "-16384")
        .disable_statement_logging()
}

/// Says "read-only" before SQLite does, because its own words differ with what exists already.
fn check_writable(data_dir: &Path, path: &Path) -> Result<(), OpenError> {
    let refused =
        |path: &Path, error: std::io::Error| OpenError::ReadOnly { path: path.into(), reason: error.to_string() };
    std::fs::create_dir_all(data_dir).map_err(|error| refused(data_dir, error))?;
    let probe = data_dir.join(".write-check");
    std::fs::write(&probe, b"").map_err(|error| refused(data_dir, error))?;
    std::fs::remove_file(&probe).map_err(|error| refused(data_dir, error))?;
    match std::fs::OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(refused(path, error)),
        _ => Ok(()),
    }
}

async fn check_library(conn: &mut SqliteConnection, path: &Path) -> Result<String, OpenError> {
    let found: String =
        sqlx::query_scalar("SELECT sqlite_version()").fetch_one(conn).await.map_err(|error| told(path, &error))?;
    let parts: Vec<u32> = found.split('.').filter_map(|part| part.parse().ok()).collect();
    if parts.as_slice() < NEEDED_SQLITE.1.as_slice() {
        return Err(OpenError::OldLibrary { found, needed: NEEDED_SQLITE.0 });
    }
    Ok(found)
}

/// The writer's connection. It is not sqlx's, which would hand every statement to another thread and wake us for every
/// row; see `docs/decisions/0006-writer-beside-sqlite.md`.
fn open_writer(path: &Path, config: &StoreConfig) -> rusqlite::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(Duration::from_millis(config.busy_timeout_ms))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    let synchronous = if config.synchronous == Synchronous::Full { "FULL" } else { "NORMAL" };
    for (name, value) in [
        ("journal_mode", "WAL"),
        ("synchronous", synchronous),
        ("foreign_keys", "ON"),
        ("cache_size", "-16384"),
        // Every savepoint keeps copies of the pages it changes; in a file they cost more than the changes themselves.
        ("temp_store", "MEMORY"),
        // Checkpoints are made by a connection of their own.
        ("wal_autocheckpoint", "0"),
    ] {
        conn.pragma_update(None, name, value)?;
    }
    Ok(conn)
}

fn check_settings(conn: &Connection, path: &Path, config: &StoreConfig) -> Result<(), OpenError> {
    let wrong = |setting, found: &dyn ToString| OpenError::Setting { setting, found: found.to_string() };
    let number = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let journal: String =
        conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).map_err(|error| refused(path, &error))?;
    let synchronous = number("synchronous").map_err(|error| refused(path, &error))?;
    let foreign_keys = number("foreign_keys").map_err(|error| refused(path, &error))?;
    let wanted = if config.synchronous == Synchronous::Full { 2 } else { 1 };
    match () {
        () if journal != "wal" => Err(wrong("journal_mode=WAL", &journal)),
        () if synchronous != wanted => Err(wrong("synchronous", &synchronous)),
        () if foreign_keys != 1 => Err(wrong("foreign_keys=ON", &foreign_keys)),
        () => Ok(()),
    }
}

async fn migrate(conn: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    // The table is absent in a new database, and then nothing is newer.
    let found: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut *conn).await.unwrap_or(None);
    match found {
        Some(found) if found > known => Err(OpenError::TooNew { path: path.into(), found, known }),
        _ => MIGRATIONS
            .run(conn)
            .await
            .map_err(|error| OpenError::Other { path: path.into(), reason: error.to_string() }),
    }
}

/// The same refusal in the words of the house.
fn told(path: &Path, error: &sqlx::Error) -> OpenError {
    let code = error.as_database_error().and_then(|error| error.code()).and_then(|code| code.parse::<i32>().ok());
    refusal(path, code, error.to_string())
}

fn refused(path: &Path, error: &rusqlite::Error) -> OpenError {
    refusal(path, error.sqlite_error().map(|error| error.extended_code), error.to_string())
}

fn refusal(path: &Path, code: Option<i32>, reason: String) -> OpenError {
    let path = PathBuf::from(path);
    match code.map(|code| code & 0xff) {
        Some(11 | 26) => OpenError::Corrupt { path, reason },
        Some(8 | 14) => OpenError::ReadOnly { path, reason },
        _ => OpenError::Other { path, reason },
    }
}

/// Closes a connection; what SQLite says then is of no use to anybody.
pub(crate) async fn close(conn: SqliteConnection) {
    let _ = conn.close().await;
}
