//! Agents and customers: the agents' API has one kind of user.

use std::collections::HashMap;

use http::StatusCode;
use passerelle_desk::Deed;
use passerelle_desk::staff::{self, MAX_CAPACITY, MAX_NAME};
use passerelle_model::desk::{GroupId, PersonId, Role};
use passerelle_model::id::AppId;
use passerelle_model::people::Profile;
use passerelle_pipeline::{Change, Command, CommandError, Done, NewUser, UserChange};
use passerelle_store::{Agent, NewAgent, NumberPage, Page, User};
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::{ok, whole};
use super::problem::{Problem, stop};
use super::sessions::{hashed, no_content};
use super::show;
use crate::api::Api;
use crate::call::Reply;
use crate::wire::fields::Fields;

/// Characters of an e-mail address.
pub(super) const MAX_EMAIL: usize = 254;
/// Characters of what is searched for.
const MAX_SEARCH: usize = 100;
/// Identities that are shown of a user.
const IDENTITIES: u32 = 50;

/// `GET /users/me`.
pub(super) async fn me(visit: Visit) -> Answer {
    ok(json!({ "user": show_agent(&visit.api, visit.agent()?).await? }))
}

/// `GET /users`: agents, or with `role=end-user` customers.
pub(super) async fn list(visit: Visit) -> Answer {
    let (app, page) = (visit.app()?, visit.page()?);
    let roles: Vec<&str> = visit.queries("role").chain(visit.queries("role[]")).collect();
    if roles.contains(&"end-user") {
        return customers(&visit, app, page).await;
    }
    let mut found = visit.api.store().agents(app, page).await?;
    found.rows.retain(|agent| roles.is_empty() || roles.contains(&agent.role.as_str()));
    let groups = groups(&visit.api, app).await?;
    let shown = found.rows.iter().map(|agent| show_with(&visit.api, agent, &groups)).collect();
    ok(visit.list("users", &found, page, |agent| agent.id.0, shown))
}

async fn customers(visit: &Visit, app: AppId, page: NumberPage) -> Answer {
    let found = visit.api.store().customers(app, page).await?;
    let mut shown = Vec::new();
    for (id, user) in &found.rows {
        if let Some(user) = visit.api.store().user(app, *user).await? {
            shown.push(show::customer(&visit.api.public_url, *id, &user));
        }
    }
    ok(visit.list("users", &found, page, |(id, _)| id.0, shown))
}

/// `GET /users/show_many?ids=`.
pub(super) async fn show_many(visit: Visit) -> Answer {
    let mut shown = Vec::new();
    for id in visit.numbers("ids")? {
        shown.extend(find(&visit.api, visit.app()?, PersonId(id)).await?);
    }
    ok(whole("users", shown))
}

/// `GET /users/search?query=` and `GET /users/autocomplete?name=`: whoever has this text in the name or the address.
pub(super) async fn search(visit: Visit) -> Answer {
    let text: String =
        visit.query("query").or_else(|| visit.query("name")).unwrap_or_default().chars().take(MAX_SEARCH).collect();
    let app = visit.app()?;
    let lower = text.to_lowercase();
    let all = NumberPage { after: None, before: None, size: 100 };
    let agents = visit.api.store().agents(app, all).await?.rows;
    let groups = groups(&visit.api, app).await?;
    let fits = |agent: &&Agent| format!("{} {}", agent.name, agent.email).to_lowercase().contains(&lower);
    let mut shown: Vec<Value> = agents.iter().filter(fits).map(|agent| show_with(&visit.api, agent, &groups)).collect();
    let users = visit.api.store().users_like(app, &text).await?;
    for (id, user) in numbered(&visit.api, app, users).await? {
        shown.push(show::customer(&visit.api.public_url, id, &user));
    }
    ok(whole("users", shown))
}

/// `GET /users/{id}`.
pub(super) async fn get(visit: Visit) -> Answer {
    let found = find(&visit.api, visit.app()?, PersonId(visit.number("id")?)).await?;
    ok(json!({ "user": found.ok_or_else(Problem::not_found)? }))
}

/// `GET /users/{id}/identities`.
pub(super) async fn identities(visit: Visit) -> Answer {
    let app = visit.app()?;
    let person = visit.api.store().person(app, PersonId(visit.number("id")?)).await?.ok_or_else(Problem::not_found)?;
    let Some(user) = person.user else { return ok(whole("identities", Vec::new())) };
    let clients = visit.api.store().clients(app, user, Page::first(IDENTITIES)).await?.rows;
    let mut shown: Vec<Value> = clients.iter().enumerate().map(|(n, client)| show::client(n + 1, client)).collect();
    let user = visit.api.store().user(app, user).await?.ok_or_else(Problem::not_found)?;
    for (kind, value) in [("email", &user.profile.email), ("phone_number", &user.profile.phone)] {
        if let Some(value) = value {
            let id = shown.len() + 1;
            shown.push(json!({ "id": id, "type": kind, "value": value, "verified": false, "primary": true }));
        }
    }
    ok(whole("identities", shown))
}

/// `POST /users`: an agent when `role` says so (admins only, with a first password), a customer otherwise.
pub(super) async fn create(visit: Visit) -> Answer {
    let fields = visit.thing("user")?;
    match role(&fields)? {
        Some(role) => create_agent(&visit, &fields, role).await,
        None => create_customer(&visit, &fields).await,
    }
}

async fn create_agent(visit: &Visit, fields: &Fields<'_>, role: Role) -> Answer {
    if !visit.is_admin() {
        return Err(Problem::forbidden("Only admins make agents"));
    }
    let (act, app) = (visit.act()?, visit.app()?);
    let new = NewAgent {
        app,
        email: checked_email(fields)?,
        name: fields.needed_text("name", MAX_NAME)?,
        role,
        password: hashed(fields.needed_text("password", usize::MAX)?).await?,
        capacity: capacity(fields)?.unwrap_or(super::sessions::USUAL_CAPACITY),
    };
    let wanted = group_ids(visit, fields).await?.unwrap_or_default();
    let made = visit.write(move |all| {
        Box::pin(async move {
            let id = staff::hire(all.tx, &act, &new).await.map_err(stop)?;
            for group in wanted {
                all.tx.insert_membership(id, group, act.now).await?;
            }
            Ok(id.to_string())
        })
    });
    let id = PersonId(made.await?.parse().map_err(|_| Problem::not_found())?);
    created(visit, id).await
}

async fn create_customer(visit: &Visit, fields: &Fields<'_>) -> Answer {
    let change = customer_change(fields)?;
    let profile = Profile {
        given_name: change.given_name.apply(None),
        surname: change.surname.apply(None),
        email: change.email.apply(None),
        locale: change.locale.apply(None),
        ..Profile::default()
    };
    let new = NewUser { external_id: fields.text("external_id", 1024)?, profile, ..NewUser::default() };
    let app = visit.app()?;
    let made = visit.write(move |mut all| {
        Box::pin(async move {
            let Done::User(user) = all.execute(Command::CreateUser(new)).await? else {
                return Err(CommandError::Bug("a user was made, and something else came".into()).into());
            };
            Ok(all.tx.person_of(app, user.id).await?.to_string())
        })
    });
    let id = PersonId(made.await?.parse().map_err(|_| Problem::not_found())?);
    created(visit, id).await
}

async fn created(visit: &Visit, id: PersonId) -> Answer {
    let found = find(&visit.api, visit.app()?, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Reply::Json(StatusCode::CREATED, json!({ "user": found })))
}

/// `PUT /users/{id}`: oneself, a customer, or as an admin any agent.
pub(super) async fn update(visit: Visit) -> Answer {
    let id = visit.person("id")?;
    change(&visit, id).await
}

/// `PUT /users/me`.
pub(super) async fn update_me(visit: Visit) -> Answer {
    let id = visit.agent()?.id;
    change(&visit, id).await
}

async fn change(visit: &Visit, id: PersonId) -> Answer {
    let app = visit.app()?;
    let fields = visit.thing("user")?;
    let person = visit.api.store().person(app, id).await?.ok_or_else(Problem::not_found)?;
    match person.user {
        Some(user) => {
            let command = Command::UpdateUser { user, change: customer_change(&fields)? };
            visit
                .write(move |mut all| {
                    Box::pin(async move {
                        all.execute(command).await?;
                        Ok(String::new())
                    })
                })
                .await?;
        }
        None => update_agent(visit, id, &fields).await?,
    }
    let found = find(&visit.api, app, id).await?.ok_or_else(Problem::not_found)?;
    ok(json!({ "user": found }))
}

async fn update_agent(visit: &Visit, id: PersonId, fields: &Fields<'_>) -> Result<(), Problem> {
    visit.own_or_admin(id)?;
    let act = visit.act()?;
    let mut agent =
        visit.api.store().agent(act.app, id).await?.filter(|agent| agent.active).ok_or_else(Problem::not_found)?;
    if let Some(name) = fields.text("name", MAX_NAME)? {
        agent.name = name;
    }
    if fields.value("locale").is_some() {
        agent.locale = fields.text("locale", crate::wire::people::MAX_LOCALE)?;
    }
    let kept = ["email", "role", "capacity", "group_ids", "password"];
    if !visit.is_admin() && kept.iter().any(|name| fields.mentions(name)) {
        return Err(Problem::forbidden("Only admins change addresses, roles, capacities and groups"));
    }
    if fields.value("email").is_some() {
        agent.email = checked_email(fields)?;
    }
    if fields.value("role").is_some() {
        agent.role = role(fields)?.ok_or_else(|| Problem::invalid("role", "should be agent or admin"))?;
    }
    agent.capacity = capacity(fields)?.unwrap_or(agent.capacity);
    let wanted = group_ids(visit, fields).await?;
    let password = match fields.text("password", usize::MAX)? {
        Some(password) => Some(hashed(password).await?),
        None => None,
    };
    let own = visit.session().map(|session| session.id).filter(|_| act.by == Some(id));
    visit
        .write(move |all| {
            Box::pin(async move {
                staff::update(all.tx, &act, &agent).await.map_err(stop)?;
                if let Some(password) = password {
                    all.tx.set_agent_password(id, &password, act.now);
                    all.tx.delete_other_agent_sessions(id, own).await?;
                }
                if let Some(wanted) = wanted {
                    all.tx.set_memberships(id, &wanted, act.now);
                }
                act.log(all.tx, deed("update", id, &agent.name, agent.role.as_str()));
                Ok(String::new())
            })
        })
        .await?;
    Ok(())
}

/// `DELETE /users/{id}`: an agent leaves.
pub(super) async fn delete(visit: Visit) -> Answer {
    let (act, id) = (visit.act()?, visit.person("id")?);
    let person = visit.api.store().person(act.app, id).await?.ok_or_else(Problem::not_found)?;
    if person.user.is_some() {
        return Err(Problem::invalid("id", "is a customer's: customers are forgotten through the Conversations API"));
    }
    visit
        .write(move |all| {
            Box::pin(async move {
                staff::retire(all.tx, &act, id).await.map_err(stop)?;
                act.log(all.tx, deed("destroy", id, "", "the agent has left"));
                Ok(String::new())
            })
        })
        .await?;
    no_content()
}

/// A user of the desk, whoever that is.
pub(super) async fn find(api: &Api, app: AppId, id: PersonId) -> Result<Option<Value>, Problem> {
    if let Some(agent) = api.store().agent(app, id).await? {
        return show_agent(api, &agent).await.map(Some);
    }
    let Some(user) = api.store().person(app, id).await?.and_then(|person| person.user) else { return Ok(None) };
    let user = api.store().user(app, user).await?;
    Ok(user.map(|user| show::customer(&api.public_url, id, &user)))
}

/// What a user of the desk is called.
pub(super) async fn name(api: &Api, app: AppId, id: PersonId) -> Result<String, Problem> {
    let found = find(api, app, id).await?;
    Ok(found.and_then(|user| user["name"].as_str().map(str::to_owned)).unwrap_or_else(|| format!("User {id}")))
}

/// An agent with its groups.
pub(super) async fn show_agent(api: &Api, agent: &Agent) -> Result<Value, Problem> {
    Ok(show_with(api, agent, &groups(api, agent.app).await?))
}

fn show_with(api: &Api, agent: &Agent, groups: &HashMap<PersonId, Vec<GroupId>>) -> Value {
    show::agent(&api.public_url, agent, groups.get(&agent.id).map_or(&[], Vec::as_slice))
}

/// The groups of every agent.
pub(super) async fn groups(api: &Api, app: AppId) -> Result<HashMap<PersonId, Vec<GroupId>>, Problem> {
    let mut groups: HashMap<PersonId, Vec<GroupId>> = HashMap::new();
    for (agent, group) in api.store().groups_of_agents(app).await? {
        groups.entry(agent).or_default().push(group);
    }
    Ok(groups)
}

/// The number by which the desk knows a user, given now if there is none.
pub(super) async fn number_of(api: &Api, app: AppId, user: passerelle_model::id::UserId) -> Result<PersonId, Problem> {
    let number = api.store().write(move |tx| Box::pin(async move { tx.person_of(app, user).await }));
    Ok(number.await?)
}

/// Users with the numbers that the desk knows them by; those who have none get one now.
async fn numbered(api: &Api, app: AppId, users: Vec<User>) -> Result<Vec<(PersonId, User)>, Problem> {
    let ids: Vec<_> = users.iter().map(|user| user.id).collect();
    let numbers = api.store().write(move |tx| {
        Box::pin(async move {
            let mut numbers = Vec::with_capacity(ids.len());
            for id in ids {
                numbers.push(tx.person_of(app, id).await?);
            }
            Ok(numbers)
        })
    });
    Ok(numbers.await?.into_iter().zip(users).collect())
}

/// The role of an agent; none for an end user.
fn role(fields: &Fields<'_>) -> Result<Option<Role>, Problem> {
    match fields.text("role", MAX_NAME)?.as_deref() {
        None | Some("end-user") => Ok(None),
        Some(word) => {
            Role::of(word).map(Some).ok_or_else(|| Problem::invalid("role", "should be end-user, agent or admin"))
        }
    }
}

/// An address that mail can be sent to, as far as that can be seen.
pub(super) fn checked_email(fields: &Fields<'_>) -> Result<String, Problem> {
    let email = fields.needed_text("email", MAX_EMAIL)?;
    let fits = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !email.contains(char::is_whitespace)
    });
    if fits { Ok(email) } else { Err(Problem::invalid("email", "is no e-mail address")) }
}

fn capacity(fields: &Fields<'_>) -> Result<Option<u32>, Problem> {
    let capacity = fields.integer("capacity", 0..=u64::from(MAX_CAPACITY))?;
    Ok(capacity.and_then(|capacity| u32::try_from(capacity).ok()))
}

/// The groups that an agent shall be in, each looked up.
async fn group_ids(visit: &Visit, fields: &Fields<'_>) -> Result<Option<Vec<GroupId>>, Problem> {
    let Some(value) = fields.value("group_ids") else { return Ok(None) };
    let wrong = || Problem::invalid("group_ids", "should be a list of groups");
    let mut groups = Vec::new();
    for value in value.as_array().ok_or_else(wrong)? {
        let id = GroupId(value.as_i64().ok_or_else(wrong)?);
        visit.api.store().agent_group(visit.app()?, id).await?.ok_or_else(wrong)?;
        groups.push(id);
    }
    Ok(Some(groups))
}

/// How a customer changes: what agents know by one name is kept as two.
fn customer_change(fields: &Fields<'_>) -> Result<UserChange, Problem> {
    let mut change = UserChange {
        email: fields.text_change("email", crate::wire::people::MAX_NAME)?,
        locale: fields.text_change("locale", crate::wire::people::MAX_LOCALE)?,
        ..UserChange::default()
    };
    if let Some(name) = fields.text("name", MAX_NAME)? {
        let (given, surname) = name.split_once(' ').map_or((name.as_str(), ""), |(given, rest)| (given, rest.trim()));
        change.given_name = Change::Set(given.to_owned());
        change.surname = if surname.is_empty() { Change::Unset } else { Change::Set(surname.to_owned()) };
    }
    change.metadata = fields.metadata_changes("user_fields")?.into_iter().collect();
    Ok(change)
}

fn deed<'a>(action: &'a str, id: PersonId, label: &'a str, description: &'a str) -> Deed<'a> {
    Deed { action, source_type: "user", source_id: Some(id.0), label, description, address: None }
}
