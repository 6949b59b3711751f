//! A router that chooses the queue by the user's language. A pure function: the same facts give the same decision.

use std::collections::BTreeMap;

use passerelle_sdk::prelude::*;
use serde::Deserialize;

/// The settings of `plugin.toml`.
#[derive(Deserialize)]
struct Settings {
    queues: BTreeMap<String, String>,
    default_queue: String,
}

struct ByLanguage;

impl Router for ByLanguage {
    type Settings = Settings;

    fn decide(cx: &Context<Settings>, facts: Facts) -> Result<Decision, Failure> {
        let language = facts.locale.as_deref().map(language);
        Ok(match language.and_then(|language| Some((language, cx.settings.queues.get(language)?))) {
            Some((language, queue)) => Decision::queue(queue, format!("the user's language is `{language}`")),
            None => Decision::queue(&cx.settings.default_queue, "no queue is set for the user's language"),
        })
    }
}

/// The language of a BCP 47 tag: `fr` for `fr-CA`.
fn language(locale: &str) -> &str {
    locale.split('-').next().unwrap_or(locale)
}

passerelle_sdk::router!(ByLanguage);

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn the_region_does_not_matter() {
        assert_eq!((language("fr-CA"), language("fr")), ("fr", "fr"));
    }
}
