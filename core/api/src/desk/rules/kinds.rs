//! Views, macros, triggers and automations: listing, making, changing, ordering and removing them.
//!
//! Everybody may make views and macros for oneself; everything else is for admins.

use http::StatusCode;
use passerelle_desk::Deed;
use passerelle_desk::items::{keep_rule, remove_rule, reorder_rules};
use passerelle_model::desk::RuleId;
use passerelle_model::rule::{Restriction, RuleKind};
use passerelle_store::Rule;
use serde_json::{Value, json};

use super::super::door::{Answer, Visit};
use super::super::page::ok;
use super::super::problem::{Problem, stop};
use super::super::sessions::no_content;
use super::wire::{self, names};
use crate::call::Reply;

/// The rules of one kind that the agent may use.
pub(super) async fn usable(visit: &Visit, kind: RuleKind) -> Result<Vec<Rule>, Problem> {
    let mut rules = visit.api.store().rules(visit.app()?, kind).await?;
    if !visit.is_admin() {
        let viewer = visit.viewer().await?;
        rules.retain(|rule| rule.restriction.admits(&viewer));
    }
    Ok(rules)
}

/// One that the agent may use.
pub(super) async fn find(visit: &Visit, kind: RuleKind, id: i64) -> Result<Rule, Problem> {
    let rule = visit.api.store().rule(visit.app()?, kind, RuleId(id)).await?.ok_or_else(Problem::not_found)?;
    let is_usable = visit.is_admin() || rule.restriction.admits(&visit.viewer().await?);
    if is_usable { Ok(rule) } else { Err(Problem::not_found()) }
}

pub(crate) async fn list(visit: Visit, kind: RuleKind) -> Answer {
    let rules = usable(&visit, kind).await?;
    show_all(&visit, kind, &rules)
}

pub(crate) async fn active(visit: Visit, kind: RuleKind) -> Answer {
    let mut rules = usable(&visit, kind).await?;
    rules.retain(|rule| rule.active);
    show_all(&visit, kind, &rules)
}

fn show_all(visit: &Visit, kind: RuleKind, rules: &[Rule]) -> Answer {
    let shown = rules.iter().map(|rule| wire::show(&visit.api.public_url, rule)).collect();
    ok(visit.short_list(names(kind).1, shown)?)
}

pub(crate) async fn get(visit: Visit, kind: RuleKind) -> Answer {
    let rule = find(&visit, kind, visit.number("id")?).await?;
    ok(json!({ names(kind).0: wire::show(&visit.api.public_url, &rule) }))
}

pub(crate) async fn create(visit: Visit, kind: RuleKind) -> Answer {
    let act = visit.act()?;
    let mut rule = Rule::new(act.app, kind, "", act.now);
    wire::read(&visit.thing(names(kind).0)?, &mut rule)?;
    own_or_admins(&visit, &rule)?;
    let made = keep(&visit, rule, "create").await?;
    let rule = find(&visit, kind, made.0).await?;
    let shown = json!({ names(kind).0: wire::show(&visit.api.public_url, &rule) });
    Ok(Reply::Json(StatusCode::CREATED, shown))
}

pub(crate) async fn update(visit: Visit, kind: RuleKind) -> Answer {
    let before = find(&visit, kind, visit.number("id")?).await?;
    own_or_admins(&visit, &before)?;
    let mut rule = before.clone();
    wire::read(&visit.thing(names(kind).0)?, &mut rule)?;
    own_or_admins(&visit, &rule)?;
    rule.updated_at = visit.api.clock.now();
    keep(&visit, rule, "update").await?;
    let rule = find(&visit, kind, before.id.0).await?;
    ok(json!({ names(kind).0: wire::show(&visit.api.public_url, &rule) }))
}

async fn keep(visit: &Visit, rule: Rule, action: &'static str) -> Result<RuleId, Problem> {
    let act = visit.act()?;
    let kept = visit.write(move |all| {
        Box::pin(async move {
            let id = keep_rule(all.tx, &act, &rule).await.map_err(stop)?;
            act.log(all.tx, deed(action, &rule, id));
            Ok(id.to_string())
        })
    });
    Ok(RuleId(kept.await?.parse().map_err(|_| Problem::not_found())?))
}

pub(crate) async fn delete(visit: Visit, kind: RuleKind) -> Answer {
    let (act, rule) = (visit.act()?, find(&visit, kind, visit.number("id")?).await?);
    own_or_admins(&visit, &rule)?;
    let removed = visit.write(move |all| {
        Box::pin(async move {
            remove_rule(all.tx, &act, kind, rule.id).await.map_err(stop)?;
            act.log(all.tx, deed("destroy", &rule, rule.id));
            Ok(String::new())
        })
    });
    removed.await?;
    no_content()
}

/// `PUT /triggers/reorder {trigger_ids}`.
pub(crate) async fn reorder(visit: Visit, kind: RuleKind) -> Answer {
    let name = format!("{}_ids", names(kind).0);
    let ids = visit.fields()?.value(&name).and_then(Value::as_array).cloned();
    let ids: Option<Vec<RuleId>> = ids.and_then(|ids| ids.iter().map(|id| id.as_i64().map(RuleId)).collect());
    let ids = ids.ok_or_else(|| Problem::invalid(&name, "should be a list of numbers"))?;
    let act = visit.act()?;
    let done = visit.write(move |all| {
        Box::pin(async move {
            reorder_rules(all.tx, &act, kind, &ids).await.map_err(stop)?;
            Ok(String::new())
        })
    });
    done.await?;
    list(visit, kind).await
}

/// What is for oneself everybody may make; what is for others, admins.
fn own_or_admins(visit: &Visit, rule: &Rule) -> Result<(), Problem> {
    let personal = matches!(rule.kind, RuleKind::View | RuleKind::Macro)
        && rule.restriction == Restriction::Agent(visit.agent()?.id);
    match personal || visit.is_admin() {
        true => Ok(()),
        false => Err(Problem::forbidden("Only admins change what others use: restrict it to yourself")),
    }
}

fn deed<'a>(action: &'a str, rule: &'a Rule, id: RuleId) -> Deed<'a> {
    let source_type = rule.kind.as_str();
    Deed { action, source_type, source_id: Some(id.0), label: &rule.title, description: "", address: None }
}
