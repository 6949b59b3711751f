//! Conditions as they are written, and the plan that is made of them once they are known to be sound.

use serde::{Deserialize, Serialize};

use super::facts::fold;
use super::{Field, MAX_CONDITIONS, MAX_VALUE, Operator, RuleFault, RuleKind};

/// A condition as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What it looks at.
    pub field: String,
    /// How it compares.
    pub operator: String,
    /// With what; several words stand apart by spaces.
    #[serde(default)]
    pub value: String,
}

impl Condition {
    /// A condition of these words.
    pub fn new(field: &str, operator: &str, value: &str) -> Self {
        Self { field: field.to_owned(), operator: operator.to_owned(), value: value.to_owned() }
    }
}

/// When a rule is about a ticket: all of the first list and, unless it is empty, at least one of the second.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// All of these.
    #[serde(default)]
    pub all: Vec<Condition>,
    /// At least one of these.
    #[serde(default)]
    pub any: Vec<Condition>,
}

/// Conditions that can be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// All of these.
    pub all: Vec<Test>,
    /// At least one of these, unless there are none.
    pub any: Vec<Test>,
}

/// A condition that can be looked at. Its operator fits its field, and its value both of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// What it looks at.
    pub field: Field,
    /// How it compares.
    pub operator: Operator,
    /// With what. Empty: with nothing.
    pub value: String,
}

impl Conditions {
    /// Refuses what a rule of this kind cannot look at, and what would be looked at in vain.
    pub fn check(&self, kind: RuleKind) -> Result<Plan, RuleFault> {
        let count = self.all.len() + self.any.len();
        if count > MAX_CONDITIONS {
            return Err(RuleFault::new("conditions", format!("are too many: a rule has at most {MAX_CONDITIONS}")));
        }
        if count == 0 && matches!(kind, RuleKind::Trigger | RuleKind::Automation) {
            return Err(RuleFault::new("conditions", "are missing: without any, the rule would be about every ticket"));
        }
        let list = |name: &str, conditions: &[Condition]| {
            let numbered = conditions.iter().enumerate();
            numbered.map(|(index, one)| one.check(kind, &format!("conditions.{name}[{index}]"))).collect()
        };
        let (all, any): (Result<Vec<Test>, _>, Result<Vec<Test>, _>) = (list("all", &self.all), list("any", &self.any));
        let plan = Plan { all: all?, any: any? };
        if kind == RuleKind::Automation && !plan.is_timed() {
            return Err(RuleFault::new("conditions", "need one about time, such as `SOLVED` `greater_than` hours"));
        }
        Ok(plan)
    }
}

impl Plan {
    /// Whether any of its tests is about time.
    pub fn is_timed(&self) -> bool {
        self.tests().any(|test| matches!(test.field, Field::Since(_)))
    }

    /// Every test.
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        self.all.iter().chain(&self.any)
    }
}

impl Condition {
    fn check(&self, kind: RuleKind, place: &str) -> Result<Test, RuleFault> {
        let fault = |part: &str, reason: String| RuleFault::new(format!("{place}.{part}"), reason);
        let Some(field) = Field::parse(&self.field) else {
            return Err(fault("field", format!("names nothing that a rule can look at: `{}`", cut(&self.field))));
        };
        let allowed = field.operators(kind);
        if allowed.is_empty() {
            return Err(fault("field", format!("cannot be looked at by a {}: `{}`", kind.as_str(), self.field)));
        }
        let Some(operator) = Operator::parse(&self.operator).filter(|operator| allowed.contains(operator)) else {
            let words: Vec<_> = allowed.iter().map(|operator| operator.as_str()).collect();
            return Err(fault("operator", format!("has to be one of {}", words.join(", "))));
        };
        let value = if operator.needs_value() { value(&field, operator, &self.value) } else { Ok(String::new()) };
        let value = value.map_err(|reason| fault("value", reason))?;
        Ok(Test { field, operator, value })
    }
}

fn cut(text: &str) -> String {
    text.chars().take(64).collect()
}

/// A value as it is compared, or what would be right.
fn value(field: &Field, operator: Operator, text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > MAX_VALUE {
        return Err(format!("needs at most {MAX_VALUE} characters"));
    }
    let is_ordered = matches!(operator, Operator::LessThan | Operator::GreaterThan);
    if text.is_empty() {
        let may_be_none = field.may_be_none() && !matches!(operator, Operator::Includes | Operator::NotIncludes);
        return if may_be_none && !is_ordered { Ok(String::new()) } else { Err("is missing".to_owned()) };
    }
    if let Some(choices) = field.choices() {
        let known = choices.iter().find(|choice| choice.eq_ignore_ascii_case(text));
        return known.map(|word| (*word).to_owned()).ok_or_else(|| format!("has to be one of {}", choices.join(", ")));
    }
    match field {
        Field::Group | Field::Assignee | Field::Requester | Field::Form => number_or_self(field, text),
        Field::Tags => Ok(text.to_lowercase()),
        Field::Subject | Field::Comment => {
            let folded = fold(text);
            if folded.trim().is_empty() { Err("needs a word".to_owned()) } else { Ok(folded) }
        }
        Field::Locale => Ok(text.to_ascii_lowercase()),
        Field::Since(_) => hours(text),
        _ => Ok(text.to_owned()),
    }
}

fn number_or_self(field: &Field, text: &str) -> Result<String, String> {
    let own = match field {
        Field::Assignee => "current_user",
        Field::Group => "current_groups",
        _ => "",
    };
    if !own.is_empty() && text == own {
        return Ok(text.to_owned());
    }
    let number = text.parse::<i64>().ok().filter(|number| *number > 0);
    number.map(|number| number.to_string()).ok_or_else(|| match own {
        "" => "has to be a number".to_owned(),
        own => format!("has to be a number, empty, or `{own}`"),
    })
}

fn hours(text: &str) -> Result<String, String> {
    let hours = text.parse::<u32>().ok().filter(|hours| *hours <= 100_000);
    hours.map(|hours| hours.to_string()).ok_or_else(|| "has to be a number of hours, at most 100000".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: RuleKind, field: &str, operator: &str, value: &str, expected: Result<&str, &str>) {
        let conditions = Conditions { all: vec![Condition::new(field, operator, value)], any: Vec::new() };
        let found = conditions.check(kind).map(|plan| plan.all[0].value.clone()).map_err(|fault| fault.to_string());
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{field} {operator} {value}");
    }

    #[test]
    fn what_a_rule_cannot_look_at_is_refused_with_its_place() {
        use RuleKind::{Automation, Queue, Trigger, View};
        check(View, "status", "less_than", "Solved", Ok("solved"));
        check(
            View,
            "status",
            "is",
            "done",
            Err("`conditions.all[0].value` has to be one of new, open, pending, hold, solved, closed"),
        );
        check(
            View,
            "mood",
            "is",
            "bad",
            Err("`conditions.all[0].field` names nothing that a rule can look at: `mood`"),
        );
        check(
            View,
            "status",
            "changed",
            "",
            Err("`conditions.all[0].operator` has to be one of is, is_not, less_than, greater_than"),
        );
        check(Trigger, "status", "value", "solved", Ok("solved"));
        check(
            View,
            "comment_includes_word",
            "includes",
            "x",
            Err("`conditions.all[0].field` cannot be looked at by a view: `comment_includes_word`"),
        );
        check(
            Trigger,
            "SOLVED",
            "is",
            "4",
            Err("`conditions.all[0].field` cannot be looked at by a trigger: `SOLVED`"),
        );
        check(Automation, "SOLVED", "greater_than", "96", Ok("96"));
        check(
            Automation,
            "SOLVED",
            "is",
            "-1",
            Err("`conditions.all[0].value` has to be a number of hours, at most 100000"),
        );
        check(
            Automation,
            "status",
            "is",
            "open",
            Err("`conditions` need one about time, such as `SOLVED` `greater_than` hours"),
        );
        check(View, "assignee_id", "is", "current_user", Ok("current_user"));
        check(View, "assignee_id", "is", "", Ok(""));
        check(
            View,
            "assignee_id",
            "is",
            "Ada",
            Err("`conditions.all[0].value` has to be a number, empty, or `current_user`"),
        );
        check(View, "requester_id", "is", "", Err("`conditions.all[0].value` is missing"));
        check(View, "channel", "is", "web", Ok("web"));
        check(View, "custom_fields_7", "is", "x", Ok("x"));
        check(View, "subject_includes_word", "includes", " Refund,  NOW! ", Ok(" refund now "));
        check(View, "subject_includes_word", "includes", "!?", Err("`conditions.all[0].value` needs a word"));
        check(Queue, "queue", "is", "x", Err("`conditions.all[0].field` cannot be looked at by a queue: `queue`"));
        check(
            View,
            "custom_fields_7",
            "is",
            &"x".repeat(1001),
            Err("`conditions.all[0].value` needs at most 1000 characters"),
        );
    }

    #[test]
    fn a_rule_has_conditions_but_not_too_many() {
        let none = Conditions::default();
        assert!(none.check(RuleKind::View).is_ok());
        assert_eq!(none.check(RuleKind::Trigger).expect_err("none").place, "conditions");
        let many = Conditions {
            all: vec![Condition::new("status", "is", "new"); 26],
            any: vec![Condition::new("status", "is", "new"); 25],
        };
        assert_eq!(
            many.check(RuleKind::View).expect_err("too many").to_string(),
            "`conditions` are too many: a rule has at most 50"
        );
        let second = Conditions {
            all: Vec::new(),
            any: vec![Condition::new("status", "is", "new"), Condition::new("x", "is", "y")],
        };
        assert_eq!(second.check(RuleKind::View).expect_err("unknown").place, "conditions.any[1].field");
    }

    #[test]
    fn every_field_is_read_as_it_is_written() {
        for field in Field::plain() {
            assert_eq!(Field::parse(&field.word()), Some(field.clone()), "{field:?}");
        }
        assert_eq!(Field::parse("custom_fields_"), None);
    }
}
