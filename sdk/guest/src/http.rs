//! Calls to the outside, through the host's one guarded client.
//!
//! ```
//! use passerelle_sdk::prelude::*;
//! use passerelle_sdk::testing::{Exchange, Host};
//! use serde_json::json;
//!
//! let url = "https://api.example.com/bot{{secret:bot-token}}/hello";
//! let host = Host::new().expect(Exchange::post(url).json(json!({"to": 7})).answers(200, json!({"ok": true})));
//!
//! let response = http::post(url).json(&json!({"to": 7})).timeout_ms(5000).send()?;
//! assert!(response.is_success());
//! # Ok::<(), Failure>(())
//! ```
//!
//! `{{secret:NAME}}` in the URL's path or query, in a header value or in a body made by
//! [`json_with_secrets`](RequestBuilder::json_with_secrets) is replaced by the host, and only when the manifest gives that
//! secret to the target host. A plugin never sees a secret. Other bodies are sent as they are, so what people write cannot
//! ask for one; words of people in a URL go through [`encode`].

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::bindings::passerelle::plugin::http::{Body, Error, Method, Part, PartValue, Request, Response};

#[cfg(target_arch = "wasm32")]
use crate::bindings::passerelle::plugin::http as host;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::imports::http as host;

use crate::Failure;

/// A GET request.
pub fn get(url: impl Into<String>) -> RequestBuilder {
    request(Method::Get, url)
}

/// A POST request.
pub fn post(url: impl Into<String>) -> RequestBuilder {
    request(Method::Post, url)
}

/// A PUT request.
pub fn put(url: impl Into<String>) -> RequestBuilder {
    request(Method::Put, url)
}

/// A PATCH request.
pub fn patch(url: impl Into<String>) -> RequestBuilder {
    request(Method::Patch, url)
}

/// A DELETE request.
pub fn delete(url: impl Into<String>) -> RequestBuilder {
    request(Method::Delete, url)
}

/// A request with this verb to this absolute URL.
pub fn request(method: Method, url: impl Into<String>) -> RequestBuilder {
    let url = url.into();
    RequestBuilder(Request { method, url, headers: Vec::new(), body: Body::Empty, timeout_ms: None })
}

/// A request in the making.
#[must_use = "a request does nothing until it is sent"]
#[derive(Clone, Debug)]
pub struct RequestBuilder(Request);

impl RequestBuilder {
    /// Adds a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.headers.push((name.into(), value.into()));
        self
    }

    /// Sends this value as JSON.
    ///
    /// # Panics
    /// If the value is not expressible in JSON, such as a map whose keys are not texts.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Self {
        let bytes = serde_json::to_vec(value).expect("the value is expressible in JSON");
        self.bytes("application/json", bytes)
    }

    /// Sends this value as JSON in which the host replaces placeholders. Never put into it what people wrote.
    ///
    /// # Panics
    /// If the value is not expressible in JSON, such as a map whose keys are not texts.
    pub fn json_with_secrets<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        self.0.body = Body::Template(serde_json::to_string(value).expect("the value is expressible in JSON"));
        self.header("content-type", "application/json")
    }

    /// Sends these bytes as this content type.
    pub fn bytes(mut self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.body = Body::Bytes(bytes.into());
        self.header("content-type", content_type)
    }

    /// Sends a form with these fields, percent-encoded.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        self.bytes("application/x-www-form-urlencoded", pairs.join("&"))
    }

    /// Sends these parts as multipart/form-data; the host makes the boundary.
    pub fn multipart(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.0.body = Body::Multipart(parts.into_iter().collect());
        self
    }

    /// Bounds the whole exchange; the host's own limit (10 s) holds where this is longer.
    pub fn timeout_ms(mut self, timeout_ms: u32) -> Self {
        self.0.timeout_ms = Some(timeout_ms);
        self
    }

    /// Sends the request and waits for the whole answer.
    pub fn send(self) -> Result<Response, Error> {
        host::send(&self.0)
    }
}

impl Part {
    /// A field with a text.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        let value = PartValue::Bytes(value.into().into_bytes());
        Self { name: name.into(), file_name: None, content_type: None, value }
    }

    /// A file that the host has: its bytes do not pass through the plugin.
    pub fn handle(name: impl Into<String>, handle: impl Into<String>) -> Self {
        Self { name: name.into(), file_name: None, content_type: None, value: PartValue::Handle(handle.into()) }
    }

    /// A file with these bytes.
    pub fn file(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), file_name: None, content_type: None, value: PartValue::Bytes(bytes.into()) }
    }

    /// Says what the file is called.
    #[must_use]
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// Says what the file is.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }
}

impl Response {
    /// Whether the status is between 200 and 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first header of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as text; bytes that are no UTF-8 are shown as `�`.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON. A body that does not fit is a temporary failure: vendors answer with error pages at times.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Failure::temporary("odd-answer", format!("the vendor's answer (status {}) is odd: {error}", self.status))
        })
    }
}

/// Percent-encodes what is not unreserved in a URI, for path segments, queries and forms. Braces are encoded too, so a
/// placeholder that somebody wrote is none any more; write those that are meant into the URL itself.
pub fn encode(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digits = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
            out.extend(['%', char::from(digits[0]), char::from(digits[1])]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_leaves_no_placeholder() {
        let cases = [
            ("plain-._~", "plain-._~"),
            ("a b/é", "a%20b%2F%C3%A9"),
            ("{{secret:token}}", "%7B%7Bsecret%3Atoken%7D%7D"),
        ];
        for (input, expected) in cases {
            assert_eq!(encode(input), expected, "{input}");
        }
    }
}
