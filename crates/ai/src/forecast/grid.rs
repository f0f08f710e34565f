/// The levels at which every model states its distribution.
pub const LEVELS: [f64; 23] = [
    0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8,
    0.85, 0.9, 0.95, 0.975, 0.99,
];

/// The place of the median in [`LEVELS`].
pub(crate) const MEDIAN: usize = 11;

/// How many amounts a [`Counts`] knows: none, one, two and so on.
const AMOUNTS: usize = 64;

/// How probable it is that no more than so many units are asked for. Quantiles of small counts say little about that:
/// between two of them lies a whole unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Counts([f32; AMOUNTS]);

impl Counts {
    /// Asks for the probability of at most each amount, in rising order.
    pub(crate) fn new(mut at_most: impl FnMut(f64) -> f64) -> Self {
        let mut floor = 0.0_f64;
        Self(std::array::from_fn(|amount| {
            // `max` and `min` also pass over what is no number.
            floor = at_most(amount as f64).max(floor).min(1.0);
            floor as f32
        }))
    }

    /// The average of several opinions by their weights (a linear pool: Stone, 1961).
    pub(crate) fn pool(parts: &[(f64, Self)]) -> Self {
        let total: f64 = parts.iter().map(|(w, _)| w).sum();
        let mut out = [0.0; AMOUNTS];
        for (w, part) in parts {
            let share = if total > 0.0 { w / total } else { 1.0 / parts.len() as f64 };
            for (out, p) in out.iter_mut().zip(part.0) {
                *out += share as f32 * p;
            }
        }
        Self(out)
    }

    /// The same counts, every probability passed through a rising function.
    pub(crate) fn through(self, f: impl Fn(f64) -> f64) -> Self {
        Self(self.0.map(|p| f(f64::from(p)) as f32))
    }

    /// The least amounts that are not passed with the probabilities [`LEVELS`]; nothing where one is past the last
    /// amount.
    pub(crate) fn quantiles(&self) -> Option<[f64; LEVELS.len()]> {
        let mut amount = 0;
        let mut out = [0.0; LEVELS.len()];
        for (out, level) in out.iter_mut().zip(LEVELS) {
            amount += self.0[amount..].iter().position(|&p| f64::from(p) >= level)?;
            *out = amount as f64;
        }
        Some(out)
    }

    /// The probability of more than `amount`; past the last amount, that of the last, and that it is too much.
    fn exceed(&self, amount: f64) -> (f64, bool) {
        let last = AMOUNTS - 1;
        let place = amount.floor().clamp(0.0, last as f64) as usize;
        (f64::from(1.0 - self.0[place]).clamp(0.0, 1.0), amount >= AMOUNTS as f64)
    }
}

/// What is expected of one quantity: its mean and its quantiles at [`LEVELS`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distribution {
    /// The expected value.
    pub mean: f64,
    /// The quantiles at [`LEVELS`]; never below zero, never falling.
    pub quantiles: [f64; LEVELS.len()],
    /// For small counts, the probabilities themselves.
    pub(crate) counts: Option<Counts>,
}

impl Distribution {
    /// A distribution that is stated by its quantiles alone.
    pub fn new(mean: f64, quantiles: [f64; LEVELS.len()]) -> Self {
        Self { mean, quantiles, counts: None }
    }

    /// A quantity that is known.
    pub fn certain(value: f64) -> Self {
        Self::new(value, [value; LEVELS.len()])
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
        match self.counts.map(|counts| counts.exceed(amount)) {
            _ if amount < 0.0 => 1.0,
            Some((p, false)) => p,
            Some((p, true)) => self.beyond(amount).min(p),
            None => self.beyond(amount),
        }
    }

    fn beyond(&self, amount: f64) -> f64 {
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

    /// The probabilities of counts, where only quantiles are stated: a count is taken for the unit around it.
    pub(crate) fn counted(&self) -> Counts {
        self.counts.unwrap_or_else(|| Counts::new(|amount| 1.0 - self.beyond(amount + 0.5)))
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
        let d = Distribution::new(0.5, LEVELS);
        assert!((d.quantile(0.77) - 0.77).abs() < 1e-12);
        assert!((d.exceeds(0.77) - 0.23).abs() < 1e-12);
        assert!(d.exceeds(2.0) < d.exceeds(1.0) && d.exceeds(1.0) < 0.01 && d.exceeds(0.0) > 0.99);
        assert_eq!(LEVELS[MEDIAN], 0.5);
        assert!(LEVELS.is_sorted());
    }

    #[test]
    fn counts_are_read_at_whole_units_and_joined_by_weight() {
        let one = Counts::new(|amount| 1.0 - 0.5_f64.powf(amount + 1.0));
        let never = Counts::new(|_| 1.0);
        let mut d = Distribution::certain(1.0);
        d.counts = Some(Counts::pool(&[(3.0, one), (1.0, never)]));
        assert!((d.exceeds(0.0) - 0.375).abs() < 1e-6 && (d.exceeds(1.9) - 0.1875).abs() < 1e-6);
        assert_eq!(d.exceeds(-1.0), 1.0);
        // At most 0 with 62.5 in a hundred, at most 1 with 81.25, at most 4 with 97.66, at most 6 with 99.4.
        let quantiles = d.counts.unwrap().quantiles().unwrap();
        let at = |level: f64| quantiles[LEVELS.iter().position(|own| *own == level).unwrap()];
        assert_eq!([at(0.5), at(0.65), at(0.85), at(0.975), at(0.99)], [0.0, 1.0, 2.0, 4.0, 6.0]);
        let many = Counts::new(|amount| amount / 1000.0);
        assert_eq!(many.quantiles(), None);
        assert!(d.exceeds(1e6) < 1e-6 && d.exceeds(0.9) == d.exceeds(0.0));
        assert!(d.exceeds(64.0) <= d.exceeds(63.0));
    }
}
