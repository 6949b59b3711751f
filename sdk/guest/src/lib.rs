//! What plugin authors write against: typed traits, builders, and the host's abilities.
//!
//! A plugin is a type that implements [`Channel`], [`Bot`] or [`Router`], and one line that exports it:
//!
//! ```
//! use passerelle_sdk::prelude::*;
//! use serde::Deserialize;
//!
//! /// The settings of the manifest, checked by the host against its schema.
//! #[derive(Deserialize)]
//! struct Settings {
//!     greeting: String,
//! }
//!
//! struct Parrot;
//!
//! impl Bot for Parrot {
//!     type Settings = Settings;
//!     type State = u32;
//!
//!     fn on_event(cx: &Context<Settings>, _: &Conversation, heard: u32, event: Event) -> Result<Turn<u32>, Failure> {
//!         Ok(match event.text() {
//!             Some(text) => Turn::new(heard + 1).reply(text),
//!             None => Turn::new(heard).reply(&*cx.settings.greeting),
//!         })
//!     }
//! }
//!
//! passerelle_sdk::bot!(Parrot);
//!
//! # fn main() -> Result<(), Failure> {
//! use passerelle_sdk::testing;
//! let host = testing::Host::new();
//! let cx = host.context(Settings { greeting: "Hello!".into() });
//! let turn = Parrot::on_event(&cx, &testing::conversation(), 0, testing::message("ahoy"))?;
//! assert_eq!(turn, Turn::new(1).reply("ahoy"));
//! # Ok(())
//! # }
//! ```
//!
//! Plugins translate and decide, the host acts: calls take values and give values back, nothing is kept between calls
//! except through [`kv`] and a bot's state, and what a plugin wants done it returns. The abilities that a plugin may
//! use meanwhile are modules: [`http`], [`kv`], [`log`], [`clock`], [`random`], [`crypto`], [`media`].
//!
//! `passerelle plugin build` makes the component. On any other target than wasm the same calls go to a scripted host
//! in memory ([`testing`]), so `cargo test` of a plugin needs neither wasm nor network.

#[cfg(target_arch = "wasm32")]
mod arena;
mod bot;
mod channel;
mod content;
mod context;
mod export;
mod failure;
mod inbound;
mod outbound;
mod router;

pub mod clock;
pub mod crypto;
pub mod http;
pub mod kv;
pub mod log;
pub mod media;
pub mod random;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

#[doc(hidden)]
#[rustfmt::skip]
#[allow(unsafe_code, unused_qualifications, unreachable_pub, reason = "generated; the canonical ABI is raw memory")]
#[allow(missing_docs, clippy::all, clippy::allow_attributes, reason = "generated")]
pub mod bindings;

#[doc(hidden)]
pub use export::Exported;

pub use bot::{Bot, BotAction, Conversation, Event, EventKind, Handover, Postback, Turn};
pub use channel::{
    Account, ActionKind, Activities, Capabilities, Channel, ContentKind, Download, MediaResolver, Native, Polled,
    Polling, TextLimit, TextUnit, WebhookSetup,
};
pub use content::{
    Action, AspectRatio, BuyAction, Card, CarouselContent, Content, FileContent, FormAnswer, FormContent, FormField,
    FormFieldKind, FormResponseContent, FormValue, ImageContent, LinkAction, ListContent, LocationContent,
    LocationRequestAction, Media, MediaSource, PostbackAction, ReplyAction, SelectOption, TemplateContent, TextContent,
    WebviewAction,
};
pub use context::{Context, Entry, Profile, Scalar};
pub use failure::{Failure, FailureCategory};
pub use inbound::{
    Activity, InboundEvent, InboundKind, InboundMessage, InboundPostback, Receipt, ReceiptStatus, Request, Sender,
};
pub use outbound::{Outbound, Outcome, Rejection, RejectionKind, Retry, Target};
pub use router::{Decision, Facts, Priority, Router};

/// Everything that a plugin's module needs: `use passerelle_sdk::prelude::*;`.
pub mod prelude {
    pub use crate::{
        Account, Action, ActionKind, Activities, Activity, AspectRatio, Bot, BotAction, Capabilities, Card, Channel,
        Content, ContentKind, Context, Conversation, Decision, Download, Entry, Event, EventKind, Facts, Failure,
        FailureCategory, Handover, InboundEvent, InboundKind, InboundMessage, InboundPostback, Media, MediaResolver,
        MediaSource, Native, Outbound, Outcome, Polled, Polling, Postback, Priority, Profile, Receipt, ReceiptStatus,
        RejectionKind, Request, Router, Scalar, Sender, Target, TextLimit, TextUnit, Turn, WebhookSetup,
    };
    pub use crate::{clock, crypto, http, kv, log, media, random};
}
