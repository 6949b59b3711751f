//! A bot that does what the user orders, misdeeds included, so that a test can see what the host makes of it. With the
//! setting `mended` the misdeeds become answers, as after an update of a faulty plugin.

use passerelle_sdk::prelude::*;
use serde::Deserialize;

/// What the host checked.
#[derive(Deserialize)]
struct Settings {
    /// Whether it behaves.
    #[serde(default)]
    mended: bool,
}

struct Moody;

impl Bot for Moody {
    type Settings = Settings;
    /// Why control came, until the user hears of it.
    type State = String;

    fn on_event(
        cx: &Context<Settings>,
        _: &Conversation,
        gained: String,
        event: Event,
    ) -> Result<Turn<String>, Failure> {
        if let EventKind::ControlGained(reason) = &event.kind {
            return Ok(Turn::new(reason.clone()));
        }
        if let EventKind::WakeUp(note) = &event.kind {
            return Ok(Turn::new(gained).reply(format!("woken: {note}")));
        }
        if !cx.settings.mended {
            misdeed(event.text().unwrap_or_default())?;
        }
        match event.text() {
            Some("why?") => Ok(Turn::new(String::new()).reply(format!("because: {gained}"))),
            Some("wake me") => Ok(Turn::new(gained).wake_me(200, "as asked")),
            Some(text) => Ok(Turn::new(gained).reply(format!("moody: {text}"))),
            None => Ok(Turn::new(gained)),
        }
    }
}

passerelle_sdk::bot!(Moody);

/// Obeys words that order something bad; returns for all others.
fn misdeed(order: &str) -> Result<(), Failure> {
    match order {
        "fail" => Err(Failure::new(FailureCategory::BadInput, "as-ordered", "it was asked to fail")),
        "crash" => panic!("as ordered"),
        _ => Ok(()),
    }
}
