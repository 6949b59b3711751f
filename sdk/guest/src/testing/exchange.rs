//! One expected request and its answer.

use std::fmt;

use serde_json::Value;

use crate::http::{Body, Error, Method, Request, Response};

/// One expected request and its answer. The URL is the one the plugin writes, placeholders and all.
#[derive(Clone, Debug)]
pub struct Exchange {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    json: Option<Value>,
    answer: Result<Response, Error>,
}

impl Exchange {
    /// Expects a GET request.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::Get, url)
    }

    /// Expects a POST request.
    pub fn post(url: impl Into<String>) -> Self {
        Self::new(Method::Post, url)
    }

    /// Expects a request with this verb; answered with 200 and `{}` unless something else is said.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        let answer = Response { status: 200, headers: Vec::new(), body: b"{}".to_vec() };
        Self { method, url: url.into(), headers: Vec::new(), json: None, answer: Ok(answer) }
    }

    /// Expects this JSON body. Without it any body will do.
    #[must_use]
    pub fn json(mut self, body: Value) -> Self {
        self.json = Some(body);
        self
    }

    /// Expects this header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Answers with this status and JSON body.
    #[must_use]
    pub fn answers(self, status: u16, body: Value) -> Self {
        self.answers_with(Ok(Response {
            status,
            headers: vec![("content-type".into(), "application/json".into())],
            body: body.to_string().into_bytes(),
        }))
    }

    /// Answers with this status and nothing else.
    #[must_use]
    pub fn answers_empty(self, status: u16) -> Self {
        self.answers_with(Ok(Response { status, headers: Vec::new(), body: Vec::new() }))
    }

    /// Gives no answer, for this reason.
    #[must_use]
    pub fn fails(self, error: Error) -> Self {
        self.answers_with(Err(error))
    }

    /// Answers with exactly this.
    #[must_use]
    pub fn answers_with(mut self, answer: Result<Response, Error>) -> Self {
        self.answer = answer;
        self
    }

    /// The answer, after the request was compared with what is expected.
    ///
    /// # Panics
    /// If the request is another one.
    pub(super) fn play(self, request: &Request) -> Result<Response, Error> {
        let made = (request.method, request.url.as_str());
        assert_eq!((self.method, self.url.as_str()), made, "expected {self}, but the plugin sent another request");
        for header in &self.headers {
            assert!(request.headers.contains(header), "expected the header {header:?} among {:?}", request.headers);
        }
        if let Some(json) = &self.json {
            assert_eq!(Some(json), json_body(request).as_ref(), "{self}: expected the body on the left");
        }
        self.answer
    }
}

fn json_body(request: &Request) -> Option<Value> {
    match &request.body {
        Body::Bytes(bytes) => serde_json::from_slice(bytes).ok(),
        Body::Template(text) => serde_json::from_str(text).ok(),
        Body::Empty | Body::Multipart(_) => None,
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        };
        write!(f, "{verb} {}", self.url)
    }
}
