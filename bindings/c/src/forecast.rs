//! The models on plain arrays. No engine is needed, and nothing is kept.
//!
//! Many series lie in one array, one behind the other: `lengths[i]` says how many values the series `i` has. Answers go
//! into arrays of the caller, series by series.

use std::num::NonZero;
use std::thread;

use baddie::ai::forecast::{Distribution, Forecast, Frequency, Request, Series, forecast};
use baddie::ai::pricing::{Sale, learn};

use crate::border::{enter, places, values};
use crate::status::{Failure, Status};

/// How to forecast.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// What a step is: `'D'` a day, `'W'` a week, `'M'` a month, `'Q'` a quarter.
    pub frequency: u8,
    /// Fixes what is drawn by lot: the same input and seed give the same answer.
    pub seed: u64,
    /// How many threads may work, 0 for all processors; the answer does not depend on it.
    pub threads: usize,
}

impl Options {
    fn frequency(self) -> Result<Frequency, Failure> {
        Ok(Frequency::parse(char::from(self.frequency).encode_utf8(&mut [0; 4]))?)
    }

    fn request(self, horizon: usize, leads: Vec<usize>) -> Request {
        let all = || thread::available_parallelism().map_or(1, NonZero::get);
        let threads = if self.threads == 0 { all() } else { self.threads };
        Request { horizon, leads, seed: self.seed, threads }
    }
}

/// The series that lie in one array, each called by its number.
///
/// # Safety
///
/// `y` leads to as many values as all lengths together, `lengths` to `count`.
unsafe fn series(y: *const f64, lengths: *const usize, count: usize) -> Result<Vec<Series>, Failure> {
    // SAFETY: the caller's word.
    let lengths = unsafe { values("lengths", lengths, count) }?;
    let total = lengths.iter().try_fold(0_usize, |sum, &length| sum.checked_add(length));
    let total = total.ok_or_else(|| Failure::argument("lengths", "add up to more than memory"))?;
    // SAFETY: the caller's word.
    let mut rest = unsafe { values("values", y, total) }?;
    let cut = lengths.iter().enumerate().map(|(number, &length)| {
        let (own, behind) = rest.split_at(length);
        rest = behind;
        Series::new(number.to_string(), own.to_vec())
    });
    Ok(cut.collect())
}

/// Writes means and quantiles, one row for each distribution.
fn write(said: &[&Distribution], levels: &[f64], means: &mut [f64], quantiles: &mut [f64]) {
    for (row, one) in said.iter().enumerate() {
        if let Some(mean) = means.get_mut(row) {
            *mean = one.mean;
        }
        for (column, &level) in levels.iter().enumerate() {
            quantiles[row * levels.len() + column] = one.quantile(level);
        }
    }
}

fn check_levels(levels: &[f64]) -> Result<(), Failure> {
    if levels.iter().all(|level| (0.0..=1.0).contains(level)) {
        Ok(())
    } else {
        Err(Failure::argument("levels", "must lie between 0 and 1"))
    }
}

fn product(factors: &[usize]) -> Result<usize, Failure> {
    let product = factors.iter().try_fold(1_usize, |product, &factor| product.checked_mul(factor));
    product.ok_or_else(|| Failure::argument("horizon", "asks for more than memory"))
}

/// Forecasts every series step by step. `means`, which may be null, gets `count * horizon` values; `quantiles` gets
/// `count * horizon * level_count`, the levels of a step side by side. Levels lie between 0.01 and 0.99; beyond, the
/// nearest is told.
///
/// # Safety
///
/// Every array is as long as said above and used by nobody else during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_forecast(
    y: *const f64,
    lengths: *const usize,
    count: usize,
    options: Options,
    horizon: usize,
    levels: *const f64,
    level_count: usize,
    means: *mut f64,
    quantiles: *mut f64,
) -> Status {
    enter(|| {
        let rows = product(&[count, horizon])?;
        // SAFETY: the caller's word.
        let (series, levels) =
            unsafe { (series(y, lengths, count)?, values("levels", levels, level_count)?) };
        check_levels(levels)?;
        // SAFETY: the caller's word.
        let (means, quantiles) = unsafe {
            let wanted = if means.is_null() { 0 } else { rows };
            (places("means", means, wanted)?, places("quantiles", quantiles, product(&[rows, level_count])?)?)
        };
        let said = forecast(&series, options.frequency()?, None, &options.request(horizon, Vec::new()))?;
        let steps: Vec<&Distribution> = said.iter().flat_map(|one| &one.steps).collect();
        write(&steps, levels, means, quantiles);
        Ok(())
    })
}

/// Asks for the sums over a lead time.
///
/// # Safety
///
/// As `series`.
unsafe fn sums(
    y: *const f64,
    lengths: *const usize,
    count: usize,
    options: Options,
    lead_time: usize,
) -> Result<Vec<Forecast>, Failure> {
    // SAFETY: the caller's word, passed on.
    let series = unsafe { series(y, lengths, count) }?;
    Ok(forecast(&series, options.frequency()?, None, &options.request(0, vec![lead_time]))?)
}

/// Forecasts the sum of demand over the next `lead_time` steps. `means`, which may be null, gets `count` values,
/// `quantiles` gets `count * level_count`.
///
/// # Safety
///
/// Every array is as long as said above and used by nobody else during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_lead_time_demand(
    y: *const f64,
    lengths: *const usize,
    count: usize,
    options: Options,
    lead_time: usize,
    levels: *const f64,
    level_count: usize,
    means: *mut f64,
    quantiles: *mut f64,
) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let levels = unsafe { values("levels", levels, level_count) }?;
        check_levels(levels)?;
        // SAFETY: the caller's word.
        let (means, quantiles) = unsafe {
            let wanted = if means.is_null() { 0 } else { count };
            (
                places("means", means, wanted)?,
                places("quantiles", quantiles, product(&[count, level_count])?)?,
            )
        };
        // SAFETY: the caller's word.
        let said = unsafe { sums(y, lengths, count, options, lead_time) }?;
        let leads: Vec<&Distribution> = said.iter().map(|one| &one.leads[0]).collect();
        write(&leads, levels, means, quantiles);
        Ok(())
    })
}

/// The probability that demand over the next `lead_time` steps is more than what lies in stock; `stocks` has a value for
/// each series, and `probabilities` gets one.
///
/// # Safety
///
/// Every array is as long as said above and used by nobody else during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_stockout(
    y: *const f64,
    lengths: *const usize,
    count: usize,
    options: Options,
    lead_time: usize,
    stocks: *const f64,
    probabilities: *mut f64,
) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let (stocks, probabilities) =
            unsafe { (values("stocks", stocks, count)?, places("probabilities", probabilities, count)?) };
        if stocks.iter().any(|stock| stock.is_nan()) {
            return Err(Failure::argument("stocks", "hold what is no number"));
        }
        // SAFETY: the caller's word.
        let said = unsafe { sums(y, lengths, count, options, lead_time) }?;
        for ((one, &stock), place) in said.iter().zip(stocks).zip(probabilities) {
            *place = one.leads[0].exceeds(stock);
        }
        Ok(())
    })
}

/// Sales of one series at one price over one step.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct CSale {
    /// Which series, from zero on.
    pub series: usize,
    /// Series of one group are thought to answer alike.
    pub group: usize,
    /// Series of one market stand side by side: the buyer knows their prices on a step.
    pub market: usize,
    /// When, in steps.
    pub step: i64,
    /// How many were sold.
    pub units: f64,
    /// At which price.
    pub price: f64,
}

/// Learns how demand answers to prices. `elasticities` and `errors` get a value for each of `series_count` series; both
/// are not-a-number where a series sold nothing, of which nothing can be said.
///
/// # Safety
///
/// Every array is as long as said above and used by nobody else during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_elasticity(
    sales: *const CSale,
    count: usize,
    series_count: usize,
    seed: u64,
    elasticities: *mut f64,
    errors: *mut f64,
) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let (sales, elasticities, errors) = unsafe {
            (
                values("sales", sales, count)?,
                places("elasticities", elasticities, series_count)?,
                places("errors", errors, series_count)?,
            )
        };
        if sales.iter().any(|sale| sale.series >= series_count || sale.group > count || sale.market > count) {
            let fault = "name series, groups or markets beyond those there are: number them from zero";
            return Err(Failure::argument("sales", fault));
        }
        let learnt: Vec<Sale> = sales.iter().map(|&sale| Sale::from(sale)).collect();
        let model = learn(&learnt, seed)?;
        for (series, (value, error)) in elasticities.iter_mut().zip(errors).enumerate() {
            let said = model.elasticity(series);
            *value = said.map_or(f64::NAN, |said| said.value);
            *error = said.map_or(f64::NAN, |said| said.error);
        }
        Ok(())
    })
}

impl From<CSale> for Sale {
    fn from(sale: CSale) -> Self {
        let CSale { series, group, market, step, units, price } = sale;
        Self { series, group, market, step, units, price, promos: Vec::new() }
    }
}
