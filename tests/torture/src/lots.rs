//! Chance that can be repeated: everything random about a run follows from its seed.

use anyhow::{Result, anyhow};

/// Draws lots. Not for secrets.
#[derive(Clone, Debug)]
pub(crate) struct Lots(u64);

impl Lots {
    /// The lots of this seed and of this use of it.
    pub(crate) fn new(seed: u64, use_of_it: u64) -> Self {
        Self(seed ^ use_of_it.wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    /// Any number (the SplitMix64 sequence).
    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.draw() % end.max(1)
    }

    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One of them.
    pub(crate) fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let index = usize::try_from(self.below(all.len() as u64)).ok()?;
        all.get(index)
    }
}

/// A seed that nobody chose.
pub(crate) fn fresh_seed() -> Result<u64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no random bytes: {error}"))?;
    // Short enough to be typed again.
    Ok(u64::from_le_bytes(bytes) % 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::Lots;

    #[test]
    fn the_same_seed_draws_the_same_lots() {
        let draw =
            |seed, use_of_it| (0..4).map(move |_| 0).scan(Lots::new(seed, use_of_it), |lots, _| Some(lots.draw()));
        let first: Vec<_> = draw(7, 1).collect();
        assert_eq!(first, draw(7, 1).collect::<Vec<_>>());
        assert_ne!(first, draw(7, 2).collect::<Vec<_>>());
        assert_ne!(first, draw(8, 1).collect::<Vec<_>>());
    }
}
