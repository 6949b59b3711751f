//! Attachments.

use passerelle_model::content::MAX_URL;

use crate::openapi::schema::{Schema, any_text, full_text, object, url};

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        (
            "Attachment",
            object("A file that we keep.")
                .needs("mediaUrl", url(MAX_URL))
                .needs("mediaType", full_text(128).about("The type that was found out."))
                .into(),
        ),
        (
            "AttachmentUpload",
            object("A form with one file.")
                .needs("source", any_text().rule("format", "binary".into()).about("The file, with or without a name."))
                .open()
                .into(),
        ),
        ("AttachmentRemove", object("Which file.").needs("mediaUrl", url(MAX_URL)).into()),
    ]
}
