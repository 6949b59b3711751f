//! Which buttons a message gets. Pure: it arranges, `buttons` remembers, `plan` attaches.
//!
//! Telegram shows one kind of keyboard per message: inline (below the message) or reply (in place of the phone's
//! keyboard). Links and postbacks need the first, the question for a location needs the second, answers can do with
//! either.

use passerelle_sdk::prelude::*;

/// The buttons of one message, sorted by where they go.
#[derive(Debug, Default, PartialEq)]
pub struct Arrangement<'a> {
    /// Below the message.
    pub inline: Vec<Inline<'a>>,
    /// In place of the phone's keyboard.
    pub keys: Vec<Key<'a>>,
    /// What no button can do, as lines below the text.
    pub lines: Vec<String>,
}

/// A button below the message.
#[derive(Debug, PartialEq)]
pub enum Inline<'a> {
    /// Opens a page.
    Link(&'a str, &'a str),
    /// Comes back with a payload.
    Postback(&'a str, &'a str),
    /// Comes back as if the user had written its label.
    Reply(&'a str, &'a str),
}

/// A key in place of the phone's keyboard.
#[derive(Debug, PartialEq)]
pub enum Key<'a> {
    /// Writes its label; the second text is the payload behind it.
    Reply(&'a str, &'a str),
    /// Sends where the user is.
    Location(&'a str),
}

/// Sorts the buttons. Only private chats may be asked for a location.
pub fn arrange(actions: &[Action], private: bool) -> Arrangement<'_> {
    let needs_inline = actions.iter().any(|action| match action {
        Action::Link(link) => opens(&link.uri),
        Action::Webview(_) | Action::Postback(_) => true,
        Action::Reply(_) | Action::LocationRequest(_) | Action::Buy(_) => false,
    });
    let mut arranged = Arrangement::default();
    for action in actions {
        match action {
            Action::Link(link) if opens(&link.uri) => arranged.inline.push(Inline::Link(&link.text, &link.uri)),
            Action::Link(link) => arranged.lines.push(spelled_out(&link.text, &link.uri)),
            Action::Webview(page) => arranged.inline.push(Inline::Link(&page.text, &page.uri)),
            Action::Postback(button) => arranged.inline.push(Inline::Postback(&button.text, &button.payload)),
            Action::Reply(reply) if needs_inline => arranged.inline.push(Inline::Reply(&reply.text, &reply.payload)),
            Action::Reply(reply) => arranged.keys.push(Key::Reply(&reply.text, &reply.payload)),
            Action::LocationRequest(request) if private => arranged.keys.push(Key::Location(&request.text)),
            Action::LocationRequest(request) => arranged.lines.push(request.text.clone()),
            Action::Buy(buy) => arranged.lines.push(buy.text.clone()),
        }
    }
    arranged
}

/// How many buttons stand side by side, so that the longest label is not cut on a phone.
pub fn per_row<'a>(labels: impl Iterator<Item = &'a str>) -> usize {
    match labels.map(|label| label.chars().count()).max().unwrap_or(0) {
        0..=10 => 3,
        11..=18 => 2,
        _ => 1,
    }
}

impl Inline<'_> {
    /// What the button says.
    pub fn label(&self) -> &str {
        match self {
            Self::Link(label, _) | Self::Postback(label, _) | Self::Reply(label, _) => label,
        }
    }
}

impl Key<'_> {
    /// What the key says.
    pub fn label(&self) -> &str {
        match self {
            Self::Reply(label, _) | Self::Location(label) => label,
        }
    }
}

/// Inline buttons refuse `tel:` and `mailto:`.
fn opens(uri: &str) -> bool {
    let scheme = uri.split(':').next().unwrap_or_default();
    ["http", "https", "tg"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

fn spelled_out(label: &str, uri: &str) -> String {
    let target = uri.split_once(':').map_or(uri, |(_, target)| target);
    if label.contains(target) { label.to_owned() } else { format!("{label}: {target}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_keys_unless_other_buttons_need_the_place_below_the_message() {
        let answers = [Action::reply("Yes", "y"), Action::reply("No", "n")];
        assert_eq!(arrange(&answers, true).keys, [Key::Reply("Yes", "y"), Key::Reply("No", "n")]);

        let mixed = [Action::reply("Yes", "y"), Action::link("More", "https://example.com")];
        let arranged = arrange(&mixed, true);
        assert_eq!(arranged.inline, [Inline::Reply("Yes", "y"), Inline::Link("More", "https://example.com")]);
        assert!(arranged.keys.is_empty());
    }

    #[test]
    fn what_cannot_be_a_button_becomes_a_line() {
        let actions = [
            Action::link("Call us", "tel:+33100"),
            Action::link("help@example.com", "mailto:help@example.com"),
            Action::location_request("Where are you?"),
        ];
        assert_eq!(arrange(&actions, false).lines, ["Call us: +33100", "help@example.com", "Where are you?"]);
        assert_eq!(arrange(&actions, true).keys, [Key::Location("Where are you?")]);
    }

    #[test]
    fn rows_leave_room_for_the_longest_label() {
        for (labels, expected) in
            [(&["Yes", "No"][..], 3), (&["Yes", "Opening hours"], 2), (&["Yes", "Talk to a person, please"], 1)]
        {
            assert_eq!(per_row(labels.iter().copied()), expected, "{labels:?}");
        }
    }
}
