//! From a name to a connection, with the check of the address in between.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::address::{AllowedPrivate, is_public};
use super::{EgressError, Sender};
use crate::config::EgressConfig;

/// Addresses of one name that are tried.
const MAX_ADDRESSES: usize = 4;

pub(super) struct Connector {
    allow_private: Vec<AllowedPrivate>,
    timeout: Duration,
    instead: Option<SocketAddr>,
    /// Made with the first https request: reading the machine's certificates takes time and memory.
    tls: OnceLock<Result<Arc<rustls::ClientConfig>, String>>,
}

impl Connector {
    pub(super) fn new(config: &EgressConfig) -> Self {
        let timeout = Duration::from_millis(config.connect_timeout_ms);
        let (allow_private, instead) = (config.allow_private.clone(), config.connect_instead);
        Self { allow_private, timeout, instead, tls: OnceLock::new() }
    }

    /// A connection to the URL's host, at an address that was checked. Nothing of the request is sent yet.
    pub(super) async fn connect(&self, url: &Url, deadline: Instant) -> Result<Sender, EgressError> {
        let deadline = deadline.min(Instant::now() + self.timeout);
        let name = url.host_str().unwrap_or_default();
        timeout_at(deadline, self.connect_without_limit(url))
            .await
            .map_err(|_| EgressError::Unreachable(format!("`{name}` did not take the connection in time")))?
    }

    async fn connect_without_limit(&self, url: &Url) -> Result<Sender, EgressError> {
        if let Some(address) = self.instead {
            return handshake(connect_first(&[address], url).await?).await;
        }
        let addresses = self.checked(resolve(url).await?, url)?;
        let stream = connect_first(&addresses, url).await?;
        // A small request must not wait for the answer to the one before.
        stream.set_nodelay(true).map_err(|error| EgressError::Unreachable(error.to_string()))?;
        if url.scheme() != "https" {
            return handshake(stream).await;
        }
        let tls = TlsConnector::from(self.tls()?);
        let failed = |error: String| EgressError::Unreachable(format!("TLS with `{}` failed: {error}", host_name(url)));
        let name = ServerName::try_from(host_name(url)).map_err(|error| failed(error.to_string()))?;
        handshake(tls.connect(name, stream).await.map_err(|error| failed(error.to_string()))?).await
    }

    fn checked(&self, addresses: Vec<SocketAddr>, url: &Url) -> Result<Vec<SocketAddr>, EgressError> {
        let allowed = |address: &SocketAddr| {
            is_public(address.ip()) || self.allow_private.iter().any(|allowed| allowed.covers(*address))
        };
        let refused = addresses.iter().copied().find(|address| !allowed(address));
        let kept: Vec<_> = addresses.into_iter().filter(allowed).take(MAX_ADDRESSES).collect();
        match (kept.is_empty(), refused) {
            (false, _) => Ok(kept),
            (true, Some(address)) => Err(EgressError::Denied(format!(
                "`{}` leads to {address}, which is not public; the operator can allow it with `egress.allow_private`",
                host_name(url)
            ))),
            (true, None) => Err(EgressError::Unreachable(format!("`{}` has no address", host_name(url)))),
        }
    }

    fn tls(&self) -> Result<Arc<rustls::ClientConfig>, EgressError> {
        self.tls.get_or_init(make_tls).clone().map_err(EgressError::Unreachable)
    }
}

fn make_tls() -> Result<Arc<rustls::ClientConfig>, String> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| format!("the machine's certificates cannot be read: {error}"))?;
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The host as a name: an IPv6 address without its brackets.
fn host_name(url: &Url) -> String {
    url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned()
}

async fn resolve(url: &Url) -> Result<Vec<SocketAddr>, EgressError> {
    let port = url.port_or_known_default().unwrap_or_default();
    match url.host() {
        Some(Host::Ipv4(ip)) => Ok(vec![(IpAddr::V4(ip), port).into()]),
        Some(Host::Ipv6(ip)) => Ok(vec![(IpAddr::V6(ip), port).into()]),
        Some(Host::Domain(name)) => match tokio::net::lookup_host((name, port)).await {
            Ok(addresses) => Ok(addresses.collect()),
            Err(error) => Err(EgressError::Unreachable(format!("the name `{name}` cannot be resolved: {error}"))),
        },
        None => Err(EgressError::Denied("the URL has no host".into())),
    }
}

async fn connect_first(addresses: &[SocketAddr], url: &Url) -> Result<TcpStream, EgressError> {
    let mut last = String::new();
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = format!("`{}` at {address} does not answer: {error}", host_name(url)),
        }
    }
    Err(EgressError::Unreachable(last))
}

async fn handshake(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Result<Sender, EgressError> {
    let (sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| EgressError::Unreachable(format!("the connection failed: {error}")))?;
    // The task ends with the connection, which ends with the last sender, which the pool drops when it is idle.
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(target: "egress", %error, "a connection broke");
        }
    });
    Ok(sender)
}
