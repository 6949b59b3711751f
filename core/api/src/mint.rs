//! Makes apps and keys: for the API and for the command line alike.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passerelle_model::id::{AppId, RawId};
use passerelle_model::metadata::Metadata;
use passerelle_model::tenant::AppSettings;
use passerelle_model::time::Timestamp;
use passerelle_store::{App, Key, KeyScope, Secret};

/// Random bytes of a key's secret; 86 characters as text.
const SECRET_BYTES: usize = 64;

/// The system gives no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes: {0}")]
pub struct NoRandomness(getrandom::Error);

/// An app that does not exist yet.
pub fn app(name: &str, metadata: Metadata, now: Timestamp) -> Result<App, NoRandomness> {
    let id: AppId = id(now)?;
    Ok(App { id, name: name.to_owned(), settings: AppSettings::default(), metadata, created_at: now })
}

/// An id that sorts by creation, as those of every other record do.
pub(crate) fn id<T: From<RawId>>(now: Timestamp) -> Result<T, NoRandomness> {
    let mut bytes = [0; 12];
    fill(&mut bytes)?;
    let seconds = u32::try_from(now.as_millis() / 1000).unwrap_or(u32::MAX);
    bytes[..4].copy_from_slice(&seconds.to_be_bytes());
    Ok(T::from(RawId::from_bytes(bytes)))
}

/// A key that does not exist yet, with its secret.
pub fn key(scope: KeyScope, name: &str, now: Timestamp) -> Result<Key, NoRandomness> {
    let prefix = match scope {
        KeyScope::Account => "act",
        KeyScope::App(_) => "app",
        KeyScope::Integration(..) => "int",
    };
    let mut id = [0; 12];
    fill(&mut id)?;
    Ok(Key {
        id: format!("{prefix}_{}", hex::encode(id)),
        scope,
        display_name: name.to_owned(),
        secret: secret()?,
        created_at: now,
    })
}

/// A secret of 86 characters.
pub(crate) fn secret() -> Result<Secret, NoRandomness> {
    let mut bytes = [0; SECRET_BYTES];
    fill(&mut bytes)?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
}

/// The id of an OAuth client.
pub(crate) fn oauth_client_id() -> Result<String, NoRandomness> {
    let mut bytes = [0; 12];
    fill(&mut bytes)?;
    Ok(format!("oac_{}", hex::encode(bytes)))
}

/// A code or a token: nobody guesses it, and its prefix tells scanners of leaked secrets what they found.
pub fn token(prefix: &str) -> Result<Secret, NoRandomness> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(Secret::new(format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(bytes))))
}

fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(bytes).map_err(NoRandomness)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_what_it_opens_and_no_two_are_alike() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let made = app("Acme", Metadata::default(), now).expect("an app");
        assert!(made.id.to_string().starts_with(&format!("{:08x}", 1_700_000_000)));
        let first = key(KeyScope::App(made.id), "k", now).expect("a key");
        let second = key(KeyScope::Account, "k", now).expect("a key");
        assert!(first.id.starts_with("app_") && second.id.starts_with("act_"));
        assert_eq!((first.id.len(), first.secret.reveal().len()), (28, 86));
        assert_ne!(first.secret, second.secret);
    }
}
