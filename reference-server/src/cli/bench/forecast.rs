//! `baddie bench forecast`: how many series the whole model forecasts per second of processor time, and what a second
//! thread adds.

use baddie::ai::forecast::{Frequency, Request, Series, forecast};
use serde::Serialize;
use tokio::time::Instant;

use super::figures::{processor_time, rounded};
use crate::cli::{Failure, Global, progress};
use crate::demo;

/// What `baddie bench forecast` takes.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// How many days ahead.
    #[arg(long, value_name = "H", default_value_t = 28, value_parser = clap::value_parser!(u16).range(1..=365))]
    horizon: u16,
    /// How often the sales that came with the program are taken, each time as things of their own.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    times: u16,
}

/// What was measured.
#[derive(Debug, Serialize)]
struct Report {
    series: usize,
    days: usize,
    horizon: u16,
    seconds: f64,
    cpu_seconds: Option<f64>,
    series_per_s: f64,
    series_per_cpu_s: Option<f64>,
    /// How much faster two threads are than one.
    two_threads: f64,
}

pub(super) fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let shipped = demo::daily_sales().ok_or_else(|| Failure::because("the sales shipped cannot be read"))?;
    let series: Vec<Series> = (0..args.times)
        .flat_map(|time| {
            shipped.iter().map(move |(id, start, units)| Series {
                start: Some(*start),
                ..Series::new(format!("{id}/{time}"), units.clone())
            })
        })
        .collect();
    let bar = progress::bar("forecasting", None);
    let lap = |threads| -> Result<(f64, Option<f64>), Failure> {
        let request = Request { horizon: args.horizon.into(), leads: Vec::new(), seed: 1, threads };
        let (start, before) = (Instant::now(), processor_time());
        let said = forecast(&series, Frequency::Daily, None, &request)?;
        let used =
            processor_time().zip(before).map(|(after, before)| after.saturating_sub(before).as_secs_f64());
        debug_assert_eq!(said.len(), series.len());
        Ok((start.elapsed().as_secs_f64(), used))
    };
    let (alone, used) = lap(1)?;
    let (together, _) = lap(2)?;
    bar.finish_and_clear();
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let count = series.len() as f64;
    let report = Report {
        series: series.len(),
        days: series.iter().map(|one| one.y.len()).max().unwrap_or(0),
        horizon: args.horizon,
        seconds: rounded(alone),
        cpu_seconds: used.map(rounded),
        series_per_s: rounded(count / alone),
        series_per_cpu_s: used.map(|used| rounded(count / used)),
        two_threads: rounded(alone / together),
    };
    let words = format!(
        "{} series of up to {} days, {} days ahead: {:.0} series/s on one thread; two threads are {:.2} times as fast",
        report.series, report.days, report.horizon, report.series_per_s, report.two_threads
    );
    global.show(&report, words)
}
