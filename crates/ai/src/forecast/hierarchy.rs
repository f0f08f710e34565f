use std::collections::BTreeMap;

use baddie_core::error::{Error, Result};

use super::count::NegativeBinomial;
use super::grid::{Distribution, LEVELS};
use super::series::{Frequency, Series};
use super::{Covariates, Forecast, Request, forecast_watched};

/// Which series are parts of which: each but the wholes is part of one other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    above: Vec<Option<usize>>,
    /// All places, every part before its whole.
    upwards: Vec<usize>,
}

impl Tree {
    /// A tree from the place that each series is part of; `None` for a whole.
    ///
    /// Refuses places that do not exist, and what would be a part of itself.
    pub fn new(above: Vec<Option<usize>>) -> Result<Self> {
        for (place, own) in above.iter().enumerate() {
            if let Some(own) = own.filter(|&own| own >= above.len()) {
                let remedy = "name the place of another series";
                return Err(Error::invalid(format!("above[{place}]"), own, remedy));
            }
        }
        let mut depths = Vec::with_capacity(above.len());
        for place in 0..above.len() {
            let (mut at, mut depth) = (place, 0);
            while let Some(next) = above[at] {
                (at, depth) = (next, depth + 1);
                if depth > above.len() {
                    let remedy = "no series can be a part of itself, also not by way of others";
                    return Err(Error::invalid(
                        format!("above[{place}]"),
                        format!("{:?}", above[place]),
                        remedy,
                    ));
                }
            }
            depths.push(depth);
        }
        let mut upwards: Vec<usize> = (0..above.len()).collect();
        upwards.sort_by_key(|&place| std::cmp::Reverse(depths[place]));
        Ok(Self { above, upwards })
    }

    /// Moves what was forecast for parts and wholes so that the means of the parts add up to the mean of their whole,
    /// step by step and lead time by lead time. Ranges move with their means; they do not add up, and should not.
    ///
    /// Every mean is trusted as much as its range is narrow: this is the least change by weighted least squares
    /// (Wickramasuriya, Athanasopoulos & Hyndman, 2019, with a diagonal matrix of errors), which on a tree takes one
    /// way up and one way down (Chou, Willsky & Benveniste, 1994). No mean becomes negative.
    ///
    /// Refuses forecasts that are not one for each place, with as many steps and lead times each.
    pub fn reconcile(&self, said: &mut [Forecast]) -> Result<()> {
        let count = self.above.len();
        if said.len() != count {
            let given = format!("{} for {count} places", said.len());
            return Err(Error::invalid("forecasts", given, "give one for each place of the tree"));
        }
        let Some(first) = said.first() else { return Ok(()) };
        let shape = (first.steps.len(), first.leads.len());
        for own in &*said {
            if (own.steps.len(), own.leads.len()) != shape {
                let given = format!("{} steps, {} lead times", own.steps.len(), own.leads.len());
                let remedy = format!("ask all for {} steps and {} lead times", shape.0, shape.1);
                return Err(Error::invalid(format!("forecasts[{}]", own.id), given, &remedy));
            }
        }
        for place in 0..shape.0 + shape.1 {
            let expected: Vec<Expected> =
                said.iter_mut().map(|own| Expected::of(quantity(own, place))).collect();
            for (own, mean) in said.iter_mut().zip(self.least_change(&expected)) {
                quantity(own, place).move_to(mean);
            }
        }
        Ok(())
    }

    /// The means that add up and are nearest to these.
    fn least_change(&self, expected: &[Expected]) -> Vec<f64> {
        let parts = self.parts();
        // Upwards: what a place and everything below it say of its mean.
        let mut joined = expected.to_vec();
        for &place in &self.upwards {
            if !parts[place].is_empty() {
                let sum = parts[place].iter().fold(Expected { mean: 0.0, variance: 0.0 }, |sum, &part| {
                    let Expected { mean, variance } = joined[part];
                    Expected { mean: sum.mean + mean, variance: sum.variance + variance }
                });
                joined[place] = joined[place].and(sum);
            }
        }
        // Downwards: what a whole has more or less than its parts say is shared out among them, most to the least sure.
        let mut means: Vec<f64> = joined.iter().map(|own| own.mean).collect();
        for &place in self.upwards.iter().rev() {
            share_out(means[place], &parts[place], &joined, &mut means);
        }
        means
    }

    fn parts(&self) -> Vec<Vec<usize>> {
        let mut parts = vec![Vec::new(); self.above.len()];
        for (place, above) in self.above.iter().enumerate() {
            if let Some(above) = above {
                parts[*above].push(place);
            }
        }
        parts
    }
}

/// The step or, after the steps, the lead time in a place.
fn quantity(said: &mut Forecast, place: usize) -> &mut Distribution {
    let steps = said.steps.len();
    if place < steps { &mut said.steps[place] } else { &mut said.leads[place - steps] }
}

/// Gives each part its share of a whole: what it expected itself, and of the difference as much as it is unsure.
fn share_out(whole: f64, parts: &[usize], joined: &[Expected], means: &mut [f64]) {
    let mut open: Vec<usize> = parts.to_vec();
    while !open.is_empty() {
        let (mut sum, mut unsure) = (0.0, 0.0);
        for &part in &open {
            sum += joined[part].mean;
            unsure += joined[part].variance;
        }
        for &part in &open {
            means[part] = joined[part].mean + (whole - sum) * joined[part].variance / unsure;
        }
        // Who would fall below zero stays there, and the others bear it.
        let before = open.len();
        open.retain(|&part| {
            let stays = means[part] >= 0.0;
            means[part] = means[part].max(0.0);
            stays
        });
        if open.len() == before {
            return;
        }
    }
}

/// A mean, and how unsure it is.
#[derive(Debug, Clone, Copy)]
struct Expected {
    mean: f64,
    variance: f64,
}

impl Expected {
    fn of(d: &Distribution) -> Self {
        // Seven in ten lie between these, two standard deviations and a little of a normal distribution.
        let spread = (d.quantile(0.85) - d.quantile(0.15)) / 2.0729;
        // Counts are never surer than those of a Poisson distribution.
        Self { mean: d.mean, variance: (spread * spread).max(d.mean).max(LEAST) }
    }

    /// What two say together who know nothing of each other.
    fn and(self, other: Self) -> Self {
        let all = self.variance + other.variance;
        Self {
            mean: (self.mean * other.variance + other.mean * self.variance) / all,
            variance: self.variance * other.variance / all,
        }
    }
}

/// The least variance of an expectation: also who expects nothing at all can be wrong.
const LEAST: f64 = 1e-6;

impl Distribution {
    /// The same shape around another mean.
    fn move_to(&mut self, mean: f64) {
        if (mean - self.mean).abs() <= 1e-12 * self.mean {
            return;
        }
        if self.mean > 0.0 {
            let factor = mean / self.mean;
            self.quantiles = self.quantiles.map(|q| q * factor);
            self.counts = None;
            self.mean = mean;
        } else {
            *self = Self::new(mean, NegativeBinomial::new(mean, 1.0).quantiles(&LEVELS));
        }
        self.repair();
    }
}

/// Forecasts of things, of their groups and of all together, whose means add up.
#[derive(Debug, Clone, PartialEq)]
pub struct Coherent {
    /// The things, in the order they were given.
    pub things: Vec<Forecast>,
    /// Their groups by name; things without a group are in none.
    pub groups: BTreeMap<String, Forecast>,
    /// All things together.
    pub whole: Forecast,
}

impl Coherent {
    /// All of it one after another: things, groups, the whole.
    pub fn into_rows(self) -> Vec<Forecast> {
        self.things.into_iter().chain(self.groups.into_values()).chain([self.whole]).collect()
    }
}

/// Forecasts things, the groups they name and all of them together, and makes what is said add up: what sells too
/// seldom to show its season borrows it from its group, and the shop's plan is the sum of its parts' plans.
///
/// `covariates` are those of the things; `tell` hears which share of the work is done. Refuses what
/// [`forecast`](super::forecast) refuses, a call without series, and dated series that do not end together.
pub fn forecast_together(
    series: &[Series],
    frequency: Frequency,
    covariates: Option<&Covariates>,
    request: &Request,
    tell: &(dyn Fn(f64) + Sync),
) -> Result<Coherent> {
    if series.is_empty() {
        return Err(Error::invalid("series", "none", "give at least one series"));
    }
    super::check_all(series)?;
    check_ends(series, frequency)?;
    let mut members: BTreeMap<&str, Vec<&Series>> = BTreeMap::new();
    for one in series.iter().filter(|one| !one.group.is_empty()) {
        members.entry(&one.group).or_default().push(one);
    }
    let places: BTreeMap<&str, usize> =
        members.keys().enumerate().map(|(place, &name)| (name, series.len() + place)).collect();
    let whole = series.len() + members.len();
    let above = series.iter().map(|one| Some(places.get(one.group.as_str()).copied().unwrap_or(whole)));
    let above = above.chain(members.keys().map(|_| Some(whole))).chain([None]).collect();
    let mut all = series.to_vec();
    all.extend(members.iter().map(|(name, members)| sum(format!("all of {name}"), members, frequency)));
    all.push(sum("all".to_owned(), &series.iter().collect::<Vec<_>>(), frequency));
    let covariates = covariates.map(|known| known.with_unknown(&all[series.len()..], request));
    let mut said = forecast_watched(&all, frequency, covariates.as_ref(), request, tell)?;
    Tree::new(above)?.reconcile(&mut said)?;
    let mut rest = said.split_off(series.len()).into_iter();
    let groups = members.into_keys().map(str::to_owned).zip(rest.by_ref()).collect();
    let whole = rest.next().ok_or_else(|| Error::internal("the whole was not forecast"))?;
    Ok(Coherent { things: said, groups, whole })
}

/// Refuses series of which some end before others: their next steps are not the same.
fn check_ends(series: &[Series], frequency: Frequency) -> Result<()> {
    let end = |one: &Series| one.start.map(|start| frequency.index(start) + one.y.len() as i64);
    let Some(last) =
        series.iter().map(end).collect::<Option<Vec<_>>>().and_then(|ends| ends.into_iter().max())
    else {
        return Ok(());
    };
    let early = series.iter().find_map(|one| end(one).filter(|&own| own < last).map(|own| (one, last - own)));
    let Some((one, steps)) = early else { return Ok(()) };
    let remedy = "give its last steps too, zero where nothing was sold";
    Err(Error::invalid(
        format!("series[{}]", one.id),
        format!("ends {steps} steps before the others"),
        remedy,
    ))
}

/// Series added up from their ends backwards.
fn sum(id: String, members: &[&Series], frequency: Frequency) -> Series {
    let length = members.iter().map(|one| one.y.len()).max().unwrap_or(0);
    let mut y = vec![0.0; length];
    for one in members {
        let values = one.uncensored(frequency.season().min(14));
        for (sum, value) in y[length - values.len()..].iter_mut().zip(values) {
            *sum += value;
        }
    }
    let start = members.iter().find(|one| one.y.len() == length).and_then(|one| one.start);
    Series { start, ..Series::new(id, y) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::classify;
    use proptest::prelude::*;

    fn said(id: usize, mean: f64, spread: f64) -> Forecast {
        let quantiles = LEVELS.map(|level| (mean + spread * crate::numeric::normal_quantile(level)).max(0.0));
        let class = classify(&[1.0], Frequency::Daily);
        Forecast { id: id.to_string(), class, steps: vec![Distribution::new(mean, quantiles)], leads: vec![] }
    }

    #[test]
    fn what_is_no_tree_is_named() {
        for (above, field) in [
            (vec![Some(2), None], "above[0]"),
            (vec![Some(0)], "above[0]"),
            (vec![None, Some(2), Some(1)], "above[1]"),
        ] {
            assert_eq!(Tree::new(above).unwrap_err().field(), Some(field));
        }
        let tree = Tree::new(vec![None, Some(0)]).unwrap();
        assert_eq!(tree.reconcile(&mut [said(0, 1.0, 1.0)]).unwrap_err().field(), Some("forecasts"));
    }

    proptest! {
        #[test]
        fn means_add_up_with_the_least_change(
            means in prop::collection::vec((5.0_f64..50.0, 1.0_f64..8.0), 7),
        ) {
            // Four things in two groups, and all of them.
            let tree = Tree::new(vec![Some(4), Some(4), Some(5), Some(5), Some(6), Some(6), None]).unwrap();
            let mut all: Vec<_> =
                means.iter().enumerate().map(|(id, &(mean, spread))| said(id, mean, spread)).collect();
            let before: Vec<Expected> = all.iter().map(|own| Expected::of(&own.steps[0])).collect();
            tree.reconcile(&mut all).unwrap();
            let after: Vec<f64> = all.iter().map(|own| own.steps[0].mean).collect();
            let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * (1.0 + a.abs());
            prop_assert!(near(after[0] + after[1], after[4]) && near(after[2] + after[3], after[5]));
            prop_assert!(near(after[4] + after[5], after[6]) && after.iter().all(|&mean| mean >= 0.0));
            // At the least sum of squares, moving one thing alone helps nothing.
            let pull = |place: usize| (after[place] - before[place].mean) / before[place].variance;
            if after.iter().all(|&mean| mean > 0.0) {
                for (thing, group) in [(0, 4), (1, 4), (2, 5), (3, 5)] {
                    prop_assert!((pull(thing) + pull(group) + pull(6)).abs() < 1e-6);
                }
            }
        }
    }

    #[test]
    fn who_would_fall_below_zero_stays_there() {
        let tree = Tree::new(vec![Some(2), Some(2), None]).unwrap();
        let mut all = [said(0, 1.0, 30.0), said(1, 30.0, 5.0), said(2, 5.0, 0.5)];
        tree.reconcile(&mut all).unwrap();
        let [a, b, whole] = [0, 1, 2].map(|place| all[place].steps[0].mean);
        assert!(a == 0.0 && (b - whole).abs() < 1e-9 && whole > 5.0, "{a} {b} {whole}");
    }

    #[test]
    fn a_shop_is_the_sum_of_its_things() {
        let wave = |t: usize, size: f64| size * (2.0 + (t as f64 / 12.0 * std::f64::consts::TAU).sin());
        let series: Vec<Series> = (0..6)
            .map(|k| {
                let y = (0..60 - k).map(|t| wave(t + k, 10.0 + k as f64).round()).collect();
                Series { group: ["hats", "", "shoes"][k % 3].into(), ..Series::new(format!("s{k}"), y) }
            })
            .collect();
        let request = Request { horizon: 4, leads: vec![3], seed: 1, threads: 1 };
        let said = forecast_together(&series, Frequency::Monthly, None, &request, &|_| ()).unwrap();
        assert_eq!(said.groups.keys().collect::<Vec<_>>(), ["hats", "shoes"]);
        let sum = |of: &dyn Fn(&Forecast) -> f64| said.things.iter().map(of).sum::<f64>();
        for step in 0..4 {
            let whole = said.whole.steps[step].mean;
            assert!((sum(&|own| own.steps[step].mean) - whole).abs() < 1e-6 * whole);
        }
        assert!((sum(&|own| own.leads[0].mean) - said.whole.leads[0].mean).abs() < 1e-3);
        assert!(forecast_together(&[], Frequency::Monthly, None, &request, &|_| ()).is_err());
    }
}
