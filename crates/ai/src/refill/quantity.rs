use baddie_core::error::{Error, Result};

use super::positive;

/// How much to order at a time and what it costs per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lot {
    /// Units of an order.
    pub quantity: f64,
    /// Cost per unit of time.
    pub cost: f64,
    /// The place among the price breaks, where there are any.
    pub region: usize,
}

/// The economic order quantity (Harris, 1913).
pub fn eoq(fixed: f64, holding: f64, rate: f64) -> Result<Lot> {
    let (k, h, l) =
        (positive("fixed_cost", fixed)?, positive("holding_cost", holding)?, positive("demand_rate", rate)?);
    Ok(Lot { quantity: (2.0 * k * l / h).sqrt(), cost: (2.0 * k * l * h).sqrt(), region: 0 })
}

/// The economic order quantity with backorders, and the share of demand that is backordered.
pub fn eoq_with_backorders(fixed: f64, holding: f64, stockout: f64, rate: f64) -> Result<(Lot, f64)> {
    let p = positive("stockout_cost", stockout)?;
    let plain = eoq(fixed, holding, rate)?;
    let share = holding / (holding + p);
    let quantity = plain.quantity / (1.0 - share).sqrt();
    Ok((Lot { quantity, cost: plain.cost * (1.0 - share).sqrt(), region: 0 }, share))
}

/// The economic production quantity: goods arrive at a rate instead of at once (Taft, 1918).
pub fn epq(fixed: f64, holding: f64, rate: f64, production: f64) -> Result<Lot> {
    if positive("production_rate", production)? <= rate {
        return Err(Error::invalid("production_rate", production, "it must exceed the demand rate"));
    }
    eoq(fixed, holding * (1.0 - rate / production), rate)
}

fn check(breaks: &[f64], costs: &[f64]) -> Result<()> {
    if breaks.is_empty() || breaks.len() != costs.len() || breaks[0] != 0.0 {
        let remedy = "give as many as unit costs, the first at 0";
        return Err(Error::invalid("breakpoints", format!("{} of them", breaks.len()), remedy));
    }
    if !breaks.is_sorted_by(|a, b| a < b) {
        return Err(Error::invalid("breakpoints", "out of order", "sort them, smallest first"));
    }
    costs.iter().try_for_each(|&cost| positive("unit_costs", cost).map(drop))
}

/// The order quantity when larger orders make every unit cheaper (Hadley & Whitin, 1963).
pub fn all_units(fixed: f64, holding_rate: f64, rate: f64, breaks: &[f64], costs: &[f64]) -> Result<Lot> {
    check(breaks, costs)?;
    let mut best: Option<Lot> = None;
    for (region, (&from, &unit)) in breaks.iter().zip(costs).enumerate() {
        let h = holding_rate * unit;
        let to = breaks.get(region + 1).copied().unwrap_or(f64::INFINITY);
        let quantity = eoq(fixed, h, rate)?.quantity;
        // Beyond the region a later break is cheaper still.
        if quantity >= to {
            continue;
        }
        let quantity = quantity.max(from);
        let cost = unit * rate + fixed * rate / quantity + h * quantity / 2.0;
        if best.is_none_or(|b| cost < b.cost) {
            best = Some(Lot { quantity, cost, region });
        }
    }
    best.ok_or_else(|| Error::invalid("breakpoints", "empty", "give at least one"))
}

/// The order quantity when the units beyond each break are cheaper (Hadley & Whitin, 1963).
pub fn incremental(fixed: f64, holding_rate: f64, rate: f64, breaks: &[f64], costs: &[f64]) -> Result<Lot> {
    check(breaks, costs)?;
    positive("holding_cost_rate", holding_rate)?;
    positive("demand_rate", rate)?;
    let mut best: Option<Lot> = None;
    let mut paid = 0.0; // for the units before the region
    for (region, (&from, &unit)) in breaks.iter().zip(costs).enumerate() {
        let to = breaks.get(region + 1).copied().unwrap_or(f64::INFINITY);
        let extra = paid - unit * from;
        let quantity = (2.0 * (fixed + extra) * rate / (holding_rate * unit)).sqrt();
        if quantity >= from && quantity < to {
            let cost = unit * rate
                + holding_rate * extra / 2.0
                + (fixed + extra) * rate / quantity
                + holding_rate * unit * quantity / 2.0;
            if best.is_none_or(|b| cost < b.cost) {
                best = Some(Lot { quantity, cost, region });
            }
        }
        if to.is_finite() {
            paid += unit * (to - from);
        }
    }
    best.ok_or_else(|| Error::invalid("unit_costs", "rising", "units beyond a break are cheaper, not dearer"))
}
