use baddie_core::error::{Error, Result};

use super::loss::{poisson_cdf, poisson_loss};
use super::{not_negative, positive};
use crate::numeric::{normal_pdf, normal_quantile};

/// A stock to hold and what it costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaseStock {
    /// How much to have.
    pub level: f64,
    /// The expected cost of having too much or too little.
    pub cost: f64,
}

/// The best stock for normal demand of one period and `lead` more: a quantile at the critical ratio
/// (Arrow, Harris & Marschak, 1951; Snyder & Shen, Fundamentals of Supply Chain Theory, 4.3).
pub fn newsvendor_normal(holding: f64, stockout: f64, mean: f64, sd: f64, lead: f64) -> Result<BaseStock> {
    let (h, p) = (positive("holding_cost", holding)?, positive("stockout_cost", stockout)?);
    let periods = not_negative("lead_time", lead)? + 1.0;
    let z = normal_quantile(p / (p + h));
    let spread = positive("demand_sd", sd)? * periods.sqrt();
    Ok(BaseStock {
        level: not_negative("demand_mean", mean)? * periods + z * spread,
        cost: (h + p) * normal_pdf(z) * spread,
    })
}

/// The best stock for Poisson demand.
pub fn newsvendor_poisson(holding: f64, stockout: f64, mean: f64) -> Result<BaseStock> {
    let (h, p) = (positive("holding_cost", holding)?, positive("stockout_cost", stockout)?);
    let mean = positive("demand_mean", mean)?;
    let ratio = p / (p + h);
    let mut level = (mean - 6.0 * mean.sqrt()).floor().max(0.0);
    while poisson_cdf(level, mean) < ratio {
        level += 1.0;
    }
    let loss = poisson_loss(level, mean);
    Ok(BaseStock { level, cost: h * loss.left + p * loss.short })
}

/// The best stock for demand given as pairs of value and probability.
pub fn newsvendor_discrete(holding: f64, stockout: f64, demand: &[(f64, f64)]) -> Result<BaseStock> {
    let (h, p) = (positive("holding_cost", holding)?, positive("stockout_cost", stockout)?);
    let total: f64 = demand.iter().map(|d| d.1).sum();
    if demand.is_empty() || (total - 1.0).abs() > 1e-6 || demand.iter().any(|d| d.1.is_nan() || d.1 < 0.0) {
        return Err(Error::invalid("demand_pmf", total, "give probabilities that add up to 1"));
    }
    let mut sorted = demand.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sum = 0.0;
    let reached = sorted.iter().find(|d| {
        sum += d.1;
        sum >= p / (p + h) - 1e-12
    });
    let level = reached.unwrap_or(&sorted[sorted.len() - 1]).0;
    let cost = sorted.iter().map(|&(x, q)| q * (h * (level - x).max(0.0) + p * (x - level).max(0.0))).sum();
    Ok(BaseStock { level, cost })
}
