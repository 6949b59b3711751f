//! Commands on the switchboard and its seats. The picture in memory is replaced after each.

use passerelle_model::id::{IntegrationId, SwitchboardId, SwitchboardIntegrationId};
use passerelle_model::switchboard::MAX_SEATS;
use passerelle_store::{SeatRow, SwitchboardRow, Tx};

use super::work::{Outcome, Work};
use super::{CommandError, Done, NewSeat, SeatChange};

pub(super) async fn create(work: &mut Work, tx: &mut Tx<'_>) -> Outcome {
    if tx.switchboard(work.app).await?.is_some() {
        return Err(CommandError::Refused("Only one switchboard can be created per app".into()).into());
    }
    let row = SwitchboardRow { id: work.id(), app: work.app, enabled: true, default: None };
    tx.insert_switchboard(&row);
    work.changes_board = true;
    Ok(Done::Switchboard(row))
}

pub(super) async fn update(
    work: &mut Work,
    tx: &mut Tx<'_>,
    id: SwitchboardId,
    enabled: Option<bool>,
    default: Option<SwitchboardIntegrationId>,
) -> Outcome {
    let (mut row, seats) = find(work, tx, id).await?;
    check_known(&seats, default, "the switchboard integration")?;
    row.enabled = enabled.unwrap_or(row.enabled);
    row.default = default.or(row.default);
    tx.update_switchboard(&row);
    Ok(Done::Switchboard(row))
}

pub(super) async fn delete(work: &mut Work, tx: &mut Tx<'_>, id: SwitchboardId) -> Outcome {
    find(work, tx, id).await?;
    tx.delete_switchboard(id);
    Ok(Done::Nothing)
}

pub(super) async fn create_seat(work: &mut Work, tx: &mut Tx<'_>, switchboard: SwitchboardId, new: NewSeat) -> Outcome {
    let (_, seats) = find(work, tx, switchboard).await?;
    check_name(&new.name)?;
    if seats.iter().any(|seat| seat.name == new.name) {
        return Err(CommandError::Conflict("a switchboard integration has this name already".into()).into());
    }
    if seats.len() >= MAX_SEATS {
        return Err(CommandError::TooManySeats.into());
    }
    check_known(&seats, new.next, "the next switchboard integration")?;
    let seat = SeatRow {
        id: work.id(),
        switchboard,
        integration_type: integration_type(work, new.integration, new.integration_type)?,
        name: new.name,
        integration: new.integration,
        deliver_standby_events: new.deliver_standby_events,
        next: new.next,
        message_history_count: new.message_history_count,
    };
    tx.insert_seat(&seat);
    Ok(Done::Seat(seat))
}

fn integration_type(
    work: &Work,
    integration: Option<IntegrationId>,
    word: Option<String>,
) -> Result<String, CommandError> {
    match (integration, word) {
        (Some(id), _) => {
            let entry = work.directory.integrations.get(&id).filter(|entry| entry.row.app == work.app);
            entry.map(|entry| entry.row.kind.clone()).ok_or(CommandError::NotFound("the integration"))
        }
        (None, Some(word)) => Ok(word),
        (None, None) => Err(CommandError::invalid("integrationId", "or `integrationType` is needed")),
    }
}

pub(super) async fn update_seat(
    work: &mut Work,
    tx: &mut Tx<'_>,
    switchboard: SwitchboardId,
    id: SwitchboardIntegrationId,
    change: SeatChange,
) -> Outcome {
    let (_, seats) = find(work, tx, switchboard).await?;
    let mut seat = seats.iter().find(|seat| seat.id == id).cloned().ok_or_else(unknown_seat)?;
    if let Some(name) = change.name {
        check_name(&name)?;
        if seats.iter().any(|other| other.id != id && other.name == name) {
            return Err(CommandError::Conflict("a switchboard integration has this name already".into()).into());
        }
        seat.name = name;
    }
    if change.integration.is_some() || change.integration_type.is_some() {
        seat.integration = change.integration;
        seat.integration_type = integration_type(work, change.integration, change.integration_type)?;
    }
    seat.deliver_standby_events = change.deliver_standby_events.unwrap_or(seat.deliver_standby_events);
    seat.next = change.next.apply(seat.next);
    seat.message_history_count = change.message_history_count.apply(seat.message_history_count);
    check_known(&seats, seat.next, "the next switchboard integration")?;
    tx.update_seat(&seat);
    Ok(Done::Seat(seat))
}

pub(super) async fn delete_seat(
    work: &mut Work,
    tx: &mut Tx<'_>,
    switchboard: SwitchboardId,
    id: SwitchboardIntegrationId,
) -> Outcome {
    let (row, seats) = find(work, tx, switchboard).await?;
    if !seats.iter().any(|seat| seat.id == id) {
        return Err(unknown_seat().into());
    }
    if row.default == Some(id) || seats.iter().any(|seat| seat.next == Some(id)) {
        let reason = "is the default one, or the next one of another; change that first";
        return Err(CommandError::invalid("switchboardIntegrationId", reason).into());
    }
    tx.delete_seat(id, row.default);
    Ok(Done::Nothing)
}

/// The app's switchboard, which is about to change, and its seats.
async fn find(work: &mut Work, tx: &mut Tx<'_>, id: SwitchboardId) -> Outcome<(SwitchboardRow, Vec<SeatRow>)> {
    let row = tx.switchboard(work.app).await?.filter(|row| row.id == id);
    let row = row.ok_or(CommandError::NotFound("the switchboard"))?;
    work.changes_board = true;
    Ok((row, tx.seats(id).await?))
}

fn check_known(
    seats: &[SeatRow],
    wanted: Option<SwitchboardIntegrationId>,
    what: &'static str,
) -> Result<(), CommandError> {
    match wanted.is_none_or(|wanted| seats.iter().any(|seat| seat.id == wanted)) {
        true => Ok(()),
        false => Err(CommandError::NotFound(what)),
    }
}

fn unknown_seat() -> CommandError {
    CommandError::NotFound("the switchboard integration")
}

fn check_name(name: &str) -> Result<(), CommandError> {
    let good = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if (1..=128).contains(&name.len()) && name.chars().all(good) {
        return Ok(());
    }
    Err(CommandError::invalid("name", "needs 1 to 128 letters, digits, `-` or `_`"))
}
