use super::NegativeBinomial;
use crate::forecast::global::Maker;
use crate::forecast::grid::{Counts, Distribution, LEVELS};
use crate::forecast::smooth::Target;

/// The recent past itself as the distribution: values of the last steps, later ones counting more, those that share
/// the target's weekday counting most (empirical quantiles; Willemain, Smart & Schwarz, 2004, for sums).
pub(crate) fn empirical(maker: &Maker<'_>, series: usize, origin: usize, target: Target) -> Distribution {
    let y = &maker.values(series)[..origin];
    let length = target.to - target.from;
    let reach = maker.memory();
    let first = origin.saturating_sub(reach * 2);
    let half = reach as f64 / 2.0;
    let wanted = (origin + target.from) % 7;
    let mut seen: Vec<(f64, f64)> = Vec::with_capacity(2 * reach);
    let mut sum: f64 = y.get(first..first + length - 1).map_or(0.0, |head| head.iter().sum());
    for end in first + length - 1..origin {
        sum += y[end];
        let age = (origin - end) as f64;
        let mut weight = (-age / half * std::f64::consts::LN_2).exp();
        if length == 1 && maker.weekly() && end % 7 == wanted {
            weight *= 6.0;
        }
        seen.push((sum, weight));
        sum -= y[end + 1 - length];
    }
    if seen.is_empty() {
        return Distribution::certain(maker.local(series, origin, target));
    }
    weighted(&mut seen)
}

fn weighted(seen: &mut [(f64, f64)]) -> Distribution {
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = seen.iter().map(|s| s.1).sum();
    let mean = seen.iter().map(|s| s.0 * s.1).sum::<f64>() / total;
    let (mut at, mut passed) = (0, seen[0].1);
    let quantiles = LEVELS.map(|level| {
        while at + 1 < seen.len() && passed < level * total {
            at += 1;
            passed += seen[at].1;
        }
        seen[at].0
    });
    let mut d = Distribution::new(mean, quantiles);
    let (mut at, mut passed) = (0, 0.0);
    d.counts = Some(Counts::new(|amount| {
        while at < seen.len() && seen[at].0 <= amount {
            passed += seen[at].1;
            at += 1;
        }
        passed / total
    }));
    d.repair();
    d
}

/// A negative binomial around the local level, its dispersion from the series' own recent moments, shrunk towards one.
pub(crate) fn moments(maker: &Maker<'_>, series: usize, origin: usize, target: Target) -> NegativeBinomial {
    let mean = maker.local(series, origin, target);
    let y = &maker.values(series)[origin.saturating_sub(2 * maker.memory())..origin];
    let length = (target.to - target.from) as f64;
    let n = y.len() as f64;
    let (sum, squares) = y.iter().fold((0.0, 0.0), |(s, q), v| (s + v, q + v * v));
    let usual = (sum / n).max(1e-6);
    let spread = (squares / n - usual * usual).max(0.0);
    let own = (spread - usual) / (usual * usual);
    let dispersion = (own.clamp(0.0, 20.0) * n + 10.0) / (n + 10.0) / length.sqrt();
    NegativeBinomial::new(mean, dispersion)
}
