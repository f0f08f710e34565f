//! Elasticities, prices and refills: the other models that need no shop.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_array::{Array as _, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field};
use baddie::ai::forecast::Frequency;
use baddie::ai::pricing::{Demand, Limits, Sale, advise, learn};
use baddie::ai::refill::{Candidate, Proposal, Terms, propose, share_budget};
use baddie::ids::{EntityId as _, OfferId, SupplierId, VariantId};
use baddie::pricing::Strategy;
use baddie::purchasing::{PriceBreak, SupplierOffer};
use baddie::{Error, Money, Ppm, Result};
use pyo3::prelude::*;
use pyo3_arrow::PyTable;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::{raise, read, work, write};
use crate::history::{History, Manner, column, date, whole};

/// Names in the order of their first appearance.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn place(&mut self, name: &str) -> usize {
        if let Some(&place) = self.0.get(name) {
            return place;
        }
        let place = self.0.len();
        self.0.insert(name.to_owned(), place);
        place
    }
}

const OURS: [&str; 6] = ["id", "date", "units", "price", "group", "market"];

/// Reads `id,date,units,price[,group][,market][,<numbers…>]`; what is sold and the ids by their numbers.
fn sales(batches: &[RecordBatch], frequency: Frequency) -> Result<(Vec<Sale>, Vec<String>)> {
    let (mut series, mut groups, mut markets) = (Names::default(), Names::default(), Names::default());
    let mut stands: Vec<(usize, usize)> = Vec::new();
    let (mut sales, mut names) = (Vec::new(), Vec::new());
    for batch in batches {
        let ids = column(batch, "id", &DataType::Utf8)?;
        let days = column(batch, "date", &DataType::Date32)?;
        let units = column(batch, "units", &DataType::Float64)?;
        let prices = column(batch, "price", &DataType::Float64)?;
        let word =
            |name| batch.column_by_name(name).map(|_| column(batch, name, &DataType::Utf8)).transpose();
        let (group, market) = (word("group")?, word("market")?);
        let schema = batch.schema();
        let others = schema.fields().iter().filter(|field| !OURS.contains(&field.name().as_str()));
        let promos: Vec<ArrayRef> = others
            .map(|field| {
                let unreadable = |fault: String| Error::invalid(field.name().clone(), "no number", &fault);
                let found =
                    batch.column_by_name(field.name()).ok_or_else(|| unreadable("it is gone".to_owned()))?;
                arrow_cast::cast(found, &DataType::Float64).map_err(|error| unreadable(error.to_string()))
            })
            .collect::<Result<_>>()?;
        for row in 0..batch.num_rows() {
            let id = ids.as_string::<i32>().value(row);
            let at = series.place(id);
            if at == stands.len() {
                let group = group.as_ref().map_or("", |group| group.as_string::<i32>().value(row));
                // Without a market a thing stands alone.
                let market = market.as_ref().map_or(id, |market| market.as_string::<i32>().value(row));
                stands.push((groups.place(group), markets.place(market)));
                names.push(id.to_owned());
            }
            sales.push(Sale {
                series: at,
                group: stands[at].0,
                market: stands[at].1,
                step: frequency.index(date(days.as_primitive::<Date32Type>().value(row))?),
                units: units.as_primitive::<Float64Type>().value(row),
                price: prices.as_primitive::<Float64Type>().value(row),
                promos: promos
                    .iter()
                    .map(|promo| {
                        if promo.is_null(row) { 0.0 } else { promo.as_primitive::<Float64Type>().value(row) }
                    })
                    .collect(),
            });
        }
    }
    Ok((sales, names))
}

/// A table `id,elasticity,std_error` from a table `id,date,units,price[,group][,market][,<numbers…>]`; what sold nothing
/// has none.
#[pyfunction]
pub(crate) fn elasticity(py: Python<'_>, table: PyTable, frequency: &str, seed: u64) -> PyResult<PyTable> {
    let (batches, _) = table.into_inner();
    work(py, || {
        let (sales, names) = sales(&batches, Frequency::parse(frequency)?)?;
        let model = learn(&sales, seed)?;
        let said: Vec<_> = names
            .iter()
            .enumerate()
            .filter_map(|(place, id)| model.elasticity(place).map(|said| (id.as_str(), said)))
            .collect();
        let fields = vec![
            Field::new("id", DataType::Utf8, false),
            Field::new("elasticity", DataType::Float64, false),
            Field::new("std_error", DataType::Float64, false),
        ];
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(said.iter().map(|(id, _)| id))),
            Arc::new(Float64Array::from_iter_values(said.iter().map(|(_, said)| said.value))),
            Arc::new(Float64Array::from_iter_values(said.iter().map(|(_, said)| said.error))),
        ];
        whole(fields, columns)
    })
}

/// What a price is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceRequest {
    strategy: Strategy,
    units: f64,
    elasticity: f64,
    error: f64,
    current: Money,
    unit_cost: Money,
    others: Vec<Money>,
    stock: Option<i64>,
    floor: Money,
    ceiling: Option<Money>,
    advertised: Option<Money>,
    step: Option<Ppm>,
    ending: Option<i64>,
}

/// A price for a strategy within the owner's limits; request and answer are JSON.
#[pyfunction]
pub(crate) fn optimize_price(py: Python<'_>, request: &str) -> PyResult<String> {
    work(py, || {
        let asked: PriceRequest = read("request", request)?;
        let demand = Demand { units: asked.units, elasticity: asked.elasticity, error: asked.error };
        let limits = Limits {
            floor: asked.floor,
            ceiling: asked.ceiling,
            advertised: asked.advertised,
            step: asked.step,
            ending: asked.ending,
        };
        let margin = |price: Money| Ok(price.minus(asked.unit_cost)?);
        let (strategy, current) = (asked.strategy, asked.current);
        let stock = match (asked.stock, strategy) {
            (Some(stock), _) => stock,
            (None, Strategy::ClearStock) => {
                return Err(Error::invalid("stock", "nothing", "say how many should be gone"));
            }
            (None, _) => i64::MAX,
        };
        let said = advise(strategy, &demand, current, &margin, &asked.others, stock, &limits)?;
        // Expected profits are counted in the smallest unit.
        write(&json!({
            "price": said.price, "units": said.units, "explanation": said.explanation,
            "profit_minor": said.profit,
        }))
    })
}

/// On which terms a thing is refilled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefillTerms {
    unit_cost: Money,
    worth: Money,
    position: i64,
    service: Ppm,
    moq: i64,
    pack: i64,
    price_breaks: Vec<PriceBreak>,
}

impl RefillTerms {
    fn offer(&self) -> SupplierOffer {
        SupplierOffer {
            id: OfferId::from_u128(0),
            supplier_id: SupplierId::from_u128(0),
            variant_id: VariantId::from_u128(0),
            supplier_sku: None,
            unit_cost: self.unit_cost,
            price_breaks: self.price_breaks.clone(),
            moq: self.moq,
            pack: self.pack,
            version: 1,
        }
    }
}

fn told(proposal: &Proposal) -> Value {
    json!({
        "qty": proposal.qty, "unit_cost": proposal.unit_cost, "cost": proposal.cost, "up_to": proposal.up_to,
        "risk_now": proposal.risk_now.0, "risk_then": proposal.risk_then.0, "gain": proposal.gain,
        "explanation": proposal.explanation,
    })
}

/// What to buy of each series: `terms` is a JSON list, one for each; `budget` is JSON or nothing. The answer is a JSON
/// list of proposals, empty where nothing is to be bought.
#[pyfunction]
pub(crate) fn refill(
    py: Python<'_>,
    history: PyRef<'_, History>,
    cover: usize,
    terms: &str,
    budget: Option<&str>,
    manner: PyRef<'_, Manner>,
) -> PyResult<String> {
    let read_all = || -> Result<(Vec<RefillTerms>, Option<Money>)> {
        Ok((read("terms", terms)?, budget.map(|budget| read("budget", budget)).transpose()?))
    };
    let (terms, budget) = read_all().map_err(|error| raise(py, &error))?;
    history.ask(py, (0, vec![cover]), &manner, |said| {
        if terms.len() != said.len() {
            return Err(Error::invalid("terms", terms.len(), "give terms for each series"));
        }
        let offers: Vec<SupplierOffer> = terms.iter().map(RefillTerms::offer).collect();
        let candidates: Vec<Candidate<'_>> = said
            .iter()
            .zip(&offers)
            .zip(&terms)
            .map(|((one, offer), terms)| {
                let terms = Terms { service: terms.service, position: terms.position, worth: terms.worth };
                Candidate { offer, demand: &one.leads[0], terms }
            })
            .collect();
        let proposals = match budget {
            Some(budget) => share_budget(&candidates, budget)?,
            None => candidates.iter().map(propose).collect::<Result<_>>()?,
        };
        write(&proposals.iter().map(|one| one.as_ref().map(told)).collect::<Vec<_>>())
    })
}
