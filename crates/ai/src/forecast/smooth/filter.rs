/// A forecasting method at work: it takes values one after another and can say at any moment what comes next.
pub(super) trait Filter {
    /// Takes the next values; gives the sum of the squared one-step errors on them.
    fn advance(&mut self, y: &[f64]) -> f64;

    /// Forecasts the steps after the last value taken.
    fn ahead(&self, out: &mut [f64]);
}

/// The moments inside a series from which forecasts are wanted, in rising order, and how far they reach.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origins<'a> {
    pub(super) at: &'a [usize],
    pub(super) steps: usize,
}

impl Origins<'_> {
    /// Passes once through the values and writes the forecasts from every origin one after another into `out`.
    pub(super) fn visit(&self, filter: &mut impl Filter, y: &[f64], out: &mut [f64]) {
        let mut taken = 0;
        for (&origin, out) in self.at.iter().zip(out.chunks_exact_mut(self.steps)) {
            filter.advance(&y[taken..origin]);
            filter.ahead(out);
            taken = origin;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::smooth::theta::Dynamic;

    #[test]
    fn one_pass_says_what_many_would() {
        let y: Vec<f64> = (0..40).map(|t| 20.0 + f64::from(t * t % 7)).collect();
        let p = [10.0, 0.3, 2.0];
        let at = [12, 13, 40];
        let mut passed = [0.0; 15];
        Origins { at: &at, steps: 5 }.visit(&mut Dynamic::new(&p), &y, &mut passed);
        for (origin, passed) in at.into_iter().zip(passed.chunks(5)) {
            let mut alone = Dynamic::new(&p);
            alone.advance(&y[..origin]);
            let mut ahead = [0.0; 5];
            alone.ahead(&mut ahead);
            assert_eq!(ahead, passed);
        }
    }
}
