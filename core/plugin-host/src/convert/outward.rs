//! Content, people and facts on their way to a guest. Nothing is checked: it comes from the house.

use passerelle_model::content::{
    Action, AspectRatio, Card, Content, FormAnswer, FormField, FormFieldKind, FormValue, Media, MediaSource,
    SelectOption,
};
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::people::Profile;

use crate::bindings::passerelle::plugin::types as wit;

pub(super) fn content(content: Content) -> wit::Content {
    match content {
        Content::Text { text, actions, payload } => {
            wit::Content::Text(wit::TextContent { text, actions: actions_of(actions), payload })
        }
        Content::Image { media, text, actions } => {
            wit::Content::Image(wit::ImageContent { media: media_of(media), text, actions: actions_of(actions) })
        }
        Content::File { media, text } => wit::Content::File(wit::FileContent { media: media_of(media), text }),
        Content::Carousel { cards, aspect } => {
            let aspect = match aspect {
                AspectRatio::Horizontal => wit::AspectRatio::Horizontal,
                AspectRatio::Square => wit::AspectRatio::Square,
            };
            wit::Content::Carousel(wit::CarouselContent { cards: cards_of(cards), aspect })
        }
        Content::List { rows, actions } => {
            wit::Content::Items(wit::ListContent { rows: cards_of(rows), actions: actions_of(actions) })
        }
        Content::Form { fields } => {
            wit::Content::Form(wit::FormContent { fields: fields.into_iter().map(form_field).collect() })
        }
        Content::FormResponse { answers } => wit::Content::FormResponse(wit::FormResponseContent {
            answers: answers.into_iter().map(form_answer).collect(),
        }),
        Content::Location { latitude, longitude, name, address } => {
            wit::Content::Location(wit::LocationContent { latitude, longitude, name, address })
        }
        Content::Template { name, locale, parameters, rendered } => {
            wit::Content::Template(wit::TemplateContent { name, locale, parameters, rendered })
        }
    }
}

fn media_of(media: Media) -> wit::Media {
    let source = match media.source {
        MediaSource::Url(url) => wit::MediaSource::Url(url),
        MediaSource::Handle(handle) => wit::MediaSource::Handle(handle),
        MediaSource::Vendor(name) => wit::MediaSource::Vendor(name),
    };
    let Media { media_type, file_name, size, alt_text, .. } = media;
    wit::Media { source, media_type, file_name, size, alt_text }
}

fn cards_of(cards: Vec<Card>) -> Vec<wit::Card> {
    let card = |card: Card| wit::Card {
        title: card.title,
        description: card.description,
        media: card.media.map(media_of),
        actions: actions_of(card.actions),
    };
    cards.into_iter().map(card).collect()
}

fn actions_of(actions: Vec<Action>) -> Vec<wit::Action> {
    actions.into_iter().map(action).collect()
}

fn action(action: Action) -> wit::Action {
    match action {
        Action::Link { text, uri } => wit::Action::Link(wit::LinkAction { text, uri }),
        Action::Postback { text, payload } => wit::Action::Postback(wit::PostbackAction { text, payload }),
        Action::Reply { text, payload, icon_url } => wit::Action::Reply(wit::ReplyAction { text, payload, icon_url }),
        Action::Webview { text, uri, fallback } => wit::Action::Webview(wit::WebviewAction { text, uri, fallback }),
        Action::Buy { text, amount, currency } => wit::Action::Buy(wit::BuyAction { text, amount, currency }),
        Action::LocationRequest { text } => wit::Action::LocationRequest(wit::LocationRequestAction { text }),
    }
}

fn form_field(field: FormField) -> wit::FormField {
    let kind = match field.kind {
        FormFieldKind::Text { min_size, max_size } => wit::FormFieldKind::Text((min_size, max_size)),
        FormFieldKind::Email => wit::FormFieldKind::Email,
        FormFieldKind::Select { options } => wit::FormFieldKind::Select(options_of(options)),
    };
    wit::FormField { name: field.name, label: field.label, placeholder: field.placeholder, kind }
}

fn form_answer(answer: FormAnswer) -> wit::FormAnswer {
    let value = match answer.value {
        FormValue::Text(text) => wit::FormValue::Text(text),
        FormValue::Email(email) => wit::FormValue::Email(email),
        FormValue::Select(options) => wit::FormValue::Select(options_of(options)),
    };
    wit::FormAnswer { name: answer.name, label: answer.label, value }
}

fn options_of(options: Vec<SelectOption>) -> Vec<wit::SelectOption> {
    options.into_iter().map(|option| wit::SelectOption { name: option.name, label: option.label }).collect()
}

pub(super) fn profile(profile: Profile) -> wit::Profile {
    wit::Profile {
        given_name: profile.given_name,
        surname: profile.surname,
        display_name: profile.display_name,
        email: profile.email,
        phone: profile.phone,
        locale: profile.locale,
        avatar_url: profile.avatar_url,
        info: entries(profile.info),
    }
}

pub(super) fn entries(metadata: Metadata) -> Vec<wit::Entry> {
    let scalar = |value| match value {
        Scalar::Text(text) => wit::Scalar::Text(text),
        Scalar::Number(number) => wit::Scalar::Number(number),
        Scalar::Flag(flag) => wit::Scalar::Flag(flag),
    };
    metadata.0.into_iter().map(|(name, value)| (name, scalar(value))).collect()
}
