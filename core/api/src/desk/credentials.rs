//! Who an agent is: a session's cookie in a browser, a token in a program.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};
use passerelle_model::time::Timestamp;
use passerelle_store::{Agent, AgentSession, StoreError};

use crate::api::Api;
use crate::limit::ClientAddress;
use crate::oauth::digest;

use super::problem::Problem;

/// The cookie of a session.
pub(super) const COOKIE_NAME: &str = "passerelle_agent";
/// How the tokens of sessions begin, so that scanners know a leaked one.
pub(super) const SESSION_KIND: &str = "pas";
/// How the tokens of programs begin.
pub(super) const TOKEN_KIND: &str = "pat";
/// For how long a session is good without being used.
pub(super) const SESSION_LIFE: Duration = Duration::from_secs(14 * 24 * 3600);
/// How exactly it is known when an agent was last heard of.
const HEARD: Duration = Duration::from_secs(60);
/// Characters of a header that are worth reading.
const MAX_HEADER: usize = 1024;

/// An agent who has shown a session or a token.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) agent: Agent,
    /// The session; none for a program.
    pub(crate) session: Option<AgentSession>,
    claim: Arc<Claim>,
}

/// What was shown. Never shown to anybody.
#[derive(PartialEq, Eq, Hash)]
pub(crate) enum Claim {
    /// A session's cookie.
    Cookie(String),
    /// A token, and the address of whose it is said to be.
    Token { email: Option<String>, token: String },
}

impl Known {
    /// Whether a browser sends the proof by itself.
    pub(crate) fn is_browser(&self) -> bool {
        self.claim.is_browser()
    }

    /// What was shown.
    pub(crate) fn claim(&self) -> Arc<Claim> {
        Arc::clone(&self.claim)
    }

    /// Whether what was shown is still good. For calls that last.
    pub(crate) async fn still_holds(&self, api: &Api) -> Result<bool, StoreError> {
        let found = identify(api, &self.claim).await?;
        Ok(found.is_some_and(|found| found.agent.id == self.agent.id && found.agent.role == self.agent.role))
    }
}

/// The agent of a request. Wrong tokens cost the address that they come from.
pub(crate) async fn authenticate(api: &Api, headers: &HeaderMap, client: ClientAddress) -> Result<Known, Problem> {
    let claim = Arc::new(claim(headers).ok_or_else(Problem::unauthenticated)?);
    let (name, now) = (claim.name(), api.clock.now());
    api.budgets().may_guess(client, name, now)?;
    let Some(known) = identify(api, &claim).await? else {
        api.budgets().guessed_wrong(client, name, now);
        return Err(Problem::unauthenticated());
    };
    hear(api, &known, now);
    Ok(known)
}

/// Whose proof it is; none when it is not good.
pub(crate) async fn identify(api: &Api, claim: &Arc<Claim>) -> Result<Option<Known>, StoreError> {
    let now = api.clock.now();
    let (agent, session) = match &**claim {
        Claim::Cookie(token) => {
            let found = api.store().agent_by_session(digest(token)).await?;
            let Some((session, agent)) = found.filter(|(session, _)| session.last_seen_at.plus(SESSION_LIFE) > now)
            else {
                return Ok(None);
            };
            (agent, Some(session))
        }
        Claim::Token { email, token } => {
            let fits = |agent: &Agent| email.as_ref().is_none_or(|email| email.eq_ignore_ascii_case(&agent.email));
            let Some(agent) = api.store().agent_by_token(digest(token)).await?.filter(fits) else { return Ok(None) };
            (agent, None)
        }
    };
    Ok(Some(Known { agent, session, claim: Arc::clone(claim) }))
}

impl Claim {
    /// Whether a browser sends the proof by itself, so that it must be known which page made the request.
    pub(crate) fn is_browser(&self) -> bool {
        matches!(self, Self::Cookie(_))
    }

    /// Whose budget of wrong guesses it is taken from.
    fn name(&self) -> &str {
        match self {
            Self::Cookie(_) | Self::Token { email: None, .. } => "agent",
            Self::Token { email: Some(email), .. } => email,
        }
    }
}

/// What a request shows of an agent. A header beats the cookie: whoever sends one means it.
pub(crate) fn claim(headers: &HeaderMap) -> Option<Claim> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (scheme, rest) = value.to_str().ok().filter(|text| text.len() <= MAX_HEADER)?.split_once(' ')?;
        return match scheme.to_ascii_lowercase().as_str() {
            "basic" => basic(rest.trim()),
            "bearer" => Some(Claim::Token { email: None, token: rest.trim().to_owned() }),
            _ => None,
        };
    }
    cookie(headers).map(Claim::Cookie)
}

/// `email/token:TOKEN`, as programs for the common ticket API send it.
fn basic(encoded: &str) -> Option<Claim> {
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (name, token) = decoded.split_once(':')?;
    let email = name.strip_suffix("/token")?;
    Some(Claim::Token { email: Some(email.to_owned()), token: token.to_owned() })
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, value)| *name == COOKIE_NAME && value.len() <= MAX_HEADER)?;
    Some(value.to_owned())
}

/// Notes now and then that the agent was heard of; nobody waits for that.
fn hear(api: &Api, known: &Known, now: Timestamp) {
    let Some(session) = known.session.as_ref().filter(|session| now >= session.last_seen_at.plus(HEARD)) else {
        return;
    };
    let (store, id) = (api.store().clone(), session.id);
    tokio::spawn(async move {
        let noted = store.write(move |tx| {
            Box::pin(async move {
                tx.touch_agent_session(id, now);
                Ok(())
            })
        });
        if let Err(error) = noted.await {
            tracing::debug!(%error, "it was not noted that an agent was heard of");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (http::HeaderName::from_static(name), value.parse().expect("a header"))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn agents_show_a_cookie_or_a_token() {
        let token =
            |email: Option<&str>| Some(Claim::Token { email: email.map(str::to_owned), token: "pat_1".to_owned() });
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        for (value, expected) in [
            (basic("ada@shop.example/token:pat_1"), token(Some("ada@shop.example"))),
            (basic("ada@shop.example:password"), None),
            (basic("no colon"), None),
            ("Basic !!!".to_owned(), None),
            ("Bearer pat_1".to_owned(), token(None)),
            ("Digest x".to_owned(), None),
        ] {
            assert!(claim(&headers(&[("authorization", &value)])) == expected, "{value}");
        }
        let cookie = ("cookie", "a=b; passerelle_agent=pas_1");
        assert!(claim(&headers(&[cookie])) == Some(Claim::Cookie("pas_1".to_owned())));
        assert!(claim(&headers(&[cookie, ("authorization", "Bearer pat_1")])) == token(None), "a header beats it");
        assert!(claim(&headers(&[])).is_none());
    }
}
