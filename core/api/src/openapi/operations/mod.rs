//! The descriptions of the operations, a file per part of the API.

mod apps;
mod attachments;
mod conversations;
mod events;
mod integrations;
mod messages;
mod oauth;
mod switchboards;
mod users;

use serde_json::json;

use super::description::{Group, Parameter};
use super::schema::{Object, Schema, id, integer, object};
use crate::query::MAX_PAGE;

/// Every part, in the order of reading.
pub(crate) const GROUPS: &[Group] = &[
    users::USERS,
    conversations::CONVERSATIONS,
    messages::MESSAGES,
    attachments::ATTACHMENTS,
    conversations::CONTROL,
    events::EVENTS,
    integrations::INTEGRATIONS,
    integrations::WEBHOOKS,
    switchboards::SWITCHBOARDS,
    apps::APPS,
    apps::KEYS,
    oauth::OAUTH,
];

/// A page of a list.
const PAGE: Parameter = Parameter {
    name: "page",
    about: "Which part of the list: after or before a record, and how many. `page[after]=…` and the like, or one JSON \
            object.",
    is_needed: false,
    schema: || {
        let page = object("")
            .has("after", id().about("Records behind this one."))
            .has("before", id().about("Records in front of this one."))
            .has("size", integer(1..=u64::from(MAX_PAGE)).about("How many; 25 when it is not said."));
        one_way(page)
    },
};

/// A page starts after a record or before one, not both.
fn one_way(page: Object) -> Schema {
    Schema::from(page).rule("not", json!({ "required": ["after", "before"] }))
}
