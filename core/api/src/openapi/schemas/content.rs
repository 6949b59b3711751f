//! What messages say. Replies hold what strict clients accept; posts have the same limits.

use passerelle_model::content::{
    MAX_ACTIONS, MAX_ANSWER, MAX_CARD_ACTIONS, MAX_CARDS, MAX_FORM_FIELDS, MAX_LABEL, MAX_OPTIONS, MAX_PAYLOAD_BYTES,
    MAX_TEXT, MAX_URL,
};
use serde_json::json;

use crate::openapi::schema::{
    Object, Schema, any_object, any_text, exactly, flag, full_text, id, integer, list, named, number, object, one_of,
    text, url, word,
};

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("Content", content()),
        ("ContentPost", content_post()),
        ("Item", item()),
        ("ItemPost", item_post()),
        ("FormField", field()),
        ("FormFieldPost", field_post()),
        ("FormAnswer", answer()),
        ("Option", option()),
    ]
}

fn kind(word: &str) -> Object {
    object("").needs("type", exactly(word))
}

fn content() -> Schema {
    let kind = |word| {
        kind(word)
            .has("blockChatInput", flag().about("The user should answer with its buttons or fields only."))
            .has("htmlText", full_text(MAX_TEXT))
            .has("markdownText", full_text(MAX_TEXT))
    };
    let media = |word| {
        kind(word)
            .needs("mediaUrl", any_text())
            .has("mediaType", full_text(MAX_LABEL))
            .has("mediaSize", integer(0..=u64::MAX))
            .has("altText", full_text(MAX_LABEL))
            .has("text", any_text())
    };
    let buttons = || list(named("Action"), 1..=MAX_ACTIONS);
    one_of([
        kind("text")
            .needs("text", text(MAX_TEXT))
            .has("actions", buttons())
            .has("payload", full_text(MAX_PAYLOAD_BYTES))
            .into(),
        media("image").has("actions", buttons()).into(),
        media("file").into(),
        kind("carousel")
            .needs("items", list(named("Item"), 1..=MAX_CARDS))
            .needs("displaySettings", object("").needs("imageAspectRatio", aspect()))
            .has("text", full_text(MAX_TEXT).about("What channels without carousels show."))
            .into(),
        kind("list").needs("items", list(named("Item"), 1..=MAX_CARDS)).has("actions", buttons()).into(),
        kind("form").needs("fields", list(named("FormField"), 1..=MAX_FORM_FIELDS)).needs("submitted", flag()).into(),
        kind("formResponse")
            .needs("fields", list(named("FormAnswer"), 1..=MAX_FORM_FIELDS))
            .has("textFallback", any_text())
            .into(),
        kind("location")
            .needs("coordinates", coordinates())
            .has("location", object("").has("name", full_text(MAX_LABEL)).has("address", full_text(MAX_TEXT)))
            .has("text", full_text(MAX_TEXT))
            .into(),
        kind("template").needs("template", any_object()).into(),
    ])
    .about("What a message says.")
}

/// Content of a kind, as it is sent to us.
fn posted(word: &str) -> Object {
    kind(word).takes("blockChatInput", flag())
}

fn content_post() -> Schema {
    one_of([
        text_post(),
        one_markup_in(media_post("image").takes("actions", list(named("MessageAction"), 0..=MAX_ACTIONS))),
        one_markup_in(media_post("file")),
        posted("carousel")
            .needs("items", list(named("ItemPost"), 1..=MAX_CARDS))
            .takes("displaySettings", object("").takes("imageAspectRatio", aspect()))
            .into(),
        posted("list")
            .needs("items", list(named("ItemPost"), 1..=MAX_CARDS))
            .takes("actions", list(named("CardAction"), 0..=MAX_ACTIONS))
            .into(),
        posted("form").needs("fields", list(named("FormFieldPost"), 1..=MAX_FORM_FIELDS)).into(),
        posted("formResponse").needs("fields", list(named("FormAnswer"), 1..=MAX_FORM_FIELDS)).into(),
        posted("location")
            .needs("coordinates", coordinates())
            .takes("location", object("").takes("name", text(MAX_LABEL)).takes("address", text(MAX_TEXT)))
            .into(),
        posted("template").needs("template", template()).into(),
    ])
    .about("What a message is to say.")
}

fn text_post() -> Schema {
    let some = json!([
        { "required": ["text"] }, { "required": ["htmlText"] }, { "required": ["markdownText"] },
        { "required": ["actions"], "properties": { "actions": { "minItems": 1 } } },
    ]);
    let words = posted("text")
        .has("text", full_text(MAX_TEXT))
        .has("htmlText", full_text(MAX_TEXT))
        .has("markdownText", full_text(MAX_TEXT))
        .has("actions", list(named("MessageAction"), 0..=MAX_ACTIONS).about("Quick replies do not mix with others."))
        .takes("payload", text(MAX_PAYLOAD_BYTES));
    one_markup_in(words).rule("anyOf", some)
}

fn media_post(word: &str) -> Object {
    posted(word)
        .needs("mediaUrl", url(MAX_URL))
        .takes("mediaType", text(MAX_LABEL))
        .takes("altText", text(MAX_LABEL))
        .takes("text", text(MAX_TEXT))
        .takes("htmlText", text(MAX_TEXT))
        .takes("markdownText", text(MAX_TEXT))
}

/// HTML and Markdown exclude each other.
fn one_markup_in(content: Object) -> Schema {
    let given = json!({ "not": { "type": "null" } });
    let both = json!({ "htmlText": given, "markdownText": given });
    Schema::from(content).rule("not", json!({ "required": ["htmlText", "markdownText"], "properties": both }))
}

fn item() -> Schema {
    object("A card, or a row of a list.")
        .needs("title", full_text(MAX_LABEL))
        .has("description", full_text(MAX_LABEL))
        .has("mediaUrl", full_text(MAX_URL))
        .has("mediaType", full_text(MAX_LABEL))
        .has("altText", full_text(MAX_LABEL))
        .needs("actions", list(named("Action"), 1..=MAX_CARD_ACTIONS))
        .into()
}

fn item_post() -> Schema {
    object("A card, or a row of a list.")
        .needs("title", full_text(MAX_LABEL))
        .takes("description", text(MAX_LABEL))
        .takes("mediaUrl", url(MAX_URL))
        .takes("mediaType", text(MAX_LABEL))
        .takes("altText", text(MAX_LABEL))
        .needs("actions", list(named("CardAction"), 1..=MAX_CARD_ACTIONS))
        .into()
}

fn aspect() -> Schema {
    word(["horizontal", "square"])
}

fn coordinates() -> Schema {
    object("").needs("lat", number(-90.0..=90.0)).needs("long", number(-180.0..=180.0)).into()
}

fn field() -> Schema {
    let question = |word| named_field(word).has("placeholder", full_text(MAX_LABEL));
    let size = || integer(1..=MAX_ANSWER as u64);
    one_of([
        question("text").has("minSize", size()).has("maxSize", size()).into(),
        question("email").into(),
        question("select").needs("options", list(named("Option"), 1..=MAX_OPTIONS)).into(),
    ])
    .about("A question of a form.")
}

fn field_post() -> Schema {
    let size = || integer(1..=MAX_ANSWER as u64);
    let question = |word| {
        named_field(word).takes("placeholder", text(MAX_LABEL)).takes("minSize", size()).takes("maxSize", size())
    };
    one_of([
        question("text").into(),
        question("email").into(),
        question("select").needs("options", list(named("Option"), 1..=MAX_OPTIONS)).into(),
    ])
    .about("A question of a form.")
}

fn answer() -> Schema {
    let answer = |word| named_field(word).takes("quotedMessageId", id().about("The form; in requests only."));
    one_of([
        answer("text").needs("text", full_text(MAX_ANSWER)).into(),
        answer("email").needs("email", full_text(MAX_LABEL)).into(),
        answer("select").needs("select", list(named("Option"), 1..=MAX_OPTIONS)).into(),
    ])
    .about("An answer to a question of a form.")
}

fn named_field(word: &str) -> Object {
    kind(word).needs("name", full_text(MAX_LABEL)).needs("label", full_text(MAX_LABEL))
}

fn option() -> Schema {
    object("One of several answers.").needs("name", full_text(MAX_LABEL)).needs("label", full_text(MAX_LABEL)).into()
}

fn template() -> Schema {
    let parameter = object("").needs("text", full_text(MAX_TEXT)).open();
    let component = object("").takes("parameters", list(parameter, 0..=MAX_OPTIONS)).open();
    object("A template of the vendor, in the vendor's form.")
        .needs("name", full_text(MAX_TEXT))
        .needs("language", object("").needs("code", full_text(64)).open())
        .takes("components", list(component, 0..=MAX_CARDS))
        .open()
        .into()
}
