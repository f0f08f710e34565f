use baddie_core::error::{Error, Result};
use baddie_core::money::{Money, Ppm};
use baddie_core::purchasing::SupplierOffer;

use crate::forecast::{Distribution, LEVELS};

/// How well and how often a thing is to be refilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// How often demand until the next delivery should find stock.
    pub service: Ppm,
    /// What is here and on its way, less what is promised.
    pub position: i64,
    /// What a sale leaves after fees and before the cost of the thing; what is lost when there is nothing to sell.
    pub worth: Money,
}

/// A thing that may be refilled.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// From whom, on which terms.
    pub offer: &'a SupplierOffer,
    /// Demand until the next but one delivery: over lead time and review period together.
    pub demand: &'a Distribution,
    /// How well.
    pub terms: Terms,
}

/// Advice to buy.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// How many.
    pub qty: i64,
    /// The price of one.
    pub unit_cost: Money,
    /// The price of all.
    pub cost: Money,
    /// The position that meets the service level.
    pub up_to: i64,
    /// The probability that the present position does not suffice, in parts per million.
    pub risk_now: Ppm,
    /// The same after the purchase.
    pub risk_then: Ppm,
    /// What the purchase is expected to earn before the next delivery.
    pub gain: Money,
    /// Why, in words.
    pub explanation: String,
}

fn ppm(share: f64) -> Ppm {
    Ppm((share.clamp(0.0, 1.0) * 1e6).round() as i64)
}

/// Expected sales from a stock: the sum over units of the chance that each is wanted.
fn expected_sales(demand: &Distribution, stock: i64) -> f64 {
    if stock <= 0 {
        return 0.0;
    }
    // In at most 200 strides, each by the midpoint rule.
    let strides = stock.min(200);
    let width = stock as f64 / strides as f64;
    (0..strides).map(|k| width * demand.exceeds((k as f64 + 0.5) * width - 0.5)).sum::<f64>().min(demand.mean)
}

impl Candidate<'_> {
    fn check(&self) -> Result<()> {
        self.offer.check()?;
        let service = self.terms.service;
        if service.0 < 1 || service >= Ppm::ONE {
            return Err(Error::invalid("service_level", service.0, "choose 1 to 999,999 parts per million"));
        }
        if self.terms.worth.currency() != self.offer.unit_cost.currency() {
            let remedy = "give it in the currency of the supplier's price";
            return Err(Error::invalid("worth", self.terms.worth, remedy));
        }
        Ok(())
    }

    /// What buying `qty` earns in expectation: further sales, less the cost of what is sold. What is left over keeps
    /// its value, so only sales count.
    fn gain(&self, qty: i64) -> f64 {
        let position = self.terms.position.max(0);
        let owed = (-self.terms.position).clamp(0, qty);
        let more = expected_sales(self.demand, position + qty - owed) - expected_sales(self.demand, position);
        let margin = self.terms.worth.minor() - self.offer.unit_cost_at(qty).minor();
        (more + owed as f64) * margin as f64
    }

    fn proposal(&self, qty: i64, up_to: i64, why: &str) -> Result<Proposal> {
        let unit_cost = self.offer.unit_cost_at(qty);
        let position = self.terms.position;
        let now = self.demand.exceeds(position as f64);
        let then = self.demand.exceeds((position + qty) as f64);
        let gain = Money::new(self.gain(qty).clamp(-9e15, 9e15).round() as i64, unit_cost.currency());
        let explanation = format!(
            "{position} at hand or coming; {:.1} expected until the next delivery, {up_to} in {} of 100 cases: \
             buying {qty}{why} lowers the risk of running out from {:.0}% to {:.0}%.",
            self.demand.mean,
            self.terms.service.0 / 10_000,
            100.0 * now,
            100.0 * then,
        );
        let cost = unit_cost.times(qty)?;
        Ok(Proposal {
            qty,
            unit_cost,
            cost,
            up_to,
            risk_now: ppm(now),
            risk_then: ppm(then),
            gain,
            explanation,
        })
    }
}

/// Whether and how much to buy: up to the quantile of demand that the service level asks for (the newsvendor's rule
/// over lead time and review, Silver, Pyke & Thomas, 2017), in quantities that the supplier sells.
pub fn propose(candidate: &Candidate<'_>) -> Result<Option<Proposal>> {
    candidate.check()?;
    let share = candidate.terms.service.0 as f64 / 1e6;
    let up_to = candidate.demand.quantile(share).ceil().min(9e15) as i64;
    let missing = up_to.saturating_sub(candidate.terms.position);
    if missing <= 0 {
        return Ok(None);
    }
    let qty = candidate.offer.orderable(missing);
    let why = if qty > missing { " (the supplier's terms ask for so many)" } else { "" };
    candidate.proposal(qty, up_to, why).map(Some)
}

/// Shares a budget among the things that need refilling: packs are bought one by one, each time the one that earns
/// most for its cost, the first step of each thing being what its supplier sells at least (a greedy knapsack, as good
/// as the best for steps of equal cost because gains fall with every pack; Gross, 1956).
pub fn share_budget(candidates: &[Candidate<'_>], budget: Money) -> Result<Vec<Option<Proposal>>> {
    let wanted: Vec<Option<Proposal>> = candidates.iter().map(propose).collect::<Result<_>>()?;
    for candidate in candidates {
        if candidate.offer.unit_cost.currency() != budget.currency() {
            let remedy = "a budget buys in its own currency only; make one for each";
            return Err(Error::invalid("budget", budget, remedy));
        }
    }
    let mut bought = vec![0_i64; candidates.len()];
    let mut left = i128::from(budget.minor());
    let cost =
        |k: usize, qty: i64| i128::from(candidates[k].offer.unit_cost_at(qty).minor()) * i128::from(qty);
    let step = |k: usize, have: i64| -> Option<i64> {
        let most = wanted[k].as_ref()?.qty;
        let offer = candidates[k].offer;
        // In at most 60 steps up to what is wanted.
        let stride = (most / 60).max(offer.pack);
        let next = if have == 0 { offer.orderable(1) } else { offer.orderable(have + stride) };
        (next <= most).then_some(next)
    };
    // What the next step of each thing would bring for its cost; it changes only when that thing is bought.
    let ahead = |k: usize, have: i64| -> Option<(f64, i64)> {
        let next = step(k, have)?;
        let price = (cost(k, next) - cost(k, have)).max(1) as f64;
        let gain = candidates[k].gain(next) - if have > 0 { candidates[k].gain(have) } else { 0.0 };
        (gain > 0.0).then_some((gain / price, next))
    };
    let mut offers: Vec<Option<(f64, i64)>> = (0..candidates.len()).map(|k| ahead(k, 0)).collect();
    loop {
        let mut best: Option<(f64, usize, i64)> = None;
        for (k, offer) in offers.iter().enumerate() {
            if let Some((rate, next)) = *offer
                && cost(k, next) - cost(k, bought[k]) <= left
                && best.is_none_or(|(top, _, _)| rate > top)
            {
                best = Some((rate, k, next));
            }
        }
        let Some((_, k, next)) = best else { break };
        left -= cost(k, next) - cost(k, bought[k]);
        bought[k] = next;
        offers[k] = ahead(k, next);
    }
    candidates
        .iter()
        .zip(wanted)
        .zip(bought)
        .map(|((candidate, wanted), qty)| {
            let Some(wanted) = wanted.filter(|_| qty > 0) else { return Ok(None) };
            let why = if qty < wanted.qty { " (as far as the budget goes)" } else { "" };
            candidate.proposal(qty, wanted.up_to, why).map(Some)
        })
        .collect()
}

/// Demand over a lead time that itself varies: the mixture of the demands over each possible lead time.
pub fn mix(parts: &[(f64, Distribution)]) -> Result<Distribution> {
    let total: f64 = parts.iter().map(|part| part.0).sum();
    if parts.iter().any(|part| part.0.is_nan() || part.0 < 0.0)
        || total.is_nan()
        || total <= 0.0
        || total > 1e9
    {
        return Err(Error::invalid("lead_times", total, "give chances above zero, one for each lead time"));
    }
    let mut out = Distribution::certain(parts.iter().map(|(w, d)| w / total * d.mean).sum());
    let most = parts.iter().map(|(_, d)| d.quantiles[LEVELS.len() - 1]).fold(0.0, f64::max);
    for (q, level) in out.quantiles.iter_mut().zip(LEVELS) {
        let (mut low, mut high) = (0.0, most);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            let beyond: f64 = parts.iter().map(|(w, d)| w / total * d.exceeds(middle)).sum();
            if beyond > 1.0 - level { low = middle } else { high = middle }
        }
        *q = high;
    }
    Ok(out)
}

/// The probability of having run out after each step, given the demands summed from now to each step.
pub fn stockout_by(sums: &[Distribution], stock: f64) -> Vec<f64> {
    let mut so_far = 0.0_f64;
    sums.iter()
        .map(|sum| {
            so_far = so_far.max(sum.exceeds(stock));
            so_far
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use baddie_core::ids::{EntityId, OfferId, SupplierId, VariantId};
    use baddie_core::money::Currency;
    use baddie_core::purchasing::PriceBreak;
    use proptest::prelude::*;

    use super::*;
    use crate::forecast::NegativeBinomial;

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn offer(cost: i64, moq: i64, pack: i64) -> SupplierOffer {
        SupplierOffer {
            id: OfferId::from_u128(1),
            supplier_id: SupplierId::from_u128(1),
            variant_id: VariantId::from_u128(1),
            supplier_sku: None,
            unit_cost: pounds(cost),
            price_breaks: vec![PriceBreak { min_qty: 200, unit_cost: pounds(cost - cost / 10) }],
            moq,
            pack,
            version: 1,
        }
    }

    fn demand(mean: f64) -> Distribution {
        Distribution::new(mean, NegativeBinomial::new(mean, 0.4).quantiles(&LEVELS))
    }

    proptest! {
        #[test]
        fn what_is_proposed_can_be_bought_and_is_needed(
            mean in 0.1_f64..80.0, moq in 1_i64..30, pack in 1_i64..13, position in -20_i64..120,
            service in 500_000_i64..990_000,
        ) {
            let (offer, demand) = (offer(500, moq, pack), demand(mean));
            let terms = Terms { service: Ppm(service), position, worth: pounds(900) };
            let said = propose(&Candidate { offer: &offer, demand: &demand, terms }).unwrap();
            let up_to = demand.quantile(service as f64 / 1e6).ceil() as i64;
            match said {
                None => prop_assert!(position >= up_to),
                Some(p) => {
                    prop_assert!(offer.check_qty(p.qty).is_ok());
                    prop_assert!(position < up_to && position + p.qty >= up_to);
                    prop_assert!(p.risk_then <= p.risk_now);
                    prop_assert!(p.qty - pack < (up_to - position).max(moq));
                }
            }
        }

        #[test]
        fn a_budget_is_kept(budget in 0_i64..60_000, means in prop::collection::vec(0.5_f64..40.0, 1..7)) {
            let offers: Vec<_> = (0..means.len() as i64).map(|k| offer(300 + 90 * k, 1 + k, 1 + k % 3)).collect();
            let demands: Vec<_> = means.iter().map(|&mean| demand(mean)).collect();
            let terms = Terms { service: Ppm(950_000), position: 0, worth: pounds(1500) };
            let candidates: Vec<_> = offers.iter().zip(&demands)
                .map(|(offer, demand)| Candidate { offer, demand, terms }).collect();
            let shared = share_budget(&candidates, pounds(budget)).unwrap();
            let spent: i64 = shared.iter().flatten().map(|p| p.cost.minor()).sum();
            prop_assert!(spent <= budget);
            for (p, candidate) in shared.iter().zip(&candidates) {
                if let Some(p) = p {
                    prop_assert!(candidate.offer.check_qty(p.qty).is_ok());
                    prop_assert!(p.qty <= propose(candidate).unwrap().unwrap().qty);
                }
            }
        }
    }

    #[test]
    fn a_lead_time_that_varies_widens_demand() {
        let mixed = mix(&[(0.5, demand(5.0)), (0.5, demand(20.0))]).unwrap();
        assert!((mixed.mean - 12.5).abs() < 1e-9);
        assert!(mixed.quantile(0.05) < demand(20.0).quantile(0.05));
        assert!(mixed.quantile(0.95) > demand(5.0).quantile(0.95));
        assert!(mix(&[]).is_err());
        let by = stockout_by(&[demand(2.0), demand(4.0), demand(8.0)], 5.0);
        assert!(by.is_sorted() && by[2] > 0.5);
    }
}
