//! The fields of a ticket as bodies spell them.

use std::collections::BTreeMap;

use passerelle_desk::{TicketChange, field_value};
use passerelle_model::desk::{
    GroupId, MAX_SUBJECT, MAX_TAGS, PersonId, Priority, TicketFormId, TicketStatus, TicketType,
};
use passerelle_model::metadata::Scalar;
use passerelle_store::TicketField;
use serde_json::Value;

use super::door::Visit;
use super::problem::Problem;
use crate::wire::fields::Fields;

/// Characters of a word, a tag or a token in a body.
pub(super) const MAX_WORD: usize = 128;
/// Custom fields in one body.
const MAX_FIELDS: usize = 200;

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
