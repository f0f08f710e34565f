//! `baddie elasticity`: how demand answers to prices, and what would sell at prices not yet tried.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use baddie::ai::forecast::Frequency;
use baddie::ai::pricing::{Sale, learn};
use baddie::clock::Date;
use serde_json::json;
use tokio::time::Instant;

use super::table::{Output, Row, Table};
use super::{Failure, Global, progress};

/// What `baddie elasticity` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What was sold at which price: `id,date,units,price[,group][,market][,<numbers…>]`. A group ties similar series
    /// together, a market those that stand side by side; every other column is a promotion or the like.
    #[arg(long, value_name = "FILE")]
    history: PathBuf,
    /// Prices to foretell sales at: `id,date,price[,…]` with the columns of the history.
    #[arg(long, value_name = "FILE", requires = "predictions")]
    predict: Option<PathBuf>,
    /// Where the foretold sales go: `id,date,log_units,units`.
    #[arg(long, value_name = "FILE", requires = "predict")]
    predictions: Option<PathBuf>,
    /// Where the elasticities go: `id,elasticity,std_error`; standard output when absent.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Fixes what is drawn by lot: the same input and seed give the same answer.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Names in the order of their first appearance.
#[derive(Default)]
struct Names {
    places: HashMap<String, usize>,
    list: Vec<String>,
}

impl Names {
    fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.places.insert(name.to_owned(), self.list.len());
        self.list.push(name.to_owned());
        self.list.len() - 1
    }
}

/// What was sold, and what it is called in the file.
struct Learnt {
    series: Names,
    markets: Names,
    groups: Names,
    /// Group and market of each series, as its first row has them.
    stands: Vec<(usize, usize)>,
    promos: Vec<String>,
    frequency: Frequency,
    sales: Vec<Sale>,
}

pub(super) fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let start = Instant::now();
    let mut learnt = read(&args.history)?;
    let asked = args.predict.as_deref().map(|path| questions(path, &mut learnt)).transpose()?;
    let bar = progress::bar("learning", None);
    let told = |error| Failure::because(format!("{}: {error}", args.history.display()));
    let model = learn(&learnt.sales, args.seed).map_err(told)?;
    bar.finish_and_clear();
    let mut output = Output::new(args.output.as_deref(), &["id", "elasticity", "std_error"])?;
    let mut silent = 0;
    for (place, id) in learnt.series.list.iter().enumerate() {
        match model.elasticity(place) {
            Some(said) => output.row(&[id], [said.value, said.error])?,
            None => silent += 1,
        }
    }
    output.finish()?;
    let mut foretold = 0;
    if let (Some((rows, dates)), Some(path)) = (asked, &args.predictions) {
        let said = model.predict(&rows)?;
        let mut output = Output::new(Some(path), &["id", "date", "log_units", "units"])?;
        for ((row, date), log) in rows.iter().zip(&dates).zip(said) {
            let units = (log + model.spread() / 2.0).exp();
            output.row(&[&learnt.series.list[row.series], date], [log, units])?;
        }
        output.finish()?;
        foretold = rows.len();
    }
    if args.output.is_none() {
        return Ok(());
    }
    let (series, seconds) = (learnt.series.list.len(), start.elapsed().as_secs_f64());
    let report = json!({
        "series": series, "rows": learnt.sales.len(), "without_sales": silent, "predicted": foretold,
        "seconds": seconds,
    });
    let words = format!(
        "{series} series ({silent} without a sale, of which nothing can be said), {foretold} rows foretold, {seconds:.2} s"
    );
    global.show(&report, words)
}

/// A price must be above zero: demand is learnt from its logarithm.
fn price(row: Row<'_>, place: usize) -> Result<f64, Failure> {
    let price = row.number(place)?;
    if price > 0.0 { Ok(price) } else { Err(row.wrong(place, "is no price: give one above zero")) }
}

const OURS: [&str; 6] = ["id", "date", "units", "price", "group", "market"];

fn read(path: &Path) -> Result<Learnt, Failure> {
    let mut table = Table::open(path, &["id", "date", "units", "price"])?;
    let place = |name| table.place(name).expect("its presence was just checked");
    let (id, date, units, cost) = (place("id"), place("date"), place("units"), place("price"));
    let (group, market) = (table.place("group"), table.place("market"));
    let promos = table.others(&OURS);
    let (mut series, mut markets, mut groups) = (Names::default(), Names::default(), Names::default());
    let (mut stands, mut sales, mut dates): (Vec<(usize, usize)>, Vec<Sale>, Vec<Date>) = Default::default();
    while let Some(row) = table.next_row()? {
        let at = series.place(row.text(id));
        if at == stands.len() {
            let group = groups.place(group.map_or("", |place| row.text(place)));
            // Without a market a thing stands alone.
            let market = market.map_or_else(|| row.text(id), |place| row.text(place));
            stands.push((group, markets.place(market)));
        }
        let sold = row.number(units)?;
        if sold < 0.0 {
            return Err(row.wrong(units, "is below zero: write what was sold, and leave out what came back"));
        }
        let (group, market) = stands[at];
        let price = price(row, cost)?;
        let promos = promos.iter().map(|(place, _)| Ok(row.number_if_any(*place)?.unwrap_or(0.0)));
        let promos = promos.collect::<Result<_, Failure>>()?;
        dates.push(row.date(date)?);
        sales.push(Sale { series: at, group, market, step: 0, units: sold, price, promos });
    }
    let frequency = usual(&sales, &dates);
    for (sale, date) in sales.iter_mut().zip(&dates) {
        sale.step = frequency.index(*date);
    }
    let promos = promos.into_iter().map(|(_, name)| name).collect();
    Ok(Learnt { series, markets, groups, stands, promos, frequency, sales })
}

/// How far apart the rows of a series usually lie.
fn usual(sales: &[Sale], dates: &[Date]) -> Frequency {
    let mut of: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
    for (sale, date) in sales.iter().zip(dates) {
        of.entry(sale.series).or_default().push(date.as_days());
    }
    let mut gaps: Vec<i64> = Vec::new();
    for days in of.values_mut() {
        days.sort_unstable();
        gaps.extend(days.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0));
    }
    gaps.sort_unstable();
    match gaps.get(gaps.len() / 2) {
        Some(..=3) => Frequency::Daily,
        Some(4..=17) | None => Frequency::Weekly,
        Some(18..=59) => Frequency::Monthly,
        Some(_) => Frequency::Quarterly,
    }
}

/// Reads the prices to foretell sales at, and their dates as they are written.
fn questions(path: &Path, learnt: &mut Learnt) -> Result<(Vec<Sale>, Vec<String>), Failure> {
    let mut needed = vec!["id", "date", "price"];
    needed.extend(learnt.promos.iter().map(String::as_str));
    let mut table = Table::open(path, &needed)?;
    let place = |name| table.place(name).expect("its presence was just checked");
    let (id, date, cost) = (place("id"), place("date"), place("price"));
    let promos: Vec<usize> = learnt.promos.iter().map(|name| place(name)).collect();
    let (group, market) = (table.place("group"), table.place("market"));
    let (mut rows, mut dates) = (Vec::new(), Vec::new());
    while let Some(row) = table.next_row()? {
        let Some(&series) = learnt.series.places.get(row.text(id)) else {
            return Err(row.wrong(id, "has no history: leave the row out, or give what it sold"));
        };
        let stand = learnt.stands[series];
        let group = group.map_or(stand.0, |place| learnt.groups.place(row.text(place)));
        let market = market.map_or(stand.1, |place| learnt.markets.place(row.text(place)));
        let promos = promos.iter().map(|place| Ok(row.number_if_any(*place)?.unwrap_or(0.0)));
        rows.push(Sale {
            series,
            group,
            market,
            step: learnt.frequency.index(row.date(date)?),
            units: 0.0,
            price: price(row, cost)?,
            promos: promos.collect::<Result<_, Failure>>()?,
        });
        dates.push(row.text(date).to_owned());
    }
    Ok((rows, dates))
}
