//! Demand: what a series of sales will go on to do, step by step and summed over a lead time.
//!
//! A call takes many series at once, because they teach each other: how wide ranges are, which member of an ensemble
//! deserves trust, what a season does to a shop. Everything that is chosen is chosen from the values given, by looking
//! back from several origins inside them.

use baddie_core::error::{Error, Result};

mod classify;
mod combine;
mod count;
mod covariates;
mod global;
mod grid;
mod hierarchy;
mod newcomer;
mod series;
mod smooth;
mod work;

pub use classify::{Class, classify};
pub use count::{NegativeBinomial, Tsb, intermittent};
pub use covariates::{CovariateBuilder, Covariates};
pub use grid::{Distribution, LEVELS};
pub use hierarchy::{Coherent, Tree, forecast_together};
pub use newcomer::Newcomer;
pub use series::{Frequency, MOST_STEPS, Series, check_all};

use combine::Kind;
use global::Maker;
use smooth::Target;

/// What to forecast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// How many steps ahead.
    pub horizon: usize,
    /// Lead times whose demand is wanted as a sum, in steps.
    pub leads: Vec<usize>,
    /// Fixes what is drawn by lot.
    pub seed: u64,
    /// How many threads may work; what is said does not depend on it.
    pub threads: usize,
}

impl Request {
    /// How many steps ahead it looks at most.
    pub fn reach(&self) -> usize {
        self.leads.iter().copied().max().unwrap_or(0).max(self.horizon)
    }
}

/// What is expected of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Which series.
    pub id: String,
    /// What sort of demand it showed.
    pub class: Class,
    /// Step by step, from the one after the last value on.
    pub steps: Vec<Distribution>,
    /// The sums over the lead times that were asked for, in their order.
    pub leads: Vec<Distribution>,
}

/// The longest horizon or lead time.
pub const MOST_AHEAD: usize = 1000;

/// Forecasts many series at once; they teach each other.
///
/// Covariates, where given, have values for every step of the past and of the horizon. A covariate named `price` also
/// tells when a thing was not on sale: steps without a price and without sales are censored.
pub fn forecast(
    series: &[Series],
    frequency: Frequency,
    covariates: Option<&Covariates>,
    request: &Request,
) -> Result<Vec<Forecast>> {
    forecast_watched(series, frequency, covariates, request, &|_| ())
}

/// The same as [`forecast`], told on the way: `tell` hears which share of the work is done, from 0 to 1. It is called
/// from the threads that work, and should be quick.
pub fn forecast_watched(
    series: &[Series],
    frequency: Frequency,
    covariates: Option<&Covariates>,
    request: &Request,
    tell: &(dyn Fn(f64) + Sync),
) -> Result<Vec<Forecast>> {
    check_all(series)?;
    let h = request.reach();
    if request.horizon > MOST_AHEAD || h == 0 || h > MOST_AHEAD || request.leads.contains(&0) {
        let remedy = "ask for 1 to 1000 steps, and lead times of 1 to 1000";
        return Err(Error::invalid("horizon", h, remedy));
    }
    if let Some(covariates) = covariates {
        covariates.check(series, h)?;
    }
    if series.is_empty() {
        return Ok(Vec::new());
    }
    let (prepared, factors): (Vec<Series>, Vec<f64>) =
        series.iter().enumerate().map(|(i, one)| prepare(i, one, covariates)).unzip();
    let maker = Maker::new(&prepared, frequency, covariates);
    let mut kinds: Vec<Kind> = Vec::new();
    if request.horizon > 0 {
        kinds.push(Kind { targets: (0..request.horizon).map(|t| Target { from: t, to: t + 1 }).collect() });
    }
    kinds.extend(request.leads.iter().map(|&to| Kind { targets: vec![Target { from: 0, to }] }));
    let said = combine::forecast(&maker, frequency.season(), &kinds, request.seed, request.threads, tell);
    let answer = |((one, mut said), factor): ((&Series, Vec<Distribution>), f64)| {
        if factor != 1.0 {
            for d in &mut said {
                d.mean /= factor;
                d.counts = None;
                d.quantiles = d.quantiles.map(|q| q / factor);
            }
        }
        let leads = said.split_off(request.horizon);
        Forecast { id: one.id.clone(), class: classify(&one.y, frequency), steps: said, leads }
    };
    let answers = series.iter().zip(said).zip(factors).map(answer).collect();
    // An expert that is not heard leaves its part undone.
    tell(1.0);
    Ok(answers)
}

/// Marks what was not on sale, and brings values that are no counts to a scale where their fractions do not matter.
fn prepare(place: usize, one: &Series, covariates: Option<&Covariates>) -> (Series, f64) {
    let mut one = one.clone();
    if let Some(prices) = covariates.and_then(|known| known.of(place, "price")) {
        one.censored = (0..one.y.len())
            .map(|t| one.is_censored(t) || (one.y[t] == 0.0 && prices.get(t).is_none_or(|p| !p.is_finite())))
            .collect();
    }
    let usual = crate::numeric::mean(&one.y);
    let counts = one.y.iter().all(|v| v.fract() == 0.0);
    let factor = if counts || usual <= 0.0 || usual >= 100.0 {
        1.0
    } else {
        10_f64.powf((100.0 / usual).log10().ceil())
    };
    if factor != 1.0 {
        for value in &mut one.y {
            *value *= factor;
        }
    }
    (one, factor)
}

/// The season's figures against their mean, beginning with the season's first step as the series has it; empty where
/// no season shows.
pub(crate) fn season_of(y: &[f64], frequency: Frequency) -> Vec<f64> {
    let m = frequency.season();
    if !smooth::is_seasonal(y, m) {
        return Vec::new();
    }
    let clean = smooth::deseason(y, m);
    let usual = crate::numeric::mean(y).max(1e-9);
    (0..m)
        .map(|t| {
            let figure = clean.phase(y.len(), t);
            if clean.factors { figure } else { (1.0 + figure / usual).max(0.0) }
        })
        .collect()
}
