//! What becomes of a message on a channel, told before it is sent: by the very rules that apply when it is.

use crate::content::{Action, Content};
use crate::degrade::{degrade, kind_of};
use crate::delivery::{Capabilities, ContentKind};
use crate::render::plain_text;

/// What the customer will see.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// The messages that are sent, in order; none where the channel cannot show the content at all.
    pub parts: Vec<Content>,
    /// All of it in words.
    pub text: String,
    /// What is lost on the way.
    pub lost: Vec<Loss>,
}

/// Something of a message that a channel does not show as it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// All of it: the channel cannot show this kind, and nothing is sent.
    Everything(ContentKind),
    /// What it looks like: this kind becomes words.
    Shape(ContentKind),
    /// The file itself: its name and address are sent.
    File(ContentKind),
    /// So many of its buttons, which become lines of text.
    Buttons {
        /// Buttons that are no buttons any more.
        lost: usize,
        /// Buttons that there were.
        of: usize,
    },
    /// That it is one message: it becomes so many.
    Unity(usize),
}

impl Loss {
    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Everything(_) => "everything",
            Self::Shape(_) => "shape",
            Self::File(_) => "file",
            Self::Buttons { .. } => "buttons",
            Self::Unity(_) => "unity",
        }
    }

    /// The sentence for people.
    pub fn sentence(self) -> String {
        match self {
            Self::Everything(kind) => format!("This channel cannot show a {}: nothing is sent", kind.as_str()),
            Self::Shape(kind) => format!("The {} becomes text", kind.as_str()),
            Self::File(kind) => format!("The {} becomes a line with its address", kind.as_str()),
            Self::Buttons { lost, of } => format!("{lost} of {of} buttons become text"),
            Self::Unity(parts) => format!("It is sent as {parts} messages"),
        }
    }
}

/// What becomes of this content on this channel.
pub fn preview(content: &Content, channel: &Capabilities) -> Preview {
    let kind = kind_of(content);
    let Ok(parts) = degrade(content, channel) else {
        return Preview { parts: Vec::new(), text: plain_text(content), lost: vec![Loss::Everything(kind)] };
    };
    let text = parts.iter().map(plain_text).collect::<Vec<_>>().join("\n\n");
    let mut lost = Vec::new();
    if parts.iter().all(|part| kind_of(part) != kind) {
        let is_file = matches!(kind, ContentKind::Image | ContentKind::File);
        lost.push(if is_file { Loss::File(kind) } else { Loss::Shape(kind) });
    }
    let (of, kept) = (buttons(content), parts.iter().map(buttons).sum::<usize>());
    if kept < of {
        lost.push(Loss::Buttons { lost: of - kept, of });
    }
    if parts.len() > 1 {
        lost.push(Loss::Unity(parts.len()));
    }
    Preview { parts, text, lost }
}

fn buttons(content: &Content) -> usize {
    let of_all = |lists: &mut dyn Iterator<Item = &Vec<Action>>| lists.map(Vec::len).sum();
    match content {
        Content::Text { actions, .. } | Content::Image { actions, .. } => actions.len(),
        Content::Carousel { cards, .. } => of_all(&mut cards.iter().map(|card| &card.actions)),
        Content::List { rows, actions } => actions.len() + of_all(&mut rows.iter().map(|row| &row.actions)),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{AspectRatio, Card, FormField, FormFieldKind, Media, MediaSource};
    use crate::delivery::{ActionKind, TextUnit};

    fn poor() -> Capabilities {
        Capabilities {
            native: vec![ContentKind::Text],
            actions: vec![ActionKind::Reply],
            max_text: 40,
            text_unit: TextUnit::CodePoints,
            max_actions: 2,
            ..Capabilities::everything("pigeon")
        }
    }

    fn reply(text: &str) -> Action {
        Action::Reply { text: text.into(), payload: "p".into(), icon_url: None }
    }

    fn link() -> Action {
        Action::Link { text: "Read".into(), uri: "https://e.co".into() }
    }

    fn carousel() -> Content {
        let card = Card { title: "Tea".into(), description: None, media: None, actions: vec![link()] };
        Content::Carousel { cards: vec![card], aspect: AspectRatio::Horizontal }
    }

    #[test]
    fn what_is_lost_is_told() {
        let source = MediaSource::Url("https://e.co/p".into());
        let media = Media { source, media_type: None, file_name: None, size: None, alt_text: None };
        let field = FormField { name: "n".into(), label: "Name".into(), placeholder: None, kind: FormFieldKind::Email };
        for (content, text, lost) in [
            (Content::text("Hi"), "Hi", vec![]),
            (Content::text_with("Hi", vec![reply("A"), reply("B")]), "Hi\n1) A\n2) B", vec![]),
            (
                Content::text_with("Hi", vec![reply("A"), link()]),
                "Hi\nRead: https://e.co\n1) A",
                vec![Loss::Buttons { lost: 1, of: 2 }],
            ),
            (
                Content::text("ten words, ten words, ten words, ten words"),
                "ten words, ten words, ten words, ten\nwords",
                vec![Loss::Unity(2)],
            ),
            (
                carousel(),
                "1) Tea\nRead: https://e.co",
                vec![Loss::Shape(ContentKind::Carousel), Loss::Buttons { lost: 1, of: 1 }],
            ),
            (Content::File { media, text: None }, "https://e.co/p", vec![Loss::File(ContentKind::File)]),
            (Content::Form { fields: vec![field] }, "Name", vec![Loss::Everything(ContentKind::Form)]),
        ] {
            let told = preview(&content, &poor());
            assert_eq!(told.lost, lost, "{content:?}");
            assert_eq!(told.text.replace("\n\n", "\n"), text, "{content:?}");
        }
    }

    #[test]
    fn the_house_s_own_channel_loses_nothing() {
        let told = preview(&carousel(), &Capabilities::everything("web"));
        assert_eq!((told.lost, told.parts), (vec![], vec![carousel()]));
    }
}
