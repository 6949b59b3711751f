//! In whose name something is done at the desk, and how it is put on record.

use std::sync::Arc;

use passerelle_model::desk::{PersonId, TicketId};
use passerelle_model::event::EventKind;
use passerelle_model::id::{AppId, IdSource};
use passerelle_model::time::Timestamp;
use passerelle_store::{AuditEvent, StoreError, Tx};

/// Where, when and in whose name something is done. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Act {
    /// In which app.
    pub app: AppId,
    /// Which agent does it; none where the house does: a bot, the router, a rule, the clock.
    pub by: Option<PersonId>,
    /// When.
    pub now: Timestamp,
    /// Gives events their ids.
    pub ids: Arc<IdSource>,
}

impl Act {
    /// Puts what was done to a ticket on record: as an audit, and as an event for whoever follows the log. Nothing is
    /// written down of nothing.
    pub(crate) async fn record(
        &self,
        tx: &mut Tx<'_>,
        ticket: TicketId,
        events: &[AuditEvent],
    ) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let audit = tx.insert_audit(ticket, self.by, events, self.now).await?;
        self.tell(tx, EventKind::TicketChanged { ticket, audit });
        Ok(())
    }

    /// Appends an event of the desk to the log.
    pub(crate) fn tell(&self, tx: &mut Tx<'_>, kind: EventKind) {
        tx.append_app_event(self.app, self.ids.next(self.now), self.now, kind);
    }
}
