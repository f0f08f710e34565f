/// The levels at which every model states its distribution.
pub const LEVELS: [f64; 23] = [
    0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8,
    0.85, 0.9, 0.95, 0.975, 0.99,
];

/// The place of the median in [`LEVELS`].
pub(crate) const MEDIAN: usize = 11;

/// What is expected of one quantity: its mean and its quantiles at [`LEVELS`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distribution {
    /// The expected value.
    pub mean: f64,
    /// The quantiles at [`LEVELS`]; never below zero, never falling.
    pub quantiles: [f64; LEVELS.len()],
}

impl Distribution {
    /// A quantity that is known.
    pub fn certain(value: f64) -> Self {
        Self { mean: value, quantiles: [value; LEVELS.len()] }
    }

    /// The quantile at a level, by a straight line between the levels that are stated.
    pub fn quantile(&self, level: f64) -> f64 {
        let above = LEVELS.partition_point(|&l| l < level - 1e-12);
        if above == 0 {
            return self.quantiles[0];
        }
        if above == LEVELS.len() {
            return self.quantiles[above - 1];
        }
        let (l0, l1) = (LEVELS[above - 1], LEVELS[above]);
        let (q0, q1) = (self.quantiles[above - 1], self.quantiles[above]);
        q0 + (q1 - q0) * ((level - l0) / (l1 - l0)).clamp(0.0, 1.0)
    }

    /// The probability of more than `amount`.
    ///
    /// Beyond the last level the tail is taken for exponential, with the slope of the last quantiles.
    pub fn exceeds(&self, amount: f64) -> f64 {
        let last = LEVELS.len() - 1;
        let above = self.quantiles.partition_point(|&q| q <= amount);
        if above == 0 {
            // Below every stated quantile.
            let low = self.quantiles[0].max(1e-9);
            return 1.0 - LEVELS[0] * (amount / low).clamp(0.0, 1.0);
        }
        if above > last {
            let spread = (self.quantiles[last] - self.quantiles[last - 3]).max(1e-9);
            // From 85 to 99 in a hundred an exponential tail falls by ln 15.
            let rate = (0.15_f64 / 0.01).ln() / spread;
            let beyond = (amount - self.quantiles[last]).max(0.0);
            return (1.0 - LEVELS[last]) * (-rate * beyond).exp();
        }
        let (q0, q1) = (self.quantiles[above - 1], self.quantiles[above]);
        let (l0, l1) = (LEVELS[above - 1], LEVELS[above]);
        1.0 - (l0 + (l1 - l0) * (amount - q0) / (q1 - q0))
    }

    /// Raises what is below zero and sorts what has crossed.
    pub(crate) fn repair(&mut self) {
        let mut floor = 0.0_f64;
        for q in &mut self.quantiles {
            floor = if q.is_finite() { q.max(floor) } else { floor };
            *q = floor;
        }
        self.mean = if self.mean.is_finite() { self.mean.max(0.0) } else { self.quantiles[MEDIAN] };
    }
}

/// The pinball loss of a quantile at a level.
pub(crate) fn pinball(actual: f64, quantile: f64, level: f64) -> f64 {
    let miss = actual - quantile;
    if miss >= 0.0 { level * miss } else { (level - 1.0) * miss }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_falls_and_the_middle_is_a_line() {
        let d = Distribution { mean: 0.5, quantiles: LEVELS };
        assert!((d.quantile(0.77) - 0.77).abs() < 1e-12);
        assert!((d.exceeds(0.77) - 0.23).abs() < 1e-12);
        assert!(d.exceeds(2.0) < d.exceeds(1.0) && d.exceeds(1.0) < 0.01 && d.exceeds(0.0) > 0.99);
        assert_eq!(LEVELS[MEDIAN], 0.5);
        assert!(LEVELS.is_sorted());
    }
}
