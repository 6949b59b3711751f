//! Fetches the files that came with messages, through the guarded client.

use http::Method;
use http::header::{CONTENT_TYPE, HeaderMap};
use passerelle_model::id::IntegrationId;
use url::Url;

use crate::ability::{fill_headers, fill_url, granted_url};
use crate::call::Download;
use crate::egress::{Answer, EgressError, Exchange, Granted};
use crate::host::PluginHost;
use crate::installation::Installation;
use crate::source::MediaBytes;

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

impl PluginHost {
    /// Fetches what `locate_media` found: from granted hosts only, with the installation's secrets.
    pub async fn fetch_media(
        &self,
        installation: &Installation,
        download: &Download,
        max_bytes: usize,
    ) -> Result<MediaBytes, FetchError> {
        let mut exchange = prepare(installation, download).map_err(EgressError::Denied)?;
        exchange.max_response_bytes = Some(max_bytes);
        let granted = Granted::Hosts(installation.hosts());
        let answer = self.egress().exchange(installation.integration(), granted, exchange).await?;
        let mut file = into_file(answer)?;
        if let Some(media_type) = &download.media_type {
            file.media_type.clone_from(media_type);
        }
        file.file_name.clone_from(&download.file_name);
        Ok(file)
    }

    /// Fetches a file that anybody may read, from any public address.
    pub async fn fetch_public(
        &self,
        integration: IntegrationId,
        url: &str,
        max_bytes: usize,
    ) -> Result<MediaBytes, FetchError> {
        let url = Url::parse(url).map_err(|error| EgressError::Denied(format!("the URL is not sound: {error}")))?;
        let file_name = url.path_segments().and_then(|mut segments| segments.next_back()).map(str::to_owned);
        let mut exchange = Exchange::new(Method::GET, url);
        exchange.max_response_bytes = Some(max_bytes);
        let mut file = into_file(self.egress().exchange(integration, Granted::AnyPublic, exchange).await?)?;
        file.file_name = file_name.filter(|name| !name.is_empty());
        Ok(file)
    }
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

fn into_file(answer: Answer) -> Result<MediaBytes, FetchError> {
    if answer.status != 200 {
        return Err(FetchError::Status(answer.status));
    }
    Ok(MediaBytes { media_type: media_type(&answer.headers), file_name: None, bytes: answer.body })
}

/// The type without its parameters; unknown where the server says nothing of use.
fn media_type(headers: &HeaderMap) -> String {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence.contains('/') { essence } else { "application/octet-stream".into() }
}
