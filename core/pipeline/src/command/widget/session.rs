//! Sessions of visitors: they come in, say more of themselves, and leave.

use passerelle_model::event::EventKind;
use passerelle_model::metadata::Scalar;
use passerelle_store::{Digest, Tx, User, WidgetLabels, WidgetSession};

use super::{Arrival, Caller, CommandError, Description, Done, Proof, begin, no_visitor, widget_source};
use crate::command::people;
use crate::command::work::{Outcome, Work};
use crate::merge::{Merging, merge};

pub(super) async fn open(work: &mut Work, tx: &mut Tx<'_>, arrival: Arrival) -> Outcome {
    let Caller::Widget { integration, .. } = work.caller else {
        return Err(CommandError::Bug("a session is opened by the widget's door".into()).into());
    };
    if let Some(id) = arrival.identity.as_ref().and_then(|proof| proof.token_id.as_deref())
        && tx.is_spent(work.app, id).await?
    {
        return Err(CommandError::Forbidden("the visitor has signed out with this token".into()).into());
    }
    let old = match arrival.old {
        Some(digest) => tx.widget_session(digest).await?,
        None => None,
    };
    let old = old.filter(|old| old.integration == integration && old.page_origin == arrival.page_origin);
    let mut user = who(work, tx, old.as_ref(), arrival.identity.as_ref()).await?;
    told(work, tx, &mut user, &arrival.description);
    let mut labels = old.as_ref().map(|old| old.labels.clone()).unwrap_or_default();
    labelled(&mut labels, &arrival.description)?;
    let proof = arrival.identity.as_ref();
    let session = WidgetSession {
        digest: arrival.digest,
        app: work.app,
        integration,
        user: user.id,
        page_origin: arrival.page_origin,
        device: arrival.device,
        token_id: proof.and_then(|proof| proof.token_id.clone()),
        token_ends_at: proof.map(|proof| proof.ends_at),
        labels,
        page: arrival.description.page.apply(old.as_ref().and_then(|old| old.page.clone())),
        created_at: old.as_ref().filter(|_| proof.is_none()).map_or(work.now, |old| old.created_at),
        last_seen_at: work.now,
    };
    if let Some(old) = old {
        tx.delete_widget_session(old.digest);
    }
    tx.insert_widget_session(&session);
    Ok(Done::Session(Box::new(session)))
}

/// The user in front of the widget: the one that was proved, else the one of the session that goes on, else a new one. A
/// stranger who proves to be somebody was that person before, too.
async fn who(work: &mut Work, tx: &mut Tx<'_>, old: Option<&WidgetSession>, proof: Option<&Proof>) -> Outcome<User> {
    let before = match old {
        Some(old) => tx.user(work.app, old.user).await?,
        None => None,
    };
    let Some(proof) = proof else {
        return Ok(match before {
            Some(user) => user,
            None => stranger(work, tx, None),
        });
    };
    let known = tx.user_by_external_id(work.app, &proof.external_id).await?;
    let stranger_before = before.filter(|user| user.external_id.is_none());
    let mut user = match known {
        Some(user) => user,
        None => stranger(work, tx, Some(proof.external_id.clone())),
    };
    if let Some(discarded) = stranger_before {
        let merging = Merging { surviving: user, discarded, clients: None, reason: "sdkLogin" };
        user = merge(tx, &work.inner.ids, work.now, merging).await?;
    }
    let is_news = !user.authenticated;
    user.authenticated = true;
    user.profile.given_name = proof.given_name.clone().or(user.profile.given_name);
    user.profile.surname = proof.surname.clone().or(user.profile.surname);
    user.profile.email = proof.email.clone().or(user.profile.email);
    tx.update_user(&user);
    if is_news {
        let (user, reason, source) = (user.snapshot(), "authentication".to_owned(), widget_source(work));
        work.tell(tx, EventKind::UserUpdated { user, reason, source });
    }
    Ok(user)
}

fn stranger(work: &Work, tx: &mut Tx<'_>, external_id: Option<String>) -> User {
    let user = User { external_id, ..User::new(work.id(), work.app, work.now) };
    tx.insert_user(&user);
    user
}

/// What a visitor says fills the gaps of what is known; it replaces nothing.
fn told(work: &Work, tx: &mut Tx<'_>, user: &mut User, description: &Description) {
    let known = user.clone();
    let is_named = user.profile.given_name.is_some() || user.profile.surname.is_some();
    if let Some(name) = description.name.clone().filter(|_| !is_named) {
        user.profile.given_name = Some(name);
    }
    if let Some(email) = description.email.clone().filter(|_| user.profile.email.is_none()) {
        user.profile.email = Some(email);
    }
    let speaks_anew = description.locale.is_some() && user.profile.locale.is_none();
    if speaks_anew {
        user.profile.locale.clone_from(&description.locale);
    }
    if *user == known {
        return;
    }
    tx.update_user(user);
    if speaks_anew {
        let (user, reason, source) = (user.snapshot(), "localeDetection".to_owned(), widget_source(work));
        work.tell(tx, EventKind::UserUpdated { user, reason, source });
    }
}

/// Adds what is said to the labels of the session. Facts of the page keep a name of their own, so that no page can write
/// what a bot captured.
fn labelled(labels: &mut WidgetLabels, description: &Description) -> Result<(), CommandError> {
    let answers = description.answers.iter().map(|(name, text)| (name.clone(), Scalar::Text(text.clone())));
    let facts = description.fields.iter().map(|(name, value)| (format!("page.{name}"), value.clone()));
    labels.fields.extend(answers.chain(facts));
    for tag in &description.tags {
        if !labels.tags.contains(tag) {
            labels.tags.push(tag.clone());
        }
    }
    labels.facts().check().map_err(|error| CommandError::invalid("fields", error.to_string()))
}

pub(super) async fn close(work: &mut Work, tx: &mut Tx<'_>, digest: Digest) -> Outcome {
    let session = own(work, tx, digest).await?;
    if let (Some(id), Some(ends_at)) = (&session.token_id, session.token_ends_at) {
        tx.spend_token(work.app, id, ends_at);
    }
    tx.delete_widget_session(digest);
    Ok(Done::Nothing)
}

pub(super) async fn describe(work: &mut Work, tx: &mut Tx<'_>, digest: Digest, description: Description) -> Outcome {
    let mut session = own(work, tx, digest).await?;
    let mut user = tx.user(work.app, session.user).await?.ok_or_else(people::missing)?;
    told(work, tx, &mut user, &description);
    labelled(&mut session.labels, &description)?;
    session.page = description.page.apply(session.page);
    if let Some((mut conversation, _)) = tx.newest_conversation(user.id).await? {
        begin::label(work, tx, &mut conversation, &session.labels);
        session.labels = WidgetLabels::default();
    }
    tx.set_widget_page(digest, &session.labels, session.page.as_ref());
    Ok(Done::Session(Box::new(session)))
}

/// The session that a command names, if it is the caller's.
pub(super) async fn own(work: &Work, tx: &mut Tx<'_>, digest: Digest) -> Outcome<WidgetSession> {
    let Caller::Visitor { user, integration, .. } = work.caller else { return Err(no_visitor().into()) };
    let found = tx.widget_session(digest).await?;
    let own = found.filter(|found| found.user == user && found.integration == integration && found.app == work.app);
    own.ok_or_else(|| CommandError::Forbidden("the session is over".into()).into())
}
