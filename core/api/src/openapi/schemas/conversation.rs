//! Conversations, activities and control.

use crate::openapi::schema::{
    Object, Schema, any_text, exactly, flag, full_text, id, list, named, object, one_of, text, time, word,
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
    let participants = |bounds| list(named("ParticipantNew"), bounds);
    one_of([
        looks("").needs("type", exactly("personal")).needs("participants", participants(1..=1)).into(),
        looks("").needs("type", exactly("sdkGroup")).takes("participants", participants(0..=MAX_PARTICIPANTS)).into(),
    ])
    .about("A new conversation.")
}

fn participant() -> Schema {
    Schema::from(
        object("A user who takes part: one of the two ids.")
            .has("userId", id())
            .has("userExternalId", full_text(MAX_EXTERNAL_ID))
            .takes("subscribeSDKClient", flag()),
    )
    .rule("anyOf", either_id())
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
    let author = |kind| {
        object("Who it is.")
            .needs("type", exactly(kind))
            .takes("displayName", text(MAX_AUTHOR_NAME))
            .takes("avatarUrl", text(MAX_URL))
    };
    let user = author("user").has("userId", id()).has("userExternalId", full_text(MAX_EXTERNAL_ID));
    let user = Schema::from(user).rule("anyOf", either_id());
    one_of([
        object("")
            .needs("type", word(["conversation:read", "typing:start", "typing:stop"]))
            .needs("author", author("business"))
            .into(),
        object("").needs("type", exactly("conversation:read")).needs("author", user).into(),
    ])
    .about("A passing sign. Users send `conversation:read` only.")
}

fn either_id() -> serde_json::Value {
    serde_json::json!([{ "required": ["userId"] }, { "required": ["userExternalId"] }])
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
