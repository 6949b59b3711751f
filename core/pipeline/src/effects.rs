//! What must follow a commit: deliveries and turns that are due at once, and passing signs.

use std::sync::Arc;

use passerelle_model::id::AppId;
use passerelle_model::tenant::AppSettings;
use passerelle_store::{Client, DueDelivery, DueTurn, StoreError, Tx};

use crate::gateway::Inner;
use crate::publish::Sign;
use crate::{deliver, removal, turn};

/// Gathered inside of a job, carried out after its commit, forgotten when the job is undone.
#[derive(Default)]
pub(crate) struct Effects {
    /// Deliveries that were queued; those that wait behind others are left to them.
    pub(crate) deliveries: Vec<DueDelivery>,
    /// Signs to show, and the identity on whose channel.
    pub(crate) signs: Vec<(Sign, Option<Client>)>,
    /// Turns that are due at once.
    pub(crate) turns: Vec<DueTurn>,
    /// Whether something became due at a new time.
    pub(crate) wakes: bool,
    /// Whether something is on its way out.
    pub(crate) removes: bool,
    /// An app whose settings changed.
    pub(crate) settings: Option<(AppId, AppSettings)>,
    /// An app that is gone.
    pub(crate) closed: Option<AppId>,
}

impl Effects {
    /// Takes from the job what the database has decided: which deliveries leave now, and which turns are due.
    pub(crate) async fn collect(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        tx.finish().await?;
        let sending = tx.take_sending();
        self.deliveries.retain(|delivery| sending.contains(&delivery.id));
        self.turns.extend(tx.take_turns());
        Ok(())
    }

    /// Brings everything on its way; waits while the lanes are full.
    pub(crate) async fn follow(self, inner: &Arc<Inner>) {
        if let Some((app, settings)) = self.settings {
            inner.book.set_settings(app, settings);
        }
        if let Some(app) = self.closed {
            removal::close(inner, app);
        }
        if self.wakes {
            inner.wake.notify_one();
        }
        if self.removes {
            inner.removing.notify_one();
        }
        for delivery in self.deliveries {
            deliver::push(inner, deliver::lane(&delivery), Some(delivery)).await;
        }
        for (sign, client) in self.signs {
            deliver::show(inner, sign, client).await;
        }
        for due in self.turns {
            turn::push(inner, due).await;
        }
    }
}
