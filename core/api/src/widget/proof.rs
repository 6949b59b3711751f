//! Signed tokens by which a page proves who its visitor is: HS256, signed with the secret of a key of the app.
//!
//! The key decides the algorithm, not the token. A token says who (`external_id`), for what (`scope` is `user`) and
//! until when (`exp`, at most a day ahead); one that says something odd in any of these is none.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use passerelle_model::id::AppId;
use passerelle_model::time::Timestamp;
use passerelle_pipeline::Proof;
use passerelle_store::KeyScope;
use serde::Deserialize;

use crate::api::Api;
use crate::call::stored;
use crate::error::ApiError;
use crate::wire::limits::MAX_EXTERNAL_ID;
use crate::wire::people::MAX_NAME;

/// Bytes of a token.
const MAX_TOKEN: usize = 4096;
/// Characters of a token's id.
const MAX_TOKEN_ID: usize = 256;
/// How far the clocks of two machines may differ.
const LEEWAY_SECONDS: u64 = 60;
/// For how long a token may be good.
const MAX_LIFE_SECONDS: u64 = 24 * 3600;

/// What a token says. Unknown claims are ignored; known ones of a wrong type make the token unreadable.
#[derive(Debug, Deserialize)]
struct Claims {
    scope: String,
    external_id: String,
    exp: u64,
    #[serde(default)]
    iat: Option<u64>,
    #[serde(default)]
    nbf: Option<u64>,
    #[serde(default)]
    jti: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    given_name: Option<String>,
    #[serde(default)]
    family_name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Option<bool>,
}

/// Who the visitor is, if the token is good. Why it is not is told to nobody but the log.
pub(super) async fn check(api: &Api, app: AppId, token: &str) -> Result<Proof, ApiError> {
    let refused = |reason: &str| {
        tracing::debug!(%app, reason, "a visitor's token was refused");
        ApiError::new(
            http::StatusCode::UNAUTHORIZED,
            "unauthorized",
            "The visitor's token is not valid: sign a new one",
        )
    };
    if token.len() > MAX_TOKEN {
        return Err(refused("it is too long"));
    }
    let header = jsonwebtoken::decode_header(token).map_err(|error| refused(&error.to_string()))?;
    let id = header.kid.ok_or_else(|| refused("it names no key"))?;
    let key = stored(api.store().key(&id).await)?.filter(|key| key.scope == KeyScope::App(app));
    let key = key.ok_or_else(|| refused("it names no key of the app"))?;
    let now = api.clock.now().as_millis() / 1000;
    let claims = verified(token, key.secret.reveal(), now).ok_or_else(|| refused("it does not hold"))?;
    if let Some(id) = &claims.jti
        && stored(api.store().is_spent(app, id).await)?
    {
        return Err(refused("its visitor has signed out"));
    }
    Ok(proof(claims))
}

fn verified(token: &str, secret: &str, now: u64) -> Option<Claims> {
    let mut rules = Validation::new(Algorithm::HS256);
    // The times are checked below, by the clock that was passed in.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    let claims =
        jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(secret.as_bytes()), &rules).ok()?.claims;
    let soon = now + LEEWAY_SECONDS;
    let in_time = now <= claims.exp.saturating_add(LEEWAY_SECONDS)
        && claims.exp <= soon + MAX_LIFE_SECONDS
        && claims.nbf.is_none_or(|nbf| nbf <= soon)
        && claims.iat.is_none_or(|iat| iat <= soon);
    let length = claims.external_id.chars().count();
    let names = (1..=MAX_EXTERNAL_ID).contains(&length) && !claims.external_id.trim().is_empty();
    let told = claims.jti.as_ref().is_none_or(|id| (1..=MAX_TOKEN_ID).contains(&id.chars().count()));
    (in_time && names && told && claims.scope == "user").then_some(claims)
}

fn proof(claims: Claims) -> Proof {
    let name = |text: Option<String>| {
        let cut: String = text.unwrap_or_default().trim().chars().take(MAX_NAME).collect();
        (!cut.is_empty()).then_some(cut)
    };
    // A cut address would be a wrong one, and one that nobody vouches for is a label.
    let email = claims.email.filter(|email| email.contains('@') && email.chars().count() <= MAX_NAME);
    Proof {
        external_id: claims.external_id,
        given_name: name(claims.given_name.or(claims.name)),
        surname: name(claims.family_name),
        email: email.filter(|_| claims.email_verified.unwrap_or(false)),
        token_id: claims.jti,
        ends_at: Timestamp::from_micros(i64::try_from(claims.exp).unwrap_or(i64::MAX).saturating_mul(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::{Value, json};

    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn holds(claims: &Value) -> bool {
        let token = encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(b"s")).expect("a token");
        verified(&token, "s", NOW).is_some()
    }

    #[test]
    fn a_token_says_who_for_what_and_until_when() {
        let good = json!({ "scope": "user", "external_id": "crm-1", "exp": NOW + 600 });
        assert!(holds(&good));
        for (claim, value, still) in [
            ("exp", json!(NOW - 59), true),
            ("exp", json!(NOW - 61), false),
            ("exp", json!(NOW + MAX_LIFE_SECONDS), true),
            ("exp", json!(NOW + MAX_LIFE_SECONDS + 61), false),
            ("exp", json!((NOW + 600).to_string()), false),
            ("exp", json!(1e300), false),
            ("exp", json!(-1), false),
            ("exp", json!(null), false),
            ("exp", json!([NOW + 600]), false),
            ("exp", json!(true), false),
            ("exp", json!((NOW as f64) + 600.5), false),
            ("iat", json!(NOW), true),
            ("iat", json!(NOW + 3600), false),
            ("iat", json!("now"), false),
            ("nbf", json!(NOW + 30), true),
            ("nbf", json!(NOW + 90), false),
            ("nbf", json!({}), false),
            ("scope", json!("app"), false),
            ("scope", json!("account"), false),
            ("scope", json!("USER"), false),
            ("scope", json!(["user"]), false),
            ("scope", json!(null), false),
            ("external_id", json!(""), false),
            ("external_id", json!("  "), false),
            ("external_id", json!(17), false),
            ("external_id", json!("x".repeat(1024)), true),
            ("external_id", json!("x".repeat(1025)), false),
            ("external_id", json!(["crm-1"]), false),
            ("jti", json!("once"), true),
            ("jti", json!(""), false),
            ("jti", json!(7), false),
            ("jti", json!("j".repeat(257)), false),
            ("name", json!(7), false),
            ("email", json!({}), false),
            ("email_verified", json!("true"), false),
            ("aud", json!("whoever"), true),
            ("sub", json!(5), true),
        ] {
            let mut claims = good.clone();
            claims[claim] = value.clone();
            assert_eq!(holds(&claims), still, "{claim}: {value}");
        }
        for missing in ["scope", "external_id", "exp"] {
            let mut claims = good.clone();
            claims.as_object_mut().expect("an object").remove(missing);
            assert!(!holds(&claims), "without {missing}");
        }
    }

    #[test]
    fn only_the_key_and_its_algorithm_count() {
        let claims = json!({ "scope": "user", "external_id": "crm-1", "exp": NOW + 600 });
        let sign = |algorithm, secret: &[u8]| {
            encode(&Header::new(algorithm), &claims, &EncodingKey::from_secret(secret)).expect("a token")
        };
        let good = sign(Algorithm::HS256, b"s");
        assert!(verified(&good, "s", NOW).is_some());
        for odd in [sign(Algorithm::HS256, b"other"), sign(Algorithm::HS384, b"s"), sign(Algorithm::HS512, b"s")] {
            assert!(verified(&odd, "s", NOW).is_none());
        }
        let body = good.split('.').nth(1).expect("three parts");
        let signature = good.split('.').nth(2).expect("three parts");
        for header in
            [r#"{"alg":"none"}"#, r#"{"alg":"None","typ":"JWT"}"#, r#"{"alg":"RS256"}"#, r#"{"alg":""}"#, "{}"]
        {
            let header = hex_url(header);
            for end in ["", signature] {
                assert!(verified(&format!("{header}.{body}.{end}"), "s", NOW).is_none(), "{header}");
            }
        }
        for odd in
            ["", ".", "..", "a.b.c", "a.b", &good[1..], &format!("{good}x"), &format!("{good}.x"), &good.to_uppercase()]
        {
            assert!(verified(odd, "s", NOW).is_none(), "{odd}");
        }
    }

    fn hex_url(text: &str) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
    }

    #[test]
    fn an_address_that_nobody_vouches_for_is_no_identity() {
        let claims = |verified: Option<bool>| Claims {
            scope: "user".into(),
            external_id: "crm-1".into(),
            exp: NOW,
            iat: None,
            nbf: None,
            jti: None,
            name: Some("  Ada ".into()),
            given_name: None,
            family_name: Some("L".repeat(200)),
            email: Some("ada@example.org".into()),
            email_verified: verified,
        };
        assert_eq!(proof(claims(None)).email, None);
        assert_eq!(proof(claims(Some(false))).email, None);
        let proof = proof(claims(Some(true)));
        assert_eq!(proof.email.as_deref(), Some("ada@example.org"));
        assert_eq!((proof.given_name.as_deref(), proof.surname.map(|name| name.len())), (Some("Ada"), Some(MAX_NAME)));
    }
}
