//! Fields, forms, queues, shortcuts, dynamic content and statuses: short lists that are all kept in the same way.

use http::StatusCode;
use passerelle_desk::items::{Checked, MAX_LIST, MAX_NAME, MAX_TEXT, keep, remove};
use passerelle_desk::{Act, Deed};
use passerelle_model::desk::{
    AgentStatusId, AvailabilityStatus, ContentItemId, GroupId, QueueId, ShortcutId, TicketFieldId, TicketFormId,
};
use passerelle_model::rule::MAX_DESCRIPTION;
use passerelle_store::{
    AgentStatus, ContentItem, FieldKind, FieldOption, Queue, Shortcut, TicketField, TicketForm, Variant,
};
use serde_json::{Value, json};

use super::super::door::{Answer, Visit};
use super::super::page::ok;
use super::super::problem::{Problem, stop};
use super::super::sessions::no_content;
use super::super::show::{stamp, url};
use super::wire;
use crate::call::Reply;
use crate::wire::fields::Fields;

/// An item as it stands on the wire.
pub(crate) trait Item: Checked {
    /// The word around one.
    const ONE: &'static str;
    /// The word around many, and in the path.
    const MANY: &'static str;

    /// One that does not exist yet.
    fn blank(act: &Act) -> Self;

    /// Puts what a body says into it; what it does not mention stays.
    fn read(&mut self, fields: &Fields<'_>) -> Result<(), Problem>;

    /// As it is shown.
    fn show(&self, base: &str) -> Value;

    /// Its number.
    fn number(&self) -> i64;

    /// The number as the store knows it.
    fn id_of(number: i64) -> Self::Id;

    /// It was changed now.
    fn touch(&mut self, act: &Act);
}

pub(crate) async fn list<T: Item>(visit: Visit) -> Answer {
    let items = visit.api.store().items::<T>(visit.app()?).await?;
    let shown = items.iter().map(|item| item.show(&visit.api.public_url)).collect();
    ok(visit.short_list(T::MANY, shown)?)
}

pub(crate) async fn get<T: Item>(visit: Visit) -> Answer {
    let item = find::<T>(&visit, visit.number("id")?).await?;
    ok(json!({ T::ONE: item.show(&visit.api.public_url) }))
}

pub(crate) async fn create<T: Item>(visit: Visit) -> Answer {
    let mut item = T::blank(&visit.act()?);
    item.read(&visit.thing(T::ONE)?)?;
    let id = kept(&visit, item, "create").await?;
    let shown = find::<T>(&visit, id).await?.show(&visit.api.public_url);
    Ok(Reply::Json(StatusCode::CREATED, json!({ T::ONE: shown })))
}

pub(crate) async fn update<T: Item>(visit: Visit) -> Answer {
    let mut item = find::<T>(&visit, visit.number("id")?).await?;
    item.read(&visit.thing(T::ONE)?)?;
    item.touch(&visit.act()?);
    let id = kept(&visit, item, "update").await?;
    ok(json!({ T::ONE: find::<T>(&visit, id).await?.show(&visit.api.public_url) }))
}

pub(crate) async fn delete<T: Item>(visit: Visit) -> Answer {
    let (act, id) = (visit.act()?, visit.number("id")?);
    let label = label(&find::<T>(&visit, id).await?);
    let removed = visit.write(move |all| {
        Box::pin(async move {
            remove::<T>(all.tx, &act, T::id_of(id)).await.map_err(stop)?;
            act.log(all.tx, deed("destroy", T::ONE, id, &label));
            Ok(String::new())
        })
    });
    removed.await?;
    no_content()
}

async fn find<T: Item>(visit: &Visit, id: i64) -> Result<T, Problem> {
    visit.api.store().item::<T>(visit.app()?, T::id_of(id)).await?.ok_or_else(Problem::not_found)
}

async fn kept<T: Item>(visit: &Visit, item: T, action: &'static str) -> Result<i64, Problem> {
    let (act, old, label) = (visit.act()?, item.number(), label(&item));
    let made = visit.write(move |all| {
        Box::pin(async move {
            keep(all.tx, &act, &item).await.map_err(stop)?;
            let last = if old == 0 { newest::<T>(all.tx, &act).await? } else { old };
            act.log(all.tx, deed(action, T::ONE, last, &label));
            Ok(last.to_string())
        })
    });
    made.await?.parse().map_err(|_| Problem::not_found())
}

/// The number that was given last.
async fn newest<T: Item>(tx: &mut passerelle_store::Tx<'_>, act: &Act) -> Result<i64, passerelle_store::StoreError> {
    Ok(tx.items::<T>(act.app).await?.iter().map(T::number).max().unwrap_or(0))
}

/// What people call it.
fn label<T: Item>(item: &T) -> String {
    let shown = item.show("");
    let named = ["title", "name"].iter().find_map(|field| shown[*field].as_str());
    named.unwrap_or_default().to_owned()
}

fn deed<'a>(action: &'a str, source_type: &'a str, id: i64, label: &'a str) -> Deed<'a> {
    Deed { action, source_type, source_id: Some(id), label, description: "", address: None }
}

/// The parts that are the same for every item.
macro_rules! numbered {
    ($id:ident) => {
        fn number(&self) -> i64 {
            self.id.0
        }

        fn id_of(number: i64) -> $id {
            $id(number)
        }

        fn touch(&mut self, act: &Act) {
            self.updated_at = act.now;
        }
    };
}

impl Item for TicketField {
    const ONE: &'static str = "ticket_field";
    const MANY: &'static str = "ticket_fields";
    numbered!(TicketFieldId);

    fn blank(act: &Act) -> Self {
        Self {
            id: TicketFieldId(0),
            app: act.app,
            kind: FieldKind::Text,
            title: String::new(),
            description: String::new(),
            key: String::new(),
            options: Vec::new(),
            pattern: None,
            required: false,
            visible_in_portal: false,
            editable_in_portal: false,
            active: true,
            removable: true,
            position: 0,
            created_at: act.now,
            updated_at: act.now,
        }
    }

    fn read(&mut self, fields: &Fields<'_>) -> Result<(), Problem> {
        if let Some(word) = fields.text("type", MAX_NAME)? {
            self.kind = FieldKind::of(&word).ok_or_else(|| Problem::invalid("type", "is no type of field"))?;
        }
        put(fields, "title", MAX_NAME, &mut self.title)?;
        put(fields, "description", MAX_DESCRIPTION, &mut self.description)?;
        put(fields, "key", MAX_NAME, &mut self.key)?;
        if self.key.is_empty() {
            self.key = key_of(&self.title);
        }
        if fields.value("custom_field_options").is_some() {
            self.options = options(fields)?;
        }
        if fields.mentions("regexp_for_validation") {
            self.pattern = fields.text("regexp_for_validation", MAX_NAME)?;
        }
        for (name, flag) in [
            ("required", &mut self.required),
            ("visible_in_portal", &mut self.visible_in_portal),
            ("editable_in_portal", &mut self.editable_in_portal),
            ("active", &mut self.active),
        ] {
            *flag = fields.flag(name)?.unwrap_or(*flag);
        }
        position(fields, &mut self.position)
    }

    fn show(&self, base: &str) -> Value {
        let option =
            |option: &FieldOption| json!({ "name": option.name, "raw_name": option.name, "value": option.value });
        let mut shown = json!({
            "id": self.id,
            "url": url(base, Self::MANY, self.id),
            "type": self.kind.as_str(),
            "key": self.key,
            "title": self.title,
            "raw_title": self.title,
            "title_in_portal": self.title,
            "description": self.description,
            "active": self.active,
            "required": self.required,
            "visible_in_portal": self.visible_in_portal,
            "editable_in_portal": self.editable_in_portal,
            "required_in_portal": false,
            "collapsed_for_agents": false,
            "regexp_for_validation": self.pattern,
            "tag": null,
            "removable": self.removable,
            "position": self.position,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
        });
        if matches!(self.kind, FieldKind::Tagger | FieldKind::Multiselect) {
            shown["custom_field_options"] = self.options.iter().map(option).collect::<Vec<_>>().into();
        }
        shown
    }
}

fn options(fields: &Fields<'_>) -> Result<Vec<FieldOption>, Problem> {
    let option = |fields: &Fields<'_>| {
        Ok(FieldOption { name: fields.needed_text("name", MAX_NAME)?, value: fields.needed_text("value", MAX_NAME)? })
    };
    fields.items("custom_field_options", MAX_LIST)?.iter().map(option).collect()
}

/// The name under which a field without one is kept: its title in plain letters.
fn key_of(title: &str) -> String {
    let plain = title.to_lowercase().replace(|letter: char| !letter.is_alphanumeric(), "_");
    plain.trim_matches('_').to_owned()
}

impl Item for TicketForm {
    const ONE: &'static str = "ticket_form";
    const MANY: &'static str = "ticket_forms";
    numbered!(TicketFormId);

    fn blank(act: &Act) -> Self {
        Self {
            id: TicketFormId(0),
            app: act.app,
            name: String::new(),
            fields: Vec::new(),
            active: true,
            is_default: false,
            position: 0,
            created_at: act.now,
            updated_at: act.now,
        }
    }

    fn read(&mut self, fields: &Fields<'_>) -> Result<(), Problem> {
        put(fields, "name", MAX_NAME, &mut self.name)?;
        if let Some(ids) = numbers(fields, "ticket_field_ids")? {
            self.fields = ids.into_iter().map(TicketFieldId).collect();
        }
        self.active = fields.flag("active")?.unwrap_or(self.active);
        self.is_default = fields.flag("default")?.unwrap_or(self.is_default);
        position(fields, &mut self.position)
    }

    fn show(&self, base: &str) -> Value {
        json!({
            "id": self.id,
            "url": url(base, Self::MANY, self.id),
            "name": self.name,
            "raw_name": self.name,
            "display_name": self.name,
            "raw_display_name": self.name,
            "active": self.active,
            "default": self.is_default,
            "end_user_visible": true,
            "in_all_brands": true,
            "position": self.position,
            "ticket_field_ids": self.fields,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
        })
    }
}

impl Item for Queue {
    const ONE: &'static str = "queue";
    const MANY: &'static str = "queues";
    numbered!(QueueId);

    fn blank(act: &Act) -> Self {
        Self {
            id: QueueId(0),
            app: act.app,
            name: String::new(),
            description: String::new(),
            priority: 1,
            position: 0,
            conditions: Default::default(),
            primary_groups: Vec::new(),
            secondary_groups: Vec::new(),
            created_at: act.now,
            updated_at: act.now,
        }
    }

    fn read(&mut self, fields: &Fields<'_>) -> Result<(), Problem> {
        put(fields, "name", MAX_NAME, &mut self.name)?;
        put(fields, "description", MAX_DESCRIPTION, &mut self.description)?;
        if let Some(priority) = fields.integer("priority", 0..=1000)? {
            self.priority = i64::try_from(priority).unwrap_or(self.priority);
        }
        if let Some(order) = fields.integer("order", 0..=1_000_000)? {
            self.position = i64::try_from(order).unwrap_or(self.position);
        }
        if let Some(definition) = fields.inner("definition")? {
            self.conditions = wire::conditions_in(&definition)?;
        }
        if let Some(ids) = numbers(fields, "primary_groups_id")? {
            self.primary_groups = ids.into_iter().map(GroupId).collect();
        }
        if let Some(ids) = numbers(fields, "secondary_groups_id")? {
            self.secondary_groups = ids.into_iter().map(GroupId).collect();
        }
        Ok(())
    }

    fn show(&self, base: &str) -> Value {
        let groups = |groups: &[GroupId]| {
            let shown: Vec<_> = groups.iter().map(|id| json!({ "id": id })).collect();
            json!({ "count": groups.len(), "groups": shown })
        };
        json!({
            "id": self.id.to_string(),
            "url": url(base, Self::MANY, self.id),
            "name": self.name,
            "description": self.description,
            "priority": self.priority,
            "order": self.position,
            "definition": self.conditions,
            "primary_groups": groups(&self.primary_groups),
            "secondary_groups": groups(&self.secondary_groups),
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
        })
    }
}

impl Item for Shortcut {
    const ONE: &'static str = "shortcut";
    const MANY: &'static str = "shortcuts";
    numbered!(ShortcutId);

    fn blank(act: &Act) -> Self {
        Self {
            id: ShortcutId(0),
            app: act.app,
            name: String::new(),
            message: String::new(),
            tags: Vec::new(),
            created_at: act.now,
            updated_at: act.now,
        }
    }

    fn read(&mut self, fields: &Fields<'_>) -> Result<(), Problem> {
        put(fields, "name", MAX_NAME, &mut self.name)?;
        self.name = self.name.trim_start_matches('/').to_owned();
        put(fields, "message", MAX_TEXT, &mut self.message)?;
        if fields.value("tags").is_some() {
            self.tags = fields.texts("tags", MAX_LIST)?;
        }
        Ok(())
    }

    fn show(&self, base: &str) -> Value {
        json!({
            "id": self.id,
            "url": url(base, Self::MANY, self.id),
            "name": self.name,
            "message": self.message,
            "tags": self.tags,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
        })
    }
}

impl Item for ContentItem {
    const ONE: &'static str = "item";
    const MANY: &'static str = "items";
    numbered!(ContentItemId);

    fn blank(act: &Act) -> Self {
        Self {
            id: ContentItemId(0),
            app: act.app,
            name: String::new(),
            default_locale: "en".to_owned(),
            variants: Vec::new(),
            created_at: act.now,
            updated_at: act.now,
        }
    }

    fn read(&mut self, fields: &Fields<'_>) -> Result<(), Problem> {
        put(fields, "name", MAX_NAME, &mut self.name)?;
        put(fields, "default_locale", MAX_NAME, &mut self.default_locale)?;
        if fields.value("variants").is_some() {
            let variant = |fields: &Fields<'_>| {
                let locale = fields.needed_text("locale", MAX_NAME)?;
                Ok(Variant { locale, content: fields.needed_text("content", MAX_TEXT)? })
            };
            let variants: Result<Vec<Variant>, Problem> =
                fields.items("variants", MAX_LIST)?.iter().map(variant).collect();
            self.variants = variants?;
        }
        Ok(())
    }

    fn show(&self, base: &str) -> Value {
        let variant = |one: &Variant| json!({ "locale": one.locale, "content": one.content, "active": true });
        json!({
            "id": self.id,
            "url": url(base, "dynamic_content/items", self.id),
            "name": self.name,
            "placeholder": format!("{{{{dc.{}}}}}", self.name),
            "default_locale": self.default_locale,
            "variants": self.variants.iter().map(variant).collect::<Vec<_>>(),
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
        })
    }
}

impl Item for AgentStatus {
    const ONE: &'static str = "agent_status";
    const MANY: &'static str = "agent_statuses";
    numbered!(AgentStatusId);

    fn blank(act: &Act) -> Self {
        Self {
            id: AgentStatusId(0),
            app: act.app,
            name: String::new(),
            description: String::new(),
            category: AvailabilityStatus::Away,
            created_at: act.now,
            updated_at: act.now,
        }
    }

    fn read(&mut self, fields: &Fields<'_>) -> Result<(), Problem> {
        put(fields, "name", MAX_NAME, &mut self.name)?;
        put(fields, "description", MAX_DESCRIPTION, &mut self.description)?;
        if let Some(word) = fields.text("status_category", MAX_NAME)? {
            let known = AvailabilityStatus::of(&word);
            self.category = known.ok_or_else(|| Problem::invalid("status_category", "is no stock status"))?;
        }
        Ok(())
    }

    fn show(&self, _base: &str) -> Value {
        json!({
            "id": self.id,
            "type": "agent_status",
            "attributes": {
                "name": self.name,
                "description": self.description,
                "status_category": self.category.as_str(),
            },
        })
    }
}

/// Puts a text of the body into its place, where the body mentions it.
fn put(fields: &Fields<'_>, name: &str, max: usize, place: &mut String) -> Result<(), Problem> {
    if fields.mentions(name) {
        *place = fields.text(name, max)?.unwrap_or_default();
    }
    Ok(())
}

fn position(fields: &Fields<'_>, place: &mut i64) -> Result<(), Problem> {
    if let Some(position) = fields.integer("position", 0..=1_000_000)? {
        *place = i64::try_from(position).unwrap_or(*place);
    }
    Ok(())
}

/// A list of numbers; none where the body has none.
fn numbers(fields: &Fields<'_>, name: &str) -> Result<Option<Vec<i64>>, Problem> {
    let Some(value) = fields.value(name) else { return Ok(None) };
    let numbers = value.as_array().and_then(|values| values.iter().map(Value::as_i64).collect());
    numbers.map(Some).ok_or_else(|| Problem::invalid(name, "should be a list of numbers"))
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn a_field_without_a_name_is_kept_under_its_title() {
        assert_eq!(key_of("Order number (8 digits)"), "order_number__8_digits");
        assert_eq!(key_of("Numéro"), "numéro");
    }
}
