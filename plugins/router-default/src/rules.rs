//! Whether a rule holds, and why in words: agents and admins read the reason.

use passerelle_sdk::prelude::*;

use crate::settings::{FieldIs, Rule, Settings, Value, When};

/// Characters in a reason, as the contract bounds them.
const MAX_REASON: usize = 512;
/// Where a bot's captured facts stand among the facts of a hand-over.
const CAPTURED: &str = "dataCapture.ticketField.";

/// The decision of the first rule that holds, or the default.
pub fn decide(settings: &Settings, facts: &Facts) -> Decision {
    let found = settings.rules.iter().enumerate().find_map(|(position, rule)| {
        let why = holds(&rule.when, facts)?;
        Some((position, rule, why))
    });
    match found {
        Some((position, rule, why)) => by_rule(settings, position, rule, &why),
        None => by_default(settings),
    }
}

fn by_rule(settings: &Settings, position: usize, rule: &Rule, why: &[String]) -> Decision {
    let name = rule.name.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
    let why = if why.is_empty() { "it has no condition".to_owned() } else { why.join(", and ") };
    Decision {
        group: rule.group.clone(),
        agent: rule.agent.clone(),
        priority: rule.priority.unwrap_or(settings.default_priority).into(),
        tags: rule.tags.clone(),
        ..Decision::queue(&rule.queue, cut(format!("rule {}{name}: {why}", position + 1)))
    }
}

fn by_default(settings: &Settings) -> Decision {
    let reason = match settings.rules.len() {
        0 => "there are no rules, so the default queue takes it".to_owned(),
        1 => "the one rule does not match, so the default queue takes it".to_owned(),
        count => format!("none of the {count} rules matches, so the default queue takes it"),
    };
    Decision {
        group: settings.default_group.clone(),
        priority: settings.default_priority.into(),
        ..Decision::queue(&settings.default_queue, reason)
    }
}

/// Why all conditions hold, or none when one does not.
fn holds(when: &When, facts: &Facts) -> Option<Vec<String>> {
    let mut why = Vec::new();
    if let Some(channels) = &when.channel {
        channels.iter().find(|channel| channel.eq_ignore_ascii_case(&facts.channel_type))?;
        why.push(format!("the channel is `{}`", facts.channel_type));
    }
    if let Some(languages) = &when.language {
        let locale = facts.locale.as_deref()?;
        languages.iter().find(|language| speaks(locale, language))?;
        why.push(format!("the language is `{locale}`"));
    }
    if let Some(tags) = &when.tags_any {
        let tag = tags.iter().find(|tag| facts.tags.contains(tag))?;
        why.push(format!("it is tagged `{tag}`"));
    }
    if let Some(field) = &when.field {
        why.push(field_holds(field, facts)?);
    }
    Some(why)
}

/// Whether a locale is this language or a variant of it. Some systems write underscores.
fn speaks(locale: &str, language: &str) -> bool {
    let parts = |tag: &str| tag.to_ascii_lowercase().replace('_', "-");
    let (locale, language) = (parts(locale), parts(language));
    locale == language || locale.strip_prefix(&language).is_some_and(|rest| rest.starts_with('-'))
}

/// A fact may be named as the bot named it or as it travels with the hand-over.
fn field_holds(condition: &FieldIs, facts: &Facts) -> Option<String> {
    let name = &condition.name;
    let captured = || facts.field(&format!("{CAPTURED}{name}"));
    let value = facts.field(name).or_else(captured)?;
    match &condition.equals {
        None => Some(format!("`{name}` is known")),
        Some(wanted) => equals(value, wanted).then(|| format!("`{name}` is `{}`", told(value))),
    }
}

fn equals(value: &Scalar, wanted: &Value) -> bool {
    match (value, wanted) {
        (Scalar::Text(value), Value::Text(wanted)) => value.trim().to_lowercase() == wanted.trim().to_lowercase(),
        (Scalar::Number(value), Value::Number(wanted)) => value == wanted,
        (Scalar::Flag(value), Value::Flag(wanted)) => value == wanted,
        // Forms and bots often keep numbers and flags as text.
        (Scalar::Text(value), Value::Number(wanted)) => value.trim().parse() == Ok(*wanted),
        (Scalar::Text(value), Value::Flag(wanted)) => value.trim().parse() == Ok(*wanted),
        _ => false,
    }
}

fn told(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => text.clone(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Flag(flag) => flag.to_string(),
    }
}

fn cut(reason: String) -> String {
    match reason.char_indices().nth(MAX_REASON - 1) {
        Some((end, _)) if reason.chars().count() > MAX_REASON => format!("{}…", &reason[..end]),
        _ => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"{
        "default_queue": "front-desk",
        "default_group": "everybody",
        "rules": [
            {"name": "vip", "when": {"tags_any": ["vip", "gold"]}, "queue": "vip", "priority": "urgent", "agent": "grace", "tags": ["hot"]},
            {"when": {"channel": ["telegram", "web"], "language": "fr"}, "queue": "french", "group": "paris"},
            {"name": "refunds", "when": {"field": {"name": "topic", "equals": "Refund"}}, "queue": "refunds", "priority": "high"},
            {"when": {"field": {"name": "order", "equals": 42}}, "queue": "order-42"},
            {"when": {"field": {"name": "callback"}}, "queue": "phone"}
        ]
    }"#;

    fn facts(channel: &str, locale: Option<&str>, tags: &[&str], fields: &[(&str, Scalar)]) -> Facts {
        Facts {
            conversation_id: "c".repeat(24),
            channel_type: channel.into(),
            locale: locale.map(str::to_owned),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            last_text: None,
            at_ms: 0,
        }
    }

    fn decided(facts: &Facts) -> (String, String) {
        let decision = decide(&serde_json::from_str(RULES).expect("rules"), facts);
        (decision.queue, decision.reason)
    }

    #[test]
    fn the_first_rule_that_holds_decides_and_says_why() {
        let none: &[(&str, Scalar)] = &[];
        for (facts, queue, reason) in [
            (facts("web", Some("fr"), &["gold"], none), "vip", "rule 1 `vip`: it is tagged `gold`"),
            (
                facts("telegram", Some("fr-CA"), &[], none),
                "french",
                "rule 2: the channel is `telegram`, and the language is `fr-CA`",
            ),
            (
                facts("web", Some("fr_FR"), &["x"], none),
                "french",
                "rule 2: the channel is `web`, and the language is `fr_FR`",
            ),
            (
                facts("mail", Some("fr"), &[], none),
                "front-desk",
                "none of the 5 rules matches, so the default queue takes it",
            ),
            (
                facts("web", Some("fry"), &[], none),
                "front-desk",
                "none of the 5 rules matches, so the default queue takes it",
            ),
            (facts("web", None, &[], none), "front-desk", "none of the 5 rules matches, so the default queue takes it"),
            (
                facts("web", None, &[], &[("topic", "refund ".into())]),
                "refunds",
                "rule 3 `refunds`: `topic` is `refund `",
            ),
            (
                facts("web", None, &[], &[("dataCapture.ticketField.order", "42".into())]),
                "order-42",
                "rule 4: `order` is `42`",
            ),
            (
                facts("web", None, &[], &[("order", 42.0.into()), ("callback", false.into())]),
                "order-42",
                "rule 4: `order` is `42`",
            ),
            (facts("web", None, &[], &[("callback", false.into())]), "phone", "rule 5: `callback` is known"),
        ] {
            assert_eq!(decided(&facts), (queue.to_owned(), reason.to_owned()), "{facts:?}");
        }
    }

    #[test]
    fn a_rule_names_everything_else_too() {
        let decision = decide(&serde_json::from_str(RULES).expect("rules"), &facts("web", None, &["vip"], &[]));
        let expected = Decision::queue("vip", "rule 1 `vip`: it is tagged `vip`")
            .agent("grace")
            .priority(Priority::Urgent)
            .tags(["hot"]);
        assert_eq!(format!("{decision:?}"), format!("{expected:?}"));
    }

    #[test]
    fn without_rules_everything_goes_to_the_default() {
        let decision = decide(&Settings::default(), &facts("web", None, &[], &[]));
        assert_eq!((decision.queue.as_str(), decision.priority), ("general", Priority::Normal));
        assert_eq!(decision.reason, "there are no rules, so the default queue takes it");
    }

    #[test]
    fn a_reason_stays_within_its_bound() {
        let long = "é".repeat(900);
        let rules = r#"{"rules": [{"when": {"field": {"name": "topic", "equals": "LONG"}}, "queue": "q"}]}"#;
        let settings = serde_json::from_str(&rules.replace("LONG", &long)).expect("rules");
        let decision = decide(&settings, &facts("web", None, &[], &[("topic", long.into())]));
        assert_eq!(decision.reason.chars().count(), MAX_REASON);
        assert!(decision.reason.ends_with('…'));
    }
}
