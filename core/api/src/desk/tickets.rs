//! Tickets: listing, writing one down, and what agents do to one.

use http::StatusCode;
use passerelle_desk::{Act, NewTicket, TicketChange, change, create as make, note};
use passerelle_model::desk::{MAX_NOTE, MAX_TAGS, PersonId, TicketId, TicketStatus};
use passerelle_model::id::UserId;
use passerelle_model::people::Profile;
use passerelle_pipeline::{Command, CommandError, Done, NewUser, Stop, Together};
use passerelle_store::{Said, Ticket, TicketFilter};
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::{ok, whole};
use super::problem::{Problem, stop};
use super::sessions::no_content;
use super::show;
use super::shower::Shower;
use super::speaking::{comment_of, desk_seat, say, step_in};
use super::ticket_fields::{MAX_WORD, change_of, number};
use super::users::MAX_EMAIL;
use crate::call::Reply;
use crate::wire::fields::Fields;
use crate::wire::time;

/// `GET /tickets`, `GET /users/{person}/tickets/{requested|assigned}`.
pub(super) async fn list(visit: Visit) -> Answer {
    list_of(&visit, TicketFilter::default()).await
}

pub(super) async fn requested(visit: Visit) -> Answer {
    let filter = TicketFilter { requester: Some(visit.person("person")?), ..TicketFilter::default() };
    list_of(&visit, filter).await
}

pub(super) async fn assigned(visit: Visit) -> Answer {
    let filter = TicketFilter { assignee: Some(visit.person("person")?), ..TicketFilter::default() };
    list_of(&visit, filter).await
}

async fn list_of(visit: &Visit, filter: TicketFilter) -> Answer {
    let (app, page) = (visit.app()?, visit.page()?);
    let found = visit.api.store().tickets(app, filter, page).await?;
    let shower = Shower::of(&visit.api, app).await?;
    let shown = shower.tickets(&found.rows).await?;
    let mut answer = visit.list("tickets", &found, page, |ticket| ticket.id.0, shown);
    side_load(visit, &shower, &found.rows, &mut answer).await?;
    ok(answer)
}

/// Adds what `include=users,groups` asks for.
pub(super) async fn side_load(
    visit: &Visit,
    shower: &Shower<'_>,
    tickets: &[Ticket],
    answer: &mut Value,
) -> Result<(), Problem> {
    let asked = visit.query("include").unwrap_or_default();
    if asked.split(',').any(|word| word == "users") {
        answer["users"] = shower.people(tickets).await?.into();
    }
    if asked.split(',').any(|word| word == "groups") {
        let page = passerelle_store::NumberPage { after: None, before: None, size: 100 };
        let groups = visit.api.store().agent_groups(visit.app()?, page).await?.rows;
        let groups: Vec<_> = groups.iter().map(|group| show::group(&visit.api.public_url, group)).collect();
        answer["groups"] = groups.into();
    }
    Ok(())
}

/// `GET /tickets/show_many?ids=`.
pub(super) async fn show_many(visit: Visit) -> Answer {
    let (app, mut found) = (visit.app()?, Vec::new());
    for id in visit.numbers("ids")? {
        found.extend(visit.api.store().ticket(app, TicketId(id)).await?);
    }
    let shower = Shower::of(&visit.api, app).await?;
    let mut answer = whole("tickets", shower.tickets(&found).await?);
    side_load(&visit, &shower, &found, &mut answer).await?;
    ok(answer)
}

/// `GET /tickets/count`.
pub(super) async fn count(visit: Visit) -> Answer {
    let count = visit.api.store().count_tickets(visit.app()?).await?;
    ok(json!({ "count": { "value": count, "refreshed_at": show::stamp(visit.api.clock.now()) } }))
}

/// `GET /tickets/{id}`.
pub(super) async fn get(visit: Visit) -> Answer {
    let ticket = visit.ticket().await?;
    let shower = Shower::of(&visit.api, ticket.app).await?;
    let mut answer = json!({ "ticket": shower.ticket(&ticket).await? });
    side_load(&visit, &shower, std::slice::from_ref(&ticket), &mut answer).await?;
    ok(answer)
}

/// `POST /tickets`.
pub(super) async fn create(visit: Visit) -> Answer {
    let (act, fields) = (visit.act()?, visit.thing("ticket")?);
    let (body, files, public) = match comment_of(&visit, false, &fields).await? {
        Some(comment) => comment.into_parts(),
        None => (fields.needed_text("description", MAX_NOTE)?, Vec::new(), true),
    };
    let requester = requester(&visit, &fields).await?;
    let fields = change_of(&visit, &fields).await?;
    let made = visit.write(move |mut all| {
        Box::pin(async move {
            let requester = match requester {
                Requester::Nobody => None,
                Requester::Known(id) => Some(id),
                Requester::User(user) => Some(all.tx.person_of(act.app, user).await?),
                Requester::New(profile) => Some(new_customer(&mut all, &act, *profile).await?),
            };
            let new = NewTicket { requester, body, files, public, fields };
            Ok(make(all.tx, &act, new).await.map_err(stop)?.to_string())
        })
    });
    let id = TicketId(made.await?.parse().map_err(|_| Problem::not_found())?);
    let mut reply = shown(&visit, id).await?;
    if let Reply::Json(status, _) = &mut reply {
        *status = StatusCode::CREATED;
    }
    Ok(reply)
}

/// Whom a new ticket is for.
enum Requester {
    Nobody,
    Known(PersonId),
    User(UserId),
    New(Box<Profile>),
}

async fn requester(visit: &Visit, fields: &Fields<'_>) -> Result<Requester, Problem> {
    let app = visit.app()?;
    if let Some(id) = number(fields, "requester_id")? {
        let found = visit.api.store().person(app, PersonId(id)).await?;
        return found
            .map(|person| Requester::Known(person.id))
            .ok_or_else(|| Problem::invalid("requester_id", "names nobody"));
    }
    let Some(named) = fields.inner("requester")? else { return Ok(Requester::Nobody) };
    let email = named.text("email", MAX_EMAIL)?;
    if let Some(email) = &email
        && let Some(user) = visit.api.store().users_by_email(app, email).await?.into_iter().next()
    {
        return Ok(Requester::User(user.id));
    }
    let profile = Profile { email, given_name: Some(named.needed_text("name", MAX_WORD)?), ..Profile::default() };
    Ok(Requester::New(Box::new(profile)))
}

async fn new_customer(all: &mut Together<'_, '_>, act: &Act, profile: Profile) -> Result<PersonId, Stop> {
    match all.execute(Command::CreateUser(NewUser { profile, ..NewUser::default() })).await? {
        Done::User(user) => Ok(all.tx.person_of(act.app, user.id).await?),
        _ => Err(CommandError::Bug("a user was made, and something else came".into()).into()),
    }
}

/// `PUT /tickets/{id}`: fields, and what is said with it.
pub(super) async fn update(visit: Visit) -> Answer {
    let (act, ticket, fields) = (visit.act()?, visit.ticket().await?, visit.thing("ticket")?);
    check_stamp(&fields, &ticket)?;
    let wanted = change_of(&visit, &fields).await?;
    let comment = comment_of(&visit, ticket.conversation.is_some(), &fields).await?;
    let (agent, id) = (visit.agent()?.clone(), ticket.id);
    let speaks = comment.as_ref().is_some_and(|comment| comment.public);
    let steps_in = (speaks || matches!(wanted.assignee, Some(Some(_)))) && ticket.status != TicketStatus::Closed;
    let seat = if steps_in { desk_seat(&visit).await? } else { None };
    visit
        .write(move |mut all| {
            Box::pin(async move {
                if let (Some(seat), Some(conversation)) = (seat, ticket.conversation) {
                    step_in(&mut all, act.app, conversation, seat).await?;
                }
                if let Some(comment) = comment {
                    say(&mut all, &act, &agent, &ticket, comment).await?;
                }
                change(all.tx, &act, id, wanted).await.map_err(stop)?;
                Ok(id.to_string())
            })
        })
        .await?;
    let mut reply = shown(&visit, id).await?;
    let last = passerelle_store::NumberPage { after: None, before: Some(i64::MAX), size: 1 };
    let audit = visit.api.store().audits(id, last).await?.rows.pop();
    if let Reply::Json(_, answer) = &mut reply {
        answer["audit"] = audit.as_ref().map(show::audit).into();
    }
    Ok(reply)
}

/// The ticket as it is now.
pub(super) async fn shown(visit: &Visit, id: TicketId) -> Answer {
    let app = visit.app()?;
    let ticket = visit.api.store().ticket(app, id).await?.ok_or_else(Problem::not_found)?;
    ok(json!({ "ticket": Shower::of(&visit.api, app).await?.ticket(&ticket).await? }))
}

/// `PUT /tickets/update_many?ids=`, each ticket for itself.
pub(super) async fn update_many(visit: Visit) -> Answer {
    let (act, fields) = (visit.act()?, visit.thing("ticket")?);
    let wanted = change_of(&visit, &fields).await?;
    let note_text = fields.inner("comment")?.map(|comment| comment.needed_text("body", MAX_NOTE)).transpose()?;
    let mut results = Vec::new();
    for id in visit.numbers("ids")? {
        let (act, wanted, said) = (act.clone(), wanted.clone(), note_text.clone());
        let done = visit
            .write_each(move |all| {
                Box::pin(async move {
                    if let Some(text) = said {
                        note(all.tx, &act, TicketId(id), Said::Text(text), false).await.map_err(stop)?;
                    }
                    change(all.tx, &act, TicketId(id), wanted).await.map_err(stop)?;
                    Ok(String::new())
                })
            })
            .await;
        results.push(match done {
            Ok(_) => json!({ "id": id, "action": "update", "success": true, "status": "Updated" }),
            Err(problem) => json!({ "id": id, "action": "update", "success": false, "error": problem.to_string() }),
        });
    }
    ok(job(&visit, results))
}

/// A job that was done while its caller waited.
pub(super) fn job(visit: &Visit, results: Vec<Value>) -> Value {
    json!({ "job_status": {
        "id": format!("{:x}", visit.api.clock.now().as_micros()),
        "url": null,
        "total": results.len(),
        "progress": results.len(),
        "status": "completed",
        "message": "Completed",
        "results": results,
    } })
}

/// `DELETE /tickets/{id}`: closes it first, so that no conversation stays behind.
pub(super) async fn delete(visit: Visit) -> Answer {
    let (act, ticket) = (visit.act()?, visit.ticket().await?);
    visit
        .write(move |all| {
            Box::pin(async move {
                if ticket.status != TicketStatus::Closed {
                    let closed = TicketChange { status: Some(TicketStatus::Closed), ..TicketChange::default() };
                    change(all.tx, &act, ticket.id, closed).await.map_err(stop)?;
                }
                all.tx.delete_ticket(act.app, ticket.id).await?;
                act.log(
                    all.tx,
                    passerelle_desk::Deed {
                        action: "destroy",
                        source_type: "ticket",
                        source_id: Some(ticket.id.0),
                        label: &ticket.subject,
                        description: "",
                        address: None,
                    },
                );
                Ok(String::new())
            })
        })
        .await?;
    no_content()
}

/// `GET|POST|PUT|DELETE /tickets/{id}/tags`: all, instead, also, no more.
pub(super) async fn tags(visit: Visit) -> Answer {
    let (act, ticket) = (visit.act()?, visit.ticket().await?);
    if visit.request.method == http::Method::GET {
        return ok(json!({ "tags": ticket.tags }));
    }
    let tags = visit.fields()?.texts("tags", MAX_TAGS)?;
    let wanted = match visit.request.method {
        http::Method::POST => TicketChange { tags: Some(tags), ..TicketChange::default() },
        http::Method::PUT => TicketChange { added_tags: tags, ..TicketChange::default() },
        _ => TicketChange { removed_tags: tags, ..TicketChange::default() },
    };
    let id = ticket.id;
    visit
        .write(move |all| {
            Box::pin(async move {
                change(all.tx, &act, id, wanted).await.map_err(stop)?;
                Ok(String::new())
            })
        })
        .await?;
    let ticket = visit.ticket().await?;
    ok(json!({ "tags": ticket.tags }))
}

/// With `safe_update`, a ticket that was changed meanwhile is left alone.
fn check_stamp(fields: &Fields<'_>, ticket: &Ticket) -> Result<(), Problem> {
    if fields.flag("safe_update")? != Some(true) {
        return Ok(());
    }
    let known = fields.needed_text("updated_stamp", MAX_WORD)?;
    let known = time::read(&known).ok_or_else(|| Problem::invalid("updated_stamp", "should be a time"))?;
    // The stamp that callers were shown has no fractions.
    if known.as_millis() / 1000 == ticket.updated_at.as_millis() / 1000 {
        return Ok(());
    }
    Err(Problem::new(StatusCode::CONFLICT, "UpdateConflict", "The ticket was changed meanwhile: read it again"))
}
