//! The default router: queue, group and urgency by channel, language, tags and what bots captured.
//!
//! Rules are looked at in their order and the first that holds decides (`rules`). Absent on purpose: who is available.
//! That is the desk's business; a router only says where a conversation belongs.

use passerelle_sdk::prelude::*;

pub mod rules;
pub mod settings;

use settings::Settings;

/// The router.
#[derive(Debug)]
pub struct Rules;

impl Router for Rules {
    type Settings = Settings;

    fn decide(cx: &Context<Settings>, facts: Facts) -> Result<Decision, Failure> {
        Ok(rules::decide(&cx.settings, &facts))
    }
}

passerelle_sdk::router!(Rules);
