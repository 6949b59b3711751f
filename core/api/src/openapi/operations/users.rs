//! Users and their clients.

use super::PAGE;
use crate::openapi::description::{Group, operation};

pub(super) const USERS: Group = Group {
    tag: "Users",
    about: "The people who write to the business, and who they are on each channel.",
    operations: &[
        operation("CreateUser", "Create a user").takes("UserCreate").creates("user", "User").refuses(&[409]),
        operation("GetUser", "Read a user").shows("user", "User"),
        operation("UpdateUser", "Change a user")
            .about("Profile and metadata are merged key by key; `null` unsets a key, an absent key stays.")
            .takes("UserUpdate")
            .shows("user", "User"),
        operation("DeleteUser", "Delete a user with everything of theirs").about(
            "Clients, personal conversations, messages and attachments go with the user. The work may go on after \
                    the answer; it is done when the event `user:remove` comes.",
        ),
        operation("ListClients", "List who a user is on each channel").asks(&[PAGE]).pages("clients", "Client"),
    ],
};
