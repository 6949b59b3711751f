//! Conversations, activities and control.

use crate::openapi::schema::{
    Object, Schema, any_text, flag, full_text, id, list, named, object, one_of, text, time, word,
};
use crate::wire::limits::{MAX_AUTHOR_NAME, MAX_DISPLAY_NAME, MAX_EXTERNAL_ID, MAX_PARTICIPANTS, MAX_WORD};
use crate::wire::people::MAX_URL;

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("Conversation", conversation()),
        ("ConversationCreate", create()),
        ("ConversationUpdate", looks("").into()),
        ("ParticipantNew", participant()),
        ("ParticipantLeave", leaver()),
        ("ActivityPost", activity()),
        ("ControlHand", hand()),
        ("ControlAccept", object("").takes("metadata", named("MetadataChange")).into()),
        (
            "ControlRelease",
            object("").takes("metadata", named("MetadataChange")).takes("reason", text(MAX_WORD)).into(),
        ),
        ("ConversationSeat", seat()),
    ]
}

fn conversation() -> Schema {
    object("A conversation.")
        .needs("id", id())
        .needs("type", word(["personal", "sdkGroup"]))
        .needs("isDefault", flag().about("Whether it is the user's first personal one."))
        .has("displayName", full_text(MAX_DISPLAY_NAME))
        .has("description", full_text(MAX_DISPLAY_NAME))
        .has("iconUrl", full_text(MAX_URL))
        .needs("metadata", named("Metadata"))
        .has("activeSwitchboardIntegration", named("ConversationSeat").about("Who is in control."))
        .has("pendingSwitchboardIntegration", named("ConversationSeat").about("To whom control is offered."))
        .has("businessLastRead", time())
        .needs("lastUpdatedAt", time().about("The last message, or the making."))
        .needs("createdAt", time())
        .into()
}

fn looks(about: &'static str) -> Object {
    object(about)
        .takes("displayName", text(MAX_DISPLAY_NAME))
        .takes("description", text(MAX_DISPLAY_NAME))
        .takes("iconUrl", text(MAX_URL))
        .takes("metadata", named("MetadataChange"))
}

fn create() -> Schema {
    looks("A new conversation.")
        .needs("type", word(["personal", "sdkGroup"]))
        .takes("participants", list(named("ParticipantNew"), 0..=MAX_PARTICIPANTS))
        .into()
}

fn participant() -> Schema {
    let either = serde_json::json!([{ "required": ["userId"] }, { "required": ["userExternalId"] }]);
    Schema::from(
        object("A user who takes part: one of the two ids.")
            .has("userId", id())
            .has("userExternalId", full_text(MAX_EXTERNAL_ID))
            .takes("subscribeSDKClient", flag()),
    )
    .rule("anyOf", either)
}

fn leaver() -> Schema {
    let one = |name: &'static str, schema| Schema::from(object("").needs(name, schema));
    one_of([
        one("participantId", id()),
        one("userId", full_text(MAX_EXTERNAL_ID)),
        one("userExternalId", full_text(MAX_EXTERNAL_ID)),
    ])
    .about("Who leaves: one of the three ids.")
}

fn activity() -> Schema {
    let author = object("Who it is.")
        .needs("type", word(["business", "user"]))
        .takes("userId", text(MAX_EXTERNAL_ID))
        .takes("userExternalId", text(MAX_EXTERNAL_ID))
        .takes("displayName", text(MAX_AUTHOR_NAME))
        .takes("avatarUrl", text(MAX_URL));
    object("A passing sign. Users send `conversation:read` only.")
        .needs("type", word(["conversation:read", "typing:start", "typing:stop"]))
        .needs("author", author)
        .into()
}

fn hand() -> Schema {
    object("Where control goes to.")
        .needs("switchboardIntegration", full_text(MAX_WORD).about("An id or a name of a seat, or `next`."))
        .takes("metadata", named("MetadataChange"))
        .takes("reason", text(MAX_WORD))
        .into()
}

fn seat() -> Schema {
    object("A seat of the switchboard, as conversations name it.")
        .needs("id", id())
        .needs("name", full_text(MAX_WORD))
        .needs("integrationId", id())
        .needs("integrationType", any_text())
        .into()
}
