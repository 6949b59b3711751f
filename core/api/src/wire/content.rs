//! The content of messages on the wire.
//!
//! Out: only what the strictest official client library accepts (closed type words, no empty texts or lists, numbers as
//! numbers); content that the model holds but that client would refuse is shown as its plain text. In: the same limits.

use passerelle_model::content::{
    Action, AspectRatio, Card, Content, FormAnswer, FormField, FormFieldKind, FormValue, MAX_ACTIONS, MAX_ANSWER,
    MAX_CARD_ACTIONS, MAX_CARDS, MAX_FORM_FIELDS, MAX_LABEL, MAX_OPTIONS, MAX_TEXT, MAX_URL, Media, MediaSource,
    SelectOption,
};
use serde_json::{Map, Value, json};

use super::action;
use super::fields::Fields;
use crate::error::ApiError;

/// Where the caller may fetch a file of a message.
pub(crate) type MediaLinks<'a> = &'a dyn Fn(&Media) -> String;

/// Content as the API shows it.
pub(crate) fn show(content: &Content, links: MediaLinks<'_>) -> Value {
    match content {
        Content::Text { text, actions, payload } => show_text(text, actions, payload.as_deref()),
        Content::Image { media, text, actions } => {
            let mut shown = show_media("image", media, text.as_deref(), links);
            put_list(&mut shown, "actions", actions.iter().map(action::show).collect());
            shown.into()
        }
        Content::File { media, text } => show_media("file", media, text.as_deref(), links).into(),
        Content::Carousel { cards, aspect } if cards_are_legal(cards) => json!({
            "type": "carousel",
            "items": cards.iter().map(|card| show_card(card, links)).collect::<Vec<_>>(),
            "displaySettings": { "imageAspectRatio": aspect_word(*aspect) },
            "text": plain_text(content),
        }),
        Content::List { rows, actions } if cards_are_legal(rows) => {
            let items: Vec<_> = rows.iter().map(|row| show_card(row, links)).collect();
            let mut shown = object(json!({ "type": "list", "items": items }));
            put_list(&mut shown, "actions", actions.iter().map(action::show).collect());
            shown.into()
        }
        Content::Form { fields } => json!({
            "type": "form", "submitted": false, "fields": fields.iter().map(show_field).collect::<Vec<_>>(),
        }),
        Content::FormResponse { answers } => json!({
            "type": "formResponse",
            "fields": answers.iter().map(show_answer).collect::<Vec<_>>(),
            "textFallback": plain_text(content),
        }),
        Content::Location { latitude, longitude, name, address } => {
            show_location(*latitude, *longitude, name.as_deref(), address.as_deref(), content)
        }
        Content::Template { name, locale, parameters, .. } => show_template(name, locale, parameters),
        Content::Carousel { .. } | Content::List { .. } => show_text(&plain_text(content), &[], None),
    }
}

/// Content as a caller wrote it, within every bound.
pub(crate) fn read(fields: &Fields<'_>) -> Result<Content, ApiError> {
    match fields.needed_text("type", MAX_LABEL)?.as_str() {
        "text" => read_text(fields),
        "image" => Ok(Content::Image {
            media: read_media(fields)?.ok_or_else(|| fields.missing("mediaUrl"))?,
            text: words(fields)?,
            actions: action::read_many(fields, "actions", MAX_ACTIONS, action::ON_MESSAGES)?,
        }),
        "file" => Ok(Content::File {
            media: read_media(fields)?.ok_or_else(|| fields.missing("mediaUrl"))?,
            text: words(fields)?,
        }),
        "carousel" => Ok(Content::Carousel { cards: read_cards(fields)?, aspect: read_aspect(fields)? }),
        "list" => Ok(Content::List {
            rows: read_cards(fields)?,
            actions: action::read_many(fields, "actions", MAX_ACTIONS, action::ON_CARDS)?,
        }),
        "form" => {
            let questions = fields.needed_items("fields", MAX_FORM_FIELDS)?;
            Ok(Content::Form { fields: questions.iter().map(read_field).collect::<Result<_, _>>()? })
        }
        "formResponse" => {
            let answers = fields.needed_items("fields", MAX_FORM_FIELDS)?;
            Ok(Content::FormResponse { answers: answers.iter().map(read_answer).collect::<Result<_, _>>()? })
        }
        "location" => read_location(fields),
        "template" => read_template(fields),
        other => Err(fields.wrong("type", &format!("`{other}` is no content type"))),
    }
}

fn plain_text(content: &Content) -> String {
    let text = passerelle_model::render::plain_text(content);
    text.chars().take(MAX_TEXT).collect()
}

fn show_text(text: &str, actions: &[Action], payload: Option<&str>) -> Value {
    let mut shown = object(json!({ "type": "text", "text": text }));
    put_list(&mut shown, "actions", actions.iter().map(action::show).collect());
    put(&mut shown, "payload", payload);
    shown.into()
}

fn show_media(kind: &str, media: &Media, text: Option<&str>, links: MediaLinks<'_>) -> Map<String, Value> {
    let mut shown = object(json!({ "type": kind, "mediaUrl": links(media) }));
    put(&mut shown, "mediaType", media.media_type.as_deref());
    if let Some(size) = media.size {
        shown.insert("mediaSize".to_owned(), size.into());
    }
    put(&mut shown, "altText", media.alt_text.as_deref().or(media.file_name.as_deref()));
    put(&mut shown, "text", text);
    shown
}

fn cards_are_legal(cards: &[Card]) -> bool {
    (1..=MAX_CARDS).contains(&cards.len())
        && cards.iter().all(|card| (1..=MAX_CARD_ACTIONS).contains(&card.actions.len()))
}

fn show_card(card: &Card, links: MediaLinks<'_>) -> Value {
    let actions: Vec<_> = card.actions.iter().map(action::show).collect();
    let mut shown = object(json!({ "title": card.title, "actions": actions }));
    put(&mut shown, "description", card.description.as_deref());
    if let Some(media) = &card.media {
        put(&mut shown, "mediaUrl", Some(&links(media)));
        put(&mut shown, "mediaType", media.media_type.as_deref());
        put(&mut shown, "altText", media.alt_text.as_deref());
    }
    shown.into()
}

fn show_field(field: &FormField) -> Value {
    let mut shown = object(json!({ "name": field.name, "label": field.label }));
    put(&mut shown, "placeholder", field.placeholder.as_deref());
    let kind = match &field.kind {
        FormFieldKind::Text { min_size, max_size } => json!({"type": "text", "minSize": min_size, "maxSize": max_size}),
        FormFieldKind::Email => json!({"type": "email"}),
        FormFieldKind::Select { options } => json!({"type": "select", "options": show_options(options)}),
    };
    shown.extend(object(kind));
    shown.into()
}

fn show_answer(answer: &FormAnswer) -> Value {
    let mut shown = object(json!({ "name": answer.name, "label": answer.label }));
    match &answer.value {
        FormValue::Text(text) => {
            put(&mut shown, "type", Some("text"));
            put(&mut shown, "text", Some(text));
        }
        FormValue::Email(email) => {
            put(&mut shown, "type", Some("email"));
            put(&mut shown, "email", Some(email));
        }
        FormValue::Select(options) => {
            put(&mut shown, "type", Some("select"));
            put_list(&mut shown, "select", show_options(options));
        }
    }
    shown.into()
}

fn show_options(options: &[SelectOption]) -> Vec<Value> {
    options.iter().map(|option| json!({ "name": option.name, "label": option.label })).collect()
}

fn show_location(lat: f64, long: f64, name: Option<&str>, address: Option<&str>, content: &Content) -> Value {
    let mut shown = object(json!({ "type": "location", "coordinates": { "lat": lat, "long": long } }));
    let mut place = Map::new();
    put(&mut place, "name", name);
    put(&mut place, "address", address);
    if !place.is_empty() {
        shown.insert("location".to_owned(), place.into());
    }
    put(&mut shown, "text", Some(&plain_text(content)));
    shown.into()
}

fn show_template(name: &str, locale: &str, parameters: &[String]) -> Value {
    let mut template = object(json!({ "name": name, "language": { "policy": "deterministic", "code": locale } }));
    let texts: Vec<_> = parameters.iter().map(|text| json!({ "type": "text", "text": text })).collect();
    if !texts.is_empty() {
        template.insert("components".to_owned(), json!([{ "type": "body", "parameters": texts }]));
    }
    json!({ "type": "template", "template": template })
}

fn read_text(fields: &Fields<'_>) -> Result<Content, ApiError> {
    let actions = action::read_many(fields, "actions", MAX_ACTIONS, action::ON_MESSAGES)?;
    let text = words(fields)?;
    if text.is_none() && actions.is_empty() {
        return Err(fields.missing("text"));
    }
    let payload = fields.text("payload", passerelle_model::content::MAX_PAYLOAD_BYTES)?;
    Ok(Content::Text { text: text.unwrap_or_default(), actions, payload })
}

/// The words of a message. Markup is kept as it was written: channels show it as plain text.
fn words(fields: &Fields<'_>) -> Result<Option<String>, ApiError> {
    if fields.value("htmlText").is_some() && fields.value("markdownText").is_some() {
        return Err(fields.wrong("htmlText", "and markdownText exclude each other"));
    }
    for name in ["text", "markdownText", "htmlText"] {
        if let Some(text) = fields.text(name, MAX_TEXT)? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

fn read_media(fields: &Fields<'_>) -> Result<Option<Media>, ApiError> {
    let Some(url) = fields.text("mediaUrl", MAX_URL)? else { return Ok(None) };
    action::check_uri(fields, "mediaUrl", &url, &["https", "http"])?;
    Ok(Some(Media {
        source: MediaSource::Url(url),
        media_type: fields.text("mediaType", MAX_LABEL)?,
        file_name: None,
        size: None,
        alt_text: fields.text("altText", MAX_LABEL)?,
    }))
}

fn read_cards(fields: &Fields<'_>) -> Result<Vec<Card>, ApiError> {
    fields.needed_items("items", MAX_CARDS)?.iter().map(read_card).collect()
}

fn read_card(fields: &Fields<'_>) -> Result<Card, ApiError> {
    fields.needed_items("actions", MAX_CARD_ACTIONS)?;
    Ok(Card {
        title: fields.needed_text("title", MAX_LABEL)?,
        description: fields.text("description", MAX_LABEL)?,
        media: read_media(fields)?,
        actions: action::read_many(fields, "actions", MAX_CARD_ACTIONS, action::ON_CARDS)?,
    })
}

fn read_aspect(fields: &Fields<'_>) -> Result<AspectRatio, ApiError> {
    let Some(settings) = fields.inner("displaySettings")? else { return Ok(AspectRatio::Horizontal) };
    match settings.text("imageAspectRatio", MAX_LABEL)?.as_deref() {
        None | Some("horizontal") => Ok(AspectRatio::Horizontal),
        Some("square") => Ok(AspectRatio::Square),
        Some(_) => Err(settings.wrong("imageAspectRatio", "should be horizontal or square")),
    }
}

fn aspect_word(aspect: AspectRatio) -> &'static str {
    match aspect {
        AspectRatio::Horizontal => "horizontal",
        AspectRatio::Square => "square",
    }
}

fn read_field(fields: &Fields<'_>) -> Result<FormField, ApiError> {
    let bound = 1..=MAX_ANSWER as u64;
    let kind = match fields.needed_text("type", MAX_LABEL)?.as_str() {
        "text" => FormFieldKind::Text {
            min_size: fields.integer("minSize", bound.clone())?.unwrap_or(1) as u32,
            max_size: fields.integer("maxSize", bound)?.unwrap_or(MAX_LABEL as u64) as u32,
        },
        "email" => FormFieldKind::Email,
        "select" => FormFieldKind::Select { options: read_options(fields, "options")? },
        other => return Err(fields.wrong("type", &format!("`{other}` is no kind of field"))),
    };
    Ok(FormField {
        name: fields.needed_text("name", MAX_LABEL)?,
        label: fields.needed_text("label", MAX_LABEL)?,
        placeholder: fields.text("placeholder", MAX_LABEL)?,
        kind,
    })
}

fn read_answer(fields: &Fields<'_>) -> Result<FormAnswer, ApiError> {
    let value = match fields.needed_text("type", MAX_LABEL)?.as_str() {
        "text" => FormValue::Text(fields.needed_text("text", MAX_ANSWER)?),
        "email" => FormValue::Email(fields.needed_text("email", MAX_LABEL)?),
        "select" => FormValue::Select(read_options(fields, "select")?),
        other => return Err(fields.wrong("type", &format!("`{other}` is no kind of answer"))),
    };
    let (name, label) = (fields.needed_text("name", MAX_LABEL)?, fields.needed_text("label", MAX_LABEL)?);
    Ok(FormAnswer { name, label, value })
}

fn read_options(fields: &Fields<'_>, name: &str) -> Result<Vec<SelectOption>, ApiError> {
    let read = |option: &Fields<'_>| {
        Ok(SelectOption {
            name: option.needed_text("name", MAX_LABEL)?,
            label: option.needed_text("label", MAX_LABEL)?,
        })
    };
    fields.needed_items(name, MAX_OPTIONS)?.iter().map(read).collect()
}

fn read_location(fields: &Fields<'_>) -> Result<Content, ApiError> {
    let coordinates = fields.needed_inner("coordinates")?;
    let (latitude, longitude) = (coordinates.needed_number("lat")?, coordinates.needed_number("long")?);
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return Err(fields.wrong("coordinates", "should be degrees on earth"));
    }
    let (mut name, mut address) = (None, None);
    if let Some(place) = fields.inner("location")? {
        name = place.text("name", MAX_LABEL)?;
        address = place.text("address", MAX_TEXT)?;
    }
    Ok(Content::Location { latitude, longitude, name, address })
}

fn read_template(fields: &Fields<'_>) -> Result<Content, ApiError> {
    let template = fields.needed_inner("template")?;
    let name = template.needed_text("name", MAX_TEXT)?;
    let locale = template.needed_inner("language")?.needed_text("code", 64)?;
    let mut parameters = Vec::new();
    for component in template.items("components", MAX_CARDS)? {
        for parameter in component.items("parameters", MAX_OPTIONS)? {
            parameters.push(parameter.needed_text("text", MAX_TEXT)?);
        }
    }
    // The approved words are known to the vendor only; the name stands in for them in the history.
    let rendered = if parameters.is_empty() { name.clone() } else { format!("{name}: {}", parameters.join(", ")) };
    Ok(Content::Template { name, locale, parameters, rendered })
}

/// Adds a text unless it is absent or empty.
pub(crate) fn put(shown: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        shown.insert(name.to_owned(), text.into());
    }
}

fn put_list(shown: &mut Map<String, Value>, name: &str, list: Vec<Value>) {
    if !list.is_empty() {
        shown.insert(name.to_owned(), list.into());
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
