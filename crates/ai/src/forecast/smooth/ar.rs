use crate::numeric::mean;

/// An autoregression of the differences, its order chosen by `AICc` along the Levinson–Durbin recursion
/// (Durbin, 1960; Akaike, 1969). Stationary by construction.
#[derive(Debug, Clone, Default)]
pub(super) struct Autoregression {
    weights: Vec<f64>,
}

/// Fits the differences of the values with at most `most` lags.
pub(super) fn fit(y: &[f64], most: usize) -> Autoregression {
    let d: Vec<f64> = y.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let n = d.len();
    let centre = mean(&d);
    let most = most.min(n / 4);
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

/// Forecasts the steps after the last value; the mean difference fades by `damping` with every step.
pub(super) fn forecast(y: &[f64], model: &Autoregression, damping: f64, out: &mut [f64]) {
    let n = y.len();
    let drift = if n > 1 { (y[n - 1] - y[0]) / (n - 1) as f64 } else { 0.0 };
    let lags = model.weights.len();
    let mut recent: Vec<f64> = (1..n).rev().take(lags).map(|t| y[t] - y[t - 1] - drift).collect();
    let (mut level, mut fade) = (y[n - 1], 1.0);
    for value in out.iter_mut() {
        let next: f64 = model.weights.iter().zip(&recent).map(|(w, x)| w * x).sum();
        if lags > 0 {
            recent.pop();
            recent.insert(0, next);
        }
        fade *= damping;
        level += next + drift * fade;
        *value = level;
    }
}
