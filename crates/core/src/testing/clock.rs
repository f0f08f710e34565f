use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::{Clock, Entropy, Timestamp};

/// A clock that stands still until it is moved. Its clones show the same time: hand one away, keep one to turn.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.as_micros())))
    }

    /// Shows `now` from here on; backwards too.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_micros(), Ordering::SeqCst);
    }

    /// Moves on by `by`; answers the time it then shows.
    pub fn advance(&self, by: Duration) -> Timestamp {
        let moved = |micros| Some(Timestamp::from_micros(micros).plus(by).as_micros());
        // The closure always answers, so the update always takes.
        let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, moved);
        self.now()
    }
}

impl Default for FixedClock {
    /// Monday noon, 5 January 2026, UTC: a plain hour of a plain day.
    fn default() -> Self {
        Self::at(Timestamp::from_micros(1_767_614_400_000_000))
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that repeats: the same seed gives the same bytes. **Never for production:** whoever has seen one id can
/// foretell the next, and every secret.
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// One step of `SplitMix64` (Steele, Lea and Flood 2014): a counter, stirred.
    fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_show_the_same_time() {
        let clock = FixedClock::default();
        let other = clock.clone();
        assert_eq!(clock.now().to_string(), "2026-01-05T12:00:00.000000Z");
        clock.advance(Duration::from_secs(90));
        assert_eq!(other.now().to_string(), "2026-01-05T12:01:30.000000Z");
        other.set(Timestamp::from_micros(0));
        assert_eq!(clock.now(), Timestamp::from_micros(0));
    }

    #[test]
    fn a_seed_repeats_and_another_does_not() {
        let draw = |seed| {
            let mut bytes = [0; 21];
            SeededEntropy::new(seed).fill(&mut bytes);
            bytes
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn the_published_stream_holds() {
        // The first value of SplitMix64 for seed 1234567, as the generator's authors and its many ports print it.
        assert_eq!(SeededEntropy::new(1_234_567).next(), 6_457_827_717_110_365_317);
    }
}
