//! A letter that came in finds its place: the ticket that it answers, or a new one.
//!
//! Whom it is from is what it says: anybody can write any sender. So it becomes part of a ticket only where its sender is
//! the ticket's customer or somebody whom a letter about the ticket went to.

use passerelle_model::desk::{CommentId, MAX_COMMENTS, PersonId, TicketId, TicketStatus};
use passerelle_model::id::{AppId, UserId};
use passerelle_model::people::IdentityKind;
use passerelle_store::{AuditEvent, MailIn, MailState, NewComment, Said, StoreError, Ticket, Tx};

use super::config::Mail;
use super::read::Arrived;
use super::write::VIA;
use crate::{Act, audit, open, rules};

/// Where a letter belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It came before.
    Repeat(TicketId, CommentId),
    /// To a ticket of this app.
    Ticket(AppId, TicketId),
    /// To no ticket that there is.
    Nowhere,
    /// A program wrote it, and it belongs nowhere; or we wrote it ourselves.
    Ignored(&'static str),
}

/// What came of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The ticket that it is part of.
    pub ticket: TicketId,
    /// The comment that it is.
    pub comment: CommentId,
}

/// Finds a letter's place: by the letters that it answers, by the address that it was sent to, by the number in its subject.
pub async fn place(tx: &mut Tx<'_>, mail: &Mail, arrived: &Arrived) -> Result<Place, StoreError> {
    if let Some(known) = tx.mail_in(&arrived.message_id).await? {
        return Ok(Place::Repeat(known.ticket, known.comment));
    }
    if is_own(mail, &arrived.from) {
        return Ok(Place::Ignored("it is from our own address"));
    }
    if let Some(sent) = named(tx, mail, arrived).await?
        && (arrived.is_automatic || may_write(tx, sent.app, sent.ticket, &arrived.from).await?)
    {
        if arrived.is_automatic && tx.count_comments(sent.ticket).await? >= MAX_COMMENTS {
            return Ok(Place::Ignored("a program wrote it, and its ticket is full"));
        }
        return Ok(Place::Ticket(sent.app, sent.ticket));
    }
    if arrived.is_automatic {
        return Ok(Place::Ignored("a program wrote it, and it answers no letter of ours"));
    }
    match numbered(&arrived.subject) {
        Some(ticket) => match tx.app_of_ticket(ticket).await? {
            Some(app) if may_write(tx, app, ticket, &arrived.from).await? => Ok(Place::Ticket(app, ticket)),
            _ => Ok(Place::Nowhere),
        },
        None => Ok(Place::Nowhere),
    }
}

/// The letter of ours that it answers, brings back, or was sent to the address of. Whoever knows its name has read it.
async fn named(tx: &mut Tx<'_>, mail: &Mail, arrived: &Arrived) -> Result<Option<passerelle_store::Mail>, StoreError> {
    let domain = mail.postbox.as_ref().map(|postbox| postbox.from.email.domain().to_owned());
    let plus = arrived.to.iter().filter_map(|to| {
        let (local, _) = to.split_once('@')?;
        let (_, name) = local.split_once('+')?;
        Some(format!("{name}@{}", domain.as_ref()?))
    });
    for name in arrived.came_back.iter().chain(&arrived.answers).cloned().chain(plus) {
        if let Some(sent) = tx.mail_named(&name).await? {
            return Ok(Some(sent));
        }
    }
    Ok(None)
}

fn is_own(mail: &Mail, from: &str) -> bool {
    let Some(postbox) = &mail.postbox else { return false };
    let own = &postbox.from.email;
    let (local, domain) = from.split_once('@').unwrap_or_default();
    let local = local.split('+').next().unwrap_or_default();
    local.eq_ignore_ascii_case(own.user()) && domain.eq_ignore_ascii_case(own.domain())
}

/// The number in `[#12]`.
fn numbered(subject: &str) -> Option<TicketId> {
    let (_, rest) = subject.split_once("[#")?;
    let (number, _) = rest.split_once(']')?;
    number.parse().ok().map(TicketId)
}

async fn may_write(tx: &mut Tx<'_>, app: AppId, ticket: TicketId, from: &str) -> Result<bool, StoreError> {
    let Some(found) = tx.ticket(app, ticket).await? else { return Ok(false) };
    Ok(is_requester(tx, &found, from).await? || tx.was_mailed(ticket, from).await?)
}

async fn is_requester(tx: &mut Tx<'_>, ticket: &Ticket, from: &str) -> Result<bool, StoreError> {
    let Some(user) = tx.user_of_person(ticket.requester).await? else { return Ok(false) };
    Ok(tx.users_by_email(ticket.app, from).await?.contains(&user))
}

/// The user who wrote it; none where there is none yet. Somebody else than the ticket's customer is known by the address;
/// a customer of whom no address was known has one now.
pub async fn sender(tx: &mut Tx<'_>, app: AppId, place: Place, from: &str) -> Result<Option<UserId>, StoreError> {
    let known = tx.users_by_email(app, from).await?;
    if let Place::Ticket(app, id) = place
        && let Some(ticket) = tx.ticket(app, id).await?
        && let Some(customer) = tx.user_of_person(ticket.requester).await?
    {
        let is_nameless = tx
            .user(app, customer)
            .await?
            .is_some_and(|user| user.identities.iter().all(|identity| identity.kind != IdentityKind::Email));
        if known.contains(&customer) || (is_nameless && tx.was_mailed(ticket.id, from).await?) {
            return Ok(Some(customer));
        }
    }
    Ok(known.first().copied())
}

/// Makes the letter part of its ticket, in the name of its sender, or the beginning of a new one, with these files of the
/// app. What a program wrote has no sender.
pub async fn take(
    tx: &mut Tx<'_>,
    act: &Act,
    place: Place,
    sender: Option<UserId>,
    arrived: &Arrived,
    files: Vec<String>,
) -> Result<Arrival, StoreError> {
    let found = match place {
        Place::Ticket(app, id) => tx.ticket(app, id).await?,
        _ => None,
    };
    let arrival = match (found, sender) {
        (Some(ticket), None) => notice(tx, act, &ticket, arrived, files).await?,
        // Its place was found in this very transaction.
        (None, None) => return Err(StoreError::Database("the ticket of a letter is gone".into())),
        (found, Some(sender)) => {
            let sender = tx.person_of(act.app, sender).await?;
            let act = Act { by: Some(sender), ..act.clone() };
            match found {
                Some(ticket) if goes_on(tx, &ticket).await? => answer(tx, &act, &ticket, arrived, files).await?,
                closed => begin(tx, &act, closed.as_ref(), sender, arrived, files).await?,
            }
        }
    };
    tx.insert_mail_in(&MailIn {
        message_id: arrived.message_id.clone(),
        ticket: arrival.ticket,
        comment: arrival.comment,
        sender: arrived.from.clone(),
        subject: arrived.subject.clone(),
        created_at: act.now,
    });
    Ok(arrival)
}

/// Whether anything can still be said on the ticket.
async fn goes_on(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<bool, StoreError> {
    Ok(ticket.status != TicketStatus::Closed && tx.count_comments(ticket.id).await? < MAX_COMMENTS)
}

/// The customer answers: a solved ticket is open again.
async fn answer(
    tx: &mut Tx<'_>,
    act: &Act,
    ticket: &Ticket,
    arrived: &Arrived,
    files: Vec<String>,
) -> Result<Arrival, StoreError> {
    let comment = said(tx, act, ticket.id, Said::Files { text: arrived.text.clone(), files }, true).await?;
    let mut after = ticket.clone();
    after.status = rules::after_customer(ticket.status).unwrap_or(ticket.status);
    if after.status != ticket.status && after.assignee.is_none() {
        after.queued_at = Some(act.now);
    }
    after.updated_at = act.now;
    tx.update_ticket(&after);
    let mut events = audit::changed(ticket, &after);
    events.push(AuditEvent::Comment { comment, public: true });
    act.record(tx, ticket.id, &events).await?;
    Ok(Arrival { ticket: ticket.id, comment })
}

/// What a program answered is noted, and changes nothing. A letter that came back did not arrive.
async fn notice(
    tx: &mut Tx<'_>,
    act: &Act,
    ticket: &Ticket,
    arrived: &Arrived,
    files: Vec<String>,
) -> Result<Arrival, StoreError> {
    let text = format!("An automatic answer of {} came by e-mail:\n\n{}", arrived.from, arrived.text);
    let comment = said(tx, act, ticket.id, Said::Files { text, files }, false).await?;
    let mut events = vec![AuditEvent::Comment { comment, public: false }];
    if let Some(name) = &arrived.came_back
        && let Some(sent) = tx.mail_named(name).await?
    {
        let reason = "the letter came back: see the note";
        tx.settle_mail(sent.id, MailState::Failed, Some(reason), act.now);
        events.push(AuditEvent::Change {
            field_name: "email_delivery".to_owned(),
            value: Some(format!("failed to {}: {reason}", sent.recipient)),
            previous_value: Some(sent.state.as_str().to_owned()),
        });
    }
    act.record(tx, ticket.id, &events).await?;
    Ok(Arrival { ticket: ticket.id, comment })
}

/// A new ticket, or one that goes on from a closed one.
async fn begin(
    tx: &mut Tx<'_>,
    act: &Act,
    closed: Option<&Ticket>,
    sender: PersonId,
    arrived: &Arrived,
    files: Vec<String>,
) -> Result<Arrival, StoreError> {
    let requester = closed.map_or(sender, |closed| closed.requester);
    let first = if arrived.subject.is_empty() { &arrived.text } else { &arrived.subject };
    let ticket = open::by_mail(tx, act, requester, rules::subject(first), closed).await?;
    let comment = said(tx, act, ticket, Said::Files { text: arrived.text.clone(), files }, true).await?;
    act.record(tx, ticket, &[AuditEvent::Comment { comment, public: true }]).await?;
    Ok(Arrival { ticket, comment })
}

async fn said(tx: &mut Tx<'_>, act: &Act, ticket: TicketId, said: Said, public: bool) -> Result<CommentId, StoreError> {
    let new = NewComment { ticket, author: act.by, public, said };
    let comment = tx.insert_comment(&new, act.now).await?;
    let comment = comment.ok_or_else(|| StoreError::Database("a letter became no comment".into()))?;
    tx.set_comment_via(comment, VIA);
    Ok(comment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_a_subject_names_a_ticket() {
        for (subject, ticket) in [
            ("Re: Your order [#12]", Some(12)),
            ("[#12] and [#13]", Some(12)),
            ("Re: order #12", None),
            ("[#x]", None),
            ("[#", None),
        ] {
            assert_eq!(numbered(subject), ticket.map(TicketId), "{subject}");
        }
    }
}
