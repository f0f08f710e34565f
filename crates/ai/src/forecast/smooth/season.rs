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
    if !may_be_seasonal(y, m) {
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

/// Whether there are values enough to tell a season from.
pub(super) fn may_be_seasonal(y: &[f64], m: usize) -> bool {
    m >= 2 && y.len() >= 3 * m
}

/// Takes a season of `m` steps out of the values; factors where every value is above zero, else differences. Where the
/// figures may be chance, less of them is taken out.
pub(crate) fn deseason(y: &[f64], m: usize) -> Deseasoned {
    let n = y.len();
    let factors = y.iter().all(|&v| v > 0.0);
    let half = m / 2;
    // For each step of the season: how often it was seen, the sum of its figures and of their squares.
    let mut seen = vec![(0.0, 0.0, 0.0); m];
    for t in half..n.saturating_sub(half) {
        // For an even season the ends of the window count half.
        let trend = if m.is_multiple_of(2) {
            (y[t - half + 1..t + half].iter().sum::<f64>() + 0.5 * (y[t - half] + y[t + half])) / m as f64
        } else {
            y[t - half..=t + half].iter().sum::<f64>() / m as f64
        };
        let figure = if factors { y[t] / trend } else { y[t] - trend };
        let (count, sum, squares) = &mut seen[t % m];
        *count += 1.0;
        *sum += figure;
        *squares += figure * figure;
    }
    let neutral = if factors { 1.0 } else { 0.0 };
    let mut figures: Vec<f64> =
        seen.iter().map(|&(count, sum, _)| if count > 0.0 { sum / count } else { neutral }).collect();
    let centre = mean(&figures);
    let kept = 1.0 - chance(&seen, &figures);
    for figure in &mut figures {
        let own = if factors { (*figure / centre).max(0.01) } else { *figure - centre };
        *figure = neutral + kept * (own - neutral);
    }
    let clean = |t: usize| if factors { y[t] / figures[t % m] } else { y[t] - figures[t % m] };
    Deseasoned {
        y: (0..n).map(clean).collect(),
        ahead: (n..n + m).map(|t| figures[t % m]).collect(),
        factors,
    }
}

/// Which share of what the figures differ by is chance, as the errors of their means tell: the figures of a season are
/// drawn together by so much (James–Stein: Miller & Williams, 2003).
fn chance(seen: &[(f64, f64, f64)], figures: &[f64]) -> f64 {
    let m = figures.len() as f64;
    let errors: Vec<f64> = seen
        .iter()
        .filter(|(count, ..)| *count > 1.5)
        .map(|(count, sum, squares)| (squares - sum * sum / count).max(0.0) / (count - 1.0) / count)
        .collect();
    let centre = mean(figures);
    let spread = figures.iter().map(|figure| (figure - centre).powi(2)).sum::<f64>() / (m - 1.0).max(1.0);
    if m <= 3.0 || errors.is_empty() || spread <= 0.0 {
        return 0.0;
    }
    (m - 3.0) / (m - 1.0) * (mean(&errors) / spread).min(1.0)
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
    fn figures_that_may_be_chance_are_drawn_together() {
        let mut random = crate::numeric::Random::new(5);
        let noise: Vec<f64> = (0..96).map(|_| 100.0 + 20.0 * random.uniform()).collect();
        let figures = |y: &[f64]| deseason(y, 12).ahead;
        let spread = |figures: &[f64]| figures.iter().map(|f| (f - 1.0).powi(2)).sum::<f64>().sqrt();
        let sum = |t: usize| noise.iter().skip(t).step_by(12).sum::<f64>();
        // Without a season, the plain means of the months differ by more than what is taken out.
        let year = noise.iter().sum::<f64>() / 12.0;
        let plain: Vec<f64> = (0..12).map(|t| sum(t) / year).collect();
        assert!(spread(&figures(&noise)) < 0.5 * spread(&plain), "{:?}", figures(&noise));
        // A season that stands out stays.
        let y: Vec<f64> =
            noise.iter().enumerate().map(|(t, v)| v * if t % 12 < 6 { 1.5 } else { 0.5 }).collect();
        assert!(figures(&y).iter().all(|f| (f - 1.0).abs() > 0.4), "{:?}", figures(&y));
    }

    #[test]
    fn noise_and_short_series_have_no_season() {
        assert!(!is_seasonal(&[1.0; 40], 4));
        assert!(!is_seasonal(&[1.0, 2.0, 3.0], 4));
    }
}
