//! Comparing what people write with what we expect: without case, accents, punctuation and wide digits.

/// The text in lower case with plain Latin letters, its words parted by single spaces.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        match character {
            'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => out.push('a'),
            'ç' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ñ' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'ö' | 'õ' => out.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => out.push('u'),
            'ÿ' => out.push('y'),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            '０'..='９' => out.push(char::from(b'0' + (u32::from(character) - u32::from('０')) as u8)),
            // Combining accents, as some keyboards write them.
            '\u{300}'..='\u{36F}' => {}
            letter if letter.is_alphanumeric() => out.push(letter),
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether a plain text holds this word or phrase as whole words. Both are plain.
pub fn holds(text: &str, phrase: &str) -> bool {
    !phrase.is_empty() && format!(" {text} ").contains(&format!(" {phrase} "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        for (text, expected) in [
            ("  Hello,   World! ", "hello world"),
            ("/start", "start"),
            ("Précédent", "precedent"),
            ("pre\u{301}ce\u{301}dent", "precedent"),
            ("Parler à un CONSEILLER…", "parler a un conseiller"),
            ("２", "2"),
            ("cœur", "coeur"),
            ("日本語", "日本語"),
            ("?!", ""),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn phrases_are_whole_words() {
        assert!(holds("i want a human please", "human"));
        assert!(holds("real person", "real person"));
        assert!(!holds("humanity", "human"));
        assert!(!holds("anything", ""));
    }
}
