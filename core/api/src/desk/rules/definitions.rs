//! What rules of a kind can look at and do: the workspace builds its forms of this alone.

use passerelle_model::rule::{Action, Field, Operator, RuleKind};
use passerelle_store::{FieldKind, NumberPage, Queue, TicketField, TicketForm};
use serde_json::{Value, json};

use super::super::door::{Answer, Visit};
use super::super::page::ok;
use super::super::problem::Problem;

/// Agents and groups that are offered as values.
const MANY: NumberPage = NumberPage { after: None, before: None, size: 100 };

/// A value with what people read for it.
type Named = (String, String);

/// `GET /{views|macros|triggers|automations|queues}/definitions`.
pub(crate) async fn list(visit: Visit, kind: RuleKind) -> Answer {
    let lists = Lists::of(&visit).await?;
    let mut conditions: Vec<Value> = Vec::new();
    for field in Field::plain().chain(lists.custom.iter().map(|field| Field::Custom(field.id.to_string()))) {
        let operators = field.operators(kind);
        if !operators.is_empty() {
            conditions.push(lists.condition(&field, &operators));
        }
    }
    let actions = if matches!(kind, RuleKind::View | RuleKind::Queue) { Vec::new() } else { lists.actions(kind) };
    ok(json!({ "definitions": { "conditions_all": conditions, "conditions_any": conditions, "actions": actions } }))
}

/// What there is to choose from.
struct Lists {
    groups: Vec<Named>,
    agents: Vec<Named>,
    forms: Vec<Named>,
    queues: Vec<Named>,
    channels: Vec<Named>,
    custom: Vec<TicketField>,
}

impl Lists {
    async fn of(visit: &Visit) -> Result<Self, Problem> {
        let (app, store) = (visit.app()?, visit.api.store());
        let groups = store.agent_groups(app, MANY).await?.rows;
        let agents = store.agents(app, MANY).await?.rows;
        let me = [("current_user".to_owned(), "(current user)".to_owned())];
        let mut channels: Vec<Named> = store
            .integrations(app, &Default::default(), passerelle_store::Page::first(100))
            .await?
            .rows
            .into_iter()
            .map(|integration| (integration.kind.clone(), integration.display_name.unwrap_or(integration.kind)))
            .collect();
        channels.extend([("api".to_owned(), "API".to_owned()), ("email".to_owned(), "E-mail".to_owned())]);
        channels.sort();
        channels.dedup_by(|one, other| one.0 == other.0);
        let forms = store.items::<TicketForm>(app).await?;
        let queues = store.items::<Queue>(app).await?;
        Ok(Self {
            groups: groups.into_iter().map(|group| (group.id.to_string(), group.name)).collect(),
            agents: me.into_iter().chain(agents.into_iter().map(|agent| (agent.id.to_string(), agent.name))).collect(),
            forms: forms.into_iter().map(|form| (form.id.to_string(), form.name)).collect(),
            queues: queues.into_iter().map(|queue| (queue.name.clone(), queue.name)).collect(),
            channels,
            custom: store.items::<TicketField>(app).await?,
        })
    }

    fn condition(&self, field: &Field, operators: &[Operator]) -> Value {
        let (kind, values) = self.values(field);
        let operators: Vec<Value> = operators
            .iter()
            .map(|operator| {
                let title = operator.as_str().replace('_', " ");
                json!({ "value": operator.as_str(), "title": title, "terminal": !operator.needs_value() })
            })
            .collect();
        let mut shown = json!({
            "subject": field.word(),
            "title": self.title(field),
            "group": if matches!(field, Field::Custom(_)) { "custom" } else { "ticket" },
            "type": kind,
            "nullable": values.is_some(),
            "repeatable": true,
            "operators": operators,
        });
        put_values(&mut shown, values);
        shown
    }

    /// The type of a field's values, and what they can be.
    fn values(&self, field: &Field) -> (&'static str, Option<Vec<Named>>) {
        let words = |words: Vec<&'static str>| words.into_iter().map(|word| (word.to_owned(), title(word))).collect();
        match field {
            Field::Group => ("list", Some(self.groups.clone())),
            Field::Assignee => ("list", Some(self.agents.clone())),
            Field::Form => ("list", Some(self.forms.clone())),
            Field::Queue => ("list", Some(self.queues.clone())),
            Field::Channel => ("list", Some(self.channels.clone())),
            Field::Tags => ("tags", None),
            Field::Since(_) => ("integer", None),
            Field::Custom(key) => self.custom_values(key),
            other => match other.choices() {
                Some(choices) => ("list", Some(words(choices))),
                None => ("text", None),
            },
        }
    }

    fn custom_values(&self, key: &str) -> (&'static str, Option<Vec<Named>>) {
        let Some(field) = self.custom.iter().find(|field| field.id.to_string() == key) else { return ("text", None) };
        match field.kind {
            FieldKind::Tagger | FieldKind::Multiselect => {
                let options = field.options.iter().map(|option| (option.value.clone(), option.name.clone()));
                ("list", Some(options.collect()))
            }
            FieldKind::Checkbox => {
                let yes_or_no = [("true", "Yes"), ("false", "No")];
                ("list", Some(yes_or_no.map(|(value, name)| (value.to_owned(), name.to_owned())).into()))
            }
            FieldKind::Integer => ("integer", None),
            FieldKind::Date => ("date", None),
            FieldKind::Text | FieldKind::Textarea | FieldKind::Decimal | FieldKind::Regexp => ("text", None),
        }
    }

    fn title(&self, field: &Field) -> String {
        match field {
            Field::Custom(key) => {
                let known = self.custom.iter().find(|field| field.id.to_string() == *key);
                known.map_or_else(|| key.clone(), |field| field.title.clone())
            }
            Field::Since(passerelle_model::rule::Moment::Status(status)) => format!("Hours since {}", status.as_str()),
            Field::Since(_) => format!("Hours since {}", field.word().trim_end_matches("_at").replace('_', " ")),
            other => title(&other.word()),
        }
    }

    fn actions(&self, kind: RuleKind) -> Vec<Value> {
        let plain = Action::fields(kind).into_iter().map(|word| {
            let (kind, values) = self.action_values(word);
            (word.to_owned(), title(word), kind, values, "ticket")
        });
        let custom = self.custom.iter().map(|field| {
            let (kind, values) = self.custom_values(&field.id.to_string());
            (format!("custom_fields_{}", field.id), field.title.clone(), kind, values, "custom")
        });
        let shown = |(subject, title, kind, values, group): (String, String, &str, Option<Vec<Named>>, &str)| {
            let mut shown = json!({
                "subject": subject, "title": title, "group": group, "type": kind,
                "nullable": values.is_some(), "repeatable": false,
            });
            put_values(&mut shown, values);
            shown
        };
        plain.chain(custom).map(shown).collect()
    }

    fn action_values(&self, word: &str) -> (&'static str, Option<Vec<Named>>) {
        match word {
            "current_tags" | "set_tags" | "remove_tags" => ("tags", None),
            "comment_value" => ("textarea", None),
            "comment_mode_is_public" => (
                "list",
                Some(vec![
                    ("true".to_owned(), "Public reply".to_owned()),
                    ("false".to_owned(), "Internal note".to_owned()),
                ]),
            ),
            "follower" => ("list", Some(self.agents.clone())),
            other => match Field::parse(other) {
                Some(field) => self.values(&field),
                None => ("text", None),
            },
        }
    }
}

fn put_values(shown: &mut Value, values: Option<Vec<Named>>) {
    if let Some(values) = values {
        let one = |(value, title): Named| json!({ "value": value, "title": title, "enabled": true });
        shown["values"] = values.into_iter().map(one).collect::<Vec<_>>().into();
    }
}

/// `group_id` as people read it.
fn title(word: &str) -> String {
    let words = word.trim_end_matches("_id").replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
