//! Who may hold a stream open: so many per key, and so many in all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The open streams, counted.
pub(crate) struct Tickets {
    per_key: usize,
    total: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    total: usize,
    of_key: HashMap<String, usize>,
}

/// One open stream. It counts until it is dropped.
pub(crate) struct Ticket {
    tickets: Arc<Tickets>,
    key: String,
}

impl Tickets {
    pub(crate) fn new(per_key: usize, total: usize) -> Self {
        Self { per_key, total, open: Mutex::default() }
    }

    /// A ticket for one more stream; none when there are as many as may be.
    pub(crate) fn take(self: &Arc<Self>, key: &str) -> Option<Ticket> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_key = open.of_key.get(key).copied().unwrap_or(0);
        if open.total >= self.total || of_key >= self.per_key {
            return None;
        }
        open.total += 1;
        open.of_key.insert(key.to_owned(), of_key + 1);
        metrics::gauge!("passerelle_live_streams").set(open.total as f64);
        Some(Ticket { tickets: Arc::clone(self), key: key.to_owned() })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut open = self.tickets.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.total -= 1;
        if let Some(count) = open.of_key.get_mut(&self.key) {
            *count -= 1;
        }
        open.of_key.retain(|_, count| *count > 0);
        metrics::gauge!("passerelle_live_streams").set(open.total as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_counted_per_key_and_in_all_and_given_back() {
        let tickets = Arc::new(Tickets::new(2, 3));
        let first = tickets.take("a");
        let second = tickets.take("a");
        assert!(first.is_some() && second.is_some() && tickets.take("a").is_none());
        let third = tickets.take("b");
        assert!(third.is_some() && tickets.take("c").is_none(), "three in all");
        drop(first);
        assert!(tickets.take("a").is_some());
        drop((second, third));
        assert!(tickets.open.lock().expect("sound").of_key.is_empty(), "nothing is kept of those who left");
    }
}
