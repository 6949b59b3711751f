//! The adapter of the tests' own channel, for a vendor that takes a repeated send for a new one.

#[path = "../../channel-loop/src/adapter.rs"]
mod adapter;

use passerelle_sdk::prelude::*;

struct Plain;

impl Channel for Plain {
    type Settings = adapter::Settings;

    fn capabilities() -> Capabilities {
        adapter::capabilities("loop-plain")
    }

    fn receive(_: &Context<Self::Settings>, request: Request) -> Result<Vec<InboundEvent>, Failure> {
        adapter::receive(&request)
    }

    fn send(cx: &Context<Self::Settings>, outbound: Outbound) -> Outcome {
        adapter::send(&cx.settings, &outbound)
    }
}

passerelle_sdk::channel!(Plain);
