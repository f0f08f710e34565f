use super::NegativeBinomial;

/// The method of Teunter, Syntetos & Babai (2011) for demand that is often zero: the chance of a sale is smoothed with
/// every step, its size with every sale, so that what no longer sells fades away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tsb {
    /// How fast the size follows.
    pub alpha: f64,
    /// How fast the chance follows.
    pub beta: f64,
    chance: f64,
    size: f64,
}

/// Whether a value is a sale; what is no number is none.
fn sold(value: f64) -> bool {
    value > 0.0 && value.is_finite()
}

/// The smoothing parameters that are tried.
const ALPHAS: [f64; 3] = [0.02, 0.1, 0.3];
const BETAS: [f64; 5] = [0.01, 0.03, 0.08, 0.15, 0.3];

impl Tsb {
    /// A start from the mean size and the share of sales among the first values.
    fn start(y: &[f64], alpha: f64, beta: f64) -> Self {
        let first = &y[..y.len().min(12)];
        let (sum, sales) =
            first.iter().filter(|v| sold(**v)).fold((0.0, 0.0), |(sum, sales), v| (sum + v, sales + 1.0));
        let size = if sales > 0.0 { sum / sales } else { 1.0 };
        Self { alpha, beta, chance: (sales + 0.5) / (first.len() as f64 + 1.0), size }
    }

    /// Chooses the parameters by the smallest squared one-step error; the model is as before the first value.
    pub fn choose(y: &[f64]) -> Self {
        let mut best = (f64::INFINITY, Self::start(y, 0.1, 0.08));
        for alpha in ALPHAS {
            for beta in BETAS {
                let start = Self::start(y, alpha, beta);
                let mut own = start;
                let mut squares = 0.0;
                for &value in y {
                    squares += (if sold(value) { value } else { 0.0 } - own.mean()).powi(2);
                    own.take(value);
                }
                if squares < best.0 {
                    best = (squares, start);
                }
            }
        }
        best.1
    }

    /// What is expected of a step.
    pub fn mean(self) -> f64 {
        self.chance * self.size
    }

    /// Takes the next value.
    pub fn take(&mut self, value: f64) {
        self.chance += self.beta * (f64::from(u8::from(sold(value))) - self.chance);
        if sold(value) {
            self.size += self.alpha * (value - self.size);
        }
    }
}

/// What a series of counts that is often zero will sell in each of the coming steps, by itself alone and at once: the
/// method of Teunter, Syntetos & Babai for the mean, a negative binomial around it whose dispersion is that of the
/// series' own values, shrunk towards one (Snyder, Ord & Beaumont, 2012).
///
/// For streams of many short series, where [`forecast`](crate::forecast::forecast) would hold them all together.
/// Nothing is allocated. Values below zero and what is no number count as zero.
pub fn intermittent(y: &[f64]) -> NegativeBinomial {
    let mut model = Tsb::choose(y);
    let (mut sum, mut squares) = (0.0, 0.0);
    for &value in y {
        let value = if sold(value) { value } else { 0.0 };
        model.take(value);
        sum += value;
        squares += value * value;
    }
    let n = y.len() as f64;
    let usual = (sum / n.max(1.0)).max(1e-6);
    let own = ((squares / n.max(1.0) - usual * usual).max(0.0) - usual) / (usual * usual);
    NegativeBinomial::new(model.mean(), (own.clamp(0.0, 20.0) * n + 10.0) / (n + 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_longer_sells_fades() {
        let y: Vec<f64> = (0..80).map(|t| if t < 50 && t % 4 == 0 { 3.0 } else { 0.0 }).collect();
        let before = intermittent(&y[..50]);
        let after = intermittent(&y);
        assert!((before.mean - 0.75).abs() < 0.25, "{before:?}");
        assert!(after.mean < 0.6 * before.mean, "{after:?}");
    }

    #[test]
    fn odd_values_are_taken() {
        for y in [&[][..], &[0.0], &[f64::NAN, -3.0, f64::INFINITY], &[0.0; 40]] {
            let d = intermittent(y);
            assert!(d.mean.is_finite() && d.mean >= 0.0 && d.dispersion.is_finite(), "{d:?}");
        }
    }
}
