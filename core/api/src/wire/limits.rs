//! How much a caller may send, for the readers of bodies and for the published description. Limits that belong to the
//! model stand with their types there.

/// Characters of the display name of an app, a key, an integration or a conversation, and of a description.
pub(crate) const MAX_DISPLAY_NAME: usize = 100;
/// Characters of an author's name.
pub(crate) const MAX_AUTHOR_NAME: usize = 128;
/// Characters of the business's own id of a user.
pub(crate) const MAX_EXTERNAL_ID: usize = 1024;
/// Users of a new group.
pub(crate) const MAX_PARTICIPANTS: usize = 10;
/// Characters of a name on the switchboard, a target or a reason.
pub(crate) const MAX_WORD: usize = 128;
/// Triggers of a webhook.
pub(crate) const MAX_TRIGGERS: usize = 50;
/// Secrets of an integration, and hosts that are granted to it.
pub(crate) const MAX_SECRETS: usize = 32;
/// Characters of a setting, a secret or a webhook's address.
pub(crate) const MAX_VALUE: usize = 16 * 1024;
/// Characters of an `Idempotency-Key`.
pub(crate) const MAX_IDEMPOTENCY_KEY: usize = 255;
/// Events that one replay of dead letters may name.
pub(crate) const MAX_REPLAYED: usize = 100;
