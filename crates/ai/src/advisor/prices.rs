//! What to charge, as the engine asks it.

use std::collections::BTreeMap;

use baddie_core::clock::Date;
use baddie_core::error::Result;
use baddie_core::insights::DemandHistory;
use baddie_core::listings::FeeSchedule;
use baddie_core::money::Money;
use baddie_core::pricing::{
    Appraisal, Comparable, Costs, PriceAdvice, PriceCase, PriceModel, PriceResponse, Subject, net,
};

use super::{Advisor, thousandths};
use crate::pricing::{Demand, Sale, advise, appraise, elasticities};

/// Sales are taken week by week: the days of a week differ for other reasons than the price.
const WEEK: i64 = 7;

impl PriceModel for Advisor {
    fn name(&self) -> String {
        super::NAME.to_owned()
    }

    fn charge(&self, case: &PriceCase) -> Result<PriceAdvice> {
        let currency = case.current.currency();
        let demand = Demand {
            units: case.units as f64 / 1000.0,
            elasticity: case.response.elasticity as f64 / 1000.0,
            error: case.response.error as f64 / 1000.0,
        };
        let margin = |price: Money| Ok(net(price, case.fees.as_ref(), &case.costs)?.minus(case.cost)?);
        let said =
            advise(case.strategy, &demand, case.current, &margin, &case.others, case.stock, &case.limits)?;
        let whole = |minor: f64| Money::new(minor.clamp(-9e15, 9e15).round() as i64, currency);
        Ok(PriceAdvice {
            price: said.price,
            profit: said.profit.map(whole),
            units: thousandths(said.units),
            explanation: said.explanation,
        })
    }

    fn appraise(
        &self,
        subject: &Subject,
        comparables: &[Comparable],
        fees: Option<&FeeSchedule>,
        costs: &Costs,
    ) -> Result<Appraisal> {
        appraise(subject, comparables, fees, costs)
    }
}

/// For each history how its demand answers to the price; none where it never sold at one.
pub(super) fn responses(histories: &[DemandHistory]) -> Result<Vec<Option<PriceResponse>>> {
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sales = Vec::new();
    for (series, history) in histories.iter().enumerate() {
        let next = groups.len();
        let group = *groups.entry(&history.group).or_insert(next);
        for (week, (units, paid)) in weeks(history) {
            let price = paid / units;
            sales.push(Sale { series, group, market: group, step: week, units, price, promos: Vec::new() });
        }
    }
    if sales.is_empty() {
        return Ok(vec![None; histories.len()]);
    }
    let mut said = elasticities(&sales)?;
    said.resize(histories.len(), None);
    let answer = histories.iter().zip(said).map(|(history, said)| {
        let (last, said) = (history.sales.last()?, said?);
        Some(PriceResponse {
            price: last.price,
            // What rounds to zero would be no answer at all.
            elasticity: thousandths(said.value).min(-1),
            error: thousandths(said.error).max(0),
        })
    });
    Ok(answer.collect())
}

/// The units and the money of each week that sold anything, in the currency of the last sale.
fn weeks(history: &DemandHistory) -> BTreeMap<i64, (f64, f64)> {
    let mut weeks: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    let Some(last) = history.sales.last() else { return weeks };
    let week = |day: Date| day.as_days().div_euclid(WEEK);
    for sale in &history.sales {
        let sold = sale.units > 0 && sale.price.is_positive();
        if sold && sale.price.currency() == last.price.currency() {
            let units = sale.units as f64;
            let sum = weeks.entry(week(sale.day)).or_default();
            sum.0 += units;
            sum.1 += units * sale.price.minor() as f64;
        }
    }
    weeks
}
