//! `baddie bench orders`: durable orders per second, in process and over HTTP, beside a floor: bare SQLite that makes
//! the same reads and writes, statement by statement, on a copy of the same file, with as many orders to a commit.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use baddie::orders::{PlaceLine, PlaceOrder};
use baddie::storage::sqlite::{Meter, Recording, Sqlite};
use serde::Serialize;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::Instant;

use super::Pace;
use super::client::Client;
use super::figures::{Dice, Percentiles, Times, processor_time, rate, rounded};
use super::ground::{Ground, Served, sku};
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
    commits: u64,
    statements_per_order: f64,
    cpu_us_per_order: Option<f64>,
    #[serde(flatten)]
    http: Option<Http>,
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
    http_commits: u64,
    http_cpu_us_per_order: Option<f64>,
}

/// One measurement.
struct Lap {
    orders: usize,
    per_s: f64,
    times: Percentiles,
    done: Meter,
    cpu_us: Option<f64>,
}

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let ground = Ground::new(&args.pace.dir, PRODUCTS, 1).await?;
    let time = args.pace.time();
    let round = Round { ground: &ground, clients: args.pace.clients, lines: args.lines };
    round.lap("warming up", time.min(Duration::from_secs(1)), None).await?;
    let lap = round.lap("placing orders", time, None).await?;
    let floor = round.floor(time.min(RECORDED)).await?;
    let http = if args.http {
        let served = ground.serve().await?;
        round.lap("warming up over HTTP", time.min(Duration::from_secs(1)), Some(&served)).await?;
        let over = round.lap("placing orders over HTTP", time, Some(&served)).await?;
        served.stop().await?;
        Some(Http {
            http_orders_per_s: over.per_s,
            http_ratio: rounded(over.per_s / lap.per_s),
            http_p50_ms: over.times.p50_ms,
            http_p95_ms: over.times.p95_ms,
            http_p99_ms: over.times.p99_ms,
            http_commits: over.done.commits,
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
        commits: lap.done.commits,
        statements_per_order: per(lap.done.statements, lap.orders),
        cpu_us_per_order: lap.cpu_us,
        http,
    };
    global.show(&report, words(&report))
}

fn words(report: &Report) -> String {
    let Percentiles { p50_ms, p95_ms, p99_ms } = report.times;
    let mut text = format!(
        "{} clients, {} lines an order\n\
         in process  {:>9.0} orders/s  p50 {p50_ms:.2} ms  p95 {p95_ms:.2} ms  p99 {p99_ms:.2} ms  {} commits  \
         {:.0} µs CPU  {:.1} statements\n\
         floor       {:>9.0} orders/s  ratio {:.2}",
        report.clients,
        report.lines,
        report.orders_per_s,
        report.commits,
        report.cpu_us_per_order.unwrap_or(0.0),
        report.statements_per_order,
        report.floor_orders_per_s,
        report.ratio,
    );
    if let Some(http) = &report.http {
        let _ = write!(
            text,
            "\nover HTTP   {:>9.0} orders/s  p50 {:.2} ms  p95 {:.2} ms  p99 {:.2} ms  {} commits  {:.0} µs CPU  \
             ratio {:.2}",
            http.http_orders_per_s,
            http.http_p50_ms,
            http.http_p95_ms,
            http.http_p99_ms,
            http.http_commits,
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
        let (before, cpu) = (self.ground.store.meter(), processor_time());
        let start = Instant::now();
        let deadline = start + time;
        let mut running = JoinSet::new();
        for number in 0..self.clients {
            let buyer = Buyer {
                name: format!("{}-{number}", before.transactions),
                dice: Dice::new(before.transactions + u64::from(number) + 1),
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
        let done = difference(self.ground.store.meter(), before);
        let orders = times.count();
        let each = f64::from(u32::try_from(orders.max(1)).unwrap_or(u32::MAX));
        Ok(Lap {
            orders,
            per_s: rate(orders, took),
            times: times.percentiles(),
            done,
            cpu_us: used.map(|used| rounded(used.as_secs_f64() * 1e6 / each)),
        })
    }

    /// Records real orders, and has bare SQLite do the same on a copy of the file as it was before them.
    async fn floor(&self, time: Duration) -> Result<f64, Failure> {
        let store = &self.ground.store;
        let copy = self.ground.file("floor.db");
        Sqlite::backup(store, &copy, |_| {}).await?;
        store.start_recording();
        let lap = self.lap("recording", time, None).await;
        let recording = Arc::new(store.take_recording());
        let lap = lap?;
        let batch = usize::try_from(lap.done.transactions.div_ceil(lap.done.commits.max(1))).unwrap_or(1);
        let bar = progress::bar("replaying on bare SQLite", None);
        let replay = spawn_blocking(move || Recording::replay(&recording, &copy, batch)).await??;
        bar.finish_and_clear();
        if replay.different > 0 {
            let words =
                format!("{} statements of the floor did something else than recorded", replay.different);
            return Err(Failure::because(words));
        }
        Ok(rate(usize::try_from(replay.transactions).unwrap_or(0), replay.elapsed))
    }
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
