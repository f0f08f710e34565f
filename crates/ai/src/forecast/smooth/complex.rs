use super::filter::Filter;
use super::simplex::minimise;

/// Complex exponential smoothing without a season (Svetunkov, Kourentzes & Ord, 2022): a level and a potential that
/// hold each other, smoothed by a complex number; it follows level, trend and long swings alike.
#[derive(Debug, Clone, Copy)]
pub(super) struct Complex {
    a0: f64,
    a1: f64,
    level: f64,
    potential: f64,
}

/// The smoothing parameter's real and imaginary part, and the state before the first value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameters {
    smoothing: [f64; 2],
    first: [f64; 2],
}

impl Complex {
    pub(super) fn new(p: &Parameters) -> Self {
        Self { a0: p.smoothing[0], a1: p.smoothing[1], level: p.first[0], potential: p.first[1] }
    }

    #[inline]
    fn take(&mut self, e: f64) {
        let level = self.level;
        self.level = level - (1.0 - self.a1) * self.potential + (self.a0 - self.a1) * e;
        self.potential = level + (1.0 - self.a0) * self.potential + (self.a0 + self.a1) * e;
    }
}

impl Filter for Complex {
    fn advance(&mut self, y: &[f64]) -> f64 {
        let mut squares = 0.0;
        for &value in y {
            let e = value - self.level;
            squares += e * e;
            self.take(e);
        }
        squares
    }

    fn ahead(&self, out: &mut [f64]) {
        let mut on = *self;
        for value in out {
            *value = on.level;
            on.take(0.0);
        }
    }
}

/// Whether old values fade: the region in which the discount matrix has its eigenvalues inside the unit circle.
fn stable([a0, a1]: [f64; 2]) -> bool {
    (a0 - 2.5).powi(2) + a1 * a1 > 1.25
        && (a0 - 0.5).powi(2) + (a1 - 1.0).powi(2) > 0.25
        && (a0 - 1.5).powi(2) + (a1 - 0.5).powi(2) < 1.5
}

/// Chooses the parameters by the smallest one-step error; the first state is found by running backwards.
pub(super) fn fit(y: &[f64], reversed: &mut Vec<f64>) -> Parameters {
    let first = crate::numeric::mean(&y[..y.len().min(10)]);
    reversed.clear();
    reversed.extend(y.iter().rev());
    let begin = |smoothing: [f64; 2]| {
        let mut back = Complex::new(&Parameters { smoothing, first: [first, first / 1.1] });
        back.advance(y);
        back.advance(reversed);
        Parameters { smoothing, first: [back.level, back.potential] }
    };
    let cost = |smoothing: &[f64; 2]| {
        if !stable(*smoothing) {
            return f64::INFINITY;
        }
        Complex::new(&begin(*smoothing)).advance(y)
    };
    let limits = [(0.01, 1.99), (0.01, 1.99)];
    let (smoothing, _) = minimise::<2, 3>([1.3, 1.0], [0.3, 0.1], limits, 90, cost);
    begin(smoothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_followed_without_a_trend_of_its_own() {
        let y: Vec<f64> = (0..60).map(|t| 50.0 + 2.0 * f64::from(t)).collect();
        let p = fit(&y, &mut Vec::new());
        assert!(stable(p.smoothing));
        let mut model = Complex::new(&p);
        model.advance(&y);
        let mut ahead = [0.0; 6];
        model.ahead(&mut ahead);
        assert!((ahead[0] - 170.0).abs() < 2.0 && ahead[5] > ahead[0] + 4.0, "{ahead:?}");
    }
}
