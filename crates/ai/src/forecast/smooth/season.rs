use super::filter::Origins;
use crate::numeric::mean;

/// A series without its season, and the season's figures: classical decomposition around centred moving averages.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deseasoned {
    /// The values with the season taken out.
    pub(crate) y: Vec<f64>,
    /// One figure for each step of the season, beginning with the step after the last value; empty without a season.
    pub(crate) ahead: Vec<f64>,
    /// Whether the figures are factors (else they are added).
    pub(crate) factors: bool,
}

impl Deseasoned {
    /// The season's figures for the steps of the data, beginning with its first step.
    pub(crate) fn phase(&self, n: usize, t: usize) -> f64 {
        let m = self.ahead.len();
        // `ahead[0]` belongs to step n.
        self.ahead[(t + m * (n / m + 1) - n) % m]
    }

    /// A value without its season, at a step of the series that may lie after those decomposed.
    pub(crate) fn without(&self, value: f64, t: usize) -> f64 {
        if self.ahead.is_empty() {
            return value;
        }
        let figure = self.phase(self.y.len(), t);
        if self.factors { value / figure } else { value - figure }
    }

    /// Puts the season back into the forecasts from every origin.
    pub(super) fn put_back(&self, origins: Origins<'_>, forecasts: &mut [f64]) {
        if self.ahead.is_empty() {
            return;
        }
        let m = self.ahead.len();
        for (&origin, forecast) in origins.at.iter().zip(forecasts.chunks_exact_mut(origins.steps)) {
            let first = (origin + m * (self.y.len() / m + 1) - self.y.len()) % m;
            for (value, figure) in forecast.iter_mut().zip(self.ahead.iter().cycle().skip(first)) {
                if self.factors {
                    *value *= figure;
                } else {
                    *value += figure;
                }
            }
        }
    }
}

/// Whether values a season apart resemble each other more than chance allows (the test of the theta method,
/// Assimakopoulos & Nikolopoulos, 2000, at 90%).
pub(crate) fn is_seasonal(y: &[f64], m: usize) -> bool {
    let n = y.len();
    if m < 2 || n < 3 * m {
        return false;
    }
    let centre = mean(y);
    let total: f64 = y.iter().map(|v| (v - centre).powi(2)).sum();
    if total <= 0.0 {
        return false;
    }
    let correlation = |lag: usize| -> f64 {
        (lag..n).map(|t| (y[t] - centre) * (y[t - lag] - centre)).sum::<f64>() / total
    };
    let squares: f64 = (1..m).map(|lag| correlation(lag).powi(2)).sum();
    let limit = 1.645 * ((1.0 + 2.0 * squares) / n as f64).sqrt();
    correlation(m).abs() > limit
}

/// Takes a season of `m` steps out of the values; factors where every value is above zero, else differences.
pub(crate) fn deseason(y: &[f64], m: usize) -> Deseasoned {
    let n = y.len();
    let factors = y.iter().all(|&v| v > 0.0);
    let half = m / 2;
    let mut sums = vec![(0.0, 0.0); m];
    for t in half..n.saturating_sub(half) {
        // For an even season the ends of the window count half.
        let trend = if m.is_multiple_of(2) {
            (y[t - half + 1..t + half].iter().sum::<f64>() + 0.5 * (y[t - half] + y[t + half])) / m as f64
        } else {
            y[t - half..=t + half].iter().sum::<f64>() / m as f64
        };
        let figure = if factors { y[t] / trend } else { y[t] - trend };
        sums[t % m].0 += figure;
        sums[t % m].1 += 1.0;
    }
    let neutral = if factors { 1.0 } else { 0.0 };
    let mut figures: Vec<f64> =
        sums.iter().map(|&(sum, count)| if count > 0.0 { sum / count } else { neutral }).collect();
    let centre = mean(&figures);
    for figure in &mut figures {
        *figure = if factors { (*figure / centre).max(0.01) } else { *figure - centre };
    }
    let clean = |t: usize| if factors { y[t] / figures[t % m] } else { y[t] - figures[t % m] };
    Deseasoned {
        y: (0..n).map(clean).collect(),
        ahead: (n..n + m).map(|t| figures[t % m]).collect(),
        factors,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_season_is_taken_out_whole() {
        let figures = [0.5, 1.5, 1.2, 0.8];
        let y: Vec<f64> = (0..42).map(|t| 100.0 * figures[t % 4]).collect();
        assert!(is_seasonal(&y, 4));
        let out = deseason(&y, 4);
        assert!(out.y.iter().all(|v| (v - 100.0).abs() < 1e-9));
        assert!((out.ahead[0] - figures[2]).abs() < 1e-9);
        assert!((out.phase(42, 0) - figures[0]).abs() < 1e-9);
        let mut ahead = [100.0; 4];
        out.put_back(Origins { at: &[41, 42], steps: 2 }, &mut ahead);
        assert!((ahead[1] - 120.0).abs() < 1e-9 && (ahead[3] - 80.0).abs() < 1e-9);
        assert!((out.without(80.0, 43) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn noise_and_short_series_have_no_season() {
        assert!(!is_seasonal(&[1.0; 40], 4));
        assert!(!is_seasonal(&[1.0, 2.0, 3.0], 4));
    }
}
