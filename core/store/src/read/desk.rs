//! Questions of the desk and of its doors.

use passerelle_model::desk::{CommentId, GroupId, PersonId, TicketId};
use passerelle_model::id::AppId;
use passerelle_model::time::Timestamp;
use sqlx::sqlite::SqliteRow;

use super::cut;
use crate::rows::{
    Agent, AgentGroup, AgentSession, AgentToken, Audit, Availability, Comment, Digest, Membership, NumberPage, Offer,
    Paged, Person, Ticket, TicketFilter,
};
use crate::value::{Columns as _, Value, json, values};
use crate::{Store, StoreError, map};

/// Records of one page at most.
const MAX_PAGE: u32 = 100;
/// A conversation that was let go of is gone, although its rows are removed later; so is a user.
const STAYING: &str = "NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = t.conversation AND c.removed_at IS NOT NULL) \
                       AND NOT EXISTS (SELECT 1 FROM people p JOIN users u ON u.id = p.user \
                       WHERE p.id = t.requester AND u.removed_at IS NOT NULL)";

impl Store {
    /// How far the desk has read the log.
    pub async fn desk_cursor(&self) -> Result<i64, StoreError> {
        self.ask("SELECT cursor FROM desk_reader", []).await?.first().map_or(Ok(0), |row| row.integer("cursor"))
    }

    /// When the next offer runs out.
    pub async fn next_offer_end(&self) -> Result<Option<Timestamp>, StoreError> {
        let rows = self.ask("SELECT min(until) AS at FROM offers WHERE state = 'open'", []).await?;
        rows.first().map_or(Ok(None), |row| row.maybe_time("at"))
    }

    /// Whether anybody may change the desk already.
    pub async fn has_admin(&self) -> Result<bool, StoreError> {
        Ok(!self.ask("SELECT 1 FROM agents WHERE role = 'admin' AND active LIMIT 1", []).await?.is_empty())
    }

    /// The agent with this address, of whatever app: for whoever signs in.
    pub async fn agent_to_sign_in(&self, email: &str) -> Result<Option<Agent>, StoreError> {
        self.ask("SELECT * FROM agents WHERE email = ? AND active", values![email])
            .await?
            .first()
            .map(map::agent)
            .transpose()
    }

    /// The agent in whose name a token speaks.
    pub async fn agent_by_token(&self, digest: Digest) -> Result<Option<Agent>, StoreError> {
        let sql = "SELECT a.* FROM agent_tokens t JOIN agents a ON a.id = t.agent WHERE t.digest = ? AND a.active";
        self.ask(sql, values![digest]).await?.first().map(map::agent).transpose()
    }

    /// A session and its agent.
    pub async fn agent_by_session(&self, digest: Digest) -> Result<Option<(AgentSession, Agent)>, StoreError> {
        let sessions = self.ask("SELECT * FROM agent_sessions WHERE digest = ?", values![digest]).await?;
        let Some(session) = sessions.first().map(map::agent_session).transpose()? else { return Ok(None) };
        let agents = self.ask("SELECT * FROM agents WHERE id = ? AND active", values![session.agent]).await?;
        Ok(agents.first().map(map::agent).transpose()?.map(|agent| (session, agent)))
    }

    /// The sessions of an agent, the first one first.
    pub async fn agent_sessions(&self, agent: PersonId) -> Result<Vec<AgentSession>, StoreError> {
        let sql = "SELECT * FROM agent_sessions WHERE agent = ? ORDER BY id";
        self.ask(sql, values![agent]).await?.iter().map(map::agent_session).collect()
    }

    /// The tokens of an agent, the first one first.
    pub async fn agent_tokens(&self, agent: PersonId) -> Result<Vec<AgentToken>, StoreError> {
        let sql = "SELECT * FROM agent_tokens WHERE agent = ? ORDER BY id";
        self.ask(sql, values![agent]).await?.iter().map(map::agent_token).collect()
    }

    /// Somebody whom the desk of an app knows; users who are gone are not known.
    pub async fn person(&self, app: AppId, id: PersonId) -> Result<Option<Person>, StoreError> {
        let sql = "SELECT p.* FROM people p WHERE p.id = ? AND p.app = ? AND NOT EXISTS \
                   (SELECT 1 FROM users u WHERE u.id = p.user AND u.removed_at IS NOT NULL)";
        self.ask(sql, values![id, app]).await?.first().map(map::person).transpose()
    }

    /// An agent of the app, also one who has left.
    pub async fn agent(&self, app: AppId, id: PersonId) -> Result<Option<Agent>, StoreError> {
        let rows = self.ask("SELECT * FROM agents WHERE id = ? AND app = ?", values![id, app]).await?;
        rows.first().map(map::agent).transpose()
    }

    /// A page of the app's agents who have not left.
    pub async fn agents(&self, app: AppId, page: NumberPage) -> Result<Paged<Agent>, StoreError> {
        self.numbered_page("SELECT t.* FROM agents t WHERE t.app = ? AND t.active", values![app], page, map::agent)
            .await
    }

    /// A page of the app's groups.
    pub async fn agent_groups(&self, app: AppId, page: NumberPage) -> Result<Paged<AgentGroup>, StoreError> {
        self.numbered_page("SELECT t.* FROM agent_groups t WHERE t.app = ?", values![app], page, map::agent_group).await
    }

    /// A group of the app.
    pub async fn agent_group(&self, app: AppId, id: GroupId) -> Result<Option<AgentGroup>, StoreError> {
        let rows = self.ask("SELECT * FROM agent_groups WHERE id = ? AND app = ?", values![id, app]).await?;
        rows.first().map(map::agent_group).transpose()
    }

    /// A page of the app's memberships.
    pub async fn memberships(&self, app: AppId, page: NumberPage) -> Result<Paged<Membership>, StoreError> {
        let select = "SELECT t.* FROM group_memberships t JOIN agents a ON a.id = t.agent WHERE a.app = ?";
        self.numbered_page(select, values![app], page, map::membership).await
    }

    /// The availabilities of the app's agents, by agent.
    pub async fn availabilities(&self, app: AppId, page: NumberPage) -> Result<Paged<Availability>, StoreError> {
        let select = "SELECT v.* FROM availabilities v JOIN agents t ON t.id = v.agent WHERE t.app = ?";
        self.numbered_page(select, values![app], page, map::availability).await
    }

    /// Whether an agent of the app can be offered tickets.
    pub async fn availability(&self, app: AppId, id: PersonId) -> Result<Option<Availability>, StoreError> {
        let sql = "SELECT v.* FROM availabilities v JOIN agents a ON a.id = v.agent WHERE a.id = ? AND a.app = ?";
        self.ask(sql, values![id, app]).await?.first().map(map::availability).transpose()
    }

    /// Tickets that an agent has.
    pub async fn agent_load(&self, agent: PersonId) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS n FROM tickets WHERE assignee = ? AND status IN ('new', 'open')";
        self.ask(sql, values![agent]).await?.first().map_or(Ok(0), |row| row.number("n"))
    }

    /// A ticket of the app.
    pub async fn ticket(&self, app: AppId, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        let sql = format!("SELECT t.* FROM tickets t WHERE t.id = ? AND t.app = ? AND {STAYING}");
        self.ask(sql, values![id, app]).await?.first().map(map::ticket).transpose()
    }

    /// A page of the app's tickets.
    pub async fn tickets(
        &self,
        app: AppId,
        filter: TicketFilter,
        page: NumberPage,
    ) -> Result<Paged<Ticket>, StoreError> {
        let select = format!(
            "SELECT t.* FROM tickets t WHERE t.app = ? AND (? IS NULL OR t.requester = ?) \
             AND (? IS NULL OR t.assignee = ?) AND {STAYING}"
        );
        let TicketFilter { requester, assignee } = filter;
        let values = values![app, requester, requester, assignee, assignee];
        self.numbered_page(&select, values, page, map::ticket).await
    }

    /// A page of what was said on a ticket.
    pub async fn comments(&self, ticket: TicketId, page: NumberPage) -> Result<Paged<Comment>, StoreError> {
        let select = "SELECT t.* FROM ticket_comments t WHERE t.ticket = ?";
        self.numbered_page(select, values![ticket], page, map::comment).await
    }

    /// Those of these comments that have a text of their own.
    pub async fn texts(&self, comments: &[CommentId]) -> Result<Vec<Comment>, StoreError> {
        let ids = json(&comments.iter().map(|comment| comment.0).collect::<Vec<_>>());
        let sql = "SELECT * FROM ticket_comments WHERE id IN (SELECT value FROM json_each(?)) AND body IS NOT NULL";
        self.ask(sql, values![ids]).await?.iter().map(map::comment).collect()
    }

    /// A page of what was done to a ticket.
    pub async fn audits(&self, ticket: TicketId, page: NumberPage) -> Result<Paged<Audit>, StoreError> {
        let select = "SELECT t.* FROM ticket_audits t WHERE t.ticket = ?";
        self.numbered_page(select, values![ticket], page, map::audit).await
    }

    /// The offers that wait for an agent.
    pub async fn offers_to(&self, agent: PersonId) -> Result<Vec<Offer>, StoreError> {
        let sql = "SELECT * FROM offers WHERE agent = ? AND state = 'open' ORDER BY id";
        self.ask(sql, values![agent]).await?.iter().map(map::offer).collect()
    }

    /// A page of things with numbers. `select` names their table `t` and ends with a condition.
    pub(super) async fn numbered_page<T>(
        &self,
        select: &str,
        values: impl IntoIterator<Item = Value>,
        page: NumberPage,
        read: fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Paged<T>, StoreError> {
        let (comparison, order, cursor) = match (page.after, page.before) {
            (_, Some(before)) => ("<", "DESC", before),
            (after, None) => (">", "ASC", after.unwrap_or(0)),
        };
        let size = page.size.clamp(1, MAX_PAGE);
        let sql = format!("{select} AND t.id {comparison} ? ORDER BY t.id {order} LIMIT ?");
        let rows = self.ask(sql, values.into_iter().chain(values![cursor, size + 1])).await?;
        let mut paged = cut(&rows, size, read)?;
        if page.before.is_some() {
            paged.rows.reverse();
        }
        Ok(paged)
    }
}
