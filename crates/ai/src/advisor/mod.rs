//! The models as the engine asks them: from a shop's histories to forecasts and refills, through core's port.

mod listings;
mod market;
mod prices;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use baddie_core::error::{Error, Result};
use baddie_core::ids::VariantId;
use baddie_core::insights::{
    Basket, DemandHistory, DemandModel, DemandPlan, DemandTask, ForecastStep, ForecastSum, Foreseen,
    RefillAdvice, RefillCase,
};
use serde_json::json;
use tokio::sync::oneshot;

use crate::forecast::{Distribution, Forecast, Frequency, Request, Series, forecast};
use crate::refill::{Candidate, Terms, mix, propose, share_budget};

/// Lead times beyond two weeks are told in whole weeks: each one more asks for a model of its own.
const EXACT_DAYS: i64 = 14;
/// The longest time a refill looks ahead.
const LONGEST: i64 = 364;
/// A past of so many horizons can be looked back on.
const LOOK_BACK: usize = 3;
/// A varying lead time stands for three: the nodes and weights of Gauss and Hermite for a normal distribution.
const NODES: [(f64, f64); 3] =
    [(-1.732_050_807_568_877_2, 1.0 / 6.0), (0.0, 2.0 / 3.0), (1.732_050_807_568_877_2, 1.0 / 6.0)];

/// What made what is kept.
const NAME: &str = concat!("baddie-ai/", env!("CARGO_PKG_VERSION"));

/// The engine's models: for demand the ensemble of [`crate::forecast`] and the rules of [`crate::refill`], for prices
/// those of [`crate::pricing`], for listings those of [`crate::listing`].
#[derive(Debug, Clone, Copy)]
pub struct Advisor {
    /// Fixes what is drawn by lot.
    pub seed: u64,
    /// How many threads may work; what is said does not depend on it.
    pub threads: usize,
}

impl Default for Advisor {
    fn default() -> Self {
        Self { seed: 1, threads: 1 }
    }
}

#[async_trait]
impl DemandModel for Advisor {
    fn name(&self) -> String {
        NAME.to_owned()
    }

    async fn plan(&self, task: DemandTask) -> Result<DemandPlan> {
        let (answer, answered) = oneshot::channel();
        let advisor = *self;
        // A thread of its own: what computes for seconds must not hold up what answers in milliseconds.
        std::thread::Builder::new()
            .name("baddie-ai".into())
            .spawn(move || {
                // Nobody waits any more when the engine was stopped meanwhile.
                let _ = answer.send(advisor.say(&task));
            })
            .map_err(Error::internal)?;
        answered.await.map_err(Error::internal)?
    }
}

impl Advisor {
    /// The answer to a task.
    fn say(&self, task: &DemandTask) -> Result<DemandPlan> {
        if task.histories.is_empty() {
            return Ok(DemandPlan { refills: vec![Vec::new(); task.baskets.len()], ..DemandPlan::default() });
        }
        let horizon = usize::try_from(task.horizon).unwrap_or(0);
        let series: Vec<Series> = task.histories.iter().map(series_of).collect();
        let cases = task.baskets.iter().flat_map(|basket| &basket.cases);
        let leads: BTreeSet<i64> =
            cases.flat_map(spans).map(|(days, _)| days).chain(task.sums.iter().copied()).collect();
        let leads: Vec<i64> = leads.into_iter().filter(|days| *days > 0).collect();
        let request = Request {
            horizon,
            leads: leads.iter().map(|days| *days as usize).collect(),
            seed: self.seed,
            threads: self.threads,
        };
        let said = forecast(&series, Frequency::Daily, None, &request)?;
        let tested = self.look_back(&series, horizon)?;
        let place = |days: i64| leads.binary_search(&days).ok();
        let responses = prices::responses(&task.histories)?;
        let foreseen = task.histories.iter().zip(&said).zip(&tested.own).zip(responses);
        let foreseen = foreseen.map(|(((history, said), backtest), response)| Foreseen {
            variant_id: history.series.variant_id,
            class: said.class.as_str().to_owned(),
            steps: said.steps.iter().map(step).collect(),
            sums: task.sums.iter().filter_map(|&days| Some(sum(days, &said.leads[place(days)?]))).collect(),
            response,
            backtest: backtest.clone(),
        });
        let by_variant: BTreeMap<VariantId, &Forecast> =
            task.histories.iter().map(|history| history.series.variant_id).zip(&said).collect();
        let refills = task.baskets.iter().map(|basket| {
            fill(basket, |case| {
                let said = by_variant.get(&case.offer.variant_id)?;
                let parts = spans(case).into_iter();
                let parts: Vec<_> =
                    parts.filter_map(|(days, chance)| Some((chance, said.leads[place(days)?]))).collect();
                Some(mix(&parts))
            })
        });
        Ok(DemandPlan {
            foreseen: foreseen.collect(),
            refills: refills.collect::<Result<_>>()?,
            backtest: tested.all,
        })
    }

    /// Forecasts the last horizon from what was known before it, and compares.
    fn look_back(&self, series: &[Series], horizon: usize) -> Result<Tested> {
        let long: Vec<usize> =
            (0..series.len()).filter(|&k| series[k].y.len() >= LOOK_BACK * horizon).collect();
        let mut own = vec![None; series.len()];
        if long.is_empty() || horizon == 0 {
            return Ok(Tested { own, all: None });
        }
        let earlier: Vec<Series> =
            long.iter().map(|&k| series[k].until(series[k].y.len() - horizon)).collect();
        let request = Request { horizon, leads: vec![horizon], seed: self.seed, threads: self.threads };
        let said = forecast(&earlier, Frequency::Daily, None, &request)?;
        let (mut ours, mut plain, mut covered, mut seen) = (0.0, 0.0, 0_usize, 0_usize);
        for (&k, said) in long.iter().zip(&said) {
            let whole = &series[k];
            let cut = whole.y.len() - horizon;
            let fresh: Vec<(usize, f64)> =
                (0..horizon).filter(|t| !whole.is_censored(cut + t)).map(|t| (t, whole.y[cut + t])).collect();
            let before = crate::numeric::mean(&whole.y[cut - horizon..cut]);
            for &(t, sold) in &fresh {
                let ahead = &said.steps[t];
                ours += (sold - ahead.mean).powi(2);
                plain += (sold - before).powi(2);
                covered +=
                    usize::from(sold >= ahead.quantile(0.05).floor() && sold <= ahead.quantile(0.95).ceil());
                seen += 1;
            }
            let sold: f64 = fresh.iter().map(|(_, sold)| sold).sum();
            let expected: f64 = fresh.iter().map(|&(t, _)| said.steps[t].mean).sum();
            own[k] = Some(json!({ "days": fresh.len(), "sold": sold, "expected": tenths(expected) }));
        }
        let share =
            |part: f64, whole: f64| if whole > 0.0 { (1000.0 * part / whole).round() / 1000.0 } else { 1.0 };
        let all = (seen > 0).then(|| {
            json!({
                "days": horizon,
                "series": long.len(),
                // Below one: better than taking the days before for the days to come.
                "error_of_naive": share(ours.sqrt(), plain.sqrt()),
                "within_90": share(covered as f64, seen as f64),
            })
        });
        Ok(Tested { own, all })
    }
}

/// How the model did on the past.
struct Tested {
    own: Vec<Option<serde_json::Value>>,
    all: Option<serde_json::Value>,
}

fn series_of(history: &DemandHistory) -> Series {
    let points = &history.series.points;
    Series {
        id: history.series.variant_id.to_string(),
        group: history.group.clone(),
        start: points.first().map(|point| point.day),
        y: points.iter().map(|point| point.units.max(0) as f64).collect(),
        censored: points.iter().map(|point| point.censored).collect(),
    }
}

/// Over how many days demand must be covered, and how probable each is: the lead time and the days until the next look.
fn spans(case: &RefillCase) -> Vec<(i64, f64)> {
    let days = |deviations: f64| {
        let lead = case.lead_days_mean as f64 + deviations * case.lead_days_sd as f64;
        let days = (lead.round().max(0.0) as i64).saturating_add(case.review_days).clamp(1, LONGEST);
        if days <= EXACT_DAYS { days } else { (days + 3) / 7 * 7 }
    };
    if case.lead_days_sd == 0 {
        return vec![(days(0.0), 1.0)];
    }
    NODES.iter().map(|&(node, weight)| (days(node), weight)).collect()
}

/// What to buy for a basket.
fn fill(
    basket: &Basket,
    demand: impl Fn(&RefillCase) -> Option<Result<Distribution>>,
) -> Result<Vec<RefillAdvice>> {
    let (mut cases, mut demands) = (Vec::new(), Vec::new());
    for case in &basket.cases {
        if let Some(demand) = demand(case) {
            cases.push(case);
            demands.push(demand?);
        }
    }
    let candidates = cases.iter().zip(&demands).map(|(case, demand)| Candidate {
        offer: &case.offer,
        demand,
        terms: Terms { service: case.service_level, position: case.position, worth: case.worth },
    });
    let candidates: Vec<Candidate<'_>> = candidates.collect();
    let wanted = match basket.budget {
        Some(budget) => share_budget(&candidates, budget)?,
        None => candidates.iter().map(propose).collect::<Result<_>>()?,
    };
    let advice = cases.iter().zip(wanted).filter_map(|(case, proposal)| {
        let proposal = proposal?;
        Some(RefillAdvice { offer: case.offer.clone(), qty: proposal.qty, explanation: proposal.explanation })
    });
    Ok(advice.collect())
}

fn tenths(figure: f64) -> f64 {
    (10.0 * figure).round() / 10.0
}

/// In thousandths, as the engine keeps it.
fn thousandths(units: f64) -> i64 {
    (1000.0 * units).round() as i64
}

fn step(ahead: &Distribution) -> ForecastStep {
    let [q05, q25, q50, q75, q95] =
        [0.05, 0.25, 0.5, 0.75, 0.95].map(|level| thousandths(ahead.quantile(level)));
    ForecastStep { mean: thousandths(ahead.mean), q05, q25, q50, q75, q95 }
}

fn sum(days: i64, ahead: &Distribution) -> ForecastSum {
    let [q05, q25, q50, q75, q90, q95, q99] =
        [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99].map(|level| thousandths(ahead.quantile(level)));
    ForecastSum { days, mean: thousandths(ahead.mean), q05, q25, q50, q75, q90, q95, q99 }
}
