//! What every request and every reply has in common: one spelling of the path, a request id, security headers.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::response::IntoResponse;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, Uri};

use crate::error::ApiError;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MAX_REQUEST_ID: usize = 64;

static COUNTER: AtomicU64 = AtomicU64::new(1);

/// Gives the request an id (its own when it brought a decent one) and collapses double slashes in its path: client
/// libraries with a trailing slash in their base path send `//v2/…`, and a redirect would turn a POST into a GET.
pub(crate) fn prepare(mut request: Request<Body>) -> Request<Body> {
    if request.uri().path().contains("//") {
        *request.uri_mut() = collapsed(request.uri());
    }
    let id = request.headers().get(&REQUEST_ID).filter(|id| is_decent(id)).cloned().unwrap_or_else(fresh_id);
    request.headers_mut().insert(REQUEST_ID, id);
    request
}

/// The id that `prepare` gave.
pub(crate) fn request_id(request: &Request<Body>) -> HeaderValue {
    request.headers().get(&REQUEST_ID).cloned().unwrap_or_else(fresh_id)
}

/// Adds what every reply carries.
pub(crate) fn finish(mut response: Response<Body>, id: &HeaderValue) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id.clone());
    // A page that says by its policy who may embed it is not contradicted by the older header.
    let policy = headers.get(CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let may_be_framed = policy.contains("frame-ancestors") && !policy.contains("frame-ancestors 'none'");
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed.into_iter().filter(|(name, _)| !may_be_framed || *name != X_FRAME_OPTIONS) {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The reply to a request that took too long. Whether it had an effect is unknown to the caller; a repeat is safe for
/// webhooks, because their events are recognised.
pub(crate) fn timed_out() -> Response<Body> {
    ApiError::unavailable("The request took too long").into_response()
}

/// The reply to a request whose operation panicked. The panic itself has been reported where it happened.
pub(crate) fn panicked() -> Response<Body> {
    metrics::counter!("passerelle_panics_total", "place" => "api").increment(1);
    ApiError::internal(&"the operation panicked").into_response()
}

fn collapsed(uri: &Uri) -> Uri {
    let mut path = String::with_capacity(uri.path().len());
    for character in uri.path().chars() {
        if character != '/' || !path.ends_with('/') {
            path.push(character);
        }
    }
    if let Some(query) = uri.query() {
        path.push('?');
        path.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(path).ok().or(parts.path_and_query);
    Uri::from_parts(parts).unwrap_or_else(|_| uri.clone())
}

fn is_decent(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=MAX_REQUEST_ID).contains(&bytes.len()) && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
}

/// A number of this process: enough to find a line in its log.
fn fresh_id() -> HeaderValue {
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    HeaderValue::try_from(format!("r{count:x}")).unwrap_or(HeaderValue::from_static("r0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn double_slashes_collapse_and_the_query_stays() {
        for (from, to) in [
            ("//v2/apps", "/v2/apps"),
            ("/v2///apps//x", "/v2/apps/x"),
            ("/v2/apps?a=//b", "/v2/apps?a=//b"),
            ("/v2/apps/a%2F%2Fb", "/v2/apps/a%2F%2Fb"),
            ("//v2/apps?page[after]=1", "/v2/apps?page[after]=1"),
        ] {
            let request = Request::builder().uri(format!("http://h{from}")).body(Body::empty());
            let prepared = prepare(request.expect("a request"));
            assert_eq!(prepared.uri().path_and_query().map(PathAndQuery::as_str), Some(to), "{from}");
        }
    }

    #[test]
    fn an_odd_request_id_is_replaced() {
        for (given, kept) in [("abc-1", true), ("", false), ("a b", false), (&"x".repeat(65) as &str, false)] {
            let request = Request::builder().uri("/").header(REQUEST_ID, given).body(Body::empty());
            let prepared = prepare(request.expect("a request"));
            assert_eq!(prepared.headers()[REQUEST_ID].as_bytes() == given.as_bytes(), kept, "{given}");
        }
    }
}
