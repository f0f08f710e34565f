use baddie_core::error::Result;

use super::loss::{normal_loss, normal_second_loss, poisson_loss};
use super::{not_negative, positive};
use crate::numeric::normal_quantile;

/// What a continuously watched stock costs: per order, per unit held, per unit short, and its normal demand per unit
/// of time over a lead time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReorderCosts {
    /// Per unit and time.
    pub holding: f64,
    /// Per unit short.
    pub stockout: f64,
    /// Per order.
    pub fixed: f64,
    /// Mean demand per unit of time.
    pub mean: f64,
    /// Its standard deviation.
    pub sd: f64,
    /// How long an order takes.
    pub lead: f64,
}

/// Order `quantity` whenever the position falls to `point`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reorder {
    /// The reorder point.
    pub point: f64,
    /// The order quantity.
    pub quantity: f64,
}

impl ReorderCosts {
    fn check(&self) -> Result<()> {
        positive("holding_cost", self.holding)?;
        positive("stockout_cost", self.stockout)?;
        positive("fixed_cost", self.fixed)?;
        positive("demand_mean", self.mean)?;
        positive("demand_sd", self.sd)?;
        positive("lead_time", self.lead).map(drop)
    }

    /// Mean and deviation of the demand over the lead time.
    fn over_lead(&self) -> (f64, f64) {
        (self.mean * self.lead, self.sd * self.lead.sqrt())
    }

    fn eoq(&self) -> f64 {
        (2.0 * self.fixed * self.mean / self.holding).sqrt()
    }
}

/// The expected-inventory-level approximation (Whitin, 1953), which charges each unit short once; with its cost.
pub fn r_q_expected_inventory(c: &ReorderCosts) -> Result<(Reorder, f64)> {
    c.check()?;
    let (mean, sd) = c.over_lead();
    let (mut quantity, mut point) = (c.eoq(), mean);
    for _ in 0..200 {
        let risk = (quantity * c.holding / (c.stockout * c.mean)).clamp(1e-12, 1.0 - 1e-12);
        point = mean + sd * normal_quantile(1.0 - risk);
        let short = normal_loss(point, mean, sd).short;
        let next = (2.0 * c.mean * (c.fixed + c.stockout * short) / c.holding).sqrt();
        let done = (next - quantity).abs() < 1e-12 * quantity;
        quantity = next;
        if done {
            break;
        }
    }
    let short = normal_loss(point, mean, sd).short;
    let cost = c.holding * (point - mean + quantity / 2.0)
        + c.fixed * c.mean / quantity
        + c.stockout * c.mean * short / quantity;
    Ok((Reorder { point, quantity }, cost))
}

/// The quantity of the model with backorders, and the point at which both ends of the cycle cost alike (Zheng, 1992).
pub fn r_q_backorders(c: &ReorderCosts) -> Result<Reorder> {
    c.check()?;
    let (mean, sd) = c.over_lead();
    let quantity = c.eoq() * ((c.holding + c.stockout) / c.stockout).sqrt();
    let rate = |y: f64| {
        let loss = normal_loss(y, mean, sd);
        c.holding * loss.left + c.stockout * loss.short
    };
    // The difference falls with the point, from plenty of shortage to plenty of stock.
    let (mut low, mut high) = (mean - quantity - 10.0 * sd, mean + 10.0 * sd);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if rate(middle) > rate(middle + quantity) { low = middle } else { high = middle }
    }
    Ok(Reorder { point: f64::midpoint(low, high), quantity })
}

/// The economic order quantity with the newsvendor's safety stock.
pub fn r_q_safety(c: &ReorderCosts) -> Result<Reorder> {
    c.check()?;
    let (mean, sd) = c.over_lead();
    let z = normal_quantile(c.stockout / (c.stockout + c.holding));
    Ok(Reorder { point: mean + z * sd, quantity: c.eoq() })
}

/// The approximation by loss functions (Hadley & Whitin, 1963), which charges units short by time.
pub fn r_q_loss(c: &ReorderCosts) -> Result<Reorder> {
    c.check()?;
    let (mean, sd) = c.over_lead();
    let (mut quantity, mut point) = (c.eoq(), mean);
    for _ in 0..300 {
        let goal = c.holding * quantity / (c.holding + c.stockout);
        let (mut low, mut high) = (mean - quantity - 10.0 * sd, mean + 10.0 * sd);
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if normal_loss(middle, mean, sd).short > goal { low = middle } else { high = middle }
        }
        point = f64::midpoint(low, high);
        let over = (c.holding + c.stockout) * normal_second_loss(point, mean, sd);
        let next = (2.0 * (c.fixed * c.mean + over) / c.holding).sqrt();
        let done = (next - quantity).abs() < 1e-12 * quantity;
        quantity = next;
        if done {
            break;
        }
    }
    Ok(Reorder { point, quantity })
}

/// The exact cost of a reorder point and quantity under normal demand (Hadley & Whitin, 1963).
pub fn r_q_cost(c: &ReorderCosts, policy: Reorder) -> Result<f64> {
    c.check()?;
    let (mean, sd) = c.over_lead();
    let Reorder { point, quantity } = policy;
    let second = normal_second_loss(point, mean, sd) - normal_second_loss(point + quantity, mean, sd);
    Ok(c.holding * (quantity / 2.0 + point - mean)
        + (c.holding + c.stockout) * second / quantity
        + c.fixed * c.mean / quantity)
}

/// A reorder point and quantity in whole units, with their cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoissonReorder {
    /// The reorder point.
    pub point: i64,
    /// The order quantity.
    pub quantity: i64,
    /// Cost per unit of time.
    pub cost: f64,
}

/// The best reorder point and quantity for Poisson demand: the exact algorithm of Federgruen & Zheng (1992).
pub fn r_q_poisson(holding: f64, stockout: f64, fixed: f64, mean: f64, lead: f64) -> Result<PoissonReorder> {
    let (h, p, k) = (
        positive("holding_cost", holding)?,
        positive("stockout_cost", stockout)?,
        not_negative("fixed_cost", fixed)?,
    );
    let over = positive("demand_mean", mean)? * positive("lead_time", lead)?;
    let rate = |y: i64| {
        if y <= 0 {
            return p * (over - y as f64);
        }
        let loss = poisson_loss(y as f64, over);
        h * loss.left + p * loss.short
    };
    let mut best = over.floor() as i64;
    while rate(best + 1) < rate(best) {
        best += 1;
    }
    while rate(best - 1) < rate(best) {
        best -= 1;
    }
    let (mut point, mut quantity) = (best - 1, 1);
    let mut sum = k * mean + rate(best);
    loop {
        let (below, above) = (rate(point), rate(point + quantity + 1));
        let next = below.min(above);
        if next >= sum / quantity as f64 {
            break;
        }
        sum += next;
        quantity += 1;
        if below <= above {
            point -= 1;
        }
    }
    Ok(PoissonReorder { point, quantity, cost: sum / quantity as f64 })
}
