//! One model for all series: boosted trees over features that do not know the scale of a series.
//!
//! One set of trees moves the mean away from a local level, another sets the dispersion of a negative binomial around
//! it; what that distribution gets wrong on steps held back is mended by its probability integral transform.

mod features;

use crate::boost::{Bins, Boost, Growth};
pub(crate) use features::Maker;

use super::count::NegativeBinomial;
use super::grid::{Distribution, LEVELS, MEDIAN};
use super::smooth::Target;
use crate::numeric::{Random, normal_cdf, normal_quantile};

/// Two sets of trees over the same bins.
pub(crate) struct Model {
    bins: Bins,
    mean: Boost,
    spread: Boost,
    usual: f64,
}

/// The most rows a model learns from.
const ROWS: usize = 50_000;
/// The most rows a model of sums learns from.
const ROWS_OF_SUMS: usize = 30_000;
/// The most rows that one series may give.
const ROWS_OF_ONE: f64 = 4_000.0;

impl Model {
    /// Learns from origins whose targets end `held` steps or more before the end of their series.
    pub(crate) fn learn(maker: &Maker<'_>, targets: &[Target], held: usize, seed: u64) -> Option<Self> {
        let nearest = targets.iter().map(|target| target.to).min()?;
        let each = if targets.len() > 6 { 4 } else { targets.len() };
        let warm = |n: usize| (n / 4).clamp(3, 120);
        let possible: usize = (0..maker.count())
            .map(|i| maker.length(i).saturating_sub(held + nearest + warm(maker.length(i))))
            .sum();
        // A sum is one question, the steps of a horizon are many.
        let rows = (if targets.len() > 1 { ROWS } else { ROWS_OF_SUMS }) as f64;
        let share = (rows / each as f64 / possible.max(1) as f64).min(1.0);
        let mut random = Random::new(seed);
        let (mut rows, mut start, mut came, mut worth) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for i in 0..maker.count() {
            let n = maker.length(i).saturating_sub(held);
            let y = maker.values(i);
            let share = share.min(ROWS_OF_ONE / each as f64 / n.max(1) as f64);
            for origin in warm(maker.length(i))..n {
                if random.uniform() >= share {
                    continue;
                }
                for pick in 0..each {
                    let place = (pick as f64 + random.uniform()) / each as f64 * targets.len() as f64;
                    let target = targets[(place as usize).min(targets.len() - 1)];
                    if origin + target.to > n {
                        continue;
                    }
                    maker.row(i, origin, target, &mut rows);
                    start.push(maker.start(i, origin, target).ln());
                    came.push(target.of(&y[origin..]));
                    let base = maker.base(i, origin);
                    worth.push((1.0 / base.max(0.02)).powf(0.1));
                }
            }
        }
        if came.len() < 200 {
            return None;
        }
        let columns = maker.width();
        let bins = Bins::learn(&rows, columns);
        let cut = bins.cut(&rows);
        // A first dispersion for all rows, by moments.
        let (mut over, mut squares) = (0.0, 0.0);
        for (start, came) in start.iter().zip(&came) {
            let mu = start.exp();
            over += ((came - mu).powi(2) - mu) / (mu * mu).max(1e-6) * mu.min(1.0);
            squares += mu.min(1.0);
        }
        let usual: f64 = (over / squares).clamp(0.05, 5.0);
        let growth = Growth {
            trees: 150,
            rate: 0.06,
            leaves: 12,
            least: 20.0,
            ridge: 5.0,
            rows: 0.7,
            columns: 0.6,
            seed: seed ^ 1,
        };
        let mut scores = start.clone();
        let mean = Boost::grow(&cut, columns, &mut scores, &growth, |row, score| {
            let mu = score.exp().min(1e9);
            let y = came[row];
            let w = worth[row];
            let slack = 1.0 + usual * mu;
            (w * (mu - y) / slack, w * mu * (1.0 + usual * y) / (slack * slack))
        });
        let means: Vec<f64> = scores.iter().map(|score| score.exp().min(1e9)).collect();
        let mut spreads = vec![usual.ln(); came.len()];
        let growth = Growth { trees: growth.trees / 2, rate: 0.1, seed: seed ^ 2, ..growth };
        let spread = Boost::grow(&cut, columns, &mut spreads, &growth, |row, score| {
            let d = NegativeBinomial::new(means[row], score.exp());
            let slope = d.dispersion_slope(came[row]);
            (-slope.clamp(-3.0, 3.0), 0.25)
        });
        Some(Self { bins, mean, spread, usual })
    }

    /// The distribution of a target as seen from an origin.
    pub(crate) fn expect(
        &self,
        maker: &Maker<'_>,
        series: usize,
        origin: usize,
        target: Target,
        row: &mut Vec<f32>,
    ) -> NegativeBinomial {
        row.clear();
        maker.row(series, origin, target, row);
        let cut = self.bins.cut(row);
        let start = maker.start(series, origin, target);
        let mean = start * self.mean.score(&cut).clamp(-7.0, 4.0).exp();
        NegativeBinomial::new(mean, self.usual * self.spread.score(&cut).exp())
    }
}

/// The level at which a probability is stated that is read at `levels`.
fn stated(levels: &[f64; LEVELS.len()], p: f64) -> f64 {
    let above = levels.partition_point(|&own| own <= p);
    let at = |k: usize| if k == 0 { (0.0, 0.0) } else { (levels[k - 1], LEVELS[k - 1]) };
    let (a, low) = at(above);
    let (b, high) = if above == levels.len() { (1.0, 1.0) } else { at(above + 1) };
    if b > a { low + (high - low) * ((p - a) / (b - a)).clamp(0.0, 1.0) } else { high }
}

/// At which levels a distribution is to be read so that its statements come true: learned from steps held back,
/// apart for few and for many expected units.
pub(crate) struct Mending {
    limits: Vec<f64>,
    levels: Vec<[f64; LEVELS.len()]>,
}

const CELLS: usize = 400;
/// How much of a drift that all series shared is carried on.
const DRIFT: f64 = 0.25;
/// How many statements the assumption that nothing needs mending is worth.
const TRUST: f64 = 60.0;

impl Mending {
    /// Learns from pairs of an expectation and what came.
    pub(crate) fn learn(mut seen: Vec<(NegativeBinomial, f64)>) -> Self {
        seen.sort_by(|a, b| a.0.mean.total_cmp(&b.0.mean));
        let parts = (seen.len() / 1500).clamp(1, 6);
        let (mut limits, mut levels) = (Vec::new(), Vec::new());
        for part in 0..parts {
            let slice = &seen[part * seen.len() / parts..(part + 1) * seen.len() / parts];
            limits.push(slice.last().map_or(f64::INFINITY, |pair| pair.0.mean));
            let mut cells = [TRUST / CELLS as f64; CELLS];
            for &(d, y) in slice {
                let (high, low) = d.around(y);
                let width = (high - low).max(1e-6);
                let (a, b) = (low * CELLS as f64, high * CELLS as f64);
                let first = (a as usize).min(CELLS - 1);
                for c in first..(b.ceil() as usize).clamp(first + 1, CELLS) {
                    let part = (b.min(c as f64 + 1.0) - a.max(c as f64)).max(0.0) / CELLS as f64 / width;
                    cells[c.min(CELLS - 1)] += part;
                }
            }
            let total: f64 = cells.iter().sum();
            let mut out = [0.0; LEVELS.len()];
            let (mut c, mut sum) = (0, 0.0);
            for (out, level) in out.iter_mut().zip(LEVELS) {
                let goal = level * total;
                while c < CELLS - 1 && sum + cells[c] < goal {
                    sum += cells[c];
                    c += 1;
                }
                *out = ((c as f64 + (goal - sum) / cells[c]) / CELLS as f64).clamp(0.0005, 0.9995);
            }
            // A common drift of the past is no promise: most of what moves the middle is left out.
            let shift = (1.0 - DRIFT) * normal_quantile(out[MEDIAN]);
            for level in &mut out {
                *level = normal_cdf(normal_quantile(*level) - shift);
            }
            levels.push(out);
        }
        Self { limits, levels }
    }

    /// The mended distribution.
    pub(crate) fn mend(&self, d: NegativeBinomial) -> Distribution {
        let part = self.limits.partition_point(|&limit| limit < d.mean).min(self.levels.len() - 1);
        let levels = &self.levels[part];
        let mut out = Distribution::new(d.mean, d.quantiles(levels));
        out.counts = d.counts().map(|counts| counts.through(|p| stated(levels, p)));
        out.repair();
        out
    }
}
