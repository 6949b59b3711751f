//! Whether a value fits a field that the app has made.

use passerelle_model::metadata::Scalar;
use passerelle_model::rule::shown;
use passerelle_store::{FieldKind, TicketField};

/// Bytes that a field's compiled pattern may take.
const MAX_PATTERN_BYTES: usize = 100_000;

/// A value as a field keeps it; none for an empty one, which unsets. An error says what would be right.
pub fn field_value(field: &TicketField, value: &Scalar) -> Result<Option<Scalar>, String> {
    let text = shown(value).trim().to_owned();
    if text.is_empty() {
        return Ok(None);
    }
    let number = || text.parse::<f64>().ok().filter(|number| number.is_finite());
    let has = |word: &str| field.options.iter().any(|option| option.value == word);
    let kept = match field.kind {
        FieldKind::Text | FieldKind::Textarea => Scalar::Text(text),
        FieldKind::Checkbox => Scalar::Flag(text.parse().map_err(|_| "should be true or false")?),
        FieldKind::Date if is_day(&text) => Scalar::Text(text),
        FieldKind::Date => return Err("should be a day, such as 2026-11-28".to_owned()),
        FieldKind::Integer => {
            Scalar::Number(number().filter(|number| number.fract() == 0.0).ok_or("should be a whole number")?)
        }
        FieldKind::Decimal => Scalar::Number(number().ok_or("should be a number")?),
        FieldKind::Regexp if fits(field, &text) => Scalar::Text(text),
        FieldKind::Regexp => return Err("does not fit the field's pattern".to_owned()),
        FieldKind::Tagger if has(&text) => Scalar::Text(text),
        FieldKind::Multiselect if text.split_whitespace().all(has) => {
            Scalar::Text(text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        FieldKind::Tagger | FieldKind::Multiselect => {
            let options: Vec<_> = field.options.iter().map(|option| option.value.as_str()).collect();
            return Err(format!("should be of {}", options.join(", ")));
        }
    };
    Ok(Some(kept))
}

/// The pattern of a field, when it can be used: it fits whole values.
pub(crate) fn pattern(text: &str) -> Option<regex::Regex> {
    regex::RegexBuilder::new(&format!("^(?:{text})$")).size_limit(MAX_PATTERN_BYTES).build().ok()
}

fn fits(field: &TicketField, text: &str) -> bool {
    field.pattern.as_deref().and_then(pattern).is_some_and(|pattern| pattern.is_match(text))
}

fn is_day(text: &str) -> bool {
    let parts: Vec<Option<u32>> = text.split('-').map(|part| part.parse().ok()).collect();
    let [Some(year), Some(month), Some(day)] = parts[..] else { return false };
    let days = match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    text.len() == 10 && (1..=12).contains(&month) && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use passerelle_model::desk::TicketFieldId;
    use passerelle_model::id::AppId;
    use passerelle_model::time::Timestamp;
    use passerelle_store::FieldOption;

    use super::*;

    fn check(kind: FieldKind, value: &str, expected: Result<Option<Scalar>, &str>) {
        let option = |value: &str| FieldOption { name: value.to_uppercase(), value: value.to_owned() };
        let field = TicketField {
            id: TicketFieldId(1),
            app: AppId::from_bytes([1; 12]),
            kind,
            title: "Field".into(),
            description: String::new(),
            key: "field".into(),
            options: vec![option("late"), option("lost")],
            pattern: Some("[A-Z]-\\d+".into()),
            required: false,
            visible_in_portal: false,
            editable_in_portal: false,
            active: true,
            removable: true,
            position: 1,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        };
        let found = field_value(&field, &Scalar::from(value));
        assert_eq!(found, expected.map_err(str::to_owned), "{kind:?} {value}");
    }

    #[test]
    fn a_value_fits_its_field_or_is_told_what_would() {
        use FieldKind::{Checkbox, Date, Decimal, Integer, Multiselect, Regexp, Tagger, Text};
        let text = |text: &str| Ok(Some(Scalar::from(text)));
        check(Text, " x ", text("x"));
        check(Text, " ", Ok(None));
        check(Checkbox, "true", Ok(Some(Scalar::Flag(true))));
        check(Checkbox, "yes", Err("should be true or false"));
        check(Date, "2024-02-29", text("2024-02-29"));
        check(Date, "2026-02-29", Err("should be a day, such as 2026-11-28"));
        check(Date, "2026-2-1", Err("should be a day, such as 2026-11-28"));
        check(Integer, "-7", Ok(Some(Scalar::Number(-7.0))));
        check(Integer, "7.5", Err("should be a whole number"));
        check(Decimal, "7.5", Ok(Some(Scalar::Number(7.5))));
        check(Decimal, "inf", Err("should be a number"));
        check(Regexp, "A-7", text("A-7"));
        check(Regexp, "A-7 ", text("A-7"));
        check(Regexp, "AA-7", Err("does not fit the field's pattern"));
        check(Tagger, "late", text("late"));
        check(Tagger, "early", Err("should be of late, lost"));
        check(Multiselect, "lost  late", text("lost late"));
        check(Multiselect, "lost early", Err("should be of late, lost"));
    }

    #[test]
    fn a_pattern_that_cannot_be_used_is_none() {
        assert!(pattern("(").is_none());
        assert!(pattern(&"x{999}".repeat(999)).is_none(), "it would take too much memory");
        assert!(pattern("a|b").is_some_and(|pattern| !pattern.is_match("ab")));
    }
}
