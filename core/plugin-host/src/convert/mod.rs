//! Between the contract's types and the model's. What comes from a guest is checked on the way, field by field.
//!
//! A value over its bound is refused with the name of the field, except in what a vendor says of a person: there a
//! long text is cut and an empty one left out, because a message must not be lost over a strange name.

mod bot;
mod check;
mod content;
mod inbound;
mod outbound;
mod outward;
mod person;
mod router;

pub(crate) use bot::{bot_conversation, bot_event, bot_turn};
pub(crate) use check::metadata;
pub(crate) use inbound::{inbound_events, polled};
pub(crate) use outbound::{capabilities, download, failure, outbound, outcome, target, wit_activity};
pub(crate) use router::{decision, facts};
