//! What stands in an `Authorization` header, before anybody looks a key up.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde::Deserialize;

use crate::desk::credentials as agents;

/// Characters of a header that are worth reading; no key and no token of ours is longer.
const MAX_HEADER: usize = 4096;

/// Who the caller claims to be.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Claim {
    /// A key and its secret.
    Basic {
        /// The key's id.
        key: String,
        /// Its secret.
        secret: String,
    },
    /// A token signed with the secret of a key.
    Token {
        /// The key's id, from the token's `kid`.
        key: String,
        /// The whole token.
        token: String,
    },
    /// An agent's session or token: admins act for their app.
    Agent(Arc<agents::Claim>),
    /// A token that an OAuth client was given.
    Given {
        /// The whole token.
        token: String,
    },
}

impl Claim {
    /// The id of the key that is claimed; a given token and an agent name none.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Basic { key, .. } | Self::Token { key, .. } => key,
            Self::Agent(_) | Self::Given { .. } => "",
        }
    }

    /// Whether it is a person's, who has to be an admin of an app's desk to be let in here.
    pub(crate) const fn is_agent(&self) -> bool {
        matches!(self, Self::Agent(_))
    }

    /// Whether a browser sends the proof by itself, so that it must be known which page made the request.
    pub(crate) fn is_browser(&self) -> bool {
        matches!(self, Self::Agent(claim) if claim.is_browser())
    }
}

/// What a token says. Unknown claims are ignored.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Claims {
    /// `account`, `app` or `integration`.
    pub(crate) scope: String,
    /// Seconds since 1970 after which the token is void.
    #[serde(default)]
    pub(crate) exp: Option<u64>,
    /// Seconds since 1970 before which the token is not yet valid.
    #[serde(default)]
    pub(crate) nbf: Option<u64>,
}

/// The claim of a request; nothing when there is none or it cannot be read.
pub(crate) fn claim(headers: &HeaderMap) -> Option<Claim> {
    if !headers.contains_key(AUTHORIZATION) {
        return agents::claim(headers).map(|claim| Claim::Agent(Arc::new(claim)));
    }
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().filter(|value| value.len() <= MAX_HEADER)?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, rest) = value.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "basic" => match agents::claim(headers) {
            Some(claim) => Some(Claim::Agent(Arc::new(claim))),
            None => basic(rest.trim()),
        },
        "bearer" => bearer(rest.trim()),
        _ => None,
    }
}

/// The claims of a token whose signature fits the secret. Only HS256 is accepted, whatever the token says.
pub(crate) fn verify_token(token: &str, secret: &str, now_seconds: u64) -> Option<Claims> {
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::HS256);
    // The times are checked below, by the clock that was passed in.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    let key = jsonwebtoken::DecodingKey::from_secret(secret.as_bytes());
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules).ok()?.claims;
    let begun = claims.nbf.is_none_or(|nbf| nbf <= now_seconds.saturating_add(LEEWAY_SECONDS));
    let alive = claims.exp.is_none_or(|exp| now_seconds <= exp.saturating_add(LEEWAY_SECONDS));
    (begun && alive).then_some(claims)
}

/// How far the clocks of two machines may differ.
const LEEWAY_SECONDS: u64 = 60;

fn basic(encoded: &str) -> Option<Claim> {
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (key, secret) = decoded.split_once(':')?;
    Some(Claim::Basic { key: key.to_owned(), secret: secret.to_owned() })
}

/// What has three parts is a signed token; everything else can only be one that we have given.
fn bearer(token: &str) -> Option<Claim> {
    if token.split('.').count() != 3 {
        return Some(Claim::Given { token: token.to_owned() }).filter(|_| !token.is_empty());
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    Some(Claim::Token { key: header.kid?, token: token.to_owned() })
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
    use serde_json::{Value, json};

    use super::*;

    const NOW: u64 = 1_700_000_000;

    fn headers(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, value.parse().expect("a header"))])
    }

    fn token(algorithm: Algorithm, secret: &str, claims: &Value) -> String {
        let header = Header { kid: Some("app_1".to_owned()), ..Header::new(algorithm) };
        encode(&header, claims, &EncodingKey::from_secret(secret.as_bytes())).expect("a token")
    }

    #[test]
    fn basic_credentials_are_split_at_the_first_colon() {
        let encoded = STANDARD.encode("app_1:se:cret");
        let expected = Claim::Basic { key: "app_1".to_owned(), secret: "se:cret".to_owned() };
        assert!(claim(&headers(&format!("Basic {encoded}"))) == Some(expected.clone()));
        assert!(claim(&headers(&format!("bAsIc  {encoded}"))) == Some(expected));
        for odd in ["Basic", "Basic !!!", "Basic YQ==", "Digest x", "Bearer", "Bearer ", "Bearer a.b.c"] {
            assert!(claim(&headers(odd)).is_none(), "{odd}");
        }
    }

    #[test]
    fn what_has_not_three_parts_is_a_given_token() {
        for text in ["pot_abc", "a.b", "a.b.c.d", "!"] {
            let expected = Claim::Given { token: text.to_owned() };
            assert!(claim(&headers(&format!("Bearer {text}"))) == Some(expected), "{text}");
        }
    }

    #[test]
    fn only_a_fitting_signature_within_its_time_counts() {
        let good = |claims: Value| verify_token(&token(Algorithm::HS256, "s", &claims), "s", NOW).is_some();
        assert!(good(json!({"scope": "app"})));
        assert!(good(json!({"scope": "app", "exp": NOW + 5, "nbf": NOW - 5, "aud": "whoever"})));
        assert!(!good(json!({"scope": "app", "exp": NOW - 61})));
        assert!(!good(json!({"scope": "app", "nbf": NOW + 61})));
        assert!(!good(json!({"scope": "app", "exp": "tomorrow"})));
        assert!(!good(json!({"no": "scope"})));
        let claims = json!({"scope": "app"});
        assert!(verify_token(&token(Algorithm::HS256, "other", &claims), "s", NOW).is_none());
        assert!(verify_token(&token(Algorithm::HS512, "s", &claims), "s", NOW).is_none());
        let unsigned = "eyJhbGciOiJub25lIiwia2lkIjoiYXBwXzEifQ.eyJzY29wZSI6ImFwcCJ9.";
        assert!(verify_token(unsigned, "s", NOW).is_none());
    }
}
