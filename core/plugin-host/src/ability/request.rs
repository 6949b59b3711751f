//! From a guest's request to an exchange: bounds, forbidden headers, and secrets for the hosts that may have them.

use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::body::Bytes;
use url::Url;

use super::multipart::{self, MAX_PARTS};
use crate::bindings::passerelle::plugin::http as wit;
use crate::egress::{Exchange, HostPattern};
use crate::installation::Installation;
use crate::secrets::{Place, fill};
use crate::source::MediaSource;

const MAX_URL_BYTES: usize = 4096;
const MAX_HEADERS: usize = 32;
const MAX_HEADER_BYTES: usize = 16 << 10;
const MAX_BODY_BYTES: usize = 1 << 20;
/// What the host says itself, and what would change the meaning of the connection.
const FORBIDDEN: [&str; 12] = [
    "host",
    "content-length",
    "cookie",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
    "proxy-authorization",
    "proxy-connection",
];

/// The exchange that a guest asks for, or why it is denied. Secrets are filled in only after the host was found to
/// be granted.
pub(super) async fn prepare(
    request: wit::Request,
    installation: &Installation,
    media: &dyn MediaSource,
) -> Result<Exchange, String> {
    let (url, target) = granted_url(&request.url, installation)?;
    let secret = |name: &str| installation.secret_for(name, &target);
    let path_and_query = fill_url(&url, secret)?;
    let mut headers = fill_headers(request.headers, secret)?;
    let body = match request.body {
        wit::Body::Empty => Vec::new(),
        wit::Body::Bytes(bytes) if bytes.len() > MAX_BODY_BYTES => return Err(too_large()),
        wit::Body::Bytes(bytes) => bytes,
        wit::Body::Template(text) if text.len() > MAX_BODY_BYTES => return Err(too_large()),
        wit::Body::Template(text) => fill(&text, Place::Plain, secret)?.into_owned().into_bytes(),
        wit::Body::Multipart(parts) if parts.len() > MAX_PARTS => {
            return Err(format!("the body has more than {MAX_PARTS} parts"));
        }
        wit::Body::Multipart(parts) => {
            let assembled = multipart::assemble(parts, installation, media).await?;
            let content_type = HeaderValue::try_from(assembled.content_type).map_err(|error| error.to_string())?;
            headers.insert(CONTENT_TYPE, content_type);
            assembled.body
        }
    };
    let mut exchange = Exchange::new(method(request.method), url).with_path_and_query(path_and_query);
    exchange.headers = headers;
    exchange.body = Bytes::from(body);
    exchange.timeout = request.timeout_ms.map(|ms| Duration::from_millis(ms.into()));
    Ok(exchange)
}

fn too_large() -> String {
    format!("the body is larger than {MAX_BODY_BYTES} bytes")
}

/// Parses an absolute URL and refuses hosts that are not granted.
pub(crate) fn granted_url(text: &str, installation: &Installation) -> Result<(Url, HostPattern), String> {
    if text.len() > MAX_URL_BYTES {
        return Err(format!("the URL is longer than {MAX_URL_BYTES} bytes"));
    }
    let url = Url::parse(text).map_err(|error| format!("the URL is not sound: {error}"))?;
    let target = HostPattern::of(&url)?;
    if !installation.hosts().iter().any(|host| host.covers(&target)) {
        return Err(format!("`{target}` is not among the granted hosts"));
    }
    Ok((url, target))
}

/// Path and query with secrets. The URL parser may have encoded the braces of a placeholder.
pub(crate) fn fill_url(url: &Url, secret: impl Fn(&str) -> Result<String, String>) -> Result<String, String> {
    let text = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let text = text.replace("%7B%7Bsecret:", "{{secret:").replace("%7D%7D", "}}");
    fill(&text, Place::Url, secret).map(std::borrow::Cow::into_owned)
}

/// Headers with secrets.
pub(crate) fn fill_headers(
    headers: Vec<(String, String)>,
    secret: impl Fn(&str) -> Result<String, String>,
) -> Result<HeaderMap, String> {
    let bytes: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if headers.len() > MAX_HEADERS || bytes > MAX_HEADER_BYTES {
        return Err(format!("more than {MAX_HEADERS} headers or {MAX_HEADER_BYTES} bytes of them"));
    }
    let mut map = HeaderMap::with_capacity(headers.len() + 2);
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(|_| "a header name is not sound")?;
        if FORBIDDEN.contains(&name.as_str()) {
            return Err(format!("the header `{name}` belongs to the host"));
        }
        let value = fill(&value, Place::Plain, &secret)?;
        // The value may hold a secret: the error does not repeat it.
        let mut value =
            HeaderValue::from_str(&value).map_err(|_| format!("the header `{name}` has an unsound value"))?;
        value.set_sensitive(true);
        map.append(name, value);
    }
    Ok(map)
}

fn method(method: wit::Method) -> http::Method {
    match method {
        wit::Method::Get => http::Method::GET,
        wit::Method::Post => http::Method::POST,
        wit::Method::Put => http::Method::PUT,
        wit::Method::Patch => http::Method::PATCH,
        wit::Method::Delete => http::Method::DELETE,
    }
}
