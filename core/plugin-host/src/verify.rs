//! Proves that a request comes from the vendor, before any code of a plugin sees it.
//!
//! A plugin declares a recipe; the host carries it out, so the key never leaves the host. Comparisons take the same
//! time whatever is wrong. A header that is missing, doubled or odd is an error, never a panic.

use std::collections::BTreeMap;

use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use passerelle_model::time::Timestamp;
use serde::Deserialize;
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::manifest::SecretSpec;
use crate::secrets::Secrets;

/// Headers that reach a plugin.
pub const MAX_HEADERS: usize = 64;
const DEFAULT_WINDOW_SECONDS: u64 = 300;

/// How to check a vendor's request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// The kind of proof.
    pub scheme: Scheme,
    /// Name of the secret: the shared word, the key, or for `ed25519` the public key in hex.
    pub secret: String,
    /// The header with the proof; all schemes but `query-token` need it.
    pub header: Option<String>,
    /// The parameter with the proof, for `query-token`.
    pub parameter: Option<String>,
    /// What is signed.
    #[serde(default)]
    pub signed: Signed,
    /// How the signature is written.
    #[serde(default)]
    pub encoding: Encoding,
    /// Stands before the signature, such as `sha256=`.
    #[serde(default)]
    pub prefix: String,
    /// The header with the time in seconds.
    pub timestamp_header: Option<String>,
    /// For `timestamp-body`: the text that is signed, `{timestamp}{body}` where absent.
    pub template: Option<String>,
    /// How far the time may be off; 300 where absent.
    pub window_seconds: Option<u64>,
}

/// The kinds of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// A header that holds the secret.
    SharedHeader,
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-1.
    HmacSha1,
    /// A signature by the vendor's private key.
    Ed25519,
    /// A query parameter that holds the secret.
    QueryToken,
}

/// What is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signed {
    /// The body.
    #[default]
    Body,
    /// The time and the body, joined by the template.
    TimestampBody,
    /// The full URL, then name and value of every form parameter, sorted by name.
    UrlSortedParams,
}

/// How the signature is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Hex, in either case.
    #[default]
    Hex,
    /// Base64 with padding.
    Base64,
}

impl Verification {
    pub(crate) fn check(&self, secrets: &BTreeMap<String, SecretSpec>) -> Result<(), String> {
        if !secrets.contains_key(&self.secret) {
            return Err(format!("verification.secret names `{}`, which [secrets] lacks", self.secret));
        }
        let missing = match self.scheme {
            Scheme::QueryToken => self.parameter.is_none().then_some("verification.parameter"),
            _ if self.header.is_none() => Some("verification.header"),
            _ => (self.is_timed() && self.timestamp_header.is_none()).then_some("verification.timestamp_header"),
        };
        missing.map_or(Ok(()), |field| Err(format!("{field} is missing")))
    }

    fn is_timed(&self) -> bool {
        self.signed == Signed::TimestampBody
    }

    fn header(&self) -> &str {
        self.header.as_deref().unwrap_or_default()
    }
}

/// A request of a vendor, as it came in.
#[derive(Clone, Debug)]
pub struct RawRequest {
    /// The verb in capitals.
    pub method: String,
    /// The URL under which the vendor knows us, for schemes that sign it.
    pub full_url: String,
    /// Path after the integration's own address, and the query.
    pub path_and_query: String,
    /// Names and values in the order of the request; repeated names stay repeated.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A request that passed [`verify`], without what only the host may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// Path after the integration's own address, and the query.
    pub path_and_query: String,
    /// Lower-case names, at most 64.
    pub headers: Vec<(String, String)>,
    /// At most 1 MiB.
    pub body: Vec<u8>,
    /// When the host took it in.
    pub received_at: Timestamp,
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The installation lacks the secret.
    #[error("the installation has no secret `{0}`: set it before the vendor calls")]
    NoSecret(String),
    /// There is no such header.
    #[error("the request has no `{0}`")]
    Missing(String),
    /// The header is there twice.
    #[error("the request has more than one `{0}`")]
    Repeated(String),
    /// The header cannot be read.
    #[error("the request's `{0}` cannot be read")]
    Unreadable(String),
    /// The proof is wrong.
    #[error("the request's `{0}` is not the proof that was expected")]
    Wrong(String),
    /// Too old, or from the future.
    #[error("the request is {0} seconds off the clock: it may be a replay")]
    Stale(u64),
}

impl VerifyError {
    /// A word for counters and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NoSecret(_) => "no-secret",
            Self::Missing(_) => "missing",
            Self::Repeated(_) => "repeated",
            Self::Unreadable(_) => "unreadable",
            Self::Wrong(_) => "wrong",
            Self::Stale(_) => "stale",
        }
    }
}

/// Checks the proof that the recipe asks for.
pub fn verify(
    recipe: &Verification,
    secrets: &Secrets,
    request: &RawRequest,
    now: Timestamp,
) -> Result<(), VerifyError> {
    let key = secrets.get(&recipe.secret).ok_or_else(|| VerifyError::NoSecret(recipe.secret.clone()))?;
    match recipe.scheme {
        Scheme::SharedHeader => {
            same(only_header(request, recipe.header())?.as_bytes(), key.as_bytes(), recipe.header())
        }
        Scheme::QueryToken => {
            let name = recipe.parameter.as_deref().unwrap_or_default();
            same(only_parameter(request, name)?.as_bytes(), key.as_bytes(), name)
        }
        Scheme::HmacSha256 | Scheme::HmacSha1 | Scheme::Ed25519 => {
            let signature = signature(recipe, request)?;
            let message = signed_bytes(recipe, request, now)?;
            check_signature(recipe, key, &message, &signature)
        }
    }
}

/// The request as a plugin may see it: without the proof and without headers that carry credentials. Headers that
/// are not UTF-8 and those after the 64th are left out.
pub fn without_secrets(recipe: &Verification, request: RawRequest, received_at: Timestamp) -> VerifiedRequest {
    let secret = |name: &str| {
        matches!(name, "authorization" | "cookie" | "proxy-authorization")
            || recipe.header.as_deref().is_some_and(|header| header.eq_ignore_ascii_case(name))
    };
    let headers = request
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .filter(|(name, _)| !secret(name))
        .filter_map(|(name, value)| Some((name, String::from_utf8(value).ok()?)))
        .take(MAX_HEADERS)
        .collect();
    let path_and_query = match &recipe.parameter {
        Some(parameter) => without_parameter(&request.path_and_query, parameter),
        None => request.path_and_query,
    };
    VerifiedRequest { method: request.method, path_and_query, headers, body: request.body, received_at }
}

fn without_parameter(path_and_query: &str, parameter: &str) -> String {
    let Some((path, query)) = path_and_query.split_once('?') else { return path_and_query.to_owned() };
    let names_it = |pair: &&str| url::form_urlencoded::parse(pair.as_bytes()).any(|(name, _)| name == parameter);
    let kept: Vec<&str> = query.split('&').filter(|pair| !names_it(pair)).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

fn only_header<'a>(request: &'a RawRequest, name: &str) -> Result<&'a str, VerifyError> {
    let mut values = request.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
    let (_, value) = values.next().ok_or_else(|| VerifyError::Missing(name.to_owned()))?;
    if values.next().is_some() {
        return Err(VerifyError::Repeated(name.to_owned()));
    }
    str::from_utf8(value).map_err(|_| VerifyError::Unreadable(name.to_owned()))
}

fn only_parameter(request: &RawRequest, name: &str) -> Result<String, VerifyError> {
    let query = request.path_and_query.split_once('?').map_or("", |(_, query)| query);
    let mut values = url::form_urlencoded::parse(query.as_bytes()).filter(|(parameter, _)| parameter == name);
    let (_, value) = values.next().ok_or_else(|| VerifyError::Missing(name.to_owned()))?;
    match values.next() {
        Some(_) => Err(VerifyError::Repeated(name.to_owned())),
        None => Ok(value.into_owned()),
    }
}

fn same(given: &[u8], expected: &[u8], name: &str) -> Result<(), VerifyError> {
    // An empty secret proves nothing, even if the vendor sends an empty header.
    let equal = bool::from(given.ct_eq(expected)) && !expected.is_empty();
    equal.then_some(()).ok_or_else(|| VerifyError::Wrong(name.to_owned()))
}

fn signature(recipe: &Verification, request: &RawRequest) -> Result<Vec<u8>, VerifyError> {
    let name = recipe.header();
    let unreadable = || VerifyError::Unreadable(name.to_owned());
    let text = only_header(request, name)?.strip_prefix(recipe.prefix.as_str()).ok_or_else(unreadable)?;
    match recipe.encoding {
        Encoding::Hex => hex::decode(text).map_err(|_| unreadable()),
        Encoding::Base64 => base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| unreadable()),
    }
}

fn signed_bytes(recipe: &Verification, request: &RawRequest, now: Timestamp) -> Result<Vec<u8>, VerifyError> {
    match recipe.signed {
        Signed::Body => Ok(request.body.clone()),
        Signed::UrlSortedParams => Ok(url_and_parameters(request)),
        Signed::TimestampBody => {
            let name = recipe.timestamp_header.as_deref().unwrap_or_default();
            let text = only_header(request, name)?;
            let seconds: i64 = text.parse().map_err(|_| VerifyError::Unreadable(name.to_owned()))?;
            check_window(recipe, seconds, now)?;
            Ok(fill_template(recipe.template.as_deref().unwrap_or("{timestamp}{body}"), text, &request.body))
        }
    }
}

fn check_window(recipe: &Verification, seconds: i64, now: Timestamp) -> Result<(), VerifyError> {
    let off = (now.as_micros() / 1_000_000).abs_diff(seconds);
    let window = recipe.window_seconds.unwrap_or(DEFAULT_WINDOW_SECONDS);
    (off <= window).then_some(()).ok_or(VerifyError::Stale(off))
}

fn fill_template(template: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    // The body is put in last, so that braces in it mean nothing.
    let text = template.replace("{timestamp}", timestamp);
    match text.split_once("{body}") {
        Some((before, after)) => [before.as_bytes(), body, after.as_bytes()].concat(),
        None => text.into_bytes(),
    }
}

fn url_and_parameters(request: &RawRequest) -> Vec<u8> {
    let mut parameters: Vec<_> = url::form_urlencoded::parse(&request.body).collect();
    parameters.sort();
    let mut text = request.full_url.clone();
    for (name, value) in parameters {
        text.push_str(&name);
        text.push_str(&value);
    }
    text.into_bytes()
}

fn check_signature(recipe: &Verification, key: &str, message: &[u8], given: &[u8]) -> Result<(), VerifyError> {
    let wrong = || VerifyError::Wrong(recipe.header().to_owned());
    match recipe.scheme {
        Scheme::Ed25519 => ed25519_is_right(key, message, given).then_some(()).ok_or_else(wrong),
        Scheme::HmacSha1 => same(given, &hmac_sha1(key.as_bytes(), message), recipe.header()),
        _ => same(given, &hmac_sha256(key.as_bytes(), message), recipe.header()),
    }
}

fn ed25519_is_right(public_key_hex: &str, message: &[u8], signature: &[u8]) -> bool {
    let check = || {
        let key: [u8; 32] = hex::decode(public_key_hex).ok()?.try_into().ok()?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&key).ok()?;
        let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
        key.verify_strict(message, &signature).ok()
    };
    check().is_some()
}

/// The MAC of the data with SHA-256.
pub(crate) fn hmac_sha256(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

/// The MAC of the data with SHA-1.
pub(crate) fn hmac_sha1(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn recipe(text: &str) -> Verification {
        toml::from_str(text).unwrap()
    }

    fn secrets() -> Secrets {
        Secrets::from_iter([("key", "Jefe")])
    }

    fn request(headers: &[(&str, &str)], body: &str) -> RawRequest {
        RawRequest {
            method: "POST".into(),
            full_url: "https://gate.example/hook?a=1".into(),
            path_and_query: "/?a=1&token=Jefe".into(),
            headers: headers.iter().map(|(name, value)| ((*name).into(), value.as_bytes().to_vec())).collect(),
            body: body.into(),
        }
    }

    #[track_caller]
    fn check(recipe_text: &str, headers: &[(&str, &str)], body: &str, expected: Result<(), VerifyError>) {
        assert_eq!(verify(&recipe(recipe_text), &secrets(), &request(headers, body), NOW), expected);
    }

    #[test]
    fn a_shared_header_must_be_there_once_and_equal() {
        let recipe = "scheme = \"shared-header\"\nsecret = \"key\"\nheader = \"x-word\"";
        check(recipe, &[("X-Word", "Jefe")], "", Ok(()));
        check(recipe, &[], "", Err(VerifyError::Missing("x-word".into())));
        check(recipe, &[("x-word", "Jef")], "", Err(VerifyError::Wrong("x-word".into())));
        check(recipe, &[("x-word", "Jefe"), ("X-WORD", "Jefe")], "", Err(VerifyError::Repeated("x-word".into())));
        let absent = "scheme = \"shared-header\"\nsecret = \"other\"\nheader = \"x-word\"";
        check(absent, &[("x-word", "")], "", Err(VerifyError::NoSecret("other".into())));
    }

    #[test]
    fn a_header_of_wild_bytes_is_an_error() {
        let mut request = request(&[], "");
        request.headers.push(("x-word".into(), vec![0xff, 0xfe]));
        let recipe = recipe("scheme = \"shared-header\"\nsecret = \"key\"\nheader = \"x-word\"");
        assert_eq!(verify(&recipe, &secrets(), &request, NOW), Err(VerifyError::Unreadable("x-word".into())));
    }

    #[test]
    fn hmac_answers_like_rfc_4231_test_case_2() {
        let recipe = "scheme = \"hmac-sha256\"\nsecret = \"key\"\nheader = \"x-sig\"\nprefix = \"sha256=\"";
        let body = "what do ya want for nothing?";
        let right = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        check(recipe, &[("x-sig", right)], body, Ok(()));
        check(recipe, &[("x-sig", right)], "what do ya want", Err(VerifyError::Wrong("x-sig".into())));
        check(recipe, &[("x-sig", &right[7..])], body, Err(VerifyError::Unreadable("x-sig".into())));
        check(recipe, &[("x-sig", "sha256=zz")], body, Err(VerifyError::Unreadable("x-sig".into())));
        check(recipe, &[("x-sig", "sha256=5bdc")], body, Err(VerifyError::Wrong("x-sig".into())));
    }

    #[test]
    fn a_timestamp_outside_the_window_is_a_replay() {
        let recipe = "scheme = \"hmac-sha256\"\nsecret = \"key\"\nheader = \"x-sig\"\nsigned = \"timestamp-body\"\n\
                      timestamp_header = \"x-time\"\ntemplate = \"v0:{timestamp}:{body}\"\nwindow_seconds = 60";
        for (time, expected) in [
            ("1700000000", Ok(())),
            ("1700000060", Ok(())),
            ("1699999939", Err(VerifyError::Stale(61))),
            ("1700000061", Err(VerifyError::Stale(61))),
            ("now", Err(VerifyError::Unreadable("x-time".into()))),
            ("-9223372036854775808", Err(VerifyError::Stale(9_223_372_038_554_775_808))),
        ] {
            let signature = hex::encode(hmac_sha256(b"Jefe", format!("v0:{time}:{{body}}!").as_bytes()));
            check(recipe, &[("x-sig", &signature), ("x-time", time)], "{body}!", expected);
        }
    }

    #[test]
    fn url_and_sorted_parameters_are_signed_together() {
        let recipe = "scheme = \"hmac-sha1\"\nsecret = \"key\"\nheader = \"x-sig\"\nsigned = \"url-sorted-params\"\n\
                      encoding = \"base64\"";
        let mac = hmac_sha1(b"Jefe", b"https://gate.example/hook?a=1Bodyhi youFrom+33");
        let signature = base64::engine::general_purpose::STANDARD.encode(mac);
        check(recipe, &[("x-sig", &signature)], "From=%2B33&Body=hi+you", Ok(()));
        check(recipe, &[("x-sig", &signature)], "From=%2B34&Body=hi+you", Err(VerifyError::Wrong("x-sig".into())));
    }

    #[test]
    fn ed25519_takes_the_vendors_signature_only() {
        use ed25519_dalek::Signer;
        let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
        let secrets = Secrets::from_iter([("key", hex::encode(key.verifying_key().as_bytes()))]);
        let recipe = recipe(
            "scheme = \"ed25519\"\nsecret = \"key\"\nheader = \"x-sig\"\nsigned = \"timestamp-body\"\n\
             timestamp_header = \"x-time\"",
        );
        let signature = hex::encode(key.sign(b"1700000000hello").to_bytes());
        let headers = [("x-sig", signature.as_str()), ("x-time", "1700000000")];
        assert_eq!(verify(&recipe, &secrets, &request(&headers, "hello"), NOW), Ok(()));
        assert_eq!(
            verify(&recipe, &secrets, &request(&headers, "hullo"), NOW),
            Err(VerifyError::Wrong("x-sig".into()))
        );
    }

    #[test]
    fn a_query_token_is_checked_and_kept_from_the_plugin() {
        let text = "scheme = \"query-token\"\nsecret = \"key\"\nparameter = \"token\"";
        check(text, &[], "", Ok(()));
        let seen = without_secrets(&recipe(text), request(&[("Cookie", "a"), ("X-Other", "b")], ""), NOW);
        assert_eq!(seen.path_and_query, "/?a=1");
        assert_eq!(seen.headers, [("x-other".to_owned(), "b".to_owned())]);
    }
}
