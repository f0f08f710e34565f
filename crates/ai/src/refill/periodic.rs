use baddie_core::error::Result;

use super::loss::{poisson_loss, poisson_pmf};
use super::{not_negative, positive};

/// Order up to `up_to` whenever a review finds the position at `point` or below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The reorder point.
    pub point: f64,
    /// The level to order up to.
    pub up_to: f64,
    /// The expected cost per period, where the method gives one.
    pub cost: f64,
}

/// The best band for Poisson demand and immediate delivery, by renewal arguments (Zheng & Federgruen, 1991): for
/// each upper level the reorder point is lowered as long as that pays.
pub fn s_s_poisson(holding: f64, stockout: f64, fixed: f64, mean: f64) -> Result<Band> {
    let (h, p, k) = (
        positive("holding_cost", holding)?,
        positive("stockout_cost", stockout)?,
        not_negative("fixed_cost", fixed)?,
    );
    let mean = positive("demand_mean", mean)?;
    let rate = |y: i64| {
        if y <= 0 {
            return p * (mean - y as f64);
        }
        let loss = poisson_loss(y as f64, mean);
        h * loss.left + p * loss.short
    };
    let mut middle = mean.floor() as i64;
    while rate(middle + 1) < rate(middle) {
        middle += 1;
    }
    let most = (4.0 * (2.0 * k * mean / h).sqrt() + 10.0 * mean.sqrt() + mean + 20.0) as usize;
    // Expected visits to each depth below the upper level within a cycle.
    let quiet = 1.0 - (-mean).exp();
    let mut visits = vec![1.0 / quiet];
    for depth in 1..2 * most {
        let sum: f64 = (1..=depth).map(|d| poisson_pmf(d as f64, mean) * visits[depth - d]).sum();
        visits.push(sum / quiet);
    }
    let mut best = Band { point: 0.0, up_to: 0.0, cost: f64::INFINITY };
    for up_to in middle..=middle + most as i64 {
        let (mut paid, mut length) = (k, 0.0);
        for (depth, visits) in visits.iter().enumerate() {
            let here = rate(up_to - depth as i64);
            // Once a level costs more than the cycle's average, going deeper only costs.
            if length > 0.0 && up_to - (depth as i64) < middle && here >= paid / length {
                break;
            }
            paid += here * visits;
            length += visits;
            let cost = paid / length;
            if cost < best.cost - 1e-12 {
                best = Band { point: (up_to - depth as i64 - 1) as f64, up_to: up_to as f64, cost };
            }
        }
        // A level that by itself costs more than the best band cannot be its upper end.
        if rate(up_to) > best.cost {
            break;
        }
    }
    Ok(best)
}

/// The power approximation of a band (Ehrhardt & Mosier, 1984), for one review period.
pub fn s_s_power(holding: f64, stockout: f64, fixed: f64, mean: f64, sd: f64) -> Result<Band> {
    let (h, p, k) = (
        positive("holding_cost", holding)?,
        positive("stockout_cost", stockout)?,
        positive("fixed_cost", fixed)?,
    );
    let (m, s) = (positive("demand_mean", mean)?, positive("demand_sd", sd)?);
    let gap = 1.30 * m.powf(0.494) * (k / h).powf(0.506) * (1.0 + s * s / (m * m)).powf(0.116);
    let z = (gap * h / (s * p)).sqrt();
    let point = 0.973 * m + s * (0.183 / z + 1.063 - 2.192 * z);
    Ok(Band { point, up_to: point + gap, cost: f64::NAN })
}
