//! By which channel an answer leaves, what that channel can show, and why a conversation cannot be moved to another.
//!
//! These doors only tell. What an agent sends all the same is sent, and the vendor's answer counts.

use passerelle_model::content::{Content, MAX_TEXT, MediaSource};
use passerelle_model::delivery::Capabilities;
use passerelle_model::people::ClientStatus;
use passerelle_model::preview::{Loss, Preview, preview};
use passerelle_pipeline::{Hindrance, Way};
use passerelle_store::Ticket;
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::Problem;
use super::show::stamp;
use crate::wire::content;

/// `GET /tickets/{id}/channel`.
pub(super) async fn get(visit: Visit) -> Answer {
    let ticket = visit.ticket().await?;
    if ticket.conversation.is_none() {
        return ok(json!({ "channel": unspoken(&ticket), "others": [] }));
    }
    let ways = ways(&visit, &ticket).await?;
    let Some((first, others)) = ways.split_first() else {
        return ok(json!({ "channel": nowhere(&ticket), "others": [] }));
    };
    let others: Vec<Value> = others.iter().map(|other| show_other(other, first)).collect();
    ok(json!({ "channel": show(first), "others": others }))
}

/// `POST /tickets/{id}/preview {content}`: what becomes of it on that channel.
pub(super) async fn preview_of(visit: Visit) -> Answer {
    let ticket = visit.ticket().await?;
    let mut content = content::read(&visit.fields()?.needed_inner("content")?)?;
    let ways = ways(&visit, &ticket).await?;
    let capabilities = match ways.into_iter().next() {
        Some(way) => way.capabilities.ok_or_else(unknown_channel)?,
        None => Capabilities::everything("none"),
    };
    weigh(&visit, &mut content).await?;
    ok(show_preview(&preview(&content, &capabilities)))
}

async fn ways(visit: &Visit, ticket: &Ticket) -> Result<Vec<Way>, Problem> {
    let person = visit.api.store().person(ticket.app, ticket.requester).await?;
    match person.and_then(|person| person.user) {
        Some(user) if ticket.conversation.is_some() => Ok(visit.api.gateway.ways(ticket.app, user).await?),
        _ => Ok(Vec::new()),
    }
}

/// The size of our own files is known, and decides whether the channel carries them.
async fn weigh(visit: &Visit, content: &mut Content) -> Result<(), Problem> {
    let app = visit.app()?;
    for media in content.media_mut() {
        let MediaSource::Url(url) = &media.source else { continue };
        if let Some((owner, handle)) = visit.api.gateway.attachments().links().parse(url)
            && owner == app
            && let Some(file) = visit.api.store().media(app, &handle).await?
        {
            media.size = Some(file.size);
        }
    }
    Ok(())
}

fn unknown_channel() -> Problem {
    Problem::invalid("id", "is that of a ticket whose channel is not loaded: nobody knows what it can show")
}

fn show(way: &Way) -> Value {
    json!({
        "type": way.client.channel_type,
        "name": way.name,
        "integration_id": way.client.integration.to_string(),
        "can_reply": way.hindrance.is_none(),
        "reason": way.hindrance.map(|hindrance| sentence(hindrance, &way.name)),
        "reason_code": way.hindrance.map(word),
        "window_closes_at": way.closes_at.map(stamp),
        "limits": way.capabilities.as_ref().map(limits),
    })
}

/// Texts beyond `text_length` become several messages; an answer has at most `comment_length` characters.
fn limits(channel: &Capabilities) -> Value {
    json!({
        "text_length": channel.max_text,
        "text_unit": channel.text_unit.as_str(),
        "comment_length": MAX_TEXT,
        "buttons": channel.max_actions,
        "cards": channel.max_cards,
        "file_size": channel.max_media_bytes,
        "content_types": channel.native.iter().map(|kind| kind.as_str()).collect::<Vec<_>>(),
    })
}

/// A ticket that somebody wrote down, or that came by mail.
fn unspoken(ticket: &Ticket) -> Value {
    let reason = "No conversation stands behind this ticket: write an e-mail, or call";
    json!({
        "type": ticket.via, "name": ticket.via, "integration_id": null, "can_reply": false, "reason": reason,
        "reason_code": "no_conversation", "window_closes_at": null, "limits": null,
    })
}

/// A customer whose identities were all removed.
fn nowhere(ticket: &Ticket) -> Value {
    let reason = "The customer has no channel any more: what you write is kept and reaches nobody";
    json!({
        "type": ticket.via, "name": ticket.via, "integration_id": null, "can_reply": false, "reason": reason,
        "reason_code": "no_client", "window_closes_at": null, "limits": null,
    })
}

fn show_other(other: &Way, first: &Way) -> Value {
    let reason = format!(
        "Answers go where the customer wrote last, which is {}. Nobody can move them: {} does not know what was said \
         there. When the customer writes by {}, answers go there by themselves.",
        first.name, other.name, other.name
    );
    json!({
        "type": other.client.channel_type,
        "name": other.name,
        "integration_id": other.client.integration.to_string(),
        "can_switch": false,
        "reason": reason,
        "last_seen_at": stamp(other.client.last_seen_at),
    })
}

const fn word(hindrance: Hindrance) -> &'static str {
    match hindrance {
        Hindrance::Blocked(ClientStatus::Pending) => "unconfirmed",
        Hindrance::Blocked(_) => "blocked",
        Hindrance::SwitchedOff => "integration_disabled",
        Hindrance::WindowClosed => "window_closed",
    }
}

fn sentence(hindrance: Hindrance, name: &str) -> String {
    match hindrance {
        Hindrance::Blocked(ClientStatus::Pending) => format!("The customer has not confirmed {name} yet"),
        Hindrance::Blocked(_) => format!("The customer has blocked us on {name}, or left"),
        Hindrance::SwitchedOff => {
            format!("{name} is switched off or needs attention: answers wait until it works again")
        }
        Hindrance::WindowClosed => format!("The customer wrote too long ago: {name} may refuse the answer"),
    }
}

fn show_preview(preview: &Preview) -> Value {
    let lost = |loss: &Loss| json!({ "type": loss.word(), "description": loss.sentence() });
    json!({
        "text": preview.text,
        "lost": preview.lost.iter().map(lost).collect::<Vec<_>>(),
        "messages": preview.parts.len(),
        "is_sent": !preview.parts.is_empty(),
    })
}
