//! Items of the desk.

use passerelle_model::desk::RuleId;
use passerelle_model::id::AppId;
use passerelle_model::rule::RuleKind;

use crate::item::DeskItem;
use crate::item::sealed::Stored as _;
use crate::rows::{Rule, Saying};
use crate::value::{Columns as _, values};
use crate::{Store, StoreError, map};

/// Sayings that are read at once.
const BATCH: u32 = 64;

impl Store {
    /// An item of the app.
    pub async fn item<T: DeskItem>(&self, app: AppId, id: T::Id) -> Result<Option<T>, StoreError> {
        let sql = format!("SELECT * FROM {} WHERE id = ? AND app = ?", T::TABLE);
        self.ask(sql, values![id.into(), app]).await?.first().map(T::read).transpose()
    }

    /// Every item of the app, in order. The lists are short: see the bounds in `passerelle-desk`.
    pub async fn items<T: DeskItem>(&self, app: AppId) -> Result<Vec<T>, StoreError> {
        let sql = format!("SELECT * FROM {} WHERE app = ? ORDER BY {}", T::TABLE, T::ORDER);
        self.ask(sql, values![app]).await?.iter().map(T::read).collect()
    }

    /// A rule of one kind.
    pub async fn rule(&self, app: AppId, kind: RuleKind, id: RuleId) -> Result<Option<Rule>, StoreError> {
        Ok(self.item::<Rule>(app, id).await?.filter(|rule| rule.kind == kind))
    }

    /// The rules of one kind, in order.
    pub async fn rules(&self, app: AppId, kind: RuleKind) -> Result<Vec<Rule>, StoreError> {
        let sql = "SELECT * FROM rules WHERE app = ? AND kind = ? ORDER BY position, id";
        self.ask(sql, values![app, kind.as_str()]).await?.iter().map(Rule::read).collect()
    }

    /// Apps that have rules of this kind in use.
    pub async fn apps_with_rules(&self, kind: RuleKind) -> Result<Vec<AppId>, StoreError> {
        let sql = "SELECT DISTINCT r.app FROM rules r JOIN apps a ON a.id = r.app \
                   WHERE r.kind = ? AND r.active AND a.removed_at IS NULL";
        self.ask(sql, values![kind.as_str()]).await?.iter().map(|row| row.id("app")).collect()
    }

    /// What rules want said to customers, the oldest first; also of other apps, for whoever may write everywhere.
    pub async fn sayings(&self) -> Result<Vec<Saying>, StoreError> {
        let rows = self.ask("SELECT * FROM sayings ORDER BY id LIMIT ?", values![BATCH]).await?;
        rows.iter().map(map::saying).collect()
    }
}
