use super::members::MEMBERS;
use super::roll::Rolled;
use crate::forecast::grid::{Distribution, LEVELS};
use crate::numeric::{normal_quantile, quantile_sorted};

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

type Weights = [f64; MEMBERS];

/// How strongly a member's errors count against it.
const SHARPNESS: f64 = 2.0;
/// How many looks the experience of all series is worth.
const SHARED: f64 = 20.0;
/// The most series that are asked what they teach; the others are only told.
const TEACHERS: usize = 1500;

/// What the smoothing members together say, once it is known how much each is worth.
pub(crate) struct Pool<'a> {
    rolled: &'a [Rolled],
    /// The members' weights by what all series taught, and by what each half of them taught.
    members: Weights,
    halves: [Weights; 2],
}

/// What all series together taught about ranges.
struct Ranges {
    growth: Vec<f64>,
    shape: Vec<[f64; LEVELS.len()]>,
}

impl<'a> Pool<'a> {
    /// Learns how much each member is worth.
    pub(crate) fn new(rolled: &'a [Rolled]) -> Self {
        let teachers = |half: Option<usize>| -> Vec<&Rolled> {
            let every = rolled.len().div_ceil(TEACHERS).max(1);
            let own = rolled.iter().enumerate().filter(|(i, _)| half.is_none_or(|half| i % 2 == half));
            own.step_by(every).map(|(_, one)| one).collect()
        };
        let halves = [0, 1].map(|half| stack(&teachers(Some(half))));
        let members = std::array::from_fn(|k| f64::midpoint(halves[0][k], halves[1][k]));
        Self { rolled, members, halves }
    }

    /// What is said of every target of every series, with the last `back` values unknown; nothing where no look was
    /// taken from there. What one half of the series taught serves the other half, where the past is judged.
    pub(crate) fn say(&self, targets: &[Target], back: usize) -> Vec<Option<Vec<Distribution>>> {
        if back == 0 {
            let ranges = self.ranges(targets, |_| true, &self.members);
            return self.rolled.iter().map(|one| one.conclude(&self.members, &ranges, targets, 0)).collect();
        }
        let taught: [Ranges; 2] =
            [0, 1].map(|half| self.ranges(targets, |i| i % 2 == half, &self.halves[half]));
        let answer = |(i, one): (usize, &Rolled)| {
            let other = 1 - i % 2;
            one.conclude(&self.halves[other], &taught[other], targets, back)
        };
        self.rolled.iter().enumerate().map(answer).collect()
    }

    fn ranges(&self, targets: &[Target], of: impl Fn(usize) -> bool, members: &Weights) -> Ranges {
        let every = self.rolled.len().div_ceil(TEACHERS).max(1);
        let own = self.rolled.iter().enumerate().filter(|(i, one)| of(*i) && !one.origins.is_empty());
        let found: Vec<(&Rolled, Vec<Vec<f64>>)> = own
            .step_by(every)
            .map(|(_, one)| (one, one.errors(&one.weights(members, one.length), targets, one.length)))
            .collect();
        let growth: Vec<f64> =
            targets.iter().enumerate().map(|(place, target)| growth(&found, place, *target)).collect();
        let widths: Vec<f64> = found.iter().map(|(one, errors)| one.width(errors, &growth)).collect();
        let shape = (0..targets.len()).map(|place| shape(&found, &widths, &growth, targets, place)).collect();
        Ranges { growth, shape }
    }
}

/// The weights that would have served all series best: absolute errors, scaled by the series, made small by
/// exponentiated gradients on the simplex (Kivinen & Warmuth, 1997).
fn stack(rolled: &[&Rolled]) -> Weights {
    let mut rows: Vec<Weights> = Vec::new();
    for one in rolled.iter().filter(|one| !one.origins.is_empty()) {
        let count: usize = one.origins.iter().map(|&origin| one.after(origin).len()).sum();
        let worth = 1.0 / (one.scale * count as f64);
        for (at, &origin) in one.origins.iter().enumerate() {
            for (t, came) in one.after(origin).iter().enumerate() {
                rows.push(std::array::from_fn(|k| (one.said[k][at * one.steps + t] - came) * worth));
            }
        }
    }
    let mut w = [1.0 / MEMBERS as f64; MEMBERS];
    let mut sum = [0.0; MEMBERS];
    let rounds = 60;
    let total: f64 = rows.iter().map(|e| e[0].abs()).sum::<f64>().max(1e-12);
    for _ in 0..rounds {
        let mut slope = [0.0; MEMBERS];
        for e in &rows {
            let miss: f64 = e.iter().zip(&w).map(|(e, w)| e * w).sum();
            let side = miss.signum();
            for (s, e) in slope.iter_mut().zip(e) {
                *s += side * e;
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
    // What was best is believed by half: equal weights are hard to beat.
    sum.map(|w| 0.5 * (w + 1.0 / MEMBERS as f64))
}

/// How far errors of a target usually go, in units of the scale of a series.
fn growth(found: &[(&Rolled, Vec<Vec<f64>>)], place: usize, target: Target) -> f64 {
    let mut ratios: Vec<f64> = found
        .iter()
        .map(|(one, errors)| (one, &errors[place]))
        .filter(|(_, own)| !own.is_empty())
        .map(|(one, own)| own.iter().map(|e| e.abs()).sum::<f64>() / own.len() as f64 / one.scale)
        .collect();
    ratios.sort_by(f64::total_cmp);
    let usual = quantile_sorted(&ratios, 0.5);
    // Few looks: the square root of time.
    let steps = (target.to - target.from) as f64;
    let guess = 0.8 * steps * (target.to as f64).sqrt();
    let k = ratios.len() as f64;
    ((usual * k + guess * 3.0) / (k + 3.0)).max(1e-6)
}

/// The quantiles of errors, measured by growth and width.
fn shape(
    found: &[(&Rolled, Vec<Vec<f64>>)],
    widths: &[f64],
    growth: &[f64],
    targets: &[Target],
    place: usize,
) -> [f64; LEVELS.len()] {
    let single = |t: Target| t.to - t.from == 1;
    // Neighbouring single steps share their shape.
    let near = |other: &usize| {
        let (own, other_target) = (targets[place], targets[*other]);
        *other == place || (single(own) && single(other_target) && own.to.abs_diff(other_target.to) <= 2)
    };
    let mut z: Vec<f64> = Vec::new();
    for ((one, errors), width) in found.iter().zip(widths) {
        for other in (0..targets.len()).filter(near) {
            z.extend(errors[other].iter().map(|e| e / (one.scale * growth[other] * width)));
        }
    }
    z.sort_by(f64::total_cmp);
    let k = (z.len() as f64 / 8.0).min(400.0);
    // A common drift of the past is no promise: the middle stays where the members put it, and how lopsided the errors
    // are is believed by half.
    let middle = quantile_sorted(&z, 0.5);
    let side = |level: f64| quantile_sorted(&z, level) - middle;
    std::array::from_fn(|q| {
        // A mean absolute error of one is a deviation of 1.25.
        let guess = 1.2533 * normal_quantile(LEVELS[q]);
        let seen = 0.5 * (side(LEVELS[q]) - side(1.0 - LEVELS[q]));
        (seen * k + guess * 20.0) / (k + 20.0)
    })
}

/// Errors of neighbouring origins overlap: a dozen of them say little more than one.
const WORTH: f64 = 8.0;
const PRIOR: f64 = 2.0;

impl Rolled {
    /// The members' weights for this series: those all series taught, bent by how the members did here before `end`.
    fn weights(&self, taught: &Weights, end: usize) -> Weights {
        let mut losses = [0.0; MEMBERS];
        let mut looks = 0.0;
        for (at, &origin) in self.origins.iter().enumerate().take_while(|(_, origin)| **origin < end) {
            let came = self.after(origin);
            let came = &came[..came.len().min(end - origin)];
            looks += 1.0;
            for (loss, said) in losses.iter_mut().zip(self.said.iter()) {
                let said = &said[at * self.steps..];
                let gaps = said.iter().zip(came).map(|(f, y)| (f - y).abs());
                *loss += gaps.sum::<f64>() / came.len() as f64;
            }
        }
        let usual = losses.iter().sum::<f64>() / MEMBERS as f64;
        if usual <= 0.0 {
            return *taught;
        }
        let ratios = losses.map(|own| (looks * own / usual + SHARED) / (looks + SHARED));
        let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let own: Weights = std::array::from_fn(|k| taught[k] * (-SHARPNESS * (ratios[k] - least)).exp());
        let sum: f64 = own.iter().sum();
        own.map(|weight| weight / sum)
    }

    /// The errors of the combination by target, of all that was known before `end`.
    fn errors(&self, weights: &Weights, targets: &[Target], end: usize) -> Vec<Vec<f64>> {
        let mut of_target = vec![Vec::new(); targets.len()];
        let mut joined = vec![0.0; self.steps];
        for (at, &origin) in self.origins.iter().enumerate() {
            combine(&self.said, at * self.steps, weights, &mut joined);
            let came = self.after(origin);
            for (errors, target) in of_target.iter_mut().zip(targets) {
                if target.to <= came.len() && origin + target.to <= end {
                    errors.push(target.of(came) - target.of(&joined));
                }
            }
        }
        of_target
    }

    /// How a series' own errors compare to the usual growth, shrunk towards it.
    fn width(&self, errors: &[Vec<f64>], growth: &[f64]) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for (own, usual) in errors.iter().zip(growth) {
            for e in own {
                sum += e.abs() / (self.scale * usual);
                count += 1.0;
            }
        }
        if count > 0.0 { (sum / WORTH + PRIOR) / (count / WORTH + PRIOR) } else { 1.0 }
    }

    fn conclude(
        &self,
        members: &Weights,
        taught: &Ranges,
        targets: &[Target],
        back: usize,
    ) -> Option<Vec<Distribution>> {
        let end = self.length.checked_sub(back)?;
        let weights = self.weights(members, end);
        let mut joined = vec![0.0; self.steps];
        if back == 0 {
            combine(&self.ahead, 0, &weights, &mut joined);
        } else {
            let at = self.origins.binary_search(&end).ok()?;
            combine(&self.said, at * self.steps, &weights, &mut joined);
        }
        let errors = self.errors(&weights, targets, end);
        let width = self.width(&errors, &taught.growth);
        let answer = |(place, target): (usize, &Target)| {
            let middle = target.of(&joined);
            let size = self.scale * taught.growth[place] * width;
            let mut d = Distribution::new(middle, taught.shape[place].map(|z| middle + size * z));
            d.repair();
            d
        };
        Some(targets.iter().enumerate().map(answer).collect())
    }
}

/// How much of the members' weight is left out on either side.
const TRIM: f64 = 0.2;

/// The weighted mean of what the members say of every step, the lowest and the highest part of their weight left out:
/// between the mean and the median (Jose & Winkler, 2008).
fn combine(said: &[Vec<f64>; MEMBERS], from: usize, weights: &Weights, out: &mut [f64]) {
    for (t, out) in out.iter_mut().enumerate() {
        let mut all: [(f64, f64); MEMBERS] = std::array::from_fn(|k| (said[k][from + t], weights[k]));
        // Insertion sort: a handful of members.
        for i in 1..MEMBERS {
            let mut j = i;
            while j > 0 && all[j].0 < all[j - 1].0 {
                all.swap(j, j - 1);
                j -= 1;
            }
        }
        let (mut passed, mut sum, mut heard) = (0.0_f64, 0.0, 0.0);
        for (value, weight) in all {
            let share = (passed + weight).min(1.0 - TRIM) - passed.max(TRIM);
            passed += weight;
            if share > 0.0 {
                sum += share * value;
                heard += share;
            }
        }
        *out = sum / heard;
    }
}
