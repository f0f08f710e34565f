//! `baddie bench orders`: durable orders per second, in process and over HTTP, beside a floor of the same run. On a
//! file, bare SQLite makes the same reads and writes, statement by statement, on a copy of the file, with as many orders to
//! a commit. On a server, one function writes the same rows in one round trip, called by as many clients of `pgbench`.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use baddie::ids::EntityId as _;
use baddie::orders::{PlaceLine, PlaceOrder};
use baddie::storage::sqlite::{Meter, Recording, Sqlite};
use serde::Serialize;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::Instant;

use super::Pace;
use super::client::Client;
use super::figures::{Dice, Percentiles, Times, processor_time, rate, rounded};
use super::ground::{Ground, Place, Served, sku};
use super::server::Database;
use crate::cli::{Failure, Global, progress};

/// How many products there are to choose from.
const PRODUCTS: usize = 1_000;
/// How long real work is recorded for the floor, at most; the recording is held in memory.
const RECORDED: Duration = Duration::from_secs(2);

/// What `baddie bench orders` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pace: Pace,
    /// Lines of each order.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=100))]
    lines: u16,
    /// Measure over HTTP too.
    #[arg(long)]
    http: bool,
}

/// What was measured.
#[derive(Debug, Serialize)]
struct Report {
    clients: u16,
    lines: u16,
    orders: usize,
    orders_per_s: f64,
    floor_orders_per_s: f64,
    ratio: f64,
    #[serde(flatten)]
    times: Percentiles,
    #[serde(flatten)]
    effort: Effort,
    cpu_us_per_order: Option<f64>,
    #[serde(flatten)]
    http: Option<Http>,
}

/// What was asked of the database.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Effort {
    File { commits: u64, statements_per_order: f64 },
    Server { round_trips_per_order: f64 },
}

/// The same over HTTP.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "scripts rely on these names in the JSON")]
struct Http {
    http_orders_per_s: f64,
    http_ratio: f64,
    http_p50_ms: f64,
    http_p95_ms: f64,
    http_p99_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_commits: Option<u64>,
    http_cpu_us_per_order: Option<f64>,
}

/// One measurement.
struct Lap {
    orders: usize,
    per_s: f64,
    times: Percentiles,
    cpu_us: Option<f64>,
}

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let ground = Ground::new(global, &args.pace.dir, PRODUCTS, 1).await?;
    let time = args.pace.time();
    let round = Round { ground: &ground, clients: args.pace.clients, lines: args.lines };
    round.lap("warming up", time.min(Duration::from_secs(1)), None).await?;
    let (lap, effort, floor) = match &ground.place {
        Place::File { store, scratch } => {
            let before = store.meter();
            let lap = round.lap("placing orders", time, None).await?;
            let done = difference(store.meter(), before);
            let floor = round.floor_of_file(store, &scratch.file("floor.db"), time.min(RECORDED)).await?;
            let statements_per_order = per(done.statements, lap.orders);
            (lap, Effort::File { commits: done.commits, statements_per_order }, floor)
        }
        Place::Server { store, database } => {
            let before = store.round_trips();
            let lap = round.lap("placing orders", time, None).await?;
            let trips = store.round_trips() - before;
            let effort = Effort::Server { round_trips_per_order: per(trips, lap.orders) };
            let floor = round.floor_of_server(database, &args.pace).await?;
            (lap, effort, floor)
        }
    };
    let http = if args.http {
        let served = ground.serve().await?;
        round.lap("warming up over HTTP", time.min(Duration::from_secs(1)), Some(&served)).await?;
        let before = ground.place.commits();
        let over = round.lap("placing orders over HTTP", time, Some(&served)).await?;
        let commits = ground.place.commits().zip(before).map(|(after, before)| after - before);
        served.stop().await?;
        Some(Http {
            http_orders_per_s: over.per_s,
            http_ratio: rounded(over.per_s / lap.per_s),
            http_p50_ms: over.times.p50_ms,
            http_p95_ms: over.times.p95_ms,
            http_p99_ms: over.times.p99_ms,
            http_commits: commits,
            http_cpu_us_per_order: over.cpu_us,
        })
    } else {
        None
    };
    let report = Report {
        clients: args.pace.clients,
        lines: args.lines,
        orders: lap.orders,
        orders_per_s: lap.per_s,
        floor_orders_per_s: floor,
        ratio: rounded(lap.per_s / floor),
        times: lap.times,
        effort,
        cpu_us_per_order: lap.cpu_us,
        http,
    };
    global.show(&report, words(&report))
}

fn words(report: &Report) -> String {
    let Percentiles { p50_ms, p95_ms, p99_ms } = report.times;
    let effort = match report.effort {
        Effort::File { commits, statements_per_order } => {
            format!("{commits} commits  {statements_per_order:.1} statements")
        }
        Effort::Server { round_trips_per_order } => format!("{round_trips_per_order:.1} round trips"),
    };
    let mut text = format!(
        "{} clients, {} lines an order\n\
         in process  {:>9.0} orders/s  p50 {p50_ms:.2} ms  p95 {p95_ms:.2} ms  p99 {p99_ms:.2} ms  \
         {:.0} µs CPU  {effort}\n\
         floor       {:>9.0} orders/s  ratio {:.2}",
        report.clients,
        report.lines,
        report.orders_per_s,
        report.cpu_us_per_order.unwrap_or(0.0),
        report.floor_orders_per_s,
        report.ratio,
    );
    if let Some(http) = &report.http {
        let _ = write!(
            text,
            "\nover HTTP   {:>9.0} orders/s  p50 {:.2} ms  p95 {:.2} ms  p99 {:.2} ms  {:.0} µs CPU  \
             ratio {:.2}",
            http.http_orders_per_s,
            http.http_p50_ms,
            http.http_p95_ms,
            http.http_p99_ms,
            http.http_cpu_us_per_order.unwrap_or(0.0),
            http.http_ratio,
        );
    }
    text
}

fn per(count: u64, orders: usize) -> f64 {
    let of = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    rounded(of(count) / of(orders.max(1) as u64))
}

/// Who races, and where.
struct Round<'a> {
    ground: &'a Ground,
    clients: u16,
    lines: u16,
}

impl Round<'_> {
    /// Lets all clients place orders for some time.
    async fn lap(&self, what: &'static str, time: Duration, served: Option<&Served>) -> Result<Lap, Failure> {
        let bar = progress::bar(what, None);
        let cpu = processor_time();
        let start = Instant::now();
        let deadline = start + time;
        let mut running = JoinSet::new();
        for number in 0..self.clients {
            let buyer = Buyer {
                name: format!("{what}-{number}"),
                dice: Dice::new((what.len() as u64) << 32 | u64::from(number + 1)),
                lines: usize::from(self.lines),
            };
            match served {
                None => running.spawn(buyer.in_process(self.ground.shop.clone(), deadline)),
                Some(served) => {
                    let client = Client::connect(served.address, &self.ground.token).await?;
                    running.spawn(buyer.over_http(client, deadline))
                }
            };
        }
        let mut times = Times::default();
        while let Some(client) = running.join_next().await {
            times.join(client??);
            bar.set_position(times.count() as u64);
        }
        let took = start.elapsed();
        bar.finish_and_clear();
        let used = processor_time().zip(cpu).map(|(after, before)| after.saturating_sub(before));
        let orders = times.count();
        let each = f64::from(u32::try_from(orders.max(1)).unwrap_or(u32::MAX));
        Ok(Lap {
            orders,
            per_s: rate(orders, took),
            times: times.percentiles(),
            cpu_us: used.map(|used| rounded(used.as_secs_f64() * 1e6 / each)),
        })
    }

    /// Records real orders, and has bare SQLite do the same on a copy of the file as it was before them.
    async fn floor_of_file(&self, store: &Sqlite, copy: &Path, time: Duration) -> Result<f64, Failure> {
        Sqlite::backup(store, copy, |_| {}).await?;
        let before = store.meter();
        store.start_recording();
        let lap = self.lap("recording", time, None).await;
        let recording = Arc::new(store.take_recording());
        lap?;
        let done = difference(store.meter(), before);
        let batch = usize::try_from(done.transactions.div_ceil(done.commits.max(1))).unwrap_or(1);
        let (bar, copy) = (progress::bar("replaying on bare SQLite", None), copy.to_owned());
        let replay = spawn_blocking(move || Recording::replay(&recording, &copy, batch)).await??;
        bar.finish_and_clear();
        if replay.different > 0 {
            let words =
                format!("{} statements of the floor did something else than recorded", replay.different);
            return Err(Failure::because(words));
        }
        Ok(rate(usize::try_from(replay.transactions).unwrap_or(0), replay.elapsed))
    }

    /// Has `pgbench` write the rows of as many orders as it can, and looks that they are as many rows an order.
    async fn floor_of_server(&self, database: &Database, pace: &Pace) -> Result<f64, Failure> {
        let start = database.rows()?;
        self.lap("placing a few more", Duration::from_secs(1), None).await?;
        let ours = database.rows()?;
        let bar = progress::bar("writing the same rows", None);
        let floor = database.floor(self.ground.shop.id().as_u128(), pace);
        bar.finish_and_clear();
        let floor = floor?;
        let theirs = database.rows()?;
        let (ours, theirs) = (an_order(&start, &ours), an_order(&ours, &theirs));
        if ours != theirs {
            let words = format!("the floor wrote other rows than the engine: {theirs:?} instead of {ours:?}");
            return Err(Failure::because(words));
        }
        Ok(floor)
    }
}

/// How many rows of each table belong to one order.
fn an_order(before: &[(String, u64)], after: &[(String, u64)]) -> Vec<(String, u64)> {
    let more = |table: &str, count: u64| {
        let known = before.iter().find(|(name, _)| name == table).map_or(0, |(_, count)| *count);
        count - known
    };
    let orders =
        after.iter().find(|(name, _)| name == "orders").map_or(0, |(name, count)| more(name, *count));
    let each = after.iter().map(|(name, count)| (name.clone(), more(name, *count) / orders.max(1)));
    each.filter(|(_, count)| *count > 0).collect()
}

fn difference(after: Meter, before: Meter) -> Meter {
    Meter {
        statements: after.statements - before.statements,
        transactions: after.transactions - before.transactions,
        commits: after.commits - before.commits,
    }
}

/// One client: places one order after another.
struct Buyer {
    name: String,
    dice: Dice,
    lines: usize,
}

impl Buyer {
    /// Different products, as people buy them.
    fn choose(&mut self) -> Vec<String> {
        let first = self.dice.below(PRODUCTS);
        (0..self.lines).map(|line| sku((first + line * 7) % PRODUCTS, 0)).collect()
    }

    async fn in_process(mut self, shop: baddie::Shop, deadline: Instant) -> Result<Times, Failure> {
        let mut times = Times::default();
        let mut number = 0_u32;
        loop {
            let begun = Instant::now();
            if begun >= deadline {
                return Ok(times);
            }
            number += 1;
            let lines = self.choose().into_iter().map(|sku| PlaceLine::sku(sku, 1)).collect();
            let shop = shop.clone().with_key(format!("{}-{number}", self.name));
            shop.orders().place(PlaceOrder::of(lines).paid()).await?;
            times.add(begun.elapsed());
        }
    }

    async fn over_http(mut self, mut client: Client, deadline: Instant) -> Result<Times, Failure> {
        let mut times = Times::default();
        let mut number = 0_u32;
        loop {
            let begun = Instant::now();
            if begun >= deadline {
                return Ok(times);
            }
            number += 1;
            let lines: Vec<_> =
                self.choose().into_iter().map(|sku| format!(r#"{{"sku":"{sku}","qty":1}}"#)).collect();
            let body = format!(r#"{{"lines":[{}],"paid":true}}"#, lines.join(","));
            client.post("/api/v1/orders", &format!("{}-{number}", self.name), &body).await?;
            times.add(begun.elapsed());
        }
    }
}
