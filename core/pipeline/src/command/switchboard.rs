//! Commands on the switchboard and its seats. The picture in memory is replaced after each.

use std::sync::Arc;

use passerelle_model::id::{AppId, SwitchboardId, SwitchboardIntegrationId};
use passerelle_model::switchboard::MAX_SEATS;
use passerelle_store::{SeatRow, StoreError, SwitchboardRow, Tx};

use super::{CommandError, Done, NewSeat, SeatChange};
use crate::gateway::Inner;

type Answer<T> = Result<Result<T, CommandError>, StoreError>;

pub(super) async fn create(inner: &Arc<Inner>, app: AppId) -> Result<Done, CommandError> {
    let row = SwitchboardRow { id: inner.ids.next(inner.clock.now()), app, enabled: true, default: None };
    let made = row.clone();
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            tx.insert_switchboard(&row);
            Ok(())
        })
    });
    match written.await {
        Ok(()) => done(inner, app, Done::Switchboard(made)).await,
        Err(StoreError::Duplicate(_)) => Err(CommandError::Conflict("the app has a switchboard already".into())),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn update(
    inner: &Arc<Inner>,
    app: AppId,
    id: SwitchboardId,
    enabled: Option<bool>,
    default: Option<SwitchboardIntegrationId>,
) -> Result<Done, CommandError> {
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let (mut row, seats) = match find(tx, app, id).await? {
                Ok(found) => found,
                Err(error) => return Ok(Err(error)),
            };
            if default.is_some_and(|seat| !seats.iter().any(|known| known.id == seat)) {
                return Ok(Err(CommandError::NotFound("the switchboard integration")));
            }
            row.enabled = enabled.unwrap_or(row.enabled);
            row.default = default.or(row.default);
            tx.update_switchboard(&row);
            Ok(Ok(Done::Switchboard(row)))
        })
    });
    let made = written.await??;
    done(inner, app, made).await
}

pub(super) async fn delete(inner: &Arc<Inner>, app: AppId, id: SwitchboardId) -> Result<Done, CommandError> {
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            if let Err(error) = find(tx, app, id).await? {
                return Ok(Err(error));
            }
            tx.delete_switchboard(id);
            Ok(Ok(()))
        })
    });
    written.await??;
    done(inner, app, Done::Nothing).await
}

pub(super) async fn create_seat(
    inner: &Arc<Inner>,
    app: AppId,
    switchboard: SwitchboardId,
    new: NewSeat,
) -> Result<Done, CommandError> {
    check_name(&new.name)?;
    let integration_type = integration_type(inner, app, &new)?;
    let seat = SeatRow {
        id: inner.ids.next(inner.clock.now()),
        switchboard,
        name: new.name,
        integration: new.integration,
        integration_type,
        deliver_standby_events: new.deliver_standby_events,
        next: new.next,
        message_history_count: new.message_history_count,
    };
    let made = seat.clone();
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let (_, seats) = match find(tx, app, switchboard).await? {
                Ok(found) => found,
                Err(error) => return Ok(Err(error)),
            };
            if seats.len() >= MAX_SEATS {
                let reason = format!("has {MAX_SEATS} integrations already, which is as many as it may");
                return Ok(Err(CommandError::invalid("switchboardId", reason)));
            }
            if seat.next.is_some_and(|next| !seats.iter().any(|known| known.id == next)) {
                return Ok(Err(CommandError::NotFound("the next switchboard integration")));
            }
            tx.insert_seat(&seat);
            Ok(Ok(()))
        })
    });
    match written.await {
        Ok(written) => written?,
        Err(StoreError::Duplicate(_)) => {
            return Err(CommandError::Conflict("a switchboard integration has this name already".into()));
        }
        Err(error) => return Err(error.into()),
    }
    done(inner, app, Done::Seat(made)).await
}

fn integration_type(inner: &Inner, app: AppId, new: &NewSeat) -> Result<String, CommandError> {
    match (new.integration, &new.integration_type) {
        (Some(id), _) => {
            let entry = inner.book.entry(id).filter(|entry| entry.row.app == app);
            entry.map(|entry| entry.row.kind.clone()).ok_or(CommandError::NotFound("the integration"))
        }
        (None, Some(word)) => Ok(word.clone()),
        (None, None) => Err(CommandError::invalid("integrationId", "or `integrationType` is needed")),
    }
}

pub(super) async fn update_seat(
    inner: &Arc<Inner>,
    app: AppId,
    switchboard: SwitchboardId,
    id: SwitchboardIntegrationId,
    change: SeatChange,
) -> Result<Done, CommandError> {
    if let Some(name) = &change.name {
        check_name(name)?;
    }
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let (_, seats) = match find(tx, app, switchboard).await? {
                Ok(found) => found,
                Err(error) => return Ok(Err(error)),
            };
            let Some(mut seat) = seats.iter().find(|seat| seat.id == id).cloned() else {
                return Ok(Err(CommandError::NotFound("the switchboard integration")));
            };
            seat.name = change.name.unwrap_or(seat.name);
            seat.deliver_standby_events = change.deliver_standby_events.unwrap_or(seat.deliver_standby_events);
            seat.next = change.next.apply(seat.next);
            seat.message_history_count = change.message_history_count.apply(seat.message_history_count);
            if seat.next.is_some_and(|next| !seats.iter().any(|known| known.id == next)) {
                return Ok(Err(CommandError::NotFound("the next switchboard integration")));
            }
            tx.update_seat(&seat);
            Ok(Ok(Done::Seat(seat)))
        })
    });
    let made = written.await??;
    done(inner, app, made).await
}

pub(super) async fn delete_seat(
    inner: &Arc<Inner>,
    app: AppId,
    switchboard: SwitchboardId,
    id: SwitchboardIntegrationId,
) -> Result<Done, CommandError> {
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let (row, seats) = match find(tx, app, switchboard).await? {
                Ok(found) => found,
                Err(error) => return Ok(Err(error)),
            };
            if !seats.iter().any(|seat| seat.id == id) {
                return Ok(Err(CommandError::NotFound("the switchboard integration")));
            }
            if row.default == Some(id) || seats.iter().any(|seat| seat.next == Some(id)) {
                let reason = "is the default one, or the next one of another; change that first";
                return Ok(Err(CommandError::invalid("switchboardIntegrationId", reason)));
            }
            tx.delete_seat(id, row.default);
            Ok(Ok(()))
        })
    });
    written.await??;
    done(inner, app, Done::Nothing).await
}

async fn find(tx: &mut Tx<'_>, app: AppId, id: SwitchboardId) -> Answer<(SwitchboardRow, Vec<SeatRow>)> {
    match tx.switchboard(app).await?.filter(|row| row.id == id) {
        Some(row) => Ok(Ok((row, tx.seats(id).await?))),
        None => Ok(Err(CommandError::NotFound("the switchboard"))),
    }
}

fn check_name(name: &str) -> Result<(), CommandError> {
    let good = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if (1..=128).contains(&name.len()) && name.chars().all(good) {
        return Ok(());
    }
    Err(CommandError::invalid("name", "needs 1 to 128 letters, digits, `-` or `_`"))
}

async fn done(inner: &Arc<Inner>, app: AppId, done: Done) -> Result<Done, CommandError> {
    inner.read_board(app).await?;
    Ok(done)
}
