//! The path of a message: seven stations, one command door, one feed of committed events.
//!
//! In the order of the path: `ingress` keeps a vendor's request, `normalize` calls the adapter, `resolve` finds user
//! and conversation, `record` writes message and log, `control` says whose turn it is, `turn` calls the bot (or the
//! router) and `apply` carries out what it wants, `deliver` sends and `settle` writes down what came of it. `publish`
//! shows what was committed. Each station's output type can be made by that station only, so that a step cannot be
//! skipped.

mod apply;
mod attachments;
mod backoff;
mod command;
mod config;
mod control;
mod deliver;
mod directory;
mod effects;
mod failpoint;
mod gateway;
mod ingress;
mod insist;
mod install;
mod installation;
mod integrations;
mod lane;
mod linking;
mod merge;
mod normalize;
mod oauth;
mod once;
mod plugins;
mod poll;
mod publish;
mod reach;
mod record;
mod register;
mod reload;
mod removal;
mod resolve;
mod retention;
mod routing;
mod schedule;
mod settle;
mod sources;
mod turn;

pub use attachments::{
    AttachmentConfig, Attachments, Incoming, Links, Reader, Refusal, UploadError, allowed_extensions, is_shown_in_place,
};
pub use command::{
    AppChange, Arrival, Caller, Change, Command, CommandError, ConversationChange, Description, Destination, Done,
    Executed, Handing, MAX_WEBHOOKS, MemberRef, MetadataChange, NewAuthor, NewConversation, NewLink, NewMessage,
    NewSeat, NewUser, Proof, SeatChange, Stop, Together, UserChange, UserRef, WebhookChange, WebhookCommand,
    WidgetCommand,
};
pub use config::GatewayConfig;
pub use gateway::{Gateway, GatewayStats, StartError};
pub use ingress::{IngressError, IngressReply};
pub use install::InstallPluginError;
pub use installation::{IntegrationChange, NewIntegration, NewIntegrationKind, NewWebhook};
pub use oauth::{NewCode, Redemption};
pub use once::Written;
pub use publish::{EventStream, Published, Sign};
pub use reach::{Hindrance, Way};
pub use reload::Reloaded;
pub use sources::{kv_source, media_source};
