//! Rows of the desk.

use passerelle_model::desk::{
    AgentStatusId, AuditId, AvailabilityStatus, CommentId, GroupId, MembershipId, OfferId, OfferState, PersonId,
    Priority, QueueId, Role, RuleId, SessionId, TicketFormId, TicketId, TicketStatus, TicketType, TokenId,
};

use passerelle_model::rule::RuleKind;

use super::{Read, digest};
use crate::StoreError;
use crate::rows::{
    Agent, AgentGroup, AgentSession, AgentToken, Audit, AuditLog, Availability, Candidate, Comment, Membership, Offer,
    OneTime, Person, Saying, Secret, Ticket,
};
use crate::value::Columns;

/// A word of a list; one that the list has not is a fault of the row.
pub(crate) fn word<T>(row: &impl Columns, column: &str, of: fn(&str) -> Option<T>) -> Read<T> {
    let text = row.text(column)?;
    of(&text).ok_or_else(|| StoreError::BadRow(format!("column `{column}`: `{text}` is not known")))
}

fn maybe_word<T>(row: &impl Columns, column: &str, of: fn(&str) -> Option<T>) -> Read<Option<T>> {
    match row.maybe_text(column)? {
        Some(_) => word(row, column, of).map(Some),
        None => Ok(None),
    }
}

pub(crate) fn person(row: &impl Columns) -> Read<Person> {
    Ok(Person { id: PersonId(row.integer("id")?), app: row.id("app")?, user: row.maybe_id("user")? })
}

pub(crate) fn agent(row: &impl Columns) -> Read<Agent> {
    Ok(Agent {
        id: PersonId(row.integer("id")?),
        app: row.id("app")?,
        email: row.text("email")?,
        name: row.text("name")?,
        role: word(row, "role", Role::of)?,
        password: Secret::new(row.text("password")?),
        capacity: small(row, "capacity")?,
        active: row.flag("active")?,
        locale: row.maybe_text("locale")?,
        two_factor: row.flag("totp_confirmed")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// Needs a row that has a secret.
pub(crate) fn one_time(row: &impl Columns) -> Read<OneTime> {
    Ok(OneTime {
        secret: Secret::new(row.text("totp")?),
        confirmed: row.flag("totp_confirmed")?,
        step: row.number("totp_step")?,
    })
}

pub(crate) fn audit_log(row: &impl Columns) -> Read<AuditLog> {
    Ok(AuditLog {
        id: row.integer("id")?,
        app: row.id("app")?,
        actor: row.maybe_integer("actor")?.map(PersonId),
        action: row.text("action")?,
        source_type: row.text("source_type")?,
        source_id: row.maybe_integer("source_id")?,
        source_label: row.text("source_label")?,
        description: row.text("description")?,
        address: row.maybe_text("address")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn agent_session(row: &impl Columns) -> Read<AgentSession> {
    Ok(AgentSession {
        id: SessionId(row.integer("id")?),
        digest: digest(row, "digest")?,
        agent: PersonId(row.integer("agent")?),
        browser: row.text("browser")?,
        created_at: row.time("created_at")?,
        last_seen_at: row.time("last_seen_at")?,
    })
}

pub(crate) fn agent_token(row: &impl Columns) -> Read<AgentToken> {
    Ok(AgentToken {
        id: TokenId(row.integer("id")?),
        agent: PersonId(row.integer("agent")?),
        description: row.text("description")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn agent_group(row: &impl Columns) -> Read<AgentGroup> {
    Ok(AgentGroup {
        id: GroupId(row.integer("id")?),
        app: row.id("app")?,
        name: row.text("name")?,
        description: row.text("description")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

pub(crate) fn membership(row: &impl Columns) -> Read<Membership> {
    Ok(Membership {
        id: MembershipId(row.integer("id")?),
        agent: PersonId(row.integer("agent")?),
        group: GroupId(row.integer("agent_group")?),
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn ticket(row: &impl Columns) -> Read<Ticket> {
    Ok(Ticket {
        id: TicketId(row.integer("id")?),
        app: row.id("app")?,
        subject: row.text("subject")?,
        status: word(row, "status", TicketStatus::of)?,
        priority: maybe_word(row, "priority", Priority::of)?,
        kind: maybe_word(row, "kind", TicketType::of)?,
        requester: PersonId(row.integer("requester")?),
        submitter: PersonId(row.integer("submitter")?),
        assignee: row.maybe_integer("assignee")?.map(PersonId),
        group: row.maybe_integer("agent_group")?.map(GroupId),
        tags: row.document("tags")?,
        fields: row.document("fields")?,
        via: row.text("via")?,
        form: row.maybe_integer("form")?.map(TicketFormId),
        queue: row.maybe_integer("queue")?.map(QueueId),
        conversation: row.maybe_id("conversation")?,
        follow_up_of: row.maybe_integer("follow_up_of")?.map(TicketId),
        queued_at: row.maybe_time("queued_at")?,
        status_at: row.time("status_at")?,
        assigned_at: row.maybe_time("assigned_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

pub(crate) fn comment(row: &impl Columns) -> Read<Comment> {
    Ok(Comment {
        id: CommentId(row.integer("id")?),
        ticket: TicketId(row.integer("ticket")?),
        author: row.maybe_integer("author")?.map(PersonId),
        public: row.flag("public")?,
        message: row.maybe_id("message")?,
        body: row.maybe_text("body")?,
        via: row.text("via")?,
        call: row.maybe_document("call")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn audit(row: &impl Columns) -> Read<Audit> {
    Ok(Audit {
        id: AuditId(row.integer("id")?),
        ticket: TicketId(row.integer("ticket")?),
        author: row.maybe_integer("author")?.map(PersonId),
        events: row.document("events")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn offer(row: &impl Columns) -> Read<Offer> {
    Ok(Offer {
        id: OfferId(row.integer("id")?),
        ticket: TicketId(row.integer("ticket")?),
        agent: PersonId(row.integer("agent")?),
        state: word(row, "state", OfferState::of)?,
        reason: row.text("reason")?,
        until: row.time("until")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn availability(row: &impl Columns) -> Read<Availability> {
    Ok(Availability {
        agent: PersonId(row.integer("agent")?),
        status: word(row, "status", AvailabilityStatus::of)?,
        custom: row.maybe_integer("custom")?.map(AgentStatusId),
        reason: row.maybe_text("reason")?,
        since: row.time("since")?,
    })
}

pub(crate) fn saying(row: &impl Columns) -> Read<Saying> {
    Ok(Saying {
        id: row.integer("id")?,
        app: row.id("app")?,
        ticket: TicketId(row.integer("ticket")?),
        text: row.text("text")?,
        rule: RuleId(row.integer("rule")?),
        kind: word(row, "kind", RuleKind::of)?,
        title: row.text("title")?,
        created_at: row.time("created_at")?,
    })
}

/// Needs `load`, `groups` as a list, and `passed_at`, beside what an agent and its availability hold.
pub(crate) fn candidate(row: &impl Columns) -> Read<Candidate> {
    let groups: Vec<i64> = row.document("groups")?;
    Ok(Candidate {
        agent: PersonId(row.integer("id")?),
        status: word(row, "status", AvailabilityStatus::of)?,
        since: row.time("since")?,
        capacity: small(row, "capacity")?,
        load: small(row, "load")?,
        groups: groups.into_iter().map(GroupId).collect(),
        passed_at: row.maybe_time("passed_at")?,
    })
}

pub(super) fn small(row: &impl Columns, column: &str) -> Read<u32> {
    Ok(u32::try_from(row.number(column)?).unwrap_or(u32::MAX))
}
