//! Settings of mail, and what they come to.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Certificate;
use passerelle_model::id::AppId;
use passerelle_store::Secret;
use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq as _;
use url::{Host, Url};

/// Characters of a token that nobody guesses.
const MIN_TOKEN: usize = 16;

/// Settings of mail.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// The mail server, `smtp://user:password@host:port` or `smtps://…`; empty: no mail is sent.
    #[serde(deserialize_with = "secret")]
    pub smtp: Secret,
    /// Whether mail may be handed over without encryption.
    pub tls: TlsMode,
    /// A PEM file with a root certificate beside the system's; empty: none.
    pub ca_file: PathBuf,
    /// Who letters are from, `Name <address>`.
    pub from: String,
    /// Whether what is sent to `name+anything@host` arrives where `name@host` does.
    pub plus_addresses: bool,
    /// What the mail server shows when it brings a letter; empty: none is taken.
    #[serde(deserialize_with = "secret")]
    pub inbound_token: Secret,
    /// The app whose tickets the letters of strangers become; empty: the house's only app.
    pub app: String,
    /// Milliseconds for every step with the mail server.
    pub timeout_ms: u64,
    /// Milliseconds before the first retry; doubled each time.
    pub retry_first_ms: u64,
    /// Milliseconds between two tries at most.
    pub retry_cap_ms: u64,
    /// Seconds after which a letter that cannot be sent is given up.
    pub retry_for_s: u64,
}

/// Whether mail may be handed over without encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// Never.
    Required,
    /// Always: for a server on this machine or in a network of yours.
    None,
}

impl Default for MailConfig {
    /// Mail is off.
    fn default() -> Self {
        Self {
            smtp: Secret::new(""),
            tls: TlsMode::Required,
            ca_file: PathBuf::new(),
            from: String::new(),
            plus_addresses: false,
            inbound_token: Secret::new(""),
            app: String::new(),
            timeout_ms: 30_000,
            retry_first_ms: 10_000,
            retry_cap_ms: 900_000,
            retry_for_s: 86_400,
        }
    }
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}

/// A setting of mail that does not fit. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`mail.{key}` {reason}")]
pub struct MailConfigError {
    /// Which.
    pub key: &'static str,
    /// What would be right.
    pub reason: String,
}

impl MailConfigError {
    /// The whole path of the setting.
    pub fn setting(&self) -> &'static str {
        match self.key {
            "smtp" => "mail.smtp",
            "from" => "mail.from",
            "ca_file" => "mail.ca_file",
            "app" => "mail.app",
            _ => "mail.inbound_token",
        }
    }
}

/// What the settings of mail come to. Off by default.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// Where letters are handed over.
    pub postbox: Option<Postbox>,
    /// Where letters come in.
    pub letterbox: Option<Letterbox>,
}

/// The mail server that takes our letters.
#[derive(Clone)]
pub struct Postbox {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Encrypted from the first byte, as `smtps` says.
    pub(crate) encrypted: bool,
    pub(crate) tls: TlsMode,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) root: Option<Certificate>,
    pub(crate) from: Mailbox,
    pub(crate) plus_addresses: bool,
    pub(crate) timeout: Duration,
    pub(crate) retry_first: Duration,
    pub(crate) retry_cap: Duration,
    pub(crate) retry_for: Duration,
}

impl std::fmt::Debug for Postbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Postbox({}:{})", self.host, self.port)
    }
}

/// Where letters come in.
#[derive(Clone, Debug)]
pub struct Letterbox {
    token: Secret,
    /// The app of letters that belong to no ticket; none for the house's only one.
    pub app: Option<AppId>,
}

impl Letterbox {
    /// Whether whoever brings a letter is our mail server.
    pub fn fits(&self, token: &str) -> bool {
        self.token.reveal().as_bytes().ct_eq(token.as_bytes()).into()
    }
}

impl MailConfig {
    /// Reads the settings once and for all.
    pub fn read(&self) -> Result<Mail, MailConfigError> {
        let postbox = if self.smtp.reveal().is_empty() { None } else { Some(self.postbox()?) };
        let letterbox = if self.inbound_token.reveal().is_empty() { None } else { Some(self.letterbox()?) };
        Ok(Mail { postbox, letterbox })
    }

    fn postbox(&self) -> Result<Postbox, MailConfigError> {
        let wrong = |reason: &str| MailConfigError { key: "smtp", reason: reason.to_owned() };
        let url =
            Url::parse(self.smtp.reveal()).map_err(|_| wrong("is no URL: write `smtp://user:password@host:port`"))?;
        let encrypted = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(wrong("begins with neither smtp:// nor smtps://")),
        };
        let host = url.host().ok_or_else(|| wrong("names no host"))?;
        let credentials = credentials(&url).ok_or_else(|| wrong("has a user or a password that is no text"))?;
        if credentials.is_some() && self.tls == TlsMode::None && !encrypted && !is_here(&host) {
            return Err(wrong("has a password, which is not sent to another machine without encryption"));
        }
        let from = self.from.parse::<Mailbox>();
        let from = from.map_err(|error| MailConfigError { key: "from", reason: format!("is no address: {error}") })?;
        Ok(Postbox {
            host: host.to_string().trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(if encrypted { 465 } else { 587 }),
            encrypted,
            tls: self.tls,
            credentials,
            root: self.root()?,
            from,
            plus_addresses: self.plus_addresses,
            timeout: Duration::from_millis(self.timeout_ms.max(100)),
            retry_first: Duration::from_millis(self.retry_first_ms.max(10)),
            retry_cap: Duration::from_millis(self.retry_cap_ms.max(10)),
            retry_for: Duration::from_secs(self.retry_for_s),
        })
    }

    fn root(&self) -> Result<Option<Certificate>, MailConfigError> {
        if self.ca_file.as_os_str().is_empty() {
            return Ok(None);
        }
        let wrong = |reason: String| MailConfigError { key: "ca_file", reason };
        let pem = std::fs::read(&self.ca_file).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        Certificate::from_pem(&pem).map(Some).map_err(|error| wrong(format!("is no certificate in PEM: {error}")))
    }

    fn letterbox(&self) -> Result<Letterbox, MailConfigError> {
        if self.inbound_token.reveal().len() < MIN_TOKEN {
            let reason = format!("needs at least {MIN_TOKEN} characters that nobody guesses");
            return Err(MailConfigError { key: "inbound_token", reason });
        }
        let app = match self.app.as_str() {
            "" => None,
            id => {
                let reason = "should be the id of an app".to_owned();
                Some(id.parse().map_err(|_| MailConfigError { key: "app", reason })?)
            }
        };
        Ok(Letterbox { token: self.inbound_token.clone(), app })
    }
}

/// None where the URL names nobody.
fn credentials(url: &Url) -> Option<Option<Credentials>> {
    if url.username().is_empty() {
        return Some(None);
    }
    let plain = |text: &str| {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8().ok()?;
        Some(decoded.into_owned())
    };
    Some(Some(Credentials::new(plain(url.username())?, plain(url.password().unwrap_or_default())?)))
}

fn is_here(host: &Host<&str>) -> bool {
    match host {
        // Of a scheme that is not the web's, an address is read as a name.
        Host::Domain(name) => {
            *name == "localhost" || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(smtp: &str, tls: TlsMode, from: &str) -> MailConfig {
        MailConfig { smtp: Secret::new(smtp), tls, from: from.to_owned(), ..MailConfig::default() }
    }

    #[test]
    fn what_does_not_fit_is_named_and_no_secret_with_it() {
        let sound = "Shop <support@shop.example>";
        for (config, key) in [
            (with("smtp://a:hush-hush@mail.example", TlsMode::Required, sound), None),
            (with("smtps://mail.example:1465", TlsMode::Required, sound), None),
            (with("smtp://a:hush-hush@127.0.0.1:25", TlsMode::None, sound), None),
            (with("smtp://relay.example", TlsMode::None, sound), None),
            (with("smtp://a:hush-hush@mail.example", TlsMode::None, sound), Some("smtp")),
            (with("http://a:hush-hush@mail.example", TlsMode::Required, sound), Some("smtp")),
            (with("mail.example hush-hush", TlsMode::Required, sound), Some("smtp")),
            (with("smtp://mail.example", TlsMode::Required, "support"), Some("from")),
            (with("smtp://mail.example", TlsMode::Required, "a@b.example\r\nBcc: c@d.example"), Some("from")),
            (MailConfig { inbound_token: Secret::new("short"), ..MailConfig::default() }, Some("inbound_token")),
            (MailConfig { inbound_token: Secret::new("x".repeat(16)), ..MailConfig::default() }, None),
        ] {
            let read = config.read();
            let text = format!("{read:?} {config:?}");
            assert!(!text.contains("hush-hush"), "{text}");
            assert_eq!(read.err().map(|error| error.key), key, "{text}");
        }
        assert!(MailConfig::default().read().is_ok_and(|mail| mail.postbox.is_none() && mail.letterbox.is_none()));
    }

    #[test]
    fn whoever_brings_a_letter_shows_the_whole_token() {
        let config = MailConfig { inbound_token: Secret::new("0123456789abcdef"), ..MailConfig::default() };
        let letterbox = config.read().ok().and_then(|mail| mail.letterbox).expect("a letterbox");
        assert!(letterbox.fits("0123456789abcdef"));
        assert!(!letterbox.fits("0123456789abcde") && !letterbox.fits("") && !letterbox.fits("0123456789abcdeF"));
    }
}
