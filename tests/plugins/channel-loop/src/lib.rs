//! The adapter of the tests' own channel: small enough to be right at a glance.
//!
//! Its vendor recognises repeated sends by their key, so a send with an unknown end is repeated.

mod adapter;

use passerelle_sdk::prelude::*;

struct Loop;

impl Channel for Loop {
    type Settings = adapter::Settings;

    fn capabilities() -> Capabilities {
        Capabilities { idempotent_send: true, ..adapter::capabilities("loop") }
    }

    fn receive(_: &Context<Self::Settings>, request: Request) -> Result<Vec<InboundEvent>, Failure> {
        adapter::receive(&request)
    }

    fn send(cx: &Context<Self::Settings>, outbound: Outbound) -> Outcome {
        adapter::send(&cx.settings, &outbound)
    }
}

passerelle_sdk::channel!(Loop);
