//! The switchboard of an app and its seats.

use passerelle_model::id::SwitchboardIntegrationId;
use passerelle_pipeline::{Change, Command, Done, NewSeat, SeatChange};
use passerelle_store::{SeatRow, SwitchboardRow};

use super::users::unexpected;
use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::fields::Fields;
use crate::wire::limits::MAX_WORD;
use crate::wire::switchboard;

pub(super) async fn create(call: Call) -> Answer {
    match call.execute(Command::CreateSwitchboard).await? {
        Done::Switchboard(row) => Reply::created("switchboard", switchboard::switchboard(&row)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn list(call: Call) -> Answer {
    let found = stored(call.api.store().switchboards(call.app()?).await)?;
    Reply::all("switchboards", found.iter().map(switchboard::switchboard).collect())
}

pub(super) async fn update(call: Call) -> Answer {
    let board = board(&call).await?;
    let fields = call.fields()?;
    let enabled = fields.flag("enabled")?;
    let default = match fields.text("defaultSwitchboardIntegrationId", MAX_WORD)? {
        Some(text) => Some(seat_id(&text)?),
        None => None,
    };
    if enabled == Some(true) && default.or(board.default).is_none() {
        return Err(no_seat("Enabled switchboard must have an associated default switchboardIntegration"));
    }
    match call.execute(Command::UpdateSwitchboard { switchboard: board.id, enabled, default }).await? {
        Done::Switchboard(row) => Reply::one("switchboard", switchboard::switchboard(&row)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn delete(call: Call) -> Answer {
    let board = board(&call).await?;
    call.execute(Command::DeleteSwitchboard(board.id)).await?;
    Reply::done()
}

pub(super) async fn create_seat(call: Call) -> Answer {
    let board = board(&call).await?;
    let fields = call.fields()?;
    let seat = NewSeat {
        name: fields.needed_text("name", MAX_WORD)?,
        integration: integration(&fields)?,
        integration_type: fields.text("integrationType", MAX_WORD)?,
        deliver_standby_events: fields.flag("deliverStandbyEvents")?.unwrap_or(true),
        next: next(&fields)?.apply(None),
        message_history_count: history(&fields)?.apply(None),
    };
    if seat.integration.is_none() && seat.integration_type.is_none() {
        return Err(fields.missing("integrationId"));
    }
    match call.execute(Command::CreateSeat { switchboard: board.id, seat }).await? {
        Done::Seat(row) => Reply::created("switchboardIntegration", switchboard::seat(&row)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn list_seats(call: Call) -> Answer {
    let board = board(&call).await?;
    let found = stored(call.api.store().seats(board.app, board.id).await)?;
    Reply::all("switchboardIntegrations", found.iter().map(switchboard::seat).collect())
}

pub(super) async fn update_seat(call: Call) -> Answer {
    let board = board(&call).await?;
    let seat = seat(&call, &board).await?.id;
    let fields = call.fields()?;
    let change = SeatChange {
        integration: integration(&fields)?,
        integration_type: fields.text("integrationType", MAX_WORD)?,
        name: fields.text("name", MAX_WORD)?,
        deliver_standby_events: fields.flag("deliverStandbyEvents")?,
        next: next(&fields)?,
        message_history_count: history(&fields)?,
    };
    match call.execute(Command::UpdateSeat { switchboard: board.id, seat, change }).await? {
        Done::Seat(row) => Reply::one("switchboardIntegration", switchboard::seat(&row)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn delete_seat(call: Call) -> Answer {
    let board = board(&call).await?;
    let seat = seat(&call, &board).await?.id;
    call.execute(Command::DeleteSeat { switchboard: board.id, seat }).await?;
    Reply::done()
}

async fn board(call: &Call) -> Result<SwitchboardRow, ApiError> {
    let found = stored(call.api.store().switchboards(call.app()?).await)?;
    let found = found.into_iter().find(|board| board.id.to_string() == call.segment("switchboard"));
    found.ok_or_else(|| ApiError::not_found("switchboard_not_found", "Switchboard not found"))
}

async fn seat(call: &Call, board: &SwitchboardRow) -> Result<SeatRow, ApiError> {
    let seats = stored(call.api.store().seats(board.app, board.id).await)?;
    let found = seats.into_iter().find(|seat| seat.id.to_string() == call.segment("seat"));
    found.ok_or_else(|| no_seat("SwitchboardIntegration not found"))
}

fn integration(fields: &Fields<'_>) -> Result<Option<passerelle_model::id::IntegrationId>, ApiError> {
    let unknown = |_| ApiError::not_found("integration_not_found", "Integration not found");
    fields.text("integrationId", MAX_WORD)?.map(|text| text.parse().map_err(unknown)).transpose()
}

fn next(fields: &Fields<'_>) -> Result<Change<SwitchboardIntegrationId>, ApiError> {
    Ok(match fields.text_change("nextSwitchboardIntegrationId", MAX_WORD)? {
        Change::Set(text) => Change::Set(seat_id(&text)?),
        Change::Unset => Change::Unset,
        Change::Keep => Change::Keep,
    })
}

fn history(fields: &Fields<'_>) -> Result<Change<u32>, ApiError> {
    Ok(match fields.integer("messageHistoryCount", 1..=10)? {
        Some(count) => Change::Set(count as u32),
        None if fields.mentions("messageHistoryCount") => Change::Unset,
        None => Change::Keep,
    })
}

fn seat_id(text: &str) -> Result<SwitchboardIntegrationId, ApiError> {
    text.parse().map_err(|_| no_seat("SwitchboardIntegration not found"))
}

fn no_seat(title: &str) -> ApiError {
    ApiError::not_found("switchboard_integration_not_found", title)
}
