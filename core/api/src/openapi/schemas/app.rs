//! Apps and keys.

use crate::openapi::schema::{Schema, any_object, full_text, id, named, object};
use crate::wire::limits::MAX_DISPLAY_NAME;

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    let name = || full_text(MAX_DISPLAY_NAME);
    vec![
        (
            "App",
            object("A tenant.")
                .needs("id", id())
                .needs("displayName", name())
                .needs("settings", any_object())
                .needs("metadata", named("Metadata"))
                .into(),
        ),
        (
            "AppCreate",
            object("A new app.").needs("displayName", name()).takes("metadata", named("MetadataChange")).into(),
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
