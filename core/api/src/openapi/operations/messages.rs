//! Messages.

use super::one_way;
use crate::openapi::description::{Group, Parameter, Success, operation};
use crate::openapi::schema::{id, object};

pub(super) const MESSAGES: Group = Group {
    tag: "Messages",
    about: "The history of a conversation, and writing to it.",
    operations: &[
        operation("PostMessage", "Write a message")
            .about(
                "A message of the business is delivered to the user's channels; one of a user is recorded as theirs.",
            )
            .takes("MessagePost")
            .answers(Success::CreatedMany("messages", "Message"))
            .refuses(&[423]),
        operation("ListMessages", "Read the history")
            .about(
                "Pages of 100, oldest first inside a page. Without a cursor the newest page comes; go back with \
                    `page[before]`.",
            )
            .asks(&[HISTORY])
            .pages("messages", "Message"),
        operation("DeleteAllMessages", "Delete every message of a conversation"),
        operation("DeleteMessage", "Delete a message"),
    ],
};

const HISTORY: Parameter = Parameter {
    name: "page",
    about: "Which part of the history. `page[size]` is ignored.",
    is_needed: false,
    schema: || {
        let page = object("")
            .has("after", id().about("Messages behind this one."))
            .has("before", id().about("Messages in front of this one."));
        one_way(page)
    },
};
