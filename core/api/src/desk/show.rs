//! What agents' programs are shown: the shapes that they know, with a few fields of ours.

use std::collections::HashMap;

use passerelle_model::desk::{AvailabilityStatus, GroupId, PersonId};
use passerelle_model::metadata::Metadata;
use passerelle_model::time::Timestamp;
use passerelle_store::{
    Agent, AgentGroup, AgentSession, AgentToken, Audit, AuditEvent, AuditLog, Availability, Client, Comment,
    Membership, Offer, User,
};
use serde_json::{Value, json};

use crate::wire::people::{self, metadata};

/// A time without fractions.
pub(super) fn stamp(at: Timestamp) -> String {
    let time = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The address of a thing of ours.
pub(super) fn url(base: &str, path: &str, id: impl std::fmt::Display) -> String {
    format!("{base}/api/v2/{path}/{id}.json")
}

/// An agent.
pub(super) fn agent(base: &str, agent: &Agent, groups: &[GroupId]) -> Value {
    json!({
        "id": agent.id,
        "url": url(base, "users", agent.id),
        "name": agent.name,
        "email": agent.email,
        "role": agent.role.as_str(),
        "active": agent.active,
        "verified": true,
        "suspended": false,
        "capacity": agent.capacity,
        "two_factor_auth_enabled": agent.two_factor,
        "locale": agent.locale,
        "time_zone": null,
        "phone": null,
        "photo": null,
        "default_group_id": groups.first(),
        "group_ids": groups,
        "tags": [],
        "user_fields": {},
        "created_at": stamp(agent.created_at),
        "updated_at": stamp(agent.updated_at),
    })
}

/// An end user as agents see one.
pub(super) fn customer(base: &str, id: PersonId, user: &User) -> Value {
    json!({
        "id": id,
        "url": url(base, "users", id),
        "name": user.profile.name().unwrap_or_else(|| id.stand_in()),
        "email": user.profile.email,
        "phone": user.profile.phone,
        "role": "end-user",
        "active": true,
        "verified": user.authenticated,
        "suspended": false,
        "external_id": user.external_id,
        "locale": user.profile.locale,
        "time_zone": null,
        "photo": user.profile.avatar_url.as_ref().map(|url| json!({ "content_url": url })),
        "tags": [],
        "notes": null,
        "user_fields": metadata(&user.metadata),
        "conversations_user_id": user.id.to_string(),
        "created_at": stamp(user.created_at),
        "updated_at": stamp(user.created_at),
    })
}

/// A user's identity on a channel, beside the addresses that are known.
pub(super) fn client(n: usize, client: &Client) -> Value {
    json!({
        "id": n,
        "type": "messaging",
        "value": client.external_id,
        "channel": client.channel_type,
        "status": people::status(client.status),
        "primary": n == 1,
        "last_seen_at": stamp(client.last_seen_at),
        "created_at": stamp(client.created_at),
    })
}

/// A group.
pub(super) fn group(base: &str, group: &AgentGroup) -> Value {
    json!({
        "id": group.id,
        "url": url(base, "groups", group.id),
        "name": group.name,
        "description": group.description,
        "is_public": true,
        "default": false,
        "deleted": false,
        "created_at": stamp(group.created_at),
        "updated_at": stamp(group.updated_at),
    })
}

/// An agent's place in a group.
pub(super) fn membership(base: &str, membership: Membership) -> Value {
    json!({
        "id": membership.id,
        "url": url(base, "group_memberships", membership.id),
        "user_id": membership.agent,
        "group_id": membership.group,
        "default": false,
        "created_at": stamp(membership.created_at),
        "updated_at": stamp(membership.created_at),
    })
}

/// A browser in which an agent has signed in.
pub(super) fn session(base: &str, session: &AgentSession, is_current: bool) -> Value {
    json!({
        "id": session.id,
        "url": format!("{base}/api/v2/users/{}/sessions/{}.json", session.agent, session.id),
        "user_id": session.agent,
        "browser": session.browser,
        "current": is_current,
        "authenticated_at": stamp(session.created_at),
        "last_seen_at": stamp(session.last_seen_at),
    })
}

/// A program's token; the token itself is shown once only, when it is made.
pub(super) fn token(base: &str, token: &AgentToken) -> Value {
    json!({
        "id": token.id,
        "url": url(base, "api_tokens", token.id),
        "description": token.description,
        "user_id": token.agent,
        "created_at": stamp(token.created_at),
    })
}

/// What a stock status is called.
pub(super) const fn status_name(status: AvailabilityStatus) -> (&'static str, &'static str) {
    match status {
        AvailabilityStatus::Online => ("Online", "Conversations are offered"),
        AvailabilityStatus::Away => ("Away", "No new conversations for now"),
        AvailabilityStatus::TransfersOnly => ("Transfers only", "Only what a colleague hands over"),
        AvailabilityStatus::Offline => ("Offline", "Not at work"),
    }
}

/// A stock status.
pub(super) fn status(status: AvailabilityStatus) -> Value {
    let (name, description) = status_name(status);
    json!({
        "id": status.number(),
        "type": "agent_status",
        "attributes": { "name": name, "description": description, "status_category": status.as_str() },
    })
}

/// Whether an agent can be offered tickets, and how many it has.
pub(super) fn availability(
    availability: &Availability,
    agent: &Agent,
    load: u64,
    groups: &HashMap<PersonId, Vec<GroupId>>,
) -> Value {
    let groups = groups.get(&agent.id).cloned().unwrap_or_default();
    json!({
        "id": agent.id.to_string(),
        "type": "agent_availabilities",
        "attributes": {
            "agent_id": agent.id,
            "agent_status": agent_status(availability),
            "group_ids": groups,
            "skills": [],
            "version": availability.since.as_micros(),
            "channels": {
                "messaging": {
                    "name": "messaging",
                    "status": availability.status.as_str(),
                    "max_capacity": agent.capacity,
                    "work_item_count": load,
                },
            },
        },
    })
}

/// The status of an availability.
pub(crate) fn agent_status(availability: &Availability) -> Value {
    json!({
        "id": availability.status.number(),
        "name": status_name(availability.status).0,
        "reason": availability.reason,
        "updated_at": stamp(availability.since),
    })
}

/// A comment that has a text of its own.
pub(super) fn comment(comment: &Comment, body: &str, attachments: Vec<Value>) -> Value {
    json!({
        "id": comment.id,
        "type": "Comment",
        "author_id": comment.author,
        "body": body,
        "plain_body": body,
        "html_body": escaped(body),
        "public": comment.public,
        "attachments": attachments,
        "metadata": comment.call.as_ref().map_or(json!({}), |call| json!({ "call": call })),
        "via": { "channel": comment.via, "source": { "from": {}, "to": {}, "rel": null } },
        "created_at": stamp(comment.created_at),
    })
}

/// A text as HTML that shows exactly this text.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            '\n' => shown.push_str("<br>"),
            other => shown.push(other),
        }
    }
    format!("<p dir=\"auto\">{shown}</p>")
}

/// What was done to a ticket at once.
pub(crate) fn audit(audit: &Audit) -> Value {
    json!({
        "id": audit.id,
        "ticket_id": audit.ticket,
        "author_id": audit.author,
        "created_at": stamp(audit.created_at),
        "via": { "channel": if audit.author.is_some() { "web" } else { "rule" } },
        "events": audit.events.iter().enumerate().map(|(n, event)| audit_event(n, event)).collect::<Vec<_>>(),
    })
}

fn audit_event(n: usize, event: &AuditEvent) -> Value {
    match event {
        AuditEvent::Create { field_name, value } => {
            json!({ "id": n, "type": "Create", "field_name": field_name, "value": value })
        }
        AuditEvent::Change { field_name, value, previous_value } => json!({
            "id": n, "type": "Change", "field_name": field_name, "value": value, "previous_value": previous_value,
        }),
        AuditEvent::Comment { comment, public } => {
            json!({ "id": n, "type": "Comment", "comment_id": comment, "public": public })
        }
        AuditEvent::Rule { rule, title, kind, reason } => json!({
            "id": n, "type": "Rule", "rule_id": rule, "rule_title": title, "rule_type": kind.as_str(), "reason": reason,
        }),
        AuditEvent::Offer { agent, state, reason } => {
            json!({ "id": n, "type": "Offer", "agent_id": agent, "state": state.as_str(), "reason": reason })
        }
    }
}

/// An offer; what it is about is put beside it by whoever shows it.
pub(super) fn offer(base: &str, offer: &Offer) -> Value {
    json!({
        "id": offer.id,
        "url": url(base, "offers", offer.id),
        "ticket_id": offer.ticket,
        "agent_id": offer.agent,
        "state": offer.state.as_str(),
        "reason": offer.reason,
        "created_at": stamp(offer.created_at),
        "expires_at": stamp(offer.until),
    })
}

/// Something that was done to the desk itself.
pub(super) fn audit_log(base: &str, log: &AuditLog) -> Value {
    json!({
        "id": log.id,
        "url": url(base, "audit_logs", log.id),
        "actor_id": log.actor,
        "action": log.action,
        "source_type": log.source_type,
        "source_id": log.source_id,
        "source_label": log.source_label,
        "change_description": log.description,
        "ip_address": log.address,
        "created_at": stamp(log.created_at),
    })
}

/// What bots captured, by name.
pub(super) fn captured(fields: &Metadata) -> Value {
    metadata(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        assert_eq!(
            escaped("<img src=x onerror=\"alert('1')\">\n&"),
            "<p dir=\"auto\">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;<br>&amp;</p>"
        );
        assert_eq!(stamp(Timestamp::from_millis(1_714_564_800_999)), "2024-05-01T12:00:00Z");
    }
}
