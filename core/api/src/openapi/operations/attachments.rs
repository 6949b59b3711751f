//! Attachments.

use crate::openapi::description::{Group, Parameter, operation};
use crate::openapi::schema::{exactly, id, word};

pub(super) const ATTACHMENTS: Group = Group {
    tag: "Attachments",
    about: "Files that messages show.",
    operations: &[
        operation("UploadAttachment", "Upload a file")
            .about(
                "At most 50 MiB. The type is found out from the bytes and must agree with the name's extension. Put the \
                 answer's `mediaUrl` into a message; the message then shows a fresh link whenever it is read.",
            )
            .asks(&[ACCESS, FOR, CONVERSATION])
            .takes_form("AttachmentUpload")
            .creates("attachment", "Attachment")
            .refuses(&[404, 409, 415, 423]),
        operation("DeleteAttachment", "Remove a file")
            .about("By its address, signed or not. Messages that show it keep their text.")
            .takes("AttachmentRemove")
            .refuses(&[404]),
    ],
};

const ACCESS: Parameter = Parameter {
    name: "access",
    about: "`public`: whoever was told the address may read the file. Otherwise the address is signed and runs out.",
    is_needed: false,
    schema: || word(["public", "private"]),
};

const FOR: Parameter = Parameter {
    name: "for",
    about: "The file goes with the last message that shows it. Otherwise it stays until it is removed.",
    is_needed: false,
    schema: || exactly("message"),
};

const CONVERSATION: Parameter = Parameter {
    name: "conversationId",
    about: "With `for`: the file goes with this conversation, too, if no message shows it.",
    is_needed: false,
    schema: id,
};
