//! The gateway's database, read from outside while it runs: for what no API shows and a checker must know.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{Column, Row, ValueRef};

/// What is at the desk, for a checker.
#[derive(Clone, Debug, Default)]
pub struct DeskPicture {
    /// Conversations whose control is at the desk.
    pub at_desk: Vec<String>,
    /// All tickets of conversations.
    pub tickets: Vec<TicketRow>,
    /// Texts of the business's messages.
    pub messages: Vec<String>,
    /// Texts of notes.
    pub notes: Vec<String>,
    /// Numbers of the offers that were accepted.
    pub accepted: Vec<i64>,
}

/// A ticket of a conversation.
#[derive(Clone, Debug)]
pub struct TicketRow {
    /// Its number.
    pub id: i64,
    /// Where it stands.
    pub status: String,
    /// What it is about.
    pub conversation: String,
    /// Whether an agent has it.
    pub has_owner: bool,
    /// Whether it waits for an agent.
    pub is_queued: bool,
}

/// A read-only view.
#[derive(Clone, Debug)]
pub struct Database {
    pool: SqlitePool,
}

impl Database {
    /// Opens the file for reading.
    pub async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(Duration::from_secs(10));
        let pool = SqlitePoolOptions::new().max_connections(2).connect_with(options).await;
        Ok(Self { pool: pool.with_context(|| format!("opening `{}`", file.display()))? })
    }

    /// What is not finished: the name of each kind of work with how much of it is open. Empty at rest.
    pub async fn open_work(&self) -> Result<Vec<(String, i64)>> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT 'raw requests', count(*) FROM raw_inbound WHERE state = 0
             UNION ALL SELECT 'bot turns', count(*) FROM turns WHERE state = 0
             UNION ALL SELECT 'deliveries', count(*) FROM deliveries WHERE state < 2
             UNION ALL SELECT 'webhooks', count(*) FROM webhook_outbox WHERE state = 0
             UNION ALL SELECT 'messages that no webhook was handed', count(*) FROM events
             WHERE json_extract(kind, '$.type') = 'messageAdded'
             AND cursor > (SELECT coalesce(max(cursor), 0) FROM webhook_reader)
             AND EXISTS (SELECT 1 FROM webhooks)",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().filter(|(_, open)| *open > 0).collect())
    }

    /// Whether the desk has read everything that concerns it: nothing that it reacts to stands behind its cursor.
    pub async fn desk_is_at_rest(&self) -> Result<bool> {
        let open: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM events WHERE cursor > (SELECT cursor FROM desk_reader) AND json_extract(kind, '$.type') \
             IN ('controlPassed', 'controlReleased', 'messageAdded', 'fieldsCaptured', 'routed', 'tagged')",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(open == 0)
    }

    /// What is at the desk whose seats have this type word.
    pub async fn desk(&self, seat_type: &str) -> Result<DeskPicture> {
        let at_desk = sqlx::query_scalar(
            "SELECT lower(hex(c.id)) FROM conversations c JOIN seats s ON s.id = c.active \
             WHERE s.integration IS NULL AND s.integration_type = ?",
        );
        let tickets: Vec<(i64, String, String, bool, bool)> = sqlx::query_as(
            "SELECT id, status, lower(hex(conversation)), assignee IS NOT NULL, queued_at IS NOT NULL FROM tickets \
             WHERE conversation IS NOT NULL",
        )
        .fetch_all(&self.pool)
        .await?;
        let messages =
            "SELECT json_extract(content, '$.text') FROM messages WHERE json_extract(author, '$.type') = 'business'";
        let row = |(id, status, conversation, has_owner, is_queued)| TicketRow {
            id,
            status,
            conversation,
            has_owner,
            is_queued,
        };
        Ok(DeskPicture {
            at_desk: at_desk.bind(seat_type).fetch_all(&self.pool).await?,
            tickets: tickets.into_iter().map(row).collect(),
            messages: sqlx::query_scalar(messages).fetch_all(&self.pool).await?,
            notes: sqlx::query_scalar("SELECT body FROM ticket_comments WHERE body IS NOT NULL")
                .fetch_all(&self.pool)
                .await?,
            accepted: sqlx::query_scalar("SELECT id FROM offers WHERE state = 'accepted'")
                .fetch_all(&self.pool)
                .await?,
        })
    }

    /// The conversations of the user whom a channel knows by this id.
    pub async fn conversations_of(&self, client: &str) -> Result<Vec<String>> {
        let ids = sqlx::query_scalar(
            "SELECT DISTINCT lower(hex(conversations.id)) FROM conversations
             JOIN clients ON clients.user = conversations.user WHERE clients.external_id = ?",
        );
        Ok(ids.bind(client).fetch_all(&self.pool).await?)
    }

    /// The ids of all users.
    pub async fn users(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar("SELECT lower(hex(id)) FROM users ORDER BY id").fetch_all(&self.pool).await?)
    }

    /// The numbers of a conversation's events, in the order in which they were written.
    pub async fn event_numbers(&self, conversation: &str) -> Result<Vec<u64>> {
        let numbers: Vec<i64> =
            sqlx::query_scalar("SELECT seq FROM events WHERE conversation = unhex(?) ORDER BY cursor")
                .bind(conversation)
                .fetch_all(&self.pool)
                .await?;
        Ok(numbers.into_iter().map(i64::cast_unsigned).collect())
    }

    /// The texts of a conversation whose delivery ended without the channel's word for it.
    pub async fn undelivered_texts(&self, conversation: &str) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT json_extract(messages.content, '$.text') FROM deliveries
             JOIN messages ON messages.id = deliveries.message
             WHERE deliveries.conversation = unhex(?) AND deliveries.state IN (3, 4)",
        )
        .bind(conversation)
        .fetch_all(&self.pool)
        .await?)
    }

    /// The states of all deliveries with how many are in each.
    pub async fn deliveries(&self) -> Result<Vec<(String, i64)>> {
        Ok(sqlx::query_as(
            "SELECT CASE state WHEN 0 THEN 'pending' WHEN 1 THEN 'sending' WHEN 2 THEN 'delivered'
                    WHEN 3 THEN 'failed' ELSE 'uncertain' END, count(*)
             FROM deliveries GROUP BY state ORDER BY state",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Why deliveries did not arrive, oldest first.
    pub async fn delivery_reasons(&self) -> Result<Vec<String>> {
        let reasons = "SELECT reason FROM deliveries WHERE reason IS NOT NULL ORDER BY id";
        Ok(sqlx::query_scalar(reasons).fetch_all(&self.pool).await?)
    }

    /// Why requests were given up, oldest first.
    pub async fn dead_requests(&self) -> Result<Vec<String>> {
        let reasons = "SELECT coalesce(error, '') FROM raw_inbound WHERE state = 2 ORDER BY id";
        Ok(sqlx::query_scalar(reasons).fetch_all(&self.pool).await?)
    }

    /// The secrets of all integrations, to be searched for elsewhere.
    pub async fn secrets_of_integrations(&self) -> Result<Vec<String>> {
        let values = "SELECT value FROM secrets WHERE owner LIKE 'integration:%'";
        Ok(sqlx::query_scalar(values).fetch_all(&self.pool).await?)
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> Result<i64> {
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM \"{table}\"")))
            .fetch_one(&self.pool)
            .await?)
    }

    /// Every value of every table but the named ones, as bytes, each with the table and column that hold it.
    pub async fn dump(&self, except: &[&str]) -> Result<Vec<(String, Vec<u8>)>> {
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(&self.pool).await?;
        let mut values = Vec::new();
        for table in tables.iter().filter(|table| !except.contains(&table.as_str())) {
            let all = sqlx::AssertSqlSafe(format!("SELECT * FROM \"{table}\""));
            for row in sqlx::query(all).fetch_all(&self.pool).await? {
                for column in row.columns() {
                    let name = column.name();
                    let place = format!("{table}.{name}");
                    if row.try_get_raw(name)?.is_null() {
                        continue;
                    }
                    // SQLite gives any value as bytes; numbers cannot hold a secret.
                    if let Ok(bytes) = row.try_get_unchecked::<Vec<u8>, _>(name) {
                        values.push((place, bytes));
                    }
                }
            }
        }
        Ok(values)
    }
}
