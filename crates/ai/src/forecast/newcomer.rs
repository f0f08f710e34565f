use baddie_core::error::{Error, Result};

use super::count::NegativeBinomial;
use crate::numeric::mean;

/// What is known of a thing that is new: how often things like it sell, and the little it has shown itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Newcomer {
    /// The gamma distribution of its rate of sales in a step, in units: its shape,
    shape: f64,
    /// and how many steps it is worth.
    steps: f64,
    /// The variance of a step against its mean, at least one.
    noise: f64,
}

impl Newcomer {
    /// Learns from the steps it has had itself, oldest first and perhaps none, and from the steps that things like it
    /// had since they were new.
    ///
    /// Rates of things alike are taken for gamma distributed, sales in a step for Poisson distributed and as much
    /// wider as they were: empirical Bayes (Robbins, 1956; Maritz & Lwin, 1989). With nobody alike, its own steps
    /// speak alone. Refuses a call in which nothing is known at all, and values that are no demand.
    pub fn learn(own: &[f64], alike: &[&[f64]]) -> Result<Self> {
        let known = |values: &&&[f64]| !values.is_empty();
        for (place, values) in [own].iter().chain(alike).enumerate() {
            if let Some(step) = values.iter().position(|v| !v.is_finite() || *v < 0.0) {
                let field = match place.checked_sub(1) {
                    None => format!("own[{step}]"),
                    Some(place) => format!("alike[{place}][{step}]"),
                };
                return Err(Error::invalid(field, values[step], "give units of zero or more"));
            }
        }
        let others: Vec<&[f64]> = alike.iter().filter(known).copied().collect();
        if others.is_empty() && own.is_empty() {
            let remedy = "give some of its own steps, or things like it";
            return Err(Error::invalid("alike", "nothing", remedy));
        }
        let noise = noise(others.iter().copied().chain([own]));
        let (shape, steps) = prior(&others, own, noise);
        Ok(Self {
            shape: shape + own.iter().sum::<f64>() / noise,
            steps: steps + own.len() as f64 / noise,
            noise,
        })
    }

    /// What it will sell in so many steps together; at least one.
    pub fn demand(&self, steps: usize) -> NegativeBinomial {
        let mean = self.shape / self.steps * steps.max(1) as f64;
        NegativeBinomial::new(mean, (self.noise - 1.0) / mean + 1.0 / self.shape)
    }
}

/// How much wider than Poisson steps are, around the mean of their own thing.
fn noise<'a>(all: impl Iterator<Item = &'a [f64]>) -> f64 {
    let (mut squares, mut means) = (0.0, 0.0);
    for values in all.filter(|values| values.len() > 1) {
        let usual = mean(values);
        squares += values.iter().map(|v| (v - usual).powi(2)).sum::<f64>();
        means += usual * (values.len() - 1) as f64;
    }
    if means > 0.0 { (squares / means).clamp(1.0, 50.0) } else { 1.0 }
}

/// The gamma distribution of the rates of things alike, by moments: its shape, and how many steps it is worth.
fn prior(others: &[&[f64]], own: &[f64], noise: f64) -> (f64, f64) {
    if others.is_empty() {
        // One step of the kind it has shown stands for what nobody knows.
        return ((mean(own) / noise).max(LEAST), 1.0 / noise);
    }
    let rates: Vec<f64> = others.iter().map(|values| mean(values)).collect();
    let usual = mean(&rates).max(LEAST);
    let spread =
        rates.iter().map(|rate| (rate - usual).powi(2)).sum::<f64>() / (rates.len() - 1).max(1) as f64;
    // Part of it is what a rate cannot be known better from so few steps.
    let chance = mean(&others.iter().map(|values| noise * usual / values.len() as f64).collect::<Vec<_>>());
    // Few things alike say little about how different things can be: as different as they are large is the start.
    let few = 2.0 / rates.len() as f64;
    let between = (spread - chance).max(0.0) + few * usual * usual;
    let between = between.max(SAME * usual * usual);
    (usual * usual / between, usual / between)
}

/// The least rate that is thought possible.
const LEAST: f64 = 1e-3;
/// Rates of things alike never differ less than this, as a share of their squared mean.
const SAME: f64 = 0.05;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::Random;

    fn steps(rate: f64, count: usize, random: &mut Random) -> Vec<f64> {
        // Without dispersion it is the Poisson distribution.
        let sales = NegativeBinomial::new(rate, 0.0);
        (0..count).map(|_| sales.quantiles(&[random.uniform()])[0]).collect()
    }

    #[test]
    fn who_has_shown_nothing_is_as_the_others() {
        let mut random = Random::new(4);
        let others: Vec<Vec<f64>> = (0..40).map(|k| steps(1.0 + f64::from(k % 3), 30, &mut random)).collect();
        let alike: Vec<&[f64]> = others.iter().map(Vec::as_slice).collect();
        let new = Newcomer::learn(&[], &alike).unwrap();
        assert!((new.demand(1).mean - 2.0).abs() < 0.2, "{new:?}");
        assert!((new.demand(10).mean - 20.0).abs() < 2.0);
        // It may be any of them: ranges are wider than those of one whose rate is known.
        assert!(new.demand(10).dispersion > 0.05);
    }

    #[test]
    fn what_it_shows_itself_counts_more_and_more() {
        let mut random = Random::new(5);
        let others: Vec<Vec<f64>> = (0..40).map(|k| steps(0.5 + f64::from(k % 4), 30, &mut random)).collect();
        let alike: Vec<&[f64]> = others.iter().map(Vec::as_slice).collect();
        let own = steps(6.0, 60, &mut random);
        let said = |n: usize| Newcomer::learn(&own[..n], &alike).unwrap().demand(1).mean;
        // How far it has gone from what the others sell to what it sold itself.
        let way = |n: usize| (said(n) - said(0)) / (mean(&own[..n]) - said(0));
        let ways: Vec<f64> = [1, 3, 10, 60].map(way).to_vec();
        assert!(ways.is_sorted() && ways[0] > 0.2 && ways[3] > 0.95 && ways[3] < 1.0, "{ways:?}");
        let alone = Newcomer::learn(&own[..10], &[]).unwrap();
        assert!((alone.demand(1).mean - mean(&own[..10])).abs() < 1e-9);
    }

    #[test]
    fn its_ranges_come_true() {
        let mut random = Random::new(6);
        let rate = |random: &mut Random| 0.5 + 4.0 * random.uniform();
        let others: Vec<Vec<f64>> = (0..60)
            .map(|_| {
                let rate = rate(&mut random);
                steps(rate, 20, &mut random)
            })
            .collect();
        let alike: Vec<&[f64]> = others.iter().map(Vec::as_slice).collect();
        let inside = (0..400)
            .filter(|_| {
                let all = {
                    let rate = rate(&mut random);
                    steps(rate, 9, &mut random)
                };
                let said = Newcomer::learn(&all[..4], &alike).unwrap().demand(5);
                let [low, high] = said.quantiles(&[0.05, 0.95]);
                let came: f64 = all[4..].iter().sum();
                low <= came && came <= high
            })
            .count();
        assert!((348..=396).contains(&inside), "{inside} of 400 in nine of ten");
    }

    #[test]
    fn nothing_known_and_what_is_no_demand_are_named() {
        assert_eq!(Newcomer::learn(&[], &[&[]]).unwrap_err().field(), Some("alike"));
        assert_eq!(Newcomer::learn(&[1.0, -1.0], &[]).unwrap_err().field(), Some("own[1]"));
        assert_eq!(Newcomer::learn(&[], &[&[1.0], &[f64::NAN]]).unwrap_err().field(), Some("alike[1][0]"));
        let never = Newcomer::learn(&[0.0; 5], &[&[0.0; 9]]).unwrap().demand(3);
        assert!(never.mean < 0.1 && never.mean.is_finite());
    }
}
