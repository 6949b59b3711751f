//! The live stream.

use crate::openapi::description::{Group, Parameter, Success, operation};
use crate::openapi::schema::{any_text, full_text, named, object};
use crate::wire::limits::MAX_EXTERNAL_ID;

pub(super) const EVENTS: Group = Group {
    tag: "Live stream",
    about: "What happens in an app, as it happens, and again after a break.",
    operations: &[operation("StreamEvents", "Read events live")
        .about(
            "Answers with Server-Sent Events; a request with `Upgrade: websocket` gets the same messages over a WebSocket. \
             Each event has the shape that webhooks get, and a `cursor`. An integration sees what its webhook would be sent.",
        )
        .asks(&[CURSOR, FILTER])
        .answers(Success::Stream("LiveEvent"))],
};

const CURSOR: Parameter = Parameter {
    name: "cursor",
    about: "Go on behind this place: the `cursor` of the last message that was read. Without it the stream begins now. The \
            header `Last-Event-ID` does the same and goes first.",
    is_needed: false,
    schema: || named("Id"),
};

const FILTER: Parameter = Parameter {
    name: "filter",
    about: "Only some of the events.",
    is_needed: false,
    schema: || {
        object("")
            .has("types", any_text().about("Types, separated by commas."))
            .has("conversationId", named("Id"))
            .has("userId", full_text(MAX_EXTERNAL_ID).about("By our id, or by the business's own."))
            .into()
    },
};
