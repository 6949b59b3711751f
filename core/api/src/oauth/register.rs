//! Registering a client: what may stand in its record, and its secret.

use passerelle_model::time::Timestamp;
use passerelle_store::{OauthClient, Secret};
use url::{Host, Url};

use super::digest;
use crate::mint::{self, NoRandomness};

/// Characters of a display name.
const MAX_NAME: usize = 100;
/// Addresses that a client may register.
const MAX_REDIRECT_URIS: usize = 10;
/// Characters of an address.
const MAX_URI: usize = 2048;

/// Why a client cannot be registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The name is empty or too long.
    #[error("a client's name has 1 to {MAX_NAME} characters")]
    Name,
    /// There are none or too many.
    #[error("a client has 1 to {MAX_REDIRECT_URIS} redirect URIs")]
    Count,
    /// An address cannot be used.
    #[error("`{uri}` cannot be used: {reason}")]
    Uri {
        /// Which.
        uri: String,
        /// Why.
        reason: &'static str,
    },
    /// The system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// A client that does not exist yet, and its secret, which is shown once and not kept.
pub fn register(
    name: &str,
    redirect_uris: &[String],
    removal_url: Option<&str>,
    now: Timestamp,
) -> Result<(OauthClient, Secret), RegisterError> {
    let name = name.trim();
    if !(1..=MAX_NAME).contains(&name.chars().count()) {
        return Err(RegisterError::Name);
    }
    if !(1..=MAX_REDIRECT_URIS).contains(&redirect_uris.len()) {
        return Err(RegisterError::Count);
    }
    let refused = |uri: &str, reason| RegisterError::Uri { uri: uri.chars().take(MAX_URI).collect(), reason };
    for uri in redirect_uris {
        check_redirect_uri(uri).map_err(|reason| refused(uri, reason))?;
    }
    if let Some(url) = removal_url {
        check_removal_url(url).map_err(|reason| refused(url, reason))?;
    }
    let secret = mint::secret()?;
    let client = OauthClient {
        id: mint::oauth_client_id()?,
        display_name: name.to_owned(),
        redirect_uris: redirect_uris.to_vec(),
        removal_url: removal_url.map(str::to_owned),
        secret: digest(secret.reveal()),
        created_at: now,
    };
    Ok((client, secret))
}

/// A code is as good as a key for a while: it travels encrypted, within one machine, or to an app of the same device.
fn check_redirect_uri(text: &str) -> Result<(), &'static str> {
    let url = parse(text)?;
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => Ok(()),
        ("http", Some(Host::Domain("localhost"))) => Ok(()),
        ("http", Some(Host::Ipv4(address))) if address.is_loopback() => Ok(()),
        ("http", Some(Host::Ipv6(address))) if address.is_loopback() => Ok(()),
        // Schemes of installed apps are reversed domain names; this leaves out `javascript:` and its like.
        (scheme, _) if scheme.contains('.') => Ok(()),
        _ => Err(
            "it must begin with https://, with http:// on the same machine, or with an app's scheme such as com.example.app:",
        ),
    }
}

fn check_removal_url(text: &str) -> Result<(), &'static str> {
    let url = parse(text)?;
    if matches!(url.scheme(), "https" | "http") { Ok(()) } else { Err("it must begin with https:// or http://") }
}

fn parse(text: &str) -> Result<Url, &'static str> {
    if text.len() > MAX_URI {
        return Err("it is longer than 2048 characters");
    }
    let url = Url::parse(text).map_err(|_| "it is no absolute URI")?;
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]_".contains(c));
    match () {
        () if url.fragment().is_some() => Err("it has a fragment"),
        () if !url.username().is_empty() || url.password().is_some() => Err("it holds credentials"),
        // The host goes into a header of the consent page, where other characters would mean something.
        () if !url.host_str().is_none_or(plain) => Err("its host holds odd characters"),
        () => Ok(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(uris: &[&str], removal: Option<&str>) -> Result<(), String> {
        let uris: Vec<String> = uris.iter().map(|uri| (*uri).to_owned()).collect();
        register("CRM", &uris, removal, Timestamp::from_millis(0)).map(|_| ()).map_err(|error| error.to_string())
    }

    #[test]
    fn codes_travel_only_where_nobody_reads_along() {
        for good in [
            "https://crm.example.org/cb",
            "https://crm.example.org:8443/cb?tenant=1",
            "http://localhost:3000/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:9/cb",
            "com.example.app:/done",
        ] {
            assert_eq!(check(&[good], None), Ok(()), "{good}");
        }
        for bad in [
            "http://crm.example.org/cb",
            "http://localhost.example.org/cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "/cb",
            "",
            "https://crm.example.org/cb#part",
            "https://me:pass@crm.example.org/cb",
            "https://a;script-src/cb",
        ] {
            assert!(check(&[bad], None).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_record_has_bounds() {
        assert!(check(&[], None).is_err());
        assert!(check(&["https://a.example/cb"; 11], None).is_err());
        assert!(check(&["https://a.example/cb"], Some("ftp://a.example/gone")).is_err());
        assert!(check(&["https://a.example/cb"], Some("https://a.example/gone")).is_ok());
        let uris = ["https://a.example/cb".to_owned()];
        assert!(register(" ", &uris, None, Timestamp::from_millis(0)).is_err());
        assert!(register(&"x".repeat(101), &uris, None, Timestamp::from_millis(0)).is_err());
    }
}
