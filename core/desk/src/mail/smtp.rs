//! One letter is handed to the mail server, step by step, so that it is known what a failure means.
//!
//! What was refused before the words were under way was not sent. Once they are, only an answer of the server tells.

use std::future::Future;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::config::{Postbox, TlsMode};

/// Characters of a reason.
const MAX_REASON: usize = 500;

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Handed {
    /// The mail server took it.
    Sent,
    /// It was not taken; try again.
    Retry(String),
    /// It will never be taken.
    Refused(String),
    /// It may have been taken.
    Unknown(String),
}

/// A connection on which letters can be handed over.
pub(super) struct Open(AsyncSmtpConnection);

/// Connects, encrypts and signs in. Nothing is sent, whatever happens here.
pub(super) async fn open(postbox: &Postbox) -> Result<Open, String> {
    let hello = ClientId::Domain(postbox.from.email.domain().to_owned());
    let tls = (postbox.encrypted || postbox.tls == TlsMode::Required).then(|| parameters(postbox)).transpose();
    let tls = tls.map_err(|error| said(&error))?;
    let first = tls.clone().filter(|_| postbox.encrypted);
    let place = (postbox.host.as_str(), postbox.port);
    let connect = AsyncSmtpConnection::connect_tokio1(place, Some(postbox.timeout), &hello, first, None);
    let mut connection = step(postbox, connect).await?.map_err(|error| said(&error))?;
    if let Some(tls) = tls.filter(|_| !postbox.encrypted) {
        if !connection.can_starttls() {
            connection.abort().await;
            return Err("the mail server offers no encryption, and without it nothing is sent".to_owned());
        }
        step(postbox, connection.starttls(tls, &hello)).await?.map_err(|error| said(&error))?;
    }
    if let Some(credentials) = &postbox.credentials {
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        step(postbox, connection.auth(&mechanisms, credentials)).await?.map_err(|error| said(&error))?;
    }
    Ok(Open(connection))
}

fn parameters(postbox: &Postbox) -> Result<TlsParameters, Error> {
    let builder = TlsParameters::builder(postbox.host.clone());
    match &postbox.root {
        Some(root) => builder.add_root_certificate(root.clone()).build_rustls(),
        None => builder.build_rustls(),
    }
}

/// Hands the letter over and hangs up.
pub(super) async fn hand_over(postbox: &Postbox, mut open: Open, letter: &Message) -> Handed {
    let handed = talk(postbox, &mut open.0, letter).await;
    // Whatever the server says to the farewell changes nothing.
    let _ = tokio::time::timeout(postbox.timeout, open.0.abort()).await;
    handed
}

async fn talk(postbox: &Postbox, connection: &mut AsyncSmtpConnection, letter: &Message) -> Handed {
    let envelope = letter.envelope();
    let from = Mail::new(envelope.from().cloned(), Vec::new());
    if let Err(early) = before(step(postbox, connection.command(from)).await) {
        return early;
    }
    for recipient in envelope.to() {
        let to = Rcpt::new(recipient.clone(), Vec::new());
        if let Err(early) = before(step(postbox, connection.command(to)).await) {
            return early;
        }
    }
    if let Err(early) = before(step(postbox, connection.command(Data)).await) {
        return early;
    }
    match step(postbox, connection.message(&letter.formatted())).await {
        Ok(Ok(_)) => Handed::Sent,
        Ok(Err(error)) if error.is_transient() => Handed::Retry(said(&error)),
        Ok(Err(error)) if error.is_permanent() => Handed::Refused(said(&error)),
        Ok(Err(error)) => {
            Handed::Unknown(format!("the connection broke while the letter was on its way: {}", said(&error)))
        }
        Err(late) => Handed::Unknown(format!("the letter was on its way: {late}")),
    }
}

/// A step before the words are under way: whatever goes wrong, nothing was sent.
fn before<T>(answer: Result<Result<T, Error>, String>) -> Result<(), Handed> {
    match answer {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if error.is_permanent() => Err(Handed::Refused(said(&error))),
        Ok(Err(error)) => Err(Handed::Retry(said(&error))),
        Err(late) => Err(Handed::Retry(late)),
    }
}

async fn step<T>(postbox: &Postbox, step: impl Future<Output = T>) -> Result<T, String> {
    let limited = tokio::time::timeout(postbox.timeout, step).await;
    limited.map_err(|_| format!("the mail server did not answer within {} ms", postbox.timeout.as_millis()))
}

/// What went wrong, with what the server said.
fn said(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text.chars().filter(|letter| !letter.is_control()).take(MAX_REASON).collect()
}
