//! Messages around their content.

use passerelle_model::content::MAX_URL;
use serde_json::json;

use crate::openapi::schema::{
    Schema, any_object, any_text, exactly, flag, full_text, id, integer, list, named, object, one_of, text, time, word,
};
use crate::wire::closed;
use crate::wire::limits::{MAX_AUTHOR_NAME, MAX_EXTERNAL_ID};

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("Message", message()),
        ("MessagePost", post()),
        ("Author", author()),
        ("AuthorPost", author_post()),
        ("Source", source()),
        ("Destination", destination()),
        ("QuotedMessage", quoted()),
    ]
}

fn message() -> Schema {
    object("A message.")
        .needs("id", id())
        .needs("received", time().about("When we took it in."))
        .needs("author", named("Author"))
        .has("content", named("Content").about("Absent from what is left of a deleted message."))
        .needs("source", named("Source"))
        .has("quotedMessage", named("QuotedMessage").about("What it answers."))
        .has("metadata", named("Metadata"))
        .has("deleted", flag().about("True: what is left of a deleted message."))
        .needs("seq", integer(0..=u64::MAX).about("Its place in the one order of the conversation. Ours."))
        .into()
}

fn post() -> Schema {
    object("A message to write.")
        .needs("author", named("AuthorPost"))
        .needs("content", named("ContentPost"))
        .takes("destination", named("Destination"))
        .takes("override", overrides())
        .takes("schema", word(closed::template_schemas()).about("Needed beside content of the type `template`."))
        .takes("quotedMessageId", id().about("The message that it answers, such as the form of a form response. Ours."))
        .takes("metadata", named("MetadataChange"))
        .into()
}

/// Payloads in the channels' own formats.
fn overrides() -> Schema {
    let payload = || Schema::from(object("").needs("payload", any_object()).open());
    let about = "Payloads for single channels. They are kept; the content is what leaves where no channel takes them.";
    closed::override_channels().fold(object(about), |all, channel| all.takes(channel, payload())).into()
}

fn author() -> Schema {
    object("Who wrote it.")
        .needs("type", word(["business", "user"]))
        .has("userId", id())
        .has("displayName", full_text(MAX_AUTHOR_NAME))
        .has("avatarUrl", full_text(MAX_URL))
        .has("subtypes", list(word(["AI"]), 1..=10))
        .into()
}

fn author_post() -> Schema {
    let looks = |kind| {
        object("")
            .needs("type", exactly(kind))
            .takes("displayName", text(MAX_AUTHOR_NAME))
            .takes("avatarUrl", text(MAX_URL))
            .takes("subtypes", list(word(["AI"]), 0..=10))
    };
    let user = Schema::from(
        looks("user").has("userId", full_text(MAX_EXTERNAL_ID)).has("userExternalId", full_text(MAX_EXTERNAL_ID)),
    );
    let either = json!([{ "required": ["userId"] }, { "required": ["userExternalId"] }]);
    one_of([looks("business").into(), user.rule("anyOf", either)]).about("Who writes; users are participants.")
}

fn source() -> Schema {
    object("Where it came from.")
        .needs("type", full_text(128).about("`api:conversations`, or the type of a channel."))
        .has("integrationId", id())
        .has("originalMessageId", any_text())
        .has("originalMessageTimestamp", time())
        .into()
}

fn destination() -> Schema {
    one_of([
        object("").needs("integrationId", full_text(MAX_AUTHOR_NAME)).into(),
        object("").needs("integrationType", full_text(MAX_AUTHOR_NAME)).into(),
    ])
    .about("Through which integration the message goes out; the type `none` keeps it silent.")
}

fn quoted() -> Schema {
    one_of([
        object("").needs("type", exactly("message")).needs("message", named("Message")).into(),
        object("").needs("type", exactly("externalMessageId")).needs("externalMessageId", any_text()).into(),
    ])
}
