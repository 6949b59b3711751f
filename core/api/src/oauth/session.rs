//! Being signed in on the consent page: a cookie that one key has signed, good for a few minutes.
//!
//! The key's own secret signs, so that nothing has to be kept and a removed key is signed out everywhere.

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use http::header::COOKIE;
use passerelle_model::time::Timestamp;
use passerelle_store::{Key, KeyScope};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::api::Api;
use crate::call::stored;
use crate::error::ApiError;

/// Seconds that a person stays signed in.
const LIFE_SECONDS: u64 = 600;
/// Characters of a cookie of ours.
const MAX_COOKIE: usize = 256;
const NAME: &str = "passerelle_consent";

/// A person who has shown a key that may decide.
pub(super) struct Session {
    /// The key.
    pub(super) key: Key,
    ends: u64,
}

impl Session {
    /// A session that begins now.
    pub(super) fn begin(key: Key, now: Timestamp) -> Self {
        Self { key, ends: now.as_millis() / 1000 + LIFE_SECONDS }
    }

    /// The session of a request; none when there is none, it has ended or its key is gone.
    pub(super) async fn of(api: &Api, headers: &HeaderMap) -> Result<Option<Self>, ApiError> {
        let Some((id, ends, mac)) = cookie(headers) else { return Ok(None) };
        if ends < api.clock.now().as_millis() / 1000 {
            return Ok(None);
        }
        let Some(key) = stored(api.store().key(id).await)?.filter(may_decide) else { return Ok(None) };
        let session = Self { key, ends };
        let is_ours: bool = session.sign("session", "").as_bytes().ct_eq(mac.as_bytes()).into();
        Ok(is_ours.then_some(session))
    }

    /// The value of `set-cookie`.
    pub(super) fn cookie(&self, is_encrypted: bool) -> String {
        let value = format!("{}.{}.{}", self.key.id, self.ends, self.sign("session", ""));
        format!("{NAME}={value}; Max-Age={LIFE_SECONDS}; HttpOnly; SameSite=Lax{}", secure(is_encrypted))
    }

    /// A proof that a form was made for this session and for this request of a client.
    pub(super) fn proof(&self, query: &str) -> String {
        self.sign("form", query)
    }

    /// Whether a form brings that proof.
    pub(super) fn proves(&self, query: &str, given: &str) -> bool {
        self.proof(query).as_bytes().ct_eq(given.as_bytes()).into()
    }

    fn sign(&self, purpose: &str, text: &str) -> String {
        // HMAC takes keys of every length, so that this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.secret.reveal().as_bytes()) else {
            return String::new();
        };
        mac.update(format!("passerelle consent {purpose}\n{}\n{}\n{text}", self.key.id, self.ends).as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// The value of `set-cookie` that ends a session.
pub(super) fn ended(is_encrypted: bool) -> String {
    format!("{NAME}=; Max-Age=0; HttpOnly; SameSite=Lax{}", secure(is_encrypted))
}

/// Whether the holder of a key decides for apps: those of integrations do not.
pub(super) fn may_decide(key: &Key) -> bool {
    matches!(key.scope, KeyScope::Account | KeyScope::App(_))
}

fn secure(is_encrypted: bool) -> &'static str {
    if is_encrypted { "; Secure" } else { "" }
}

/// Key, end and signature.
fn cookie(headers: &HeaderMap) -> Option<(&str, u64, &str)> {
    let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, value)| *name == NAME && value.len() <= MAX_COOKIE)?;
    let mut parts = value.split('.');
    let (id, ends, mac) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
    parts.next().is_none().then_some((id, ends, mac))
}
