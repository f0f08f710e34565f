//! What a forecast promises whatever it is given: an error that names the place, or ranges that make sense.
#![allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "small numbers, made by hand")]

use baddie_ai::forecast::{Covariates, Distribution, Forecast, Frequency, LEVELS, Request, Series, forecast};
use baddie_core::clock::Date;
use proptest::prelude::*;

fn ask(horizon: usize) -> Request {
    Request { horizon, leads: vec![3], seed: 1, threads: 1 }
}

fn sound(d: &Distribution) {
    assert!(d.mean.is_finite() && d.mean >= 0.0, "{d:?}");
    assert!(d.quantiles.iter().all(|q| q.is_finite() && *q >= 0.0), "{d:?}");
    assert!(d.quantiles.is_sorted(), "{d:?}");
    let chances: Vec<f64> = (0..40).map(|k| d.exceeds(f64::from(k) * (d.mean + 1.0) / 10.0)).collect();
    assert!(chances.iter().all(|p| (0.0..=1.0).contains(p)) && chances.is_sorted_by(|a, b| a >= b), "{d:?}");
}

fn all_sound(said: &[Forecast]) {
    for f in said {
        f.steps.iter().chain(&f.leads).for_each(sound);
    }
}

#[test]
fn odd_series_have_forecasts() {
    let shapes: Vec<Vec<f64>> = vec![
        vec![3.0],
        vec![0.0],
        vec![5.0; 40],
        vec![0.0; 40],
        vec![1.0, 0.0],
        (0..30).map(f64::from).collect(),
        (0..30).rev().map(|t| f64::from(t) * 0.001).collect(),
        vec![1e14; 12],
        (0..60).map(|t| if t == 30 { 1e12 } else { 1.0 }).collect(),
        (0..60).map(|t| if t < 30 { 0.0 } else { 7.0 }).collect(),
    ];
    for frequency in [Frequency::Daily, Frequency::Weekly, Frequency::Monthly, Frequency::Quarterly] {
        for (k, shape) in shapes.iter().enumerate() {
            let alone = forecast(&[Series::new("one", shape.clone())], frequency, None, &ask(8)).unwrap();
            assert_eq!(alone[0].steps.len(), 8, "shape {k}");
            all_sound(&alone);
        }
        let together: Vec<Series> =
            shapes.iter().enumerate().map(|(k, y)| Series::new(format!("s{k}"), y.clone())).collect();
        all_sound(&forecast(&together, frequency, None, &ask(8)).unwrap());
    }
}

#[test]
fn nothing_gives_nothing() {
    assert!(forecast(&[], Frequency::Daily, None, &ask(3)).unwrap().is_empty());
}

#[test]
fn a_constant_stays() {
    let said = forecast(&[Series::new("a", vec![5.0; 40])], Frequency::Monthly, None, &ask(3)).unwrap();
    assert!((said[0].steps[0].mean - 5.0).abs() < 0.2, "{:?}", said[0].steps[0]);
}

#[test]
fn nothing_sold_is_nothing_expected() {
    let said = forecast(&[Series::new("a", vec![0.0; 60])], Frequency::Daily, None, &ask(3)).unwrap();
    assert!(said[0].leads[0].mean < 0.1 && said[0].leads[0].quantile(0.9) < 1.0);
}

#[test]
fn a_million_steps_are_taken() {
    let y: Vec<f64> = (0..1_000_000).map(|t| f64::from(t % 7)).collect();
    let mut one = Series::new("long", y);
    one.start = Date::from_ymd(1900, 1, 1);
    all_sound(&forecast(&[one], Frequency::Daily, None, &ask(7)).unwrap());
    assert!(forecast(&[Series::new("l", vec![0.0; 1_000_001])], Frequency::Daily, None, &ask(7)).is_err());
}

#[test]
fn bad_requests_are_named() {
    let series = [Series::new("a", vec![1.0; 10])];
    for horizon in [1001, usize::MAX] {
        let error = forecast(&series, Frequency::Daily, None, &ask(horizon)).unwrap_err();
        assert_eq!(error.field(), Some("horizon"));
    }
    let known = Covariates { names: vec!["price".into()], values: vec![vec![vec![1.0; 9]]] };
    let error = forecast(&series, Frequency::Daily, Some(&known), &ask(3)).unwrap_err();
    assert_eq!(error.field(), Some("covariates[a].price"));
    let known = Covariates { names: vec!["price".into()], values: vec![vec![vec![0.0; 13]]] };
    let error = forecast(&series, Frequency::Daily, Some(&known), &ask(3)).unwrap_err();
    assert_eq!(error.field(), Some("covariates[a].rows[0].price"));
}

#[test]
fn covariates_of_others_are_named() {
    let series = [Series::new("a", vec![1.0; 10])];
    let known = Covariates { names: vec!["price".into()], values: Vec::new() };
    let error = forecast(&series, Frequency::Daily, Some(&known), &ask(3)).unwrap_err();
    assert_eq!(error.field(), Some("covariates"));
    let known = Covariates { names: vec!["price".into(), "event".into()], values: vec![vec![vec![1.0; 13]]] };
    assert!(forecast(&series, Frequency::Daily, Some(&known), &ask(3)).is_err());
}

#[test]
fn steps_of_another_frequency_are_named() {
    let day = |d| Date::from_ymd(2024, 3, d).unwrap();
    // Weeks first, then a day that is no week later.
    let rows = [(day(1), 2.0), (day(8), 1.0), (day(11), 1.0)];
    let error = Series::from_dated("hat", "", Frequency::Weekly, &rows).unwrap_err();
    assert_eq!(error.field(), Some("series[hat].rows[2].date"));
}

fn shop(seed: u64) -> Vec<Series> {
    let mut random = baddie_ai::numeric::Random::new(seed);
    (0..12)
        .map(|k| {
            let level = 4.0 * random.uniform();
            let y = (0..60).map(|_| (random.uniform() * level).floor() * (random.uniform() * 2.0).floor());
            let mut one = Series::new(format!("s{k}"), y.collect());
            one.start = Date::from_ymd(2024, 1, 1);
            one
        })
        .collect()
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let run = |threads| forecast(&shop(5), Frequency::Daily, None, &Request { threads, ..ask(14) }).unwrap();
    let once = run(1);
    assert_eq!(once, run(1));
    assert_eq!(once, run(2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_demand_has_a_sound_forecast(
        values in prop::collection::vec(prop::collection::vec(0.0_f64..1e6, 1..60), 1..6),
        whole in any::<bool>(),
    ) {
        let series: Vec<Series> = values
            .into_iter()
            .enumerate()
            .map(|(k, y)| Series::new(format!("s{k}"), y.into_iter().map(|v| if whole { v.floor() } else { v }).collect()))
            .collect();
        all_sound(&forecast(&series, Frequency::Monthly, None, &ask(6)).unwrap());
    }
}

#[test]
fn levels_are_what_they_say() {
    assert_eq!(LEVELS.len(), 23);
}
