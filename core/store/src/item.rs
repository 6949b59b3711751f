//! Things that an app has a short list of: one way to write, read and list them all.

use passerelle_model::desk::{
    AgentStatusId, AvailabilityStatus, ContentItemId, GroupId, PersonId, QueueId, RuleId, ShortcutId, TicketFieldId,
    TicketFormId,
};
use passerelle_model::id::AppId;
use passerelle_model::rule::{Restriction, RuleKind};

use self::sealed::Stored;
use crate::StoreError;
use crate::map::word;
use crate::rows::{AgentStatus, ContentItem, FieldKind, Queue, Rule, Shortcut, TicketField, TicketForm};
use crate::value::{Columns, Value, json, values};

/// Something that an app has a short list of: a rule, a field, a form, a queue, a shortcut, a content item, a status.
pub trait DeskItem: Stored {}

impl<T: Stored> DeskItem for T {}

pub(crate) mod sealed {
    use super::{AppId, Columns, StoreError, Value};

    /// How an item stands in its table.
    pub trait Stored: Sized + Clone + Send + Sync + 'static {
        /// Its number.
        type Id: Copy + Send + Into<Value>;
        const TABLE: &'static str;
        /// Every column but `id` and `app`.
        const COLUMNS: &'static [&'static str];
        const ORDER: &'static str;
        fn id(&self) -> Self::Id;
        fn numbered(number: i64) -> Self::Id;
        fn app(&self) -> AppId;
        /// In the order of `COLUMNS`.
        fn values(&self) -> Vec<Value>;
        fn read(row: &impl Columns) -> Result<Self, StoreError>;
    }
}

/// The parts of a `Stored` that are the same for all.
macro_rules! stored {
    ($id:ident, $table:literal, $order:literal, [$($column:literal),+ $(,)?]) => {
        type Id = $id;
        const TABLE: &'static str = $table;
        const COLUMNS: &'static [&'static str] = &[$($column),+];
        const ORDER: &'static str = $order;

        fn id(&self) -> $id {
            self.id
        }

        fn numbered(number: i64) -> $id {
            $id(number)
        }

        fn app(&self) -> AppId {
            self.app
        }
    };
}

impl Stored for Rule {
    stored!(
        RuleId,
        "rules",
        "kind, position, id",
        [
            "kind",
            "title",
            "description",
            "active",
            "position",
            "for_group",
            "for_agent",
            "conditions",
            "actions",
            "execution",
            "used",
            "used_at",
            "created_at",
            "updated_at",
        ]
    );

    fn values(&self) -> Vec<Value> {
        let (group, agent) = match self.restriction {
            Restriction::Everybody => (None, None),
            Restriction::Group(group) => (Some(group), None),
            Restriction::Agent(agent) => (None, Some(agent)),
        };
        values![
            self.kind.as_str(),
            self.title.as_str(),
            self.description.as_str(),
            self.active,
            self.position,
            group,
            agent,
            json(&self.conditions),
            json(&self.actions),
            json(&self.execution),
            self.used,
            self.used_at,
            self.created_at,
            self.updated_at,
        ]
        .into()
    }

    fn read(row: &impl Columns) -> Result<Self, StoreError> {
        let restriction = match (row.maybe_integer("for_group")?, row.maybe_integer("for_agent")?) {
            (Some(group), _) => Restriction::Group(GroupId(group)),
            (None, Some(agent)) => Restriction::Agent(PersonId(agent)),
            (None, None) => Restriction::Everybody,
        };
        Ok(Self {
            id: RuleId(row.integer("id")?),
            app: row.id("app")?,
            kind: word(row, "kind", RuleKind::of)?,
            title: row.text("title")?,
            description: row.text("description")?,
            active: row.flag("active")?,
            position: row.integer("position")?,
            restriction,
            conditions: row.document("conditions")?,
            actions: row.document("actions")?,
            execution: row.document("execution")?,
            used: row.number("used")?,
            used_at: row.maybe_time("used_at")?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
        })
    }
}

impl Stored for TicketField {
    stored!(
        TicketFieldId,
        "ticket_fields",
        "position, id",
        [
            "kind",
            "title",
            "description",
            "key",
            "options",
            "pattern",
            "required",
            "visible_in_portal",
            "editable_in_portal",
            "active",
            "removable",
            "position",
            "created_at",
            "updated_at",
        ]
    );

    fn values(&self) -> Vec<Value> {
        values![
            self.kind.as_str(),
            self.title.as_str(),
            self.description.as_str(),
            self.key.as_str(),
            json(&self.options),
            self.pattern.as_deref(),
            self.required,
            self.visible_in_portal,
            self.editable_in_portal,
            self.active,
            self.removable,
            self.position,
            self.created_at,
            self.updated_at,
        ]
        .into()
    }

    fn read(row: &impl Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: TicketFieldId(row.integer("id")?),
            app: row.id("app")?,
            kind: word(row, "kind", FieldKind::of)?,
            title: row.text("title")?,
            description: row.text("description")?,
            key: row.text("key")?,
            options: row.document("options")?,
            pattern: row.maybe_text("pattern")?,
            required: row.flag("required")?,
            visible_in_portal: row.flag("visible_in_portal")?,
            editable_in_portal: row.flag("editable_in_portal")?,
            active: row.flag("active")?,
            removable: row.flag("removable")?,
            position: row.integer("position")?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
        })
    }
}

impl Stored for TicketForm {
    stored!(
        TicketFormId,
        "ticket_forms",
        "position, id",
        ["name", "fields", "active", "is_default", "position", "created_at", "updated_at"]
    );

    fn values(&self) -> Vec<Value> {
        values![
            self.name.as_str(),
            json(&self.fields),
            self.active,
            self.is_default,
            self.position,
            self.created_at,
            self.updated_at
        ]
        .into()
    }

    fn read(row: &impl Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: TicketFormId(row.integer("id")?),
            app: row.id("app")?,
            name: row.text("name")?,
            fields: row.document("fields")?,
            active: row.flag("active")?,
            is_default: row.flag("is_default")?,
            position: row.integer("position")?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
        })
    }
}

impl Stored for Queue {
    stored!(
        QueueId,
        "queues",
        "position, id",
        [
            "name",
            "description",
            "priority",
            "position",
            "conditions",
            "primary_groups",
            "secondary_groups",
            "created_at",
            "updated_at",
        ]
    );

    fn values(&self) -> Vec<Value> {
        values![
            self.name.as_str(),
            self.description.as_str(),
            self.priority,
            self.position,
            json(&self.conditions),
            json(&self.primary_groups),
            json(&self.secondary_groups),
            self.created_at,
            self.updated_at,
        ]
        .into()
    }

    fn read(row: &impl Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: QueueId(row.integer("id")?),
            app: row.id("app")?,
            name: row.text("name")?,
            description: row.text("description")?,
            priority: row.integer("priority")?,
            position: row.integer("position")?,
            conditions: row.document("conditions")?,
            primary_groups: row.document("primary_groups")?,
            secondary_groups: row.document("secondary_groups")?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
        })
    }
}

impl Stored for Shortcut {
    stored!(ShortcutId, "shortcuts", "name, id", ["name", "message", "tags", "created_at", "updated_at"]);

    fn values(&self) -> Vec<Value> {
        values![self.name.as_str(), self.message.as_str(), json(&self.tags), self.created_at, self.updated_at].into()
    }

    fn read(row: &impl Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: ShortcutId(row.integer("id")?),
            app: row.id("app")?,
            name: row.text("name")?,
            message: row.text("message")?,
            tags: row.document("tags")?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
        })
    }
}

impl Stored for ContentItem {
    stored!(
        ContentItemId,
        "content_items",
        "name, id",
        ["name", "default_locale", "variants", "created_at", "updated_at"]
    );

    fn values(&self) -> Vec<Value> {
        let (name, locale) = (self.name.as_str(), self.default_locale.as_str());
        values![name, locale, json(&self.variants), self.created_at, self.updated_at].into()
    }

    fn read(row: &impl Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: ContentItemId(row.integer("id")?),
            app: row.id("app")?,
            name: row.text("name")?,
            default_locale: row.text("default_locale")?,
            variants: row.document("variants")?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
        })
    }
}

impl Stored for AgentStatus {
    stored!(
        AgentStatusId,
        "agent_statuses",
        "name, id",
        ["name", "description", "category", "created_at", "updated_at"]
    );

    fn values(&self) -> Vec<Value> {
        let (name, description) = (self.name.as_str(), self.description.as_str());
        values![name, description, self.category.as_str(), self.created_at, self.updated_at].into()
    }

    fn read(row: &impl Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: AgentStatusId(row.integer("id")?),
            app: row.id("app")?,
            name: row.text("name")?,
            description: row.text("description")?,
            category: word(row, "category", AvailabilityStatus::of)?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
        })
    }
}
