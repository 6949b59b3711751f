//! Letters between agents and customers: what waits, and what became of them.

use passerelle_model::desk::CommentId;
use passerelle_model::time::Timestamp;

use crate::map::mail_sql;
use crate::rows::{Mail, MailIn, MediaFile};
use crate::value::{Columns as _, Value, json, values};
use crate::{Store, StoreError, map};

impl Store {
    /// The letter that waits and has been due for longest.
    pub async fn next_mail(&self, now: Timestamp) -> Result<Option<Mail>, StoreError> {
        let sql =
            concat!(mail_sql!(), "WHERE m.state = 'pending' AND m.not_before <= ? ORDER BY m.not_before, m.id LIMIT 1");
        self.ask(sql, values![now]).await?.first().map(map::mail).transpose()
    }

    /// When the next letter becomes due.
    pub async fn next_mail_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let rows = self.ask("SELECT min(not_before) AS at FROM mails WHERE state = 'pending'", []).await?;
        rows.first().map_or(Ok(None), |row| row.maybe_time("at"))
    }

    /// The letters of ours that these comments are.
    pub async fn mails_of(&self, comments: &[CommentId]) -> Result<Vec<Mail>, StoreError> {
        let sql = concat!(mail_sql!(), "WHERE m.comment IN (SELECT value FROM json_each(?)) ORDER BY m.id");
        self.ask(sql, values![listed(comments)]).await?.iter().map(map::mail).collect()
    }

    /// The letters that came in and became these comments.
    pub async fn mails_in_of(&self, comments: &[CommentId]) -> Result<Vec<MailIn>, StoreError> {
        let sql = "SELECT * FROM mails_in WHERE comment IN (SELECT value FROM json_each(?)) ORDER BY id";
        self.ask(sql, values![listed(comments)]).await?.iter().map(map::mail_in).collect()
    }
}

impl Store {
    /// The files that stand on these comments.
    pub async fn files_of_comments(&self, comments: &[CommentId]) -> Result<Vec<(CommentId, MediaFile)>, StoreError> {
        let sql = "SELECT m.*, f.comment FROM comment_files f JOIN media m ON m.handle = f.handle \
                   WHERE f.comment IN (SELECT value FROM json_each(?)) ORDER BY f.comment, m.created_at, m.handle";
        let rows = self.ask(sql, values![listed(comments)]).await?;
        rows.iter().map(|row| Ok((CommentId(row.integer("comment")?), map::media(row)?))).collect()
    }
}

fn listed(comments: &[CommentId]) -> Value {
    json(&comments.iter().map(|comment| comment.0).collect::<Vec<_>>())
}
