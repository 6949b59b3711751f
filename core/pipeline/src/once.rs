//! Writes that no command covers, at most once for a request that may come twice.
//!
//! Looking the request up, the write and the note of what it made are one transaction: there is no instant at which a
//! repeat could find one without the other.

use futures_util::future::BoxFuture;
use passerelle_store::{Once, Repeat, Tx};

use crate::command::{CommandError, Stop};
use crate::gateway::Gateway;

/// What a write came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The name that the write gave to what it made.
    pub made: String,
    /// Whether an earlier request made it.
    pub replayed: bool,
}

impl Gateway {
    /// Runs a job that answers with the name of what it made. A repeat of a request gives that name again and runs
    /// nothing; a job that is refused leaves nothing.
    pub async fn write_once<F>(&self, once: Option<Once>, job: F) -> Result<Written, CommandError>
    where
        F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Result<String, Stop>> + Send + 'static,
    {
        let now = self.0.clock.now();
        let written = self.0.store.write(move |tx| {
            Box::pin(async move {
                let written = async {
                    if let Some(made) = before(tx, once.as_ref()).await? {
                        return Ok(Written { made, replayed: true });
                    }
                    let made = job(tx).await?;
                    if let Some(once) = &once {
                        tx.remember(once, &made, now);
                    }
                    Ok(Written { made, replayed: false })
                };
                let written = written.await;
                settled(tx, written)
            })
        });
        written.await?
    }
}

/// What the same request made before; none when it comes for the first time.
pub(crate) async fn before(tx: &mut Tx<'_>, once: Option<&Once>) -> Result<Option<String>, Stop> {
    let Some(once) = once else { return Ok(None) };
    match tx.seen(once).await? {
        Repeat::New => Ok(None),
        Repeat::Same(made) => Ok(Some(made)),
        Repeat::Other => Err(CommandError::Conflict("Idempotency-Key was used with another request".into()).into()),
    }
}

/// The end of a job as the writer wants it: what was refused is undone, unless the refusal itself is on record.
pub(crate) fn settled<T>(
    tx: &mut Tx<'_>,
    outcome: Result<T, Stop>,
) -> Result<Result<T, CommandError>, passerelle_store::StoreError> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(Stop::Noted(error)) => Ok(Err(error)),
        Err(Stop::Refused(error)) => {
            tx.undo();
            Ok(Err(error))
        }
        Err(Stop::Failed(error)) => Err(error),
    }
}
