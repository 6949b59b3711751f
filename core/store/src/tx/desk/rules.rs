//! Items of the desk, and what rules leave behind.

use passerelle_model::desk::{AgentStatusId, GroupId, PersonId, RuleId, TicketId};
use passerelle_model::id::AppId;
use passerelle_model::rule::{Look, RuleKind};
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::item::DeskItem;
use crate::read::{Sought, view};
use crate::rows::{Rule, Saying, Ticket};
use crate::value::{Columns as _, values};
use crate::{StoreError, map};

impl Tx<'_> {
    /// Adds an item; its number is given now. Duplicate when its name is taken.
    pub async fn insert_item<T: DeskItem>(&mut self, item: &T) -> Result<T::Id, StoreError> {
        self.finish().await?;
        let places = vec!["?"; T::COLUMNS.len() + 1].join(", ");
        let sql = format!("INSERT INTO {} (app, {}) VALUES ({places}) RETURNING id", T::TABLE, T::COLUMNS.join(", "));
        let rows = self.run(&sql, values![item.app()].into_iter().chain(item.values()))?;
        let row = rows.first().ok_or_else(|| StoreError::Database("a new row has no number".into()))?;
        row.integer("id").map(T::numbered)
    }

    /// Writes an item down as it is now. Duplicate when its name is taken.
    pub async fn update_item<T: DeskItem>(&mut self, item: &T) -> Result<(), StoreError> {
        self.finish().await?;
        let places: Vec<_> = T::COLUMNS.iter().map(|column| format!("{column} = ?")).collect();
        let sql = format!("UPDATE {} SET {} WHERE id = ? AND app = ?", T::TABLE, places.join(", "));
        let named = values![item.id().into(), item.app()];
        self.run(&sql, item.values().into_iter().chain(named)).map(drop)
    }

    /// Removes an item of the app. False when there is none.
    pub async fn delete_item<T: DeskItem>(&mut self, app: AppId, id: T::Id) -> Result<bool, StoreError> {
        self.finish().await?;
        let sql = format!("DELETE FROM {} WHERE id = ? AND app = ? RETURNING id", T::TABLE);
        Ok(!self.run(&sql, values![id.into(), app])?.is_empty())
    }

    /// An item of the app.
    pub async fn item<T: DeskItem>(&mut self, app: AppId, id: T::Id) -> Result<Option<T>, StoreError> {
        self.finish().await?;
        let sql = format!("SELECT * FROM {} WHERE id = ? AND app = ?", T::TABLE);
        self.run(&sql, values![id.into(), app])?.first().map(T::read).transpose()
    }

    /// Every item of the app, in order.
    pub async fn items<T: DeskItem>(&mut self, app: AppId) -> Result<Vec<T>, StoreError> {
        self.finish().await?;
        let sql = format!("SELECT * FROM {} WHERE app = ? ORDER BY {}", T::TABLE, T::ORDER);
        self.run(&sql, values![app])?.iter().map(T::read).collect()
    }

    /// The rules of one kind, in order.
    pub async fn rules(&mut self, app: AppId, kind: RuleKind) -> Result<Vec<Rule>, StoreError> {
        let sql = "SELECT * FROM rules WHERE app = ? AND kind = ? ORDER BY position, id";
        let rows = self.ask(sql, values![app, kind.as_str()]).await?;
        rows.iter().map(crate::item::sealed::Stored::read).collect()
    }

    /// A ticket as rules see it.
    pub async fn look_at(&mut self, ticket: &Ticket) -> Result<Look, StoreError> {
        let rows = self.ask(view::LOOK, view::look_values(ticket)).await?;
        rows.first().map(|row| view::look(ticket, row)).unwrap_or_else(|| Err(view::nothing()))
    }

    /// Counts that a rule was used.
    pub fn count_use(&mut self, rule: RuleId, at: Timestamp) {
        self.put("UPDATE rules SET used = used + 1, used_at = ? WHERE id = ?", values![at, rule]);
    }

    /// Notes that an automation has run for a ticket.
    pub fn mark_rule(&mut self, rule: RuleId, ticket: TicketId) {
        self.put("INSERT INTO rule_marks (rule, ticket) VALUES (?, ?) ON CONFLICT DO NOTHING", values![rule, ticket]);
    }

    /// An automation may run again for those of its tickets that do not fit any more.
    pub async fn unmark_others(&mut self, rule: RuleId, sought: &Sought<'_>) -> Result<(), StoreError> {
        self.finish().await?;
        let (sql, values) = view::unmark(rule, sought);
        self.run(&sql, values).map(drop)
    }

    /// Tickets that fit and for which an automation has not run yet, the oldest first. A closed ticket is done for ever.
    pub async fn unmarked(&mut self, rule: RuleId, sought: &Sought<'_>, limit: u32) -> Result<Vec<Ticket>, StoreError> {
        self.finish().await?;
        let (sql, values) = view::unmarked(rule, sought, limit);
        self.run(&sql, values)?.iter().map(map::ticket).collect()
    }

    /// No form is the app's default one any more.
    pub fn clear_default_form(&mut self, app: AppId) {
        self.put("UPDATE ticket_forms SET is_default = 0 WHERE app = ?", values![app]);
    }

    /// The groups that an agent is in.
    pub async fn groups_of(&mut self, agent: PersonId) -> Result<Vec<GroupId>, StoreError> {
        let sql = "SELECT agent_group FROM group_memberships WHERE agent = ? ORDER BY id";
        self.ask(sql, values![agent]).await?.iter().map(|row| row.integer("agent_group").map(GroupId)).collect()
    }

    /// The tickets of an app that were changed last, the newest first.
    pub async fn recent_tickets(&mut self, app: AppId, limit: u32) -> Result<Vec<Ticket>, StoreError> {
        let sql = "SELECT * FROM tickets WHERE app = ? AND gone = 0 ORDER BY id DESC LIMIT ?";
        self.ask(sql, values![app, limit]).await?.iter().map(map::ticket).collect()
    }

    /// Keeps what a rule wants said to a customer.
    pub fn insert_saying(&mut self, saying: &Saying) {
        self.put(
            "INSERT INTO sayings (app, ticket, text, rule, kind, title, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            values![
                saying.app,
                saying.ticket,
                saying.text.as_str(),
                saying.rule,
                saying.kind.as_str(),
                saying.title.as_str(),
                saying.created_at,
            ],
        );
    }

    /// Takes what a rule wants said. None when somebody has taken it already.
    pub async fn take_saying(&mut self, id: i64) -> Result<Option<Saying>, StoreError> {
        let rows = self.ask("DELETE FROM sayings WHERE id = ? RETURNING *", values![id]).await?;
        rows.first().map(map::saying).transpose()
    }

    /// Which of the app's own statuses an agent has chosen. Said after the stock status, which forgets it.
    pub fn set_custom_status(&mut self, agent: PersonId, status: Option<AgentStatusId>) {
        self.put("UPDATE availabilities SET custom = ? WHERE agent = ?", values![status, agent]);
    }
}
