//! The one guarded client for everything that leaves the house on behalf of a plugin or a customer.
//!
//! Allow-list, then resolve, then refuse addresses that are not public, then connect to the very address that was
//! checked. No redirects, no cookies, no proxies, every size and time bounded. An error says whether the request can
//! have been carried out, because that decides whether it may be repeated.

mod address;
mod connect;
mod pattern;
mod pool;
mod streamed;

use std::sync::Arc;
use std::time::Duration;

use http::header::{HOST, HeaderMap, HeaderValue};
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use passerelle_model::id::IntegrationId;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub use address::{AllowedPrivate, is_public};
pub use pattern::HostPattern;
pub use streamed::Streamed;

use crate::config::EgressConfig;
use connect::Connector;
use pool::{Key, Pool};

/// Sends requests to hosts that are granted, at addresses that are public. Cheap to clone.
#[derive(Clone)]
pub struct Egress(Arc<Inner>);

struct Inner {
    config: EgressConfig,
    connector: Connector,
    pool: Pool,
}

/// Which hosts a request may name.
#[derive(Clone, Copy, Debug)]
pub enum Granted<'a> {
    /// These.
    Hosts(&'a [HostPattern]),
    /// Every host with a public address: for URLs that came with a message or from a customer.
    AnyPublic,
}

/// A request on its way out. It may hold secrets, so it does not print.
pub struct Exchange {
    url: Url,
    path_and_query: Option<String>,
    /// The verb.
    pub method: Method,
    /// Headers; `host` and `content-length` are added.
    pub headers: HeaderMap,
    /// What is sent.
    pub body: Bytes,
    /// Time for the whole exchange; the configured time holds where this is longer or absent.
    pub timeout: Option<Duration>,
    /// Largest answer; the configured size where absent.
    pub max_response_bytes: Option<usize>,
}

impl Exchange {
    /// A request without headers and body.
    pub fn new(method: Method, url: Url) -> Self {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Self { url, path_and_query: None, method, headers, body, timeout: None, max_response_bytes: None }
    }

    /// Sends this path and query instead of the URL's own.
    #[must_use]
    pub fn with_path_and_query(mut self, text: String) -> Self {
        self.path_and_query = Some(text);
        self
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status code; redirects are answers like any other.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// Why there is no answer. The texts name hosts and addresses, never paths.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// Not sent, and never will be.
    #[error("denied: {0}")]
    Denied(String),
    /// Not sent: safe to repeat.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// Perhaps carried out.
    #[error("uncertain: {0}")]
    Uncertain(String),
    /// The answer is larger than allowed.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

type Sender = hyper::client::conn::http1::SendRequest<Full<Bytes>>;

impl Egress {
    /// A client with these settings. Certificates of the machine are read when they are first needed.
    pub fn new(config: EgressConfig) -> Self {
        let pool = Pool::new(config.idle_per_host, Duration::from_millis(config.idle_ms));
        let connector = Connector::new(&config);
        Self(Arc::new(Inner { config, connector, pool }))
    }

    /// Sends the request and reads the whole answer. Connections are shared within one `owner` only.
    pub async fn exchange(
        &self,
        owner: IntegrationId,
        granted: Granted<'_>,
        exchange: Exchange,
    ) -> Result<Answer, EgressError> {
        let most = Duration::from_millis(self.0.config.timeout_ms);
        let time = exchange.timeout.unwrap_or(most).min(most);
        let limit = exchange.max_response_bytes.unwrap_or(self.0.config.max_response_bytes);
        let mut streamed = self.open(owner, granted, exchange, time, limit).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = streamed.chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(Answer { status: streamed.status, headers: streamed.headers, body: bytes.into() })
    }

    /// Sends the request and gives the answer as soon as its head is there. `time` is for the whole exchange and `limit`
    /// for the answer's bytes, both as the caller says.
    pub async fn open(
        &self,
        owner: IntegrationId,
        granted: Granted<'_>,
        exchange: Exchange,
        time: Duration,
        limit: usize,
    ) -> Result<Streamed, EgressError> {
        let target = check_granted(granted, &exchange.url)?;
        let deadline = Instant::now() + time;
        let key = Key { owner, target };
        let request =
            into_request(&exchange.url, exchange.path_and_query, exchange.method, exchange.headers, exchange.body)?;
        let (sender, response) = self.send(&key, &exchange.url, request, deadline).await?;
        Ok(Streamed::new(self.clone(), key, sender, response, deadline, limit))
    }

    /// Tries idle connections as long as the request comes back unsent, then a fresh one.
    async fn send(
        &self,
        key: &Key,
        url: &Url,
        mut request: Request<Full<Bytes>>,
        deadline: Instant,
    ) -> Result<(Sender, Response<Incoming>), EgressError> {
        while let Some(mut sender) = self.0.pool.take(key).await {
            match try_send(&mut sender, request, deadline).await {
                Ok(response) => return Ok((sender, response)),
                Err(Unsent::Back(unsent)) => request = *unsent,
                Err(Unsent::Lost(error)) => return Err(error),
            }
        }
        let mut sender = self.0.connector.connect(url, deadline).await?;
        match try_send(&mut sender, request, deadline).await {
            Ok(response) => Ok((sender, response)),
            Err(Unsent::Back(_)) => Err(EgressError::Unreachable("the connection closed before the request".into())),
            Err(Unsent::Lost(error)) => Err(error),
        }
    }
}

fn check_granted(granted: Granted<'_>, url: &Url) -> Result<HostPattern, EgressError> {
    let target = HostPattern::of(url).map_err(EgressError::Denied)?;
    match granted {
        Granted::Hosts(hosts) if !hosts.iter().any(|host| host.covers(&target)) => {
            Err(EgressError::Denied(format!("`{target}` is not among the granted hosts")))
        }
        _ => Ok(target),
    }
}

fn into_request(
    url: &Url,
    path_and_query: Option<String>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Request<Full<Bytes>>, EgressError> {
    let uri = path_and_query.unwrap_or_else(|| match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    });
    // The text may hold a secret: the error does not repeat it.
    let denied = || EgressError::Denied("the URL's path or query holds characters that a request cannot carry".into());
    let mut request = Request::builder().method(method).uri(uri).body(Full::new(body)).map_err(|_| denied())?;
    *request.headers_mut() = headers;
    let authority = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let authority = HeaderValue::try_from(authority).map_err(|_| denied())?;
    request.headers_mut().insert(HOST, authority);
    Ok(request)
}

enum Unsent {
    /// Nothing was sent; here is the request.
    Back(Box<Request<Full<Bytes>>>),
    /// It may have been sent.
    Lost(EgressError),
}

async fn try_send(
    sender: &mut Sender,
    request: Request<Full<Bytes>>,
    deadline: Instant,
) -> Result<Response<Incoming>, Unsent> {
    match timeout_at(deadline, sender.try_send_request(request)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(mut error)) => Err(match error.take_message() {
            Some(request) => Unsent::Back(Box::new(request)),
            None => Unsent::Lost(EgressError::Uncertain(format!("the connection broke: {}", error.error()))),
        }),
        Err(_) => Err(Unsent::Lost(EgressError::Uncertain("no answer came in time".into()))),
    }
}
