//! Letters: what agents write to customers by e-mail (`write`, `outbox`, `smtp`), and what customers answer (`read`,
//! `quotes`, `arrive`).
//!
//! A letter of ours is a comment and a row that waits, written in one transaction; a task hands one after the other to the
//! mail server and writes down what became of it. Deliberately absent: markup. Of what comes in, the words are kept.

mod arrive;
mod config;
mod letter;
pub(crate) mod outbox;
mod quotes;
mod read;
mod smtp;
mod write;

pub use arrive::{Arrival, Place, place, sender, take};
pub use config::{Letterbox, Mail, MailConfig, MailConfigError, Postbox, TlsMode};
pub use letter::address;
pub use read::{Arrived, Enclosed, MAX_MAIL_BYTES, read};
pub use write::{NewLetter, write};
