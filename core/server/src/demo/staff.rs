//! The demo's agents and groups.

use std::sync::Arc;

use anyhow::Context;
use passerelle_desk::staff::hire;
use passerelle_desk::{Act, hash};
use passerelle_model::desk::GroupId;
use passerelle_model::id::AppId;
use passerelle_store::{NewAgent, Tx};

use super::plan::AgentPlan;
use crate::house::House;

/// Tickets that an agent of the demo may have at once.
const CAPACITY: u32 = 6;

/// Makes the agents who are missing, with their groups.
pub(super) async fn plant(house: &House, app: AppId, agents: &[AgentPlan]) -> anyhow::Result<()> {
    for planned in agents {
        if house.store().agent_to_sign_in(&planned.email).await?.is_none() {
            add(house, app, planned).await.with_context(|| format!("the demo's agent `{}`", planned.name))?;
        }
    }
    Ok(())
}

async fn add(house: &House, app: AppId, planned: &AgentPlan) -> anyhow::Result<()> {
    let (groups, now) = (planned.groups.clone(), house.clock.now());
    let act = Act { app, by: None, now, ids: Arc::clone(house.gateway.ids()) };
    let new = NewAgent {
        app,
        email: planned.email.clone(),
        name: planned.name.clone(),
        role: planned.role,
        password: hash(&planned.password)?,
        capacity: CAPACITY,
    };
    let added = house.store().write(move |tx| {
        Box::pin(async move {
            let agent = match hire(tx, &act, &new).await {
                Ok(agent) => agent,
                Err(error) => return Ok(Err(error)),
            };
            for name in &groups {
                let group = group(tx, app, name, now).await?;
                tx.insert_membership(agent, group, now).await?;
            }
            Ok(Ok(()))
        })
    });
    Ok(added.await??)
}

async fn group(
    tx: &mut Tx<'_>,
    app: AppId,
    name: &str,
    now: passerelle_model::time::Timestamp,
) -> Result<GroupId, passerelle_store::StoreError> {
    match tx.agent_group_by_name(app, name).await? {
        Some(known) => Ok(known.id),
        None => tx.insert_agent_group(app, name, "", now).await,
    }
}
