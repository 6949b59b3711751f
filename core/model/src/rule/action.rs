//! Actions as they are written, and the deeds that are made of them once they are known to be sound.
//!
//! Only what the desk carries out is known. Notifications by mail or webhook are not there: nobody would send them.

use serde::{Deserialize, Serialize};

use super::{MAX_ACTIONS, MAX_SAYING, RuleFault, RuleKind};
use crate::desk::{GroupId, MAX_SUBJECT, MAX_TAGS, PersonId, Priority, TicketFormId, TicketStatus, TicketType};

/// An action as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What it changes.
    pub field: String,
    /// To what; tags stand apart by spaces, an empty value unsets.
    #[serde(default)]
    pub value: String,
}

/// An agent whom an action names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// This one.
    Agent(PersonId),
    /// The one who uses the macro, or whose change the trigger is about.
    CurrentUser,
}

/// Something that a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The ticket gets this subject, with its placeholders filled in.
    Subject(String),
    /// It stands here.
    Status(TicketStatus),
    /// It is this urgent.
    Priority(Option<Priority>),
    /// It is about this.
    Type(Option<TicketType>),
    /// This group works on it.
    Group(Option<GroupId>),
    /// This agent works on it.
    Assignee(Option<Target>),
    /// It shows this form.
    Form(Option<TicketFormId>),
    /// It has these tags and no others.
    SetTags(Vec<String>),
    /// It has these tags, too.
    AddTags(Vec<String>),
    /// It has these tags no more.
    RemoveTags(Vec<String>),
    /// A custom field, by its number or name, gets a value or loses it.
    Custom(String, Option<String>),
    /// This agent follows it.
    Follower(Target),
    /// This is said, with its placeholders filled in.
    Say(String),
    /// What is said is public, or a note among agents.
    SayInPublic(bool),
}

/// The words of actions, with the kinds of rules that have them.
const FIELDS: &[(&str, &[RuleKind])] = {
    const ALL: &[RuleKind] = &[RuleKind::Macro, RuleKind::Trigger, RuleKind::Automation];
    &[
        ("subject", &[RuleKind::Macro]),
        ("status", ALL),
        ("priority", ALL),
        ("type", ALL),
        ("group_id", ALL),
        ("assignee_id", ALL),
        ("ticket_form_id", ALL),
        ("set_tags", ALL),
        ("current_tags", ALL),
        ("remove_tags", ALL),
        ("follower", ALL),
        ("comment_value", ALL),
        ("comment_mode_is_public", ALL),
    ]
};

impl Action {
    /// An action of these words.
    pub fn new(field: &str, value: &str) -> Self {
        Self { field: field.to_owned(), value: value.to_owned() }
    }

    /// The words of actions that rules of this kind have, without those of custom fields.
    pub fn fields(kind: RuleKind) -> Vec<&'static str> {
        FIELDS.iter().filter(|(_, kinds)| kinds.contains(&kind)).map(|(word, _)| *word).collect()
    }

    /// Refuses what a rule of this kind cannot do. A rule without actions would do nothing.
    pub fn check_all(actions: &[Self], kind: RuleKind) -> Result<Vec<Deed>, RuleFault> {
        if actions.len() > MAX_ACTIONS {
            return Err(RuleFault::new("actions", format!("are too many: a rule has at most {MAX_ACTIONS}")));
        }
        if actions.is_empty() {
            return Err(RuleFault::new("actions", "are missing: without any, the rule would do nothing"));
        }
        let numbered = actions.iter().enumerate();
        let deeds: Vec<Deed> = numbered.map(|(index, action)| action.check(kind, index)).collect::<Result<_, _>>()?;
        let is_mode = |deed: &Deed| matches!(deed, Deed::SayInPublic(_));
        let is_said = deeds.iter().any(|deed| matches!(deed, Deed::Say(_)));
        match deeds.iter().position(is_mode) {
            Some(index) if !is_said && kind != RuleKind::Macro => Err(RuleFault::new(
                format!("actions[{index}].field"),
                "needs a `comment_value` beside it: otherwise nothing is said",
            )),
            _ => Ok(deeds),
        }
    }

    fn check(&self, kind: RuleKind, index: usize) -> Result<Deed, RuleFault> {
        let fault = |part: &str, reason: String| RuleFault::new(format!("actions[{index}].{part}"), reason);
        let is_custom = self.field.strip_prefix("custom_fields_").is_some_and(|key| !key.is_empty());
        let known = Self::fields(kind);
        if !is_custom && !known.contains(&self.field.as_str()) {
            let words = known.join(", ");
            return Err(fault("field", format!("has to be `custom_fields_` with a number, or one of {words}")));
        }
        let deed = self.deed().map_err(|reason| fault("value", reason))?;
        if kind == RuleKind::Automation
            && matches!(deed, Deed::Assignee(Some(Target::CurrentUser)) | Deed::Follower(Target::CurrentUser))
        {
            return Err(fault("value", "has to name an agent: the clock is nobody".to_owned()));
        }
        Ok(deed)
    }

    fn deed(&self) -> Result<Deed, String> {
        let value = self.value.trim();
        Ok(match self.field.as_str() {
            "subject" => Deed::Subject(text(value, MAX_SUBJECT)?),
            "status" => Deed::Status(status(value)?),
            "priority" => Deed::Priority(maybe(value, Priority::of, Priority::ALL, Priority::as_str)?),
            "type" => Deed::Type(maybe(value, TicketType::of, TicketType::ALL, TicketType::as_str)?),
            "group_id" => Deed::Group(number(value)?.map(GroupId)),
            "assignee_id" => Deed::Assignee(target(value)?),
            "ticket_form_id" => Deed::Form(number(value)?.map(TicketFormId)),
            "set_tags" => Deed::SetTags(tags(value)),
            "current_tags" => Deed::AddTags(some_tags(value)?),
            "remove_tags" => Deed::RemoveTags(some_tags(value)?),
            "follower" => Deed::Follower(target(value)?.ok_or("has to name an agent, or be `current_user`")?),
            "comment_value" => Deed::Say(text(value, MAX_SAYING)?),
            "comment_mode_is_public" => Deed::SayInPublic(flag(value)?),
            custom => {
                let key = custom.trim_start_matches("custom_fields_");
                if value.chars().count() > MAX_SAYING {
                    return Err(format!("needs at most {MAX_SAYING} characters"));
                }
                Deed::Custom(key.to_owned(), Some(value.to_owned()).filter(|value| !value.is_empty()))
            }
        })
    }
}

fn text(value: &str, max: usize) -> Result<String, String> {
    let fits = (1..=max).contains(&value.chars().count());
    fits.then(|| value.to_owned()).ok_or_else(|| format!("needs 1 to {max} characters"))
}

/// A rule moves a ticket anywhere but back to new.
fn status(value: &str) -> Result<TicketStatus, String> {
    let known = TicketStatus::of(value).filter(|status| *status != TicketStatus::New);
    known.ok_or_else(|| "has to be one of open, pending, hold, solved, closed".to_owned())
}

fn maybe<T: Copy>(
    value: &str,
    of: fn(&str) -> Option<T>,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Result<Option<T>, String> {
    if value.is_empty() {
        return Ok(None);
    }
    let words: Vec<_> = all.iter().map(|one| word(*one)).collect();
    of(value).map(Some).ok_or_else(|| format!("has to be empty or one of {}", words.join(", ")))
}

fn number(value: &str) -> Result<Option<i64>, String> {
    if value.is_empty() {
        return Ok(None);
    }
    let number = value.parse().ok().filter(|number| *number > 0);
    number.map(Some).ok_or_else(|| "has to be a number, or empty".to_owned())
}

fn target(value: &str) -> Result<Option<Target>, String> {
    if value == "current_user" {
        return Ok(Some(Target::CurrentUser));
    }
    let agent = number(value).map_err(|_| "has to be a number, empty, or `current_user`".to_owned())?;
    Ok(agent.map(|agent| Target::Agent(PersonId(agent))))
}

fn flag(value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| "has to be true or false".to_owned())
}

fn tags(value: &str) -> Vec<String> {
    value.to_lowercase().split_whitespace().take(MAX_TAGS).map(str::to_owned).collect()
}

fn some_tags(value: &str) -> Result<Vec<String>, String> {
    let tags = tags(value);
    if tags.is_empty() { Err("needs a tag".to_owned()) } else { Ok(tags) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RuleKind::{Automation, Macro, Trigger, View};

    fn check(kind: RuleKind, field: &str, value: &str, expected: Result<Deed, &str>) {
        let found = Action::check_all(&[Action::new(field, value)], kind);
        let found = found.map(|mut deeds| deeds.remove(0)).map_err(|fault| fault.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{field} {value}");
    }

    #[test]
    fn what_a_rule_cannot_do_is_refused_with_its_place() {
        check(Trigger, "status", "solved", Ok(Deed::Status(TicketStatus::Solved)));
        check(Trigger, "status", "new", Err("`actions[0].value` has to be one of open, pending, hold, solved, closed"));
        check(Trigger, "priority", "", Ok(Deed::Priority(None)));
        check(
            Trigger,
            "priority",
            "soon",
            Err("`actions[0].value` has to be empty or one of low, normal, high, urgent"),
        );
        check(Macro, "assignee_id", "current_user", Ok(Deed::Assignee(Some(Target::CurrentUser))));
        check(
            Automation,
            "assignee_id",
            "current_user",
            Err("`actions[0].value` has to name an agent: the clock is nobody"),
        );
        check(Trigger, "assignee_id", "7", Ok(Deed::Assignee(Some(Target::Agent(PersonId(7))))));
        check(Trigger, "current_tags", "VIP late", Ok(Deed::AddTags(vec!["vip".into(), "late".into()])));
        check(Trigger, "current_tags", " ", Err("`actions[0].value` needs a tag"));
        check(Trigger, "custom_fields_7", "x", Ok(Deed::Custom("7".into(), Some("x".into()))));
        check(Trigger, "comment_value", "", Err("`actions[0].value` needs 1 to 4096 characters"));
        check(Macro, "comment_mode_is_public", "true", Ok(Deed::SayInPublic(true)));
        check(
            Trigger,
            "comment_mode_is_public",
            "true",
            Err("`actions[0].field` needs a `comment_value` beside it: otherwise nothing is said"),
        );
        let unknown = Action::check_all(&[Action::new("notification_user", "7")], Trigger).expect_err("not there");
        assert_eq!(unknown.place, "actions[0].field");
        assert!(Action::fields(View).is_empty(), "a view does nothing");
    }

    #[test]
    fn a_rule_has_actions_but_not_too_many() {
        assert_eq!(Action::check_all(&[], Trigger).expect_err("none").place, "actions");
        let many = vec![Action::new("status", "open"); 51];
        assert_eq!(
            Action::check_all(&many, Macro).expect_err("many").to_string(),
            "`actions` are too many: a rule has at most 50"
        );
    }
}
