//! What a client asks for when it sends a browser to us.
//!
//! Until the address to return to is known to be the client's own, nothing is ever sent there: whoever wrote the link
//! would otherwise choose where our browser goes.

use passerelle_store::OauthClient;
use url::Url;

use super::words::Fault;
use crate::api::Api;
use crate::call::stored;

/// Bytes of the client's own note, which comes back to it as it was.
const MAX_STATE: usize = 2048;
/// Length of a SHA-256 in base64 without padding.
const CHALLENGE_LENGTH: usize = 43;

/// A request that may be decided.
pub(super) struct Asked {
    /// Who asks.
    pub(super) client: OauthClient,
    /// Where the browser goes back to; one of the client's own.
    pub(super) redirect_uri: String,
    /// What the client's verifier must fit.
    pub(super) challenge: Option<String>,
    state: Option<String>,
}

/// A request that cannot be decided.
pub(super) enum Refusal {
    /// Shown to the person, because there is nobody else who can be trusted.
    Shown(Fault),
    /// Told to the client: where the browser goes.
    Told(String),
    /// We cannot answer now.
    Failed,
}

impl Asked {
    /// Reads the query of `/oauth/authorize`.
    pub(super) async fn read(api: &Api, query: &str) -> Result<Self, Refusal> {
        let fields = Fields(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect());
        let shown = |fault| move |_| Refusal::Shown(fault);
        let id = fields.one("client_id").map_err(shown(Fault::Client))?.ok_or(Refusal::Shown(Fault::Client))?;
        let client = stored(api.store().oauth_client(&id).await).map_err(|_| Refusal::Failed)?;
        let client = client.ok_or(Refusal::Shown(Fault::Client))?;
        let redirect_uri = match fields.one("redirect_uri").map_err(shown(Fault::Redirect))? {
            Some(uri) => uri,
            None => client.redirect_uris.first().cloned().unwrap_or_default(),
        };
        if !client.redirect_uris.contains(&redirect_uri) {
            return Err(Refusal::Shown(Fault::Redirect));
        }
        let state = fields.one("state").ok().flatten().filter(|state| state.len() <= MAX_STATE);
        let mut asked = Self { client, redirect_uri, challenge: None, state };
        match fields.rest() {
            Ok(challenge) => {
                asked.challenge = challenge;
                Ok(asked)
            }
            Err(word) => Err(Refusal::Told(asked.back("error", word))),
        }
    }

    /// The client's address with an answer, and with the note that it gave us.
    pub(super) fn back(&self, name: &str, value: &str) -> String {
        let Ok(mut url) = Url::parse(&self.redirect_uri) else { return self.redirect_uri.clone() };
        let mut pairs = url.query_pairs_mut();
        pairs.append_pair(name, value);
        if let Some(state) = &self.state {
            pairs.append_pair("state", state);
        }
        drop(pairs);
        url.into()
    }

    /// Where the browser goes back to, as a content security policy names it: an origin, or the scheme of an app.
    pub(super) fn target(&self) -> String {
        let Ok(url) = Url::parse(&self.redirect_uri) else { return String::new() };
        let origin = url.origin();
        if origin.is_tuple() { origin.ascii_serialization() } else { format!("{}:", url.scheme()) }
    }
}

struct Fields(Vec<(String, String)>);

impl Fields {
    /// The value of a parameter that may stand once; two would be read differently by different people.
    fn one(&self, name: &str) -> Result<Option<String>, &'static str> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let value = values.next().filter(|value| !value.is_empty()).cloned();
        if values.next().is_some() { Err("invalid_request") } else { Ok(value) }
    }

    /// Checks what remains; the challenge, or the word of the standard for what is wrong.
    fn rest(&self) -> Result<Option<String>, &'static str> {
        if self.one("state")?.is_some_and(|state| state.len() > MAX_STATE) {
            return Err("invalid_request");
        }
        match self.one("response_type")?.as_deref() {
            Some("code") => {}
            Some(_) => return Err("unsupported_response_type"),
            None => return Err("invalid_request"),
        }
        let fits = |text: &str| {
            text.len() == CHALLENGE_LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        match (self.one("code_challenge")?, self.one("code_challenge_method")?.as_deref()) {
            (None, None) => Ok(None),
            (Some(challenge), Some("S256")) if fits(&challenge) => Ok(Some(challenge)),
            _ => Err("invalid_request"),
        }
    }
}
