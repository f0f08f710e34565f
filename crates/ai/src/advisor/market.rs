//! How the market moves, as the engine asks it.

use baddie_core::error::Result;
use baddie_core::insights::{MarketModel, Movement, Opportunity, Stand};
use baddie_core::money::Ppm;

use super::Advisor;
use crate::forecast::{Frequency, Series};
use crate::market::{opportunities, trend};

impl MarketModel for Advisor {
    fn name(&self) -> String {
        super::NAME.to_owned()
    }

    fn movement(&self, units: &[i64]) -> Result<Movement> {
        let y = units.iter().map(|units| (*units).max(0) as f64).collect();
        let said = trend(&Series::new("units", y), Frequency::Daily)?;
        let millionths = |figure: f64| Ppm((1_000_000.0 * figure.clamp(0.0, 1e6)).round() as i64);
        Ok(Movement {
            per_year: millionths(said.per_year),
            certainty: millionths(said.certainty),
            momentum: millionths(said.momentum),
            season: said.season.into_iter().map(millionths).collect(),
        })
    }

    fn opportunities(&self, stands: &[Stand]) -> Result<Vec<Opportunity>> {
        opportunities(stands)
    }
}
