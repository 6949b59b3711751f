//! Requests of guests: counted, checked, filled with secrets, sent by the guarded client, and cleaned of secrets on
//! the way back.

use http::header::HeaderMap;

use super::request;
use crate::bindings::passerelle::plugin::http as wit;
use crate::egress::{Answer, EgressError, Granted};
use crate::state::CallState;

impl wit::Host for CallState {
    async fn send(&mut self, request: wit::Request) -> wasmtime::Result<Result<wit::Response, wit::Error>> {
        self.count_host_call()?;
        Ok(self.send_request(request).await)
    }
}

impl CallState {
    async fn send_request(&mut self, request: wit::Request) -> Result<wit::Response, wit::Error> {
        if self.http_requests >= self.limits().http_requests {
            return Err(wit::Error::Budget);
        }
        self.http_requests += 1;
        let Some(installation) = self.installation.clone() else {
            return Err(wit::Error::Denied("a plugin that is being loaded may not send requests".into()));
        };
        let exchange = request::prepare(request, &installation, self.services.media.as_ref())
            .await
            .map_err(|reason| wit::Error::Denied(self.redact(reason)))?;
        let granted = Granted::Hosts(installation.hosts());
        match self.services.egress.exchange(installation.integration(), granted, exchange).await {
            Ok(answer) => Ok(self.visible_response(answer)),
            Err(error) => Err(self.visible_error(error)),
        }
    }

    fn visible_response(&self, answer: Answer) -> wit::Response {
        let body = match &self.installation {
            Some(installation) => installation.redactor().bytes(answer.body.into()),
            None => answer.body.into(),
        };
        wit::Response { status: answer.status, headers: self.visible_headers(&answer.headers), body }
    }

    fn visible_headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        headers
            .iter()
            .filter(|(name, _)| *name != http::header::SET_COOKIE)
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), self.redact(value.to_str().ok()?.to_owned()))))
            .collect()
    }

    fn visible_error(&self, error: EgressError) -> wit::Error {
        match error {
            EgressError::Denied(reason) => wit::Error::Denied(self.redact(reason)),
            EgressError::Unreachable(reason) => wit::Error::Unreachable(self.redact(reason)),
            EgressError::Uncertain(reason) => wit::Error::Uncertain(self.redact(reason)),
            EgressError::TooLarge { .. } => wit::Error::TooLarge,
        }
    }
}
