use baddie_core::error::Result;

use super::{not_negative, positive};
use crate::numeric::normal_cdf;

/// A stock problem over a known number of periods with normal demand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FiniteHorizon {
    /// How many periods.
    pub periods: usize,
    /// Per unit left at the end of a period.
    pub holding: f64,
    /// Per unit short at the end of a period.
    pub stockout: f64,
    /// The same at the very end.
    pub last_holding: f64,
    /// The same at the very end.
    pub last_stockout: f64,
    /// Per unit bought.
    pub purchase: f64,
    /// Per order.
    pub fixed: f64,
    /// Mean demand of a period.
    pub mean: f64,
    /// Its standard deviation.
    pub sd: f64,
    /// What a cost of the next period is worth in this one.
    pub discount: f64,
}

/// When and up to where to order, period by period.
#[derive(Debug, Clone, PartialEq)]
pub struct HorizonPlan {
    /// Order at or below these.
    pub points: Vec<i64>,
    /// Up to these.
    pub levels: Vec<i64>,
    /// The expected cost from an empty shelf on.
    pub cost: f64,
}

/// The best band for each period by dynamic programming over whole units (Scarf, 1960).
pub fn finite_horizon(f: &FiniteHorizon) -> Result<HorizonPlan> {
    let (mean, sd) = (positive("demand_mean", f.mean)?, positive("demand_sd", f.sd)?);
    for (name, value) in [("holding_cost", f.holding), ("stockout_cost", f.stockout), ("fixed_cost", f.fixed)]
    {
        not_negative(name, value)?;
    }
    let reach = (mean + 6.0 * sd).ceil() as i64;
    let chance: Vec<f64> = (0..=reach)
        .map(|d| {
            let upper = normal_cdf((d as f64 + 0.5 - mean) / sd);
            if d == 0 { upper } else { upper - normal_cdf((d as f64 - 0.5 - mean) / sd) }
        })
        .collect();
    let low = -(reach * f.periods as i64);
    let high = reach * f.periods.min(6) as i64 + 1;
    let size = (high - low + 1) as usize;
    let at = |x: i64| (x.clamp(low, high) - low) as usize;
    let end = |x: i64| f.last_holding * (x.max(0)) as f64 + f.last_stockout * (-x).max(0) as f64;
    let mut value: Vec<f64> = (low..=high).map(end).collect();
    let (mut points, mut levels) = (vec![0; f.periods], vec![0; f.periods]);
    for t in (0..f.periods).rev() {
        let after: Vec<f64> = (low..=high)
            .map(|y| {
                let flow: f64 = chance
                    .iter()
                    .enumerate()
                    .map(|(d, q)| {
                        let x = y - d as i64;
                        let now = f.holding * x.max(0) as f64 + f.stockout * (-x).max(0) as f64;
                        q * (now + f.discount * value[at(x)])
                    })
                    .sum();
                f.purchase * y as f64 + flow
            })
            .collect();
        let up_to = (0..size).fold(0, |best, k| if after[k] < after[best] { k } else { best });
        let mut point = up_to;
        while point > 0 && after[point] <= f.fixed + after[up_to] {
            point -= 1;
        }
        points[t] = point as i64 + low;
        levels[t] = up_to as i64 + low;
        value = (0..size)
            .map(|k| {
                let x = k as i64 + low;
                let best = if k <= point { f.fixed + after[up_to] } else { after[k] };
                best - f.purchase * x as f64
            })
            .collect();
    }
    Ok(HorizonPlan { points, levels, cost: value[at(0)] })
}
