//! Fetches the files that came with messages, through the guarded client, as a stream.

use std::time::Duration;

use http::Method;
use http::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use hyper::body::Bytes;
use passerelle_model::id::IntegrationId;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::ability::{fill_headers, fill_url, granted_url};
use crate::call::Download;
use crate::egress::{EgressError, Exchange, Granted, Streamed};
use crate::host::PluginHost;
use crate::installation::Installation;

/// Redirects that are followed to a public file. Each address is checked like the first.
const MAX_REDIRECTS: usize = 3;

/// Why a file could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The request did not come through.
    #[error(transparent)]
    Egress(#[from] EgressError),
    /// The other side has it not, or not now.
    #[error("the file's server answered with status {0}")]
    Status(u16),
}

/// A file of somebody else, read while it comes.
pub struct RemoteFile {
    /// What the other side says of its type; `application/octet-stream` where it says nothing of use.
    pub media_type: String,
    /// What it is called.
    pub file_name: Option<String>,
    body: Streamed,
}

impl RemoteFile {
    fn new(body: Streamed) -> Result<Self, FetchError> {
        if body.status != 200 {
            return Err(FetchError::Status(body.status));
        }
        Ok(Self { media_type: media_type(&body.headers), file_name: None, body })
    }

    /// The next bytes; none at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, FetchError> {
        Ok(self.body.chunk().await?)
    }
}

impl PluginHost {
    /// Fetches what `locate_media` found: from granted hosts only, with the installation's secrets.
    pub async fn fetch_media(
        &self,
        installation: &Installation,
        download: &Download,
        time: Duration,
        max_bytes: usize,
    ) -> Result<RemoteFile, FetchError> {
        let exchange = prepare(installation, download).map_err(EgressError::Denied)?;
        let granted = Granted::Hosts(installation.hosts());
        let opened = self.egress().open(installation.integration(), granted, exchange, time, max_bytes).await?;
        let mut file = RemoteFile::new(opened)?;
        if let Some(media_type) = &download.media_type {
            file.media_type.clone_from(media_type);
        }
        file.file_name.clone_from(&download.file_name);
        Ok(file)
    }

    /// Fetches a file that anybody may read, from any public address. `owner` is whose connections are used.
    pub async fn fetch_public(
        &self,
        owner: IntegrationId,
        url: &str,
        time: Duration,
        max_bytes: usize,
    ) -> Result<RemoteFile, FetchError> {
        let unsound = |error| EgressError::Denied(format!("the URL is not sound: {error}"));
        let mut url = Url::parse(url).map_err(unsound)?;
        for _ in 0..=MAX_REDIRECTS {
            let exchange = Exchange::new(Method::GET, url.clone());
            let opened = self.egress().open(owner, Granted::AnyPublic, exchange, time, max_bytes).await?;
            match redirect(&opened) {
                Some(location) => url = url.join(&location).map_err(unsound)?,
                None => {
                    let mut file = RemoteFile::new(opened)?;
                    file.file_name = last_segment(&url);
                    return Ok(file);
                }
            }
        }
        Err(EgressError::Denied("the file's server redirects too often".into()).into())
    }
}

fn redirect(answer: &Streamed) -> Option<String> {
    let is_redirect = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
    let location = answer.headers.get(LOCATION).filter(|_| is_redirect)?;
    location.to_str().ok().map(str::to_owned)
}

fn last_segment(url: &Url) -> Option<String> {
    let name = url.path_segments()?.next_back().filter(|name| !name.is_empty())?;
    Some(percent_decode_str(name).decode_utf8_lossy().into_owned())
}

fn prepare(installation: &Installation, download: &Download) -> Result<Exchange, String> {
    let (url, target) = granted_url(&download.url, installation)?;
    let secret = |name: &str| installation.secret_for(name, &target);
    let path_and_query = fill_url(&url, secret)?;
    let headers = fill_headers(download.headers.clone(), secret)?;
    let mut exchange = Exchange::new(Method::GET, url).with_path_and_query(path_and_query);
    exchange.headers = headers;
    Ok(exchange)
}

/// The type without its parameters; unknown where the server says nothing of use.
fn media_type(headers: &HeaderMap) -> String {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence.contains('/') { essence } else { "application/octet-stream".into() }
}
