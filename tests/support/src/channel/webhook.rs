//! The channel's calls to the gateway: signed, and repeatable byte for byte.

use anyhow::Result;
use hmac::{Hmac, KeyInit, Mac};
use hyper::body::Bytes;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::http::{Answer, Client};

/// Header with the signature.
pub const SIGNATURE_HEADER: &str = "x-loop-signature";

/// A person writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// Unique id of the event; also the message's id.
    pub id: String,
    /// The conversation of the channel.
    pub conversation: String,
    /// Who writes.
    pub user: String,
    /// What.
    pub text: String,
}

impl Inbound {
    /// The person `conversation` writes in their own conversation.
    pub fn text(id: impl Into<String>, conversation: &str, text: impl Into<String>) -> Self {
        Self { id: id.into(), conversation: conversation.to_owned(), user: conversation.to_owned(), text: text.into() }
    }

    fn json(&self) -> Value {
        json!({ "id": self.id, "conversation": self.conversation, "user": self.user, "text": self.text })
    }
}

/// One integration's address at the gateway.
#[derive(Clone, Debug)]
pub struct Webhook {
    client: Client,
    url: String,
    secret: String,
}

impl Webhook {
    /// Calls this address, signing with the secret.
    pub fn new(client: Client, url: String, secret: &str) -> Self {
        Self { client, url, secret: secret.to_owned() }
    }

    /// The address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends one message of a person.
    pub async fn deliver(&self, inbound: &Inbound) -> Result<Answer> {
        self.deliver_all(std::slice::from_ref(inbound)).await
    }

    /// Sends several in one call.
    pub async fn deliver_all(&self, inbound: &[Inbound]) -> Result<Answer> {
        let events: Vec<_> = inbound.iter().map(Inbound::json).collect();
        self.deliver_bytes(json!({ "events": events }).to_string().into()).await
    }

    /// Sends any bytes, properly signed.
    pub async fn deliver_bytes(&self, body: Bytes) -> Result<Answer> {
        let signature = signature(&self.secret, &body);
        self.deliver_forged(body, &[(SIGNATURE_HEADER, &signature)]).await
    }

    /// Sends any bytes with any headers.
    pub async fn deliver_forged(&self, body: Bytes, headers: &[(&str, &str)]) -> Result<Answer> {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.client.send("POST", &self.url, &all, body).await
    }
}

/// `sha256=` and the hex HMAC-SHA256 of the body.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| unreachable!("any key length fits"));
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_signature_is_that_of_rfc_4231_case_2() {
        let expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signature("Jefe", b"what do ya want for nothing?"), expected);
    }
}
