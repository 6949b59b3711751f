//! Work on the database that must be done: tried again until the machine lets it through.
//!
//! For faults of the machine only (busy, full, disk away): they hit everybody and pass. A fault of the work itself comes
//! back to the caller, who parks that one thing so that nothing waits behind it for ever.

use std::time::Duration;

use passerelle_store::StoreError;

use crate::backoff::Backoff;

/// Waits between tries: short, because everything waits with us.
const WAITS: Backoff = Backoff { first: Duration::from_millis(50), cap: Duration::from_secs(5) };

/// Does `work` until it is done, or fails for a reason that does not pass, or the database closes.
pub(crate) async fn insist<T, F>(what: &'static str, mut work: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut tries = 0;
    loop {
        match work().await {
            Err(error) if error.is_passing() => {
                tries += 1;
                tracing::error!(%error, what, tries, "the database does not take it now; it is tried again");
                metrics::counter!("passerelle_database_retries_total").increment(1);
                // Without random bytes the waits are shorter and alike, and still waits.
                tokio::time::sleep(WAITS.after(tries, getrandom::u32().unwrap_or(0))).await;
            }
            ended => return ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    async fn outcome(script: impl IntoIterator<Item = Result<u32, StoreError>>) -> (Result<u32, StoreError>, usize) {
        let mut script: VecDeque<_> = script.into_iter().collect();
        let ended = insist("a test", || std::future::ready(script.pop_front().expect("no try after the end"))).await;
        (ended, script.len())
    }

    #[tokio::test]
    async fn faults_of_the_machine_are_waited_out_and_faults_of_the_work_are_not() {
        let disk = StoreError::Disk("gone".into());
        let (ended, left) = outcome([Err(StoreError::Busy), Err(disk), Err(StoreError::Full), Ok(7), Ok(8)]).await;
        assert_eq!((ended.expect("it is done"), left), (7, 1));
        for last in [StoreError::Closed, StoreError::BadRow("x".into()), StoreError::Database("x".into())] {
            let (ended, left) = outcome([Err(StoreError::Busy), Err(last), Ok(1)]).await;
            assert!(ended.is_err());
            assert_eq!(left, 1, "it is not tried again");
        }
    }
}
