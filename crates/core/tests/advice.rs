//! Advice: what a model is asked, what is kept of its answer, and that nothing is done beyond the owner's limits.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::engine::catalog::UpdateProduct;
use baddie_core::engine::insights::{
    GetForecast, ListAdviceRuns, ListForecasts, ListRefillProposals, PredictInventory, RefreshForecasts,
    SetRefillPolicy,
};
use baddie_core::engine::inventory::AdjustStock;
use baddie_core::engine::purchasing::{CreateSupplier, ListPurchaseOrders, SetOffer};
use baddie_core::error::{Error, Kind, Result};
use baddie_core::ids::VariantId;
use baddie_core::insights::{
    DemandModel, DemandPlan, DemandTask, ForecastStep, ForecastSum, Foreseen, RefillAdvice, RefillProposal,
};
use baddie_core::inventory::MoveReason;
use baddie_core::money::{Money, Ppm};
use baddie_core::pricing::ProposalState;
use baddie_core::purchasing::{PurchaseOrder, SupplierKind};
use baddie_core::testing::FixedClock;
use support::{House, gbp, on_every_backend};

const DAY: Duration = Duration::from_hours(24);

/// Thinks that everything goes on as it did on average, and buys for the lead time and the days until the next look.
#[derive(Default)]
struct Steady {
    asked: Mutex<Vec<DemandTask>>,
    /// How it misbehaves: 0 not at all.
    mood: AtomicUsize,
    /// In mood 4 it thinks until this is opened.
    gate: tokio::sync::Notify,
}

#[async_trait]
impl DemandModel for Steady {
    fn name(&self) -> String {
        "steady/1".into()
    }

    async fn plan(&self, task: DemandTask) -> Result<DemandPlan> {
        self.asked.lock().unwrap().push(task.clone());
        let mood = self.mood.load(Ordering::Relaxed);
        if mood == 4 {
            self.gate.notified().await;
        }
        if mood == 1 {
            return Err(Error::invalid("histories", "tangled", "untangle them"));
        }
        let rate = |id: VariantId| {
            let of = task.histories.iter().find(|history| history.series.variant_id == id).unwrap();
            let seen: Vec<_> = of.series.points.iter().filter(|point| !point.censored).collect();
            seen.iter().map(|point| point.units).sum::<i64>() * 1_000
                / i64::try_from(seen.len().max(1)).unwrap()
        };
        let foreseen = task.histories.iter().map(|history| {
            let q = rate(history.series.variant_id);
            let q05 = if mood == 2 { q + 1 } else { q };
            let step = ForecastStep { mean: q, q05, q25: q, q50: q, q75: q, q95: q };
            let sum = |&days: &i64| {
                let q = q * days;
                ForecastSum { days, mean: q, q05: q, q25: q, q50: q, q75: q, q90: q, q95: q, q99: q }
            };
            Foreseen {
                variant_id: history.series.variant_id,
                class: "smooth".into(),
                steps: vec![step; usize::try_from(task.horizon).unwrap()],
                sums: task.sums.iter().map(sum).collect(),
                response: None,
                backtest: None,
            }
        });
        let refills = task.baskets.iter().map(|basket| {
            let mut left = basket.budget.map(Money::minor);
            let advice = basket.cases.iter().filter_map(|case| {
                let days = case.lead_days_mean + case.review_days;
                let short = rate(case.offer.variant_id) * days / 1_000 - case.position;
                let qty = case.offer.orderable(short);
                let cost = case.offer.unit_cost_at(qty).minor() * qty;
                if mood != 3 {
                    if short <= 0 || left.is_some_and(|left| cost > left) {
                        return None;
                    }
                    left = left.map(|left| left - cost);
                }
                let explanation = format!("{short} too few for {days} days");
                Some(RefillAdvice { offer: case.offer.clone(), qty, explanation })
            });
            advice.collect()
        });
        Ok(DemandPlan { foreseen: foreseen.collect(), refills: refills.collect(), backtest: None })
    }
}

/// A shop that sells two mugs and a bowl a day for ten days, and has a supplier for the mugs.
async fn shop(backend: &str) -> (House, Arc<Steady>, FixedClock, VariantId) {
    let (clock, model) = (FixedClock::default(), Arc::new(Steady::default()));
    let furnish = |engine: baddie_core::engine::EngineBuilder| {
        engine.clock(Arc::new(clock.clone())).demand_model(model.clone())
    };
    let house = House::build(backend, furnish).await;
    house.stocked("MUG", 900, 25, 25 * 300).await;
    house.stocked("BOWL", 1_500, 40, 40 * 500).await;
    let variant_id = house.variant("MUG").await.id;
    let new = CreateSupplier {
        name: "Potteries".into(),
        kind: SupplierKind::Wholesale,
        lead_days_mean: 7,
        lead_days_sd: 0,
        terms: None,
    };
    let supplier_id = house.shop.purchasing().create_supplier(new).await.unwrap().id;
    let offer = SetOffer {
        supplier_id,
        variant_id,
        supplier_sku: None,
        unit_cost: gbp(300),
        price_breaks: Vec::new(),
        moq: 6,
        pack: 6,
    };
    house.shop.purchasing().set_offer(offer).await.unwrap();
    for _ in 0..10 {
        day(&house, &clock).await;
    }
    (house, model, clock, variant_id)
}

/// A day goes by: two mugs and a bowl are sold and sent.
async fn day(house: &House, clock: &FixedClock) {
    let order = house.place(&[("MUG", 2), ("BOWL", 1)]).await.unwrap();
    house.send(order.order.id).await;
    clock.advance(DAY);
}

async fn ask(house: &House) {
    house.shop.insights().refresh(RefreshForecasts {}).await.unwrap();
    house.engine.settle().await.unwrap();
}

async fn proposals(house: &House, state: ProposalState) -> Vec<RefillProposal> {
    let asked = ListRefillProposals { state: Some(state), ..ListRefillProposals::default() };
    house.shop.insights().refills(asked).await.unwrap().items
}

async fn orders(house: &House) -> Vec<PurchaseOrder> {
    house.shop.purchasing().list(ListPurchaseOrders::default()).await.unwrap().items
}

async fn policy(house: &House, budget: Option<i64>, auto_approve: bool) -> Result<()> {
    let policy = SetRefillPolicy {
        variant_id: None,
        service_level: Ppm(900_000),
        review_days: 7,
        budget: budget.map(gbp),
        auto_approve,
    };
    house.shop.insights().set_policy(policy).await.map(|_| ())
}

#[test]
fn forecasts_are_made_of_what_was_sold_and_kept_once_for_each_variant() {
    on_every_backend(async |backend| {
        let (house, model, clock, mug) = shop(backend).await;
        ask(&house).await;
        let forecast = house.shop.insights().forecast(GetForecast { variant_id: mug }).await.unwrap();
        assert_eq!((forecast.steps.len(), forecast.steps[0].mean), (28, 2_000), "{backend}");
        assert_eq!(forecast.sums.iter().map(|sum| sum.days).collect::<Vec<_>>(), [7, 14, 28]);
        let task = model.asked.lock().unwrap().last().unwrap().clone();
        let points = &task.histories.iter().find(|one| one.series.variant_id == mug).unwrap().series.points;
        assert_eq!(
            (points.len(), points.last().unwrap().day),
            (10, forecast.from),
            "all days up to yesterday"
        );

        // Asked again on the same day, nothing has changed but what the mugs' refill may need.
        ask(&house).await;
        let runs = house.shop.insights().runs(ListAdviceRuns::default()).await.unwrap().items;
        assert_eq!((runs[0].series, runs[0].changed), (2, 0));
        let same = house.shop.insights().forecast(GetForecast { variant_id: mug }).await.unwrap();
        assert_eq!(same, forecast);

        // The day after, the worker asks by itself, once.
        day(&house, &clock).await;
        let before = model.asked.lock().unwrap().len();
        house.engine.settle().await.unwrap();
        house.engine.settle().await.unwrap();
        assert_eq!(model.asked.lock().unwrap().len(), before + 1, "{backend}");
        let all = house.shop.insights().forecasts(ListForecasts::default()).await.unwrap().items;
        assert_eq!(all.len(), 2, "the old ones made room");
        assert!(all.iter().all(|one| one.from > forecast.from));

        let said = house.shop.insights().predict(PredictInventory::default()).await.unwrap().items;
        let mugs = said.iter().find(|one| one.variant_id == mug).unwrap();
        assert_eq!((mugs.available, mugs.days_left), (3, Some(1)), "{backend}: {mugs:?}");
        assert!(mugs.runs_out[0].probability > Ppm(900_000));
        house.prove().await;
    });
}

#[test]
fn only_what_changed_is_foreseen_anew() {
    on_every_backend(async |backend| {
        let (house, model, _, mug) = shop(backend).await;
        house.stocked("CUP", 700, 9, 9 * 200).await;
        let bowl = house.variant("BOWL").await;
        ask(&house).await;
        let forecast =
            async |id| house.shop.insights().forecast(GetForecast { variant_id: id }).await.unwrap();
        let (mugs, bowls) = (forecast(mug).await, forecast(bowl.id).await);
        // Bowls are sorted anew, among things that teach them something else.
        let update = UpdateProduct {
            product_id: bowl.product_id,
            title: None,
            brand: None,
            category: Some("Tableware".into()),
            description: None,
            attributes: None,
            status: None,
            expected_version: None,
        };
        house.shop.catalog().update_product(update).await.unwrap();
        ask(&house).await;
        let runs = house.shop.insights().runs(ListAdviceRuns::default()).await.unwrap().items;
        assert_eq!((runs[0].series, runs[0].changed), (2, 1), "{backend}: cups were never sold");
        assert_eq!(forecast(mug).await, mugs);
        let anew = forecast(bowl.id).await;
        assert_ne!((anew.id, &anew.inputs_hash), (bowls.id, &bowls.inputs_hash));
        // Nobody buys bowls, so where they did not change either, they are not asked about.
        ask(&house).await;
        let task = model.asked.lock().unwrap().last().unwrap().clone();
        let asked: Vec<_> = task.histories.iter().map(|one| one.series.variant_id).collect();
        assert_eq!(asked, [mug], "{backend}");
    });
}

#[test]
fn refills_are_proposed_again_only_when_they_change() {
    on_every_backend(async |backend| {
        let (house, _, clock, mug) = shop(backend).await;
        ask(&house).await;
        let first = proposals(&house, ProposalState::Proposed).await;
        // 14 days of two, less five that lie there: 23, sold in sixes.
        assert_eq!((first.len(), first[0].qty), (1, 24), "{backend}");
        assert_eq!(first[0].model, "steady/1");
        ask(&house).await;
        assert_eq!(proposals(&house, ProposalState::Proposed).await, first);
        house.restock("MUG", 12, 12 * 300).await;
        ask(&house).await;
        let smaller = proposals(&house, ProposalState::Proposed).await;
        assert_eq!((smaller.len(), smaller[0].qty), (1, 12));
        assert_eq!(proposals(&house, ProposalState::Superseded).await.len(), 1);
        house.restock("MUG", 60, 60 * 300).await;
        ask(&house).await;
        assert_eq!(proposals(&house, ProposalState::Proposed).await, [], "nobody would make it again");
        assert_eq!(orders(&house).await, [], "advice alone buys nothing");
        let lost = AdjustStock {
            variant_id: mug,
            location_id: None,
            change: -70,
            reason: MoveReason::Loss,
            cost: None,
        };
        house.shop.inventory().adjust(lost).await.unwrap();
        ask(&house).await;
        clock.advance(8 * DAY);
        house.restock("MUG", 100, 100 * 300).await;
        ask(&house).await;
        assert_eq!(proposals(&house, ProposalState::Expired).await.len(), 1, "{backend}");
    });
}

#[test]
fn what_is_approved_by_itself_stays_within_the_budget() {
    on_every_backend(async |backend| {
        let (house, _, clock, _) = shop(backend).await;
        let refused = policy(&house, None, true).await.unwrap_err();
        assert_eq!(refused.field(), Some("auto_approve"));
        policy(&house, Some(7_199), true).await.unwrap();
        ask(&house).await;
        assert_eq!(orders(&house).await, [], "24 mugs cost 72.00");
        policy(&house, Some(10_000), true).await.unwrap();
        ask(&house).await;
        let bought = orders(&house).await;
        assert_eq!((bought.len(), bought[0].total), (1, gbp(7_200)), "{backend}");
        assert_eq!(proposals(&house, ProposalState::Executed).await.len(), 1);
        // What is drafted counts as coming, and against the budget: a day later one pack is missing, and no more is bought
        // than 28.00 allow.
        day(&house, &clock).await;
        for _ in 0..3 {
            ask(&house).await;
            clock.advance(DAY);
        }
        let totals: Vec<_> = orders(&house).await.iter().map(|order| order.total.minor()).collect();
        assert_eq!(totals, [1_800, 7_200], "{backend}");
        house.prove().await;
    });
}

#[test]
fn a_model_that_fails_or_breaks_its_promise_changes_nothing() {
    on_every_backend(async |backend| {
        let (house, model, _, _) = shop(backend).await;
        policy(&house, Some(100), false).await.unwrap();
        for mood in 1..=3 {
            model.mood.store(mood, Ordering::Relaxed);
            house.shop.insights().refresh(RefreshForecasts {}).await.unwrap();
            house.engine.settle().await.unwrap();
            assert_eq!(house.shop.insights().forecasts(ListForecasts::default()).await.unwrap().items, []);
            assert_eq!(proposals(&house, ProposalState::Proposed).await, [], "{backend}, mood {mood}");
            let asked = model.asked.lock().unwrap().len();
            house.engine.settle().await.unwrap();
            assert_eq!(model.asked.lock().unwrap().len(), asked, "it is not asked again and again");
        }
    });
}

#[test]
fn a_model_that_thinks_for_long_is_asked_once() {
    on_every_backend(async |backend| {
        let (house, model, _, _) = shop(backend).await;
        model.mood.store(4, Ordering::Relaxed);
        let engine = house.engine.clone();
        let thinking = tokio::spawn(async move { engine.tick().await });
        while model.asked.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        house.engine.tick().await.unwrap();
        // Nothing is wrong with a job that its worker is at, however long it may be.
        house.prove().await;
        model.gate.notify_one();
        thinking.await.unwrap().unwrap();
        house.engine.settle().await.unwrap();
        assert_eq!(model.asked.lock().unwrap().len(), 1, "{backend}");
    });
}

#[test]
fn an_engine_without_a_model_says_so() {
    on_every_backend(async |backend| {
        let house = House::build(backend, |engine| engine).await;
        let refused = house.shop.insights().refresh(RefreshForecasts {}).await.unwrap_err();
        assert_eq!((refused.kind(), refused.code()), (Kind::Refused, "insights.no_model"));
        house.engine.settle().await.unwrap();
        let runs = house.shop.insights().runs(ListAdviceRuns::default()).await.unwrap();
        assert_eq!(runs.items, []);
    });
}
