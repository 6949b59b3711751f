//! Tells vendors where to call us, and remembers whom we told, so that one who was not told is seen.

use std::sync::Arc;

use passerelle_model::id::IntegrationId;
use passerelle_plugin_host::{CallError, FailureCategory, Fault, Installation};
use passerelle_store::{IntegrationStatus, StoreError};

use crate::directory::Entry;
use crate::gateway::Gateway;
use crate::poll;

impl Gateway {
    /// Tells the vendor our address, where the adapter can and we have one. A failure is the integration's status:
    /// somebody waits for it to work.
    pub(crate) async fn register(&self, id: IntegrationId) {
        let Some((entry, url)) = self.registrable(id) else { return };
        let Some(installation) = entry.ready() else { return };
        if let Err(error) = self.tell(installation, id, &url).await {
            self.registration_failed(id, &error).await;
        }
    }

    /// Tells the vendors that were not told our present address. Only refused credentials stop an integration here:
    /// what it sends need not wait for a vendor that is away.
    pub(crate) async fn register_missing(&self) -> Result<(), StoreError> {
        let told = self.0.store.registrations().await?;
        let ids: Vec<IntegrationId> = self.0.book.now().integrations.keys().copied().collect();
        for id in ids {
            let Some((entry, url)) = self.registrable(id).filter(|(_, url)| told.get(&id) != Some(url)) else {
                continue;
            };
            let Some(installation) = entry.ready() else { continue };
            match self.tell(installation, id, &url).await {
                Ok(()) => {}
                Err(error) if is_refusal(&error) => self.registration_failed(id, &error).await,
                Err(error) => {
                    tracing::warn!(integration = %id, %error, "the vendor could not be told to call us; it is told at the next reload or start");
                }
            }
        }
        Ok(())
    }

    /// Tells the vendor to stop calling.
    pub(crate) async fn unregister(&self, entry: &Entry) {
        let id = entry.row.id;
        let Some(installation) = entry.installation.as_ref().filter(|ready| registers(ready)) else { return };
        if self.0.config.public_url.is_none() || self.0.config.passive {
            return;
        }
        if let Err(error) = self.0.host.unregister_webhook(installation).await
            && !matches!(error.fault, Fault::Unsupported(_))
        {
            tracing::warn!(integration = %id, %error, "the vendor could not be told to stop calling");
        }
    }

    /// The integration with the address that its vendor should call; none where there is nothing to tell.
    fn registrable(&self, id: IntegrationId) -> Option<(Arc<Entry>, String)> {
        let base = self.0.config.public_url.as_ref().filter(|_| !self.0.config.passive)?;
        let entry = self.0.book.entry(id)?;
        entry.ready().filter(|ready| registers(ready))?;
        Some((entry, format!("{}/webhooks/{id}", base.trim_end_matches('/'))))
    }

    async fn tell(&self, installation: &Installation, id: IntegrationId, url: &str) -> Result<(), CallError> {
        self.0.host.register_webhook(installation, url).await?;
        tracing::info!(integration = %id, "the vendor calls us from now on");
        let url = url.to_owned();
        let written = self.0.store.write(move |tx| {
            Box::pin(async move {
                tx.set_registration(id, Some(&url));
                Ok(())
            })
        });
        if let Err(error) = written.await {
            tracing::warn!(integration = %id, %error, "it could not be written down that the vendor calls us: it is told again");
        }
        Ok(())
    }

    async fn registration_failed(&self, id: IntegrationId, error: &CallError) {
        tracing::error!(integration = %id, %error, "the webhook could not be registered: enable the integration again when the cause is gone");
        let (reason, inner) = (error.to_string(), &self.0);
        inner.book.set_status(id, IntegrationStatus::Error, Some(reason.clone()));
        let written = inner.store.write(move |tx| {
            Box::pin(async move {
                tx.set_integration_status(id, IntegrationStatus::Error, Some(&reason));
                Ok(())
            })
        });
        if let Err(error) = written.await {
            tracing::error!(integration = %id, %error, "the status of an integration could not be written");
        }
    }
}

fn registers(installation: &Installation) -> bool {
    let polls = poll::mode(installation).is_some_and(|mode| mode == "polling");
    installation.plugin().abilities().webhook_setup && !polls
}

fn is_refusal(error: &CallError) -> bool {
    matches!(&error.fault, Fault::Failure(failure) if failure.category == FailureCategory::Unauthorized)
}
