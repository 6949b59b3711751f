//! Secrets: kept from guests, filled into requests by the host, and taken out of whatever comes back.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Secrets shorter than this are not searched for: they would be found everywhere.
const MIN_REDACTED_BYTES: usize = 4;
const OPEN: &str = "{{secret:";
const CLOSE: &str = "}}";
const URL_SAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

/// The secrets of one installation, by name. Printing shows the names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// The secret of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Sets a secret.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// A new secret: 32 random bytes in hex.
    pub fn generate() -> String {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).expect("the machine gives random bytes");
        hex::encode(bytes)
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Secrets {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(entries: T) -> Self {
        Self(entries.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Where a placeholder stands, and therefore how its secret is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the path or query of a URL.
    Url,
    /// In a header value or a body.
    Plain,
}

/// Replaces the placeholders. `granted` looks a secret up and says no with a reason.
pub(crate) fn fill<'a>(
    text: &'a str,
    place: Place,
    granted: impl Fn(&str) -> Result<String, String>,
) -> Result<Cow<'a, str>, String> {
    if !text.contains(OPEN) {
        return Ok(Cow::Borrowed(text));
    }
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (name, after) = after.split_once(CLOSE).ok_or("a `{{secret:` placeholder is not closed with `}}`")?;
        let value = granted(name)?;
        filled.push_str(before);
        match place {
            Place::Url => filled.extend(utf8_percent_encode(&value, URL_SAFE)),
            Place::Plain => filled.push_str(&value),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(Cow::Owned(filled))
}

/// Takes secrets out of texts and bytes: as they are, percent-encoded, and in base64 at each of the three offsets.
#[derive(Clone, Default)]
pub(crate) struct Redactor(Vec<(Vec<u8>, Vec<u8>)>);

impl Redactor {
    /// Knows these secrets.
    pub(crate) fn new(secrets: &Secrets) -> Self {
        let mut needles = Vec::new();
        for (name, value) in secrets.0.iter().filter(|(_, value)| value.len() >= MIN_REDACTED_BYTES) {
            let mark = format!("[secret {name}]").into_bytes();
            for form in written_forms(value) {
                needles.push((form, mark.clone()));
            }
        }
        // Longer forms first, so that no part of a long secret is left beside a short one.
        needles.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
        needles.dedup();
        Self(needles)
    }

    /// The text without secrets.
    pub(crate) fn text(&self, text: String) -> String {
        if !self.finds(text.as_bytes()) {
            return text;
        }
        String::from_utf8_lossy(&self.bytes(text.into_bytes())).into_owned()
    }

    /// The bytes without secrets.
    pub(crate) fn bytes(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        for (form, mark) in &self.0 {
            if memchr::memmem::find(&bytes, form).is_some() {
                bytes = replace(&bytes, form, mark);
            }
        }
        bytes
    }

    fn finds(&self, bytes: &[u8]) -> bool {
        self.0.iter().any(|(form, _)| memchr::memmem::find(bytes, form).is_some())
    }
}

fn replace(bytes: &[u8], form: &[u8], mark: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for at in memchr::memmem::find_iter(bytes, form) {
        replaced.extend_from_slice(&bytes[from..at]);
        replaced.extend_from_slice(mark);
        from = at + form.len();
    }
    replaced.extend_from_slice(&bytes[from..]);
    replaced
}

fn written_forms(value: &str) -> Vec<Vec<u8>> {
    let encoded = |set: &'static AsciiSet| utf8_percent_encode(value, set).to_string();
    let lower = encoded(NON_ALPHANUMERIC).to_ascii_lowercase();
    let mut forms = vec![value.to_owned(), encoded(URL_SAFE), encoded(NON_ALPHANUMERIC)];
    if lower.eq_ignore_ascii_case(&forms[2]) && value.to_ascii_lowercase() == value {
        forms.push(lower);
    }
    if let Ok(json) = serde_json::to_string(value) {
        forms.push(json.trim_matches('"').to_owned());
    }
    forms.extend(base64_forms(value.as_bytes()));
    forms.sort();
    forms.dedup();
    forms.into_iter().map(String::into_bytes).collect()
}

/// The part of the base64 text that depends on the secret alone, for each place where it may begin in a longer text.
fn base64_forms(value: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    for offset in 0..3usize {
        let padded = [&[0u8; 3][..offset], value].concat();
        for engine in
            [&base64::engine::general_purpose::STANDARD_NO_PAD, &base64::engine::general_purpose::URL_SAFE_NO_PAD]
        {
            let text = engine.encode(&padded);
            let start = (offset * 8).div_ceil(6);
            let end = padded.len() * 8 / 6;
            if end > start + MIN_REDACTED_BYTES {
                forms.push(text[start..end].to_owned());
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        Secrets::from_iter([("token", "12:AB/c d\"e"), ("pin", "123")])
    }

    fn granted(name: &str) -> Result<String, String> {
        secrets().get(name).map(str::to_owned).ok_or_else(|| format!("no secret `{name}`"))
    }

    #[test]
    fn placeholders_are_written_for_their_place() {
        for (text, place, expected) in [
            ("/bot{{secret:token}}/send", Place::Url, Ok("/bot12:AB%2Fc%20d%22e/send")),
            ("Bearer {{secret:token}}", Place::Plain, Ok("Bearer 12:AB/c d\"e")),
            ("{{secret:pin}}{{secret:pin}}", Place::Plain, Ok("123123")),
            ("{{secrets}} {secret:pin}", Place::Plain, Ok("{{secrets}} {secret:pin}")),
            ("{{secret:nope}}", Place::Plain, Err("no secret `nope`")),
            ("{{secret:pin", Place::Plain, Err("a `{{secret:` placeholder is not closed with `}}`")),
        ] {
            let filled = fill(text, place, granted);
            assert_eq!(filled.as_deref().map_err(String::as_str), expected, "{text}");
        }
    }

    #[test]
    fn a_secret_is_found_in_every_form() {
        let redactor = Redactor::new(&secrets());
        let base64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
        for text in [
            "say 12:AB/c d\"e".to_owned(),
            "12:AB%2Fc%20d%22e".to_owned(),
            "12%3AAB%2Fc%20d%22e".to_owned(),
            r#"{"token":"12:AB/c d\"e"}"#.to_owned(),
            base64("12:AB/c d\"e"),
            base64("u12:AB/c d\"e..."),
            base64("me12:AB/c d\"e"),
            base64("bot12:AB/c d\"e and more"),
        ] {
            let clean = redactor.text(text.clone());
            assert!(clean.contains("[secret token]"), "{text} → {clean}");
        }
        assert_eq!(redactor.text("nothing of 123 here".into()), "nothing of 123 here");
    }

    #[test]
    fn printing_shows_names_only() {
        assert_eq!(format!("{:?}", secrets()), r#"{"pin", "token"}"#);
    }
}
