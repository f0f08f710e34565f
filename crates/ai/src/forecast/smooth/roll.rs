use super::filter::Origins;
use super::members::{Bench, MEMBERS};
use crate::forecast::work::{self, Progress};
use crate::numeric::mean;

/// What the members said of the past from several origins inside it, and what they say of the future.
pub(crate) struct Rolled {
    /// How many values there were.
    pub(super) length: usize,
    /// The scale of the series: its mean step from value to value, season apart.
    pub(super) scale: f64,
    /// How far every forecast reaches.
    pub(super) steps: usize,
    /// The origins looked back from, rising.
    pub(super) origins: Vec<usize>,
    /// The values from the first origin on.
    pub(super) came: Vec<f64>,
    /// From every origin, one after another: `said[member][origin * steps + step]`.
    pub(super) said: [Vec<f64>; MEMBERS],
    /// The members' forecasts from the end.
    pub(super) ahead: [Vec<f64>; MEMBERS],
}

impl Rolled {
    /// What came after an origin, as far as the forecasts reach.
    pub(super) fn after(&self, origin: usize) -> &[f64] {
        let from = origin - self.origins[0];
        &self.came[from..(from + self.steps).min(self.came.len())]
    }
}

fn empty(length: usize) -> [Vec<f64>; MEMBERS] {
    std::array::from_fn(|_| vec![0.0; length])
}

/// How many parts of the whole work the smoothing of one series is; to hear what is learned of it is one.
pub(crate) const SMOOTHING: usize = 3;

/// How many origins are looked back from besides those asked for.
const LOOKS: usize = 12;
/// How many times the members choose their parameters in the past.
const CHOICES: usize = 2;

fn one(y: &[f64], m: usize, steps: usize, backs: &[usize], bench: &mut Bench) -> Rolled {
    let n = y.len();
    let whole = bench.choose(y, m);
    let mut ahead = empty(steps);
    bench.forecast(y, &whole, Origins { at: &[n], steps }, &mut ahead);
    let clean = whole.clean();
    let scale = mean(&clean.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect::<Vec<_>>());
    let mut origins: Vec<usize> = Vec::new();
    let mut said = empty(0);
    // Two horizons and two fifths of the values are looked back on, and every origin asked for that leaves a third.
    let longest = backs.iter().copied().max().unwrap_or(0).max(2 * steps);
    let asked =
        backs.iter().filter_map(|&back| n.checked_sub(back)).filter(|&at| 3 * at >= n).min().unwrap_or(n);
    let first = n.saturating_sub(longest).max(asked.min(n * 3 / 5)).max(6);
    if n >= 10 && scale > 0.0 {
        let stride = (n - first).div_ceil(LOOKS).max(1);
        origins.extend((first..n).step_by(stride));
        origins.extend(backs.iter().filter_map(|&back| n.checked_sub(back)).filter(|&at| at >= first));
        origins.sort_unstable();
        origins.dedup();
        // The members choose anew for every few origins; what they chose may be a little old, never too new.
        for origins in origins.chunks(origins.len().div_ceil(CHOICES)) {
            let early = bench.choose(&y[..origins[0]], m);
            let mut part = empty(origins.len() * steps);
            bench.forecast(y, &early, Origins { at: origins, steps }, &mut part);
            for (said, part) in said.iter_mut().zip(part.iter()) {
                said.extend_from_slice(part);
            }
        }
    }
    let came = origins.first().map_or(Vec::new(), |&first| y[first..].to_vec());
    Rolled { length: n, scale, steps, origins, came, said, ahead }
}

/// Lets the members forecast every series from its end, from the origins `backs` before it and from some between.
pub(crate) fn roll(
    series: &[&[f64]],
    m: usize,
    steps: usize,
    backs: &[usize],
    threads: usize,
    progress: &Progress<'_>,
) -> Vec<Rolled> {
    work::share(series.len(), threads, |range| {
        let mut bench = Bench::default();
        let count = range.len();
        let rolled = range.map(|i| one(series[i], m, steps, backs, &mut bench)).collect();
        progress.add(SMOOTHING * count);
        rolled
    })
}
