use super::filter::Filter;
use crate::numeric::mean;

/// The most lags.
const MOST: usize = 8;

/// An autoregression of the differences, its order chosen by `AICc` along the Levinson–Durbin recursion
/// (Durbin, 1960; Akaike, 1969). Stationary by construction.
#[derive(Debug, Clone, Default)]
pub(super) struct Autoregression {
    weights: Vec<f64>,
}

/// Fits the differences of the values.
pub(super) fn fit(y: &[f64]) -> Autoregression {
    let d: Vec<f64> = y.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let n = d.len();
    let centre = mean(&d);
    let most = MOST.min(n / 4);
    let covariance = |lag: usize| -> f64 {
        (lag..n).map(|t| (d[t] - centre) * (d[t - lag] - centre)).sum::<f64>() / n as f64
    };
    let mut error = if n > 0 { covariance(0) } else { 0.0 };
    if most == 0 || error <= 0.0 {
        return Autoregression::default();
    }
    let (mut weights, mut best) = (Vec::with_capacity(most), Vec::new());
    let criterion = |error: f64, k: f64| {
        let n = n as f64;
        n * error.ln() + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0).max(1.0)
    };
    let mut lowest = criterion(error, 1.0);
    let covariances: Vec<f64> = (0..=most).map(covariance).collect();
    let mut previous: Vec<f64> = Vec::with_capacity(most);
    for order in 1..=most {
        let told: f64 = (0..order - 1).map(|j| weights[j] * covariances[order - 1 - j]).sum();
        let reflection = (covariances[order] - told) / error;
        previous.clone_from(&weights);
        for j in 0..order - 1 {
            weights[j] = previous[j] - reflection * previous[order - 2 - j];
        }
        weights.push(reflection);
        error *= (1.0 - reflection * reflection).max(1e-9);
        let here = criterion(error, order as f64 + 1.0);
        if here < lowest {
            lowest = here;
            best.clone_from(&weights);
        }
    }
    Autoregression { weights: best }
}

/// The autoregression at work; the mean difference fades by `damping` with every step ahead.
#[derive(Debug, Clone)]
pub(super) struct Walk<'a> {
    model: &'a Autoregression,
    damping: f64,
    /// The last values, newest last.
    recent: [f64; MOST + 1],
    first: f64,
    count: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(model: &'a Autoregression, damping: f64) -> Self {
        Self { model, damping, recent: [0.0; MOST + 1], first: 0.0, count: 0 }
    }
}

impl Filter for Walk<'_> {
    fn advance(&mut self, y: &[f64]) -> f64 {
        if self.count == 0 {
            self.first = y.first().copied().unwrap_or(0.0);
        }
        for &value in &y[y.len().saturating_sub(MOST + 1)..] {
            self.recent.rotate_left(1);
            self.recent[MOST] = value;
        }
        self.count += y.len();
        0.0
    }

    fn ahead(&self, out: &mut [f64]) {
        let n = self.count;
        let drift = if n > 1 { (self.recent[MOST] - self.first) / (n - 1) as f64 } else { 0.0 };
        let mut steps: [f64; MOST] =
            std::array::from_fn(|k| self.recent[MOST - k] - self.recent[MOST - k - 1] - drift);
        let lags = self.model.weights.len();
        let (mut level, mut fade) = (self.recent[MOST], 1.0);
        for value in out {
            let next: f64 = self.model.weights.iter().zip(&steps).map(|(w, x)| w * x).sum();
            if lags > 0 {
                steps.copy_within(..MOST - 1, 1);
                steps[0] = next;
            }
            fade *= self.damping;
            level += next + drift * fade;
            *value = level;
        }
    }
}
