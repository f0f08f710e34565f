//! The models behind core's port: what they promise the engine holds.
#![allow(missing_docs, clippy::unwrap_used, reason = "all of this is test code")]
#![allow(clippy::cast_possible_wrap, clippy::cast_possible_truncation, reason = "days and units are few")]

use baddie_ai::Advisor;
use baddie_core::clock::Date;
use baddie_core::ids::{EntityId, OfferId, SupplierId, VariantId};
use baddie_core::insights::{
    Basket, DemandHistory, DemandModel, DemandPlan, DemandPoint, DemandSeries, DemandTask, PricedDay,
    RefillCase,
};
use baddie_core::money::{Currency, Money, Ppm};
use baddie_core::purchasing::SupplierOffer;
use proptest::prelude::*;

fn pounds(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

/// What a variant sold on each day; `None` where there was nothing to sell.
fn history(number: u128, units: &[Option<i64>]) -> DemandHistory {
    let first = Date::from_ymd(2026, 1, 5).unwrap();
    let points = units.iter().enumerate().map(|(day, units)| DemandPoint {
        day: first.plus_days(day as i64).unwrap(),
        units: units.unwrap_or(0),
        censored: units.is_none(),
    });
    let series = DemandSeries { variant_id: VariantId::from_u128(number), points: points.collect() };
    DemandHistory { series, group: "mugs".into(), sales: Vec::new() }
}

fn case(number: u128, unit_cost: i64, (moq, pack): (i64, i64), position: i64) -> RefillCase {
    RefillCase {
        offer: SupplierOffer {
            id: OfferId::from_u128(number),
            supplier_id: SupplierId::from_u128(1),
            variant_id: VariantId::from_u128(number),
            supplier_sku: None,
            unit_cost: pounds(unit_cost),
            price_breaks: Vec::new(),
            moq,
            pack,
            version: 1,
        },
        lead_days_mean: 10,
        lead_days_sd: 3,
        review_days: 7,
        service_level: Ppm(950_000),
        position,
        worth: pounds(unit_cost * 3),
    }
}

fn plan(task: DemandTask, threads: usize) -> DemandPlan {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(Advisor { seed: 1, threads }.plan(task)).unwrap()
}

fn task(histories: Vec<DemandHistory>, baskets: Vec<Basket>) -> DemandTask {
    DemandTask { histories, horizon: 28, sums: vec![7, 14, 28], baskets }
}

#[test]
fn a_steady_seller_is_refilled_for_the_time_until_the_next_but_one_delivery() {
    let steady: Vec<_> = (0..120).map(|day| Some(2 + day % 2)).collect();
    let rare: Vec<_> = (0..120).map(|day| Some(i64::from(day % 15 == 0))).collect();
    let basket = Basket { budget: None, cases: vec![case(1, 300, (6, 6), 5), case(2, 300, (1, 1), 40)] };
    let asked = task(vec![history(1, &steady), history(2, &rare)], vec![basket]);
    let said = plan(asked.clone(), 1);
    assert_eq!(said, plan(asked, 2), "threads change nothing");
    let days = |sum: usize| said.foreseen[0].sums[sum].mean;
    assert!(
        (14_000..=22_000).contains(&days(0)) && (60_000..=80_000).contains(&days(2)),
        "{:?}",
        said.foreseen[0]
    );
    let [advice] = &said.refills[0][..] else { panic!("{:?}", said.refills) };
    // Seventeen days of two and a half, with something for luck, less the five that are there.
    assert!(advice.qty % 6 == 0 && (36..=66).contains(&advice.qty), "{advice:?}");
    assert!(advice.explanation.contains("5 at hand or coming"), "{}", advice.explanation);
    let tested = said.backtest.unwrap();
    assert_eq!(tested["series"], 2);
    assert!(tested["within_90"].as_f64().unwrap() > 0.8, "{tested}");
    assert_eq!(said.foreseen[1].backtest.as_ref().unwrap()["days"], 28);
}

#[test]
fn days_without_stock_are_unknown_and_not_without_demand() {
    let full: Vec<_> = (0..90).map(|day| Some(4 + day % 3)).collect();
    let gaps: Vec<_> = full.iter().enumerate().map(|(day, units)| units.filter(|_| day % 3 != 0)).collect();
    let mean =
        |units: &[Option<i64>]| plan(task(vec![history(1, units)], Vec::new()), 1).foreseen[0].sums[0].mean;
    let (seen, gapped) = (mean(&full), mean(&gaps));
    assert!(gapped * 10 > seen * 8, "{gapped} of {seen}");
}

#[test]
fn dearer_days_that_sold_less_say_how_demand_answers() {
    // Two pounds sell eight a day; a quarter more sells five: an elasticity of about two.
    let price = |day: usize| if (day / 28).is_multiple_of(2) { 200 } else { 250 };
    let units = |day: usize| if price(day) == 200 { 8 } else { 5 };
    let sold: Vec<_> = (0..168).map(|day| Some(units(day))).collect();
    let mut mugs = history(1, &sold);
    mugs.sales = mugs
        .series
        .points
        .iter()
        .enumerate()
        .map(|(day, point)| PricedDay { day: point.day, units: units(day), price: pounds(price(day)) })
        .collect();
    let never_ordered = history(2, &sold);
    let said = plan(task(vec![mugs, never_ordered], Vec::new()), 1);
    let response = said.foreseen[0].response.unwrap();
    assert_eq!(response.price, pounds(250));
    assert!((-2_600..=-1_500).contains(&response.elasticity) && response.error > 0, "{response:?}");
    assert_eq!(said.foreseen[1].response, None);
}

#[test]
fn nothing_known_is_nothing_said() {
    let said = plan(task(Vec::new(), vec![Basket::default()]), 1);
    assert_eq!((said.foreseen.len(), said.refills.len(), said.backtest), (0, 1, None));
    let one = plan(task(vec![history(1, &[Some(3)])], Vec::new()), 1);
    assert_eq!((one.foreseen.len(), one.backtest), (1, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_the_engine_relies_on_holds(
        histories in prop::collection::vec(prop::collection::vec(prop::option::weighted(0.8, 0_i64..9), 1..70), 1..4),
        budget in prop::option::of(0_i64..30_000), terms in (1_i64..9, 1_i64..9), position in -5_i64..30,
    ) {
        let cases = (1..=histories.len() as u128).map(|number| case(number, 250, terms, position)).collect();
        let asked: Vec<_> = (1..).zip(&histories).map(|(number, units)| history(number, units)).collect();
        let said = plan(task(asked, vec![Basket { budget: budget.map(pounds), cases }]), 1);
        for one in &said.foreseen {
            prop_assert_eq!((one.steps.len(), one.sums.len()), (28, 3));
            for s in &one.steps {
                prop_assert!([0, s.q05, s.q25, s.q50, s.q75, s.q95].is_sorted());
            }
            for s in &one.sums {
                prop_assert!([0, s.q05, s.q25, s.q50, s.q75, s.q90, s.q95, s.q99].is_sorted());
            }
        }
        let mut spent = 0;
        for advice in &said.refills[0] {
            prop_assert!(advice.qty > 0 && advice.offer.orderable(advice.qty) == advice.qty);
            spent += advice.qty * 250;
        }
        prop_assert!(budget.is_none_or(|budget| spent <= budget));
    }
}
