//! What a webhook or a poll brought, with what lies behind pressed buttons.

use passerelle_sdk::prelude::*;

use crate::api::Api;
use crate::settings::Settings;
use crate::wire::{Update, UpdateKind};
use crate::{buttons, inbound};

/// The events of one update. Pressed buttons are answered, so that they stop waiting: a courtesy, given up for the
/// rest of the call when `courteous` turns false because an answer failed.
pub fn events(
    settings: &Settings,
    update: Update,
    epoch: u32,
    courteous: &mut bool,
) -> Result<Vec<InboundEvent>, Failure> {
    let query = match &update.kind {
        UpdateKind::Callback(query) => Some(query.id.clone()),
        _ => None,
    };
    let mut events = inbound::events(update, epoch);
    let mut expired = false;
    for event in &mut events {
        expired |= buttons::recall(event)?;
    }
    if let Some(query) = query.filter(|_| *courteous) {
        let notice = expired.then_some(settings.expired_notice.as_str());
        *courteous = Api::new(settings.base()).answer_callback(&query, notice);
    }
    Ok(events)
}
