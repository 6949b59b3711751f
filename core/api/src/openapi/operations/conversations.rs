//! Conversations, and who may speak in them.

use serde_json::json;

use super::PAGE;
use crate::openapi::description::{Group, Parameter, operation};
use crate::openapi::schema::{Schema, full_text, object};
use crate::wire::limits::MAX_EXTERNAL_ID;

pub(super) const CONVERSATIONS: Group = Group {
    tag: "Conversations",
    about: "What a user and the business say to each other, and who takes part.",
    operations: &[
        operation("CreateConversation", "Create a conversation")
            .about("A `personal` conversation has exactly one participant, an `sdkGroup` up to ten.")
            .takes("ConversationCreate")
            .creates("conversation", "Conversation"),
        operation("ListConversations", "List the conversations of a user")
            .asks(&[OF_USER, PAGE])
            .pages("conversations", "Conversation"),
        operation("GetConversation", "Read a conversation").shows("conversation", "Conversation"),
        operation("UpdateConversation", "Change a conversation")
            .about("Metadata is merged key by key; `null` unsets a key or a field.")
            .takes("ConversationUpdate")
            .shows("conversation", "Conversation"),
        operation("DeleteConversation", "Delete a conversation with its messages")
            .about("A user's default conversation cannot be deleted."),
        operation("ListParticipants", "List who takes part").asks(&[PAGE]).pages("participants", "Participant"),
        operation("JoinConversation", "Make a user a member of a group")
            .about("Only for conversations of type `sdkGroup`. Joining again changes nothing.")
            .takes("ParticipantNew")
            .creates("participant", "Participant"),
        operation("LeaveConversation", "End a membership in a group")
            .about("Only for conversations of type `sdkGroup`.")
            .takes("ParticipantLeave"),
        operation("DownloadMessageRef", "Not served: fetch data that a channel sent by reference"),
        operation("SendConversionEvents", "Not served: forward conversion events to an advertiser"),
        operation("PostActivity", "Show that somebody types or has read").takes("ActivityPost"),
    ],
};

pub(super) const CONTROL: Group = Group {
    tag: "Control",
    about: "Which integration of the switchboard may speak in a conversation.",
    operations: &[
        operation("PassControl", "Hand a conversation over").takes("ControlHand"),
        operation("OfferControl", "Offer a conversation").takes("ControlHand"),
        operation("AcceptControl", "Accept an offered conversation").takes("ControlAccept"),
        operation("ReleaseControl", "Let a conversation go").takes("ControlRelease"),
    ],
};

const OF_USER: Parameter = Parameter {
    name: "filter",
    about: "Whose conversations: exactly one of the two.",
    is_needed: true,
    schema: || {
        let user =
            object("").has("userId", full_text(MAX_EXTERNAL_ID)).has("userExternalId", full_text(MAX_EXTERNAL_ID));
        Schema::from(user).rule("oneOf", json!([{ "required": ["userId"] }, { "required": ["userExternalId"] }]))
    },
};
