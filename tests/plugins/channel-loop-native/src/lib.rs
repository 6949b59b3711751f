//! The adapter of the tests' own channel, which also takes payloads in its vendor's own format: an object with `words`.

#[path = "../../channel-loop/src/adapter.rs"]
mod adapter;

use passerelle_sdk::prelude::*;
use serde::Deserialize;

struct NativeLoop;

/// What stands in an override for this channel.
#[derive(Deserialize)]
struct Override {
    payload: Payload,
}

/// The vendor's message.
#[derive(Deserialize)]
struct Payload {
    words: String,
}

impl Channel for NativeLoop {
    type Settings = adapter::Settings;

    fn capabilities() -> Capabilities {
        Capabilities { idempotent_send: true, ..adapter::capabilities("line") }
    }

    fn receive(_: &Context<Self::Settings>, request: Request) -> Result<Vec<InboundEvent>, Failure> {
        adapter::receive(&request)
    }

    fn send(cx: &Context<Self::Settings>, outbound: Outbound) -> Outcome {
        adapter::send(&cx.settings, &outbound)
    }
}

impl Native for NativeLoop {
    fn send_native(cx: &Context<Self::Settings>, outbound: Outbound, payload: &str) -> Outcome {
        match serde_json::from_str::<Override>(payload) {
            Ok(given) => adapter::send_text(&cx.settings, &outbound, &given.payload.words),
            Err(error) => Outcome::rejected(RejectionKind::Content, format!("the payload cannot be read: {error}")),
        }
    }
}

passerelle_sdk::channel!(NativeLoop: Native);
