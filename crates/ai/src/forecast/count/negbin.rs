use std::sync::OnceLock;

use crate::forecast::grid::Counts;
use crate::numeric::{digamma, gamma_p, ln_gamma, normal_cdf, normal_quantile};

/// The negative binomial distribution with a mean and a dispersion: its variance is `mean + dispersion * mean²`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NegativeBinomial {
    /// The mean.
    pub mean: f64,
    /// The dispersion; towards zero it becomes the Poisson distribution.
    pub dispersion: f64,
}

/// From this mean on the counts are so many that the gamma distribution stands in.
const MANY: f64 = 60.0;

/// Up to this count the digamma function is stepped up to.
const FEW: f64 = 6.0;
/// From this argument on the asymptotic series of the digamma function is exact enough.
const LARGE: f64 = 6.0;

/// The digamma function less the logarithm, for arguments from [`LARGE`] on.
fn digamma_less_ln(x: f64) -> f64 {
    let i = 1.0 / x;
    let i2 = i * i;
    -0.5 * i - i2 * (1.0 / 12.0 - i2 * (1.0 / 120.0 - i2 / 252.0))
}

impl NegativeBinomial {
    /// A distribution within the limits in which it can be computed.
    pub fn new(mean: f64, dispersion: f64) -> Self {
        Self { mean: mean.clamp(1e-6, 1e12), dispersion: dispersion.clamp(1e-4, 100.0) }
    }

    /// The shape of the gamma distribution with the same mean and variance.
    fn shape(self) -> f64 {
        1.0 / (self.dispersion + 1.0 / self.mean)
    }

    /// The probabilities of at most `y` and of less than `y`.
    pub fn around(self, y: f64) -> (f64, f64) {
        if self.mean >= MANY {
            let k = self.shape();
            let at = |x: f64| gamma_p(k, k * x.max(0.0) / self.mean);
            return (at(y + 0.5), if y <= 0.0 { 0.0 } else { at(y - 0.5) });
        }
        let r = 1.0 / self.dispersion;
        let q = self.mean / (r + self.mean);
        let mut p = (-r * (self.mean * self.dispersion).ln_1p()).exp();
        let (mut sum, mut before) = (p, 0.0);
        let mut k = 0.0;
        while k < y && k < 20_000.0 {
            before = sum;
            p *= (r + k) / (k + 1.0) * q;
            sum += p;
            k += 1.0;
        }
        (sum.min(1.0), before.min(1.0))
    }

    /// The quantiles at rising levels.
    pub fn quantiles<const N: usize>(self, levels: &[f64; N]) -> [f64; N] {
        if self.mean >= MANY {
            let k = self.shape();
            return levels.map(|level| self.mean * gamma_quantile(k, level));
        }
        let r = 1.0 / self.dispersion;
        let q = self.mean / (r + self.mean);
        let mut p = (-r * (self.mean * self.dispersion).ln_1p()).exp();
        let (mut sum, mut k) = (p, 0.0);
        let mut out = [0.0; N];
        for (out, &level) in out.iter_mut().zip(levels) {
            while sum < level && k < 20_000.0 {
                p *= (r + k) / (k + 1.0) * q;
                sum += p;
                k += 1.0;
            }
            *out = k;
        }
        out
    }

    /// The probabilities of counts, while those are small.
    pub(crate) fn counts(self) -> Option<Counts> {
        if self.mean >= MANY {
            return None;
        }
        let r = 1.0 / self.dispersion;
        let q = self.mean / (r + self.mean);
        let mut p = (-r * (self.mean * self.dispersion).ln_1p()).exp();
        let (mut sum, mut k) = (p, 0.0);
        Some(Counts::new(|amount| {
            while k < amount && sum < 0.999_999 {
                p *= (r + k) / (k + 1.0) * q;
                sum += p;
                k += 1.0;
            }
            sum
        }))
    }

    /// The derivative of the log-likelihood of `y` by the logarithm of the dispersion.
    pub(crate) fn dispersion_slope(self, y: f64) -> f64 {
        let r = 1.0 / self.dispersion;
        // digamma(y + r) - digamma(r) + ln(r / (r + mean)), with as few logarithms as the case allows.
        let rise = if y <= FEW && y.fract() == 0.0 {
            let mut sum = 0.0;
            let mut k = 0.0;
            while k < y {
                sum += 1.0 / (r + k);
                k += 1.0;
            }
            sum - (self.mean * self.dispersion).ln_1p()
        } else if r >= LARGE {
            digamma_less_ln(y + r) - digamma_less_ln(r) + ((y + r) / (r + self.mean)).ln()
        } else {
            digamma(y + r) - digamma(r) + (r / (r + self.mean)).ln()
        };
        -r * (rise + 1.0 - (y + r) / (r + self.mean))
    }

    /// The log-likelihood of `y`.
    pub fn ln_likelihood(self, y: f64) -> f64 {
        let r = 1.0 / self.dispersion;
        ln_gamma(y + r) - ln_gamma(r) - ln_gamma(y + 1.0)
            + r * (r / (r + self.mean)).ln()
            + y * (self.mean / (r + self.mean)).ln()
    }
}

const SHAPES: usize = 72;
const SCORES: usize = 65;

/// The quantile of the gamma distribution with mean one, from a table over shapes and normal scores.
fn gamma_quantile(shape: f64, level: f64) -> f64 {
    static TABLE: OnceLock<Vec<f64>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = Vec::with_capacity(SHAPES * SCORES);
        for s in 0..SHAPES {
            let k = (-4.5 + s as f64 * 0.16).exp();
            let mut low = 0.0;
            for z in 0..SCORES {
                let level = normal_cdf(-3.2 + z as f64 * 0.1);
                let mut high: f64 = (low * 2.0_f64).max(1.0);
                while gamma_p(k, k * high) < level {
                    high *= 2.0;
                }
                let mut bottom = low;
                for _ in 0..40 {
                    let middle = 0.5 * (bottom + high);
                    if gamma_p(k, k * middle) < level { bottom = middle } else { high = middle }
                }
                low = 0.5 * (bottom + high);
                table.push(low);
            }
        }
        table
    });
    let s = ((shape.ln() + 4.5) / 0.16).clamp(0.0, (SHAPES - 1) as f64 - 1e-9);
    let z = ((normal_quantile(level) + 3.2) / 0.1).clamp(0.0, (SCORES - 1) as f64 - 1e-9);
    let (s0, z0) = (s.floor() as usize, z.floor() as usize);
    let (ds, dz) = (s - s.floor(), z - z.floor());
    let at = |s: usize, z: usize| table[s * SCORES + z];
    let row = |s: usize| at(s, z0) * (1.0 - dz) + at(s, z0 + 1) * dz;
    row(s0) * (1.0 - ds) + row(s0 + 1) * ds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_agree_where_they_meet() {
        let few = NegativeBinomial::new(59.9, 0.5);
        let many = NegativeBinomial::new(60.1, 0.5);
        let levels = [0.05, 0.5, 0.95];
        for (a, b) in few.quantiles(&levels).iter().zip(many.quantiles(&levels)) {
            assert!((a - b).abs() < 0.02 * b + 1.5, "{a} {b}");
        }
        assert!((few.around(80.0).0 - many.around(80.0).0).abs() < 0.01);
    }

    #[test]
    fn it_is_poisson_without_dispersion() {
        let d = NegativeBinomial::new(2.0, 1e-4);
        let (at_most, less) = d.around(2.0);
        assert!((at_most - 0.676_676).abs() < 1e-3 && (less - 0.406_006).abs() < 1e-3);
        assert_eq!(d.quantiles(&[0.1, 0.5, 0.9]), [0.0, 2.0, 4.0]);
    }

    #[test]
    fn the_slope_is_the_likelihoods() {
        for (dispersion, y) in [(0.7, 5.0), (0.7, 9.0), (0.1, 9.0), (0.02, 40.0), (3.0, 0.0), (1.3, 2.5)] {
            let at = |d: f64| NegativeBinomial::new(3.0, d).ln_likelihood(y);
            let slope = (at(dispersion * 1.0001) - at(dispersion / 1.0001)) / (2.0 * 1.0001_f64.ln());
            let own = NegativeBinomial::new(3.0, dispersion).dispersion_slope(y);
            assert!((own - slope).abs() < 1e-5 * (1.0 + slope.abs()), "{dispersion} {y}: {own} {slope}");
        }
    }
}
