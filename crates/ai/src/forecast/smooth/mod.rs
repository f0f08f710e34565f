//! Series whose values are rarely zero: exponential smoothing, theta and autoregression, combined.
//!
//! Every member forecasts from several origins inside the data with what was known there. Their errors say how much
//! each member weighs for a series (shrunk towards what they say across all series) and how wide the ranges are.

mod ar;
mod ets;
mod pool;
mod season;
mod simplex;
mod theta;

pub(crate) use pool::{Target, forecast as forecast_smooth};
pub(crate) use season::{Deseasoned, deseason, is_seasonal};

use self::ets::{Ets, Room, Season, Smoothing};
use crate::numeric::mean;

/// How many members there are.
pub(super) const MEMBERS: usize = 16;

/// The members' parameters for one series.
#[derive(Debug, Clone)]
pub(super) struct Fitted {
    smoothing: [Smoothing; 6],
    theta: theta::Theta,
    ar: ar::Autoregression,
    /// Akaike's criterion of the smoothing models.
    pub(super) criteria: [f64; 6],
    seasonal: bool,
}

const SMOOTHERS: [Ets; 6] = [
    Ets { trend: false, season: Season::None },
    Ets { trend: true, season: Season::None },
    Ets { trend: false, season: Season::Added },
    Ets { trend: true, season: Season::Added },
    Ets { trend: false, season: Season::Factor },
    Ets { trend: true, season: Season::Factor },
];

/// Works on one series after another and keeps its buffers.
#[derive(Debug, Default)]
pub(super) struct Bench {
    room: Room,
}

fn aggregated(y: &[f64], block: usize, out: &mut [f64]) {
    let n = y.len() / block;
    if n < 5 {
        out.fill(mean(y));
        return;
    }
    let skip = y.len() - n * block;
    let sums: Vec<f64> = y[skip..].chunks(block).map(mean).collect();
    let p = theta::fit(&sums);
    let mut ahead = vec![0.0; out.len().div_ceil(block) + 1];
    theta::forecast(&sums, &p, &mut ahead);
    for (t, value) in out.iter_mut().enumerate() {
        // The centre of a block is half a block before its end; between centres runs a straight line.
        let place = (t as f64 + 0.5) / block as f64 - 0.5;
        let before = place.floor();
        let at = |k: f64| if k < 0.0 { 2.0 * ahead[0] - ahead[1] } else { ahead[k as usize] };
        *value = at(before) + (at(before + 1.0) - at(before)) * (place - before);
    }
}

/// The values without their season, where there is one.
pub(super) fn clean(y: &[f64], m: usize) -> Deseasoned {
    if is_seasonal(y, m) {
        deseason(y, m)
    } else {
        Deseasoned { y: y.to_vec(), ahead: Vec::new(), factors: true }
    }
}

impl Bench {
    /// Chooses the parameters of every member.
    pub(super) fn fit(&mut self, y: &[f64], clean: &Deseasoned) -> Fitted {
        let seasonal = !clean.ahead.is_empty();
        let mut smoothing = [[0.3, 0.0, 0.0, 1.0]; 6];
        let mut criteria = [f64::INFINITY; 6];
        for (k, model) in SMOOTHERS.into_iter().enumerate() {
            let possible = match model.season {
                Season::None => true,
                Season::Added => seasonal,
                Season::Factor => seasonal && clean.factors,
            };
            if possible && y.len() >= 4 {
                let base = if model.season == Season::None { &clean.y } else { y };
                (smoothing[k], criteria[k]) = model.fit(base, clean, &mut self.room);
            }
        }
        let theta = if clean.y.len() >= 5 { theta::fit(&clean.y) } else { [clean.y[0], 0.5, 1.0] };
        Fitted { smoothing, theta, ar: ar::fit(&clean.y, 8), criteria, seasonal }
    }

    /// Forecasts with every member: `out[member][step]`.
    pub(super) fn forecast(
        &mut self,
        y: &[f64],
        clean: &Deseasoned,
        fitted: &Fitted,
        out: &mut [Vec<f64>; MEMBERS],
    ) {
        let seasonal = fitted.seasonal && !clean.ahead.is_empty();
        for (k, model) in SMOOTHERS.into_iter().enumerate() {
            let p = &fitted.smoothing[k];
            let possible = fitted.criteria[k].is_finite() && (model.season == Season::None || seasonal);
            let possible = possible && (model.season != Season::Factor || clean.factors);
            if possible && model.season != Season::None {
                model.forecast(y, clean, p, &mut self.room, &mut out[k]);
                continue;
            }
            // Without a season of its own, the model without one stands in.
            let plain = SMOOTHERS[usize::from(model.trend)];
            let p =
                if model.season == Season::None { p } else { &fitted.smoothing[usize::from(model.trend)] };
            plain.forecast(&clean.y, clean, p, &mut self.room, &mut out[k]);
            clean.put_back(&mut out[k]);
        }
        theta::classical(&clean.y, fitted.smoothing[0][0], &mut out[6]);
        theta::forecast(&clean.y, &fitted.theta, &mut out[7]);
        ar::forecast(&clean.y, &fitted.ar, 0.97, &mut out[8]);
        let last = clean.y[clean.y.len() - 1];
        out[9].fill(last);
        // The smoothing model that Akaike's criterion prefers, and the mean of all by its weights.
        let best = (0..6).fold(0, |b, k| if fitted.criteria[k] < fitted.criteria[b] { k } else { b });
        let (plain, others) = out.split_at_mut(10);
        others[0].clone_from(&plain[best]);
        let least = fitted.criteria[best];
        let w: Vec<f64> = fitted.criteria.iter().map(|c| (-0.5 * (c - least)).exp()).collect();
        let sum: f64 = w.iter().sum();
        for t in 0..out[0].len() {
            out[11][t] = (0..6).filter(|&k| w[k] > 0.0).map(|k| out[k][t] * w[k]).sum::<f64>() / sum;
        }
        aggregated(&clean.y, 3, &mut out[12]);
        aggregated(&clean.y, 6, &mut out[13]);
        let (a, b) = ets::line(&clean.y[clean.y.len().saturating_sub(24)..]);
        let k = clean.y.len().min(24) as f64;
        for (t, v) in out[14].iter_mut().enumerate() {
            *v = a + b * (k + t as f64);
        }
        ar::forecast(&clean.y, &fitted.ar, 0.8, &mut out[15]);
        for k in [12, 13, 14, 15] {
            clean.put_back(&mut out[k]);
        }
        for member in &mut out[6..10] {
            clean.put_back(member);
        }
        // A forecast that leaves the range of the past by far is a failure of its model, not news.
        let most = y.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        let limit = 4.0 * most + 1.0;
        for member in out.iter_mut() {
            for value in member.iter_mut() {
                *value = if value.is_finite() { value.clamp(0.0, limit) } else { mean(y) };
            }
        }
    }
}
