use super::filter::Filter;
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

/// A model with the parameters chosen for a series, and the state before its first value.
#[derive(Debug, Clone)]
pub(super) struct Fitted {
    pub(super) model: Ets,
    pub(super) smoothing: Smoothing,
    level: f64,
    slope: f64,
    /// The season's figures, beginning with the first step of the series.
    season: Vec<f64>,
    /// Akaike's criterion, corrected for few values (`AICc`).
    pub(super) criterion: f64,
}

/// The state of a model while it passes through values.
pub(super) struct State<'a> {
    model: Ets,
    smoothing: &'a Smoothing,
    level: f64,
    slope: f64,
    season: &'a mut [f64],
    phase: usize,
}

impl Filter for State<'_> {
    /// Errors are relative where the season multiplies.
    fn advance(&mut self, y: &[f64]) -> f64 {
        match (self.model.trend, self.model.season) {
            (false, Season::None) => self.run::<false, 0>(y),
            (true, Season::None) => self.run::<true, 0>(y),
            (false, Season::Added) => self.run::<false, 1>(y),
            (true, Season::Added) => self.run::<true, 1>(y),
            (false, Season::Factor) => self.run::<false, 2>(y),
            (true, Season::Factor) => self.run::<true, 2>(y),
        }
    }

    fn ahead(&self, out: &mut [f64]) {
        let (mut grown, mut damping) = (0.0, 1.0);
        let mut phase = self.phase;
        for value in out {
            damping *= self.smoothing[3];
            grown += damping;
            let base = self.level + if self.model.trend { grown * self.slope } else { 0.0 };
            *value = match self.model.season {
                Season::None => base,
                Season::Added => base + self.season[phase],
                Season::Factor => base * self.season[phase],
            };
            phase = if phase + 1 < self.season.len() { phase + 1 } else { 0 };
        }
    }
}

impl State<'_> {
    #[inline]
    fn run<const TREND: bool, const SEASON: u8>(&mut self, y: &[f64]) -> f64 {
        let [alpha, beta, gamma, phi] = *self.smoothing;
        let (mut level, mut slope, mut phase) = (self.level, self.slope, self.phase);
        let m = self.season.len();
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
                    let e = value - base - self.season[phase];
                    squares += e * e;
                    level = base + alpha * e;
                    if TREND {
                        slope = phi * slope + beta * e;
                    }
                    self.season[phase] += gamma * e;
                }
                _ => {
                    let figure = self.season[phase].max(1e-3);
                    let base = if base > 1e-9 { base } else { 1e-9 };
                    let relative = value / (base * figure) - 1.0;
                    squares += relative * relative;
                    level = base * (1.0 + alpha * relative);
                    if TREND {
                        slope = phi * slope + beta * base * relative;
                    }
                    self.season[phase] = figure * (1.0 + gamma * relative);
                }
            }
            if SEASON > 0 {
                phase += 1;
                if phase == m {
                    phase = 0;
                }
            }
        }
        (self.level, self.slope, self.phase) = (level, slope, phase);
        squares
    }
}

impl Fitted {
    /// The model at the first value.
    pub(super) fn begin<'a>(&'a self, room: &'a mut Room) -> State<'a> {
        let season = &mut room.season;
        season.clear();
        season.extend_from_slice(&self.season);
        State {
            model: self.model,
            smoothing: &self.smoothing,
            level: self.level,
            slope: self.slope,
            season,
            phase: 0,
        }
    }
}

impl Ets {
    /// Chooses the smoothing parameters by the smallest one-step error, beginning with the season of the
    /// decomposition and a line through the first values.
    pub(super) fn fit(self, y: &[f64], clean: &Deseasoned, room: &mut Room) -> Fitted {
        let season: Vec<f64> = if self.season == Season::None {
            Vec::new()
        } else {
            (0..clean.ahead.len()).map(|t| clean.phase(clean.y.len(), t)).collect()
        };
        let base = if self.season == Season::None { y } else { &clean.y };
        let first = base.len().min(10.max(clean.ahead.len()));
        let (level, slope) = line(&base[..first]);
        let (level, slope) =
            if self.trend { (level - slope, slope) } else { (crate::numeric::mean(&base[..first]), 0.0) };
        let smoothing = [0.3, 0.0, 0.0, 1.0];
        let mut fitted = Fitted { model: self, smoothing, level, slope, season, criterion: f64::INFINITY };
        let squares = self.search(y, &mut fitted, room);
        let n = y.len() as f64;
        let k = 2.0 + if self.trend { 3.0 } else { 0.0 } + fitted.season.len() as f64;
        let scale = match self.season {
            // Relative errors are brought back to the scale of the values by their geometric mean.
            Season::Factor => 2.0 * y.iter().map(|v| v.max(1e-9).ln()).sum::<f64>(),
            _ => 0.0,
        };
        let fit = n * (squares / n).max(1e-12).ln() + scale;
        fitted.criterion = fit + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0).max(1.0);
        fitted
    }

    /// Searches the smoothing parameters; gives the squares left.
    fn search(self, y: &[f64], fitted: &mut Fitted, room: &mut Room) -> f64 {
        let full = |x: &[f64; 4]| -> Smoothing {
            [x[0], if self.trend { x[0] * x[1] } else { 0.0 }, x[2] * (1.0 - x[0]), x[3]]
        };
        let mut cost = |x: [f64; 4]| {
            fitted.smoothing = full(&x);
            fitted.begin(room).advance(y)
        };
        let (level, trend, figure, damping) = ((0.005, 0.999), (0.001, 0.99), (0.001, 0.9), (0.8, 0.98));
        let (x, squares) = match (self.trend, self.season != Season::None) {
            (false, false) => {
                let place = |x: &[f64; 1]| [x[0], 0.0, 0.0, 1.0];
                let (x, v) = minimise::<1, 2>([0.3], [0.3], [level], 40, |x| cost(place(x)));
                (place(&x), v)
            }
            (true, false) => {
                let place = |x: &[f64; 3]| [x[0], x[1], 0.0, x[2]];
                let (start, steps) = ([0.3, 0.1, 0.93], [0.3, 0.2, -0.08]);
                let (x, v) = minimise::<3, 4>(start, steps, [level, trend, damping], 120, |x| cost(place(x)));
                (place(&x), v)
            }
            (false, true) => {
                let place = |x: &[f64; 2]| [x[0], 0.0, x[1], 1.0];
                let (x, v) =
                    minimise::<2, 3>([0.3, 0.1], [0.3, 0.15], [level, figure], 80, |x| cost(place(x)));
                (place(&x), v)
            }
            (true, true) => {
                let (start, steps) = ([0.3, 0.1, 0.1, 0.93], [0.3, 0.2, 0.15, -0.08]);
                minimise::<4, 5>(start, steps, [level, trend, figure, damping], 160, |x| cost(*x))
            }
        };
        fitted.smoothing = full(&x);
        squares
    }
}

/// Buffers that are reused from fit to fit.
#[derive(Debug, Default)]
pub(super) struct Room {
    season: Vec<f64>,
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
