//! Users, clients, participants.

use crate::openapi::schema::{
    Schema, any_object, any_text, flag, full_text, id, integer, list, named, object, text, time, url, word,
};
use crate::wire::closed;
use crate::wire::limits::{MAX_EXTERNAL_ID, MAX_WORD};
use crate::wire::people::{MAX_LOCALE, MAX_NAME, MAX_URL};

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("User", user()),
        ("UserCreate", user_body().needs("externalId", full_text(MAX_EXTERNAL_ID)).into()),
        ("UserUpdate", user_body().into()),
        ("Profile", profile()),
        ("ProfileBody", profile_body()),
        ("Identity", identity()),
        ("Client", client()),
        ("ClientCreate", link()),
        ("Device", device()),
        ("Participant", participant()),
    ]
}

fn user() -> Schema {
    object("Somebody who writes to the business.")
        .needs("id", id())
        .needs("authenticated", flag().about("Whether they signed in with a token of the business."))
        .has("externalId", full_text(MAX_EXTERNAL_ID).about("The business's own id."))
        .has("signedUpAt", time())
        .has("toBeRetained", flag().about("Whether what is old is kept from being deleted by itself."))
        .needs("identities", list(named("Identity"), 0..=usize::MAX).about("From the profile and from the clients."))
        .needs("profile", named("Profile"))
        .needs("metadata", named("Metadata"))
        .into()
}

fn user_body() -> crate::openapi::schema::Object {
    object("")
        .takes("signedUpAt", any_text().rule("format", "date-time".into()))
        .takes("toBeRetained", flag())
        .takes("profile", named("ProfileBody"))
        .takes("metadata", named("MetadataChange"))
}

fn profile() -> Schema {
    object("Who they say they are.")
        .has("givenName", full_text(MAX_NAME))
        .has("surname", full_text(MAX_NAME))
        .has("email", full_text(MAX_NAME))
        .has("avatarUrl", full_text(MAX_URL))
        .has("locale", full_text(MAX_LOCALE).about("A BCP 47 tag."))
        .into()
}

fn profile_body() -> Schema {
    object("Who they say they are. Empty texts count as `null`.")
        .takes("givenName", text(MAX_NAME))
        .takes("surname", text(MAX_NAME))
        .takes("email", text(MAX_NAME))
        .takes("avatarUrl", text(MAX_URL))
        .takes("locale", text(MAX_LOCALE))
        .into()
}

fn identity() -> Schema {
    object("An address under which a user is known outside of any one channel.")
        .needs("type", word(["email", "phone"]))
        .needs("value", full_text(MAX_NAME))
        .needs("verification", word(["verified", "unverified"]).about("`verified`: a channel vouches for it."))
        .into()
}

fn link() -> Schema {
    let criteria = object("Who is meant, and on which channel.")
        .needs("type", full_text(MAX_WORD).about("The type of the integration."))
        .needs("integrationId", full_text(MAX_WORD))
        .takes("phoneNumber", text(MAX_NAME).about("For channels that know people by their number."))
        .takes("address", text(MAX_NAME).about("For channels that know people by their e-mail address."))
        .takes("primary", flag().about("Whether answers go there from now on; true when it is not said."));
    let message = object("What the person is told there: a text or an image, with links at most.")
        .needs("content", named("ContentPost"));
    let confirmation = object("What counts as a yes.")
        .needs("type", word(["immediate", "userActivity", "prompt"]))
        .takes("message", message);
    object("A channel to link.")
        .needs("matchCriteria", criteria)
        .needs("confirmation", confirmation)
        .needs(
            "target",
            object("The user's conversation that it is linked to.").needs("conversationId", full_text(MAX_WORD)),
        )
        .into()
}

fn device() -> Schema {
    object("A browser or a phone on which a user has the widget.")
        .needs("id", id())
        .needs("type", word(["android", "ios", "web"]))
        .needs("guid", any_text())
        .needs("clientId", id())
        .needs("status", word(["active", "inactive"]))
        .needs("integrationId", id())
        .needs("lastSeen", time())
        .has("pushNotificationToken", any_text())
        .has("appVersion", any_text())
        .has("info", named("Metadata"))
        .into()
}

fn client() -> Schema {
    object("A user's identity on one channel.")
        .needs("id", id())
        .has("type", word(closed::client_types()).about("Absent for other channels; they stand in `info.channel`."))
        .needs("status", word(["active", "blocked", "inactive", "pending"]))
        .has("integrationId", id())
        .has("externalId", any_text().about("Phone number, chat id or the like."))
        .has("displayName", any_text())
        .has("avatarUrl", url(MAX_URL))
        .has("lastSeen", time())
        .has("linkedAt", time())
        .has("info", named("Metadata"))
        .has("raw", any_object())
        .into()
}

fn participant() -> Schema {
    let association = object("A client of the user.").has("type", word(closed::client_types())).needs("clientId", id());
    object("A user's membership in a conversation.")
        .needs("id", id())
        .needs("userId", id())
        .has("userExternalId", full_text(MAX_EXTERNAL_ID))
        .needs("unreadCount", integer(0..=u64::MAX))
        .has("lastRead", time())
        .needs("clientAssociations", list(association, 0..=usize::MAX).about("Most recently used first."))
        .into()
}
