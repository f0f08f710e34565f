//! How demand answers to prices: a log-log core shared by similar series, and trees for what it leaves over.

mod core;
mod extras;
mod solve;

use baddie_core::error::{Error, Result};

use self::core::Core;
use self::extras::Extras;

/// Sales of one series at one price over one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Sale {
    /// Which series; numbered from zero without gaps.
    pub series: usize,
    /// Series of one group are thought to answer alike.
    pub group: usize,
    /// Series of one market stand side by side: their prices on a step are known to the buyer.
    pub market: usize,
    /// When.
    pub step: i64,
    /// How many were sold; ignored where only prices are known.
    pub units: f64,
    /// At which price.
    pub price: f64,
    /// Displays, coupons and the like.
    pub promos: Vec<f64>,
}

/// By how much in a hundred demand changes when a price rises by one in a hundred.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Elasticity {
    /// The estimate; below zero.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

/// What was learned of many series.
#[derive(Debug, Clone)]
pub struct Model {
    core: Core,
    extras: Option<Extras>,
    spread: f64,
}

/// The own-price elasticity of every series, by its number; none where nothing was ever sold. What the core of
/// [`learn`]'s model says, without the rest.
pub fn elasticities(sales: &[Sale]) -> Result<Vec<Option<Elasticity>>> {
    check(sales, true)?;
    let core = Core::learn(sales);
    let count = sales.iter().map(|sale| sale.series + 1).max().unwrap_or(0);
    Ok((0..count).map(|series| core.elasticity(series)).collect())
}

/// Learns how demand answers to prices; sales of nothing are left out, as their logarithm is not.
pub fn learn(sales: &[Sale], seed: u64) -> Result<Model> {
    check(sales, true)?;
    let core = Core::learn(sales);
    let extras = Extras::learn(sales, &core, seed);
    let mut model = Model { core, extras, spread: 0.0 };
    let said = model.predict(sales)?;
    let gaps =
        sales.iter().zip(&said).filter(|(s, _)| s.units > 0.0).map(|(s, p)| (s.units.ln() - p).powi(2));
    model.spread = gaps.sum::<f64>() / sales.iter().filter(|s| s.units > 0.0).count() as f64;
    Ok(model)
}

impl Model {
    /// The own-price elasticity of a series.
    pub fn elasticity(&self, series: usize) -> Option<Elasticity> {
        self.core.elasticity(series)
    }

    /// The expected logarithm of units for rows whose units are not known yet. Rows of one market and step see each
    /// other's prices; prices before the first row are those that were learned from.
    pub fn predict(&self, rows: &[Sale]) -> Result<Vec<f64>> {
        check(rows, false)?;
        let mut said = self.core.predict(rows);
        if let Some(extras) = &self.extras {
            for (said, more) in said.iter_mut().zip(extras.predict(rows, &self.core)) {
                *said += more;
            }
        }
        Ok(said)
    }

    /// The variance of the logarithm of units around what is predicted: `exp(prediction + spread / 2)` are the
    /// expected units.
    pub fn spread(&self) -> f64 {
        self.spread
    }
}

fn check(sales: &[Sale], learning: bool) -> Result<()> {
    let promos = sales.first().map_or(0, |sale| sale.promos.len());
    for (row, sale) in sales.iter().enumerate() {
        if !sale.price.is_finite() || sale.price <= 0.0 {
            let field = format!("rows[{row}].price");
            return Err(Error::invalid(field, sale.price, "give a finite price above zero"));
        }
        if learning && (!sale.units.is_finite() || sale.units < 0.0) {
            let field = format!("rows[{row}].units");
            return Err(Error::invalid(field, sale.units, "give a finite number that is not below zero"));
        }
        if sale.promos.len() != promos || sale.promos.iter().any(|v| !v.is_finite()) {
            let given = format!("{:?}", sale.promos);
            return Err(Error::invalid(
                format!("rows[{row}].promos"),
                given,
                "give as many finite numbers in every row",
            ));
        }
    }
    if learning && !sales.iter().any(|sale| sale.units > 0.0) {
        return Err(Error::invalid("rows", "without sales", "give at least one row with units above zero"));
    }
    Ok(())
}
