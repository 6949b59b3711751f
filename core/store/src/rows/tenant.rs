//! Apps and the keys that open them.

use std::fmt;

use passerelle_model::id::{AppId, IntegrationId, RawId};
use passerelle_model::metadata::Metadata;
use passerelle_model::tenant::AppSettings;
use passerelle_model::time::Timestamp;

/// A tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    /// Which.
    pub id: AppId,
    /// The name to show, 1 to 100 characters.
    pub name: String,
    /// What it decides for itself.
    pub settings: AppSettings,
    /// Facts of whoever made it.
    pub metadata: Metadata,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyScope {
    /// Every app.
    Account,
    /// One app.
    App(AppId),
    /// One app, as one of its integrations.
    Integration(AppId, IntegrationId),
}

impl KeyScope {
    /// The app that the key is bound to.
    pub const fn app(self) -> Option<AppId> {
        match self {
            Self::Account => None,
            Self::App(app) | Self::Integration(app, _) => Some(app),
        }
    }
}

/// A key with its secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// `act_`, `app_` or `int_` and 24 hex characters.
    pub id: String,
    /// What it opens.
    pub scope: KeyScope,
    /// The name to show.
    pub display_name: String,
    /// Signs tokens and is the password of Basic authentication.
    pub secret: Secret,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Key {
    /// A key whose id says by its prefix what it opens.
    pub fn new(id: RawId, scope: KeyScope, display_name: String, secret: Secret, created_at: Timestamp) -> Self {
        let prefix = match scope {
            KeyScope::Account => "act",
            KeyScope::App(_) => "app",
            KeyScope::Integration(..) => "int",
        };
        Self { id: format!("{prefix}_{id}"), scope, display_name, secret, created_at }
    }
}

/// A text that never shows itself in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for whoever really needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
