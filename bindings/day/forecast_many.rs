//! Forecasts many short series in one call, and says what the call cost in seconds of processor time.
//!
//! `cargo run --release -p baddie-c --example forecast_many 100000`

use std::error::Error;
use std::fs;

use baddie::ai::forecast::{Frequency, Request, Series, forecast};

/// Seconds of processor time that this process has used, as Linux counts them: in hundredths.
fn used() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / 100.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    let count: u32 = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let units = |i: u32, t: u32| f64::from((i * 7 + t * (3 + i % 11)) % (2 + i % 5));
    let series: Vec<Series> =
        (0..count).map(|i| Series::new(format!("s{i}"), (0..24).map(|t| units(i, t)).collect())).collect();
    let request = Request { horizon: 6, leads: Vec::new(), seed: 1, threads: 2 };
    let before = used()?;
    let said = forecast(&series, Frequency::Monthly, None, &request)?;
    let cost = used()? - before;
    // The sum of all means shows that another door was asked the same and said the same.
    let sum: f64 = said.iter().flat_map(|one| &one.steps).map(|step| step.mean).sum();
    println!("{cost:.2} {sum:.6}");
    Ok(())
}
