//! What will sell: `baddie forecast`, `lead-time-demand` and `stockout` read the same histories and ask the same model.
//! No shop is needed, and nothing is kept.

mod history;

use std::collections::HashMap;
use std::path::PathBuf;

use baddie::ai::forecast::{Coherent, Forecast, Frequency, Request, forecast_together, forecast_watched};
use serde_json::json;
use tokio::time::Instant;

use super::table::{Output, Table};
use super::{Failure, Global, progress};

/// What all three take.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// What was sold: `id,date,units[,group]`, oldest first; dates missing inside a series are taken for no sales.
    #[arg(long, value_name = "FILE")]
    history: PathBuf,
    /// What a step is: D a day, W a week, M a month, Q a quarter.
    #[arg(long, value_name = "D|W|M|Q", value_parser = Frequency::parse)]
    freq: Frequency,
    /// What is known besides: `id,date,<numbers…>` over the history and the steps ahead; rows without an id are about
    /// every series. A column `price` also tells when a thing could not be had.
    #[arg(long, value_name = "FILE")]
    covariates: Option<PathBuf>,
    /// Where the answer goes; standard output when absent.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Fixes what is drawn by lot: the same input and seed give the same answer.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many threads may work; the answer does not depend on it. All processors when absent.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// What `baddie forecast` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Steps {
    #[command(flatten)]
    asked: Asked,
    /// How many steps ahead.
    #[arg(long, value_name = "H", value_parser = clap::value_parser!(u16).range(1..=1000))]
    horizon: u16,
    /// Forecast the groups and everything together too, as `all of <group>` and `all`, and make it all add up.
    #[arg(long)]
    together: bool,
}

/// What `baddie lead-time-demand` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Sums {
    #[command(flatten)]
    asked: Asked,
    /// Over how many steps demand is added up.
    #[arg(long, value_name = "L", value_parser = clap::value_parser!(u16).range(1..=1000))]
    lead_time: u16,
}

/// What `baddie stockout` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Stockout {
    #[command(flatten)]
    sums: Sums,
    /// What lies in stock: `id,k,stock`, where `k` is any name for the row.
    #[arg(long, value_name = "FILE")]
    stock: PathBuf,
}

/// Asks the model: so many steps one by one, and the sum over so many; of groups and everything too, when together.
fn ask(asked: &Asked, horizon: usize, leads: Vec<usize>, together: bool) -> Result<Vec<Forecast>, Failure> {
    let series = history::series(&asked.history, asked.freq)?;
    let threads = asked
        .threads
        .map_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from);
    let request = Request { horizon, leads, seed: asked.seed, threads };
    let known = asked.covariates.as_deref();
    let known =
        known.map(|path| history::covariates(path, &series, asked.freq, request.reach())).transpose()?;
    let bar = progress::bar("forecasting", Some(series.len() as u64));
    #[expect(
        clippy::cast_sign_loss,
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a share"
    )]
    let tell = |share: f64| bar.set_position((share * series.len() as f64) as u64);
    let said = if together {
        forecast_together(&series, asked.freq, known.as_ref(), &request, &tell).map(Coherent::into_rows)
    } else {
        forecast_watched(&series, asked.freq, known.as_ref(), &request, &tell)
    };
    bar.finish_and_clear();
    Ok(said?)
}

/// Says how it went, unless the answer itself went to standard output.
fn told(global: &Global, asked: &Asked, series: usize, rows: usize, start: Instant) -> Result<(), Failure> {
    let Some(output) = &asked.output else { return Ok(()) };
    let seconds = start.elapsed().as_secs_f64();
    let report = json!({ "series": series, "rows": rows, "seconds": seconds, "output": output });
    global.show(&report, format!("{}: {rows} rows for {series} series in {seconds:.2} s", output.display()))
}

pub(super) fn forecast_steps(global: &Global, args: &Steps) -> Result<(), Failure> {
    let (asked, start) = (&args.asked, Instant::now());
    let said = ask(asked, args.horizon.into(), Vec::new(), args.together)?;
    let columns = ["id", "step", "mean", "q05", "q25", "q50", "q75", "q95"];
    let mut output = Output::new(asked.output.as_deref(), &columns)?;
    for one in &said {
        for (step, ahead) in (1..).zip(&one.steps) {
            let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map(|level| ahead.quantile(level));
            output.row(&[&one.id, &i32::to_string(&step)], [ahead.mean].into_iter().chain(quantiles))?;
        }
    }
    output.finish()?;
    told(global, asked, said.len(), said.len() * usize::from(args.horizon), start)
}

pub(super) fn lead_time_demand(global: &Global, args: &Sums) -> Result<(), Failure> {
    let (asked, start) = (&args.asked, Instant::now());
    let said = ask(asked, 0, vec![args.lead_time.into()], false)?;
    let mut output = Output::new(asked.output.as_deref(), &["id", "q50", "q80", "q90", "q95", "q99"])?;
    for one in &said {
        let sum = &one.leads[0];
        output.row(&[&one.id], [0.5, 0.8, 0.9, 0.95, 0.99].map(|level| sum.quantile(level)))?;
    }
    output.finish()?;
    told(global, asked, said.len(), said.len(), start)
}

pub(super) fn stockout(global: &Global, args: &Stockout) -> Result<(), Failure> {
    let (asked, start) = (&args.sums.asked, Instant::now());
    // What is wrong with the question is said before the long work.
    let stocks = stocks(args)?;
    let said = ask(asked, 0, vec![args.sums.lead_time.into()], false)?;
    let sums: HashMap<&str, _> = said.iter().map(|one| (one.id.as_str(), &one.leads[0])).collect();
    for stock in &stocks {
        if !sums.contains_key(stock.id.as_str()) {
            let words = format!(
                "{}: line {}: {:?} has no history in {}: leave the row out, or give what it sold",
                args.stock.display(),
                stock.line,
                stock.id,
                asked.history.display()
            );
            return Err(Failure::because(words));
        }
    }
    let mut output = Output::new(asked.output.as_deref(), &["id", "k", "p"])?;
    for stock in &stocks {
        output.row(&[&stock.id, &stock.name], [sums[stock.id.as_str()].exceeds(stock.units)])?;
    }
    output.finish()?;
    told(global, asked, said.len(), stocks.len(), start)
}

/// What lies in stock of one thing.
struct Stock {
    line: u64,
    id: String,
    /// What the caller calls the row.
    name: String,
    units: f64,
}

fn stocks(args: &Stockout) -> Result<Vec<Stock>, Failure> {
    let mut table = Table::open(&args.stock, &["id", "k", "stock"])?;
    let place = |name| table.place(name).expect("its presence was just checked");
    let (id, name, units) = (place("id"), place("k"), place("stock"));
    let mut rows = Vec::new();
    while let Some(row) = table.next_row()? {
        let stock = Stock {
            line: row.line(),
            id: row.text(id).to_owned(),
            name: row.text(name).to_owned(),
            units: row.number(units)?,
        };
        if stock.units < 0.0 {
            return Err(row.wrong(units, "is below zero: nothing can lie there less than not at all"));
        }
        rows.push(stock);
    }
    Ok(rows)
}
