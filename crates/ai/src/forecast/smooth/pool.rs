use super::{Bench, Fitted, MEMBERS, clean};
use crate::forecast::grid::{Distribution, LEVELS};
use crate::numeric::{mean, normal_quantile, quantile_sorted};

/// A quantity to forecast: the sum of the steps from `from` to before `to`, counted from the last value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    /// The first step.
    pub(crate) from: usize,
    /// The step after the last.
    pub(crate) to: usize,
}

impl Target {
    pub(crate) fn of(self, steps: &[f64]) -> f64 {
        steps[self.from..self.to].iter().sum()
    }
}

/// What the members said of the past from several origins inside it.
struct Rolled {
    /// The scale of the series: its mean step from value to value, season apart.
    scale: f64,
    /// Per origin: the members' forecasts, and what came.
    looks: Vec<Look>,
    /// The members' forecasts from the end.
    ahead: Box<[Vec<f64>; MEMBERS]>,
}

struct Look {
    said: Box<[Vec<f64>; MEMBERS]>,
    came: Vec<f64>,
}

/// How strongly a member's errors count against it.
const SHARPNESS: f64 = 2.0;
/// How many looks the experience of all series is worth.
const SHARED: f64 = 20.0;

fn empty(h: usize) -> Box<[Vec<f64>; MEMBERS]> {
    Box::new(std::array::from_fn(|_| vec![0.0; h]))
}

fn roll(y: &[f64], m: usize, h: usize, bench: &mut Bench) -> Rolled {
    let n = y.len();
    let whole = clean(y, m);
    let fitted = bench.fit(y, &whole);
    let mut ahead = empty(h);
    bench.forecast(y, &whole, &fitted, &mut ahead);
    let steps: Vec<f64> = whole.y.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let scale = mean(&steps);
    let mut looks = Vec::new();
    let first = n.saturating_sub(2 * h).max(n * 3 / 5).max(6);
    if n >= 10 && scale > 0.0 {
        let before = clean(&y[..first], m);
        let early: Fitted = bench.fit(&y[..first], &before);
        let stride = (n - first).div_ceil(12).max(1);
        for origin in (first..n).step_by(stride) {
            let known = clean(&y[..origin], m);
            let mut said = empty(h.min(n - origin));
            bench.forecast(&y[..origin], &known, &early, &mut said);
            looks.push(Look { said, came: y[origin..n.min(origin + h)].to_vec() });
        }
    }
    Rolled { scale, looks, ahead }
}

fn loss(look: &Look, member: usize) -> f64 {
    let gaps = look.said[member].iter().zip(&look.came).map(|(f, y)| (f - y).abs());
    gaps.sum::<f64>() / look.came.len() as f64
}

fn losses(rolled: &Rolled) -> Option<[f64; MEMBERS]> {
    let mut ratios = [0.0; MEMBERS];
    for (member, ratio) in ratios.iter_mut().enumerate() {
        *ratio = rolled.looks.iter().map(|look| loss(look, member)).sum::<f64>();
    }
    let usual = mean(&ratios);
    (usual > 0.0).then(|| ratios.map(|ratio| ratio / usual))
}

/// What all series together taught.
pub(super) struct Taught {
    members: [f64; MEMBERS],
    growth: Vec<f64>,
    shape: Vec<[f64; LEVELS.len()]>,
}

/// The weights that would have served all series best: absolute errors, scaled by the series, made small by
/// exponentiated gradients on the simplex (Kivinen & Warmuth, 1997).
fn stack(rolled: &[&Rolled]) -> [f64; MEMBERS] {
    let mut rows: Vec<([f64; MEMBERS], f64)> = Vec::new();
    for one in rolled.iter().filter(|one| !one.looks.is_empty()) {
        let count: usize = one.looks.iter().map(|look| look.came.len()).sum();
        for look in &one.looks {
            for (t, came) in look.came.iter().enumerate() {
                let worth = 1.0 / (one.scale * count as f64);
                rows.push((std::array::from_fn(|k| (look.said[k][t] - came) * worth), worth));
            }
        }
    }
    let mut w = [1.0 / MEMBERS as f64; MEMBERS];
    let mut sum = [0.0; MEMBERS];
    let rounds = 60;
    let total: f64 = rows.iter().map(|(e, _)| e[0].abs()).sum::<f64>().max(1e-12);
    for _ in 0..rounds {
        let mut slope = [0.0; MEMBERS];
        for (e, _) in &rows {
            let miss: f64 = e.iter().zip(&w).map(|(e, w)| e * w).sum();
            for (s, e) in slope.iter_mut().zip(e) {
                *s += miss.signum() * e;
            }
        }
        for (w, s) in w.iter_mut().zip(&slope) {
            *w *= (-0.5 * s / total).exp();
        }
        let all: f64 = w.iter().sum();
        for (w, sum) in w.iter_mut().zip(&mut sum) {
            *w = (*w / all).max(1e-4);
            *sum += *w / f64::from(rounds);
        }
    }
    sum
}

fn weights(rolled: &Rolled, pooled: &[f64; MEMBERS]) -> [f64; MEMBERS] {
    let own = losses(rolled);
    let k = if own.is_some() { rolled.looks.len() as f64 } else { 0.0 };
    let own = own.unwrap_or([1.0; MEMBERS]);
    let mut weights: [f64; MEMBERS] = std::array::from_fn(|i| (k * own[i] + SHARED) / (k + SHARED));
    let least = weights.iter().copied().fold(f64::INFINITY, f64::min);
    for (weight, pooled) in weights.iter_mut().zip(pooled) {
        *weight = pooled * (-SHARPNESS * (*weight - least)).exp();
    }
    let sum: f64 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}

fn combine(said: &[Vec<f64>; MEMBERS], weights: &[f64; MEMBERS], out: &mut Vec<f64>) {
    out.clear();
    out.extend((0..said[0].len()).map(|t| said.iter().zip(weights).map(|(f, w)| f[t] * w).sum::<f64>()));
}

/// Absolute errors of the combination, by target, and the signed ones.
fn errors(rolled: &Rolled, weights: &[f64; MEMBERS], targets: &[Target]) -> Vec<Vec<f64>> {
    let mut of_target = vec![Vec::new(); targets.len()];
    let mut joined = Vec::new();
    for look in &rolled.looks {
        combine(&look.said, weights, &mut joined);
        for (errors, target) in of_target.iter_mut().zip(targets) {
            if target.to <= look.came.len() {
                errors.push(target.of(&look.came) - target.of(&joined));
            }
        }
    }
    of_target
}

/// How a series' own errors compare to the usual growth, shrunk towards it.
fn width(rolled: &Rolled, errors: &[Vec<f64>], growth: &[f64]) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for (own, usual) in errors.iter().zip(growth) {
        for e in own {
            sum += e.abs() / (rolled.scale * usual);
            count += 1.0;
        }
    }
    // Errors of neighbouring origins overlap: a dozen of them say little more than one.
    let (own, worth) = (sum, count / WORTH);
    if count > 0.0 { (own / WORTH + PRIOR) / (worth + PRIOR) } else { 1.0 }
}
const WORTH: f64 = 20.0;
const PRIOR: f64 = 2.0;

fn teach(rolled: &[&Rolled], targets: &[Target]) -> Taught {
    let members = stack(rolled);
    let found: Vec<(&Rolled, Vec<Vec<f64>>)> = rolled
        .iter()
        .filter(|one| !one.looks.is_empty())
        .map(|one| (*one, errors(one, &weights(one, &members), targets)))
        .collect();
    let mut growth: Vec<f64> = targets
        .iter()
        .map(|target| {
            let mut ratios: Vec<f64> = found
                .iter()
                .filter(|(_, errors)| errors.len() == targets.len())
                .filter_map(|(one, errors)| {
                    let own = &errors[targets.iter().position(|t| t == target)?];
                    let size = own.iter().map(|e| e.abs()).sum::<f64>() / own.len() as f64;
                    (!own.is_empty()).then_some(size / one.scale)
                })
                .collect();
            ratios.sort_by(f64::total_cmp);
            let usual = quantile_sorted(&ratios, 0.5);
            // Few looks: the square root of time.
            let steps = (target.to - target.from) as f64;
            let guess = 0.8 * steps * (target.to as f64).sqrt();
            let k = ratios.len() as f64;
            (usual * k + guess * 3.0) / (k + 3.0)
        })
        .collect();
    for g in &mut growth {
        *g = g.max(1e-6);
    }
    let shape = targets
        .iter()
        .enumerate()
        .map(|(place, target)| {
            // Neighbouring single steps share their shape.
            let near: Vec<usize> = (0..targets.len())
                .filter(|&other| {
                    let t = targets[other];
                    other == place
                        || (t.to - t.from == 1
                            && target.to - target.from == 1
                            && t.to.abs_diff(target.to) <= 2)
                })
                .collect();
            let mut z: Vec<f64> = Vec::new();
            for (one, errors) in &found {
                let width = width(one, errors, &growth);
                for &other in &near {
                    z.extend(errors[other].iter().map(|e| e / (one.scale * growth[other] * width)));
                }
            }
            z.sort_by(f64::total_cmp);
            let k = (z.len() as f64 / 8.0).min(400.0);
            // A common drift of the past is no promise: the middle stays where the members put it, and how lopsided
            // the errors are is believed by half.
            let middle = quantile_sorted(&z, 0.5);
            let side = |level: f64| quantile_sorted(&z, level) - middle;
            std::array::from_fn(|q| {
                // A mean absolute error of one is a deviation of 1.25.
                let guess = 1.2533 * normal_quantile(LEVELS[q]);
                let seen = 0.5 * (side(LEVELS[q]) - side(1.0 - LEVELS[q]));
                (seen * k + guess * 20.0) / (k + 20.0)
            })
        })
        .collect();
    Taught { members, growth, shape }
}

fn conclude(rolled: &Rolled, taught: &Taught, targets: &[Target]) -> Vec<Distribution> {
    let weights = weights(rolled, &taught.members);
    let errors = errors(rolled, &weights, targets);
    let width = width(rolled, &errors, &taught.growth);
    let mut joined = Vec::new();
    combine(&rolled.ahead, &weights, &mut joined);
    let answer = |(place, target): (usize, &Target)| {
        let middle = target.of(&joined);
        let size = rolled.scale * taught.growth[place] * width;
        let mut d = Distribution::new(middle, taught.shape[place].map(|z| middle + size * z));
        d.repair();
        d
    };
    targets.iter().enumerate().map(answer).collect()
}

/// The most series that are asked what they teach; the others are only told.
const TEACHERS: usize = 3000;

/// Forecasts every target of every series.
pub(crate) fn forecast(series: &[&[f64]], m: usize, h: usize, targets: &[Target]) -> Vec<Vec<Distribution>> {
    let mut bench = Bench::default();
    let every = series.len().div_ceil(TEACHERS).max(1);
    let rolled: Vec<Rolled> = series.iter().map(|y| roll(y, m, h, &mut bench)).collect();
    let teachers: Vec<&Rolled> = rolled.iter().step_by(every).collect();
    let taught = teach(&teachers, targets);
    rolled.iter().map(|one| conclude(one, &taught, targets)).collect()
}
