//! `baddie bench reads`: lists and single products per second over HTTP, beside a route behind the same layers that
//! asks for the same credential and does nothing: answers that are kept ready, and answers worked out anew.

use std::fmt::Write as _;
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
    fresh_list_per_s: f64,
    fresh_get_per_s: f64,
    fresh_list_ratio: f64,
    fresh_get_ratio: f64,
    fresh_list: Percentiles,
    fresh_get: Percentiles,
}

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let products = (args.variants / SISTERS) as usize;
    let ground = Ground::new(global, &args.pace.dir, products, SISTERS as usize).await?;
    let served = ground.serve().await?;
    let afresh = ground.serve_afresh().await?;
    let (lists, products) = walk(&served, &ground.token).await?;
    let (lists, products) = (Arc::new(lists), Arc::new(products));
    let time = args.pace.time();
    let mut laps = Vec::new();
    for (what, served, paths) in [
        ("doing nothing", &served, &Arc::new(vec![IDLE.to_owned()])),
        ("listing", &served, &lists),
        ("getting", &served, &products),
        ("listing, worked out anew", &afresh, &lists),
        ("getting, worked out anew", &afresh, &products),
    ] {
        lap(served, &ground.token, &args.pace, paths, what, time.min(Duration::from_secs(1))).await?;
        laps.push(lap(served, &ground.token, &args.pace, paths, what, time).await?);
    }
    served.stop().await?;
    afresh.stop().await?;
    let [nothing, list, get, fresh_list, fresh_get] = laps[..] else {
        return Err(Failure::because("a measurement is missing"));
    };
    let ratio = |lap: (f64, Percentiles)| rounded(lap.0 / nothing.0);
    let report = Report {
        clients: args.pace.clients,
        variants: args.variants,
        list_per_s: list.0,
        get_per_s: get.0,
        empty_per_s: nothing.0,
        list_ratio: ratio(list),
        get_ratio: ratio(get),
        list: list.1,
        get: get.1,
        empty: nothing.1,
        fresh_list_per_s: fresh_list.0,
        fresh_get_per_s: fresh_get.0,
        fresh_list_ratio: ratio(fresh_list),
        fresh_get_ratio: ratio(fresh_get),
        fresh_list: fresh_list.1,
        fresh_get: fresh_get.1,
    };
    let mut words = format!("{} clients, {} variants", report.clients, report.variants);
    for (what, lap) in [
        ("nothing", nothing),
        ("list 20", list),
        ("get one", get),
        ("list 20, worked out anew", fresh_list),
        ("get one, worked out anew", fresh_get),
    ] {
        let (per_s, Percentiles { p50_ms, p99_ms, .. }) = lap;
        let percent = ratio(lap) * 100.0;
        let _ = write!(
            words,
            "\n{what:<24} {per_s:>9.0}/s  p50 {p50_ms:.2} ms  p99 {p99_ms:.2} ms  {percent:.1}% of nothing"
        );
    }
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
