//! Waiting with an end. Nothing in the tests sleeps and hopes: it asks again until the answer is right or time is up.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Pause between two questions.
const PAUSE: Duration = Duration::from_millis(20);

/// Asks until the answer is `Some`. `what` completes the sentence "waited 5s for …".
pub async fn within<T, F, Answer>(limit: Duration, what: &str, mut ask: F) -> Result<T>
where
    F: FnMut() -> Answer,
    Answer: Future<Output = Result<Option<T>>>,
{
    let deadline = Instant::now() + limit;
    loop {
        let failed = match ask().await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if Instant::now() >= deadline {
            match failed {
                Some(error) => bail!("waited {limit:?} for {what}; the last try failed: {error:#}"),
                None => bail!("waited {limit:?} for {what}"),
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}
