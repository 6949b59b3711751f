//! Where a request of a browser comes from. Browsers say so, and scripts in them cannot say otherwise.

use http::HeaderMap;
use http::header::{HeaderName, ORIGIN};
use url::Url;

/// Says how the sender's page is related to us.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The origin of our own address.
pub(crate) fn own(public_url: &str) -> String {
    Url::parse(public_url).map_or_else(|_| public_url.to_owned(), |url| url.origin().ascii_serialization())
}

/// Whether the request was made by a page of ours, or by no page at all.
pub(crate) fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let origin = text(headers, &ORIGIN);
    let site = text(headers, &SITE);
    origin.is_none_or(|origin| origin == own(public_url))
        && site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// Whether the request says at all which page made it: every browser does where something is changed.
pub(crate) fn is_said(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN) || headers.contains_key(SITE)
}

/// What the request says of the page that made it.
pub(crate) fn of(headers: &HeaderMap) -> Option<&str> {
    text(headers, &ORIGIN)
}

/// A header that stands once; one that is unreadable or stands twice fits nothing.
fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return Some("");
    }
    Some(value.to_str().unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_programs_come_in() {
        for (origin, site, comes_in) in [
            (None, None, true),
            (Some("https://gw.example"), None, true),
            (Some("https://gw.example"), Some("same-origin"), true),
            (None, Some("none"), true),
            (Some("https://gw.example"), Some("same-site"), false),
            (Some("https://gw.example"), Some("cross-site"), false),
            (None, Some("cross-site"), false),
            (Some("https://evil.example"), None, false),
            (Some("https://gw.example.evil.com"), None, false),
            (Some("http://gw.example"), None, false),
            (Some("https://gw.example:8443"), None, false),
            (Some("null"), None, false),
            (Some(""), None, false),
            (Some("HTTPS://GW.EXAMPLE"), None, false),
        ] {
            let mut headers = HeaderMap::new();
            origin.map(|origin| headers.insert(ORIGIN, origin.parse().expect("a header")));
            site.map(|site| headers.insert(SITE, site.parse().expect("a header")));
            assert_eq!(is_own(&headers, "https://gw.example/chat"), comes_in, "{origin:?} {site:?}");
        }
        let twice: HeaderMap =
            ["https://gw.example"; 2].map(|value| (ORIGIN, value.parse().expect("a header"))).into_iter().collect();
        assert!(!is_own(&twice, "https://gw.example"), "two origins are none");
    }
}
