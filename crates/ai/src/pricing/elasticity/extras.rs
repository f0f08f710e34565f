use std::collections::BTreeMap;

use super::Sale;
use super::core::{Core, rivals};
use crate::boost::{Bins, Boost, Growth};

/// What the log-log core leaves over, by boosted trees: thresholds of discounts, rivals' prices one by one, prices of
/// the weeks before (people stock up), the time of the year.
#[derive(Debug, Clone)]
pub(super) struct Extras {
    bins: Bins,
    rounds: Vec<Boost>,
    columns: usize,
    groups: usize,
    history: BTreeMap<usize, Vec<(i64, f64)>>,
}

/// How many crowds of trees are averaged.
const ROUNDS: u64 = 4;
/// Most rival groups whose prices are seen one by one.
const RIVALS: usize = 12;
const SEASON: i64 = 52;

fn history(rows: &[Sale]) -> BTreeMap<usize, Vec<(i64, f64)>> {
    let mut out: BTreeMap<usize, Vec<(i64, f64)>> = BTreeMap::new();
    for row in rows {
        out.entry(row.series).or_default().push((row.step, row.price.ln()));
    }
    for prices in out.values_mut() {
        prices.sort_by_key(|p| p.0);
    }
    out
}

fn table(
    rows: &[Sale],
    before: &BTreeMap<usize, Vec<(i64, f64)>>,
    groups: usize,
    promos: usize,
    core: &Core,
) -> Vec<f32> {
    let mut beside: BTreeMap<(usize, i64), Vec<(usize, f64)>> = BTreeMap::new();
    for row in rows {
        beside.entry((row.market, row.step)).or_default().push((row.group, row.price.ln()));
    }
    let now = history(rows);
    let rival = rivals(rows);
    let mut out = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let own = row.price.ln();
        let mut known: Vec<(i64, f64)> = before.get(&row.series).cloned().unwrap_or_default();
        let later = known.last().map_or(i64::MIN, |p| p.0);
        known.extend(now[&row.series].iter().filter(|p| p.0 > later));
        let end = known.partition_point(|p| p.0 < row.step);
        let past = &known[..end];
        let lag = |k: usize| past.len().checked_sub(k).and_then(|at| past.get(at)).map_or(f64::NAN, |p| p.1);
        let recent = &past[past.len().saturating_sub(26)..];
        let (mut sum, mut least, mut most) = (0.0, f64::INFINITY, f64::NEG_INFINITY);
        for p in recent {
            sum += p.1;
            least = least.min(p.1);
            most = most.max(p.1);
        }
        let usual = if recent.is_empty() { f64::NAN } else { sum / recent.len() as f64 };
        out.push((own - usual) as f32);
        out.push((own - most) as f32);
        out.push((own - least) as f32);
        out.push((own - lag(1)) as f32);
        out.push((lag(1) - usual) as f32);
        out.push((lag(2) - usual) as f32);
        let cheap = past.iter().rev().take(20).position(|p| p.1 < most - 0.08).map_or(20, |k| k);
        out.push(cheap as f32);
        out.push((own - rival[place]) as f32);
        out.push(row.group as f32);
        out.push(row.step.rem_euclid(SEASON) as f32);
        let slope = core.elasticity(row.series).map_or(f64::NAN, |e| e.value);
        out.push(slope as f32);
        out.extend(row.promos.iter().map(|&v| v as f32));
        let mut others = [f32::NAN; RIVALS];
        let mut cheapest = f64::INFINITY;
        for &(group, price) in &beside[&(row.market, row.step)] {
            if group != row.group {
                cheapest = cheapest.min(price);
                if group < RIVALS {
                    others[group] = (price - own) as f32;
                }
            }
        }
        out.push((own - cheapest) as f32);
        out.extend(&others[..groups]);
        debug_assert_eq!(row.promos.len(), promos);
    }
    out
}

impl Extras {
    pub(super) fn learn(sales: &[Sale], core: &Core, seed: u64) -> Option<Self> {
        let rows: Vec<Sale> = sales.iter().filter(|sale| sale.units > 0.0).cloned().collect();
        if rows.len() < 400 {
            return None;
        }
        let groups = rows.iter().map(|row| row.group + 1).max().unwrap_or(0).min(RIVALS);
        let table = table(&rows, &BTreeMap::new(), groups, core.promos(), core);
        let columns = table.len() / rows.len();
        let said = core.predict(&rows);
        let bins = Bins::learn(&table, columns);
        let cut = bins.cut(&table);
        let last = rows.iter().map(|row| row.step).max().unwrap_or(0);
        // The core's level is a recent one; what is left over is taken about the series' own mean.
        let mut means: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for (row, said) in rows.iter().zip(&said) {
            let mean = means.entry(row.series).or_default();
            mean.0 += row.units.ln() - said;
            mean.1 += 1.0;
        }
        let rest: Vec<f64> = rows
            .iter()
            .zip(&said)
            .map(|(row, said)| {
                let (sum, count) = means[&row.series];
                row.units.ln() - said - sum / count
            })
            .collect();
        let weight: Vec<f64> = rows.iter().map(|row| (-(last - row.step) as f64 / 90.0).exp()).collect();
        // Several small crowds of trees, each over its own draw of rows and features, err in different places.
        let rounds = (0..ROUNDS)
            .map(|round| {
                let growth = Growth {
                    trees: 200,
                    rate: 0.05,
                    leaves: 20,
                    least: 50.0,
                    ridge: 5.0,
                    rows: 0.7,
                    columns: 0.3,
                    seed: seed ^ (round << 8),
                };
                let mut scores = vec![0.0; rows.len()];
                Boost::grow(&cut, columns, &mut scores, &growth, |row, score| {
                    // Huber's loss: a few wild weeks do not lead the trees astray.
                    ((score - rest[row]).clamp(-1.5, 1.5) * weight[row], weight[row])
                })
            })
            .collect();
        Some(Self { bins, rounds, columns, groups, history: history(&rows) })
    }

    pub(super) fn predict(&self, rows: &[Sale], core: &Core) -> Vec<f64> {
        let table = table(rows, &self.history, self.groups, core.promos(), core);
        let cut = self.bins.cut(&table);
        cut.chunks_exact(self.columns)
            .map(|row| {
                self.rounds.iter().map(|boost| boost.score(row)).sum::<f64>() / self.rounds.len() as f64
            })
            .collect()
    }
}
