//! Sends the letters that wait, one after the other: the house has at most one connection to the mail server.
//!
//! A letter is taken under way only when the server has let us in. One that was under way when a process ended is
//! uncertain: nobody knows whether the server took it, and a repeat could reach the customer twice.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use passerelle_model::time::Timestamp;
use passerelle_store::{AuditEvent, Mail, MailState, StoreError};

use super::config::Postbox;
use super::letter::compose;
use super::smtp::{self, Handed};
use crate::Act;
use crate::desk::Inner;

/// The longest sleep without a look.
const LONGEST: Duration = Duration::from_secs(60);
/// Pause after a failure of the database.
const TROUBLE: Duration = Duration::from_secs(1);
/// The field of audits that tells what became of a letter.
const FIELD: &str = "email_delivery";

/// Starts sending; ends when the house closes. Without a mail server, letters that an earlier one left wait.
pub(crate) fn spawn(inner: &Arc<Inner>) {
    let Some(postbox) = inner.mail.postbox.clone() else { return };
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        while let Err(error) = recover(&task).await {
            tracing::error!(%error, "letters that were under way could not be looked at; it is tried again");
            if rest(&task, TROUBLE).await {
                return;
            }
        }
        let mut failures = 0;
        loop {
            let pause = match round(&task, &postbox, &mut failures).await {
                Ok(pause) => pause,
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(%error, "letters could not be read or written down; it is tried again");
                    TROUBLE
                }
            };
            if rest(&task, pause).await {
                return;
            }
        }
    });
}

/// Sleeps, unless there is something to do. True when the house closes.
async fn rest(inner: &Inner, pause: Duration) -> bool {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = inner.mail_waits.notified() => {}
        () = inner.stop.cancelled() => {}
    }
    inner.stop.is_cancelled()
}

async fn recover(inner: &Inner) -> Result<(), StoreError> {
    let (now, ids) = (inner.clock.now(), Arc::clone(&inner.ids));
    let reason = "the house stopped while the letter was being handed over";
    let stranded = inner.store.write(move |tx| {
        Box::pin(async move {
            let stranded = tx.stranded_mails().await?;
            for mail in &stranded {
                tx.settle_mail(mail.id, MailState::Uncertain, Some(reason), now);
                let act = Act { app: mail.app, by: None, now, ids: Arc::clone(&ids) };
                act.record(tx, mail.ticket, &[told(mail, MailState::Uncertain, Some(reason))]).await?;
            }
            Ok(stranded.len())
        })
    });
    let count = stranded.await?;
    if count > 0 {
        tracing::warn!(
            count,
            "letters were under way when the last process ended; nobody knows whether they were sent"
        );
    }
    Ok(())
}

/// Tries one letter, and says when to look again.
async fn round(inner: &Inner, postbox: &Postbox, failures: &mut u32) -> Result<Duration, StoreError> {
    let now = inner.clock.now();
    let Some(mail) = inner.store.next_mail(now).await? else {
        let next = inner.store.next_mail_at().await?;
        return Ok(next.map_or(LONGEST, |at| now.until(at)).clamp(Duration::from_millis(5), LONGEST));
    };
    let letter = match compose(postbox, &mail, system_time(now)) {
        Ok(letter) => letter,
        Err(reason) => {
            settle(inner, postbox, &mail, Handed::Refused(reason)).await?;
            return Ok(Duration::ZERO);
        }
    };
    let open = match smtp::open(postbox).await {
        Ok(open) => open,
        Err(reason) => {
            *failures += 1;
            tracing::warn!(%reason, failures, "the mail server cannot be reached");
            let wait = wait(postbox, *failures);
            put_off(inner, postbox, &mail, &reason, wait).await?;
            // Others would meet the same closed door.
            return Ok(wait);
        }
    };
    *failures = 0;
    let id = mail.id;
    if inner.store.write(move |tx| Box::pin(async move { tx.claim_mail(id).await })).await? {
        let handed = smtp::hand_over(postbox, open, &letter).await;
        settle(inner, postbox, &mail, handed).await?;
    }
    Ok(Duration::ZERO)
}

async fn put_off(
    inner: &Inner,
    postbox: &Postbox,
    mail: &Mail,
    reason: &str,
    wait: Duration,
) -> Result<(), StoreError> {
    let at = inner.clock.now().plus(wait);
    if is_too_late(postbox, mail, at) {
        return settle(inner, postbox, mail, Handed::Refused(given_up(mail, reason))).await;
    }
    let (id, reason) = (mail.id, reason.to_owned());
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            tx.put_off_mail(id, &reason, at);
            Ok(())
        })
    });
    written.await
}

/// Writes down what became of a letter, again and again until it is written: it is not sent a second time.
async fn settle(inner: &Inner, postbox: &Postbox, mail: &Mail, handed: Handed) -> Result<(), StoreError> {
    let now = inner.clock.now();
    let next = now.plus(wait(postbox, mail.tries + 1));
    let (state, reason) = match handed {
        Handed::Sent => (MailState::Sent, None),
        Handed::Refused(reason) => (MailState::Failed, Some(reason)),
        Handed::Unknown(reason) => (MailState::Uncertain, Some(reason)),
        Handed::Retry(reason) if is_too_late(postbox, mail, next) => (MailState::Failed, Some(given_up(mail, &reason))),
        Handed::Retry(reason) => (MailState::Pending, Some(reason)),
    };
    metrics::counter!("passerelle_mails_total", "state" => state.as_str()).increment(1);
    loop {
        match note(inner, mail, state, reason.clone(), next).await {
            Err(error) if error.is_passing() => {
                tracing::error!(mail = mail.id, %error, "what became of a letter could not be written down; it is tried again");
                tokio::time::sleep(TROUBLE).await;
            }
            other => return other,
        }
    }
}

async fn note(
    inner: &Inner,
    mail: &Mail,
    state: MailState,
    reason: Option<String>,
    next: Timestamp,
) -> Result<(), StoreError> {
    let (mail, act) =
        (mail.clone(), Act { app: mail.app, by: None, now: inner.clock.now(), ids: Arc::clone(&inner.ids) });
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            tx.settle_mail(mail.id, state, reason.as_deref(), next);
            if state == MailState::Pending {
                return Ok(());
            }
            act.record(tx, mail.ticket, &[told(&mail, state, reason.as_deref())]).await
        })
    });
    written.await
}

/// What became of a letter, for the audit and for whoever follows the log.
fn told(mail: &Mail, state: MailState, reason: Option<&str>) -> AuditEvent {
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    AuditEvent::Change {
        field_name: FIELD.to_owned(),
        value: Some(format!("{} to {}{reason}", state.as_str(), mail.recipient)),
        previous_value: Some(mail.state.as_str().to_owned()),
    }
}

fn is_too_late(postbox: &Postbox, mail: &Mail, at: Timestamp) -> bool {
    at > mail.created_at.plus(postbox.retry_for)
}

fn given_up(mail: &Mail, reason: &str) -> String {
    format!("given up after {} tries: {reason}", mail.tries + 1)
}

fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.as_micros()).unwrap_or_default())
}

/// How long to wait after so many tries, from 1.
fn wait(postbox: &Postbox, tries: u32) -> Duration {
    let doubled = postbox.retry_first.saturating_mul(1u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX));
    doubled.min(postbox.retry_cap)
}
