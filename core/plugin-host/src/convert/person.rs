//! What a vendor says of a person: cut and cleaned, never refused.

use passerelle_model::metadata::Metadata;
use passerelle_model::people::Profile;

use super::check::{metadata, scalar};
use crate::bindings::passerelle::plugin::types as wit;

const MAX_NAME: usize = 128;
const MAX_PHONE: usize = 32;
const MAX_LOCALE: usize = 64;
const MAX_AVATAR: usize = 2048;
const MAX_INFO: usize = 32;

/// A profile in which every text is within its bound. Names are cut; what means nothing when cut is left out.
pub(super) fn profile(profile: wit::Profile) -> Profile {
    let is_https = |url: &String| url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    Profile {
        given_name: cut(profile.given_name, MAX_NAME),
        surname: cut(profile.surname, MAX_NAME),
        display_name: cut(profile.display_name, MAX_NAME),
        email: whole(profile.email, MAX_NAME),
        phone: whole(profile.phone, MAX_PHONE),
        locale: whole(profile.locale, MAX_LOCALE),
        avatar_url: whole(profile.avatar_url, MAX_AVATAR).filter(is_https),
        info: info(profile.info),
    }
}

/// The first `max` characters; nothing, where there is nothing to see.
pub(super) fn cut(text: Option<String>, max: usize) -> Option<String> {
    let mut text = text.filter(|text| !text.trim().is_empty())?;
    if let Some((end, _)) = text.char_indices().nth(max) {
        text.truncate(end);
    }
    Some(text)
}

fn whole(text: Option<String>, max: usize) -> Option<String> {
    text.filter(|text| !text.trim().is_empty() && text.chars().count() <= max)
}

fn info(entries: Vec<wit::Entry>) -> Metadata {
    let sound =
        |(name, value): &wit::Entry| (1..=MAX_NAME).contains(&name.chars().count()) && scalar(value.clone()).is_ok();
    let kept: Vec<_> = entries.into_iter().filter(sound).take(MAX_INFO).collect();
    metadata(kept).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strange_person_is_cut_and_cleaned_but_never_refused() {
        let cleaned = profile(wit::Profile {
            given_name: Some("ж".repeat(200)),
            surname: Some("  ".into()),
            display_name: Some(String::new()),
            email: Some("e".repeat(129)),
            phone: Some("+4912345".into()),
            locale: Some("de-CH".into()),
            avatar_url: Some("http://a.example/".into()),
            info: vec![
                ("username".into(), wit::Scalar::Text("bird".into())),
                (String::new(), wit::Scalar::Flag(true)),
                ("age".into(), wit::Scalar::Number(f64::NAN)),
            ],
        });
        let expected = Profile {
            given_name: Some("ж".repeat(128)),
            phone: Some("+4912345".into()),
            locale: Some("de-CH".into()),
            info: [("username", "bird".into())].into_iter().collect(),
            ..Profile::default()
        };
        assert_eq!(cleaned, expected);
    }
}
