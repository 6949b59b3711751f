//! Users and their identities on channels.

use passerelle_pipeline::{Change, Command, Done, NewUser, UserChange};

use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::fields::Fields;
use crate::wire::limits::MAX_EXTERNAL_ID;
use crate::wire::{people, time};
use passerelle_model::people::Profile;
use passerelle_model::time::Timestamp;

pub(super) async fn create(call: Call) -> Answer {
    let fields = call.fields()?;
    let new = NewUser {
        external_id: Some(fields.needed_text("externalId", MAX_EXTERNAL_ID)?),
        signed_up_at: signed_up_at(&fields)?,
        to_be_retained: fields.flag("toBeRetained")?,
        profile: profile(&fields)?,
        metadata: fields.metadata("metadata")?,
    };
    match call.execute(Command::CreateUser(new)).await? {
        Done::User(user) => Reply::created("user", people::user(&user)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn get(call: Call) -> Answer {
    Reply::one("user", people::user(&call.user().await?))
}

pub(super) async fn update(call: Call) -> Answer {
    let user = call.user().await?.id;
    let change = change(&call.fields()?)?;
    match call.execute(Command::UpdateUser { user, change }).await? {
        Done::User(user) => Reply::one("user", people::user(&user)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn delete(call: Call) -> Answer {
    let user = call.user().await?.id;
    call.execute(Command::DeleteUser(user)).await?;
    Reply::done()
}

/// Users by an address that they are known under; never the whole list.
pub(super) async fn find(call: Call) -> Answer {
    let email =
        call.query.filter("identities.email").ok_or_else(|| ApiError::bad_request("Invalid query parameters"))?;
    let found = stored(call.api.store().users_by_email(call.app()?, email).await)?;
    Reply::all("users", found.iter().map(people::user).collect())
}

pub(super) async fn wipe(call: Call) -> Answer {
    let user = call.user().await?.id;
    match call.execute(Command::WipeUser(user)).await? {
        Done::User(user) => Reply::one("user", people::user(&user)),
        other => Err(unexpected(&other)),
    }
}

/// An answer of the command door that does not belong to the question: a fault of ours.
pub(super) fn unexpected(done: &Done) -> ApiError {
    let kind = format!("{done:?}").chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    ApiError::internal(&format!("the command door answered with `{kind}`"))
}

fn profile(fields: &Fields<'_>) -> Result<Profile, ApiError> {
    let Some(given) = fields.inner("profile")? else { return Ok(Profile::default()) };
    Ok(Profile {
        given_name: given.text("givenName", people::MAX_NAME)?,
        surname: given.text("surname", people::MAX_NAME)?,
        email: given.text("email", people::MAX_NAME)?,
        avatar_url: given.text("avatarUrl", people::MAX_URL)?,
        locale: given.text("locale", people::MAX_LOCALE)?,
        ..Profile::default()
    })
}

fn change(fields: &Fields<'_>) -> Result<UserChange, ApiError> {
    let mut change = UserChange {
        metadata: fields.metadata_changes("metadata")?.into_iter().collect(),
        signed_up_at: match signed_up_at(fields)? {
            Some(at) => Change::Set(at),
            None if fields.mentions("signedUpAt") => Change::Unset,
            None => Change::Keep,
        },
        to_be_retained: match fields.flag("toBeRetained")? {
            Some(flag) => Change::Set(flag),
            None if fields.mentions("toBeRetained") => Change::Unset,
            None => Change::Keep,
        },
        ..UserChange::default()
    };
    if let Some(profile) = fields.inner("profile")? {
        change.given_name = profile.text_change("givenName", people::MAX_NAME)?;
        change.surname = profile.text_change("surname", people::MAX_NAME)?;
        change.email = profile.text_change("email", people::MAX_NAME)?;
        change.avatar_url = profile.text_change("avatarUrl", people::MAX_URL)?;
        change.locale = profile.text_change("locale", people::MAX_LOCALE)?;
    }
    Ok(change)
}

fn signed_up_at(fields: &Fields<'_>) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = fields.text("signedUpAt", people::MAX_NAME)? else { return Ok(None) };
    time::read(&text).map(Some).ok_or_else(|| fields.wrong("signedUpAt", "should match format \"date-time\""))
}
