//! Passing signs and read marks on the wire.

use passerelle_model::inbound::Activity;

/// The words, for refusals.
pub(crate) const WORDS: &str = "conversation:read, typing:start or typing:stop";

/// What a word means.
pub(crate) fn read(word: &str) -> Option<Activity> {
    match word {
        "conversation:read" => Some(Activity::Read),
        "typing:start" => Some(Activity::TypingStart),
        "typing:stop" => Some(Activity::TypingStop),
        _ => None,
    }
}
