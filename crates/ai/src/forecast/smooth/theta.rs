use super::filter::Filter;
use super::simplex::minimise;

/// The parameters of the dynamic optimised theta model: first level, smoothing, theta.
pub(super) type Parameters = [f64; 3];

/// So many values only warm the regression line up.
const WARM: usize = 3;

/// The dynamic optimised theta model (Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler, 2016): exponential
/// smoothing of a theta line, plus a regression line that is updated with every value.
#[derive(Debug, Clone)]
pub(super) struct Dynamic {
    alpha: f64,
    weight: f64,
    level: f64,
    average: f64,
    a: f64,
    b: f64,
    /// `(1 - alpha)^t`.
    decay: f64,
    count: f64,
}

impl Dynamic {
    pub(super) fn new(p: &Parameters) -> Self {
        let [level, alpha, theta] = *p;
        let weight = 1.0 - 1.0 / theta;
        Self { alpha, weight, level, average: 0.0, a: 0.0, b: 0.0, decay: 1.0, count: 0.0 }
    }

    /// What the model expects of the next value, and the decay after it.
    #[inline]
    fn expected(&self) -> (f64, f64) {
        let next = self.decay * (1.0 - self.alpha);
        (self.level + self.weight * (self.decay * self.a + (1.0 - next) / self.alpha * self.b), next)
    }

    #[inline]
    fn take(&mut self, value: f64, next: f64) {
        self.level += self.alpha * (value - self.level);
        let before = self.average;
        self.count += 1.0;
        let share = 1.0 / self.count;
        self.average += (value - before) * share;
        self.b = if self.count < 1.5 {
            0.0
        } else {
            ((self.count - 2.0) * self.b + 6.0 * (value - before) * share) / (self.count + 1.0)
        };
        self.a = self.average - 0.5 * (self.count + 1.0) * self.b;
        self.decay = next;
    }
}

impl Filter for Dynamic {
    fn advance(&mut self, y: &[f64]) -> f64 {
        let mut squares = 0.0;
        for &value in y {
            let (expected, next) = self.expected();
            if self.count >= WARM as f64 {
                squares += (value - expected).powi(2);
            }
            self.take(value, next);
        }
        squares
    }

    fn ahead(&self, out: &mut [f64]) {
        let mut on = self.clone();
        for value in out {
            let (expected, next) = on.expected();
            *value = expected;
            on.take(expected, next);
        }
    }
}

/// The regression lines through all values before each, as the model draws them: where they begin, and their slopes.
fn lines(y: &[f64]) -> Vec<[f64; 2]> {
    let mut model = Dynamic::new(&[0.0, 1.0, 1.0]);
    y.iter()
        .map(|&value| {
            let line = [model.a, model.b];
            model.take(value, 0.0);
            line
        })
        .collect()
}

/// The squared one-step errors, as [`Dynamic::advance`] has them. The lines are the same whatever the parameters, and are
/// drawn once for all that are tried.
fn squares(y: &[f64], lines: &[[f64; 2]], p: &Parameters) -> f64 {
    let Dynamic { alpha, weight, mut level, mut decay, .. } = Dynamic::new(p);
    let (keep, part) = (1.0 - alpha, weight / alpha);
    let mut squares = 0.0;
    for (t, (&value, &[a, b])) in y.iter().zip(lines).enumerate() {
        let next = decay * keep;
        let expected = level + weight * decay * a + part * (1.0 - next) * b;
        if t >= WARM {
            squares += (value - expected).powi(2);
        }
        level += alpha * (value - level);
        decay = next;
    }
    squares
}

/// Chooses the parameters of the dynamic optimised theta model by the smallest one-step error.
pub(super) fn fit(y: &[f64]) -> Parameters {
    let start = y[0];
    if y.len() < 5 {
        return [start, 0.5, 1.0];
    }
    let scale = y.iter().take(12).fold(0.0_f64, |most, v| most.max(v.abs())).max(1e-9);
    let limits = [(-10.0 * scale, 10.0 * scale), (0.01, 0.99), (1.0, 20.0)];
    let begin = [start / 2.0, 0.4, 2.0];
    let steps = [start / 2.0 + 0.01 * scale, 0.3, 1.5];
    let lines = lines(y);
    minimise::<3, 4>(begin, steps, limits, 120, |p| squares(y, &lines, p)).0
}

/// The classical theta method for a given smoothing (Assimakopoulos & Nikolopoulos, 2000): exponential smoothing with
/// half the slope of the line through all values (Hyndman & Billah, 2003).
#[derive(Debug, Clone)]
pub(super) struct Classical {
    alpha: f64,
    level: f64,
    count: f64,
    sum: f64,
    /// The sum of the values times their place.
    moment: f64,
}

impl Classical {
    pub(super) fn new(alpha: f64, first: f64) -> Self {
        Self { alpha, level: first, count: 0.0, sum: 0.0, moment: 0.0 }
    }
}

impl Filter for Classical {
    fn advance(&mut self, y: &[f64]) -> f64 {
        let mut squares = 0.0;
        for &value in y {
            squares += (value - self.level).powi(2);
            self.level += self.alpha * (value - self.level);
            self.sum += value;
            self.moment += value * self.count;
            self.count += 1.0;
        }
        squares
    }

    fn ahead(&self, out: &mut [f64]) {
        let n = self.count;
        let centre = (n - 1.0) / 2.0;
        let slope =
            if n > 1.0 { 12.0 * (self.moment - centre * self.sum) / (n * (n * n - 1.0)) } else { 0.0 };
        let gone = (1.0 - self.alpha).powf(n);
        for (k, value) in out.iter_mut().enumerate() {
            *value = self.level + slope / 2.0 * (k as f64 + (1.0 - gone) / self.alpha);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_by_is_what_the_model_errs() {
        let y: Vec<f64> = (0..40).map(|t| 30.0 + f64::from(t * t % 11) - 0.2 * f64::from(t)).collect();
        let lines = lines(&y);
        for p in [[15.0, 0.4, 2.0], [30.0, 0.05, 1.0], [-5.0, 0.95, 12.0]] {
            let (quick, own) = (squares(&y, &lines, &p), Dynamic::new(&p).advance(&y));
            assert!((quick - own).abs() < 1e-9 * own, "{p:?}: {quick} {own}");
        }
    }
}
