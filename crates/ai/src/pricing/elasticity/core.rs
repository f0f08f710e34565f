use std::collections::BTreeMap;

use super::solve::solve;
use super::{Elasticity, Sale};

/// The log-log core: slopes of each group, bent for each series as far as its data bear (an empirical Bayes mixed
/// model; Efron & Morris, 1975; Rossi, Allenby & `McCulloch`, 2005, 5), and recent levels.
#[derive(Debug, Clone)]
pub(super) struct Core {
    promos: usize,
    series: Vec<Option<Answer>>,
}

#[derive(Debug, Clone)]
struct Answer {
    level: f64,
    slopes: Vec<f64>,
    error: f64,
    /// The usual logarithm of the rivals' prices.
    rivals: f64,
}

/// Steps after which a row counts half for slopes, and for levels.
const MEMORY: f64 = 120.0;
const LEVEL_MEMORY: f64 = 26.0;
/// What a level's long past is worth, in rows.
const LEVEL_PRIOR: f64 = 12.0;

/// For each row the mean logarithm of the other prices in its market on its step; the row's own when it is alone.
pub(super) fn rivals(rows: &[Sale]) -> Vec<f64> {
    let mut sums: BTreeMap<(usize, i64), (f64, f64)> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry((row.market, row.step)).or_default();
        sum.0 += row.price.ln();
        sum.1 += 1.0;
    }
    rows.iter()
        .map(|row| {
            let (sum, count) = sums[&(row.market, row.step)];
            if count > 1.0 { (sum - row.price.ln()) / (count - 1.0) } else { f64::NAN }
        })
        .collect()
}

fn features(row: &Sale, rival: f64, out: &mut Vec<f64>) {
    out.clear();
    out.push(row.price.ln());
    out.push(if rival.is_nan() { 0.0 } else { rival });
    out.extend(&row.promos);
}

struct Moments {
    xx: Vec<f64>,
    xy: Vec<f64>,
    yy: f64,
    weight: f64,
    count: usize,
}

impl Core {
    #[expect(
        clippy::too_many_lines,
        reason = "one estimate from beginning to end; its parts share the moments"
    )]
    pub(super) fn learn(sales: &[Sale]) -> Self {
        let promos = sales.first().map_or(0, |sale| sale.promos.len());
        let k = 2 + promos;
        let count = sales.iter().map(|sale| sale.series + 1).max().unwrap_or(0);
        let last = sales.iter().map(|sale| sale.step).max().unwrap_or(0);
        let rivals = rivals(sales);
        let mut of_series: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (row, sale) in sales.iter().enumerate() {
            if sale.units > 0.0 {
                of_series[sale.series].push(row);
            }
        }
        let mut x = Vec::new();
        let mut centred: Vec<Option<Moments>> = Vec::new();
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (series, rows) in of_series.iter().enumerate() {
            let (mut means, mut centre, mut weight) = (vec![0.0; k], 0.0, 0.0);
            for &row in rows {
                let w = (-(last - sales[row].step) as f64 / MEMORY * std::f64::consts::LN_2).exp();
                features(&sales[row], rivals[row], &mut x);
                weight += w;
                centre += w * sales[row].units.ln();
                for (mean, x) in means.iter_mut().zip(&x) {
                    *mean += w * x;
                }
            }
            if rows.len() < 2 {
                centred.push(None);
                if let Some(&row) = rows.first() {
                    groups.entry(sales[row].group).or_default().push(series);
                }
                continue;
            }
            for mean in &mut means {
                *mean /= weight;
            }
            centre /= weight;
            let mut m =
                Moments { xx: vec![0.0; k * k], xy: vec![0.0; k], yy: 0.0, weight, count: rows.len() };
            for &row in rows {
                let w = (-(last - sales[row].step) as f64 / MEMORY * std::f64::consts::LN_2).exp();
                features(&sales[row], rivals[row], &mut x);
                let y = sales[row].units.ln() - centre;
                for i in 0..k {
                    let xi = x[i] - means[i];
                    m.xy[i] += w * xi * y;
                    for j in 0..k {
                        m.xx[i * k + j] += w * xi * (x[j] - means[j]);
                    }
                }
                m.yy += w * y * y;
            }
            centred.push(Some(m));
            groups.entry(sales[rows[0]].group).or_default().push(series);
        }
        let whole: Vec<&Moments> = centred.iter().flatten().collect();
        let prior = vec![-1.5, 0.3].into_iter().chain(std::iter::repeat_n(0.2, promos)).collect::<Vec<f64>>();
        let (common, _) = pooled(&whole, &prior, 0.5, k);
        let mut slopes: Vec<Vec<f64>> = vec![common.clone(); count];
        let mut errors = vec![1.0; count];
        for members in groups.values() {
            let own: Vec<&Moments> = members.iter().filter_map(|&s| centred[s].as_ref()).collect();
            let (group, noise) = pooled(&own, &common, 2.0, k);
            // How far the series of a group differ in each slope, beyond what noise makes of them.
            let mut vary = vec![0.05; k];
            for (i, vary) in vary.iter_mut().enumerate() {
                let (mut sum, mut worth) = (0.0, 0.0);
                for m in &own {
                    let information = m.xx[i * k + i] / noise;
                    let gap = (m.xy[i] - (0..k).map(|j| m.xx[i * k + j] * group[j]).sum::<f64>()) / noise;
                    // A score test: its square exceeds the information by the variance times the information squared.
                    sum += gap * gap - information;
                    worth += information * information;
                }
                if worth > 0.0 {
                    *vary = (sum / worth).clamp(0.002, 4.0);
                }
            }
            for &series in members {
                let Some(m) = &centred[series] else {
                    slopes[series].clone_from(&group);
                    continue;
                };
                let mut a: Vec<f64> = m.xx.iter().map(|v| v / noise).collect();
                let mut b: Vec<f64> = m.xy.iter().map(|v| v / noise).collect();
                for i in 0..k {
                    a[i * k + i] += 1.0 / vary[i];
                    b[i] += group[i] / vary[i];
                }
                let (own, inverse) = solve(a, &b);
                slopes[series] = own;
                errors[series] = inverse[0].sqrt();
            }
            for &series in members {
                // Demand that rises with its price is noise: the group's slope stands in.
                if slopes[series][0] >= -0.05 {
                    slopes[series][0] = group[0].min(-0.05);
                }
            }
        }
        let series = of_series
            .iter()
            .zip(slopes)
            .zip(errors)
            .map(|((rows, slopes), error)| {
                let (mut long, mut all, mut recent, mut near) = (0.0, 0.0, 0.0, 0.0);
                let (mut rival, mut rivalled) = (0.0, 0.0);
                for &row in rows {
                    features(&sales[row], rivals[row], &mut x);
                    let rest = sales[row].units.ln() - x.iter().zip(&slopes).map(|(x, b)| x * b).sum::<f64>();
                    let age = (last - sales[row].step) as f64;
                    let (slow, fast) = ((-age / MEMORY).exp(), (-age / LEVEL_MEMORY).exp());
                    long += slow * rest;
                    all += slow;
                    recent += fast * rest;
                    near += fast;
                    if !rivals[row].is_nan() {
                        rival += rivals[row];
                        rivalled += 1.0;
                    }
                }
                (all > 0.0).then(|| Answer {
                    level: (recent + LEVEL_PRIOR * long / all) / (near + LEVEL_PRIOR),
                    slopes,
                    error,
                    rivals: if rivalled > 0.0 { rival / rivalled } else { f64::NAN },
                })
            })
            .collect();
        Self { promos, series }
    }

    pub(super) fn elasticity(&self, series: usize) -> Option<Elasticity> {
        let answer = self.series.get(series)?.as_ref()?;
        Some(Elasticity { value: answer.slopes[0], error: answer.error })
    }

    pub(super) fn promos(&self) -> usize {
        self.promos
    }

    pub(super) fn predict(&self, rows: &[Sale]) -> Vec<f64> {
        let usual = self.series.iter().flatten().map(|answer| answer.level).sum::<f64>()
            / self.series.iter().flatten().count().max(1) as f64;
        let mut x = Vec::new();
        rows.iter()
            .zip(rivals(rows))
            .map(|(row, rival)| {
                let Some(answer) = self.series.get(row.series).and_then(Option::as_ref) else { return usual };
                // Where no rival is known now, they are taken to ask what they used to.
                let rival = if rival.is_nan() { answer.rivals } else { rival };
                features(row, rival, &mut x);
                answer.level + x.iter().zip(&answer.slopes).map(|(x, b)| x * b).sum::<f64>()
            })
            .collect()
    }
}

/// Slopes common to several series, drawn towards `prior` with the weight of `trust` rows of unit variance; and the
/// variance that remains.
fn pooled(members: &[&Moments], prior: &[f64], trust: f64, k: usize) -> (Vec<f64>, f64) {
    let mut a = vec![0.0; k * k];
    let mut b = vec![0.0; k];
    for m in members {
        a.iter_mut().zip(&m.xx).for_each(|(a, x)| *a += x);
        b.iter_mut().zip(&m.xy).for_each(|(b, x)| *b += x);
    }
    for i in 0..k {
        a[i * k + i] += trust;
        b[i] += trust * prior[i];
    }
    let (slopes, _) = solve(a, &b);
    let (mut rest, mut weight) = (0.0, 0.0);
    for m in members {
        let mut left = m.yy;
        for i in 0..k {
            left -= 2.0 * slopes[i] * m.xy[i];
            for j in 0..k {
                left += slopes[i] * slopes[j] * m.xx[i * k + j];
            }
        }
        rest += left.max(0.0);
        weight += m.weight * (1.0 - 1.0 / m.count as f64);
    }
    (slopes, (rest / weight.max(1e-9)).max(1e-4))
}
