//! Agents, how they come in, and their groups.

use passerelle_model::desk::{GroupId, MembershipId, PersonId, Role, SessionId, TokenId};
use passerelle_model::id::{AppId, UserId};
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::rows::{Agent, AgentGroup, AgentSession, AuditLog, Digest, Membership, OneTime, Person, Secret};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

/// Sessions of one agent; the ones that were heard of least lately make room.
const MAX_SESSIONS: u32 = 20;

/// An agent to make.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAgent {
    /// Of which app.
    pub app: AppId,
    /// Signs in with it.
    pub email: String,
    /// The name that customers see.
    pub name: String,
    /// What the agent may do.
    pub role: Role,
    /// An argon2id hash in its text form.
    pub password: Secret,
    /// Tickets that the agent may have at once.
    pub capacity: u32,
}

impl Tx<'_> {
    /// Somebody whom the desk of an app knows.
    pub async fn person(&mut self, app: AppId, id: PersonId) -> Result<Option<Person>, StoreError> {
        let rows = self.ask("SELECT * FROM people WHERE id = ? AND app = ?", values![id, app]).await?;
        rows.first().map(map::person).transpose()
    }

    /// The number of an end user, given now if there is none yet.
    pub async fn person_of(&mut self, app: AppId, user: UserId) -> Result<PersonId, StoreError> {
        let rows = self.ask("SELECT id FROM people WHERE user = ?", values![user]).await?;
        if let Some(row) = rows.first() {
            return row.integer("id").map(PersonId);
        }
        let sql = "INSERT INTO people (app, user) VALUES (?, ?) RETURNING id";
        self.numbered(sql, values![app, user]).await.map(PersonId)
    }

    /// Everything that the desk knows of one user becomes another's.
    pub(in crate::tx) fn move_person(&mut self, from: UserId, to: UserId) {
        self.put(
            "UPDATE people SET user = ? WHERE user = ? AND NOT EXISTS (SELECT 1 FROM people o WHERE o.user = ?)",
            values![to, from, to],
        );
        self.put(
            "UPDATE tickets SET requester = (SELECT id FROM people WHERE user = ?) \
             WHERE requester = (SELECT id FROM people WHERE user = ?)",
            values![to, from],
        );
        self.put(
            "UPDATE ticket_comments SET author = (SELECT id FROM people WHERE user = ?) \
             WHERE author = (SELECT id FROM people WHERE user = ?)",
            values![to, from],
        );
    }

    /// Makes an agent. Duplicate when the address is taken.
    pub async fn insert_agent(&mut self, new: &NewAgent, now: Timestamp) -> Result<PersonId, StoreError> {
        let id = self.numbered("INSERT INTO people (app) VALUES (?) RETURNING id", values![new.app]).await?;
        self.put(
            "INSERT INTO agents (id, app, email, name, role, password, capacity, created_at, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                id,
                new.app,
                new.email.as_str(),
                new.name.as_str(),
                new.role.as_str(),
                new.password.reveal(),
                new.capacity,
                now,
                now
            ],
        );
        self.put("INSERT INTO availabilities (agent, status, since) VALUES (?, 'offline', ?)", values![id, now]);
        Ok(PersonId(id))
    }

    /// An agent of the app who has not left.
    pub async fn agent(&mut self, app: AppId, id: PersonId) -> Result<Option<Agent>, StoreError> {
        let rows = self.ask("SELECT * FROM agents WHERE id = ? AND app = ? AND active", values![id, app]).await?;
        rows.first().map(map::agent).transpose()
    }

    /// The agent of the app with this address.
    pub async fn agent_by_email(&mut self, app: AppId, email: &str) -> Result<Option<Agent>, StoreError> {
        let rows = self.ask("SELECT * FROM agents WHERE email = ? AND app = ? AND active", values![email, app]).await?;
        rows.first().map(map::agent).transpose()
    }

    /// Writes down an agent's changed fields; the password has a way of its own. Duplicate when the address is taken.
    pub fn update_agent(&mut self, agent: &Agent) {
        self.put(
            "UPDATE agents SET email = ?, name = ?, role = ?, capacity = ?, locale = ?, updated_at = ? WHERE id = ?",
            values![
                agent.email.as_str(),
                agent.name.as_str(),
                agent.role.as_str(),
                agent.capacity,
                agent.locale.as_deref(),
                agent.updated_at,
                agent.id,
            ],
        );
    }

    /// The agent signs in with another password from now on.
    pub fn set_agent_password(&mut self, agent: PersonId, password: &Secret, now: Timestamp) {
        self.put("UPDATE agents SET password = ?, updated_at = ? WHERE id = ?", values![password.reveal(), now, agent]);
    }

    /// What the agent's one-time codes are made from; none when there are none.
    pub async fn one_time(&mut self, agent: PersonId) -> Result<Option<OneTime>, StoreError> {
        let sql = "SELECT totp, totp_confirmed, totp_step FROM agents WHERE id = ? AND totp IS NOT NULL";
        self.ask(sql, values![agent]).await?.first().map(map::one_time).transpose()
    }

    /// Keeps what the agent's one-time codes are made from, or that there are none.
    pub fn set_one_time(&mut self, agent: PersonId, one_time: Option<&OneTime>) {
        self.put(
            "UPDATE agents SET totp = ?, totp_confirmed = ?, totp_step = ? WHERE id = ?",
            values![
                one_time.map(|one_time| one_time.secret.reveal()),
                one_time.is_some_and(|one_time| one_time.confirmed),
                one_time.map_or(0, |one_time| one_time.step),
                agent,
            ],
        );
    }

    /// The agent has left: nobody signs in as one any more. The name stays with what was said, the address is free.
    pub fn retire_agent(&mut self, agent: PersonId, now: Timestamp) {
        self.put(
            "UPDATE agents SET active = 0, email = 'left.' || id, password = '', totp = NULL, totp_confirmed = 0, \
             updated_at = ? WHERE id = ?",
            values![now, agent],
        );
        self.put("DELETE FROM agent_sessions WHERE agent = ?", values![agent]);
        self.put("DELETE FROM agent_tokens WHERE agent = ?", values![agent]);
        self.put("DELETE FROM group_memberships WHERE agent = ?", values![agent]);
        self.put("DELETE FROM ticket_followers WHERE agent = ?", values![agent]);
    }

    /// Admins of the app who have not left.
    pub async fn count_admins(&mut self, app: AppId) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS n FROM agents WHERE app = ? AND role = 'admin' AND active";
        self.ask(sql, values![app]).await?.first().map_or(Ok(0), |row| row.number("n"))
    }

    /// Keeps the one permission to make the first admin; an older one ends.
    pub fn set_agent_setup(&mut self, digest: Digest, now: Timestamp) {
        self.put("DELETE FROM agent_setup", []);
        self.put("INSERT INTO agent_setup (digest, created_at) VALUES (?, ?)", values![digest, now]);
    }

    /// Uses the permission up. False when it is another one, or none.
    pub async fn take_agent_setup(&mut self, digest: Digest) -> Result<bool, StoreError> {
        let rows = self.ask("DELETE FROM agent_setup WHERE digest = ? RETURNING created_at", values![digest]).await?;
        Ok(!rows.is_empty())
    }

    /// Whether anybody may change the desk already.
    pub async fn has_admin(&mut self) -> Result<bool, StoreError> {
        Ok(!self.ask("SELECT 1 FROM agents WHERE role = 'admin' AND active LIMIT 1", []).await?.is_empty())
    }

    /// Begins a session.
    pub async fn insert_agent_session(&mut self, new: &AgentSession) -> Result<SessionId, StoreError> {
        let sql = "INSERT INTO agent_sessions (digest, agent, browser, created_at, last_seen_at) VALUES (?, ?, ?, ?, ?) \
                   RETURNING id";
        let values = values![new.digest, new.agent, new.browser.as_str(), new.created_at, new.last_seen_at];
        let id = self.numbered(sql, values).await?;
        self.put(
            "DELETE FROM agent_sessions WHERE agent = ? AND id NOT IN (SELECT id FROM agent_sessions WHERE agent = ? \
             ORDER BY id = ? DESC, last_seen_at DESC LIMIT ?)",
            values![new.agent, new.agent, id, MAX_SESSIONS],
        );
        Ok(SessionId(id))
    }

    /// The agent was heard of.
    pub fn touch_agent_session(&mut self, id: SessionId, at: Timestamp) {
        self.put("UPDATE agent_sessions SET last_seen_at = ? WHERE id = ?", values![at, id]);
    }

    /// Ends a session of the agent. False when there is none.
    pub async fn delete_agent_session(&mut self, agent: PersonId, id: SessionId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM agent_sessions WHERE id = ? AND agent = ? RETURNING id";
        Ok(!self.ask(sql, values![id, agent]).await?.is_empty())
    }

    /// Ends every session of the agent but this one. Gives their number.
    pub async fn delete_other_agent_sessions(
        &mut self,
        agent: PersonId,
        kept: Option<SessionId>,
    ) -> Result<usize, StoreError> {
        let sql = "DELETE FROM agent_sessions WHERE agent = ? AND id IS NOT ? RETURNING id";
        Ok(self.ask(sql, values![agent, kept]).await?.len())
    }

    /// Makes a token.
    pub async fn insert_agent_token(
        &mut self,
        agent: PersonId,
        digest: Digest,
        description: &str,
        now: Timestamp,
    ) -> Result<TokenId, StoreError> {
        let sql = "INSERT INTO agent_tokens (digest, agent, description, created_at) VALUES (?, ?, ?, ?) RETURNING id";
        self.numbered(sql, values![digest, agent, description, now]).await.map(TokenId)
    }

    /// Tokens of the agent.
    pub async fn count_agent_tokens(&mut self, agent: PersonId) -> Result<u64, StoreError> {
        let rows = self.ask("SELECT count(*) AS n FROM agent_tokens WHERE agent = ?", values![agent]).await?;
        rows.first().map_or(Ok(0), |row| row.number("n"))
    }

    /// Ends a token of the agent. False when there is none.
    pub async fn delete_agent_token(&mut self, agent: PersonId, id: TokenId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM agent_tokens WHERE id = ? AND agent = ? RETURNING id";
        Ok(!self.ask(sql, values![id, agent]).await?.is_empty())
    }

    /// Makes a group. Duplicate when the name is taken.
    pub async fn insert_agent_group(
        &mut self,
        app: AppId,
        name: &str,
        description: &str,
        now: Timestamp,
    ) -> Result<GroupId, StoreError> {
        let sql = "INSERT INTO agent_groups (app, name, description, created_at, updated_at) VALUES (?, ?, ?, ?, ?) \
                   RETURNING id";
        self.numbered(sql, values![app, name, description, now, now]).await.map(GroupId)
    }

    /// Writes down a group's changed fields. Duplicate when the name is taken.
    pub fn update_agent_group(&mut self, group: &AgentGroup) {
        self.put(
            "UPDATE agent_groups SET name = ?, description = ?, updated_at = ? WHERE id = ?",
            values![group.name.as_str(), group.description.as_str(), group.updated_at, group.id],
        );
    }

    /// Removes a group; its tickets belong to none. False when there is none.
    pub async fn delete_agent_group(&mut self, app: AppId, id: GroupId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM agent_groups WHERE id = ? AND app = ? RETURNING id";
        Ok(!self.ask(sql, values![id, app]).await?.is_empty())
    }

    /// Writes down what was done to the desk itself; the number is given now.
    pub fn insert_audit_log(&mut self, log: &AuditLog) {
        self.put(
            "INSERT INTO audit_logs (app, actor, action, source_type, source_id, source_label, description, address, \
             created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                log.app,
                log.actor,
                log.action.as_str(),
                log.source_type.as_str(),
                log.source_id,
                log.source_label.as_str(),
                log.description.as_str(),
                log.address.as_deref(),
                log.created_at,
            ],
        );
    }

    /// A group of the app.
    pub async fn agent_group(&mut self, app: AppId, id: GroupId) -> Result<Option<AgentGroup>, StoreError> {
        let rows = self.ask("SELECT * FROM agent_groups WHERE id = ? AND app = ?", values![id, app]).await?;
        rows.first().map(map::agent_group).transpose()
    }

    /// The group of the app with this name.
    pub async fn agent_group_by_name(&mut self, app: AppId, name: &str) -> Result<Option<AgentGroup>, StoreError> {
        let rows = self.ask("SELECT * FROM agent_groups WHERE name = ? AND app = ?", values![name, app]).await?;
        rows.first().map(map::agent_group).transpose()
    }

    /// Puts an agent into a group; one that is in it already stays.
    pub async fn insert_membership(
        &mut self,
        agent: PersonId,
        group: GroupId,
        now: Timestamp,
    ) -> Result<Membership, StoreError> {
        let sql = "INSERT INTO group_memberships (agent, agent_group, created_at) VALUES (?, ?, ?) \
                   ON CONFLICT (agent, agent_group) DO UPDATE SET agent = excluded.agent RETURNING *";
        let rows = self.ask(sql, values![agent, group, now]).await?;
        let row = rows.first().ok_or_else(|| StoreError::Database("a membership was not written".into()))?;
        map::membership(row)
    }

    /// The agent is in these groups from now on, and in no others.
    pub fn set_memberships(&mut self, agent: PersonId, groups: &[GroupId], now: Timestamp) {
        let kept: Vec<i64> = groups.iter().map(|group| group.0).collect();
        self.put(
            "DELETE FROM group_memberships WHERE agent = ? AND agent_group NOT IN (SELECT value FROM json_each(?))",
            values![agent, json(&kept)],
        );
        for group in groups {
            self.put(
                "INSERT INTO group_memberships (agent, agent_group, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                values![agent, *group, now],
            );
        }
    }

    /// Takes an agent of the app out of a group. False when there is no such membership.
    pub async fn delete_membership(&mut self, app: AppId, id: MembershipId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM group_memberships WHERE id = ? AND agent IN (SELECT id FROM agents WHERE app = ?) \
                   RETURNING id";
        Ok(!self.ask(sql, values![id, app]).await?.is_empty())
    }
}
