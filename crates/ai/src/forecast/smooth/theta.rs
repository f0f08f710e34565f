use super::ets::line;
use super::simplex::minimise;

/// The parameters of the dynamic optimised theta model: first level, smoothing, theta.
pub(super) type Theta = [f64; 3];

/// One pass of the dynamic optimised theta model (Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler, 2016):
/// exponential smoothing of a theta line, plus a regression line that is updated with every value.
fn pass(y: &[f64], p: &Theta, ahead: &mut [f64]) -> f64 {
    let [first, alpha, theta] = *p;
    let weight = 1.0 - 1.0 / theta;
    let (mut level, mut average) = (first, 0.0);
    let (mut a, mut b) = (0.0, 0.0);
    let mut decay = 1.0; // (1 - alpha)^t
    let mut squares = 0.0;
    let n = y.len();
    for t in 0..n + ahead.len() {
        let next = decay * (1.0 - alpha);
        let expected = level + weight * (decay * a + (1.0 - next) / alpha * b);
        let value = if t < n {
            let e = y[t] - expected;
            // The first values only warm the regression line up.
            if t >= 3 {
                squares += e * e;
            }
            y[t]
        } else {
            ahead[t - n] = expected;
            expected
        };
        level = alpha * value + (1.0 - alpha) * level;
        let count = t as f64 + 1.0;
        let before = average;
        average += (value - average) / count;
        b = if t == 0 { 0.0 } else { ((count - 2.0) * b + 6.0 * (value - before) / count) / (count + 1.0) };
        a = average - f64::midpoint(count, 1.0) * b;
        decay = next;
    }
    squares
}

/// Chooses the parameters of the dynamic optimised theta model by the smallest one-step error.
pub(super) fn fit(y: &[f64]) -> Theta {
    let start = y[0];
    let scale = y.iter().take(12).fold(0.0_f64, |most, v| most.max(v.abs())).max(1e-9);
    let limits = [(-10.0 * scale, 10.0 * scale), (0.01, 0.99), (1.0, 20.0)];
    let (p, _) =
        minimise::<3, 4>([start / 2.0, 0.4, 2.0], [start / 2.0 + 0.01 * scale, 0.3, 1.5], limits, 120, |p| {
            pass(y, p, &mut [])
        });
    p
}

/// Forecasts with the dynamic optimised theta model.
pub(super) fn forecast(y: &[f64], p: &Theta, out: &mut [f64]) {
    pass(y, p, out);
}

/// Forecasts with the classical theta method for a given smoothing (Assimakopoulos & Nikolopoulos, 2000): exponential
/// smoothing with half the slope of the line through all values (Hyndman & Billah, 2003).
pub(super) fn classical(y: &[f64], alpha: f64, out: &mut [f64]) {
    let (_, slope) = line(y);
    let mut level = y[0];
    for &value in &y[1..] {
        level += alpha * (value - level);
    }
    let gone = (1.0 - alpha).powi(i32::try_from(y.len()).unwrap_or(i32::MAX));
    for (k, value) in out.iter_mut().enumerate() {
        *value = level + slope / 2.0 * (k as f64 + (1.0 - gone) / alpha);
    }
}
