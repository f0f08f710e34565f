use super::count::{NegativeBinomial, local};
use super::global::{Maker, Mending, Model};
use super::grid::{Distribution, LEVELS, pinball};
use super::smooth::{Target, forecast_smooth};

/// How many kinds of experts are heard.
const EXPERTS: usize = 4;

/// Targets that are of one kind: all the steps, or one sum.
pub(super) struct Kind {
    pub(super) targets: Vec<Target>,
}

/// What every expert says of one target.
type Sayings = [Option<Distribution>; EXPERTS];

/// A look back: what was said at an origin, and what came.
struct Look {
    said: Sayings,
    came: f64,
    worth: f64,
}

/// Weights on the simplex under which the average of the experts' quantiles would have lost least, found by
/// exponentiated gradients on the pinball loss (Kivinen & Warmuth, 1997).
fn weigh(looks: &[Look], heard: [bool; EXPERTS]) -> [f64; EXPERTS] {
    let count = heard.iter().filter(|&&h| h).count().max(1) as f64;
    let mut w = heard.map(|h| if h { 1.0 / count } else { 0.0 });
    let mut sum = [0.0; EXPERTS];
    let rounds = 120;
    for round in 0..rounds {
        let mut slope = [0.0; EXPERTS];
        let mut total = 1e-12;
        for look in looks {
            let Some(said) = joint(&look.said) else { continue };
            for (q, &level) in LEVELS.iter().enumerate() {
                let joined: f64 =
                    said.iter().zip(&w).map(|(d, w)| d.map_or(0.0, |d| d.quantiles[q]) * w).sum();
                let side = if look.came > joined { -level } else { 1.0 - level };
                for (slope, d) in slope.iter_mut().zip(said) {
                    *slope += d.map_or(0.0, |d| side * (d.quantiles[q] - joined)) * look.worth;
                }
                total += pinball(look.came, joined, level) * look.worth;
            }
        }
        for (w, slope) in w.iter_mut().zip(slope) {
            *w *= (-3.0 * slope / total).exp();
        }
        let all: f64 = w.iter().sum();
        for (k, w) in w.iter_mut().enumerate() {
            *w /= all;
            if round >= rounds / 2 {
                sum[k] += *w / f64::from(rounds - rounds / 2);
            }
        }
    }
    sum
}

fn joint(said: &Sayings) -> Option<&Sayings> {
    said.iter().any(Option::is_some).then_some(said)
}

fn average(said: &Sayings, weights: &[f64; EXPERTS]) -> Distribution {
    let all: f64 = said.iter().zip(weights).filter(|(d, _)| d.is_some()).map(|(_, w)| w).sum();
    let mut out = Distribution::certain(0.0);
    for (d, w) in said.iter().zip(weights) {
        let Some(d) = d else { continue };
        let share = if all > 0.0 { w / all } else { 1.0 / EXPERTS as f64 };
        out.mean += share * d.mean;
        for (q, own) in out.quantiles.iter_mut().zip(&d.quantiles) {
            *q += share * own;
        }
    }
    out.repair();
    out
}

/// Hears all experts about every target of every series, and joins what they say by how they did on the steps held
/// back: the last horizon and the half before it.
pub(super) fn forecast(
    maker: &Maker<'_>,
    m: usize,
    h: usize,
    kinds: &[Kind],
    seed: u64,
) -> Vec<Vec<Distribution>> {
    let held = h + h / 2;
    let count = maker.count();
    let mut out: Vec<Vec<Distribution>> = vec![Vec::new(); count];
    let all: Vec<Target> = kinds.iter().flat_map(|kind| kind.targets.iter().copied()).collect();
    let longest = |i: usize, end: usize| &maker.values(i)[end.saturating_sub(SMOOTH)..end];
    let smooth = |back: usize| -> Vec<Vec<Distribution>> {
        let known: Vec<&[f64]> =
            (0..count).map(|i| longest(i, maker.length(i).saturating_sub(back).max(1))).collect();
        forecast_smooth(&known, m, h, &all)
    };
    let backs = [held, h];
    let smoothed = backs.map(smooth);
    let smooth_now = smooth(0);
    let mut row = Vec::new();
    let mut offset = 0;
    for kind in kinds {
        let early = Model::learn(maker, &kind.targets, held, seed);
        let mut looks: Vec<Look> = Vec::new();
        let mut raw: Vec<[NegativeBinomial; 2]> = Vec::new();
        for i in 0..count {
            let n = maker.length(i);
            let y = maker.values(i);
            let scale = crate::numeric::mean(&y.windows(2).map(|p| (p[1] - p[0]).abs()).collect::<Vec<_>>());
            for (back, smoothed) in backs.iter().zip(&smoothed) {
                let Some(origin) = n.checked_sub(*back).filter(|&o| o >= 4) else { continue };
                let each = (kind.targets.len() / 7).max(1);
                for (k, target) in kind.targets.iter().enumerate().step_by(each) {
                    if origin + target.to > n || scale <= 0.0 {
                        continue;
                    }
                    let mut said = [None; EXPERTS];
                    said[0] = Some(smoothed[i][offset + k]);
                    said[1] = Some(local::empirical(maker, i, origin, *target));
                    let own = local::moments(maker, i, origin, *target);
                    let learned =
                        early.as_ref().map_or(own, |early| early.expect(maker, i, origin, *target, &mut row));
                    raw.push([own, learned]);
                    let worth = 1.0 / (scale * (target.to - target.from) as f64);
                    looks.push(Look { said, came: target.of(&y[origin..]), worth });
                }
            }
        }
        let mendings: Vec<Mending> = (0..2)
            .map(|which| {
                Mending::learn(raw.iter().zip(&looks).map(|(d, look)| (d[which], look.came)).collect())
            })
            .collect();
        for (look, raw) in looks.iter_mut().zip(&raw) {
            look.said[2] = Some(mendings[0].mend(raw[0]));
            look.said[3] = early.is_some().then(|| mendings[1].mend(raw[1]));
        }
        let weights = weigh(&looks, [true, true, true, early.is_some()]);
        let model = early.and_then(|_| Model::learn(maker, &kind.targets, 0, seed));
        for (i, out) in out.iter_mut().enumerate() {
            let n = maker.length(i);
            for (k, target) in kind.targets.iter().enumerate() {
                let said = [
                    Some(smooth_now[i][offset + k]),
                    Some(local::empirical(maker, i, n, *target)),
                    Some(mendings[0].mend(local::moments(maker, i, n, *target))),
                    model
                        .as_ref()
                        .map(|model| mendings[1].mend(model.expect(maker, i, n, *target, &mut row))),
                ];
                out.push(average(&said, &weights));
            }
        }
        offset += kind.targets.len();
    }
    out
}

/// The most steps that the smoothing models look back on.
const SMOOTH: usize = 730;
