use super::season::Deseasoned;
use super::simplex::minimise;

/// How the season enters an exponential smoothing model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    /// Not at all.
    None,
    /// Added to the level.
    Added,
    /// Multiplied with the level.
    Factor,
}

/// An exponential smoothing model in its innovations form (Hyndman, Koehler, Ord & Snyder, 2008).
#[derive(Debug, Clone, Copy)]
pub(super) struct Ets {
    /// Whether there is a trend (it is always damped; a damping of 1 is Holt's).
    pub(super) trend: bool,
    /// The season.
    pub(super) season: Season,
}

/// Smoothing parameters: level, trend, season, damping.
pub(super) type Smoothing = [f64; 4];

struct State<'a> {
    level: f64,
    slope: f64,
    season: &'a mut [f64],
}

impl Ets {
    /// Runs through the values; leaves the last state in `state`, gives the mean squared one-step error
    /// (relative errors where the season multiplies).
    fn run(self, y: &[f64], p: &Smoothing, state: &mut State<'_>) -> f64 {
        match (self.trend, self.season) {
            (false, Season::None) => run::<false, 0>(y, p, state),
            (true, Season::None) => run::<true, 0>(y, p, state),
            (false, Season::Added) => run::<false, 1>(y, p, state),
            (true, Season::Added) => run::<true, 1>(y, p, state),
            (false, Season::Factor) => run::<false, 2>(y, p, state),
            (true, Season::Factor) => run::<true, 2>(y, p, state),
        }
    }

    /// The state before the first value: the season of the decomposition, a line through the first values.
    fn begin(self, y: &[f64], clean: &Deseasoned, season: &mut Vec<f64>) -> (f64, f64) {
        season.clear();
        if self.season != Season::None {
            season.extend((0..clean.ahead.len()).map(|t| clean.phase(y.len(), t)));
        }
        let base = if self.season == Season::None { y } else { &clean.y };
        let first = base.len().min(10.max(clean.ahead.len()));
        let (level, slope) = line(&base[..first]);
        if self.trend { (level - slope, slope) } else { (crate::numeric::mean(&base[..first]), 0.0) }
    }

    /// Chooses the smoothing parameters by the smallest one-step error; gives them with their criterion (`AICc`).
    pub(super) fn fit(self, y: &[f64], clean: &Deseasoned, room: &mut Room) -> (Smoothing, f64) {
        let (level, slope) = self.begin(y, clean, &mut room.first);
        let Room { first, season } = room;
        let mut cost = |p: &Smoothing| {
            season.clear();
            season.extend_from_slice(first);
            self.run(y, p, &mut State { level, slope, season })
        };
        let (p, mse) = match (self.trend, self.season) {
            (false, Season::None) => {
                let (x, v) =
                    minimise::<1, 2>([0.3], [0.3], [(0.01, 0.999)], 40, |x| cost(&[x[0], 0.0, 0.0, 1.0]));
                ([x[0], 0.0, 0.0, 1.0], v)
            }
            (true, Season::None) => {
                let full = |x: &[f64; 3]| [x[0], x[0] * x[1], 0.0, x[2]];
                let limits = [(0.01, 0.999), (0.001, 0.99), (0.8, 0.98)];
                let (x, v) =
                    minimise::<3, 4>([0.3, 0.1, 0.93], [0.3, 0.2, -0.08], limits, 120, |x| cost(&full(x)));
                (full(&x), v)
            }
            (false, _) => {
                let full = |x: &[f64; 2]| [x[0], 0.0, x[1] * (1.0 - x[0]), 1.0];
                let limits = [(0.005, 0.99), (0.001, 0.9)];
                let (x, v) = minimise::<2, 3>([0.3, 0.1], [0.3, 0.15], limits, 80, |x| cost(&full(x)));
                (full(&x), v)
            }
            (true, _) => {
                let full = |x: &[f64; 4]| [x[0], x[0] * x[1], x[2] * (1.0 - x[0]), x[3]];
                let limits = [(0.005, 0.99), (0.001, 0.99), (0.001, 0.9), (0.8, 0.98)];
                let start = [0.3, 0.1, 0.1, 0.93];
                let (x, v) =
                    minimise::<4, 5>(start, [0.3, 0.2, 0.15, -0.08], limits, 160, |x| cost(&full(x)));
                (full(&x), v)
            }
        };
        let n = y.len() as f64;
        let k = 2.0 + if self.trend { 3.0 } else { 0.0 } + first.len() as f64;
        let scale = match self.season {
            // Relative errors are brought back to the scale of the values by their geometric mean.
            Season::Factor => 2.0 * y.iter().map(|v| v.max(1e-9).ln()).sum::<f64>(),
            _ => 0.0,
        };
        let fit = n * mse.max(1e-12).ln() + scale;
        (p, fit + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0).max(1.0))
    }

    /// Forecasts the steps after the last value.
    pub(super) fn forecast(
        self,
        y: &[f64],
        clean: &Deseasoned,
        p: &Smoothing,
        room: &mut Room,
        out: &mut [f64],
    ) {
        let (level, slope) = self.begin(y, clean, &mut room.first);
        room.season.clear();
        room.season.extend_from_slice(&room.first);
        let mut state = State { level, slope, season: &mut room.season };
        self.run(y, p, &mut state);
        let m = state.season.len();
        let (mut grown, mut damping) = (0.0, 1.0);
        for (k, value) in out.iter_mut().enumerate() {
            damping *= p[3];
            grown += damping;
            let base = state.level + if self.trend { grown * state.slope } else { 0.0 };
            *value = match self.season {
                Season::None => base,
                Season::Added => base + state.season[(y.len() + k) % m],
                Season::Factor => base * state.season[(y.len() + k) % m],
            };
        }
    }
}

/// Buffers that are reused from fit to fit.
#[derive(Debug, Default)]
pub(super) struct Room {
    first: Vec<f64>,
    season: Vec<f64>,
}

#[inline]
fn run<const TREND: bool, const SEASON: u8>(y: &[f64], p: &Smoothing, state: &mut State<'_>) -> f64 {
    let [alpha, beta, gamma, phi] = *p;
    let (mut level, mut slope) = (state.level, state.slope);
    let m = state.season.len();
    let mut phase = 0;
    let mut squares = 0.0;
    for &value in y {
        let base = if TREND { level + phi * slope } else { level };
        match SEASON {
            0 => {
                let e = value - base;
                squares += e * e;
                level = base + alpha * e;
                if TREND {
                    slope = phi * slope + beta * e;
                }
            }
            1 => {
                let e = value - base - state.season[phase];
                squares += e * e;
                level = base + alpha * e;
                if TREND {
                    slope = phi * slope + beta * e;
                }
                state.season[phase] += gamma * e;
            }
            _ => {
                let figure = state.season[phase].max(1e-3);
                let base = if base > 1e-9 { base } else { 1e-9 };
                let relative = value / (base * figure) - 1.0;
                squares += relative * relative;
                level = base * (1.0 + alpha * relative);
                if TREND {
                    slope = phi * slope + beta * base * relative;
                }
                state.season[phase] = figure * (1.0 + gamma * relative);
            }
        }
        if SEASON > 0 {
            phase += 1;
            if phase == m {
                phase = 0;
            }
        }
    }
    (state.level, state.slope) = (level, slope);
    squares / y.len() as f64
}

/// The least-squares line: its value at the first step and its slope.
pub(super) fn line(y: &[f64]) -> (f64, f64) {
    let n = y.len() as f64;
    if y.len() < 2 {
        return (y.first().copied().unwrap_or(0.0), 0.0);
    }
    let centre = (n - 1.0) / 2.0;
    let average = crate::numeric::mean(y);
    let (mut xy, mut xx) = (0.0, 0.0);
    for (t, value) in y.iter().enumerate() {
        let x = t as f64 - centre;
        xy += x * (value - average);
        xx += x * x;
    }
    let slope = xy / xx;
    (average - slope * centre, slope)
}
