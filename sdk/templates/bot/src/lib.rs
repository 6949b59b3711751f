//! A bot that greets, repeats what it hears, and hands over to a human on request.
//!
//! A bot is a function from (state, event) to (state, actions). It keeps nothing between calls but its state.

use passerelle_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// The settings of `plugin.toml`.
#[derive(Deserialize)]
struct Settings {
    greeting: String,
}

/// What the bot keeps with a conversation. New fields need `#[serde(default)]`, so that old states still parse.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct State {
    heard: u32,
}

struct Assistant;

impl Bot for Assistant {
    type Settings = Settings;
    type State = State;

    fn on_event(
        cx: &Context<Settings>,
        _: &Conversation,
        state: State,
        event: Event,
    ) -> Result<Turn<State>, Failure> {
        Ok(match event.text() {
            Some(text) if wants_human(text, event.payload()) => hand_over(&state),
            Some(text) => {
                let answer = Content::text(format!("You said: {text}")).with_reply("Talk to a human", "human");
                Turn::new(State { heard: state.heard + 1 }).reply(answer)
            }
            None => Turn::new(state).reply(&*cx.settings.greeting),
        })
    }
}

fn wants_human(text: &str, payload: Option<&str>) -> bool {
    payload == Some("human") || text.trim().eq_ignore_ascii_case("human")
}

/// Gives control to whoever is next, and tells what was heard so far.
fn hand_over(state: &State) -> Turn<State> {
    Turn::forget().reply("One moment, please.").pass_control("next", "user-asked", [("heard", state.heard)])
}

passerelle_sdk::bot!(Assistant);

#[cfg(test)]
mod tests {
    use passerelle_sdk::testing::{self, Host};

    use super::*;

    fn answer(state: State, event: Event) -> Turn<State> {
        let host = Host::new();
        let cx = host.context(Settings { greeting: "Hello!".into() });
        Assistant::on_event(&cx, &testing::conversation(), state, event).expect("this bot never fails")
    }

    #[test]
    fn it_greets_when_it_gets_control() {
        let turn = answer(State::default(), testing::control_gained("released"));
        assert_eq!(turn, Turn::new(State { heard: 0 }).reply("Hello!"));
    }

    #[test]
    fn it_counts_what_it_hears() {
        assert_eq!(answer(State { heard: 1 }, testing::message("hi")).state, Some(State { heard: 2 }));
    }
}
