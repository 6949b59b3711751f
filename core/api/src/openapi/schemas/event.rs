//! What webhooks and the live stream tell.

use crate::openapi::schema::{
    Object, Schema, any_object, any_text, exactly, flag, full_text, id, integer, list, named, object, one_of, time,
};
use crate::wire::event::{LIVE_WORDS, TRIGGERS};

/// An event that webhooks are sent.
pub(crate) struct Told {
    pub(crate) trigger: &'static str,
    /// The name of its schema.
    pub(crate) name: &'static str,
    /// Fields that its payload always has.
    needs: &'static [&'static str],
    /// Fields that its payload may have.
    may: &'static [&'static str],
}

const fn told(
    trigger: &'static str,
    name: &'static str,
    needs: &'static [&'static str],
    may: &'static [&'static str],
) -> Told {
    Told { trigger, name, needs, may }
}

/// Every trigger with what it brings.
#[rustfmt::skip]
pub(crate) const TOLD: &[Told] = &[
    told("conversation:create", "ConversationCreateEvent", &["conversation", "creationReason", "source"], &["user"]),
    told("conversation:join", "ConversationJoinEvent", &["conversation"], &["user"]),
    told("conversation:leave", "ConversationLeaveEvent", &["conversation"], &["user"]),
    told("conversation:remove", "ConversationRemoveEvent", &["conversation"], &[]),
    told("conversation:message", "ConversationMessageEvent", &["conversation", "message"], &[]),
    told("conversation:message:delivery:channel", "DeliveryChannelEvent", DELIVERY, DELIVERED),
    told("conversation:message:delivery:user", "DeliveryUserEvent", DELIVERY, DELIVERED),
    told("conversation:message:delivery:failure", "DeliveryFailureEvent",
        &["conversation", "delivered", "destination", "isFinalEvent", "error"], DELIVERED),
    told("conversation:postback", "ConversationPostbackEvent", &["conversation", "postback", "source"], &["user"]),
    told("conversation:read", "ConversationReadEvent", &["conversation", "activity"], &[]),
    told("conversation:typing", "ConversationTypingEvent", &["conversation", "activity"], &[]),
    told("conversation:referral", "ConversationReferralEvent", &["conversation"], &["user", "source"]),
    told("switchboard:passControl", "PassControlEvent", &["conversation"], &["reason", "metadata", "messageHistory"]),
    told("switchboard:passControl:failure", "PassControlFailureEvent", &["conversation", "error"], &["metadata"]),
    told("switchboard:offerControl", "OfferControlEvent", &["conversation"], &["metadata", "messageHistory"]),
    told("switchboard:offerControl:failure", "OfferControlFailureEvent", &["conversation", "error"], &["metadata"]),
    told("switchboard:acceptControl", "AcceptControlEvent", &["conversation"],
        &["reason", "metadata", "messageHistory"]),
    told("switchboard:acceptControl:failure", "AcceptControlFailureEvent", &["conversation", "error"], &["metadata"]),
    told("switchboard:releaseControl", "ReleaseControlEvent", &["conversation"], &["reason", "metadata"]),
    told("client:add", "ClientAddEvent", &["client", "user", "reason", "source"], &["conversation"]),
    told("client:update", "ClientUpdateEvent", &["reason"], &["client", "user", "conversation"]),
    told("client:remove", "ClientRemoveEvent", &["client", "user", "reason", "source"], &["conversation", "error"]),
    told("user:merge", "UserMergeEvent", &["mergedUsers", "reason"],
        &["mergedConversations", "mergedClients", "discardedMetadata"]),
    told("user:update", "UserUpdateEvent", &["user", "reason", "source"], &[]),
    told("user:remove", "UserRemoveEvent", &["user"], &[]),
];
const DELIVERY: &[&str] = &["conversation", "delivered", "destination", "isFinalEvent"];
const DELIVERED: &[&str] = &["user", "externalMessages"];

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    let payload =
        Schema::from(object("What happened; its fields depend on the type.")).rule("additionalProperties", true.into());
    let words = [TRIGGERS, LIVE_WORDS].concat().join(", ");
    let event = object("An event, or a word of the stream about itself (`hello`, `heartbeat`, `resync`, `goodbye`).")
        .has("id", named("Id"))
        .needs("type", any_text().about(&format!("One of {words}, or a word of the stream.")))
        .has("createdAt", named("Time"))
        .has("payload", payload)
        .has("cursor", named("Id").about("Where to go on after a break. Typing has none: it is passing."));
    let request = object("What a webhook is sent.")
        .needs("app", thing("The app."))
        .needs("webhook", object("The webhook.").needs("id", id()).needs("version", named("WebhookVersion")))
        .needs("events", list(named("WebhookEvent"), 1..=100));
    let any = one_of(TOLD.iter().map(|told| named(told.name))).about("What happened.");
    let mut all = vec![("LiveEvent", event.into()), ("WebhookRequest", request.into()), ("WebhookEvent", any)];
    all.extend(TOLD.iter().map(|told| (told.name, told.schema())));
    all
}

impl Told {
    fn schema(&self) -> Schema {
        let payload = self.needs.iter().fold(object("").open(), |payload, name| {
            let (name, schema) = self.field(name);
            payload.needs(name, schema)
        });
        let payload = self.may.iter().fold(payload, |payload, name| {
            let (name, schema) = self.field(name);
            payload.has(name, schema)
        });
        object("")
            .needs("id", id().about("The same however often it is sent."))
            .needs("type", exactly(self.trigger))
            .needs("createdAt", time())
            .needs("payload", payload)
            .has("seq", integer(1..=u64::MAX).about("Its number in the log of its conversation. Ours."))
            .into()
    }

    fn field(&self, name: &'static str) -> (&'static str, Schema) {
        let schema = match name {
            "conversation" => thing("With who holds control right after the event.").into(),
            "user" | "client" => thing("").into(),
            "message" => named("Message"),
            "delivered" => return ("message", thing("Which message.").into()),
            "messageHistory" => list(named("Message"), 1..=10),
            "externalMessages" => list(object("").needs("id", any_text()), 1..=100),
            "isFinalEvent" => flag().about("Whether nothing more will follow."),
            "error" => object("").needs("code", full_text(128)).open().into(),
            "source" | "destination" => object("").needs("type", full_text(128)).open().into(),
            "postback" => object("").needs("payload", any_text()).open().into(),
            "activity" => object("").needs("type", full_text(128)).open().into(),
            "mergedUsers" | "mergedConversations" | "mergedClients" => {
                object("").needs("surviving", thing("")).needs("discarded", thing("")).into()
            }
            "metadata" | "discardedMetadata" => any_object(),
            _ => full_text(128),
        };
        (name, schema)
    }
}

/// An object of which the id is certain.
fn thing(about: &'static str) -> Object {
    object(about).needs("id", id()).open()
}
