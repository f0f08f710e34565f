//! The price sets: how well sales at known prices are foretold.

use std::collections::BTreeMap;
use std::path::Path;

use baddie_ai::pricing::{Sale, learn};

use crate::data::{fields, text};

/// Learns on the first part of a set, foretells the second, and gives the figures as JSON.
pub(crate) fn run(data: &Path, set: &str, dev: bool) -> String {
    let (train, test, key) = if set == "oj" { oj(data, dev) } else { cheese(data, dev) };
    let model = learn(&train, 1).unwrap();
    let said = model.predict(&test).unwrap();
    let (mut se, mut ae, mut miss, mut all) = (0.0, 0.0, 0.0, 0.0);
    for (row, p) in test.iter().zip(&said) {
        let gap = row.units.ln() - p;
        se += gap * gap;
        ae += gap.abs();
        miss += (row.units - (p + model.spread() / 2.0).exp()).abs();
        all += row.units;
    }
    let n = test.len() as f64;
    let e: Vec<f64> = (0..key).filter_map(|s| model.elasticity(s)).map(|e| e.value).collect();
    let mean = e.iter().sum::<f64>() / e.len() as f64;
    let sd = (e.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / e.len() as f64).sqrt();
    let negative = 100.0 * e.iter().filter(|v| **v < 0.0).count() as f64 / e.len() as f64;
    format!(
        "{{\"rmse_log\": {:.4}, \"mae_log\": {:.4}, \"wmape\": {:.4}, \"neg_pct\": {negative:.1}, \"el_mean\": {mean:.3}, \"el_sd\": {sd:.3}}}",
        (se / n).sqrt(),
        ae / n,
        miss / all
    )
}

type Parts = (Vec<Sale>, Vec<Sale>, usize);

fn oj(data: &Path, dev: bool) -> Parts {
    let mut ids: BTreeMap<(String, String), usize> = BTreeMap::new();
    let (mut train, mut test) = (Vec::new(), Vec::new());
    let cut = if dev { 112..130 } else { 130..1000 };
    for line in text(&data.join("pricing/oj.csv.gz")).lines().skip(1) {
        let f = fields(line);
        let next = ids.len();
        let series = *ids.entry((f[0].clone(), f[1].clone())).or_insert(next);
        let week: i64 = f[2].parse().unwrap();
        let sale = Sale {
            series,
            group: f[1].parse::<usize>().unwrap() - 1,
            market: f[0].parse().unwrap(),
            step: week,
            units: f[3].parse().unwrap(),
            price: f[4].parse().unwrap(),
            promos: vec![f[5].parse().unwrap(), f[6].parse().unwrap()],
        };
        if week < cut.start {
            train.push(sale);
        } else if week < cut.end {
            test.push(sale);
        }
    }
    (train, test, ids.len())
}

fn cheese(data: &Path, dev: bool) -> Parts {
    let mut of: BTreeMap<String, Vec<Sale>> = BTreeMap::new();
    for line in text(&data.join("pricing/cheese.csv.gz")).lines().skip(1) {
        let f = fields(line);
        let sales = of.entry(f[0].clone()).or_default();
        sales.push(Sale {
            series: 0,
            group: 0,
            market: 0,
            step: f[1].parse().unwrap(),
            units: f[2].parse().unwrap(),
            price: f[4].parse().unwrap(),
            promos: vec![f[3].parse().unwrap()],
        });
    }
    let (mut train, mut test) = (Vec::new(), Vec::new());
    let count = of.len();
    for (series, (_, mut sales)) in of.into_iter().enumerate() {
        sales.sort_by_key(|s| s.step);
        let mut n = sales.len();
        if dev {
            n = n * 8 / 10;
            sales.truncate(n);
        }
        for (k, mut sale) in sales.into_iter().enumerate() {
            (sale.series, sale.market) = (series, series);
            if k < n * 8 / 10 { train.push(sale) } else { test.push(sale) }
        }
    }
    (train, test, count)
}
