//! Several tickets of one customer become one: the others are closed, and say where it goes on.

use std::collections::BTreeSet;

use passerelle_model::desk::{MAX_FOLLOWERS, MAX_TAGS, PersonId, TicketId, TicketStatus};
use passerelle_store::{Said, Ticket, Tx};

use crate::{Act, DeskError, TicketChange, change, note, rules};

/// Tickets that are merged into another at once.
pub const MAX_MERGED: usize = 100;

/// Tickets that become part of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The ticket that stays.
    pub target: TicketId,
    /// The tickets that are closed.
    pub sources: Vec<TicketId>,
    /// Noted on the ticket that stays, beside what was merged into it.
    pub target_comment: Option<String>,
    /// Noted on the tickets that are closed, beside where it goes on.
    pub source_comment: Option<String>,
}

/// Merges tickets, all or none. Their conversations are let go of, as whenever a ticket is closed.
pub async fn merge(tx: &mut Tx<'_>, act: &Act, wanted: &Merge) -> Result<(), DeskError> {
    let target = living(tx, act, wanted.target, "id").await?;
    let sources = sources(tx, act, wanted, &target).await?;
    let named = sources.iter().map(|source| format!("#{}", source.id)).collect::<Vec<_>>().join(", ");
    let (were, many) = if sources.len() == 1 { ("was", "Ticket") } else { ("were", "Tickets") };
    let text = with(&format!("{many} {named} {were} merged into this one."), wanted.target_comment.as_deref());
    note(tx, act, target.id, Said::Text(text), false).await?;
    let taken_over = gathered(tx, &target, &sources).await?;
    change(tx, act, target.id, taken_over).await?;
    for source in &sources {
        let text = with(&format!("This ticket was merged into #{}.", target.id), wanted.source_comment.as_deref());
        note(tx, act, source.id, Said::Text(text), false).await?;
        let closed = TicketChange { status: Some(TicketStatus::Closed), ..TicketChange::default() };
        change(tx, act, source.id, closed).await?;
    }
    Ok(())
}

async fn sources(tx: &mut Tx<'_>, act: &Act, wanted: &Merge, target: &Ticket) -> Result<Vec<Ticket>, DeskError> {
    let ids: BTreeSet<TicketId> = wanted.sources.iter().copied().collect();
    if ids.is_empty() || ids.len() > MAX_MERGED {
        return Err(DeskError::invalid("ids", format!("should name 1 to {MAX_MERGED} tickets")));
    }
    if ids.contains(&target.id) {
        return Err(DeskError::invalid("ids", "name the ticket itself: a ticket cannot be merged into itself"));
    }
    let mut sources = Vec::with_capacity(ids.len());
    for id in ids {
        let source = living(tx, act, id, "ids").await?;
        if source.requester != target.requester {
            let reason =
                format!("name ticket {id}, which another customer asked for: only tickets of one customer become one");
            return Err(DeskError::invalid("ids", reason));
        }
        sources.push(source);
    }
    Ok(sources)
}

/// A ticket that can still be changed.
async fn living(tx: &mut Tx<'_>, act: &Act, id: TicketId, field: &'static str) -> Result<Ticket, DeskError> {
    let found = tx.ticket(act.app, id).await?;
    let ticket = match (found, field) {
        (Some(ticket), _) => ticket,
        (None, "id") => return Err(DeskError::NotFound("the ticket")),
        (None, _) => return Err(DeskError::invalid(field, format!("name ticket {id}, which does not exist"))),
    };
    if ticket.status == TicketStatus::Closed {
        return Err(DeskError::invalid(field, format!("names ticket {id}, which is closed: closed is final")));
    }
    Ok(ticket)
}

/// What the ticket that stays takes over: everybody's tags, and everybody who follows.
async fn gathered(tx: &mut Tx<'_>, target: &Ticket, sources: &[Ticket]) -> Result<TicketChange, DeskError> {
    let tags: Vec<String> = sources.iter().flat_map(|source| source.tags.clone()).collect();
    let united: BTreeSet<&String> = target.tags.iter().chain(&tags).collect();
    if united.len() > MAX_TAGS {
        return Err(DeskError::invalid("ids", format!("have more than {MAX_TAGS} tags together: remove some first")));
    }
    let mut followers: Vec<PersonId> = tx.followers(target.id).await?;
    for source in sources {
        followers.extend(tx.followers(source.id).await?);
    }
    followers.sort_unstable();
    followers.dedup();
    if followers.len() > MAX_FOLLOWERS {
        return Err(DeskError::invalid("ids", format!("have more than {MAX_FOLLOWERS} followers together")));
    }
    Ok(TicketChange { added_tags: rules::tags(tags), followers: Some(followers), ..TicketChange::default() })
}

fn with(fact: &str, comment: Option<&str>) -> String {
    comment.map_or_else(|| fact.to_owned(), |comment| format!("{fact}\n\n{comment}"))
}
