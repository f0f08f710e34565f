//! Advice on demand: what the models are asked about a shop, and how their answer is kept.
//!
//! The question is gathered in one look, the model is asked with no transaction open, and the answer is checked and kept
//! in one transaction. A model advises; what is done with the advice is decided here, within the owner's limits.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::refill::Reasons;
use crate::catalog::{Product, VariantKind};
use crate::clock::{Date, Timestamp};
use crate::engine::Work;
use crate::error::{Error, Result};
use crate::ids::{SupplierId, VariantId, hex};
use crate::insights::{
    AdviceRun, Basket, DemandHistory, DemandPlan, DemandTask, Forecast, PricedDay, RefillCase, RefillPolicy,
    RefillProposal, demand_series,
};
use crate::inventory::{DayUnits, Sellable};
use crate::money::{Money, Ppm, Rounding};
use crate::page::{MAX_LIMIT, PageRequest};
use crate::pricing::ProposalState;
use crate::purchasing::{PurchaseLine, PurchaseOrder, PurchaseOrderState, Supplier, SupplierOffer};
use crate::storage::Tx;

/// How much of the past a model is shown, in days.
const PAST: i64 = 730;
/// How many days ahead a forecast says step by step.
const AHEAD: i64 = 28;
/// Over how many days demand is foreseen as a sum.
const SUMS: [i64; 3] = [7, 14, 28];
/// How many unchanged histories are shown beside the changed ones, for these to learn from.
const TEACHERS: usize = 200;
/// How many variants are read at once.
const CHUNK: usize = 200;
/// What holds where the owner has said nothing: stock for 95 of 100 cases, and a look each week.
const SERVICE: Ppm = Ppm(950_000);
const REVIEW_DAYS: i64 = 7;

/// A question to a model, and what is needed to keep its answer.
pub(in crate::engine) struct Question {
    /// What the model is asked.
    pub(in crate::engine) task: DemandTask,
    model: String,
    day: Date,
    series: usize,
    /// For each history: the hash of what a forecast of it is made from, where that has changed.
    changed: Vec<Option<String>>,
    /// For each basket, the policy that fills it.
    policies: Vec<Option<RefillPolicy>>,
}

/// What a variant has sold, with what else is asked about it.
struct Known {
    good: Sellable,
    history: DemandHistory,
    hash: String,
    changed: bool,
}

impl Question {
    /// Gathers what a model is to be asked about the shop, as of the end of yesterday.
    pub(in crate::engine) async fn gather(tx: &mut Tx, now: Timestamp, model: &str) -> Result<Self> {
        let shop = tx.accounts().shop().await?.ok_or_else(|| Error::not_found("shop", "of this scope"))?;
        let today = shop.time_zone.date_of(now);
        let day = today.plus_days(-1).unwrap_or(today);
        let known = known(tx, day, model).await?;
        let (policies, baskets) = baskets(tx, &known).await?;
        let needed: BTreeSet<VariantId> =
            baskets.iter().flat_map(|basket| &basket.cases).map(|case| case.offer.variant_id).collect();
        let series = known.len();
        let (asked, others): (Vec<Known>, Vec<Known>) =
            known.into_iter().partition(|one| one.changed || needed.contains(&one.good.variant.id));
        let groups: BTreeSet<String> = asked.iter().map(|one| one.history.group.clone()).collect();
        let teachers = others.into_iter().filter(|one| groups.contains(&one.history.group)).take(TEACHERS);
        let (mut histories, mut changed) = (Vec::new(), Vec::new());
        for one in asked.into_iter().chain(teachers) {
            changed.push(one.changed.then_some(one.hash));
            histories.push(one.history);
        }
        let task = DemandTask { histories, horizon: AHEAD, sums: SUMS.to_vec(), baskets };
        Ok(Self { task, model: model.to_owned(), day, series, changed, policies })
    }
}

/// Every stocked variant that has ever sold, with its history up to this day.
async fn known(tx: &mut Tx, day: Date, model: &str) -> Result<Vec<Known>> {
    let from = day.plus_days(1 - PAST).unwrap_or(day);
    let mut shipped: BTreeMap<VariantId, BTreeMap<Date, i64>> = BTreeMap::new();
    for row in tx.inventory().shipped_by_day(None, from, day).await? {
        shipped.entry(row.variant_id).or_default().insert(row.day, row.units);
    }
    let mut sold: BTreeMap<VariantId, Vec<PricedDay>> = BTreeMap::new();
    for row in tx.orders().sold_by_day(from, day).await? {
        let price = row.paid.share(1, row.units, Rounding::HalfEven)?;
        sold.entry(row.variant_id).or_default().push(PricedDay { day: row.day, units: row.units, price });
    }
    let ids: Vec<VariantId> = shipped.keys().copied().collect();
    let mut all = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let goods = tx.inventory().sellable(chunk).await?;
        let mut products: Vec<_> = goods.iter().map(|good| good.variant.product_id).collect();
        products.sort_unstable();
        products.dedup();
        let products = tx.many::<Product>(&products).await?;
        let mut moved: BTreeMap<VariantId, Vec<DayUnits>> = BTreeMap::new();
        for row in tx.inventory().moved_by_day(chunk, day).await? {
            moved.entry(row.variant_id).or_default().push(row);
        }
        let said = tx.parts_of_all::<Forecast>(chunk).await?;
        for good in goods.into_iter().filter(|good| good.variant.kind == VariantKind::Stocked) {
            let id = good.variant.id;
            let product = products.iter().find(|product| product.id == good.variant.product_id);
            let group = product.and_then(|product| product.category.clone()).unwrap_or_default();
            let series = series(id, from, day, &shipped[&id], moved.get(&id).map_or(&[][..], Vec::as_slice));
            let sales = sold.remove(&id).unwrap_or_default();
            let history = DemandHistory { series, group, sales };
            let hash = hash_of(model, &history)?;
            let changed = said.iter().all(|old| old.variant_id != id || old.inputs_hash != hash);
            all.push(Known { good, history, hash, changed });
        }
    }
    Ok(all)
}

/// A variant's history, from its first stock or sale on.
fn series(
    id: VariantId,
    from: Date,
    day: Date,
    shipped: &BTreeMap<Date, i64>,
    moved: &[DayUnits],
) -> crate::insights::DemandSeries {
    let mut stock = 0_i64;
    let at_end: BTreeMap<Date, i64> = moved
        .iter()
        .map(|row| {
            stock = stock.saturating_add(row.units);
            (row.day, stock)
        })
        .collect();
    let began = at_end.keys().chain(shipped.keys()).min().copied().unwrap_or(from).max(from);
    demand_series(id, began, day, shipped, |at| {
        at_end.range(..=at).next_back().map_or(0, |(_, units)| *units)
    })
}

/// The hash of everything a forecast is made from.
fn hash_of(model: &str, history: &DemandHistory) -> Result<String> {
    let mut hasher = Sha256::new();
    for part in [model, &history.group] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.update(AHEAD.to_be_bytes());
    hasher.update(serde_json::to_vec(&history.series).map_err(Error::internal)?);
    hasher.update(serde_json::to_vec(&history.sales).map_err(Error::internal)?);
    Ok(hex(&hasher.finalize()))
}

/// What may be bought, by the policy that says how much of it.
async fn baskets(tx: &mut Tx, known: &[Known]) -> Result<(Vec<Option<RefillPolicy>>, Vec<Basket>)> {
    let offers = best_offers(tx).await?;
    let mut suppliers: Vec<SupplierId> = offers.values().map(|offer| offer.supplier_id).collect();
    suppliers.sort_unstable();
    suppliers.dedup();
    let suppliers = tx.many::<Supplier>(&suppliers).await?;
    let (drafted, spent) = drafted(tx).await?;
    let policies = tx.insights().policies().await?;
    let usual = policies.iter().find(|policy| policy.variant_id.is_none());
    let mut filled: BTreeMap<Option<VariantId>, (Option<RefillPolicy>, Basket)> = BTreeMap::new();
    for one in known {
        let variant = &one.good.variant;
        let Some(offer) = offers.get(&variant.id) else { continue };
        let Some(supplier) = suppliers.iter().find(|supplier| supplier.id == offer.supplier_id) else {
            continue;
        };
        let own = policies.iter().find(|policy| policy.variant_id == Some(variant.id));
        let policy = own.or(usual);
        let currency = offer.unit_cost.currency();
        let price = variant.price.filter(|price| price.currency() == currency);
        let here: i64 = one.good.stock.iter().map(|stock| stock.level.on_hand - stock.level.reserved).sum();
        let coming: i64 = one.good.stock.iter().map(|stock| stock.level.incoming).sum();
        let case = RefillCase {
            offer: offer.clone(),
            lead_days_mean: supplier.lead_days_mean,
            lead_days_sd: supplier.lead_days_sd,
            review_days: policy.map_or(REVIEW_DAYS, |policy| policy.review_days),
            service_level: policy.map_or(SERVICE, |policy| policy.service_level),
            position: here + coming + drafted.get(&variant.id).copied().unwrap_or(0),
            // Where the price is in another currency, it is taken for twice the cost, as shops usually reckon.
            worth: price.map_or_else(|| offer.unit_cost.times(2), Ok)?,
        };
        let place = own.and_then(|policy| policy.variant_id);
        let (_, basket) = filled.entry(place).or_insert_with(|| (policy.cloned(), Basket::default()));
        basket.cases.push(case);
    }
    for (policy, basket) in filled.values_mut() {
        let Some(budget) = policy.as_ref().and_then(|policy| policy.budget) else { continue };
        // A budget buys in its own currency, and what is drafted already counts against it.
        basket.cases.retain(|case| case.offer.unit_cost.currency() == budget.currency());
        let spent = Money::sum(
            budget.currency(),
            spent.iter().copied().filter(|sum| sum.currency() == budget.currency()),
        )?;
        basket.budget = Some(budget.minus(spent)?.max(budget.currency().zero())?);
    }
    Ok(filled.into_values().filter(|(_, basket)| !basket.cases.is_empty()).unzip())
}

/// The cheapest offer for each variant.
async fn best_offers(tx: &mut Tx) -> Result<BTreeMap<VariantId, SupplierOffer>> {
    let mut best: BTreeMap<VariantId, SupplierOffer> = BTreeMap::new();
    let mut page = PageRequest::first(MAX_LIMIT);
    loop {
        let found = tx.page::<SupplierOffer>(&page).await?;
        for offer in found.items {
            let cheaper = best.get(&offer.variant_id).is_none_or(|known| {
                let alike = known.unit_cost.currency() == offer.unit_cost.currency();
                alike && offer.unit_cost.minor() < known.unit_cost.minor()
            });
            if cheaper {
                best.insert(offer.variant_id, offer);
            }
        }
        match found.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return Ok(best),
        }
    }
}

/// Units and sums in purchase orders that are not sent yet: nobody expects them to arrive, but they are as good as bought.
async fn drafted(tx: &mut Tx) -> Result<(BTreeMap<VariantId, i64>, Vec<Money>)> {
    let (mut units, mut sums) = (BTreeMap::new(), Vec::new());
    let mut page = PageRequest::first(MAX_LIMIT);
    loop {
        let found = tx.purchasing().purchase_orders(Some(PurchaseOrderState::Draft), &page).await?;
        let ids: Vec<_> = found.items.iter().map(|order: &PurchaseOrder| order.id).collect();
        sums.extend(found.items.iter().map(|order| order.total));
        for line in tx.parts_of_all::<PurchaseLine>(&ids).await? {
            *units.entry(line.variant_id).or_default() += line.qty - line.cancelled;
        }
        match found.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return Ok((units, sums)),
        }
    }
}

/// Refuses an answer that breaks what a model promises.
fn check(task: &DemandTask, plan: &DemandPlan) -> Result<()> {
    let broken = |what: &str| Err(Error::internal(format!("the model broke its promise: {what}")));
    let alike = task.histories.len() == plan.foreseen.len()
        && task
            .histories
            .iter()
            .zip(&plan.foreseen)
            .all(|(one, said)| one.series.variant_id == said.variant_id);
    if !alike || task.baskets.len() != plan.refills.len() {
        return broken("it answers something else than it was asked");
    }
    for said in &plan.foreseen {
        if said.response.is_some_and(|response| response.elasticity >= 0 || response.error < 0) {
            return broken("demand does not rise with the price");
        }
        let steps =
            said.steps.iter().all(|step| [0, step.q05, step.q25, step.q50, step.q75, step.q95].is_sorted());
        let sums = said
            .sums
            .iter()
            .all(|sum| [0, sum.q05, sum.q25, sum.q50, sum.q75, sum.q90, sum.q95, sum.q99].is_sorted());
        if !steps || !sums {
            return broken("its quantiles do not rise from nothing");
        }
    }
    for (basket, advised) in task.baskets.iter().zip(&plan.refills) {
        let mut left = basket.budget;
        for advice in advised {
            let offered = basket.cases.iter().any(|case| case.offer.id == advice.offer.id);
            if !offered || advice.qty < 1 || advice.offer.orderable(advice.qty) != advice.qty {
                return broken("it buys what nobody sells");
            }
            if let Some(budget) = left {
                let rest = budget.minus(advice.offer.unit_cost_at(advice.qty).times(advice.qty)?)?;
                if rest.is_negative() {
                    return broken("it spends more than the budget");
                }
                left = Some(rest);
            }
        }
    }
    Ok(())
}

impl Work {
    /// Notes that a model was asked and gave no answer.
    pub(in crate::engine) async fn keep_failure(&mut self, question: &Question) -> Result<()> {
        let run = AdviceRun {
            id: self.id(),
            model: question.model.clone(),
            day: question.day,
            series: count(question.series),
            changed: 0,
            refills: 0,
            backtest: None,
            made_at: self.now,
        };
        self.tx.add(&run).await
    }

    /// Keeps a model's answer: forecasts, proposals, and that it was asked.
    pub(in crate::engine) async fn keep_plan(
        &mut self,
        question: Question,
        plan: DemandPlan,
    ) -> Result<AdviceRun> {
        check(&question.task, &plan)?;
        let Question { model, day, series, changed, policies, task, .. } = question;
        let mut backtests: BTreeMap<VariantId, (String, Option<serde_json::Value>)> = BTreeMap::new();
        let mut forecasts = Vec::new();
        for (said, hash) in plan.foreseen.into_iter().zip(changed) {
            backtests.insert(said.variant_id, (hash.clone().unwrap_or_default(), said.backtest.clone()));
            let Some(inputs_hash) = hash else { continue };
            forecasts.push(Forecast {
                id: self.id(),
                variant_id: said.variant_id,
                from: day,
                period_days: 1,
                steps: said.steps,
                sums: said.sums,
                class: said.class,
                response: said.response,
                model: model.clone(),
                backtest: said.backtest,
                inputs_hash,
                made_at: self.now,
            });
        }
        for chunk in forecasts.chunks(CHUNK) {
            self.tx.insights().replace_forecasts(chunk).await?;
        }
        let mut waiting = self.waiting_refills(&model, &task.baskets).await?;
        let mut refills = 0;
        for (policy, advised) in policies.iter().zip(plan.refills) {
            for advice in advised {
                refills += 1;
                let id = advice.offer.variant_id;
                let same = |old: RefillProposal| {
                    old.qty == advice.qty && old.supplier_id == advice.offer.supplier_id
                };
                if waiting.remove(&id).is_some_and(same) {
                    continue;
                }
                let (inputs_hash, backtest) = backtests.get(&id).cloned().unwrap_or_default();
                let reasons =
                    Reasons { explanation: advice.explanation, model: model.clone(), inputs_hash, backtest };
                let mut proposal = self.propose_refill(&advice.offer, advice.qty, reasons).await?;
                if policy.as_ref().is_some_and(|policy| policy.auto_approve) {
                    proposal.state = proposal.state.step(ProposalState::Approved)?;
                    self.carry_out_refill(&mut proposal).await?;
                    self.tx.save(&mut proposal).await?;
                }
            }
        }
        for mut proposal in waiting.into_values() {
            proposal.state = proposal.state.step(ProposalState::Superseded)?;
            self.tx.save(&mut proposal).await?;
        }
        let run = AdviceRun {
            id: self.id(),
            model,
            day,
            series: count(series),
            changed: count(forecasts.len()),
            refills,
            backtest: plan.backtest,
            made_at: self.now,
        };
        self.tx.add(&run).await?;
        self.emit("forecasts.refreshed", run.id, &run).await?;
        Ok(run)
    }

    /// Proposals of this model that wait for a decision, by variant; those that ran out are put away.
    async fn waiting_refills(
        &mut self,
        model: &str,
        baskets: &[Basket],
    ) -> Result<BTreeMap<VariantId, RefillProposal>> {
        let asked: BTreeSet<VariantId> =
            baskets.iter().flat_map(|basket| &basket.cases).map(|case| case.offer.variant_id).collect();
        let mut waiting = BTreeMap::new();
        let mut page = PageRequest::first(MAX_LIMIT);
        loop {
            let found = self.tx.insights().refills(Some(ProposalState::Proposed), &page).await?;
            for mut proposal in found.items {
                if self.now >= proposal.expires_at {
                    proposal.state = proposal.state.step(ProposalState::Expired)?;
                    self.tx.save(&mut proposal).await?;
                } else if proposal.model == model && asked.contains(&proposal.variant_id) {
                    waiting.insert(proposal.variant_id, proposal);
                }
            }
            match found.next_cursor {
                Some(cursor) => page.cursor = Some(cursor),
                None => return Ok(waiting),
            }
        }
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
