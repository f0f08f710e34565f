//! The demo: a living shop with a year of real sales behind it.
//!
//! The sales are those of a UK gift shop, December 2010 to December 2011 (Daqing Chen, "Online Retail", UCI Machine
//! Learning Repository, doi:10.24432/C5BW33, CC BY 4.0): 300 of its products, cut out by `scripts/demo-data`, with the
//! dates moved by whole weeks so that they end before today. Every basket is a real order of the engine, so stock,
//! cost layers, books and demand are the engine's own. Costs, suppliers, fees, channels and the thrifted things are
//! not in the data: they are pretend, and named so.

mod finds;
mod replay;
mod sales;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use baddie::clock::{Clock, Date, SystemClock};
use baddie::integrations::sandbox::{Config, Sandbox};
use baddie::{Builder, Engine, Result};
use tokio_util::sync::CancellationToken;

use crate::log;

pub(crate) use self::replay::seed;

/// What every product of the sales shipped with the program sold: its SKU, the first day, and the units day by day.
pub(crate) fn daily_sales() -> Option<Vec<(String, Date, Vec<f64>)>> {
    let history = sales::read()?;
    let days = usize::try_from(history.last + 1).ok()?;
    let daily = |sold: sales::Sold| {
        let mut units = vec![0.0; days];
        for sale in &sold.sales {
            #[expect(clippy::cast_precision_loss, reason = "units of a day are far below 2^52")]
            let count = sale.units as f64;
            *units.get_mut(usize::try_from(sale.day).ok()?)? += count;
        }
        Some((sold.sku, history.first, units))
    };
    history.products.into_iter().map(daily).collect()
}

/// How many buyers come to the pretend marketplaces in a day.
const BUYERS_PER_DAY: u32 = 600;

/// The pretend world beside a shop's database; it outlives the process, as marketplaces do.
pub(crate) fn world(folder: &Path) -> std::io::Result<Sandbox> {
    Sandbox::kept_in(folder.join("world.json"), Config::demo(7), Arc::new(SystemClock))
}

/// The demo's engine: the shop's store, and the pretend world as its channels, bank and carrier.
pub(crate) async fn engine(database: &str, world: &Sandbox, clock: Arc<dyn Clock>) -> Result<Builder> {
    let storage = baddie::storage::connect(database, SystemClock.now()).await?;
    Ok(Engine::builder(storage).clock(clock).sandbox(world))
}

/// Lets buyers come until told to stop.
pub(crate) async fn buyers(world: Sandbox, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
        if let Err(refusal) = world.tick_buyers(BUYERS_PER_DAY) {
            log::error(format_args!("demo: {refusal}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_last_weeks_are_lived_and_every_invariant_holds() {
        let dir = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", dir.path().join("shop.db").display());
        let world = world(dir.path()).unwrap();
        let seeded = seed(&database, &world, 40, &indicatif::ProgressBar::hidden()).await.unwrap();
        assert!(seeded.orders > 500, "{} orders", seeded.orders);
        let engine = engine(&database, &world, Arc::new(SystemClock)).await.unwrap().build();
        let verdict = engine.verify(&|_| ()).await.unwrap();
        assert_eq!(verdict.violations, 0, "{:#?}", verdict.details);
        assert!(verdict.checks > 10_000, "{} checks", verdict.checks);
    }
}
