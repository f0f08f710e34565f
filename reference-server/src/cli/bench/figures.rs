//! From stopwatches to figures.

use std::time::Duration;

use serde::Serialize;

/// How long each of many requests took.
#[derive(Debug, Default)]
pub(super) struct Times(Vec<u32>);

/// What is told of them.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[expect(clippy::struct_field_names, reason = "scripts rely on these names in the JSON")]
pub(super) struct Percentiles {
    pub(super) p50_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
}

impl Times {
    pub(super) fn add(&mut self, time: Duration) {
        self.0.push(u32::try_from(time.as_micros()).unwrap_or(u32::MAX));
    }

    pub(super) fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn percentiles(&mut self) -> Percentiles {
        self.0.sort_unstable();
        let at = |percent: usize| {
            let rank = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
            f64::from(self.0.get(rank).copied().unwrap_or(0)) / 1_000.0
        };
        Percentiles { p50_ms: at(50), p95_ms: at(95), p99_ms: at(99) }
    }
}

/// So many in this time, per second.
pub(super) fn rate(count: usize, time: Duration) -> f64 {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    rounded(f64::from(count) / time.as_secs_f64())
}

/// Three decimals are more than any of this means.
pub(super) fn rounded(figure: f64) -> f64 {
    (figure * 1_000.0).round() / 1_000.0
}

/// The processor time that this process has used so far.
#[cfg(unix)]
pub(super) fn processor_time() -> Option<Duration> {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(Duration::new(u64::try_from(used.tv_sec).ok()?, u32::try_from(used.tv_nsec).ok()?))
}

#[cfg(not(unix))]
pub(super) fn processor_time() -> Option<Duration> {
    None
}

/// Chance that costs nothing: which product a client asks for next.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let mut times = Times::default();
        for millis in (1..=100).rev() {
            times.add(Duration::from_millis(millis));
        }
        let told = times.percentiles();
        assert_eq!(format!("{} {} {}", told.p50_ms, told.p95_ms, told.p99_ms), "50 95 99");
        assert_eq!(format!("{}", Times::default().percentiles().p99_ms), "0");
    }

    #[test]
    fn dice_stay_below_their_end() {
        let mut dice = Dice::new(7);
        assert!((0..1_000).all(|_| dice.below(7) < 7));
        assert_eq!(dice.below(0), 0);
    }
}
