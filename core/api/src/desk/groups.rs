//! Groups of agents, and who is in them.

use http::StatusCode;
use passerelle_desk::Deed;
use passerelle_desk::staff::MAX_NAME;
use passerelle_model::desk::{GroupId, MembershipId, PersonId};
use passerelle_pipeline::CommandError;
use passerelle_store::AgentGroup;
use serde_json::json;

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::Problem;
use super::sessions::no_content;
use super::show;
use crate::call::Reply;

/// Characters of what a group is for.
const MAX_DESCRIPTION: usize = 1000;

pub(super) async fn list(visit: Visit) -> Answer {
    let page = visit.page()?;
    let found = visit.api.store().agent_groups(visit.app()?, page).await?;
    let shown = found.rows.iter().map(|group| show::group(&visit.api.public_url, group)).collect();
    ok(visit.list("groups", &found, page, |group| group.id.0, shown))
}

pub(super) async fn get(visit: Visit) -> Answer {
    let id = GroupId(visit.number("id")?);
    let group = find(&visit, id).await?;
    ok(json!({ "group": show::group(&visit.api.public_url, &group) }))
}

pub(super) async fn create(visit: Visit) -> Answer {
    let fields = visit.thing("group")?;
    let name = fields.needed_text("name", MAX_NAME)?;
    let description = fields.text("description", MAX_DESCRIPTION)?.unwrap_or_default();
    let act = visit.act()?;
    let made = visit.write(move |all| {
        Box::pin(async move {
            let id = all.tx.insert_agent_group(act.app, &name, &description, act.now).await?;
            act.log(all.tx, deed("create", id, &name));
            Ok(id.to_string())
        })
    });
    let id = GroupId(made.await?.parse().map_err(|_| Problem::not_found())?);
    let group = find(&visit, id).await?;
    Ok(Reply::Json(StatusCode::CREATED, json!({ "group": show::group(&visit.api.public_url, &group) })))
}

pub(super) async fn update(visit: Visit) -> Answer {
    let (fields, act) = (visit.thing("group")?, visit.act()?);
    let mut group = find(&visit, GroupId(visit.number("id")?)).await?;
    if let Some(name) = fields.text("name", MAX_NAME)? {
        group.name = name;
    }
    if fields.mentions("description") {
        group.description = fields.text("description", MAX_DESCRIPTION)?.unwrap_or_default();
    }
    group.updated_at = act.now;
    let kept = group.clone();
    visit
        .write(move |all| {
            Box::pin(async move {
                all.tx.update_agent_group(&kept);
                act.log(all.tx, deed("update", kept.id, &kept.name));
                Ok(String::new())
            })
        })
        .await?;
    ok(json!({ "group": show::group(&visit.api.public_url, &group) }))
}

pub(super) async fn delete(visit: Visit) -> Answer {
    let act = visit.act()?;
    let group = find(&visit, GroupId(visit.number("id")?)).await?;
    visit
        .write(move |all| {
            Box::pin(async move {
                all.tx.delete_agent_group(act.app, group.id).await?;
                act.log(all.tx, deed("destroy", group.id, &group.name));
                Ok(String::new())
            })
        })
        .await?;
    no_content()
}

pub(super) async fn memberships(visit: Visit) -> Answer {
    let page = visit.page()?;
    let found = visit.api.store().memberships(visit.app()?, page).await?;
    let shown = found.rows.iter().map(|one| show::membership(&visit.api.public_url, *one)).collect();
    ok(visit.list("group_memberships", &found, page, |one| one.id.0, shown))
}

pub(super) async fn join(visit: Visit) -> Answer {
    let (fields, act) = (visit.thing("group_membership")?, visit.act()?);
    let number = |name| fields.integer(name, 1..=u64::try_from(i64::MAX).unwrap_or(u64::MAX));
    let unknown = |name| Problem::invalid(name, "names nobody of this desk");
    let agent = number("user_id")?.and_then(|id| i64::try_from(id).ok()).ok_or_else(|| unknown("user_id"))?;
    let group = number("group_id")?.and_then(|id| i64::try_from(id).ok()).ok_or_else(|| unknown("group_id"))?;
    let (agent, group) = (PersonId(agent), GroupId(group));
    visit.api.store().agent(act.app, agent).await?.filter(|agent| agent.active).ok_or_else(|| unknown("user_id"))?;
    visit.api.store().agent_group(act.app, group).await?.ok_or_else(|| unknown("group_id"))?;
    let made = visit.write(move |all| {
        Box::pin(async move {
            let made = all.tx.insert_membership(agent, group, act.now).await?;
            Ok(serde_json::to_string(&(made.id, made.created_at.as_micros())).unwrap_or_default())
        })
    });
    let (id, created_at): (MembershipId, i64) =
        serde_json::from_str(&made.await?).map_err(|error| crate::error::ApiError::internal(&error))?;
    let created_at = passerelle_model::time::Timestamp::from_micros(created_at);
    let made = passerelle_store::Membership { id, agent, group, created_at };
    let shown = show::membership(&visit.api.public_url, made);
    Ok(Reply::Json(StatusCode::CREATED, json!({ "group_membership": shown })))
}

pub(super) async fn leave(visit: Visit) -> Answer {
    let (act, id) = (visit.act()?, MembershipId(visit.number("id")?));
    visit
        .write(move |all| {
            Box::pin(async move {
                match all.tx.delete_membership(act.app, id).await? {
                    true => Ok(String::new()),
                    false => Err(CommandError::NotFound("the membership").into()),
                }
            })
        })
        .await?;
    no_content()
}

async fn find(visit: &Visit, id: GroupId) -> Result<AgentGroup, Problem> {
    visit.api.store().agent_group(visit.app()?, id).await?.ok_or_else(Problem::not_found)
}

fn deed<'a>(action: &'a str, id: GroupId, label: &'a str) -> Deed<'a> {
    Deed { action, source_type: "group", source_id: Some(id.0), label, description: "", address: None }
}
