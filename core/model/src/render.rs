//! The plain text of rich content: one function for poor channels, for agents and for summaries, so that what an agent
//! reads is what the customer's channel showed.

use std::fmt::Write;

use crate::content::{Action, Card, Content, FormValue, Media, MediaSource};

/// What a channel that knows only words shows for this content. Never empty for valid content.
pub fn plain_text(content: &Content) -> String {
    let mut lines = Vec::new();
    match content {
        Content::Text { text, actions, .. } => {
            push_text(&mut lines, text);
            push_actions(&mut lines, actions);
        }
        Content::Image { media, text, actions } => {
            push_text(&mut lines, text.as_deref().unwrap_or_default());
            lines.push(media_line(media));
            push_actions(&mut lines, actions);
        }
        Content::File { media, text } => {
            push_text(&mut lines, text.as_deref().unwrap_or_default());
            lines.push(media_line(media));
        }
        Content::Carousel { cards, .. } => push_cards(&mut lines, cards),
        Content::List { rows, actions } => {
            push_cards(&mut lines, rows);
            push_actions(&mut lines, actions);
        }
        Content::Form { fields } => lines.extend(fields.iter().map(|field| field.label.clone())),
        Content::FormResponse { answers } => {
            lines.extend(answers.iter().map(|answer| format!("{}: {}", answer.label, answer_text(&answer.value))));
        }
        Content::Location { latitude, longitude, name, address } => {
            let place: Vec<&str> = [name.as_deref(), address.as_deref()].into_iter().flatten().collect();
            push_text(&mut lines, &place.join(", "));
            lines.push(map_link(*latitude, *longitude));
        }
        Content::Template { rendered, .. } => push_text(&mut lines, rendered),
    }
    lines.join("\n")
}

/// One line for a button on a channel without buttons. A link keeps its address; the others are said in words.
pub fn action_line(action: &Action) -> String {
    match action {
        Action::Link { text, uri } => format!("{text}: {uri}"),
        Action::Webview { text, fallback, .. } => format!("{text}: {fallback}"),
        Action::Buy { text, amount, currency } => format!("{text} ({})", price(*amount, currency)),
        Action::Postback { text, .. } | Action::Reply { text, .. } | Action::LocationRequest { text } => text.clone(),
    }
}

/// What stands for a file: its name or alternative text, and its address where anybody may fetch it.
pub fn media_line(media: &Media) -> String {
    let name = media.alt_text.as_deref().or(media.file_name.as_deref());
    match (&media.source, name) {
        (MediaSource::Url(url), Some(name)) => format!("{name}: {url}"),
        (MediaSource::Url(url), None) => url.clone(),
        (_, Some(name)) => format!("[{name}]"),
        (_, None) => format!("[{}]", media.media_type.as_deref().unwrap_or("file")),
    }
}

fn push_text(lines: &mut Vec<String>, text: &str) {
    if !text.is_empty() {
        lines.push(text.to_owned());
    }
}

/// Replies become one question that a number answers; every other button is a line.
fn push_actions(lines: &mut Vec<String>, actions: &[Action]) {
    let (replies, others): (Vec<&Action>, Vec<&Action>) =
        actions.iter().partition(|action| matches!(action, Action::Reply { .. }));
    lines.extend(others.into_iter().map(action_line));
    lines.extend(replies.iter().enumerate().map(|(index, reply)| format!("{}) {}", index + 1, reply.label())));
}

fn push_cards(lines: &mut Vec<String>, cards: &[Card]) {
    for (index, card) in cards.iter().enumerate() {
        lines.push(format!("{}) {}", index + 1, card.title));
        push_text(lines, card.description.as_deref().unwrap_or_default());
        lines.extend(card.actions.iter().map(action_line));
    }
}

fn answer_text(value: &FormValue) -> String {
    match value {
        FormValue::Text(text) | FormValue::Email(text) => text.clone(),
        FormValue::Select(options) => options.iter().map(|option| option.label.as_str()).collect::<Vec<_>>().join(", "),
    }
}

/// A link that every phone opens on a map; six decimals are about ten centimetres.
fn map_link(latitude: f64, longitude: f64) -> String {
    format!("https://www.openstreetmap.org/?mlat={}&mlon={}", degrees(latitude), degrees(longitude))
}

fn degrees(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `1250` of `eur` is `12.50 EUR`. Currencies without two decimals are rare enough to be shown in hundredths too, so
/// they are named here.
fn price(amount: u64, currency: &str) -> String {
    let name = currency.to_uppercase();
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = match name.as_str() {
        "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "XAF" | "XOF" | "XPF" => write!(text, "{amount} {name}"),
        "BHD" | "KWD" | "OMR" | "TND" | "JOD" => write!(text, "{}.{:03} {name}", amount / 1000, amount % 1000),
        _ => write!(text, "{}.{:02} {name}", amount / 100, amount % 100),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{AspectRatio, FormAnswer, SelectOption};

    fn reply(text: &str) -> Action {
        Action::Reply { text: text.into(), payload: text.to_lowercase(), icon_url: None }
    }

    #[test]
    fn every_kind_of_content_has_words() {
        let link = Action::Link { text: "Read".into(), uri: "https://example.com/a".into() };
        let buy = |amount, currency: &str| Action::Buy { text: "Buy".into(), amount, currency: currency.into() };
        let photo = |name: Option<&str>, source| Media {
            source,
            media_type: Some("image/png".into()),
            file_name: name.map(Into::into),
            size: None,
            alt_text: None,
        };
        let card = Card {
            title: "Tea".into(),
            description: Some("Green".into()),
            media: None,
            actions: vec![link.clone(), buy(1250, "eur")],
        };
        let url = MediaSource::Url("https://example.com/p.png".into());
        let table = [
            (Content::text("hello"), "hello"),
            (
                Content::text_with("Which?", vec![reply("Yes"), link.clone(), reply("No")]),
                "Which?\nRead: https://example.com/a\n1) Yes\n2) No",
            ),
            (Content::text_with("", vec![buy(500, "jpy"), buy(1, "kwd")]), "Buy (500 JPY)\nBuy (0.001 KWD)"),
            (
                Content::Image { media: photo(Some("p.png"), url.clone()), text: Some("Look".into()), actions: vec![] },
                "Look\np.png: https://example.com/p.png",
            ),
            (Content::File { media: photo(None, url), text: None }, "https://example.com/p.png"),
            (
                Content::File { media: photo(Some("bill.pdf"), MediaSource::Handle("h1".into())), text: None },
                "[bill.pdf]",
            ),
            (Content::File { media: photo(None, MediaSource::Handle("h1".into())), text: None }, "[image/png]"),
            (
                Content::Carousel { cards: vec![card.clone()], aspect: AspectRatio::Square },
                "1) Tea\nGreen\nRead: https://example.com/a\nBuy (12.50 EUR)",
            ),
            (
                Content::List { rows: vec![Card { actions: vec![], ..card }], actions: vec![reply("More")] },
                "1) Tea\nGreen\n1) More",
            ),
            (
                Content::FormResponse {
                    answers: vec![FormAnswer {
                        name: "size".into(),
                        label: "Size".into(),
                        value: FormValue::Select(vec![
                            SelectOption { name: "s".into(), label: "Small".into() },
                            SelectOption { name: "m".into(), label: "Medium".into() },
                        ]),
                    }],
                },
                "Size: Small, Medium",
            ),
            (
                Content::Location { latitude: 48.8566, longitude: -2.0, name: Some("Home".into()), address: None },
                "Home\nhttps://www.openstreetmap.org/?mlat=48.8566&mlon=-2",
            ),
            (
                Content::Template {
                    name: "t".into(),
                    locale: "en".into(),
                    parameters: vec![],
                    rendered: "Hi Ada".into(),
                },
                "Hi Ada",
            ),
        ];
        for (content, expected) in table {
            assert_eq!(plain_text(&content), expected, "{content:?}");
        }
    }
}
