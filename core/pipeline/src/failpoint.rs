//! Named points where a fault test may end the process, as a power cut would.
//!
//! Inert unless `gateway.failpoint` names one: then a hit is a comparison of two short texts.

use std::sync::atomic::{AtomicU32, Ordering};

/// The points, in the order of the path.
pub(crate) const NAMES: [&str; 8] = [
    "after-raw-commit",
    "before-ack",
    "after-command-commit",
    "after-record",
    "after-turn-commit",
    "before-send",
    "after-send",
    "after-outcome-commit",
];

/// The point that was asked for, and how often it may still be passed.
#[derive(Debug)]
pub(crate) struct Failpoint {
    name: Option<&'static str>,
    left: AtomicU32,
}

impl Failpoint {
    /// `NAME` or `NAME:N` for the n-th pass; an unknown name is an error that lists the known ones.
    pub(crate) fn parse(text: Option<&str>) -> Result<Self, String> {
        let Some(text) = text else { return Ok(Self { name: None, left: AtomicU32::new(0) }) };
        let (name, passes) = text.split_once(':').unwrap_or((text, "1"));
        let known = NAMES.into_iter().find(|known| *known == name);
        let passes = passes.parse().ok().filter(|passes| *passes > 0);
        match (known, passes) {
            (Some(name), Some(passes)) => Ok(Self { name: Some(name), left: AtomicU32::new(passes) }),
            _ => Err(format!("failpoint `{text}` is not `NAME` or `NAME:N` with a name of {}", NAMES.join(", "))),
        }
    }

    /// Ends the process here if this is the point, and the pass, that was asked for.
    pub(crate) fn hit(&self, name: &'static str) {
        if self.name == Some(name) && self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_points_and_counts_are_taken() {
        for good in [None, Some("before-ack"), Some("after-send:12")] {
            assert!(Failpoint::parse(good).is_ok(), "{good:?}");
        }
        for bad in ["", "before", "before-ack:0", "before-ack:x", "before-ack:"] {
            assert!(Failpoint::parse(Some(bad)).is_err(), "{bad}");
        }
    }
}
