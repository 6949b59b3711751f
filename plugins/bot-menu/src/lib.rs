//! The first responder: greets, offers a menu, answers what it knows, asks a few questions, and hands over to a person
//! on request or when it does not understand. English and French; deterministic, without any host ability.
//!
//! The way of an event is `talk`, which asks `intent` what was meant and `answers` whether an answer will do. What it
//! offers and says is in `settings` and `texts`. Absent on purpose: guessing. Whatever is not surely meant is asked.

use passerelle_sdk::prelude::*;

pub mod answers;
pub mod intent;
pub mod language;
pub mod settings;
pub mod state;
pub mod talk;
pub mod texts;
pub mod words;

use settings::Settings;
use state::State;

/// The bot.
#[derive(Debug)]
pub struct Menu;

impl Bot for Menu {
    type Settings = Settings;
    type State = State;

    fn on_event(
        cx: &Context<Settings>,
        conversation: &Conversation,
        state: State,
        event: Event,
    ) -> Result<Turn<State>, Failure> {
        Ok(talk::respond(&cx.settings, conversation, state, &event))
    }
}

passerelle_sdk::bot!(Menu);
