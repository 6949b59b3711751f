//! Agents come and go, and what is done to the desk itself is put on record.

use passerelle_model::desk::{AvailabilityStatus, PersonId, Role};
use passerelle_store::{Agent, AuditLog, Digest, NewAgent, StoreError, Tx};

use crate::change::keep;
use crate::offers::set_available;
use crate::{Act, DeskError, defaults, rules};

/// Tokens of one agent.
pub const MAX_TOKENS: u64 = 50;
/// Tickets that an agent may have at once, at most.
pub const MAX_CAPACITY: u32 = 1000;
/// Characters of an agent's or a group's name.
pub const MAX_NAME: usize = 128;
/// How the one-time permission to make the first admin begins.
pub const SETUP_KIND: &str = "pst";

/// Something that was done to the desk itself.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// `create`, `update`, `destroy`, `login` …
    pub action: &'a str,
    /// What kind of thing, such as `user`.
    pub source_type: &'a str,
    /// Which, where it has a number.
    pub source_id: Option<i64>,
    /// What it is called.
    pub label: &'a str,
    /// What changed, in words.
    pub description: &'a str,
    /// From which address.
    pub address: Option<&'a str>,
}

impl Act {
    /// Puts what was done to the desk itself on record.
    pub fn log(&self, tx: &mut Tx<'_>, deed: Deed<'_>) {
        tx.insert_audit_log(&AuditLog {
            id: 0,
            app: self.app,
            actor: self.by,
            action: deed.action.to_owned(),
            source_type: deed.source_type.to_owned(),
            source_id: deed.source_id,
            source_label: deed.label.to_owned(),
            description: deed.description.to_owned(),
            address: deed.address.map(str::to_owned),
            created_at: self.now,
        });
    }
}

/// Uses up the one-time permission to make the first admin. False when it is another one, or when there is an admin
/// already: then the permission is void.
pub async fn may_set_up(tx: &mut Tx<'_>, digest: Digest) -> Result<bool, StoreError> {
    let fits = tx.take_agent_setup(digest).await?;
    Ok(fits && !tx.has_admin().await?)
}

/// Makes an agent. With the first one an app gets what a desk begins with.
pub async fn hire(tx: &mut Tx<'_>, act: &Act, new: &NewAgent) -> Result<PersonId, DeskError> {
    let id = tx.insert_agent(new, act.now).await?;
    defaults(tx, act).await?;
    act.log(
        tx,
        Deed {
            action: "create",
            source_type: "user",
            source_id: Some(id.0),
            label: &new.name,
            description: new.role.as_str(),
            address: None,
        },
    );
    Ok(id)
}

/// Writes down what was changed of an agent. The last admin stays one.
pub async fn update(tx: &mut Tx<'_>, act: &Act, agent: &Agent) -> Result<(), DeskError> {
    let before = tx.agent(act.app, agent.id).await?.ok_or(DeskError::NotFound("the user"))?;
    if before.role == Role::Admin && agent.role != Role::Admin && tx.count_admins(act.app).await? <= 1 {
        return Err(DeskError::invalid("role", "must stay admin: there is no other one"));
    }
    tx.update_agent(&Agent { updated_at: act.now, ..agent.clone() });
    Ok(())
}

/// An agent leaves: the tickets that somebody has to work on wait for somebody else, and the name stays with what was
/// said. The last admin cannot leave, and nobody throws oneself out.
pub async fn retire(tx: &mut Tx<'_>, act: &Act, id: PersonId) -> Result<(), DeskError> {
    let agent = tx.agent(act.app, id).await?.ok_or(DeskError::NotFound("the user"))?;
    if act.by == Some(id) {
        return Err(DeskError::invalid("id", "is your own: another admin has to remove you"));
    }
    if agent.role == Role::Admin && tx.count_admins(act.app).await? <= 1 {
        return Err(DeskError::invalid("role", "must stay admin: there is no other one"));
    }
    set_available(tx, act, id, AvailabilityStatus::Offline, Some("the agent has left")).await?;
    for ticket in tx.tickets_of_agent(id).await? {
        let mut after = ticket.clone();
        after.assignee = None;
        if after.conversation.is_some() && rules::is_waiting(after.status) {
            after.queued_at = Some(act.now);
        }
        keep(tx, act, &ticket, after).await?;
    }
    tx.retire_agent(id, act.now);
    Ok(())
}
