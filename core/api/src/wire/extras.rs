//! What a message brings beside its content: `override`, `schema`, `blockChatInput`, marked-up words, an author's
//! `subtypes` and the message that it quotes.

use passerelle_model::content::{MAX_LABEL, MAX_TEXT};
use passerelle_model::extras::{MAX_NATIVE_BYTES, MessageExtras};
use passerelle_model::id::MessageId;
use serde_json::{Value, json};

use super::closed;
use super::fields::Fields;
use crate::error::ApiError;

/// Subtypes of an author.
const MAX_SUBTYPES: usize = 10;
/// The subtype of an author that is a machine and says so.
const AI: &str = "AI";

/// What a whole message post says beside its content.
pub(crate) fn read(post: &Fields<'_>) -> Result<MessageExtras, ApiError> {
    let content = post.needed_inner("content")?;
    let schema = schema(post, &content)?;
    let mut overrides = overrides(post)?;
    // A template stands in the format of the channel that its schema names: there it goes out as it was written.
    if let (Some(channel), Some(template)) = (schema, content.value("template")) {
        let message = json!({ "payload": { "type": "template", "template": template } });
        overrides.entry(channel).or_insert_with(|| message.to_string());
    }
    if overrides.values().any(|payload| payload.len() > MAX_NATIVE_BYTES) {
        let reason = format!("should have at most {MAX_NATIVE_BYTES} bytes of JSON for one channel");
        return Err(post.wrong("override", &reason));
    }
    Ok(MessageExtras {
        by_ai: is_ai(&post.needed_inner("author")?)?,
        block_chat_input: content.flag("blockChatInput")?.unwrap_or(false),
        html_text: content.text("htmlText", MAX_TEXT)?,
        markdown_text: content.text("markdownText", MAX_TEXT)?,
        overrides,
    })
}

/// The message that a post answers. Official clients put the id of a form beside the answers to its questions.
pub(crate) fn quoted(post: &Fields<'_>) -> Result<Option<MessageId>, ApiError> {
    let content = post.needed_inner("content")?;
    let mut places = vec![post.clone(), content.clone()];
    if content.text("type", MAX_LABEL)?.as_deref() == Some("formResponse") {
        places.extend(content.items("fields", passerelle_model::content::MAX_FORM_FIELDS)?);
    }
    let mut found = None;
    for place in places {
        let Some(text) = place.text("quotedMessageId", MAX_LABEL)? else { continue };
        let id = text.parse().map_err(|_| place.wrong("quotedMessageId", "should be the id of a message"))?;
        if found.is_some_and(|found| found != id) {
            return Err(place.wrong("quotedMessageId", "should name one message only"));
        }
        found = Some(id);
    }
    Ok(found)
}

/// Adds what readers of the API may see; payloads in a channel's own format stay between the caller and the channel.
pub(crate) fn show(extras: &MessageExtras, message: &mut Value) {
    if extras.by_ai {
        message["author"]["subtypes"] = json!([AI]);
    }
    if extras.block_chat_input {
        message["content"]["blockChatInput"] = true.into();
    }
    for (name, text) in [("htmlText", &extras.html_text), ("markdownText", &extras.markdown_text)] {
        if let Some(text) = text {
            message["content"][name] = text.as_str().into();
        }
    }
}

/// The channel whose template it is, where it is one.
fn schema(post: &Fields<'_>, content: &Fields<'_>) -> Result<Option<String>, ApiError> {
    let schema = post.text("schema", MAX_LABEL)?;
    let known = |word: &str| closed::template_schemas().any(|known| known == word);
    let is_template = content.text("type", MAX_LABEL)?.as_deref() == Some("template");
    if is_template == schema.as_deref().is_some_and(known) {
        return Ok(schema.filter(|_| is_template));
    }
    let words = closed::template_schemas().collect::<Vec<_>>().join(", ");
    Err(post.wrong("schema", &format!("should be one of {words}, together with content of type template")))
}

fn is_ai(author: &Fields<'_>) -> Result<bool, ApiError> {
    let subtypes = author.texts("subtypes", MAX_SUBTYPES)?;
    match subtypes.iter().all(|subtype| subtype == AI) {
        true => Ok(!subtypes.is_empty()),
        false => Err(author.wrong("subtypes", "should be AI")),
    }
}

/// Payloads for single channels; an empty object counts as none, because official clients send it by mistake.
fn overrides(post: &Fields<'_>) -> Result<std::collections::BTreeMap<String, String>, ApiError> {
    let Some(given) = post.inner("override")? else { return Ok(Default::default()) };
    let mut overrides = std::collections::BTreeMap::new();
    for channel in closed::override_channels() {
        let Some(one) = given.inner(channel)? else { continue };
        one.needed_inner("payload")?;
        overrides.insert(channel.to_owned(), given.value(channel).map(Value::to_string).unwrap_or_default());
    }
    match given.names().find(|name| !closed::override_channels().any(|channel| channel == *name)) {
        Some(name) => Err(given.wrong(name, "is no channel that takes an override")),
        None => Ok(overrides),
    }
}
