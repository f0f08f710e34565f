//! `baddie bench reads`: lists and single products per second over HTTP, beside a route behind the same layers that
//! asks for the same credential and does nothing.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Pace;
use super::client::Client;
use super::figures::{Dice, Percentiles, Times, rate, rounded};
use super::ground::{Ground, IDLE, Served};
use crate::cli::{Failure, Global, progress};

/// Variants of each product.
const SISTERS: u32 = 3;
/// Products of each page.
const PAGE: u32 = 20;

/// What `baddie bench reads` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pace: Pace,
    /// How many variants the shop has.
    #[arg(long, value_name = "N", default_value_t = 30_000, value_parser = clap::value_parser!(u32).range(300..=3_000_000))]
    variants: u32,
}

/// What was measured.
#[derive(Debug, Serialize)]
struct Report {
    clients: u16,
    variants: u32,
    list_per_s: f64,
    get_per_s: f64,
    empty_per_s: f64,
    list_ratio: f64,
    get_ratio: f64,
    list: Percentiles,
    get: Percentiles,
    empty: Percentiles,
}

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let products = (args.variants / SISTERS) as usize;
    let ground = Ground::new(&args.pace.dir, products, SISTERS as usize).await?;
    let served = ground.serve().await?;
    let (lists, products) = walk(&served, &ground.token).await?;
    let time = args.pace.time();
    let mut laps = Vec::new();
    for (what, paths) in [("doing nothing", vec![IDLE.to_owned()]), ("listing", lists), ("getting", products)]
    {
        let paths = Arc::new(paths);
        lap(&served, &ground.token, &args.pace, &paths, what, time.min(Duration::from_secs(1))).await?;
        laps.push(lap(&served, &ground.token, &args.pace, &paths, what, time).await?);
    }
    served.stop().await?;
    let [(empty_per_s, empty), (list_per_s, list), (get_per_s, get)] = laps[..] else {
        return Err(Failure::because("a measurement is missing"));
    };
    let report = Report {
        clients: args.pace.clients,
        variants: args.variants,
        list_per_s,
        get_per_s,
        empty_per_s,
        list_ratio: rounded(list_per_s / empty_per_s),
        get_ratio: rounded(get_per_s / empty_per_s),
        list,
        get,
        empty,
    };
    let words = format!(
        "{} clients, {} variants\n\
         nothing  {empty_per_s:>9.0}/s  p50 {:.2} ms  p99 {:.2} ms\n\
         list 20  {list_per_s:>9.0}/s  p50 {:.2} ms  p99 {:.2} ms  {:.1}% of nothing\n\
         get one  {get_per_s:>9.0}/s  p50 {:.2} ms  p99 {:.2} ms  {:.1}% of nothing",
        report.clients,
        report.variants,
        empty.p50_ms,
        empty.p99_ms,
        list.p50_ms,
        list.p99_ms,
        report.list_ratio * 100.0,
        get.p50_ms,
        get.p99_ms,
        report.get_ratio * 100.0,
    );
    global.show(&report, words)
}

/// Goes through all pages once: the address of every page, and of every product.
async fn walk(served: &Served, token: &str) -> Result<(Vec<String>, Vec<String>), Failure> {
    let mut client = Client::connect(served.address, token).await?;
    let first = format!("/api/v1/products?limit={PAGE}");
    let (mut lists, mut products) = (vec![first.clone()], Vec::new());
    while let Some(path) = lists.last() {
        let page: Value = serde_json::from_slice(client.get(path).await?)?;
        let items = page["items"].as_array().into_iter().flatten();
        products.extend(items.filter_map(|item| Some(format!("/api/v1/products/{}", item["id"].as_str()?))));
        match page["next_cursor"].as_str() {
            Some(cursor) => lists.push(format!("{first}&cursor={cursor}")),
            None => break,
        }
    }
    Ok((lists, products))
}

async fn lap(
    served: &Served,
    token: &str,
    pace: &Pace,
    paths: &Arc<Vec<String>>,
    what: &'static str,
    time: Duration,
) -> Result<(f64, Percentiles), Failure> {
    let bar = progress::bar(what, None);
    let mut clients = Vec::new();
    for _ in 0..pace.clients {
        clients.push(Client::connect(served.address, token).await?);
    }
    let start = Instant::now();
    let deadline = start + time;
    let mut running = JoinSet::new();
    for (number, mut client) in clients.into_iter().enumerate() {
        let (paths, mut dice) = (Arc::clone(paths), Dice::new(number as u64 + 1));
        running.spawn(async move {
            let mut times = Times::default();
            loop {
                let begun = Instant::now();
                if begun >= deadline {
                    return Ok::<_, Failure>(times);
                }
                client.get(&paths[dice.below(paths.len())]).await?;
                times.add(begun.elapsed());
            }
        });
    }
    let mut times = Times::default();
    while let Some(client) = running.join_next().await {
        times.join(client??);
    }
    bar.finish_and_clear();
    Ok((rate(times.count(), start.elapsed()), times.percentiles()))
}
