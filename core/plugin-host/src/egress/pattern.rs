//! The allow-list: which hosts may be named at all.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use url::{Host, Url};

/// `scheme://host[:port]` or `scheme://*.domain[:port]`, with http or https. A star stands for one or more labels.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HostPattern {
    https: bool,
    /// In the URL parser's form: lower case, punycode, IPv6 in brackets.
    host: String,
    /// Whether names below `host` are meant instead of `host`.
    below: bool,
    port: u16,
}

impl HostPattern {
    /// The pattern that covers exactly the origin of this URL.
    pub fn of(url: &Url) -> Result<Self, String> {
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            scheme => return Err(format!("`{scheme}` is not a scheme that plugins may use: take https")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a URL must not hold a user name or password".into());
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("the URL has no host")?.to_owned();
        let port = url.port_or_known_default().ok_or("the URL has no port")?;
        Ok(Self { https, host, below: false, port })
    }

    /// Whether everything that `other` means is meant by this pattern too.
    pub fn covers(&self, other: &Self) -> bool {
        if (self.https, self.port) != (other.https, other.port) {
            return false;
        }
        if self.below {
            let inner = other.host.strip_suffix(&self.host).and_then(|rest| rest.strip_suffix('.'));
            return inner.is_some_and(|rest| !rest.is_empty()) || (other.below && other.host == self.host);
        }
        !other.below && self.host == other.host
    }
}

impl FromStr for HostPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let invalid = |why: &str| format!("`{text}` is not a host such as `https://api.example.com`: {why}");
        let (scheme, rest) = text.split_once("://").ok_or_else(|| invalid("the scheme is missing"))?;
        let below = rest.starts_with("*.");
        let plain = format!("{scheme}://{}", rest.strip_prefix("*.").unwrap_or(rest));
        let url = Url::parse(&plain).map_err(|error| invalid(&error.to_string()))?;
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("only scheme, host and port belong here"));
        }
        let pattern = Self::of(&url).map_err(|why| invalid(&why))?;
        if pattern.host.contains('*') {
            return Err(invalid("a star may only stand for the first labels, as in `https://*.example.com`"));
        }
        let is_name = matches!(url.host(), Some(Host::Domain(name)) if name.contains('.'));
        if below && !is_name {
            return Err(invalid("a star needs a domain with a dot behind it"));
        }
        Ok(Self { below, ..pattern })
    }
}

impl TryFrom<String> for HostPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.https { ("https", 443) } else { ("http", 80) };
        write!(f, "{scheme}://{}{}", if self.below { "*." } else { "" }, self.host)?;
        if self.port == usual { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_what_they_say_and_no_more() {
        for (pattern, url, expected) in [
            ("https://api.example.com", "https://api.example.com/x?y", true),
            ("https://api.example.com", "https://API.example.com:443/", true),
            ("https://api.example.com", "http://api.example.com/", false),
            ("https://api.example.com", "https://api.example.com:8443/", false),
            ("https://api.example.com", "https://api.example.com.evil.net/", false),
            ("https://api.example.com", "https://evil-api.example.com/", false),
            ("https://*.example.com", "https://a.b.example.com/", true),
            ("https://*.example.com", "https://example.com/", false),
            ("https://*.example.com", "https://notexample.com/", false),
            ("http://127.0.0.1:9001", "http://127.0.0.1:9001/bot", true),
            ("http://127.0.0.1:9001", "http://2130706433:9001/bot", true),
            ("http://127.0.0.1:9001", "http://localhost:9001/bot", false),
        ] {
            let pattern: HostPattern = pattern.parse().unwrap();
            let target = HostPattern::of(&Url::parse(url).unwrap()).unwrap();
            assert_eq!(pattern.covers(&target), expected, "{pattern} {url}");
        }
    }

    #[test]
    fn odd_patterns_are_refused() {
        for text in [
            "api.example.com",
            "ftp://example.com",
            "https://",
            "https://*",
            "https://*.com",
            "https://a.*.com",
            "https://example.com/path",
            "https://user@example.com",
            "https://example.com?q",
            "https://*.127.0.0.1",
        ] {
            assert!(text.parse::<HostPattern>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_pattern_prints_as_it_is_written() {
        for text in ["https://*.example.com", "http://127.0.0.1:9001", "https://api.example.com"] {
            assert_eq!(text.parse::<HostPattern>().unwrap().to_string(), text);
        }
    }
}
