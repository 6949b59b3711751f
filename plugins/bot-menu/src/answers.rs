//! Which answers to our questions will do.

use crate::state::Field;

/// Characters in a name or an address, as profiles bound them.
const MAX_LABEL: usize = 128;
/// Bytes of a reason, so that all captured facts fit into a hand-over's metadata (4096 bytes). The whole message stands
/// in the conversation anyway.
const MAX_REASON_BYTES: usize = 1500;

/// The fact in an answer, or none when it will not do.
pub fn accept(field: Field, answer: &str) -> Option<String> {
    let answer = answer.trim();
    match field {
        Field::Name => name(answer),
        Field::Email => answer.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';')).find_map(email),
        Field::Reason => reason(answer),
    }
}

/// At least two letters, and nothing that is surely something else.
fn name(answer: &str) -> Option<String> {
    let letters = answer.chars().filter(|c| c.is_alphabetic()).count();
    let odd =
        answer.chars().any(|c| c.is_control() || c.is_numeric() || matches!(c, '@' | '/' | '<' | '>' | '{' | '}'));
    let words: Vec<_> = answer.split_whitespace().collect();
    (letters >= 2 && !odd && answer.chars().count() <= MAX_LABEL).then(|| words.join(" "))
}

/// The shape of an address that mail servers take in practice; whether anybody reads it, nobody can see.
fn email(word: &str) -> Option<String> {
    let word = word.trim_matches(['.', '(', ')', '"', '\'']);
    let word = word.strip_prefix("mailto:").unwrap_or(word);
    let (local, domain) = word.rsplit_once('@')?;
    let local_fits = !local.is_empty() && local.len() <= 64 && !local.starts_with('.') && !local.ends_with('.');
    let local_clean = local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let label_fits = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let domain_fits = domain.contains('.') && domain.split('.').all(label_fits);
    let ends_in_letters = domain
        .rsplit('.')
        .next()
        .is_some_and(|top| top.chars().count() >= 2 && !top.starts_with(|c: char| c.is_ascii_digit()));
    let fits = local_fits && local_clean && !local.contains("..") && domain_fits && ends_in_letters;
    (fits && word.chars().count() <= MAX_LABEL).then(|| word.to_owned())
}

fn reason(answer: &str) -> Option<String> {
    let letters = answer.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 3 {
        return None;
    }
    if answer.len() <= MAX_REASON_BYTES {
        return Some(answer.to_owned());
    }
    let end = answer.floor_char_boundary(MAX_REASON_BYTES - '…'.len_utf8());
    Some(format!("{}…", answer[..end].trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (answer, expected) in [
            ("Ada", Some("Ada")),
            ("  Ada   Lovelace ", Some("Ada Lovelace")),
            ("Jean-Luc d’Été", Some("Jean-Luc d’Été")),
            ("李小龙", Some("李小龙")),
            ("A", None),
            ("", None),
            ("12345", None),
            ("ada@example.com", None),
            ("R2D2", None),
            ("{{secret:bot-token}}", None),
        ] {
            assert_eq!(accept(Field::Name, answer).as_deref(), expected, "{answer}");
        }
        assert_eq!(accept(Field::Name, &"a".repeat(129)), None);
    }

    #[test]
    fn addresses() {
        for (answer, expected) in [
            ("ada@example.com", Some("ada@example.com")),
            ("It is ada.l+x@mail.example.co.uk.", Some("ada.l+x@mail.example.co.uk")),
            ("<ada@example.com>", Some("ada@example.com")),
            ("mailto:ada@example.com", Some("ada@example.com")),
            ("élise@exemple.fr", Some("élise@exemple.fr")),
            ("ada@example", None),
            ("ada example.com", None),
            ("@example.com", None),
            ("ada@@example.com", None),
            ("ada..l@example.com", None),
            ("ada@-example.com", None),
            ("ada@127.0.0.1", None),
            ("no", None),
        ] {
            assert_eq!(accept(Field::Email, answer).as_deref(), expected, "{answer}");
        }
    }

    #[test]
    fn reasons() {
        assert_eq!(accept(Field::Reason, " My order is late. ").as_deref(), Some("My order is late."));
        for answer in ["", "..", "42", "?"] {
            assert_eq!(accept(Field::Reason, answer), None, "{answer}");
        }
        let long = accept(Field::Reason, &"é".repeat(4096)).expect("long is fine");
        assert!(long.len() <= MAX_REASON_BYTES && long.ends_with('…'));
    }
}
