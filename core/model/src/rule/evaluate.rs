//! Whether conditions hold for a ticket, and why, in words.

use super::facts::{Facts, Look, fold};
use super::{Field, Moment, Operator, Plan, Test};
use crate::desk::{Priority, TicketStatus};
use crate::metadata::Scalar;

/// Microseconds of an hour.
pub const HOUR_MICROS: i64 = 3_600_000_000;

/// Whether conditions hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether they do.
    pub holds: bool,
    /// Why, or why not, in words.
    pub because: String,
}

impl Plan {
    /// Whether the conditions hold.
    pub fn judge(&self, facts: &Facts<'_>) -> Verdict {
        if let Some(missed) = self.all.iter().find(|test| !test.holds(facts)) {
            return Verdict { holds: false, because: format!("not so: {}", missed.words(facts)) };
        }
        let one = self.any.iter().find(|test| test.holds(facts));
        if one.is_none() && !self.any.is_empty() {
            let missed: Vec<_> = self.any.iter().map(|test| test.words(facts)).collect();
            return Verdict { holds: false, because: format!("none of these: {}", missed.join("; ")) };
        }
        let held: Vec<_> = self.all.iter().chain(one).map(|test| test.words(facts)).collect();
        let because = if held.is_empty() { "it is about every ticket".to_owned() } else { held.join("; ") };
        Verdict { holds: true, because }
    }
}

impl Test {
    /// Whether the condition holds.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        match &self.field {
            Field::Since(moment) => self.is_time(*moment, facts),
            Field::Subject => self.has_words(&fold(&facts.after.subject)),
            Field::Comment => facts.said.is_some_and(|said| self.has_words(&fold(&said.text))),
            Field::CommentIsPublic => facts.said.is_some_and(|said| said.public.to_string() == self.value),
            Field::UpdateType => facts.update.as_str() == self.value,
            _ if self.operator.is_change() => self.is_change(facts),
            Field::Tags => self.has_tags(&facts.after.tags),
            Field::Custom(word) => self.is_custom(facts.after.fields.0.get(facts.keys.key(word))),
            Field::Locale => self.speaks(facts.after.locale.as_deref().unwrap_or_default()),
            Field::Queue => self.is_queue(facts.after),
            _ => self.is_value(facts.after.value(&self.field, facts.keys), facts),
        }
    }

    fn is_value(&self, found: Option<String>, facts: &Facts<'_>) -> bool {
        match self.operator {
            Operator::Is => self.means(found.as_deref(), facts),
            Operator::IsNot => !self.means(found.as_deref(), facts),
            Operator::LessThan => self.rank(found.as_deref()) < self.rank(Some(&self.value)),
            Operator::GreaterThan => self.rank(found.as_deref()) > self.rank(Some(&self.value)),
            Operator::Present => found.is_some(),
            _ => found.is_none(),
        }
    }

    /// Whether a value is the one that the condition names.
    fn means(&self, found: Option<&str>, facts: &Facts<'_>) -> bool {
        match (&self.field, self.value.as_str()) {
            (Field::Assignee, "current_user") => {
                facts.viewer.agent.is_some_and(|agent| found == Some(agent.to_string().as_str()))
            }
            (Field::Group, "current_groups") => {
                facts.viewer.groups.iter().any(|group| found == Some(group.to_string().as_str()))
            }
            (_, wanted) => found.unwrap_or_default() == wanted,
        }
    }

    /// The place of a word in its order; what has none comes first.
    fn rank(&self, word: Option<&str>) -> usize {
        let word = word.unwrap_or_default();
        let place = match self.field {
            Field::Status => TicketStatus::ALL.iter().position(|known| known.as_str() == word),
            _ => Priority::ALL.iter().position(|known| known.as_str() == word),
        };
        place.map_or(0, |place| place + 1)
    }

    /// The words of a status or a priority that fit; an empty one stands for none.
    pub fn fitting_words(&self) -> Vec<&'static str> {
        let known = self.field.choices().unwrap_or_default();
        let fits = |word: &&str| {
            let found = Some(*word).filter(|word| !word.is_empty());
            match self.operator {
                Operator::Is => found.unwrap_or_default() == self.value,
                Operator::IsNot => found.unwrap_or_default() != self.value,
                Operator::LessThan => self.rank(found) < self.rank(Some(&self.value)),
                Operator::GreaterThan => self.rank(found) > self.rank(Some(&self.value)),
                Operator::Present => found.is_some(),
                _ => found.is_none(),
            }
        };
        known.into_iter().chain([""]).filter(fits).collect()
    }

    fn is_change(&self, facts: &Facts<'_>) -> bool {
        let now = facts.after.value(&self.field, facts.keys);
        let before = match facts.before {
            Some(before) => before.value(&self.field, facts.keys),
            // A ticket that was made just now has changed from nothing.
            None if facts.update == super::Update::Create => None,
            None => now.clone(),
        };
        let changed = before != now;
        let (to, from) =
            (changed && self.means(now.as_deref(), facts), changed && self.means(before.as_deref(), facts));
        match self.operator {
            Operator::Changed => changed,
            Operator::NotChanged => !changed,
            Operator::ChangedTo => to,
            Operator::NotChangedTo => !to,
            Operator::ChangedFrom => from,
            _ => !from,
        }
    }

    fn has_tags(&self, tags: &[String]) -> bool {
        let any = || self.value.split_whitespace().any(|wanted| tags.iter().any(|tag| tag == wanted));
        match self.operator {
            Operator::Includes => any(),
            Operator::NotIncludes => !any(),
            Operator::Present => !tags.is_empty(),
            _ => tags.is_empty(),
        }
    }

    fn has_words(&self, folded: &str) -> bool {
        let any = || self.value.split_whitespace().any(|word| folded.contains(&format!(" {word} ")));
        match self.operator {
            Operator::Includes => any(),
            Operator::NotIncludes => !any(),
            Operator::Is => folded.contains(&self.value),
            _ => !folded.contains(&self.value),
        }
    }

    /// Numbers compare as numbers, flags as `true` and `false`, everything else as text.
    fn is_custom(&self, found: Option<&Scalar>) -> bool {
        let number = || self.value.parse::<f64>().ok().filter(|number| number.is_finite());
        let is = || match found {
            None => self.value.is_empty(),
            Some(Scalar::Number(found)) => number() == Some(*found),
            Some(Scalar::Flag(found)) => found.to_string() == self.value,
            Some(Scalar::Text(found)) => *found == self.value,
        };
        let any = || match found {
            Some(Scalar::Text(found)) => {
                let found = format!(" {found} ");
                self.value.split_whitespace().any(|word| found.contains(&format!(" {word} ")))
            }
            _ => false,
        };
        let order = || match found? {
            Scalar::Number(found) => found.partial_cmp(&number()?),
            Scalar::Text(found) => Some(found.as_str().cmp(&self.value)),
            Scalar::Flag(_) => None,
        };
        match self.operator {
            Operator::Is => is(),
            Operator::IsNot => !is(),
            Operator::Includes => any(),
            Operator::NotIncludes => !any(),
            Operator::LessThan => order() == Some(std::cmp::Ordering::Less),
            Operator::GreaterThan => order() == Some(std::cmp::Ordering::Greater),
            Operator::Present => found.is_some(),
            _ => found.is_none(),
        }
    }

    /// Whether a language is the one meant, or a variety of it.
    fn speaks(&self, locale: &str) -> bool {
        let locale = locale.to_ascii_lowercase();
        let is = locale == self.value || locale.strip_prefix(&self.value).is_some_and(|rest| rest.starts_with('-'));
        is == (self.operator == Operator::Is)
    }

    fn is_queue(&self, look: &Look) -> bool {
        let is = match &look.queue {
            Some((id, name)) => *name == self.value || id.to_string() == self.value,
            None => self.value.is_empty(),
        };
        match self.operator {
            Operator::Is => is,
            Operator::IsNot => !is,
            Operator::Present => look.queue.is_some(),
            _ => look.queue.is_none(),
        }
    }

    fn is_time(&self, moment: Moment, facts: &Facts<'_>) -> bool {
        let (Some(at), Ok(hours)) = (facts.after.moment(moment), self.value.parse::<i64>()) else { return false };
        let passed = facts.now.as_micros().saturating_sub(at.as_micros());
        match self.operator {
            Operator::Is => passed >= hours * HOUR_MICROS && passed < (hours + 1) * HOUR_MICROS,
            Operator::LessThan => passed < hours * HOUR_MICROS,
            _ => passed > hours * HOUR_MICROS,
        }
    }

    /// The condition as a sentence, with what was found.
    fn words(&self, facts: &Facts<'_>) -> String {
        let (field, operator) = (self.field.word(), self.operator.as_str().replace('_', " "));
        let wanted = if self.value.is_empty() { "nothing" } else { self.value.trim() };
        let wanted = if self.operator.needs_value() { format!(" {wanted}") } else { String::new() };
        let found = match &self.field {
            Field::Since(moment) => facts.after.moment(*moment).map(|at| {
                let hours = facts.now.as_micros().saturating_sub(at.as_micros()) / HOUR_MICROS;
                format!("{hours} hours")
            }),
            Field::Subject | Field::Comment | Field::CommentIsPublic | Field::UpdateType => {
                return field + " " + &operator + &wanted;
            }
            field => facts.after.value(field, facts.keys),
        };
        format!("{field} {operator}{wanted} (it is {})", found.as_deref().unwrap_or("nothing"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{GroupId, PersonId, QueueId, TicketFieldId, TicketType};
    use crate::metadata::Metadata;
    use crate::rule::{Condition, Conditions, Controller, FieldKeys, Remark, RuleKind, Update, Viewer};
    use crate::time::Timestamp;

    const DAY_HOURS: i64 = 24;

    fn look() -> Look {
        let fields = [("order", Scalar::from("A-7 B-8")), ("size", Scalar::Number(3.0)), ("vip", Scalar::Flag(true))];
        Look {
            subject: "Refund, s'il vous plaît: École".into(),
            status: TicketStatus::Open,
            priority: Some(Priority::High),
            kind: Some(TicketType::Question),
            requester: PersonId(9),
            assignee: Some(PersonId(5)),
            group: Some(GroupId(3)),
            tags: vec!["vip".into(), "late".into()],
            fields: Metadata::from_iter(fields),
            via: "letters".into(),
            form: None,
            queue: Some((QueueId(2), "Returns".into())),
            control: Controller::Desk,
            locale: Some("fr-CA".into()),
            created_at: Timestamp::from_micros(0),
            updated_at: Timestamp::from_micros(20 * HOUR_MICROS),
            status_at: Timestamp::from_micros(4 * HOUR_MICROS),
            assigned_at: Some(Timestamp::from_micros(23 * HOUR_MICROS + 1)),
        }
    }

    /// Looks at a ticket of which the status was new and the assignee nobody until just now.
    fn judge(conditions: &Conditions, kind: RuleKind) -> Verdict {
        let after = look();
        let before = Look { status: TicketStatus::New, assignee: None, ..look() };
        let said = Remark { text: "Where is my REFUND?".into(), public: true };
        let viewer = Viewer { agent: Some(PersonId(5)), groups: vec![GroupId(3)] };
        let keys = FieldKeys::from_iter([(TicketFieldId(7), "order".to_owned())]);
        let now = Timestamp::from_micros(DAY_HOURS * HOUR_MICROS);
        let plan = conditions.check(kind).expect("it is sound");
        let facts = Facts {
            before: Some(&before),
            after: &after,
            update: Update::Change,
            said: Some(&said),
            viewer: &viewer,
            keys: &keys,
            now,
        };
        plan.judge(&facts)
    }

    fn check(kind: RuleKind, sentence: &str, expected: bool) {
        let mut words = sentence.splitn(3, ' ');
        let mut next = || words.next().unwrap_or_default();
        let condition = Condition::new(next(), next(), next());
        let verdict = judge(&Conditions { all: vec![condition], any: Vec::new() }, kind);
        assert_eq!(verdict.holds, expected, "{sentence}: {}", verdict.because);
    }

    #[test]
    fn a_condition_holds_when_the_ticket_is_like_that() {
        for (sentence, expected) in [
            ("status is open", true),
            ("status is_not open", false),
            ("status less_than solved", true),
            ("status less_than open", false),
            ("status greater_than new", true),
            ("priority greater_than normal", true),
            ("priority is ", false),
            ("priority present", true),
            ("type is question", true),
            ("group_id is 3", true),
            ("group_id is current_groups", true),
            ("group_id is_not ", true),
            ("assignee_id is current_user", true),
            ("assignee_id is 6", false),
            ("assignee_id not_present", false),
            ("requester_id is 9", true),
            ("current_tags includes x vip", true),
            ("current_tags not_includes x y", true),
            ("current_tags not_includes late", false),
            ("via_id is letters", true),
            ("channel is web", false),
            ("ticket_form_id not_present", true),
            ("queue is Returns", true),
            ("queue is 2", true),
            ("queue is_not 2", false),
            ("custom_fields_7 includes B-8", true),
            ("custom_fields_7 includes B", false),
            ("custom_fields_order is A-7 B-8", true),
            ("custom_fields_size is 3.0", true),
            ("custom_fields_size less_than 10", true),
            ("custom_fields_size greater_than x", false),
            ("custom_fields_vip is true", true),
            ("custom_fields_none is ", true),
            ("custom_fields_none present", false),
            ("subject_includes_word includes école", true),
            ("subject_includes_word includes ecole fund", false),
            ("subject_includes_word is s'il vous", true),
            ("conversation_control is desk", true),
            ("requester_locale is fr", true),
            ("requester_locale is fr-ca", true),
            ("requester_locale is f", false),
            ("requester_locale is_not en", true),
            ("OPEN is 20", true),
            ("OPEN less_than 20", false),
            ("OPEN greater_than 20", false),
            ("OPEN greater_than 19", true),
            ("SOLVED greater_than 0", false),
            ("created_at is 24", true),
            ("updated_at less_than 5", true),
            ("assigned_at is 0", true),
        ] {
            check(RuleKind::View, sentence, expected);
        }
    }

    #[test]
    fn a_trigger_sees_what_changed_and_what_was_said() {
        for (sentence, expected) in [
            ("status changed", true),
            ("status changed_to open", true),
            ("status value pending", false),
            ("status value_previous new", true),
            ("status not_changed_to open", false),
            ("priority changed", false),
            ("priority not_changed", true),
            ("priority changed_to high", false),
            ("assignee_id changed_from ", true),
            ("assignee_id changed_to current_user", true),
            ("current_tags changed", false),
            ("comment_includes_word includes refund", true),
            ("comment_includes_word is my refund", true),
            ("comment_includes_word not_includes money", true),
            ("comment_is_public is true", true),
            ("comment_is_public is false", false),
            ("update_type is Change", true),
            ("update_type is Create", false),
        ] {
            check(RuleKind::Trigger, sentence, expected);
        }
    }

    #[test]
    fn a_verdict_says_why() {
        let (open, urgent) = (Condition::new("status", "is", "open"), Condition::new("priority", "is", "urgent"));
        let vip = Condition::new("current_tags", "includes", "vip");
        let check = |all: &[&Condition], any: &[&Condition], holds: bool, because: &str| {
            let own = |list: &[&Condition]| list.iter().map(|one| (*one).clone()).collect();
            let verdict = judge(&Conditions { all: own(all), any: own(any) }, RuleKind::View);
            assert_eq!(verdict, Verdict { holds, because: because.to_owned() });
        };
        check(&[], &[], true, "it is about every ticket");
        check(
            &[&open],
            &[&urgent, &vip],
            true,
            "status is open (it is open); current_tags includes vip (it is vip late)",
        );
        check(&[&open, &urgent], &[&vip], false, "not so: priority is urgent (it is high)");
        check(&[&open], &[&urgent], false, "none of these: priority is urgent (it is high)");
    }
}
