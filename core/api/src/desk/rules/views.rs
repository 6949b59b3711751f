//! What views list and count.

use passerelle_model::rule::{Execution, Plan, RuleKind};
use passerelle_store::{Part, Rule, Sought, Ticket};
use serde_json::{Value, json};

use super::super::door::{Answer, Visit};
use super::super::page::{ok, whole};
use super::super::problem::Problem;
use super::super::shower::Shower;
use super::super::tickets::side_load;
use super::counts::Of;
use super::kinds::find;
use super::wire::{self, show_column};

/// Tickets of a page.
const PAGE: u32 = 100;

/// `GET /views/{id}/count`.
pub(crate) async fn count(visit: Visit) -> Answer {
    let rule = find(&visit, RuleKind::View, visit.number("id")?).await?;
    ok(json!({ "view_count": counted(&visit, &rule).await? }))
}

/// `GET /views/count_many?ids=`.
pub(crate) async fn count_many(visit: Visit) -> Answer {
    let mut counts = Vec::new();
    for id in visit.numbers("ids")? {
        let rule = find(&visit, RuleKind::View, id).await?;
        counts.push(counted(&visit, &rule).await?);
    }
    ok(whole("view_counts", counts))
}

async fn counted(visit: &Visit, rule: &Rule) -> Result<Value, Problem> {
    let plan = rule.conditions.check(RuleKind::View)?;
    let of = Of::new(rule, &plan, visit.agent()?.id);
    let count = with_sought(visit, &plan, async |sought| visit.api.store().count_sought(sought).await);
    let (value, fresh) = visit.api.counts().of(of, count).await?;
    Ok(json!({ "view_id": rule.id, "value": value, "pretty": pretty(value), "fresh": fresh }))
}

/// A number as people say it.
fn pretty(value: u64) -> String {
    if value < 1000 { value.to_string() } else { format!("{:.1}k", value as f64 / 1000.0) }
}

/// `GET /views/{id}/tickets`.
pub(crate) async fn tickets(visit: Visit) -> Answer {
    let rule = find(&visit, RuleKind::View, visit.number("id")?).await?;
    let (plan, execution) = (rule.conditions.check(RuleKind::View)?, sorted(&visit, &rule.execution)?);
    let (part, found, has_more) = page(&visit, &plan, &execution).await?;
    let shower = Shower::of(&visit.api, visit.app()?).await?;
    let shown = shower.tickets(&found).await?;
    let mut answer = visit.part_list("tickets", shown, part, has_more);
    side_load(&visit, &shower, &found, &mut answer).await?;
    ok(answer)
}

/// `GET /views/{id}/execute`.
pub(crate) async fn execute(visit: Visit) -> Answer {
    let rule = find(&visit, RuleKind::View, visit.number("id")?).await?;
    rows(&visit, &rule).await
}

/// `POST /views/preview {view}`: what a view that is not kept would list.
pub(crate) async fn preview(visit: Visit) -> Answer {
    let act = visit.act()?;
    let mut rule = Rule::new(act.app, RuleKind::View, "preview", act.now);
    wire::read(&visit.thing("view")?, &mut rule)?;
    rows(&visit, &rule).await
}

async fn rows(visit: &Visit, rule: &Rule) -> Answer {
    let (plan, execution) = (rule.conditions.check(RuleKind::View)?, sorted(visit, &rule.execution)?);
    let (part, found, has_more) = page(visit, &plan, &execution).await?;
    let count = with_sought(visit, &plan, async |sought| visit.api.store().count_sought(sought).await).await?;
    let shower = Shower::of(&visit.api, visit.app()?).await?;
    let rows = shower.tickets(&found).await?.into_iter().map(|ticket| json!({ "ticket": ticket })).collect();
    let mut answer = visit.part_list("rows", rows, part, has_more);
    answer["columns"] = execution.columns.iter().map(|column| show_column(*column)).collect::<Vec<_>>().into();
    answer["count"] = count.into();
    answer["view"] = json!({ "id": rule.id, "title": rule.title });
    side_load(visit, &shower, &found, &mut answer).await?;
    ok(answer)
}

/// The view's own order, or the one that is asked for.
fn sorted(visit: &Visit, execution: &Execution) -> Result<Execution, Problem> {
    let mut execution = execution.clone();
    if let Some(word) = visit.query("sort_by") {
        let column = passerelle_model::rule::Column::parse(word);
        execution.sort_by = column.ok_or_else(|| Problem::invalid("sort_by", "is no column of tickets"))?;
        execution.group_by = None;
        execution.sort_descending = false;
    }
    if let Some(order) = visit.query("sort_order") {
        execution.sort_descending = order == "desc";
    }
    Ok(execution)
}

async fn page(visit: &Visit, plan: &Plan, execution: &Execution) -> Result<(Part, Vec<Ticket>, bool), Problem> {
    let part = visit.part(PAGE)?;
    let found =
        with_sought(visit, plan, async |sought| visit.api.store().tickets_sought(sought, execution, part).await);
    let found = found.await?;
    Ok((part, found.rows, found.has_more))
}

async fn with_sought<T>(
    visit: &Visit,
    plan: &Plan,
    ask: impl AsyncFnOnce(&Sought<'_>) -> Result<T, passerelle_store::StoreError>,
) -> Result<T, Problem> {
    let (viewer, keys) = (visit.viewer().await?, visit.field_keys().await?);
    let sought = Sought { app: visit.app()?, plan, viewer: &viewer, keys: &keys, now: visit.api.clock.now() };
    Ok(ask(&sought).await?)
}
