//! Histories: what was sold, from Arrow tables and lists to what the models take, and what they say back to tables.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_array::{Array as _, ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Schema};
use baddie::ai::forecast::{
    CovariateBuilder, Covariates, Distribution, Forecast, Frequency, Request, Series, forecast_watched,
};
use baddie::clock::Date;
use baddie::{Error, Result};
use pyo3::prelude::*;
use pyo3_arrow::PyTable;

use crate::fault::{raise, work};
use crate::progress::heard;

/// The column of a batch in the type the models read; of the right type it is shared, not copied.
pub(crate) fn column(batch: &RecordBatch, name: &'static str, wanted: &DataType) -> Result<ArrayRef> {
    let found = batch.column_by_name(name);
    let found = found.ok_or_else(|| Error::invalid(name, "absent", "name a column like that"))?;
    let made = read_as(name, found, wanted)?;
    if made.null_count() > 0 {
        let remedy = "fill it or leave the row out; dates are dates or `2026-01-31`, numbers are numbers";
        return Err(Error::invalid(name, "empty or unreadable in a row", remedy));
    }
    Ok(made)
}

fn read_as(name: &str, found: &ArrayRef, wanted: &DataType) -> Result<ArrayRef> {
    cast(found, wanted).map_err(|error| Error::invalid(name.to_owned(), "unreadable", &error.to_string()))
}

/// The dates of a column of days since 1970.
pub(crate) fn date(days: i32) -> Result<Date> {
    Date::from_days(days.into()).ok_or_else(|| Error::invalid("date", days, "give a date of this era"))
}

/// What was sold of one thing: its name, its group, its rows.
type Rows = (String, String, Vec<(Date, f64)>);

fn of_table(batches: &[RecordBatch], frequency: Frequency) -> Result<Vec<Series>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut rows: Vec<Rows> = Vec::new();
    for batch in batches {
        let ids = column(batch, "id", &DataType::Utf8)?;
        let days = column(batch, "date", &DataType::Date32)?;
        let units = column(batch, "units", &DataType::Float64)?;
        let has_group = batch.column_by_name("group").is_some();
        let groups = has_group.then(|| column(batch, "group", &DataType::Utf8)).transpose()?;
        let (ids, days) = (ids.as_string::<i32>(), days.as_primitive::<Date32Type>());
        let units = units.as_primitive::<Float64Type>();
        let groups = groups.as_deref().map(AsArray::as_string::<i32>);
        // Rows of one thing mostly follow each other.
        let mut last: Option<usize> = None;
        for row in 0..batch.num_rows() {
            let id = ids.value(row);
            let known = last.filter(|&at| rows[at].0 == id).or_else(|| places.get(id).copied());
            let at = known.unwrap_or_else(|| {
                let group = groups.map_or("", |groups| groups.value(row));
                places.insert(id.to_owned(), rows.len());
                rows.push((id.to_owned(), group.to_owned(), Vec::new()));
                rows.len() - 1
            });
            last = Some(at);
            rows[at].2.push((date(days.value(row))?, units.value(row)));
        }
    }
    rows.iter().map(|(id, group, rows)| Series::from_dated(id, group, frequency, rows)).collect()
}

/// The name of a quantile's column: `q05`, `q97.5`.
fn name(level: f64) -> String {
    let hundredths = (level * 1e6).round() / 1e4;
    if hundredths < 10.0 { format!("q0{hundredths}") } else { format!("q{hundredths}") }
}

/// A table of what is said: ids, steps where there are several, means and quantiles.
fn table(ids: Vec<&str>, steps: Option<Vec<i32>>, said: &[&Distribution], levels: &[f64]) -> Result<PyTable> {
    let mut fields = vec![Field::new("id", DataType::Utf8, false)];
    let mut columns: Vec<ArrayRef> = vec![Arc::new(StringArray::from(ids))];
    if let Some(steps) = steps {
        fields.push(Field::new("step", DataType::Int32, false));
        columns.push(Arc::new(Int32Array::from(steps)));
    }
    fields.push(Field::new("mean", DataType::Float64, false));
    columns.push(Arc::new(Float64Array::from_iter_values(said.iter().map(|one| one.mean))));
    for &level in levels {
        fields.push(Field::new(name(level), DataType::Float64, false));
        columns.push(Arc::new(Float64Array::from_iter_values(said.iter().map(|one| one.quantile(level)))));
    }
    whole(fields, columns)
}

/// A table of these columns.
pub(crate) fn whole(fields: Vec<Field>, columns: Vec<ArrayRef>) -> Result<PyTable> {
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), columns).map_err(Error::internal)?;
    PyTable::try_new(vec![batch], schema).map_err(|error| Error::internal(error.to_string()))
}

/// The columns of numbers of a table, for those who asked with lists.
#[pyfunction]
pub(crate) fn numbers(table: PyRef<'_, PyTable>) -> Vec<Vec<f64>> {
    let columns = table.batches().iter().flat_map(RecordBatch::columns);
    columns
        .filter_map(|column| column.as_primitive_opt::<Float64Type>())
        .map(|one| one.values().to_vec())
        .collect()
}

fn check_levels(levels: &[f64]) -> Result<()> {
    if levels.iter().all(|level| (0.0..=1.0).contains(level)) {
        Ok(())
    } else {
        Err(Error::invalid("levels", format!("{levels:?}"), "give numbers between 0 and 1"))
    }
}

/// Histories of many things, ready for the models.
#[pyclass(frozen, module = "baddie._native")]
pub(crate) struct History {
    series: Vec<Series>,
    frequency: Frequency,
}

/// What is known besides the histories: prices, promotions, holidays.
#[pyclass(frozen, module = "baddie._native")]
pub(crate) struct Known(Covariates);

#[pymethods]
impl Known {
    /// Reads lists: for each series, for each name, a value for every step of its history and of those ahead; NaN where
    /// nothing is known.
    #[new]
    fn new(names: Vec<String>, values: Vec<Vec<Vec<f32>>>) -> Self {
        Self(Covariates { names, values })
    }
}

/// How the model is asked.
#[pyclass(frozen, module = "baddie._native")]
pub(crate) struct Manner {
    seed: u64,
    threads: usize,
    known: Option<Py<Known>>,
    progress: Option<Py<PyAny>>,
}

#[pymethods]
impl Manner {
    /// What fixes the lots that are drawn, how many threads may work (0 for all processors), what else is known, and who
    /// is told how many series are done, of how many.
    #[new]
    fn new(seed: u64, threads: usize, known: Option<Py<Known>>, progress: Option<Py<PyAny>>) -> Self {
        Self { seed, threads, known, progress }
    }
}

impl History {
    /// Asks the model, so many steps one by one and the sums over so many, and makes something of what it says.
    pub(crate) fn ask<T: Send>(
        &self,
        py: Python<'_>,
        (horizon, leads): (usize, Vec<usize>),
        manner: &Manner,
        make: impl FnOnce(Vec<Forecast>) -> Result<T> + Send,
    ) -> PyResult<T> {
        let all = || thread::available_parallelism().map_or(1, NonZero::get);
        let threads = if manner.threads == 0 { all() } else { manner.threads };
        let request = Request { horizon, leads, seed: manner.seed, threads };
        let known = manner.known.as_ref().map(|known| &known.get().0);
        let progress = manner.progress.as_ref().map(|hear| hear.clone_ref(py));
        heard(py, progress, |tell| {
            let (total, told) = (self.series.len() as u64, AtomicU64::new(0));
            let tell = |share: f64| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_precision_loss,
                    clippy::cast_sign_loss,
                    reason = "a share"
                )]
                let done = (share * total as f64) as u64;
                if told.fetch_max(done, Ordering::Relaxed) < done {
                    tell(done, total);
                }
            };
            make(forecast_watched(&self.series, self.frequency, known, &request, &tell)?)
        })
    }
}

#[pymethods]
impl History {
    /// Reads a table `id,date,units[,group]` of any library that speaks Arrow.
    #[staticmethod]
    fn of_table(py: Python<'_>, table: PyTable, frequency: &str) -> PyResult<Self> {
        let (batches, _) = table.into_inner();
        work(py, || {
            let frequency = Frequency::parse(frequency)?;
            Ok(Self { series: of_table(&batches, frequency)?, frequency })
        })
    }

    /// Reads lists of values, oldest first.
    #[staticmethod]
    fn of_lists(py: Python<'_>, ids: Vec<String>, values: Vec<Vec<f64>>, frequency: &str) -> PyResult<Self> {
        work(py, || {
            let frequency = Frequency::parse(frequency)?;
            let series = ids.into_iter().zip(values).map(|(id, y)| Series::new(id, y)).collect();
            Ok(Self { series, frequency })
        })
    }

    /// The names of the things.
    fn ids(&self) -> Vec<&str> {
        self.series.iter().map(|one| one.id.as_str()).collect()
    }

    /// The values of a thing by its place, oldest first.
    fn values(&self, place: usize) -> Vec<f64> {
        self.series.get(place).map(|one| one.y.clone()).unwrap_or_default()
    }

    /// Reads a table `date,<numbers…>[,id]` over the histories and `reach` steps more.
    fn known_of_table(&self, py: Python<'_>, table: PyTable, reach: usize) -> PyResult<Known> {
        let (batches, schema) = table.into_inner();
        work(py, || {
            let names = schema.fields().iter().map(|field| field.name().clone());
            let names: Vec<String> = names.filter(|name| !["id", "date"].contains(&name.as_str())).collect();
            if names.is_empty() {
                return Err(Error::invalid("covariates", "only names and dates", "name a column of numbers"));
            }
            let mut known = CovariateBuilder::new(&self.series, self.frequency, reach, names.clone());
            for batch in &batches {
                note(&mut known, batch, &names)?;
            }
            Ok(Known(known.build()))
        })
    }

    /// A table `id,step,mean,q…`.
    fn forecast(
        &self,
        py: Python<'_>,
        horizon: usize,
        levels: Vec<f64>,
        manner: PyRef<'_, Manner>,
    ) -> PyResult<PyTable> {
        check_levels(&levels).map_err(|error| raise(py, &error))?;
        self.ask(py, (horizon, Vec::new()), &manner, |said| {
            let steps: Vec<&Distribution> = said.iter().flat_map(|one| &one.steps).collect();
            let ids = said.iter().flat_map(|one| one.steps.iter().map(|_| one.id.as_str())).collect();
            let numbers = said.iter().flat_map(|one| (1..).zip(&one.steps).map(|(step, _)| step)).collect();
            table(ids, Some(numbers), &steps, &levels)
        })
    }

    /// A table `id,mean,q…` of the sums over the lead time.
    fn lead_time_demand(
        &self,
        py: Python<'_>,
        lead_time: usize,
        levels: Vec<f64>,
        manner: PyRef<'_, Manner>,
    ) -> PyResult<PyTable> {
        check_levels(&levels).map_err(|error| raise(py, &error))?;
        self.ask(py, (0, vec![lead_time]), &manner, |said| {
            let sums: Vec<&Distribution> = said.iter().map(|one| &one.leads[0]).collect();
            table(said.iter().map(|one| one.id.as_str()).collect(), None, &sums, &levels)
        })
    }

    /// For each series, the probability that demand over the lead time exceeds the stock.
    fn stockout(
        &self,
        py: Python<'_>,
        lead_time: usize,
        stocks: Vec<f64>,
        manner: PyRef<'_, Manner>,
    ) -> PyResult<Vec<f64>> {
        if stocks.len() != self.series.len() || stocks.iter().any(|stock| stock.is_nan()) {
            let refused = Error::invalid("stock", "not fitting", "give one number for each series");
            return Err(raise(py, &refused));
        }
        self.ask(py, (0, vec![lead_time]), &manner, |said| {
            Ok(said.iter().zip(stocks).map(|(one, stock)| one.leads[0].exceeds(stock)).collect())
        })
    }
}

/// Notes the rows of a batch; of one without an `id` it is known of every series, and a null is nothing known.
fn note(known: &mut CovariateBuilder<'_>, batch: &RecordBatch, names: &[String]) -> Result<()> {
    let days = column(batch, "date", &DataType::Date32)?;
    let days = days.as_primitive::<Date32Type>();
    let ids = batch.column_by_name("id").map(|ids| read_as("id", ids, &DataType::Utf8)).transpose()?;
    let ids = ids.as_deref().map(AsArray::as_string::<i32>);
    for (covariate, name) in names.iter().enumerate() {
        let Some(numbers) = batch.column_by_name(name) else { continue };
        let given = numbers.null_count();
        let numbers = read_as(name, numbers, &DataType::Float64)?;
        if numbers.null_count() > given {
            return Err(Error::invalid(name.clone(), "no number in a row", "write numbers, or nothing"));
        }
        for (row, number) in numbers.as_primitive::<Float64Type>().iter().enumerate() {
            let Some(number) = number.filter(|number| !number.is_nan()) else { continue };
            let id = ids.filter(|ids| ids.is_valid(row)).map_or("", |ids| ids.value(row));
            known.note(id, date(days.value(row))?, covariate, number)?;
        }
    }
    Ok(())
}
