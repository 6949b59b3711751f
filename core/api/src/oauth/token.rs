//! `/oauth/token`: a code becomes a token, once.
//!
//! Takes JSON, as the Conversations API does, and forms, as the standard does. A refusal carries both envelopes: the
//! API's `errors` and the standard's `error`.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Request, StatusCode};
use passerelle_pipeline::Redemption;
use passerelle_store::OauthClient;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use super::digest;
use crate::api::Api;
use crate::call::stored;
use crate::error::ApiError;
use crate::mint;

/// Characters of any field.
const MAX_FIELD: usize = 2048;
/// What RFC 7636 lets a verifier be.
const VERIFIER: std::ops::RangeInclusive<usize> = 43..=128;

/// Why there is no token.
enum Refusal {
    /// A word of the standard, and what is wrong.
    Wrong(&'static str, String),
    /// The client is unknown, or its secret is wrong.
    Stranger,
    /// Anything that the whole API answers alike.
    Api(ApiError),
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, word, code, title) = match self {
            Self::Wrong(word, title) => (StatusCode::BAD_REQUEST, word, "bad_request", title),
            Self::Stranger => {
                let title = "client_id or client_secret is not right".to_owned();
                (StatusCode::UNAUTHORIZED, "invalid_client", "unauthorized", title)
            }
            Self::Api(error) => return error.into_response(),
        };
        let body = json!({ "errors": [{ "code": code, "title": title }], "error": word, "error_description": title });
        (status, Json(body)).into_response()
    }
}

/// Answers with `access_token` and `token_type`.
pub(super) async fn exchange(State(api): State<Api>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    match answer(&api, &parts, body).await {
        Ok(token) => Json(json!({ "access_token": token, "token_type": "Bearer" })).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn answer(api: &Api, parts: &Parts, body: Body) -> Result<String, Refusal> {
    api.budgets().of_address(api.client_of(parts), api.clock.now()).pass()?;
    let body = super::read_body(body).await.ok_or_else(|| wrong("The body is too large or broke off"))?;
    let fields = Fields::read(parts, &body)?;
    match fields.needed("grant_type")? {
        "authorization_code" => {}
        _ => {
            return Err(Refusal::Wrong("unsupported_grant_type", "grant_type should be authorization_code".to_owned()));
        }
    }
    let code = fields.needed("code")?;
    let client = client(api, parts, fields.needed("client_id")?, fields.needed("client_secret")?).await?;
    let token = mint::token("pot").map_err(|error| ApiError::internal(&error))?;
    let redemption = Redemption {
        client: client.id.clone(),
        code: digest(code),
        redirect_uri: fields.get("redirect_uri")?.map(str::to_owned),
        challenge: fields.get("code_verifier")?.map(challenge).transpose()?,
        token: digest(token.reveal()),
    };
    if !api.gateway.redeem(redemption).await.map_err(ApiError::from)? {
        let title = "The code is unknown, used or too old, or it was given for something else".to_owned();
        return Err(Refusal::Wrong("invalid_grant", title));
    }
    tracing::info!(client = client.id, "an oauth client got a token");
    Ok(token.reveal().to_owned())
}

async fn client(api: &Api, parts: &Parts, id: &str, secret: &str) -> Result<OauthClient, Refusal> {
    let (address, now) = (api.client_of(parts), api.clock.now());
    api.budgets().may_guess(address, id, now)?;
    let fits = |client: &OauthClient| digest(secret).0.ct_eq(&client.secret.0).into();
    let client = stored(api.store().oauth_client(id).await)?.filter(fits);
    client.ok_or_else(|| {
        api.budgets().guessed_wrong(address, id, now);
        Refusal::Stranger
    })
}

fn challenge(verifier: &str) -> Result<String, Refusal> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    if !VERIFIER.contains(&verifier.len()) || !verifier.bytes().all(plain) {
        return Err(wrong("code_verifier should be 43 to 128 letters, digits and -._~"));
    }
    Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())))
}

fn wrong(title: impl Into<String>) -> Refusal {
    Refusal::Wrong("invalid_request", title.into())
}

struct Fields(Map<String, Value>);

impl Fields {
    fn read(parts: &Parts, body: &[u8]) -> Result<Self, Refusal> {
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return serde_json::from_slice(body)
                .map(Self)
                .map_err(|_| wrong("The body should be a JSON object or a form"));
        }
        let mut fields = Map::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            if fields.insert(name.clone().into_owned(), Value::String(value.into_owned())).is_some() {
                return Err(wrong(format!("{} should stand once", name.chars().take(64).collect::<String>())));
            }
        }
        Ok(Self(fields))
    }

    /// A field; an empty one counts as absent.
    fn get(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.len() <= MAX_FIELD => {
                Ok(Some(text.as_str()).filter(|text| !text.is_empty()))
            }
            Some(_) => Err(wrong(format!("{name} should be a string of at most {MAX_FIELD} bytes"))),
        }
    }

    fn needed(&self, name: &'static str) -> Result<&str, Refusal> {
        self.get(name)?.ok_or_else(|| wrong(format!("should have required property '{name}'")))
    }
}
