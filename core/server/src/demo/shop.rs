//! The demo's shop: a page that embeds the widget, and the counter at which it signs tokens for its customers.
//!
//! The counter asks nobody for a password. It is there in the demo only, and answers only to the shop's own page in a
//! browser on this machine.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY};
use http::header::{HeaderName, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, StatusCode};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use passerelle_api::ClientAddress;
use passerelle_model::id::IntegrationId;
use passerelle_model::time::Clock;
use passerelle_store::Key;
use serde::Deserialize;
use serde_json::{Value, json};

use super::plan::CustomerPlan;

/// Bytes of a request to sign somebody in.
const MAX_BODY_BYTES: usize = 1024;
/// Seconds for which a token is good: few, so that one sees the widget ask for the next.
const TOKEN_LIFE_SECONDS: u64 = 600;
/// Everything that the page may load comes from here; the widget's frame, too.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// By which a browser says how the asking page is related to us.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

macro_rules! files {
    ($($name:literal $kind:literal;)+) => {
        &[$(File {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("../../../web/demo/", $name)),
        }),+]
    };
}

/// The page's files, as they stand in `core/web/demo`.
const FILES: &[File] = files! {
    "index.html" "text/html; charset=utf-8";
    "shop.css" "text/css; charset=utf-8";
    "shop.js" "text/javascript; charset=utf-8";
    "memory.js" "text/javascript; charset=utf-8";
    "pieces.js" "text/javascript; charset=utf-8";
    "words.js" "text/javascript; charset=utf-8";
    "art/bowl.svg" "image/svg+xml";
    "art/jug.svg" "image/svg+xml";
    "art/mark.svg" "image/svg+xml";
    "art/moon.svg" "image/svg+xml";
    "art/mug.svg" "image/svg+xml";
    "art/plate.svg" "image/svg+xml";
    "art/shelf.svg" "image/svg+xml";
    "art/teapot.svg" "image/svg+xml";
    "art/vase.svg" "image/svg+xml";
};

struct File {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

/// What the shop knows.
pub(super) struct Shop {
    /// Our own origin, such as `http://127.0.0.1:8080`.
    pub(super) base: String,
    /// The widget in the page.
    pub(super) widget: IntegrationId,
    /// A key of the app, with which tokens are signed.
    pub(super) key: Key,
    pub(super) customers: Vec<CustomerPlan>,
    pub(super) clock: Clock,
}

/// The shop's addresses.
pub(super) fn routes(shop: Shop) -> Router {
    Router::new()
        .route("/demo", get(page))
        .route("/demo/", get(page))
        .route("/demo/shop.json", get(facts))
        .route("/demo/sign-in", post(sign_in).layer(DefaultBodyLimit::max(MAX_BODY_BYTES)))
        .route("/demo/{*file}", get(file))
        .with_state(Arc::new(shop))
}

/// The page, at the one address that the widget's list of origins holds.
async fn page(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !shop.base.ends_with(&format!("://{host}")) {
        return Redirect::temporary(&format!("{}/demo", shop.base)).into_response();
    }
    show("index.html")
}

async fn file(Path(name): Path<String>) -> Response {
    show(&name)
}

fn show(name: &str) -> Response {
    let Some(file) = FILES.iter().find(|file| file.name == name) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (CONTENT_TYPE, file.kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, file.bytes).into_response()
}

/// Which widget to embed, and who can sign in.
async fn facts(State(shop): State<Arc<Shop>>) -> Json<Value> {
    let customers = shop.customers.iter().map(|known| {
        json!({ "name": known.name, "label": format!("{} {}", known.given_name, known.surname), "email": known.email })
    });
    Json(json!({ "integration": shop.widget.to_string(), "customers": customers.collect::<Vec<_>>() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    name: String,
}

async fn sign_in(
    State(shop): State<Arc<Shop>>,
    peer: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    Json(asked): Json<SignIn>,
) -> Result<Json<Value>, StatusCode> {
    let peer = peer.map(|Extension(ClientAddress(address))| address);
    if !is_our_page(&headers, peer, &shop.base) {
        return Err(StatusCode::FORBIDDEN);
    }
    let customer = shop.customers.iter().find(|known| known.name == asked.name).ok_or(StatusCode::NOT_FOUND)?;
    let token = shop.token(customer).map_err(|error| {
        tracing::error!(%error, "the shop cannot sign a token");
        StatusCode::INTERNAL_SERVER_ERROR
    })?;
    Ok(Json(json!({ "jwt": token })))
}

/// Whether the shop's own page asks, in a browser on this machine.
fn is_our_page(headers: &HeaderMap, peer: Option<IpAddr>, base: &str) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    peer.is_some_and(|address| address.to_canonical().is_loopback())
        && text(&ORIGIN) == Some(base)
        && text(&SITE).is_none_or(|site| site == "same-origin")
}

impl Shop {
    /// A token that says who the customer is, as a shop's own server would sign it.
    fn token(&self, customer: &CustomerPlan) -> anyhow::Result<String> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
        let now = self.clock.now().as_millis() / 1000;
        let claims = json!({
            "scope": "user",
            "external_id": format!("shop-{}", customer.name),
            "given_name": customer.given_name,
            "family_name": customer.surname,
            "email": customer.email,
            "email_verified": true,
            "iat": now,
            "exp": now + TOKEN_LIFE_SECONDS,
            "jti": hex::encode(id),
        });
        let header = Header { kid: Some(self.key.id.clone()), ..Header::new(Algorithm::HS256) };
        let secret = EncodingKey::from_secret(self.key.secret.reveal().as_bytes());
        Ok(jsonwebtoken::encode(&header, &claims, &secret)?)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const BASE: &str = "http://127.0.0.1:8080";

    #[test]
    fn every_file_of_the_page_is_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/demo");
        let names = |folder: &Path| -> Vec<String> {
            let entries = std::fs::read_dir(folder).expect("the page's folder").map(|entry| entry.expect("an entry"));
            let files = entries.filter(|entry| entry.path().is_file());
            files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
        };
        let mut there = names(&folder);
        there.extend(names(&folder.join("art")).into_iter().map(|name| format!("art/{name}")));
        there.sort();
        let mut served: Vec<_> = FILES.iter().map(|file| file.name.to_owned()).collect();
        served.sort();
        assert_eq!(there, served);
    }

    #[test]
    fn only_the_shops_own_page_on_this_machine_signs_anybody_in() {
        let here: Option<IpAddr> = Some("127.0.0.1".parse().expect("an address"));
        for (peer, origin, site, comes_in) in [
            (here, Some(BASE), Some("same-origin"), true),
            (here, Some(BASE), None, true),
            (Some("::1".parse().expect("an address")), Some(BASE), None, true),
            (Some("::ffff:127.0.0.1".parse().expect("an address")), Some(BASE), None, true),
            (Some("192.168.1.7".parse().expect("an address")), Some(BASE), Some("same-origin"), false),
            (None, Some(BASE), Some("same-origin"), false),
            (here, None, None, false),
            (here, Some("null"), None, false),
            (here, Some("http://127.0.0.1:9001"), Some("same-site"), false),
            (here, Some("http://127.0.0.1:8080.evil.example"), Some("cross-site"), false),
            (here, Some("https://evil.example"), Some("cross-site"), false),
            (here, Some(BASE), Some("same-site"), false),
        ] {
            let mut headers = HeaderMap::new();
            origin.map(|origin| headers.insert(ORIGIN, origin.parse().expect("a header")));
            site.map(|site| headers.insert(SITE, site.parse().expect("a header")));
            assert_eq!(is_our_page(&headers, peer, BASE), comes_in, "{peer:?} {origin:?} {site:?}");
        }
    }
}
