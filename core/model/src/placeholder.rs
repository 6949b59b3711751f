//! Placeholders in what rules and agents say: `{{ticket.id}}`, `{{dc.greeting}}`.
//!
//! The text stays plain: nothing is escaped, because nothing here is ever HTML.

/// Characters of a text with its placeholders filled in.
pub const MAX_RENDERED: usize = 16_384;
/// Characters of a placeholder's name.
const MAX_PLACEHOLDER: usize = 128;
/// How deep values may have placeholders of their own: dynamic content has.
const MAX_DEPTH: u32 = 1;

/// Fills placeholders in; what `value` does not know becomes nothing. Values of names that begin with `dc.` may have
/// placeholders themselves; those of all others are taken as they are, because customers write them.
pub fn fill(template: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    fill_in(template, value, 0).chars().take(MAX_RENDERED).collect()
}

fn fill_in(template: &str, value: &dyn Fn(&str) -> Option<String>, depth: u32) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some(start) = rest.find("{{") {
        let Some(end) = rest[start..].find("}}").map(|end| start + end) else { break };
        // Braces that open twice mean the inner ones.
        let start = rest[..end].rfind("{{").unwrap_or(start);
        filled.push_str(&rest[..start]);
        let name = rest[start + 2..end].trim();
        if name.chars().count() <= MAX_PLACEHOLDER {
            let is_dynamic = name.starts_with("dc.");
            match value(name).unwrap_or_default() {
                // Dynamic content that names itself ends here.
                _ if is_dynamic && depth >= MAX_DEPTH => {}
                found if is_dynamic => filled.push_str(&fill_in(&found, value, depth + 1)),
                found => filled.push_str(&found),
            }
        }
        rest = &rest[end + 2..];
    }
    filled + rest
}

/// The first of these languages in which there is a variant: the very one, else one of the same language.
pub fn variant<'a, T>(variants: &'a [(String, T)], wanted: &[&str]) -> Option<&'a T> {
    let language = |locale: &str| locale.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    wanted.iter().find_map(|wanted| {
        let exact = variants.iter().find(|(locale, _)| locale.eq_ignore_ascii_case(wanted));
        let near = || variants.iter().find(|(locale, _)| language(locale) == language(wanted));
        exact.or_else(near).map(|(_, value)| value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Option<String> {
        let value = match name {
            "ticket.id" => "12",
            "ticket.requester.name" => "Ada {{ticket.id}} <b>",
            "dc.greeting" => "Hello {{ticket.requester.name}}, {{dc.greeting}}",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn placeholders_are_filled_in_and_nothing_else_is_touched() {
        for (template, expected) in [
            ("ticket {{ticket.id}}!", "ticket 12!"),
            ("{{ ticket.id }}{{ticket.id}}", "1212"),
            ("{{nobody.knows}}", ""),
            ("{{ticket.requester.name}}", "Ada {{ticket.id}} <b>"),
            ("{{dc.greeting}}", "Hello Ada {{ticket.id}} <b>, "),
            ("{{ticket.id", "{{ticket.id"),
            ("}} {{", "}} {{"),
            ("{{a {{ticket.id}}", "{{a 12"),
            ("{ticket.id} é {{}}", "{ticket.id} é "),
        ] {
            assert_eq!(fill(template, &known), expected, "{template}");
        }
        assert_eq!(fill(&"é".repeat(20_000), &known).chars().count(), MAX_RENDERED);
    }

    #[test]
    fn a_variant_is_found_by_language() {
        let variants = [("en".to_owned(), 1), ("fr-CA".to_owned(), 2)];
        for (wanted, expected) in [
            (&["fr-FR"][..], Some(2)),
            (&["fr-ca"], Some(2)),
            (&["de", "en-GB"], Some(1)),
            (&["de"], None),
            (&[], None),
        ] {
            assert_eq!(variant(&variants, wanted).copied(), expected, "{wanted:?}");
        }
    }
}
