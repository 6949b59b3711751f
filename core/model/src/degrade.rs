//! Making content fit a channel: the published rules, the same for every channel.
//!
//! 1. What the channel declares as native stays, within its limits.
//! 2. Buttons that the channel has not, or that are too many, become lines of text ([`render::action_line`]).
//! 3. Cards and rows become a numbered text; their postback buttons are kept below it where they all fit.
//! 4. Pictures and files become a line with their name and address.
//! 5. A form cannot be asked in one text: it is refused, so that the business hears of it.
//! 6. A text over the channel's limit becomes several messages; buttons stay with the last.

use crate::content::{Action, Card, Content, Media};
use crate::delivery::{ActionKind, Capabilities, ContentKind};
use crate::{render, text};

/// Content that no rule can turn into something the channel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the channel cannot show a message of type `{0}`")]
pub struct Undeliverable(pub &'static str);

/// The messages to send, in order, for one message of the conversation. At least one.
pub fn degrade(content: &Content, channel: &Capabilities) -> Result<Vec<Content>, Undeliverable> {
    let fitted = match content {
        Content::Text { text, actions, payload } => {
            let (text, actions) = fit_actions(text, actions, channel);
            Content::Text { text, actions, payload: payload.clone() }
        }
        Content::Image { media, text, actions } => fit_image(media, text.as_deref(), actions, channel),
        Content::File { .. } if carries_files(content, channel) => content.clone(),
        Content::File { .. } => Content::text(render::plain_text(content)),
        Content::Carousel { cards, .. } => fit_cards(content, ContentKind::Carousel, cards, &[], channel),
        Content::List { rows, actions } => fit_cards(content, ContentKind::List, rows, actions, channel),
        Content::Form { .. } if !has(channel, ContentKind::Form) => return Err(Undeliverable("form")),
        native if has(channel, kind_of(native)) => native.clone(),
        other => Content::text(render::plain_text(other)),
    };
    Ok(split_text(fitted, channel))
}

/// Whether [`degrade`] leaves the files of this content with it. Where not, whoever has an address of a file puts that in
/// its place before.
pub fn carries_files(content: &Content, channel: &Capabilities) -> bool {
    match content {
        Content::Image { media, .. } => has(channel, ContentKind::Image) && fits(media, channel),
        Content::File { media, .. } => has(channel, ContentKind::File) && fits(media, channel),
        Content::Carousel { cards, .. } => carries_cards(ContentKind::Carousel, cards, &[], channel),
        Content::List { rows, actions } => carries_cards(ContentKind::List, rows, actions, channel),
        _ => true,
    }
}

fn carries_cards(kind: ContentKind, cards: &[Card], below: &[Action], channel: &Capabilities) -> bool {
    let room = usize::try_from(channel.max_cards).unwrap_or(usize::MAX);
    let mut actions = cards.iter().flat_map(|card| &card.actions).chain(below);
    has(channel, kind) && cards.len() <= room && actions.all(|action| is_native(action, channel))
}

fn has(channel: &Capabilities, kind: ContentKind) -> bool {
    channel.native.contains(&kind)
}

fn fits(media: &Media, channel: &Capabilities) -> bool {
    media.size.is_none_or(|size| size <= channel.max_media_bytes)
}

pub(crate) fn kind_of(content: &Content) -> ContentKind {
    match content {
        Content::Text { .. } => ContentKind::Text,
        Content::Image { .. } => ContentKind::Image,
        Content::File { .. } => ContentKind::File,
        Content::Carousel { .. } => ContentKind::Carousel,
        Content::List { .. } => ContentKind::List,
        Content::Form { .. } => ContentKind::Form,
        Content::FormResponse { .. } => ContentKind::FormResponse,
        Content::Location { .. } => ContentKind::Location,
        Content::Template { .. } => ContentKind::Template,
    }
}

fn is_native(action: &Action, channel: &Capabilities) -> bool {
    channel.actions.contains(&match action {
        Action::Link { .. } => ActionKind::Link,
        Action::Postback { .. } => ActionKind::Postback,
        Action::Reply { .. } => ActionKind::Reply,
        Action::Webview { .. } => ActionKind::Webview,
        Action::Buy { .. } => ActionKind::Buy,
        Action::LocationRequest { .. } => ActionKind::LocationRequest,
    })
}

/// Keeps the buttons that the channel has and that fit; the rest becomes lines below the text. Replies are kept or
/// turned into numbered lines together: half a choice would mislead.
fn fit_actions(text: &str, actions: &[Action], channel: &Capabilities) -> (String, Vec<Action>) {
    let room = usize::try_from(channel.max_actions).unwrap_or(usize::MAX);
    let replies = actions.iter().filter(|action| matches!(action, Action::Reply { .. })).count();
    let mut kept = Vec::new();
    let mut lines = Vec::new();
    for action in actions {
        let fits = if matches!(action, Action::Reply { .. }) { replies <= room } else { kept.len() < room };
        if is_native(action, channel) && fits {
            kept.push(action.clone());
        } else {
            lines.push(action.clone());
        }
    }
    if lines.is_empty() {
        return (text.to_owned(), kept);
    }
    (render::plain_text(&Content::text_with(text, lines)), kept)
}

fn fit_image(media: &Media, text: Option<&str>, actions: &[Action], channel: &Capabilities) -> Content {
    if has(channel, ContentKind::Image) && fits(media, channel) {
        let (text, actions) = fit_actions(text.unwrap_or_default(), actions, channel);
        return Content::Image { media: media.clone(), text: (!text.is_empty()).then_some(text), actions };
    }
    let words = [text.map(ToOwned::to_owned), Some(render::media_line(media))];
    let words: Vec<String> = words.into_iter().flatten().collect();
    let (text, actions) = fit_actions(&words.join("\n"), actions, channel);
    Content::Text { text, actions, payload: None }
}

fn fit_cards(
    content: &Content,
    kind: ContentKind,
    cards: &[Card],
    below: &[Action],
    channel: &Capabilities,
) -> Content {
    if carries_cards(kind, cards, below, channel) {
        return content.clone();
    }
    let buttons = numbered_buttons(cards, below, channel);
    let hidden = |action: &Action| !buttons.is_empty() && is_native(action, channel);
    let bare = |actions: &[Action]| actions.iter().filter(|action| !hidden(action)).cloned().collect();
    let rows = cards.iter().map(|card| Card { actions: bare(&card.actions), ..card.clone() }).collect();
    let text = render::plain_text(&Content::List { rows, actions: bare(below) });
    Content::Text { text, actions: buttons, payload: None }
}

/// The native buttons of all cards, each with the number of its card, or none when they do not all fit.
fn numbered_buttons(cards: &[Card], below: &[Action], channel: &Capabilities) -> Vec<Action> {
    let of_cards = cards.iter().enumerate().flat_map(|(index, card)| {
        card.actions.iter().map(move |action| relabel(action, format!("{}. {}", index + 1, action.label())))
    });
    let native: Vec<Action> =
        of_cards.chain(below.iter().cloned()).filter(|action| is_native(action, channel)).collect();
    let fits = native.len() <= usize::try_from(channel.max_actions).unwrap_or(usize::MAX);
    if fits { native } else { Vec::new() }
}

fn relabel(action: &Action, label: String) -> Action {
    let mut action = action.clone();
    match &mut action {
        Action::Link { text, .. }
        | Action::Postback { text, .. }
        | Action::Reply { text, .. }
        | Action::Webview { text, .. }
        | Action::Buy { text, .. }
        | Action::LocationRequest { text } => *text = label,
    }
    action
}

fn split_text(content: Content, channel: &Capabilities) -> Vec<Content> {
    let Content::Text { text, actions, payload } = content else { return vec![content] };
    let max = usize::try_from(channel.max_text).unwrap_or(usize::MAX);
    let pieces = text::split(&text, max, channel.text_unit);
    let last = pieces.len() - 1;
    let piece = |(index, piece): (usize, &&str)| match index == last {
        true => Content::Text { text: (*piece).to_owned(), actions: actions.clone(), payload: payload.clone() },
        false => Content::text(*piece),
    };
    pieces.iter().enumerate().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{AspectRatio, FormField, FormFieldKind, MediaSource};
    use crate::delivery::TextUnit;

    fn channel(native: &[ContentKind], actions: &[ActionKind]) -> Capabilities {
        Capabilities {
            channel_type: "pigeon".into(),
            native: native.to_vec(),
            actions: actions.to_vec(),
            max_text: 20,
            text_unit: TextUnit::CodePoints,
            max_actions: 2,
            max_cards: 3,
            max_media_bytes: 1000,
            idempotent_send: false,
            delivery_receipts: false,
        }
    }

    fn postback(text: &str) -> Action {
        Action::Postback { text: text.into(), payload: "p".into() }
    }

    fn reply(text: &str) -> Action {
        Action::Reply { text: text.into(), payload: "p".into(), icon_url: None }
    }

    fn picture(size: u64) -> Media {
        Media {
            source: MediaSource::Url("https://e.co/p".into()),
            media_type: None,
            file_name: None,
            size: Some(size),
            alt_text: None,
        }
    }

    fn card(title: &str, actions: Vec<Action>) -> Card {
        Card { title: title.into(), description: None, media: None, actions }
    }

    #[test]
    fn buttons_that_do_not_fit_become_lines() {
        let plain = channel(&[ContentKind::Text], &[]);
        let rich = channel(&[ContentKind::Text], &[ActionKind::Postback, ActionKind::Reply]);
        let ask = |actions| Content::text_with("Ask", actions);
        let table = [
            (&plain, ask(vec![reply("A"), reply("B")]), Content::text("Ask\n1) A\n2) B")),
            (&rich, ask(vec![reply("A"), reply("B")]), ask(vec![reply("A"), reply("B")])),
            (&rich, ask(vec![reply("A"), reply("B"), reply("C")]), Content::text("Ask\n1) A\n2) B\n3) C")),
            (
                &rich,
                ask(vec![postback("A"), postback("B"), postback("C")]),
                Content::text_with("Ask\nC", vec![postback("A"), postback("B")]),
            ),
        ];
        for (channel, content, expected) in table {
            assert_eq!(degrade(&content, channel), Ok(vec![expected]), "{content:?}");
        }
    }

    #[test]
    fn media_that_the_channel_cannot_carry_becomes_its_address() {
        let with = channel(&[ContentKind::Text, ContentKind::Image, ContentKind::File], &[]);
        let without = channel(&[ContentKind::Text], &[]);
        let image = |size| Content::Image { media: picture(size), text: Some("Hi".into()), actions: vec![] };
        assert_eq!(degrade(&image(1000), &with), Ok(vec![image(1000)]));
        assert_eq!(degrade(&image(1001), &with), Ok(vec![Content::text("Hi\nhttps://e.co/p")]));
        assert_eq!(degrade(&image(1), &without), Ok(vec![Content::text("Hi\nhttps://e.co/p")]));
        let file = Content::File { media: picture(1001), text: None };
        assert_eq!(degrade(&file, &with), Ok(vec![Content::text("https://e.co/p")]));
    }

    #[test]
    fn cards_become_numbered_text_with_their_buttons() {
        let content = |actions: Vec<Action>| Content::Carousel {
            cards: vec![card("Tea", actions.clone()), card("Coffee", vec![])],
            aspect: AspectRatio::Horizontal,
        };
        let buttons = channel(&[ContentKind::Text], &[ActionKind::Postback]);
        let native = channel(&[ContentKind::Text, ContentKind::Carousel], &[ActionKind::Postback]);
        let take = postback("Take");
        let text = "1) Tea\n2) Coffee";
        assert_eq!(degrade(&content(vec![take.clone()]), &native), Ok(vec![content(vec![take.clone()])]));
        assert_eq!(
            degrade(&content(vec![take.clone()]), &buttons),
            Ok(vec![Content::text_with(text, vec![postback("1. Take")])])
        );
        let three = vec![take.clone(), take.clone(), take];
        let all = degrade(&content(three), &buttons).expect("cards have words");
        assert_eq!(all, [Content::text("1) Tea\nTake\nTake"), Content::text("Take\n2) Coffee")]);
    }

    #[test]
    fn a_long_text_is_several_messages_with_the_buttons_on_the_last() {
        let rich = channel(&[ContentKind::Text], &[ActionKind::Reply]);
        let content = Content::text_with("first part of it, second part of it", vec![reply("A")]);
        let parts = degrade(&content, &rich).expect("text fits everywhere");
        assert_eq!(
            parts,
            [Content::text("first part of it,"), Content::text_with("second part of it", vec![reply("A")])]
        );
    }

    #[test]
    fn a_form_is_refused_where_it_cannot_be_asked() {
        let field = FormField { name: "n".into(), label: "Name".into(), placeholder: None, kind: FormFieldKind::Email };
        let form = Content::Form { fields: vec![field] };
        assert_eq!(degrade(&form, &channel(&[ContentKind::Text], &[])), Err(Undeliverable("form")));
        assert_eq!(degrade(&form, &channel(&[ContentKind::Form], &[])), Ok(vec![form.clone()]));
    }
}
