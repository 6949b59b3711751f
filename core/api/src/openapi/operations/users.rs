//! Users and their clients.

use super::PAGE;
use crate::openapi::description::{Group, Parameter, operation};
use crate::openapi::schema::{any_text, object};

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
        operation("ListUsers", "Find users by an e-mail address")
            .about("The address may be known from the business or from a channel; upper and lower case are the same.")
            .asks(&[BY_ADDRESS])
            .lists("users", "User"),
        operation("DeleteUserPersonalInformation", "Forget what is known of a user")
            .about(
                "Name, e-mail address, picture and metadata go, and what the channels told. The user, the external id \
                    and the messages stay.",
            )
            .shows("user", "User"),
        operation("SyncUser", "Not served: pull a user from the agents' side"),
        operation("CreateClient", "Link a channel to a user")
            .about(
                "The identity becomes the user's at once, when the person writes there, or when the person says yes to a \
                    question. The plugin of the channel must declare by what people can be addressed. Events of the \
                    client tell how it goes on.",
            )
            .takes("ClientCreate")
            .creates("client", "Client"),
        operation("RemoveClient", "Take an identity away from a user")
            .about("Whoever writes from it next is a stranger. Clients of type `sdk` cannot be removed."),
        operation("ListDevices", "List the browsers and phones on which a user has the widget")
            .lists("devices", "Device"),
        operation("GetDevice", "Read a device").shows("device", "Device"),
        operation("ListClients", "List who a user is on each channel").asks(&[PAGE]).pages("clients", "Client"),
    ],
};

const BY_ADDRESS: Parameter = Parameter {
    name: "filter",
    about: "Which users.",
    is_needed: true,
    schema: || object("").needs("identities.email", any_text().about("The whole address.")).into(),
};
