use super::ets::{Ets, Fitted, Room, Season};
use super::filter::Origins;
use super::season::{Deseasoned, deseason, is_seasonal, may_be_seasonal};
use super::{ar, complex, theta};
use crate::numeric::mean;

/// How many members there are: exponential smoothing by Akaike's weights, the classical and the dynamic theta method,
/// complex smoothing, autoregression.
pub(super) const MEMBERS: usize = 5;

/// The exponential smoothing models whose weighted mean is one member.
const SMOOTHERS: [Ets; 6] = [
    Ets { trend: false, season: Season::None },
    Ets { trend: true, season: Season::None },
    Ets { trend: false, season: Season::Added },
    Ets { trend: true, season: Season::Added },
    Ets { trend: false, season: Season::Factor },
    Ets { trend: true, season: Season::Factor },
];

/// The members with the parameters they chose for one series as it was known at some moment.
pub(super) struct Chosen {
    /// Those worth hearing, with their weights.
    smoothers: Vec<(f64, Fitted)>,
    alpha: f64,
    theta: theta::Parameters,
    complex: complex::Parameters,
    ar: ar::Autoregression,
    season: Deseasoned,
}

impl Chosen {
    /// The values the members were chosen by, without their season.
    pub(super) fn clean(&self) -> &[f64] {
        &self.season.y
    }
}

/// How the mean difference of the autoregression fades.
const FADE: f64 = 0.97;
/// The smoothing where a series is too short to choose one.
const USUAL: f64 = 0.3;
/// Below this weight a smoothing model is left out.
const HARDLY: f64 = 0.01;

/// Works on one series after another and keeps its buffers.
#[derive(Debug, Default)]
pub(super) struct Bench {
    room: Room,
    clean: Vec<f64>,
    buffer: Vec<f64>,
}

impl Bench {
    /// Chooses the parameters of every member.
    pub(super) fn choose(&mut self, y: &[f64], m: usize) -> Chosen {
        // A season that is not sure is taken out as well, as far as it is no chance; it is not worth models of its own.
        let season = if may_be_seasonal(y, m) {
            deseason(y, m)
        } else {
            Deseasoned { y: y.to_vec(), ahead: Vec::new(), factors: true }
        };
        let seasonal = is_seasonal(y, m);
        let mut smoothers: Vec<(f64, Fitted)> = Vec::with_capacity(SMOOTHERS.len());
        for model in SMOOTHERS.into_iter().filter(|_| y.len() >= 4) {
            let possible = match model.season {
                Season::None => true,
                Season::Added => seasonal,
                Season::Factor => seasonal && season.factors,
            };
            if possible {
                let base = if model.season == Season::None { &season.y } else { y };
                smoothers.push((0.0, model.fit(base, &season, &mut self.room)));
            }
        }
        let alpha = smoothers.first().map_or(USUAL, |(_, plain)| plain.smoothing[0]);
        let least = smoothers.iter().map(|(_, own)| own.criterion).fold(f64::INFINITY, f64::min);
        for (weight, own) in &mut smoothers {
            *weight = (-0.5 * (own.criterion - least)).exp();
        }
        smoothers.retain(|(weight, _)| *weight >= HARDLY);
        Chosen {
            smoothers,
            alpha,
            theta: theta::fit(&season.y),
            complex: complex::fit(&season.y, &mut self.buffer),
            ar: ar::fit(&season.y),
            season,
        }
    }

    /// Forecasts with every member from every origin: `out[member][origin * steps + step]`. The values may go on
    /// after those that the members were chosen by.
    pub(super) fn forecast(
        &mut self,
        y: &[f64],
        chosen: &Chosen,
        origins: Origins<'_>,
        out: &mut [Vec<f64>; MEMBERS],
    ) {
        let season = &chosen.season;
        self.clean.clear();
        self.clean.extend_from_slice(&season.y);
        self.clean.extend((season.y.len()..y.len()).map(|t| season.without(y[t], t)));
        let clean = &self.clean;
        let [smoothing, classical, dynamic, complex, walk] = out;
        self.buffer.resize(smoothing.len(), 0.0);
        let total: f64 = chosen.smoothers.iter().map(|(weight, _)| weight).sum();
        for (weight, own) in &chosen.smoothers {
            let plain = own.model.season == Season::None;
            origins.visit(&mut own.begin(&mut self.room), if plain { clean } else { y }, &mut self.buffer);
            if plain {
                season.put_back(origins, &mut self.buffer);
            }
            for (sum, value) in smoothing.iter_mut().zip(&self.buffer) {
                *sum += weight / total * value;
            }
        }
        origins.visit(&mut theta::Classical::new(chosen.alpha, clean[0]), clean, classical);
        origins.visit(&mut theta::Dynamic::new(&chosen.theta), clean, dynamic);
        origins.visit(&mut complex::Complex::new(&chosen.complex), clean, complex);
        origins.visit(&mut ar::Walk::new(&chosen.ar, FADE), clean, walk);
        for member in [&mut *classical, dynamic, complex, walk] {
            season.put_back(origins, member);
        }
        if chosen.smoothers.is_empty() {
            smoothing.clone_from(classical);
        }
        // A forecast that leaves the range of the past by far is a failure of its model, not news.
        let usual = mean(y);
        let limit = 4.0 * y.iter().fold(0.0_f64, |most, v| most.max(v.abs())) + 1.0;
        for value in out.iter_mut().flatten() {
            *value = if value.is_finite() { value.clamp(0.0, limit) } else { usual };
        }
    }
}
