//! Chance that repeats.

use baddie_core::clock::Entropy;
use baddie_core::testing::SeededEntropy;

/// Dice of a seed.
pub(crate) struct Dice(SeededEntropy);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    /// A number from zero to below `sides`.
    pub(crate) fn below(&self, sides: i64) -> i64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        i64::from_le_bytes(bytes).rem_euclid(sides.max(1))
    }

    /// Whether something happens that happens `percent` times in a hundred.
    pub(crate) fn chance(&self, percent: i64) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub(crate) fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(usize::try_from(self.below(i64::try_from(from.len()).unwrap())).unwrap())
    }

    /// One of these words.
    pub(crate) fn word(&self, from: &[&'static str]) -> &'static str {
        self.pick(from).unwrap()
    }

    /// A quantity: mostly a few, now and then none, less than none, or far too many.
    pub(crate) fn qty(&self) -> i64 {
        match self.below(40) {
            0 => 0,
            1 => -1,
            2 => i64::MAX,
            3..=5 => 5 + self.below(20),
            _ => 1 + self.below(3),
        }
    }

    /// An amount of pence: mostly one that a shop would know.
    pub(crate) fn pence(&self) -> i64 {
        match self.below(40) {
            0 => 0,
            1 => -100,
            2..=5 => 1 + self.below(7),
            _ => 100 + self.below(5_000),
        }
    }
}
