//! Tickets: listing, writing one down, and everything that agents do to one.

use std::collections::BTreeMap;

use http::StatusCode;
use passerelle_desk::{Act, NewTicket, TicketChange, change, create as make, field_value, note};
use passerelle_model::content::{Content, MAX_TEXT};
use passerelle_model::delivery::DeliveryState;
use passerelle_model::desk::{
    GroupId, MAX_NOTE, MAX_SUBJECT, PersonId, Priority, TicketFormId, TicketId, TicketStatus, TicketType,
};
use passerelle_model::id::{AppId, ConversationId, SwitchboardIntegrationId, UserId};
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::people::Profile;
use passerelle_pipeline::{
    Command, CommandError, Destination, Done, Handing, NewAuthor, NewMessage, NewUser, Stop, Together,
};
use passerelle_store::{Agent, Said, Ticket, TicketField, TicketFilter};
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::{ok, whole};
use super::problem::{Problem, stop};
use super::sessions::no_content;
use super::shower::Shower;
use super::users::MAX_EMAIL;
use super::{show, uploads};
use crate::call::Reply;
use crate::wire::conversation::Seats;
use crate::wire::fields::Fields;
use crate::wire::{activity, time};

/// Files with one comment.
const MAX_UPLOADS: usize = 10;
/// Characters of a word, a tag or a token in a body.
const MAX_WORD: usize = 128;
/// Custom fields in one body.
const MAX_FIELDS: usize = 200;
/// Tags in one body.
const MAX_TAGS: usize = passerelle_model::desk::MAX_TAGS;

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
    let comment = fields.inner("comment")?;
    let body = match &comment {
        Some(comment) => comment.needed_text("body", MAX_NOTE)?,
        None => fields.needed_text("description", MAX_NOTE)?,
    };
    let public = match &comment {
        Some(comment) => comment.flag("public")?.unwrap_or(true),
        None => true,
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
            let new = NewTicket { requester, body, public, fields };
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
    let comment = comment_of(&visit, &ticket, &fields).await?;
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

/// The seat of the agents; none where the app has no switchboard.
async fn desk_seat(visit: &Visit) -> Result<Option<SwitchboardIntegrationId>, Problem> {
    let seats = Seats::of(visit.api.store(), visit.app()?).await?;
    Ok(seats.desk(visit.api.desk.seat_type()).map(|seat| seat.id))
}

/// Whoever takes a ticket or answers speaks for the business from now on: a bot that has control loses it.
async fn step_in(
    all: &mut Together<'_, '_>,
    app: AppId,
    conversation: ConversationId,
    seat: SwitchboardIntegrationId,
) -> Result<(), Stop> {
    let found = all.tx.conversation(app, conversation).await?;
    if found.is_none_or(|found| found.active == Some(seat)) {
        return Ok(());
    }
    let handing =
        Handing { conversation, target: seat.to_string(), metadata: Metadata::default(), reason: Some("taken".into()) };
    all.execute(Command::PassControl(handing)).await.map(|_| ())
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

/// `POST /tickets/{id}/release`: the bot answers the customer's next message, and the ticket stays to be wrapped up.
pub(super) async fn release(visit: Visit) -> Answer {
    let conversation = conversation_of(&visit.ticket().await?)?;
    let command = Command::ReleaseControl { conversation, reason: None, metadata: Metadata::default() };
    visit
        .write(move |mut all| {
            Box::pin(async move {
                all.execute(command).await?;
                Ok(String::new())
            })
        })
        .await?;
    no_content()
}

/// `POST /tickets/{id}/activity {type}`: typing, and reading.
pub(super) async fn act_out(visit: Visit) -> Answer {
    let conversation = conversation_of(&visit.ticket().await?)?;
    let activity = activity::read(&visit.fields()?.needed_text("type", MAX_WORD)?);
    let activity = activity.ok_or_else(|| Problem::invalid("type", format!("should be {}", activity::WORDS)))?;
    let command = Command::PostActivity { conversation, user: None, activity };
    visit
        .write(move |mut all| {
            Box::pin(async move {
                all.execute(command).await?;
                Ok(String::new())
            })
        })
        .await?;
    no_content()
}

/// `POST /tickets/{id}/retry {message_id}`: says once more what did not arrive.
pub(super) async fn retry(visit: Visit) -> Answer {
    let (act, ticket) = (visit.act()?, visit.ticket().await?);
    let conversation = conversation_of(&ticket)?;
    let id = visit.fields()?.needed_text("message_id", MAX_WORD)?;
    let id = id.parse().map_err(|_| Problem::invalid("message_id", "should be the id of a message"))?;
    let message = visit.api.store().message(act.app, conversation, id).await?.ok_or_else(Problem::not_found)?;
    let failed = visit.api.store().deliveries_of(std::slice::from_ref(&message)).await?;
    let has_failed = failed
        .last()
        .is_some_and(|delivery| matches!(delivery.state, DeliveryState::Failed | DeliveryState::Uncertain));
    if !has_failed {
        return Err(Problem::invalid("message_id", "names a message that did not fail"));
    }
    let agent = visit.agent()?.clone();
    visit
        .write(move |mut all| {
            Box::pin(async move {
                speak(&mut all, &act, &agent, &ticket, message.content).await?;
                Ok(String::new())
            })
        })
        .await?;
    no_content()
}

/// The conversation behind a ticket.
pub(super) fn conversation_of(ticket: &Ticket) -> Result<ConversationId, Problem> {
    ticket.conversation.ok_or_else(|| Problem::invalid("id", "is that of a ticket without a conversation"))
}

/// What shall be said on a ticket.
pub(super) struct Comment {
    public: bool,
    /// Texts and files, in this order.
    parts: Vec<Content>,
}

async fn comment_of(visit: &Visit, ticket: &Ticket, fields: &Fields<'_>) -> Result<Option<Comment>, Problem> {
    let Some(comment) = fields.inner("comment")? else { return Ok(None) };
    let text = match comment.text("body", MAX_NOTE)? {
        Some(text) => Some(text),
        None => comment.text("html_body", MAX_NOTE)?.map(|html| plain(&html)),
    };
    let public = comment.flag("public")?.unwrap_or(true);
    let (tokens, reaches_customer) = (comment.texts("uploads", MAX_UPLOADS)?, public && ticket.conversation.is_some());
    if reaches_customer && text.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT) {
        return Err(Problem::invalid("body", format!("needs 1 to {MAX_TEXT} characters: it is one message")));
    }
    if !tokens.is_empty() && !reaches_customer {
        return Err(Problem::invalid("uploads", "can be sent to the customer of a conversation only"));
    }
    let mut parts: Vec<Content> = text.map(Content::text).into_iter().collect();
    for token in tokens {
        parts.push(uploads::content(visit, &token).await?);
    }
    if parts.is_empty() {
        return Err(Problem::invalid("comment", "needs a body or files"));
    }
    Ok(Some(Comment { public, parts }))
}

/// The words of a marked-up text: agents' programs send some, and nothing from outside is shown as markup.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => inside = false,
            other if !inside => text.push(other),
            _ => {}
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&nbsp;", " ").replace("&amp;", "&")
}

/// Says it: to the customer where it is public and there is a conversation, beside it otherwise.
pub(super) async fn say(
    all: &mut Together<'_, '_>,
    act: &Act,
    agent: &Agent,
    ticket: &Ticket,
    comment: Comment,
) -> Result<(), Stop> {
    for part in comment.parts {
        if comment.public && ticket.conversation.is_some() {
            speak(all, act, agent, ticket, part).await?;
        } else {
            let text = passerelle_model::render::plain_text(&part);
            note(all.tx, act, ticket.id, Said::Text(text), comment.public).await.map_err(stop)?;
        }
    }
    Ok(())
}

/// Writes to the customer in the name of the agent. The message and the comment that it is are one transaction.
async fn speak(
    all: &mut Together<'_, '_>,
    act: &Act,
    agent: &Agent,
    ticket: &Ticket,
    content: Content,
) -> Result<(), Stop> {
    let Some(conversation) = ticket.conversation else { return Err(CommandError::NotFound("the conversation").into()) };
    let author = NewAuthor::Business { display_name: Some(agent.name.clone()), avatar_url: None };
    let new = NewMessage {
        conversation,
        author,
        content,
        metadata: Metadata::default(),
        destination: Destination::LastUsed,
        files: Vec::new(),
        in_reply_to: None,
        extras: Default::default(),
        key: None,
    };
    let Done::Messages(messages) = all.execute(Command::PostMessage(new)).await? else {
        return Err(CommandError::Bug("a message was posted, and something else came".into()).into());
    };
    for message in messages {
        note(all.tx, act, ticket.id, Said::Message(message.id), true).await.map_err(stop)?;
    }
    Ok(())
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

/// The fields of a body as a change of a ticket.
pub(super) async fn change_of(visit: &Visit, fields: &Fields<'_>) -> Result<TicketChange, Problem> {
    let word = |name: &'static str| fields.text(name, MAX_WORD);
    let mut change = TicketChange { subject: fields.text("subject", MAX_SUBJECT)?, ..TicketChange::default() };
    if let Some(status) = word("status")? {
        change.status = Some(TicketStatus::of(&status).ok_or_else(|| unknown("status", &status))?);
    }
    change.priority = maybe(fields, "priority", Priority::of)?;
    change.kind = maybe(fields, "type", TicketType::of)?;
    if fields.mentions("assignee_id") {
        change.assignee = Some(number(fields, "assignee_id")?.map(PersonId));
    }
    if fields.value("assignee_id").and_then(Value::as_str) == Some("me") {
        change.assignee = Some(Some(visit.agent()?.id));
    }
    if fields.mentions("group_id") {
        change.group = Some(number(fields, "group_id")?.map(GroupId));
    }
    if fields.value("tags").is_some() {
        change.tags = Some(fields.texts("tags", MAX_TAGS)?);
    }
    if fields.mentions("ticket_form_id") {
        change.form = Some(number(fields, "ticket_form_id")?.map(TicketFormId));
    }
    change.added_tags = fields.texts("additional_tags", MAX_TAGS)?;
    change.removed_tags = fields.texts("remove_tags", MAX_TAGS)?;
    change.fields = fields.metadata_changes("captured")?.into_iter().collect();
    change.fields.extend(custom_fields(visit, fields).await?);
    if let Some(list) = fields.value("follower_ids") {
        let ids = list.as_array().and_then(|list| list.iter().map(Value::as_i64).collect::<Option<Vec<_>>>());
        let ids = ids.ok_or_else(|| Problem::invalid("follower_ids", "should be a list of agents"))?;
        change.followers = Some(ids.into_iter().map(PersonId).collect());
    }
    Ok(change)
}

/// `custom_fields: [{id, value}]` by the names under which they are kept.
async fn custom_fields(visit: &Visit, fields: &Fields<'_>) -> Result<BTreeMap<String, Option<Scalar>>, Problem> {
    let items = fields.items("custom_fields", MAX_FIELDS)?;
    if items.is_empty() {
        return Ok(BTreeMap::new());
    }
    let known = visit.api.store().items::<TicketField>(visit.app()?).await?;
    let mut changes = BTreeMap::new();
    for item in &items {
        let id = number(item, "id")?.ok_or_else(|| Problem::invalid("custom_fields", "need an id each"))?;
        let field = known.iter().find(|field| field.id.0 == id);
        let field = field.ok_or_else(|| Problem::invalid("custom_fields", format!("name no field: {id}")))?;
        changes.insert(field.key.clone(), custom_value(field, item.value("value"))?);
    }
    Ok(changes)
}

/// A value as it is kept, if it fits its field. Several options come as a list or as words.
fn custom_value(field: &TicketField, value: Option<&Value>) -> Result<Option<Scalar>, Problem> {
    let misfit = |rule: &str| Problem::invalid("custom_fields", format!("`{}` {rule}", field.title));
    let scalar = match value {
        None => return Ok(None),
        Some(Value::Bool(flag)) => Scalar::Flag(*flag),
        Some(Value::Number(number)) => Scalar::Number(number.as_f64().ok_or_else(|| misfit("needs a number"))?),
        Some(Value::String(text)) => Scalar::Text(text.clone()),
        Some(Value::Array(words)) => {
            let words: Option<Vec<&str>> = words.iter().map(Value::as_str).collect();
            Scalar::Text(words.ok_or_else(|| misfit("needs words"))?.join(" "))
        }
        Some(Value::Object(_) | Value::Null) => return Err(misfit("needs a value")),
    };
    field_value(field, &scalar).map_err(|rule| misfit(&rule))
}

/// A word of a list that may be unset.
fn maybe<T>(fields: &Fields<'_>, name: &'static str, of: fn(&str) -> Option<T>) -> Result<Option<Option<T>>, Problem> {
    if !fields.mentions(name) {
        return Ok(None);
    }
    match fields.text(name, MAX_WORD)? {
        None => Ok(Some(None)),
        Some(word) => of(&word).map(|known| Some(Some(known))).ok_or_else(|| unknown(name, &word)),
    }
}

fn unknown(name: &str, word: &str) -> Problem {
    Problem::invalid(name, format!("`{word}` is not one that we know"))
}

/// A number that names something.
pub(super) fn number(fields: &Fields<'_>, name: &str) -> Result<Option<i64>, Problem> {
    match fields.value(name) {
        None => Ok(None),
        Some(Value::String(text)) if text == "me" => Ok(None),
        Some(value) => {
            let number = value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
            number.map(Some).ok_or_else(|| Problem::invalid(name, "should be a number"))
        }
    }
}

/// `GET /tickets/{id}/comments`.
pub(super) async fn comments(visit: Visit) -> Answer {
    let (ticket, page) = (visit.ticket().await?, visit.page()?);
    let found = visit.api.store().comments(ticket.id, page).await?;
    let mut shown = Vec::with_capacity(found.rows.len());
    for comment in &found.rows {
        let body = match (&comment.body, comment.message, ticket.conversation) {
            (Some(body), ..) => Some(body.clone()),
            (None, Some(message), Some(conversation)) => {
                let message = visit.api.store().message(ticket.app, conversation, message).await?;
                message.map(|message| passerelle_model::render::plain_text(&message.content))
            }
            _ => None,
        };
        shown.push(show::comment(comment, &body.unwrap_or_default()));
    }
    ok(visit.list("comments", &found, page, |comment| comment.id.0, shown))
}

/// `GET /tickets/{id}/audits`.
pub(super) async fn audits(visit: Visit) -> Answer {
    let (ticket, page) = (visit.ticket().await?, visit.page()?);
    let found = visit.api.store().audits(ticket.id, page).await?;
    let shown = found.rows.iter().map(show::audit).collect();
    ok(visit.list("audits", &found, page, |audit| audit.id.0, shown))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn of_markup_the_words_are_left() {
        assert_eq!(plain("<p>1 &lt; 2 &amp; <b>so</b></p>"), "1 < 2 & so");
        assert_eq!(plain("a > b"), "a > b");
        assert_eq!(plain("&amp;lt;script&amp;gt;"), "&lt;script&gt;");
    }
}
