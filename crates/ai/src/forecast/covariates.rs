//! What is known besides the series: prices, promotions, holidays.

use std::collections::HashMap;

use baddie_core::clock::Date;
use baddie_core::error::{Error, Result};

use crate::forecast::Request;
use crate::forecast::series::{Frequency, Series};

/// What is known besides the series: numbers that may move demand, over the past and the steps ahead.
#[derive(Debug, Clone, Default)]
pub struct Covariates {
    /// Their names.
    pub names: Vec<String>,
    /// For every series, for every covariate, a value for each step of the past and of the horizon; NaN where unknown.
    pub values: Vec<Vec<Vec<f32>>>,
}

impl Covariates {
    /// The values of a covariate for a series.
    pub(crate) fn of(&self, series: usize, name: &str) -> Option<&[f32]> {
        let place = self.names.iter().position(|own| own == name)?;
        Some(&self.values[series][place])
    }

    /// The same for more series, of which nothing is known.
    pub(crate) fn with_unknown(&self, more: &[Series], request: &Request) -> Self {
        let unknown = |one: &Series| vec![vec![f32::NAN; one.y.len() + request.reach()]; self.names.len()];
        let values = self.values.iter().cloned().chain(more.iter().map(unknown)).collect();
        Self { names: self.names.clone(), values }
    }

    /// Refuses values that do not match the series and the steps ahead.
    pub(crate) fn check(&self, series: &[Series], horizon: usize) -> Result<()> {
        if self.values.len() != series.len() {
            let given = format!("given for {} of {} series", self.values.len(), series.len());
            return Err(Error::invalid("covariates", given, "give them for every series, in the same order"));
        }
        for (one, columns) in series.iter().zip(&self.values) {
            let id = &one.id;
            if columns.len() != self.names.len() {
                let given = format!("{} columns", columns.len());
                return Err(Error::invalid(
                    format!("covariates[{id}]"),
                    given,
                    "give one column for each name, and no other",
                ));
            }
            for (name, column) in self.names.iter().zip(columns) {
                let needed = one.y.len() + horizon;
                if column.len() < needed {
                    return Err(Error::invalid(
                        format!("covariates[{id}].{name}"),
                        format!("{} steps long", column.len()),
                        &format!("give {needed}: the past and the horizon; NaN where unknown"),
                    ));
                }
                if let Some(row) =
                    column.iter().position(|v| v.is_infinite() || (name == "price" && *v <= 0.0))
                {
                    return Err(Error::invalid(
                        format!("covariates[{id}].rows[{row}].{name}"),
                        column[row],
                        "give a finite number, above zero for a price, or NaN where unknown",
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Gathers covariates from dated rows, for series that have dates.
///
/// ```
/// # use baddie_ai::forecast::{CovariateBuilder, Frequency, Series};
/// # use baddie_core::clock::Date;
/// # fn main() -> baddie_core::error::Result<()> {
/// let day: Date = "2026-01-05".parse()?;
/// let sold = Series::from_dated("shoe", "", Frequency::Daily, &[(day, 3.0)])?;
/// let mut known = CovariateBuilder::new(std::slice::from_ref(&sold), Frequency::Daily, 1, vec!["price".into()]);
/// known.note("shoe", day, 0, 59.0)?;
/// assert_eq!(known.build().values[0][0][0], 59.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct CovariateBuilder<'a> {
    series: &'a [Series],
    frequency: Frequency,
    names: Vec<String>,
    places: HashMap<&'a str, usize>,
    /// For every series, for every covariate, the sum and the number of what fell on each step.
    found: Vec<Vec<Vec<(f64, u32)>>>,
}

impl<'a> CovariateBuilder<'a> {
    /// Begins with nothing known of the past of these series and `reach` steps more.
    pub fn new(series: &'a [Series], frequency: Frequency, reach: usize, names: Vec<String>) -> Self {
        let places = series.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
        let unknown = |one: &Series| vec![vec![(0.0, 0); one.y.len() + reach]; names.len()];
        let found = series.iter().map(unknown).collect();
        Self { series, frequency, names, places, found }
    }

    /// Notes what the covariate in this place was, or will be, on a day; for every series where the id is empty. Of
    /// several numbers on one step the mean counts. What is about other things or other days helps nobody and is left
    /// out. Refuses numbers without an end, and prices that are not above zero.
    pub fn note(&mut self, id: &str, day: Date, covariate: usize, number: f64) -> Result<()> {
        let name = &self.names[covariate];
        if !number.is_finite() || (name == "price" && number <= 0.0) {
            let remedy = "give a finite number, above zero for a price, or nothing where none is known";
            return Err(Error::invalid(format!("covariates.{name}"), number, remedy));
        }
        let about = match id {
            "" => 0..self.series.len(),
            id => self.places.get(id).map_or(0..0, |&at| at..at + 1),
        };
        for at in about {
            let step = step_of(&self.series[at], self.frequency, day);
            if let Some(seen) = step.and_then(|step| self.found[at][covariate].get_mut(step)) {
                *seen = (seen.0 + number, seen.1 + 1);
            }
        }
        Ok(())
    }

    /// What was gathered.
    pub fn build(self) -> Covariates {
        #[expect(clippy::cast_possible_truncation, reason = "covariates are known to seven digits at best")]
        let mean =
            |&(sum, count): &(f64, u32)| if count == 0 { f32::NAN } else { (sum / f64::from(count)) as f32 };
        let of_one = |steps: &Vec<(f64, u32)>| steps.iter().map(mean).collect();
        let values = self.found.iter().map(|covariates| covariates.iter().map(of_one).collect()).collect();
        Covariates { names: self.names, values }
    }
}

/// On which step of a series a day falls; none before its first.
fn step_of(series: &Series, frequency: Frequency, day: Date) -> Option<usize> {
    let start = series.start?;
    let step = match frequency {
        // The weeks of a series begin on the weekday of its first row.
        Frequency::Weekly => (day.as_days() - start.as_days()).div_euclid(7),
        _ => frequency.index(day) - frequency.index(start),
    };
    usize::try_from(step).ok()
}
