//! Content from a guest.

use passerelle_model::content::{
    Action, AspectRatio, Card, Content, FormAnswer, FormField, FormFieldKind, FormValue, MAX_ACTIONS, MAX_ANSWER,
    MAX_CARD_ACTIONS, MAX_CARDS, MAX_FORM_FIELDS, MAX_LABEL, MAX_MEDIA_BYTES, MAX_OPTIONS, MAX_PAYLOAD_BYTES, MAX_TEXT,
    MAX_URL, Media, MediaSource, SelectOption,
};
use passerelle_model::inbound::MAX_EXTERNAL_ID_BYTES;

use super::check::{At, Invalid, bytes, list, optional, text, uri};
use super::person::cut;
use crate::bindings::passerelle::plugin::types as wit;

const MAX_FILE_NAME: usize = 255;
const MAX_MEDIA_TYPE: usize = 255;
const MAX_ADDRESS: usize = 512;
const MAX_TEMPLATE_NAME: usize = 512;
const MAX_TEMPLATE_PARAMETERS: usize = 20;
const LINKS: [&str; 4] = ["http", "https", "tel", "mailto"];

/// Whether content may point to files that only the vendor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VendorMedia {
    /// The channel can say how to fetch them.
    Allowed,
    /// Nobody could fetch them.
    Refused,
}

/// Content within the model's bounds.
pub(super) fn content(content: wit::Content, vendor: VendorMedia) -> Result<Content, Invalid> {
    match content {
        wit::Content::Text(content) => text_content(content).at("text"),
        wit::Content::Image(content) => image(content, vendor).at("image"),
        wit::Content::File(content) => file(content, vendor).at("file"),
        wit::Content::Carousel(content) => carousel(content, vendor).at("carousel"),
        wit::Content::Items(content) => items(content, vendor).at("items"),
        wit::Content::Form(content) => form(content).at("form"),
        wit::Content::FormResponse(content) => form_response(content).at("form-response"),
        wit::Content::Location(content) => location(content).at("location"),
        wit::Content::Template(content) => template(content).at("template"),
    }
}

fn text_content(content: wit::TextContent) -> Result<Content, Invalid> {
    let actions = actions(content.actions, MAX_ACTIONS)?;
    let fewest = usize::from(actions.is_empty());
    Ok(Content::Text {
        text: text(content.text, fewest, MAX_TEXT).at("text")?,
        actions,
        payload: content.payload.map(|payload| bytes(payload, MAX_PAYLOAD_BYTES)).transpose().at("payload")?,
    })
}

fn image(content: wit::ImageContent, vendor: VendorMedia) -> Result<Content, Invalid> {
    Ok(Content::Image {
        media: media(content.media, vendor).at("media")?,
        text: optional(content.text, MAX_TEXT).at("text")?,
        actions: actions(content.actions, MAX_ACTIONS)?,
    })
}

fn file(content: wit::FileContent, vendor: VendorMedia) -> Result<Content, Invalid> {
    let media = media(content.media, vendor).at("media")?;
    Ok(Content::File { media, text: optional(content.text, MAX_TEXT).at("text")? })
}

fn carousel(content: wit::CarouselContent, vendor: VendorMedia) -> Result<Content, Invalid> {
    let aspect = match content.aspect {
        wit::AspectRatio::Horizontal => AspectRatio::Horizontal,
        wit::AspectRatio::Square => AspectRatio::Square,
    };
    let cards = list(content.cards, 1, MAX_CARDS, |item| {
        let card = card(item, vendor)?;
        if card.actions.is_empty() {
            return Err(Invalid::because("has no action, a card needs 1 to 3")).at("actions");
        }
        Ok(card)
    });
    Ok(Content::Carousel { cards: cards.at("cards")?, aspect })
}

fn items(content: wit::ListContent, vendor: VendorMedia) -> Result<Content, Invalid> {
    let rows = list(content.rows, 1, MAX_CARDS, |item| card(item, vendor)).at("rows")?;
    Ok(Content::List { rows, actions: actions(content.actions, MAX_ACTIONS)? })
}

fn card(card: wit::Card, vendor: VendorMedia) -> Result<Card, Invalid> {
    Ok(Card {
        title: text(card.title, 1, MAX_LABEL).at("title")?,
        description: optional(card.description, MAX_LABEL).at("description")?,
        media: card.media.map(|item| media(item, vendor)).transpose().at("media")?,
        actions: actions(card.actions, MAX_CARD_ACTIONS)?,
    })
}

fn form(content: wit::FormContent) -> Result<Content, Invalid> {
    let fields = list(content.fields, 1, MAX_FORM_FIELDS, form_field).at("fields")?;
    let mut names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Invalid::because("two questions have the same name")).at("fields");
    }
    Ok(Content::Form { fields })
}

fn form_field(field: wit::FormField) -> Result<FormField, Invalid> {
    let kind = match field.kind {
        wit::FormFieldKind::Email => FormFieldKind::Email,
        wit::FormFieldKind::Text((min_size, max_size)) => {
            if !(1..=max_size).contains(&min_size) || max_size as usize > MAX_ANSWER {
                return Err(Invalid::because("the sizes are not within 1 to 256")).at("kind");
            }
            FormFieldKind::Text { min_size, max_size }
        }
        wit::FormFieldKind::Select(options) => FormFieldKind::Select { options: select_options(options).at("kind")? },
    };
    Ok(FormField {
        name: text(field.name, 1, MAX_LABEL).at("name")?,
        label: text(field.label, 1, MAX_LABEL).at("label")?,
        placeholder: optional(field.placeholder, MAX_LABEL).at("placeholder")?,
        kind,
    })
}

fn form_response(content: wit::FormResponseContent) -> Result<Content, Invalid> {
    let answers = list(content.answers, 1, MAX_FORM_FIELDS, |answer| {
        Ok(FormAnswer {
            name: text(answer.name, 1, MAX_LABEL).at("name")?,
            label: text(answer.label, 1, MAX_LABEL).at("label")?,
            value: form_value(answer.value).at("value")?,
        })
    });
    Ok(Content::FormResponse { answers: answers.at("answers")? })
}

fn form_value(value: wit::FormValue) -> Result<FormValue, Invalid> {
    Ok(match value {
        wit::FormValue::Text(value) => FormValue::Text(text(value, 1, MAX_ANSWER)?),
        wit::FormValue::Email(value) => FormValue::Email(text(value, 1, MAX_LABEL)?),
        wit::FormValue::Select(options) => FormValue::Select(select_options(options)?),
    })
}

fn select_options(options: Vec<wit::SelectOption>) -> Result<Vec<SelectOption>, Invalid> {
    list(options, 1, MAX_OPTIONS, |option| {
        Ok(SelectOption {
            name: text(option.name, 1, MAX_LABEL).at("name")?,
            label: text(option.label, 1, MAX_LABEL).at("label")?,
        })
    })
}

fn location(content: wit::LocationContent) -> Result<Content, Invalid> {
    // A comparison with NaN is false, so NaN is refused too.
    if !(-90.0..=90.0).contains(&content.latitude) {
        return Err(Invalid::because("is not within -90 to 90")).at("latitude");
    }
    if !(-180.0..=180.0).contains(&content.longitude) {
        return Err(Invalid::because("is not within -180 to 180")).at("longitude");
    }
    Ok(Content::Location {
        latitude: content.latitude,
        longitude: content.longitude,
        name: optional(content.name, MAX_LABEL).at("name")?,
        address: optional(content.address, MAX_ADDRESS).at("address")?,
    })
}

fn template(content: wit::TemplateContent) -> Result<Content, Invalid> {
    let parameters = list(content.parameters, 0, MAX_TEMPLATE_PARAMETERS, |value| text(value, 0, MAX_TEXT));
    Ok(Content::Template {
        name: text(content.name, 1, MAX_TEMPLATE_NAME).at("name")?,
        locale: text(content.locale, 1, 64).at("locale")?,
        parameters: parameters.at("parameters")?,
        rendered: text(content.rendered, 1, MAX_TEXT).at("rendered")?,
    })
}

fn media(media: wit::Media, vendor: VendorMedia) -> Result<Media, Invalid> {
    let source = match media.source {
        wit::MediaSource::Url(url) => MediaSource::Url(uri(url, MAX_URL, &["https"]).at("source")?),
        wit::MediaSource::Handle(handle) => MediaSource::Handle(bytes(handle, MAX_EXTERNAL_ID_BYTES).at("source")?),
        wit::MediaSource::Vendor(_) if vendor == VendorMedia::Refused => {
            let reason = "names a file of the vendor, which only a channel with `media-resolver` may";
            return Err(Invalid::because(reason)).at("source");
        }
        wit::MediaSource::Vendor(name) => MediaSource::Vendor(bytes(name, MAX_EXTERNAL_ID_BYTES).at("source")?),
    };
    if media.size.is_some_and(|size| size > MAX_MEDIA_BYTES) {
        return Err(Invalid::because(format!("is more than {MAX_MEDIA_BYTES} bytes"))).at("size");
    }
    Ok(Media {
        source,
        media_type: optional(media.media_type, MAX_MEDIA_TYPE).at("media-type")?,
        file_name: media.file_name.map(file_name).transpose().at("file-name")?,
        size: media.size,
        // It only stands in for the file, so it is cut rather than the file refused.
        alt_text: cut(media.alt_text, MAX_LABEL),
    })
}

fn file_name(name: String) -> Result<String, Invalid> {
    if name.contains(['/', '\\', '\0']) {
        return Err(Invalid::because("holds a path separator"));
    }
    text(name, 1, MAX_FILE_NAME)
}

fn actions(actions: Vec<wit::Action>, max: usize) -> Result<Vec<Action>, Invalid> {
    list(actions, 0, max, action).at("actions")
}

fn action(action: wit::Action) -> Result<Action, Invalid> {
    let label = |label: String| text(label, 1, MAX_LABEL).at("text");
    let payload = |payload: String| bytes(payload, MAX_PAYLOAD_BYTES).at("payload");
    Ok(match action {
        wit::Action::Link(link) => {
            Action::Link { text: label(link.text)?, uri: uri(link.uri, MAX_URL, &LINKS).at("uri")? }
        }
        wit::Action::Postback(button) => {
            Action::Postback { text: label(button.text)?, payload: payload(button.payload)? }
        }
        wit::Action::Reply(reply) => Action::Reply {
            text: label(reply.text)?,
            payload: payload(reply.payload)?,
            icon_url: reply.icon_url.map(|url| uri(url, MAX_URL, &["https"])).transpose().at("icon-url")?,
        },
        wit::Action::Webview(page) => Action::Webview {
            text: label(page.text)?,
            uri: uri(page.uri, MAX_URL, &["https", "http"]).at("uri")?,
            fallback: uri(page.fallback, MAX_URL, &["https", "http"]).at("fallback")?,
        },
        wit::Action::Buy(buy) => {
            let is_code = buy.currency.len() == 3 && buy.currency.bytes().all(|byte| byte.is_ascii_lowercase());
            if !is_code {
                return Err(Invalid::because("is not a currency code of three lower-case letters")).at("currency");
            }
            Action::Buy { text: label(buy.text)?, amount: buy.amount, currency: buy.currency }
        }
        wit::Action::LocationRequest(request) => Action::LocationRequest { text: label(request.text)? },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Fault;

    fn words(text: &str, actions: Vec<wit::Action>, payload: Option<&str>) -> wit::Content {
        wit::Content::Text(wit::TextContent { text: text.into(), actions, payload: payload.map(str::to_owned) })
    }

    fn reply(text: &str) -> wit::Action {
        wit::Action::Reply(wit::ReplyAction { text: text.into(), payload: "p".into(), icon_url: None })
    }

    fn link(uri: &str) -> wit::Action {
        wit::Action::Link(wit::LinkAction { text: "more".into(), uri: uri.into() })
    }

    fn picture(source: wit::MediaSource, file_name: Option<&str>, size: u64) -> wit::Content {
        let media = wit::Media {
            source,
            media_type: None,
            file_name: file_name.map(str::to_owned),
            size: Some(size),
            alt_text: None,
        };
        wit::Content::Image(wit::ImageContent { media, text: None, actions: Vec::new() })
    }

    fn place(latitude: f64, longitude: f64) -> wit::Content {
        wit::Content::Location(wit::LocationContent { latitude, longitude, name: None, address: None })
    }

    fn card(title: &str, actions: Vec<wit::Action>) -> wit::Card {
        wit::Card { title: title.into(), description: None, media: None, actions }
    }

    fn question(name: &str, kind: wit::FormFieldKind) -> wit::FormField {
        wit::FormField { name: name.into(), label: "Which?".into(), placeholder: None, kind }
    }

    fn carousel(cards: Vec<wit::Card>) -> wit::Content {
        wit::Content::Carousel(wit::CarouselContent { cards, aspect: wit::AspectRatio::Square })
    }

    fn form(fields: Vec<wit::FormField>) -> wit::Content {
        wit::Content::Form(wit::FormContent { fields })
    }

    #[test]
    fn every_bound_is_kept_and_every_error_names_its_field() {
        let url = || wit::MediaSource::Url("https://a.example/p.png".into());
        let email = || wit::FormFieldKind::Email;
        for (given, expected) in [
            (words("", vec![], None), "text.text: is empty"),
            (words(&"é".repeat(4097), vec![], None), "text.text: is longer than 4096 characters"),
            (words("a", vec![], Some("")), "text.payload: is empty"),
            (words("a", vec![reply("b"); 11], None), "text.actions: has 11 items, 0 to 10 are allowed"),
            (words("a", vec![reply("b"), reply("")], None), "text.actions[1].text: is empty"),
            (words("a", vec![link("javascript:alert(1)")], None), "text.actions[0].uri: is not a URL with"),
            (picture(wit::MediaSource::Url("http://a.example/".into()), None, 1), "image.media.source: is not a URL"),
            (picture(url(), Some("../etc/passwd"), 1), "image.media.file-name: holds a path separator"),
            (picture(url(), None, MAX_MEDIA_BYTES + 1), "image.media.size: is more than"),
            (picture(wit::MediaSource::Vendor("f".into()), None, 1), "image.media.source: names a file of the vendor"),
            (place(91.0, 0.0), "location.latitude: is not within -90 to 90"),
            (place(0.0, f64::NAN), "location.longitude: is not within -180 to 180"),
            (carousel(vec![]), "carousel.cards: has 0 items, 1 to 10 are allowed"),
            (carousel(vec![card("a", vec![])]), "carousel.cards[0].actions: has no action"),
            (carousel(vec![card("", vec![reply("b")])]), "carousel.cards[0].title: is empty"),
            (
                form(vec![question("a", email()), question("a", email())]),
                "form.fields: two questions have the same name",
            ),
            (form(vec![question("a", wit::FormFieldKind::Text((5, 4)))]), "form.fields[0].kind: the sizes are not"),
            (form(vec![question("a", wit::FormFieldKind::Select(vec![]))]), "form.fields[0].kind: has 0 items"),
        ] {
            let error = Fault::from(content(given, VendorMedia::Refused).unwrap_err()).to_string();
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }

    #[test]
    fn what_is_within_the_bounds_passes_unchanged() {
        for given in [
            words(&"é".repeat(4096), vec![], None),
            words("", vec![reply("yes")], Some("p")),
            words("a", vec![link("tel:+4912345"), link("mailto:a@b.example")], None),
            picture(wit::MediaSource::Vendor("file-7".into()), Some("p.png"), MAX_MEDIA_BYTES),
            place(-90.0, 180.0),
            carousel(vec![card("a", vec![reply("b"); 3]); 10]),
            form(vec![question("a", wit::FormFieldKind::Text((1, 256))), question("b", wit::FormFieldKind::Email)]),
        ] {
            let text = format!("{given:?}");
            let passed = content(given, VendorMedia::Allowed).unwrap();
            assert_eq!(format!("{:?}", super::super::outward::content(passed)), text);
        }
    }
}
