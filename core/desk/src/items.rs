//! Making, changing and removing what administrators make of the desk, each checked before it is kept: a rule that is in use
//! can be carried out.

use passerelle_model::desk::{GroupId, RuleId, TicketFieldId};
use passerelle_model::rule::{Action, MAX_DESCRIPTION, MAX_RULES, Restriction, RuleFault, RuleKind, check_title};
use passerelle_store::{
    AgentStatus, ContentItem, DeskItem, FieldKind, Queue, Rule, Shortcut, StoreError, TicketField, TicketForm, Tx,
};

use crate::references::{check_deeds, check_plan};
use crate::{Act, DeskError};

/// Items of one kind in an app, beside rules.
pub const MAX_ITEMS: usize = 500;
/// Characters of an item's name.
pub const MAX_NAME: usize = 128;
/// Characters of a text that agents insert.
pub const MAX_TEXT: usize = 4096;
/// Things in a list inside of an item: options, fields, groups, tags, variants.
pub const MAX_LIST: usize = 200;

/// An item that can be checked.
pub trait Checked: DeskItem {
    /// Refuses what does not fit, by itself or beside what the app has.
    fn check(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<(), DeskError>> + Send;

    /// Whether it was kept before.
    fn is_new(&self) -> bool;
}

impl From<RuleFault> for DeskError {
    fn from(fault: RuleFault) -> Self {
        Self::Misfit { place: fault.place, reason: fault.reason }
    }
}

/// Keeps an item, new or changed. Gives its number.
pub async fn keep<T: Checked>(tx: &mut Tx<'_>, act: &Act, item: &T) -> Result<T::Id, DeskError> {
    item.check(tx).await?;
    if !item.is_new() {
        tx.update_item(item).await.map_err(taken)?;
        return Ok(item.id());
    }
    if tx.items::<T>(act.app).await?.len() >= MAX_ITEMS {
        return Err(DeskError::invalid("base", format!("is one too many: there are at most {MAX_ITEMS}")));
    }
    tx.insert_item(item).await.map_err(taken)
}

/// Removes an item.
pub async fn remove<T: DeskItem>(tx: &mut Tx<'_>, act: &Act, id: T::Id) -> Result<(), DeskError> {
    match tx.delete_item::<T>(act.app, id).await? {
        true => Ok(()),
        false => Err(DeskError::NotFound("the item")),
    }
}

/// Keeps a rule, new or changed. Gives its number.
pub async fn keep_rule(tx: &mut Tx<'_>, act: &Act, rule: &Rule) -> Result<RuleId, DeskError> {
    check_rule(tx, rule).await?;
    if rule.id.0 != 0 {
        tx.update_item(rule).await?;
        return Ok(rule.id);
    }
    let others = tx.rules(act.app, rule.kind).await?;
    if others.len() >= MAX_RULES {
        return Err(DeskError::invalid("base", format!("is one too many: there are at most {MAX_RULES} of a kind")));
    }
    let last = others.iter().map(|other| other.position).max().unwrap_or(0);
    let position = if rule.position == 0 { last + 1 } else { rule.position };
    Ok(tx.insert_item(&Rule { position, ..rule.clone() }).await?)
}

async fn check_rule(tx: &mut Tx<'_>, rule: &Rule) -> Result<(), DeskError> {
    check_title(&rule.title)?;
    check_length("description", &rule.description, 0, MAX_DESCRIPTION)?;
    if rule.kind != RuleKind::Macro {
        check_plan(tx, rule.app, &rule.conditions.check(rule.kind)?).await?;
    }
    if rule.kind != RuleKind::View {
        check_deeds(tx, rule.app, &Action::check_all(&rule.actions, rule.kind)?).await?;
    }
    if let Restriction::Group(group) = rule.restriction
        && tx.agent_group(rule.app, group).await?.is_none()
    {
        return Err(DeskError::invalid("restriction", "names no group"));
    }
    Ok(())
}

/// Removes a rule of one kind.
pub async fn remove_rule(tx: &mut Tx<'_>, act: &Act, kind: RuleKind, id: RuleId) -> Result<(), DeskError> {
    tx.item::<Rule>(act.app, id).await?.filter(|rule| rule.kind == kind).ok_or(DeskError::NotFound("the rule"))?;
    remove::<Rule>(tx, act, id).await
}

/// Puts the rules of one kind into this order; those that it does not name come behind, as they stood.
pub async fn reorder_rules(tx: &mut Tx<'_>, act: &Act, kind: RuleKind, ids: &[RuleId]) -> Result<(), DeskError> {
    let mut rules = tx.rules(act.app, kind).await?;
    if ids.iter().any(|id| rules.iter().all(|rule| rule.id != *id)) {
        return Err(DeskError::NotFound("the rule"));
    }
    rules.sort_by_key(|rule| ids.iter().position(|id| *id == rule.id).unwrap_or(usize::MAX));
    for (position, rule) in (1..).zip(rules) {
        tx.update_item(&Rule { position, updated_at: act.now, ..rule }).await?;
    }
    Ok(())
}

impl Checked for TicketField {
    async fn check(&self, tx: &mut Tx<'_>) -> Result<(), DeskError> {
        check_length("title", &self.title, 1, MAX_NAME)?;
        check_length("description", &self.description, 0, MAX_DESCRIPTION)?;
        check_word("key", &self.key)?;
        let has_options = matches!(self.kind, FieldKind::Tagger | FieldKind::Multiselect);
        if has_options == self.options.is_empty() || self.options.len() > MAX_LIST {
            let reason = format!("need 1 to {MAX_LIST} where the type has options, and none where it has not");
            return Err(DeskError::invalid("custom_field_options", reason));
        }
        for (n, option) in self.options.iter().enumerate() {
            check_length("custom_field_options", &option.name, 1, MAX_NAME)?;
            check_word("custom_field_options", &option.value)?;
            if self.options[..n].iter().any(|other| other.value == option.value) {
                return Err(DeskError::invalid("custom_field_options", "have one value twice"));
            }
        }
        if (self.kind == FieldKind::Regexp) != self.pattern.is_some() {
            return Err(DeskError::invalid("regexp_for_validation", "is needed for the type regexp, and for no other"));
        }
        if self.pattern.as_deref().is_some_and(|text| crate::field_values::pattern(text).is_none()) {
            return Err(DeskError::invalid("regexp_for_validation", "cannot be used as a pattern"));
        }
        if let Some(old) = stored(tx, self).await?
            && (old.kind, &old.key) != (self.kind, &self.key)
        {
            return Err(DeskError::invalid("type", "and key of a field stay what they are"));
        }
        Ok(())
    }

    fn is_new(&self) -> bool {
        self.id.0 == 0
    }
}

impl Checked for TicketForm {
    async fn check(&self, tx: &mut Tx<'_>) -> Result<(), DeskError> {
        check_length("name", &self.name, 1, MAX_NAME)?;
        if self.fields.len() > MAX_LIST {
            return Err(DeskError::invalid("ticket_field_ids", format!("are too many: at most {MAX_LIST}")));
        }
        let known: Vec<TicketFieldId> = tx.items::<TicketField>(self.app).await?.iter().map(|field| field.id).collect();
        if self.fields.iter().any(|field| !known.contains(field)) {
            return Err(DeskError::invalid("ticket_field_ids", "name a field that is not there"));
        }
        if self.is_default {
            for other in tx.items::<TicketForm>(self.app).await? {
                if other.is_default && other.id != self.id {
                    tx.update_item(&TicketForm { is_default: false, ..other }).await?;
                }
            }
        }
        Ok(())
    }

    fn is_new(&self) -> bool {
        self.id.0 == 0
    }
}

impl Checked for Queue {
    async fn check(&self, tx: &mut Tx<'_>) -> Result<(), DeskError> {
        check_length("name", &self.name, 1, MAX_NAME)?;
        check_length("description", &self.description, 0, MAX_DESCRIPTION)?;
        check_plan(tx, self.app, &self.conditions.check(RuleKind::Queue)?).await?;
        for (field, groups) in [("primary_groups", &self.primary_groups), ("secondary_groups", &self.secondary_groups)]
        {
            check_groups(tx, self, field, groups).await?;
        }
        Ok(())
    }

    fn is_new(&self) -> bool {
        self.id.0 == 0
    }
}

async fn check_groups(
    tx: &mut Tx<'_>,
    queue: &Queue,
    field: &'static str,
    groups: &[GroupId],
) -> Result<(), DeskError> {
    if groups.len() > MAX_LIST {
        return Err(DeskError::invalid(field, format!("are too many: at most {MAX_LIST}")));
    }
    for group in groups {
        tx.agent_group(queue.app, *group).await?.ok_or_else(|| DeskError::invalid(field, "name no group"))?;
    }
    Ok(())
}

impl Checked for Shortcut {
    async fn check(&self, _tx: &mut Tx<'_>) -> Result<(), DeskError> {
        check_word("name", &self.name)?;
        check_length("message", &self.message, 1, MAX_TEXT)?;
        let fits = self.tags.len() <= passerelle_model::desk::MAX_TAGS;
        fits.then_some(()).ok_or_else(|| DeskError::invalid("tags", "are too many"))
    }

    fn is_new(&self) -> bool {
        self.id.0 == 0
    }
}

impl Checked for ContentItem {
    async fn check(&self, _tx: &mut Tx<'_>) -> Result<(), DeskError> {
        check_word("name", &self.name)?;
        if self.variants.len() > MAX_LIST || self.variants.iter().all(|one| one.locale != self.default_locale) {
            return Err(DeskError::invalid("variants", "need one of the default language"));
        }
        self.variants.iter().try_for_each(|one| check_length("variants", &one.content, 1, MAX_TEXT))
    }

    fn is_new(&self) -> bool {
        self.id.0 == 0
    }
}

impl Checked for AgentStatus {
    async fn check(&self, _tx: &mut Tx<'_>) -> Result<(), DeskError> {
        check_length("name", &self.name, 1, MAX_NAME)?;
        check_length("description", &self.description, 0, MAX_DESCRIPTION)
    }

    fn is_new(&self) -> bool {
        self.id.0 == 0
    }
}

/// The item as it was kept last.
async fn stored(tx: &mut Tx<'_>, field: &TicketField) -> Result<Option<TicketField>, StoreError> {
    if field.id.0 == 0 { Ok(None) } else { tx.item::<TicketField>(field.app, field.id).await }
}

fn check_length(field: &'static str, text: &str, least: usize, most: usize) -> Result<(), DeskError> {
    let fits = (least..=most).contains(&text.trim().chars().count());
    fits.then_some(()).ok_or_else(|| DeskError::invalid(field, format!("needs {least} to {most} characters")))
}

/// A name that stands in texts and conditions: no white space, no braces.
fn check_word(field: &'static str, word: &str) -> Result<(), DeskError> {
    let fits = (1..=MAX_NAME).contains(&word.chars().count())
        && word.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'));
    fits.then_some(())
        .ok_or_else(|| DeskError::invalid(field, format!("needs 1 to {MAX_NAME} letters, digits, `_`, `-`, `.`")))
}

/// A name that is there already is a fault of the field, not a conflict.
fn taken(error: StoreError) -> DeskError {
    match error {
        StoreError::Duplicate(_) => DeskError::invalid("name", "is taken already"),
        other => other.into(),
    }
}
