//! Commands on users.

use std::sync::Arc;

use passerelle_model::id::{AppId, UserId};
use passerelle_model::metadata::Metadata;
use passerelle_store::{StoreError, Tx, User};

use super::{CommandError, Done, MetadataChange, NewUser, UserChange, UserRef};
use crate::gateway::Inner;

pub(super) async fn create(inner: &Arc<Inner>, app: AppId, new: NewUser) -> Result<Done, CommandError> {
    new.metadata.check().map_err(|error| CommandError::invalid("metadata", error.to_string()))?;
    let now = inner.clock.now();
    let user = User {
        id: inner.ids.next(now),
        app,
        external_id: new.external_id,
        profile: new.profile,
        metadata: new.metadata,
        signed_up_at: new.signed_up_at,
        created_at: now,
    };
    let made = user.clone();
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            tx.insert_user(&user);
            Ok(())
        })
    });
    match written.await {
        Ok(()) => Ok(Done::User(made)),
        Err(StoreError::Duplicate(_)) => {
            Err(CommandError::Conflict("a user with this external id exists already".into()))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn update(
    inner: &Arc<Inner>,
    app: AppId,
    user: UserId,
    change: UserChange,
) -> Result<Done, CommandError> {
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let Some(mut user) = tx.user(app, user).await? else { return Ok(Err(CommandError::NotFound("the user"))) };
            let metadata = match changed(user.metadata.clone(), change.metadata) {
                Ok(metadata) => metadata,
                Err(error) => return Ok(Err(error)),
            };
            user.metadata = metadata;
            user.profile.given_name = change.given_name.apply(user.profile.given_name.take());
            user.profile.surname = change.surname.apply(user.profile.surname.take());
            user.profile.email = change.email.apply(user.profile.email.take());
            user.profile.avatar_url = change.avatar_url.apply(user.profile.avatar_url.take());
            user.profile.locale = change.locale.apply(user.profile.locale.take());
            user.signed_up_at = change.signed_up_at.apply(user.signed_up_at);
            tx.update_user(&user);
            Ok(Ok(Done::User(user)))
        })
    });
    written.await?
}

pub(super) async fn delete(inner: &Arc<Inner>, app: AppId, user: UserId) -> Result<Done, CommandError> {
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            if tx.user(app, user).await?.is_none() {
                return Ok(Err(CommandError::NotFound("the user")));
            }
            tx.delete_user(app, user);
            Ok(Ok(Done::Nothing))
        })
    });
    written.await?
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
    metadata.check().map_err(|error| CommandError::invalid("metadata", error.to_string()))?;
    Ok(metadata)
}
