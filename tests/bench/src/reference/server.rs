//! The reference's HTTP side.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use passerelle_test_support::channel::{API_TOKEN, SIGNATURE_HEADER, WEBHOOK_SECRET};
use passerelle_test_support::http::Client;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;

use super::store::{Message, Store};

#[derive(Deserialize)]
struct Events {
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    id: String,
    conversation: String,
    user: String,
    text: String,
}

#[derive(Serialize)]
struct Send<'a> {
    key: &'a str,
    conversation: &'a str,
    user: &'a str,
    text: &'a str,
}

struct Reference {
    store: Store,
    client: Client,
    send_url: String,
    authorization: String,
}

pub(super) async fn serve(listen: SocketAddr, send_to: &str, store: Store) -> Result<()> {
    let reference = Arc::new(Reference {
        store,
        client: Client::default(),
        send_url: format!("{send_to}/send"),
        authorization: format!("Bearer {API_TOKEN}"),
    });
    let listener = TcpListener::bind(listen).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let _ = stream.set_nodelay(true);
        let reference = reference.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(reference.clone(), request));
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(reference: Arc<Reference>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let status = match reference.take(request).await {
        Ok(events) => {
            tokio::spawn(async move {
                for event in events {
                    // The floor does not retry: the load would stop and say so.
                    let _ = reference.reply(&event).await;
                }
            });
            StatusCode::OK
        }
        Err(_) => StatusCode::FORBIDDEN,
    };
    let mut response = Response::new(Full::from("{}"));
    *response.status_mut() = status;
    Ok(response)
}

impl Reference {
    /// Verifies and stores; gives what was new.
    async fn take(&self, request: Request<Incoming>) -> Result<Vec<Event>> {
        let (head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let shown = head.headers.get(SIGNATURE_HEADER).context("no signature")?.to_str()?;
        let shown = hex::decode(shown.strip_prefix("sha256=").context("no prefix")?)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes())?;
        mac.update(&body);
        ensure!(bool::from(mac.finalize().into_bytes().as_slice().ct_eq(&shown)), "wrong signature");
        let mut new = Vec::new();
        for event in serde_json::from_slice::<Events>(&body)?.events {
            let message = Message {
                id: event.id.clone(),
                conversation: event.conversation.clone(),
                author: "user",
                text: event.text.clone(),
            };
            if self.store.keep(message).await? {
                new.push(event);
            }
        }
        Ok(new)
    }

    /// Stores the echo and sends it.
    async fn reply(&self, event: &Event) -> Result<()> {
        let key = format!("r-{}", event.id);
        let text = format!("echo: {}", event.text);
        let (conversation, user) = (event.conversation.as_str(), event.user.as_str());
        let message =
            Message { id: key.clone(), conversation: conversation.to_owned(), author: "business", text: text.clone() };
        self.store.keep(message).await?;
        let body = serde_json::to_vec(&Send { key: &key, conversation, user, text: &text })?;
        let headers = [("authorization", self.authorization.as_str()), ("content-type", "application/json")];
        let answer = self.client.send("POST", &self.send_url, &headers, body.into()).await?;
        ensure!(answer.status.is_success(), "the channel answers {}", answer.status);
        Ok(())
    }
}
