//! A bot that answers `echo: ` and the text, so that a checker can match answers to questions.
//!
//! Its state counts the texts that it has heard; `count?` asks for it. A count that is off would show a turn that was
//! lost or taken twice even where the messages look right.

use passerelle_sdk::prelude::*;
use serde::Deserialize;

/// No settings.
#[derive(Deserialize)]
pub struct Settings {}

struct Echo;

impl Bot for Echo {
    type Settings = Settings;
    type State = u64;

    fn on_event(_: &Context<Settings>, _: &Conversation, heard: u64, event: Event) -> Result<Turn<u64>, Failure> {
        Ok(match event.text() {
            Some("count?") => Turn::new(heard).reply(format!("count: {heard}")),
            Some(text) => Turn::new(heard + 1).reply(format!("echo: {text}")),
            None => Turn::new(heard),
        })
    }
}

passerelle_sdk::bot!(Echo);
