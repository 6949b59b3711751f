//! Telegram as a channel of Passerelle: updates of the Bot API become events, messages become calls to it.
//!
//! Facts about the Bot API are from <https://core.telegram.org/bots/api>. The way of an update is `wire` → `inbound` →
//! `buttons`; the way of a message is `keyboard` → `buttons` → `plan` → `send`. Absent on purpose: formatted text
//! (people's words are sent as they are, so nothing can break on a stray asterisk), albums, reactions and inline mode.

use passerelle_sdk::prelude::*;

pub mod address;
pub mod api;
pub mod buttons;
pub mod content;
pub mod fault;
pub mod files;
pub mod inbound;
pub mod keyboard;
pub mod limits;
pub mod plan;
pub mod poll;
pub mod receive;
pub mod send;
pub mod settings;
pub mod setup;
pub mod split;
pub mod wire;

use settings::Settings;

/// The adapter.
#[derive(Debug)]
pub struct Telegram;

impl Channel for Telegram {
    type Settings = Settings;

    fn capabilities() -> Capabilities {
        Capabilities::new("telegram", TextLimit::utf16_units(limits::TEXT_UNITS as u32))
            .native([ContentKind::Image, ContentKind::File, ContentKind::Location])
            .buttons([ActionKind::Link, ActionKind::Postback, ActionKind::Reply, ActionKind::LocationRequest], 10)
            .media_up_to(limits::UPLOAD_BYTES)
    }

    fn receive(cx: &Context<Settings>, request: Request) -> Result<Vec<InboundEvent>, Failure> {
        receive::events(&cx.settings, request.json()?, 0, &mut true)
    }

    fn send(cx: &Context<Settings>, outbound: Outbound) -> Outcome {
        send::send(&cx.settings, &outbound)
    }
}

impl Polling for Telegram {
    fn poll(cx: &Context<Settings>, cursor: Option<String>) -> Result<Polled, Failure> {
        poll::poll(&cx.settings, cursor)
    }
}

impl Activities for Telegram {
    fn send_activity(cx: &Context<Settings>, target: Target, activity: Activity) -> Outcome {
        send::send_activity(&cx.settings, &target, activity)
    }
}

impl WebhookSetup for Telegram {
    fn register(cx: &Context<Settings>, url: &str) -> Result<(), Failure> {
        setup::register(&cx.settings, url)
    }

    fn unregister(cx: &Context<Settings>) -> Result<(), Failure> {
        setup::unregister(&cx.settings)
    }
}

impl MediaResolver for Telegram {
    fn locate(cx: &Context<Settings>, reference: &str) -> Result<Download, Failure> {
        files::locate(&cx.settings, reference)
    }
}

impl Account for Telegram {
    fn check(cx: &Context<Settings>) -> Result<Vec<Entry>, Failure> {
        setup::check(&cx.settings)
    }
}

passerelle_sdk::channel!(Telegram: Polling, Activities, WebhookSetup, MediaResolver, Account);
