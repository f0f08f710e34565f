use baddie_core::error::{Error, Result};

use crate::numeric::ln_gamma;

/// The value and the first price of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Markdown {
    /// What the stock is expected to bring.
    pub value: f64,
    /// The price to begin with.
    pub price: f64,
    /// For each period, the place of the best price for each number of units left, when the last price was the
    /// highest one allowed: the plan as a table.
    pub plan: Vec<Vec<usize>>,
}

/// The best price of `units` over a time `left`, when customers come at a rate `rate * exp(-sensitivity * price)`:
/// the closed form of Gallego & van Ryzin (1994). Gives the expected revenue and the price to begin with.
pub fn closed_form(rate: f64, sensitivity: f64, units: u32, left: f64) -> Result<(f64, f64)> {
    for (name, value) in [("rate", rate), ("sensitivity", sensitivity), ("time", left)] {
        if !value.is_finite() || value <= 0.0 {
            return Err(Error::invalid(name, value, "give a finite number above zero"));
        }
    }
    if units == 0 {
        return Err(Error::invalid("units", units, "give at least one"));
    }
    let load = (rate * left).ln() - 1.0;
    // A sum of exponentials, taken out of its largest term so that nothing overflows.
    let value = |n: u32| -> f64 {
        let terms: Vec<f64> = (0..=n).map(|i| f64::from(i) * load - ln_gamma(f64::from(i) + 1.0)).collect();
        let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (most + terms.iter().map(|t| (t - most).exp()).sum::<f64>().ln()) / sensitivity
    };
    let (all, fewer) = (value(units), value(units - 1));
    Ok((all, 1.0 / sensitivity + all - fewer))
}

/// The probabilities of selling 0, 1, … of `stock` units under Poisson demand; the last takes all further demand.
fn sales(mean: f64, stock: usize, out: &mut Vec<f64>) {
    out.clear();
    let mut sum = 0.0;
    for k in 0..stock {
        let p = if mean <= 0.0 {
            f64::from(u8::from(k == 0))
        } else {
            (k as f64 * mean.ln() - mean - ln_gamma(k as f64 + 1.0)).exp()
        };
        out.push(p);
        sum += p;
    }
    out.push((1.0 - sum).max(0.0));
}

/// The best markdown of a stock over periods with Poisson demand that depends on price and period, by dynamic
/// programming over units and, where prices may never rise again, over the last price (Bitran & Mondschein, 1997).
pub fn markdown(
    prices: &[f64],
    means: &[Vec<f64>],
    stock: usize,
    salvage: f64,
    never_raise: bool,
) -> Result<Markdown> {
    let periods = means.first().map_or(0, Vec::len);
    if prices.is_empty() || means.len() != prices.len() || means.iter().any(|row| row.len() != periods) {
        let given = format!("{} rows for {} prices", means.len(), prices.len());
        return Err(Error::invalid(
            "means",
            given,
            "give one row for each price, one number for each period",
        ));
    }
    if let Some(bad) = means.iter().flatten().chain(prices).find(|v| !v.is_finite() || **v < 0.0) {
        return Err(Error::invalid("means", bad, "give finite numbers that are not below zero"));
    }
    if stock > 100_000 || prices.len() > 1_000 || periods > 10_000 {
        return Err(Error::invalid(
            "stock",
            stock,
            "plan at most 100,000 units, 1,000 prices, 10,000 periods",
        ));
    }
    // Prices from the highest down, so that "never raise" means "from here on".
    let mut order: Vec<usize> = (0..prices.len()).collect();
    order.sort_by(|&a, &b| prices[b].total_cmp(&prices[a]));
    let tiers = if never_raise { prices.len() } else { 1 };
    let mut value: Vec<Vec<f64>> = vec![(0..=stock).map(|n| salvage * n as f64).collect(); tiers];
    let mut plan = Vec::with_capacity(periods);
    let mut chance = Vec::new();
    for t in (0..periods).rev() {
        let mut next = vec![vec![0.0; stock + 1]; tiers];
        let mut best = vec![0; stock + 1];
        for n in 1..=stock {
            // What each price brings from here.
            let worth: Vec<f64> = order
                .iter()
                .enumerate()
                .map(|(place, &k)| {
                    sales(means[k][t], n, &mut chance);
                    let after = &value[if never_raise { place } else { 0 }];
                    chance.iter().enumerate().map(|(s, p)| p * (prices[k] * s as f64 + after[n - s])).sum()
                })
                .collect();
            let mut top = (f64::NEG_INFINITY, 0);
            for place in (0..order.len()).rev() {
                if worth[place] >= top.0 {
                    top = (worth[place], place);
                }
                if never_raise {
                    next[place][n] = top.0;
                }
            }
            if !never_raise {
                next[0][n] = top.0;
            }
            best[n] = order[top.1];
        }
        value = next;
        plan.push(best);
    }
    plan.reverse();
    let first = plan.first().map_or(order[0], |best| best[stock]);
    Ok(Markdown { value: value[0][stock], price: prices[first], plan })
}

/// The one price for a stock that is not refilled, when demand is Poisson with mean `scale * price^-elasticity`:
/// price and expected profit.
pub fn price_of_finite_stock(
    prices: &[f64],
    scale: f64,
    elasticity: f64,
    stock: usize,
    unit_cost: f64,
) -> Result<(f64, f64)> {
    let mut best: Option<(f64, f64)> = None;
    let mut chance = Vec::new();
    for &price in prices {
        if !price.is_finite() || price <= 0.0 {
            return Err(Error::invalid("prices", price, "give finite prices above zero"));
        }
        sales(scale * price.powf(-elasticity), stock, &mut chance);
        let sold: f64 = chance.iter().enumerate().map(|(s, p)| s as f64 * p).sum();
        let profit = (price - unit_cost) * sold;
        if best.is_none_or(|(_, most)| profit > most) {
            best = Some((price, profit));
        }
    }
    best.ok_or_else(|| Error::invalid("prices", "empty", "give at least one"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every policy by brute recursion.
    fn brute(
        prices: &[f64],
        means: &[Vec<f64>],
        n: usize,
        t: usize,
        salvage: f64,
        cap: f64,
        never_raise: bool,
    ) -> f64 {
        if n == 0 || t == means[0].len() {
            return salvage * n as f64;
        }
        let mut best = f64::NEG_INFINITY;
        for (k, &price) in prices.iter().enumerate() {
            if never_raise && price > cap {
                continue;
            }
            let mut chance = Vec::new();
            sales(means[k][t], n, &mut chance);
            let value: f64 = chance
                .iter()
                .enumerate()
                .map(|(s, p)| {
                    p * (price * s as f64 + brute(prices, means, n - s, t + 1, salvage, price, never_raise))
                })
                .sum();
            best = best.max(value);
        }
        best
    }

    proptest::proptest! {
        #[test]
        fn the_program_is_the_best_of_all(
            means in proptest::collection::vec(proptest::collection::vec(0.1_f64..3.0, 3), 3),
            stock in 1_usize..4, never_raise in proptest::bool::ANY,
        ) {
            let prices = [5.0, 8.0, 6.5];
            let ours = markdown(&prices, &means, stock, 1.0, never_raise).unwrap();
            let best = brute(&prices, &means, stock, 0, 1.0, f64::INFINITY, never_raise);
            proptest::prop_assert!((ours.value - best).abs() < 1e-9, "{} {best}", ours.value);
        }
    }

    #[test]
    fn nonsense_is_named() {
        assert!(closed_form(0.0, 1.0, 1, 1.0).is_err());
        assert!(closed_form(1.0, 1.0, 0, 1.0).is_err());
        assert_eq!(markdown(&[], &[], 3, 0.0, true).unwrap_err().field(), Some("means"));
    }
}
