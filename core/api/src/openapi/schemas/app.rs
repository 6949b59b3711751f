//! Apps and keys.

use passerelle_model::tenant::MAX_RETENTION_SECONDS;

use crate::openapi::schema::{Schema, flag, full_text, id, integer, named, object};
use crate::wire::limits::MAX_DISPLAY_NAME;

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    let name = || full_text(MAX_DISPLAY_NAME);
    vec![
        (
            "App",
            object("A tenant.")
                .needs("id", id())
                .needs("displayName", name())
                .needs("settings", named("AppSettings"))
                .needs("metadata", named("Metadata"))
                .into(),
        ),
        (
            "BoundApp",
            object("The app that a token opens.")
                .needs("id", id())
                .needs("displayName", name())
                .needs("subdomain", full_text(24).about("The app's id once more: one address serves all apps."))
                .needs("settings", named("AppSettings"))
                .needs("metadata", named("Metadata"))
                .into(),
        ),
        (
            "AppCreate",
            object("A new app.")
                .needs("displayName", name())
                .takes("settings", named("AppSettingsChange"))
                .takes("metadata", named("MetadataChange"))
                .into(),
        ),
        (
            "AppUpdate",
            object("What changes.")
                .has("displayName", name())
                .takes("settings", named("AppSettingsChange"))
                .takes("metadata", named("MetadataChange"))
                .into(),
        ),
        (
            "AppSettings",
            FLAGS
                .iter()
                .fold(object("What an app decides for itself."), |settings, (name, about)| {
                    settings.needs(name, flag().about(about))
                })
                .needs("conversationRetentionSeconds", retention())
                .into(),
        ),
        (
            "AppSettingsChange",
            FLAGS
                .iter()
                .fold(object("Changed settings."), |settings, (name, _)| settings.takes(name, flag()))
                .takes("conversationRetentionSeconds", retention())
                .into(),
        ),
        (
            "Key",
            object("An API key.")
                .needs("id", full_text(64).about("`app_…`, `int_…` or `act_…`."))
                .needs("displayName", name())
                .needs("secret", full_text(256).about("Keep it secret: it signs tokens and is the password of Basic."))
                .into(),
        ),
        ("KeyCreate", object("A new key.").needs("displayName", name()).into()),
    ]
}

/// The settings that are on or off.
const FLAGS: &[(&str, &str)] = &[
    (
        "maskCreditCardNumbers",
        "Whether numbers of payment cards are made unreadable in what a user writes, before it is stored. The last four \
         digits stay.",
    ),
    ("useAnimalNames", "Whether nameless users are shown under an animal's name."),
    ("echoPostback", "Whether a pressed postback button also appears as a message of the user."),
    ("ignoreAutoConversationStart", "Whether the widget waits with a conversation until the user writes."),
    ("multiConvoEnabled", "Whether a user may have several personal conversations. Cannot be turned off again."),
    ("appLocalizationEnabled", "Whether texts of ours are shown in the user's language."),
    ("endSessionEnabled", "Whether a user may end a conversation."),
    ("disableConversationReopen", "Whether a closed conversation stays closed."),
];

fn retention() -> Schema {
    integer(0..=MAX_RETENTION_SECONDS)
        .about("Conversations in which nothing was written for so long are deleted; 0 keeps them.")
}
