//! Whether agents can be offered tickets.

use passerelle_desk::set_available;
use passerelle_model::desk::{AgentStatusId, AvailabilityStatus, PersonId};
use passerelle_store::AgentStatus;
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::{Problem, stop};
use super::rules::items::Item as _;
use super::show;
use super::users::groups;

/// `GET /agent_availabilities`: every agent.
pub(super) async fn list(visit: Visit) -> Answer {
    let (app, page) = (visit.app()?, visit.page()?);
    let found = visit.api.store().agents(app, page).await?;
    let mut shown = Vec::new();
    for agent in &found.rows {
        shown.push(one(&visit, agent.id).await?);
    }
    ok(visit.list("data", &found, page, |agent| agent.id.0, shown))
}

/// `GET /agent_availabilities/{agent}`.
pub(super) async fn get(visit: Visit) -> Answer {
    ok(json!({ "data": one(&visit, visit.person("agent")?).await? }))
}

/// `GET /agent_availabilities/agent_statuses`.
pub(super) async fn statuses(visit: Visit) -> Answer {
    visit.agent()?;
    let stock: Vec<Value> = AvailabilityStatus::ALL.iter().map(|status| show::status(*status)).collect();
    let own = visit.api.store().items::<AgentStatus>(visit.app()?).await?;
    let own: Vec<Value> = own.iter().map(|status| status.show(&visit.api.public_url)).collect();
    ok(json!({ "data": { "default": stock, "custom": own } }))
}

/// `PUT /agent_availabilities/agent_statuses/agents/{agent} {id}`: one's own, or as an admin anybody's.
pub(super) async fn set(visit: Visit) -> Answer {
    let (act, agent) = (visit.act()?, visit.person("agent")?);
    visit.own_or_admin(agent)?;
    let id = visit.fields()?.integer("id", 0..=u64::from(u32::MAX))?;
    let (status, custom) = wanted(&visit, id).await?;
    let reason = (act.by != Some(agent)).then_some("an admin has set it");
    visit
        .write(move |all| {
            Box::pin(async move {
                set_available(all.tx, &act, agent, status, reason).await.map_err(stop)?;
                all.tx.set_custom_status(agent, custom);
                Ok(String::new())
            })
        })
        .await?;
    ok(json!({ "data": one(&visit, agent).await? }))
}

/// The stock status of a number, and the app's own one that it is the number of.
async fn wanted(visit: &Visit, id: Option<u64>) -> Result<(AvailabilityStatus, Option<AgentStatusId>), Problem> {
    if let Some(stock) = id.and_then(AvailabilityStatus::numbered) {
        return Ok((stock, None));
    }
    let id = AgentStatusId(id.and_then(|id| i64::try_from(id).ok()).unwrap_or_default());
    let own = visit.api.store().item::<AgentStatus>(visit.app()?, id).await?;
    let own =
        own.ok_or_else(|| Problem::invalid("id", "is no status: 2 offline, 3 online, 4 away, 5 transfers only"))?;
    Ok((own.category, Some(own.id)))
}

async fn one(visit: &Visit, id: PersonId) -> Result<Value, Problem> {
    let (app, store) = (visit.app()?, visit.api.store());
    let agent = store.agent(app, id).await?.ok_or_else(Problem::not_found)?;
    let availability = store.availability(app, id).await?.ok_or_else(Problem::not_found)?;
    let load = store.agent_load(id).await?;
    let mut shown = show::availability(&availability, &agent, load, &groups(&visit.api, app).await?);
    if let Some(own) = availability.custom
        && let Some(own) = store.item::<AgentStatus>(app, own).await?
    {
        let status = &mut shown["attributes"]["agent_status"];
        (status["id"], status["name"]) = (json!(own.id), own.name.into());
    }
    Ok(shown)
}
