//! What somebody means: by a button, a number, a label, or words.

use passerelle_sdk::prelude::*;

use crate::settings::Settings;
use crate::words::{holds, plain};

/// Payload of the button that goes one question back.
pub const BACK: &str = "back";
/// Payload of the button that leaves the questions.
pub const CANCEL: &str = "cancel";
/// Begins the payload of a menu button; the entry's number follows, from 1.
pub const MENU: &str = "menu:";

/// What came from the user.
#[derive(Debug, Default)]
pub struct Input {
    /// As it was written; empty when it was no text.
    pub written: String,
    /// The same for comparing.
    pub plain: String,
    /// The payload of a pressed button.
    pub payload: Option<String>,
}

/// What somebody means in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// This entry of the menu, from 0.
    Entry(usize),
    /// The answer of this number, from 0.
    Faq(usize),
    /// A person.
    Human,
    /// To see the menu.
    Menu,
    /// Something that we do not understand.
    Unknown,
}

/// What somebody means while we ask questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// One question back.
    Back,
    /// Out of the questions.
    Cancel,
    /// A person, now.
    Human,
    /// An answer.
    Answer,
}

impl Input {
    /// What an event brought from the user; none for events that are not the user's.
    pub fn of(event: &Event) -> Option<Self> {
        let written = match &event.kind {
            EventKind::Message(content) => content.plain().unwrap_or_default(),
            EventKind::Postback(postback) => postback.text.as_deref().unwrap_or_default(),
            EventKind::ControlGained(_) | EventKind::WakeUp(_) => return None,
        };
        let payload = event.payload().map(str::to_owned);
        Some(Self { written: written.to_owned(), plain: plain(written), payload })
    }

    /// Words without a button.
    pub fn words(written: &str) -> Self {
        Self { written: written.to_owned(), plain: plain(written), payload: None }
    }

    /// Whether there is nothing to read.
    pub fn is_wordless(&self) -> bool {
        self.written.trim().is_empty() && self.payload.is_none()
    }

    fn is_one_of(&self, words: &[String]) -> bool {
        words.iter().any(|word| plain(word) == self.plain)
    }
}

/// What somebody means in the menu. A button is surer than a label, and a label than words.
pub fn intent(settings: &Settings, input: &Input) -> Intent {
    if let Some(entry) = by_payload(settings, input).or_else(|| by_label(settings, &input.plain)) {
        return Intent::Entry(entry);
    }
    let goes_back = matches!(input.payload.as_deref(), Some(BACK | CANCEL));
    let asks_menu = [&settings.menu_words, &settings.back_words, &settings.cancel_words];
    if goes_back || asks_menu.into_iter().any(|words| input.is_one_of(words)) {
        return Intent::Menu;
    }
    if settings.human_words.iter().any(|word| holds(&input.plain, &plain(word))) {
        return Intent::Human;
    }
    if let Some(faq) = by_keywords(settings, &input.plain) {
        return Intent::Faq(faq);
    }
    let first_word = input.plain.split(' ').next().unwrap_or_default();
    if settings.menu_words.iter().any(|word| plain(word) == first_word) { Intent::Menu } else { Intent::Unknown }
}

/// What somebody means while we ask. Only a whole message counts, because a name or a reason may hold any word.
pub fn reply(settings: &Settings, input: &Input) -> Reply {
    match input.payload.as_deref() {
        Some(BACK) => return Reply::Back,
        Some(CANCEL) => return Reply::Cancel,
        _ => {}
    }
    if input.is_one_of(&settings.back_words) {
        Reply::Back
    } else if input.is_one_of(&settings.cancel_words) {
        Reply::Cancel
    } else if input.is_one_of(&settings.human_words) {
        Reply::Human
    } else {
        Reply::Answer
    }
}

fn by_payload(settings: &Settings, input: &Input) -> Option<usize> {
    entry_number(settings, input.payload.as_deref()?.strip_prefix(MENU)?)
}

/// A number or exactly a label, in any language: people switch.
fn by_label(settings: &Settings, written: &str) -> Option<usize> {
    entry_number(settings, written).or_else(|| {
        let says = |label: &str| !written.is_empty() && plain(label) == written;
        settings.menu.iter().position(|entry| entry.label.all().any(says))
    })
}

fn entry_number(settings: &Settings, digits: &str) -> Option<usize> {
    let number: usize = digits.parse().ok()?;
    (1..=settings.menu.len()).contains(&number).then(|| number - 1)
}

/// The answer of which most keywords were written; the first of those that are equal.
fn by_keywords(settings: &Settings, written: &str) -> Option<usize> {
    let count = |keywords: &[String]| keywords.iter().filter(|keyword| holds(written, &plain(keyword))).count();
    let counted = settings.faqs.iter().map(|faq| count(&faq.keywords)).enumerate();
    let (position, matches) = counted.rev().max_by_key(|(_, matches)| *matches)?;
    (matches > 0).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        serde_json::from_str(
            r#"{
                "menu": [
                    {"label": {"en": "Opening hours", "fr": "Horaires d’ouverture"}, "action": "answer", "answer": "9 to 5"},
                    {"label": "Talk to a person", "action": "handover"}
                ],
                "faqs": [
                    {"keywords": ["delivery", "livraison"], "answer": "Two days."},
                    {"keywords": ["delivery", "late", "not arrived"], "answer": "Sorry."}
                ]
            }"#,
        )
        .expect("settings")
    }

    #[test]
    fn a_choice_is_a_button_a_number_or_a_label() {
        for (written, expected) in [
            ("1", Intent::Entry(0)),
            (" 2) ", Intent::Entry(1)),
            ("２", Intent::Entry(1)),
            ("3", Intent::Unknown),
            ("0", Intent::Unknown),
            ("opening HOURS", Intent::Entry(0)),
            ("horaires d'ouverture", Intent::Entry(0)),
            ("talk to a person", Intent::Entry(1)),
            ("I want to talk to a person!", Intent::Human),
            ("un conseiller svp", Intent::Human),
            ("/start", Intent::Menu),
            ("Hello there", Intent::Menu),
            ("Hello, what about delivery?", Intent::Faq(0)),
            ("my delivery is late", Intent::Faq(1)),
            ("livraison", Intent::Faq(0)),
            ("back", Intent::Menu),
            ("blue", Intent::Unknown),
            ("", Intent::Unknown),
        ] {
            assert_eq!(intent(&settings(), &Input::words(written)), expected, "{written}");
        }
        let pressed = Input { payload: Some("menu:2".into()), ..Input::words("whatever") };
        assert_eq!(intent(&settings(), &pressed), Intent::Entry(1));
        let stale = Input { payload: Some("menu:9".into()), ..Input::default() };
        assert_eq!(intent(&settings(), &stale), Intent::Unknown);
    }

    #[test]
    fn while_we_ask_only_a_whole_message_is_an_order() {
        for (written, expected) in [
            ("back", Reply::Back),
            ("Retour !", Reply::Back),
            ("annuler", Reply::Cancel),
            ("human", Reply::Human),
            ("I was called back by an agent", Reply::Answer),
        ] {
            assert_eq!(reply(&settings(), &Input::words(written)), expected, "{written}");
        }
    }
}
