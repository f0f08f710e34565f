use super::count::{NegativeBinomial, local};
use super::global::{Maker, Mending, Model};
use super::grid::{Counts, Distribution, LEVELS, pinball};
use super::smooth::{Pool, SMOOTHING, Target, roll};
use super::work::{Progress, share};

/// How many kinds of experts are heard.
const EXPERTS: usize = 4;

/// Targets that are of one kind: all the steps, or one sum.
pub(super) struct Kind {
    pub(super) targets: Vec<Target>,
}

impl Kind {
    fn reach(&self) -> usize {
        self.targets.iter().map(|target| target.to).max().unwrap_or(1)
    }

    /// From where the past is looked at, in steps before its end: steps from two origins; a sum, which gives one answer
    /// from each, from five.
    fn backs(&self) -> Vec<usize> {
        let reach = self.reach();
        if self.targets.len() > 1 {
            vec![reach + reach / 2, reach]
        } else {
            (0..5).rev().map(|k| reach + k * reach / 2).collect()
        }
    }
}

/// What every expert says of one target.
type Sayings = [Option<Distribution>; EXPERTS];

/// A look back: what was said at an origin, and what came.
struct Look {
    series: usize,
    said: Sayings,
    came: f64,
    worth: f64,
}

/// What the experts said of one target at every level, side by side, what came, and what a unit of it is worth.
struct Saying {
    levels: [[f64; EXPERTS]; LEVELS.len()],
    came: f64,
    worth: f64,
}

/// The most looks by which the experts are weighed.
const WEIGHED: usize = 20_000;
/// How boldly the weights follow what was better.
const RATE: f64 = 3.0;

/// By how much a weight grows or shrinks in a round; where next to nothing is lost any more, no more than this bears.
fn follow(slope: f64, total: f64) -> f64 {
    (-RATE * (slope / total).clamp(-20.0, 20.0)).exp()
}

/// Weights on the simplex under which the average of the experts' quantiles would have lost least, found by
/// exponentiated gradients on the pinball loss (Kivinen & Warmuth, 1997).
///
/// An expert that had nothing to say of most looks has no weight.
fn weigh(looks: &[Look]) -> [f64; EXPERTS] {
    let spoke = |k: usize| 2 * looks.iter().filter(|look| look.said[k].is_some()).count() > looks.len();
    let heard: [bool; EXPERTS] = std::array::from_fn(spoke);
    let count = heard.iter().filter(|&&h| h).count().max(1) as f64;
    // Where an expert has nothing to say, it cannot be compared.
    let comparable = |look: &&Look| look.said.iter().zip(heard).all(|(said, heard)| !heard || said.is_some());
    let every = looks.len().div_ceil(WEIGHED).max(1);
    let sayings: Vec<Saying> = looks
        .iter()
        .step_by(every)
        .filter(comparable)
        .map(|look| {
            let at = |k: usize, q: usize| look.said[k].as_ref().map_or(0.0, |said| said.quantiles[q]);
            let levels = std::array::from_fn(|q| std::array::from_fn(|k| at(k, q)));
            Saying { levels, came: look.came, worth: look.worth }
        })
        .collect();
    let mut w = heard.map(|h| if h { 1.0 / count } else { 0.0 });
    let mut sum = [0.0; EXPERTS];
    let rounds = 120;
    for round in 0..rounds {
        let mut slope = [0.0; EXPERTS];
        let mut total = 1e-12;
        for saying in &sayings {
            for (said, &level) in saying.levels.iter().zip(&LEVELS) {
                let joined: f64 = said.iter().zip(&w).map(|(said, w)| said * w).sum();
                let side = if saying.came > joined { -level } else { 1.0 - level } * saying.worth;
                for (slope, said) in slope.iter_mut().zip(said) {
                    *slope += side * (said - joined);
                }
                total += side * (joined - saying.came);
            }
        }
        for (w, slope) in w.iter_mut().zip(slope) {
            *w *= follow(slope, total);
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

/// How many rounds the weights of the means take.
const ROUNDS_OF_MEANS: usize = 200;

/// The weights of the experts' means: halfway from those of their quantiles to those under which the average of the
/// means would have missed least in squares. Who tells the ranges best does not always tell the mean best.
fn weigh_means(looks: &[Look], weights: [f64; EXPERTS]) -> [f64; EXPERTS] {
    let heard = weights.map(|w| w > 0.0);
    let every = looks.len().div_ceil(WEIGHED).max(1);
    let comparable = |look: &&Look| look.said.iter().zip(heard).all(|(said, heard)| !heard || said.is_some());
    let rows: Vec<([f64; EXPERTS], f64, f64)> = looks
        .iter()
        .step_by(every)
        .filter(comparable)
        .map(|look| {
            let means = std::array::from_fn(|k| look.said[k].as_ref().map_or(0.0, |said| said.mean));
            (means, look.came, look.worth * look.worth)
        })
        .collect();
    let count = heard.iter().filter(|&&h| h).count().max(1) as f64;
    let mut w = heard.map(|h| if h { 1.0 / count } else { 0.0 });
    for _ in 0..ROUNDS_OF_MEANS {
        let (mut slope, mut total) = ([0.0; EXPERTS], 1e-12);
        for (means, came, worth) in &rows {
            let joined: f64 = means.iter().zip(&w).map(|(mean, w)| mean * w).sum();
            let miss = joined - came;
            for (slope, mean) in slope.iter_mut().zip(means) {
                *slope += worth * miss * (mean - joined);
            }
            total += worth * miss * miss;
        }
        for (w, slope) in w.iter_mut().zip(slope) {
            *w *= follow(slope, total);
        }
        let all: f64 = w.iter().sum();
        w = w.map(|w| w / all);
    }
    std::array::from_fn(|k| f64::midpoint(w[k], weights[k]))
}

/// The average of the means of those experts who have one to tell.
fn average_mean(said: &Sayings, weights: &[f64; EXPERTS]) -> Option<f64> {
    let told = || said.iter().zip(weights).filter_map(|(d, w)| d.as_ref().map(|d| (d.mean, w)));
    let all: f64 = told().map(|(_, w)| w).sum();
    (all > 0.0).then(|| told().map(|(mean, w)| mean * w / all).sum())
}

/// The weights bent for each series by how the experts did on it, shrunk towards how they did on all.
fn bend(looks: &[Look], weights: [f64; EXPERTS], count: usize) -> Vec<[f64; EXPERTS]> {
    let mut losses = vec![([0.0; EXPERTS], 0.0); count];
    for look in looks {
        let (sums, seen) = &mut losses[look.series];
        *seen += 1.0;
        for (sum, d) in sums.iter_mut().zip(&look.said) {
            if let Some(d) = d.as_ref() {
                let each = LEVELS.iter().zip(&d.quantiles).map(|(&level, &q)| pinball(look.came, q, level));
                *sum += each.sum::<f64>();
            }
        }
    }
    losses
        .iter()
        .map(|(sums, seen)| {
            let usual: f64 = sums.iter().zip(&weights).map(|(sum, w)| sum * w).sum();
            if usual <= 0.0 {
                return weights;
            }
            let mut own = weights;
            for (w, sum) in own.iter_mut().zip(sums) {
                let ratio = (seen * sum / usual + SHRINK) / (seen + SHRINK);
                *w *= ratio.powf(-BEND);
            }
            let all: f64 = own.iter().sum();
            own.map(|w| w / all)
        })
        .collect()
}

/// How strongly, and how many looks the experience of all series is worth.
const BEND: f64 = 1.0;
const SHRINK: f64 = 10.0;

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
    // Counts are joined as probabilities, where some expert knows them.
    if said[2].is_some_and(|own| own.counts.is_some()) {
        let parts: Vec<(f64, Counts)> = said
            .iter()
            .zip(weights)
            .filter_map(|(d, &w)| d.filter(|_| w > 0.01).map(|d| (w, d.counted())))
            .collect();
        out.counts = (!parts.is_empty()).then(|| Counts::pool(&parts));
        // Where the counts are few, quantiles are read off them: an average of quantiles lies between two counts.
        if let Some(quantiles) = out.counts.as_ref().and_then(Counts::quantiles) {
            out.quantiles = quantiles;
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
    kinds: &[Kind],
    seed: u64,
    threads: usize,
    tell: &(dyn Fn(f64) + Sync),
) -> Vec<Vec<Distribution>> {
    let progress = &Progress::new(maker.count() * (SMOOTHING + 3 * kinds.len()), tell);
    let known: Vec<&[f64]> = (0..maker.count())
        .map(|i| {
            let y = maker.values(i);
            &y[y.len().saturating_sub(SMOOTH)..]
        })
        .collect();
    let steps = kinds.iter().map(Kind::reach).max().unwrap_or(1);
    let backs: Vec<usize> = kinds.iter().flat_map(Kind::backs).collect();
    let rolled = roll(&known, m, steps, &backs, threads, progress);
    let pool = Pool::new(&rolled);
    let mut out: Vec<Vec<Distribution>> = vec![Vec::new(); maker.count()];
    let heard = share(kinds.len(), threads, |range| {
        range.map(|kind| hear(maker, &pool, &kinds[kind], seed, threads, progress)).collect()
    });
    for heard in heard {
        for (out, said) in out.iter_mut().zip(heard) {
            out.extend(said);
        }
    }
    out
}

/// What must be mended in the local and in the learned negative binomials, as all looks teach it. In the looks they are told as
/// mended by what the other half of the series teaches, so that they are weighed by what they did not see.
fn mend(looks: &mut [Look], raw: &[[NegativeBinomial; 2]], is_learned: bool, threads: usize) -> Vec<Mending> {
    let teach = |at: usize| {
        let (which, left_out) = (at % 2, (at / 2).checked_sub(1));
        let teaches = |look: &Look| left_out.is_none_or(|half| look.series % 2 != half);
        let chosen = raw.iter().zip(&*looks).filter(|(_, look)| teaches(look));
        Mending::learn(chosen.map(|(d, look)| (d[which], look.came)).collect())
    };
    // By all, without one half, without the other.
    let mut mendings = share(3 * 2, threads, |range| range.map(teach).collect());
    let mended: Vec<[Distribution; 2]> = share(looks.len(), threads, |range| {
        let mend = |at: usize| {
            let others = &mendings[2 + 2 * (looks[at].series % 2)..];
            [0, 1].map(|which| others[which].mend(raw[at][which]))
        };
        range.map(mend).collect()
    });
    for (look, [local, learned]) in looks.iter_mut().zip(mended) {
        look.said[2] = Some(local);
        look.said[3] = is_learned.then_some(learned);
    }
    mendings.truncate(2);
    mendings
}

fn hear(
    maker: &Maker<'_>,
    pool: &Pool<'_>,
    kind: &Kind,
    seed: u64,
    threads: usize,
    progress: &Progress<'_>,
) -> Vec<Vec<Distribution>> {
    let backs = kind.backs();
    let held = backs[0];
    let learn = |held: usize| {
        let model = Model::learn(maker, &kind.targets, held, seed);
        progress.add(maker.count());
        model
    };
    let learn_now = || learn(0);
    let look_back = || {
        let early = learn(held);
        let smoothed: Vec<_> = backs.iter().map(|&back| pool.say(&kind.targets, back)).collect();
        (early, smoothed, pool.say(&kind.targets, 0))
    };
    // The two halves of the work know nothing of each other, so threads change when it is done, never what is said. Of a sum
    // the model is seldom heard, so it is not learned before that is known.
    let (model, (early, smoothed, now)) = if threads > 1 && kind.targets.len() > 1 {
        std::thread::scope(|scope| {
            let learning = scope.spawn(learn_now);
            let looked = look_back();
            (Some(learning.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))), looked)
        })
    } else {
        (None, look_back())
    };
    // What is looked back on of a series: what was said, and what the negative binomials did before they were mended.
    let look = |series: usize, row: &mut Vec<f32>| {
        let mut looks: Vec<(Look, [NegativeBinomial; 2])> = Vec::new();
        let n = maker.length(series);
        let y = maker.values(series);
        let scale = y.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f64>() / n as f64;
        for (back, smoothed) in backs.iter().zip(&smoothed) {
            let Some(origin) = n.checked_sub(*back).filter(|&origin| origin >= 4) else { continue };
            let each = (kind.targets.len() / 7).max(1);
            for (k, target) in kind.targets.iter().enumerate().step_by(each) {
                if origin + target.to > n || scale <= 0.0 {
                    continue;
                }
                let own = local::moments(maker, series, origin, *target);
                let learned = early.as_ref().map_or(own, |m| m.expect(maker, series, origin, *target, row));
                let empirical = local::empirical(maker, series, origin, *target);
                let said = [smoothed[series].as_ref().map(|said| said[k]), Some(empirical), None, None];
                let worth = 1.0 / (scale * (target.to - target.from) as f64);
                looks.push((Look { series, said, came: target.of(&y[origin..]), worth }, [own, learned]));
            }
        }
        looks
    };
    let (mut looks, raw): (Vec<Look>, Vec<[NegativeBinomial; 2]>) = share(maker.count(), threads, |range| {
        let mut row = Vec::new();
        range.flat_map(|series| look(series, &mut row)).collect()
    })
    .into_iter()
    .unzip();
    let mendings = mend(&mut looks, &raw, early.is_some(), threads);
    let mut weights = weigh(&looks);
    // Learning takes most of the time: an expert that hardly counts is not asked.
    let heard = early.is_some() && weights[3] >= HARDLY;
    let model = if heard { model.unwrap_or_else(learn_now) } else { None };
    if model.is_none() {
        weights[3] = 0.0;
        let all: f64 = weights.iter().sum();
        weights = if all > 0.0 { weights.map(|w| w / all) } else { [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0, 0.0] };
    }
    let of_means = weigh_means(&looks, weights);
    let weights = bend(&looks, weights, maker.count());
    let answer = |series: usize, row: &mut Vec<f32>| {
        let n = maker.length(series);
        let answer = |(k, target): (usize, &Target)| {
            let learned = model.as_ref().map(|m| m.expect(maker, series, n, *target, row));
            let said = [
                now[series].as_ref().map(|said| said[k]),
                Some(local::empirical(maker, series, n, *target)),
                Some(mendings[0].mend(local::moments(maker, series, n, *target))),
                learned.map(|d| mendings[1].mend(d)),
            ];
            let mut answer = average(&said, &weights[series]);
            answer.mean = average_mean(&said, &of_means).unwrap_or(answer.mean);
            answer
        };
        kind.targets.iter().enumerate().map(answer).collect()
    };
    share(maker.count(), threads, |range| {
        let mut row = Vec::new();
        let count = range.len();
        let answers = range.map(|series| answer(series, &mut row)).collect();
        progress.add(count);
        answers
    })
}

/// Below this weight the learned model is left out.
const HARDLY: f64 = 0.05;

/// The most steps that the smoothing models look back on.
const SMOOTH: usize = 730;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_expert_weighs_more_and_the_silent_one_nothing() {
        let look = |series: usize| {
            let came = 10.0 + (series % 3) as f64;
            let said = [
                None,
                Some(Distribution::certain(came + 0.1)),
                Some(Distribution::certain(came + 5.0)),
                None,
            ];
            Look { series, said, came, worth: 1.0 }
        };
        let looks: Vec<Look> = (0..20).map(look).collect();
        let weights = weigh(&looks);
        assert!(weights[0] == 0.0 && weights[3] == 0.0 && weights[1] > 0.9, "{weights:?}");
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_mean_is_weighed_by_its_own_misses() {
        // The first expert tells the quantiles, the second the mean.
        let look = |series: usize| {
            let came = if series.is_multiple_of(4) { 8.0 } else { 0.0 };
            let (mut zero, mut two) = (Distribution::certain(0.0), Distribution::certain(5.0));
            (zero.mean, two.mean) = (0.0, 2.0);
            Look { series, said: [None, Some(zero), Some(two), None], came, worth: 1.0 }
        };
        let looks: Vec<Look> = (0..40).map(look).collect();
        let weights = weigh_means(&looks, [0.0, 1.0, 1e-3, 0.0]);
        assert!(weights[2] > 0.45 && weights[0] == 0.0 && weights[3] == 0.0, "{weights:?}");
        assert_eq!(average_mean(&[None; EXPERTS], &weights), None);
    }
}
