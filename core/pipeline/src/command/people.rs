//! Commands on users.

use passerelle_model::id::{AppId, UserId};
use passerelle_model::metadata::Metadata;
use passerelle_model::people::Profile;
use passerelle_store::{StoreError, Tx, User};

use super::work::{Outcome, Work};
use super::{CommandError, Done, MetadataChange, NewUser, UserChange, UserRef};

pub(super) async fn create(work: &mut Work, tx: &mut Tx<'_>, new: NewUser) -> Outcome {
    check_metadata(&new.metadata)?;
    if let Some(external_id) = &new.external_id
        && tx.user_by_external_id(work.app, external_id).await?.is_some()
    {
        return Err(CommandError::Conflict("a user with this external id exists already".into()).into());
    }
    let user = User {
        id: work.id(),
        app: work.app,
        external_id: new.external_id,
        profile: new.profile,
        metadata: new.metadata,
        authenticated: false,
        signed_up_at: new.signed_up_at,
        to_be_retained: new.to_be_retained,
        identities: Vec::new(),
        created_at: work.now,
    };
    tx.insert_user(&user);
    read_again(tx, &user).await
}

pub(super) async fn update(work: &mut Work, tx: &mut Tx<'_>, user: UserId, change: UserChange) -> Outcome {
    let mut user = tx.user(work.app, user).await?.ok_or_else(missing)?;
    user.metadata = changed(user.metadata, change.metadata)?;
    user.profile.given_name = change.given_name.apply(user.profile.given_name.take());
    user.profile.surname = change.surname.apply(user.profile.surname.take());
    user.profile.email = change.email.apply(user.profile.email.take());
    user.profile.avatar_url = change.avatar_url.apply(user.profile.avatar_url.take());
    user.profile.locale = change.locale.apply(user.profile.locale.take());
    user.signed_up_at = change.signed_up_at.apply(user.signed_up_at);
    user.to_be_retained = change.to_be_retained.apply(user.to_be_retained);
    tx.update_user(&user);
    read_again(tx, &user).await
}

/// Forgets what is known of the person, here and by the channels; the user, its messages and its external id stay.
pub(super) async fn wipe(work: &mut Work, tx: &mut Tx<'_>, user: UserId) -> Outcome {
    let mut user = tx.user(work.app, user).await?.ok_or_else(missing)?;
    user.profile = Profile { locale: user.profile.locale, ..Profile::default() };
    user.metadata = Metadata::default();
    tx.update_user(&user);
    tx.wipe_clients(user.id);
    read_again(tx, &user).await
}

/// The user as everybody reads it: identities follow from what was just written.
async fn read_again(tx: &mut Tx<'_>, user: &User) -> Outcome {
    Ok(Done::User(tx.user(user.app, user.id).await?.ok_or_else(missing)?))
}

pub(super) async fn delete(work: &mut Work, tx: &mut Tx<'_>, user: UserId) -> Outcome {
    let found = tx.user(work.app, user).await?.ok_or_else(missing)?;
    tx.remove_user(&found, work.now);
    work.effects.removes = true;
    Ok(Done::Nothing)
}

pub(super) fn missing() -> CommandError {
    CommandError::NotFound("the user")
}

pub(super) fn check_metadata(metadata: &Metadata) -> Result<(), CommandError> {
    metadata.check().map_err(|error| CommandError::invalid("metadata", error.to_string()))
}

/// The user that a reference means.
pub(super) async fn find(tx: &mut Tx<'_>, app: AppId, user: &UserRef) -> Result<Option<User>, StoreError> {
    match user {
        UserRef::Id(id) => tx.user(app, *id).await,
        UserRef::ExternalId(id) => tx.user_by_external_id(app, id).await,
    }
}

/// Metadata after a change, within its bounds.
pub(super) fn changed(mut metadata: Metadata, change: MetadataChange) -> Result<Metadata, CommandError> {
    for (name, value) in change {
        match value {
            Some(value) => metadata.0.insert(name, value),
            None => metadata.0.remove(&name),
        };
    }
    check_metadata(&metadata)?;
    Ok(metadata)
}
