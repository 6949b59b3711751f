//! How often a caller may call: a budget for every key, one for every address, and one for wrong guesses.
//!
//! Which budget an operation is taken from stands in the table of operations; how large it is, in the settings. Vendors'
//! webhooks are not limited by address: a vendor calls from few addresses for all of its customers.

mod address;
mod bucket;

use std::net::IpAddr;

use passerelle_model::time::Timestamp;
use serde::Deserialize;

use crate::error::ApiError;

pub use address::{ClientAddress, ProxyRange};
pub use bucket::Rate;
pub(crate) use bucket::Standing;

/// Kinds of calls, each with a budget of its own per key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Asks.
    Read,
    /// Changes conversations and people.
    Write,
    /// Brings a file.
    Upload,
    /// Changes the house: apps, keys, integrations, switchboards.
    Admin,
    /// Whatever a visitor of the widget does but sending files; the key is the session.
    Visitor,
    /// Opens a session of the widget; the key is the address.
    Session,
}

/// How often everything may be done.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// Questions of one key.
    pub read: Rate,
    /// Changes by one key.
    pub write: Rate,
    /// Files of one key.
    pub upload: Rate,
    /// Changes of the house by one key.
    pub admin: Rate,
    /// Calls of one visitor of the widget.
    pub visitor: Rate,
    /// Sessions of the widget that one address opens.
    pub session: Rate,
    /// Calls from one address, whatever the key.
    pub address: Rate,
    /// Wrong credentials from one address for one key.
    pub failure: Rate,
}

impl LimitSettings {
    /// The name of a limit that lets nobody in.
    pub fn unsound(&self) -> Option<&'static str> {
        let Self { read, write, upload, admin, visitor, session, address, failure } = self;
        let named = [
            ("limits.read", read),
            ("limits.write", write),
            ("limits.upload", upload),
            ("limits.admin", admin),
            ("limits.visitor", visitor),
            ("limits.session", session),
            ("limits.address", address),
            ("limits.failure", failure),
        ];
        named.into_iter().find(|(_, rate)| !rate.is_sound()).map(|(name, _)| name)
    }

    const fn of(&self, class: Class) -> Rate {
        match class {
            Class::Read => self.read,
            Class::Write => self.write,
            Class::Upload => self.upload,
            Class::Admin => self.admin,
            Class::Visitor => self.visitor,
            Class::Session => self.session,
        }
    }
}

/// What the budgets belong to.
#[derive(Hash)]
enum Owner<'a> {
    Key(Class, &'a str),
    Address(IpAddr),
    Guess(IpAddr, &'a str),
}

/// The budgets.
pub(crate) struct Limits {
    settings: LimitSettings,
    buckets: bucket::Buckets,
}

impl Limits {
    pub(crate) fn new(settings: LimitSettings) -> Self {
        Self { settings, buckets: bucket::Buckets::new() }
    }

    /// A call from this address.
    pub(crate) fn of_address(&self, address: ClientAddress, now: Timestamp) -> Standing {
        self.buckets.take(Owner::Address(address.network()), self.settings.address, now)
    }

    /// A call with this key.
    pub(crate) fn of_key(&self, class: Class, key: &str, now: Timestamp) -> Standing {
        self.buckets.take(Owner::Key(class, key), self.settings.of(class), now)
    }

    /// Refuses to look at credentials for a key that were wrong too often from this address. Those for other keys, and
    /// from other addresses, are looked at: nobody can lock a neighbour out.
    pub(crate) fn may_guess(&self, address: ClientAddress, key: &str, now: Timestamp) -> Result<(), ApiError> {
        self.buckets.look(Owner::Guess(address.network(), key), self.settings.failure, now).pass()
    }

    /// Credentials were wrong.
    pub(crate) fn guessed_wrong(&self, address: ClientAddress, key: &str, now: Timestamp) {
        self.buckets.take(Owner::Guess(address.network(), key), self.settings.failure, now);
    }
}
