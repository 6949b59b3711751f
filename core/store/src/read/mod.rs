//! Questions that need no job. Every one about a tenant's data takes the tenant.

mod conversation;
mod desk;
mod desk_log;
mod mail;
mod media;
mod oauth;
mod parked;
mod people;
mod removal;
mod rules;
mod search;
mod tenant;
pub(crate) mod view;
mod webhook;
mod widget;
mod work;

pub use desk_log::Stretch;
pub use view::{Part, Sought};
pub use work::{BotView, TurnView};

use passerelle_model::id::RawId;
use sqlx::sqlite::SqliteRow;

use crate::rows::{Page, Paged};
use crate::value::{Value, values};
use crate::{Store, StoreError};

/// Records of one page at most.
const MAX_PAGE: u32 = 100;

impl Store {
    /// A page of a list that is ordered by `column`, an id. `select` ends with a condition.
    async fn page<T>(
        &self,
        select: &str,
        column: &str,
        values: impl IntoIterator<Item = Value>,
        page: Page,
        read: fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Paged<T>, StoreError> {
        let (comparison, order, cursor) = match (page.after, page.before) {
            (_, Some(before)) => ("<", "DESC", before),
            (after, None) => (">", "ASC", after.unwrap_or(RawId::from_bytes([0; 12]))),
        };
        let size = page.size.clamp(1, MAX_PAGE);
        let sql = format!("{select} AND {column} {comparison} ? ORDER BY {column} {order} LIMIT ?");
        let rows = self.ask(sql, values.into_iter().chain(values![cursor, size + 1])).await?;
        let mut paged = cut(&rows, size, read)?;
        if page.before.is_some() {
            paged.rows.reverse();
        }
        Ok(paged)
    }
}

/// At most `size` of the rows; one more tells that there is more.
fn cut<T>(
    rows: &[SqliteRow],
    size: u32,
    read: fn(&SqliteRow) -> Result<T, StoreError>,
) -> Result<Paged<T>, StoreError> {
    let size = size as usize;
    let kept = rows.iter().take(size).map(read).collect::<Result<_, _>>()?;
    Ok(Paged { rows: kept, has_more: rows.len() > size })
}
