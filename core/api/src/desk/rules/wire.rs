//! Rules on the wire.

use passerelle_model::desk::{GroupId, PersonId};
use passerelle_model::rule::{Action, Column, Condition, Conditions, Execution, Restriction, RuleKind};
use passerelle_store::Rule;
use serde_json::{Value, json};

use super::super::problem::Problem;
use super::super::show::{stamp, url};
use crate::wire::fields::Fields;

/// Characters of a word in a rule.
const MAX_WORD: usize = 200;
/// Things in a list of a rule; the model has tighter bounds.
const MAX_LIST: usize = 200;

/// The word of a kind in a path and around one of it.
pub(super) const fn names(kind: RuleKind) -> (&'static str, &'static str) {
    match kind {
        RuleKind::View => ("view", "views"),
        RuleKind::Macro => ("macro", "macros"),
        RuleKind::Trigger => ("trigger", "triggers"),
        RuleKind::Automation => ("automation", "automations"),
        RuleKind::Queue => ("queue", "queues"),
    }
}

/// Puts what a body says into a rule; what it does not mention stays.
pub(super) fn read(fields: &Fields<'_>, rule: &mut Rule) -> Result<(), Problem> {
    if fields.mentions("title") {
        rule.title = fields.text("title", MAX_WORD * 2)?.unwrap_or_default();
    }
    if fields.mentions("description") {
        rule.description = fields.text("description", passerelle_model::rule::MAX_DESCRIPTION)?.unwrap_or_default();
    }
    rule.active = fields.flag("active")?.unwrap_or(rule.active);
    if let Some(position) = fields.integer("position", 0..=1_000_000)? {
        rule.position = i64::try_from(position).unwrap_or(rule.position);
    }
    if fields.mentions("restriction") {
        rule.restriction = restriction(fields)?;
    }
    if let Some(conditions) = conditions(fields)? {
        rule.conditions = conditions;
    }
    if fields.value("actions").is_some() {
        rule.actions = actions(fields)?;
    }
    for name in ["output", "execution"] {
        if let Some(output) = fields.inner(name)? {
            rule.execution = execution(&output, &rule.execution)?;
        }
    }
    Ok(())
}

/// Conditions, beside the other fields or in an object of their own; none where they are not mentioned.
pub(super) fn conditions(fields: &Fields<'_>) -> Result<Option<Conditions>, Problem> {
    let inside = match fields.inner("conditions")? {
        Some(inside) => inside,
        None if fields.mentions("all") || fields.mentions("any") => fields.clone(),
        None => return Ok(None),
    };
    conditions_in(&inside).map(Some)
}

/// Conditions of an object that has `all` and `any`.
pub(super) fn conditions_in(inside: &Fields<'_>) -> Result<Conditions, Problem> {
    let list = |name: &str| {
        let items = inside.items(name, MAX_LIST)?;
        items.iter().map(condition).collect::<Result<Vec<_>, Problem>>()
    };
    Ok(Conditions { all: list("all")?, any: list("any")? })
}

fn condition(fields: &Fields<'_>) -> Result<Condition, Problem> {
    let operator = fields.needed_text("operator", MAX_WORD)?;
    Ok(Condition { field: fields.needed_text("field", MAX_WORD)?, operator, value: text_of(fields.value("value")) })
}

pub(super) fn actions(fields: &Fields<'_>) -> Result<Vec<Action>, Problem> {
    let action = |fields: &Fields<'_>| {
        Ok(Action { field: fields.needed_text("field", MAX_WORD)?, value: text_of(fields.value("value")) })
    };
    fields.items("actions", MAX_LIST)?.iter().map(action).collect()
}

/// A value in whatever shape as the text that rules compare.
fn text_of(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(values)) => values.iter().map(|value| text_of(Some(value))).collect::<Vec<_>>().join(" "),
        Some(other) => other.to_string(),
    }
}

fn restriction(fields: &Fields<'_>) -> Result<Restriction, Problem> {
    let Some(inside) = fields.inner("restriction")? else { return Ok(Restriction::Everybody) };
    let id = inside.value("id").and_then(Value::as_i64);
    match (inside.text("type", MAX_WORD)?.as_deref(), id) {
        (Some("Group"), Some(id)) => Ok(Restriction::Group(GroupId(id))),
        (Some("User"), Some(id)) => Ok(Restriction::Agent(PersonId(id))),
        _ => Err(Problem::at("restriction", "should be null, or have a type (Group or User) and an id")),
    }
}

fn execution(output: &Fields<'_>, old: &Execution) -> Result<Execution, Problem> {
    let column = |name: &str, word: String| {
        Column::parse(&word).ok_or_else(|| Problem::at(&format!("output.{name}"), format!("`{word}` is no column")))
    };
    let mut new = old.clone();
    if let Some(values) = output.value("columns").and_then(Value::as_array) {
        let words = values.iter().map(|value| text_of(Some(value.get("id").unwrap_or(value))));
        new.columns = words.map(|word| column("columns", word)).collect::<Result<_, _>>()?;
    }
    if let Some(word) = output.text("sort_by", MAX_WORD)? {
        new.sort_by = column("sort_by", word)?;
    }
    if let Some(order) = output.text("sort_order", MAX_WORD)? {
        new.sort_descending = order == "desc";
    }
    if output.mentions("group_by") {
        new.group_by = output.text("group_by", MAX_WORD)?.map(|word| column("group_by", word)).transpose()?;
    }
    if let Some(order) = output.text("group_order", MAX_WORD)? {
        new.group_descending = order == "desc";
    }
    Ok(new)
}

/// A rule as its kind is shown.
pub(super) fn show(base: &str, rule: &Rule) -> Value {
    let mut shown = json!({
        "id": rule.id,
        "url": url(base, names(rule.kind).1, rule.id),
        "title": rule.title,
        "raw_title": rule.title,
        "description": rule.description,
        "active": rule.active,
        "position": rule.position,
        "usage_count": rule.used,
        "last_used_at": rule.used_at.map(stamp),
        "created_at": stamp(rule.created_at),
        "updated_at": stamp(rule.updated_at),
    });
    if matches!(rule.kind, RuleKind::View | RuleKind::Macro) {
        shown["restriction"] = match rule.restriction {
            Restriction::Everybody => Value::Null,
            Restriction::Group(id) => json!({ "type": "Group", "id": id }),
            Restriction::Agent(id) => json!({ "type": "User", "id": id }),
        };
    }
    if rule.kind != RuleKind::Macro {
        shown["conditions"] = json!(rule.conditions);
    }
    match rule.kind {
        RuleKind::View => shown["execution"] = show_execution(&rule.execution),
        _ => shown["actions"] = json!(rule.actions),
    }
    shown
}

pub(super) fn show_execution(execution: &Execution) -> Value {
    let order = |descending: bool| if descending { "desc" } else { "asc" };
    json!({
        "columns": execution.columns.iter().map(|column| show_column(*column)).collect::<Vec<_>>(),
        "group_by": execution.group_by.map(Column::as_str),
        "group_order": order(execution.group_descending),
        "sort_by": execution.sort_by.as_str(),
        "sort_order": order(execution.sort_descending),
    })
}

pub(super) fn show_column(column: Column) -> Value {
    let title = match column {
        Column::Id => "ID",
        Column::Subject => "Subject",
        Column::Requester => "Requester",
        Column::Assignee => "Assignee",
        Column::Group => "Group",
        Column::Status => "Status",
        Column::Priority => "Priority",
        Column::Type => "Type",
        Column::Channel => "Channel",
        Column::Created => "Requested",
        Column::Updated => "Updated",
        Column::Queued => "Waiting since",
    };
    json!({ "id": column.as_str(), "title": title })
}
