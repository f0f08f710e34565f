//! The race for one-of-a-kind things: each is on offer at five pretend channels, and buyers go for it there and in the
//! shop at the same instant.
//!
//! A channel sells what it shows before the shop can tell it to stop; such a sale is a fact, and the engine flags it.
//! What must never happen is that the shop promises a thing twice, or that an offer of a sold thing stays up.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baddie::catalog::{Condition, CreateItem};
use baddie::clock::SystemClock;
use baddie::ids::{ChannelId, VariantId};
use baddie::insights::percentile;
use baddie::integrations::sandbox::{Config, Faults, Market, PerMille, Sandbox, Settings, Timer};
use baddie::listings::{ConnectChannel, CreateListing, ListListings, Listing, ListingState, SyncChannel};
use baddie::orders::{ListOrders, OrderState};
use baddie::page::MAX_LIMIT;
use baddie::{Engine, Money, OrderView, Page, PageRequest, Ppm, Shop};
use serde::Serialize;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::{Args, Outcome, buy, pretend};
use crate::cli::scratch::Scratch;
use crate::cli::{Failure, Global, progress};
use crate::worker;

/// The channels: two web shops, two places for second-hand things, an auction house.
const MARKETS: [(&str, Market); 5] = [
    ("Web shop", Market::MultiQuantity),
    ("Other web shop", Market::MultiQuantity),
    ("Second hand", Market::SingleQuantity),
    ("Flea market", Market::SingleQuantity),
    ("Auction house", Market::Auction),
];
/// How long the shop may take to settle, faults and all.
const PATIENCE: Duration = Duration::from_mins(3);

/// How it went.
#[derive(Debug, Serialize)]
struct Report {
    #[serde(flatten)]
    outcome: Outcome,
    /// Sales that a channel made of a thing that was gone, which the engine has flagged.
    flagged: u64,
    /// Offers of sold things: ended, or handed to somebody to look.
    ended: u64,
    needs_attention: u64,
    /// Offers of sold things that were still up at the end: none.
    still_up: u64,
    /// Facts checked afterwards, and how many were wrong.
    checks: u64,
    violations: u64,
}

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    if global.database.is_some() {
        return Err(Failure::because(
            "the pretend channels live in this process alone: leave --database out",
        ));
    }
    let scratch = Scratch::new("race", None)?;
    let world = Sandbox::new(middling(), Arc::new(SystemClock)).sleeping(Arc::new(Timer));
    let url = format!("sqlite://{}", scratch.file("race.db").display());
    let engine = Engine::builder(baddie::storage::connect(&url, now()).await?).sandbox(&world).build();
    let shop = engine.found(pretend("Race")).await?.shop;
    let closing = CancellationToken::new();
    let working = tokio::spawn(worker::run(engine.clone(), closing.clone()));
    let raced = race(&shop, &world, args).await;
    closing.cancel();
    working.await?;
    let mut report = raced?;
    let verdict = engine.verify(&|_| {}).await?;
    (report.checks, report.violations) = (verdict.checks, verdict.violations);
    let outcome = &report.outcome;
    let words = format!(
        "{} buyers in the shop, {} things on {} channels: {} accepted, {} refused, {} oversold, {} flagged\n\
         other offers: {} ended, {} flagged, {} still up; up for {} ms (p50), {} ms (p95)\n\
         {} facts checked afterwards, {} wrong",
        args.buyers,
        args.units,
        MARKETS.len(),
        outcome.accepted,
        outcome.refused,
        outcome.oversold,
        report.flagged,
        report.ended,
        report.needs_attention,
        report.still_up,
        outcome.window_p50_ms.unwrap_or(0),
        outcome.window_p95_ms.unwrap_or(0),
        report.checks,
        report.violations,
    );
    global.show(&report, words)?;
    let fine = outcome.oversold == 0 && report.still_up == 0 && report.violations == 0;
    if fine { Ok(()) } else { Err(Failure::Shown) }
}

fn now() -> baddie::clock::Timestamp {
    use baddie::clock::Clock as _;
    SystemClock.now()
}

/// What goes wrong on a middling day, at a pace that a race can wait for.
fn middling() -> Config {
    let faults = Faults {
        latency_least_ms: 5,
        latency_most_ms: 60,
        rate_limited_ms: 300,
        delayed_ms: 2_000,
        lost_ms: 3_000,
        bids: PerMille(20),
        bids_ms: 3_000,
        ..Faults::demo()
    };
    Config { seed: u64::from(std::process::id()), faults, ..Config::default() }
}

async fn race(shop: &Shop, world: &Sandbox, args: &Args) -> Result<Report, Failure> {
    let channels = connect(shop).await?;
    let skus = take_in(shop, &channels, args.units).await?;
    let listings = listed(shop, args.units as usize * channels.len()).await?;

    let gate = Arc::new(Barrier::new(args.buyers as usize + listings.len().div_ceil(3)));
    let mut running = JoinSet::new();
    for buyer in 0..args.buyers {
        let shop = shop.clone().with_key(format!("race/{buyer}"));
        let (gate, sku) = (Arc::clone(&gate), skus[buyer as usize % skus.len()].clone());
        running.spawn(async move {
            gate.wait().await;
            buy(&shop, &sku).await.map(Some)
        });
    }
    // Some channels make a sale of their own; the others only learn that the thing is gone.
    let visited = listings.into_iter().enumerate().filter(|(number, _)| number % 3 == 0);
    for (_, listing) in visited {
        let (gate, world) = (Arc::clone(&gate), world.clone());
        running.spawn(async move {
            gate.wait().await;
            // Whoever comes too late at a channel is told so there; the shop never hears of it.
            if let Some(name) = &listing.external_id {
                let _ = world.buy(listing.channel_id, name, 1);
            }
            Ok(None)
        });
    }
    let mut outcome = Outcome::default();
    while let Some(bought) = running.join_next().await {
        match bought?? {
            Some(true) => outcome.accepted += 1,
            Some(false) => outcome.refused += 1,
            None => {}
        }
    }
    settle(shop, world, &channels).await?;
    report(shop, outcome).await
}

async fn connect(shop: &Shop) -> Result<Vec<ChannelId>, Failure> {
    let mut channels = Vec::new();
    for (name, market) in MARKETS {
        let settings = serde_json::to_value(Settings { market, faults: None })?;
        let channel = ConnectChannel {
            name: name.to_owned(),
            kind: "sandbox".to_owned(),
            external_account: String::new(),
            currency: None,
            secret_ref: None,
            buffer_qty: 0,
            settings,
            fees: Vec::new(),
        };
        channels.push(shop.channels().connect(channel).await?.id);
    }
    Ok(channels)
}

/// Takes the things in and offers each everywhere.
async fn take_in(shop: &Shop, channels: &[ChannelId], units: u32) -> Result<Vec<String>, Failure> {
    let currency = shop.accounts().get(baddie::accounts::GetShop {}).await?.currency;
    let mut skus = Vec::new();
    for number in 1..=units {
        let item = CreateItem {
            title: format!("The only one of its kind, number {number}"),
            brand: None,
            category: None,
            description: String::new(),
            attributes: BTreeMap::new(),
            sku: format!("ONE-{number}"),
            price: Some(Money::new(2_000, currency)),
            weight_g: None,
            condition: Condition::Good,
            condition_notes: String::new(),
            grade: None,
            serial: None,
            unit_cost: Money::new(500, currency),
            location_id: None,
            bin: None,
        };
        let variant = shop.catalog().create_item(item).await?.variant;
        for &channel_id in channels {
            let listing = CreateListing {
                channel_id,
                variant_id: variant.id,
                title: None,
                description: None,
                price: None,
                min_price: None,
                draft: false,
            };
            shop.listings().create(listing).await?;
        }
        skus.push(variant.sku);
    }
    Ok(skus)
}

/// Waits until so many listings are live, and answers them.
async fn listed(shop: &Shop, count: usize) -> Result<Vec<Listing>, Failure> {
    let bar = progress::bar("listing", Some(count as u64));
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut live = all_listings(shop).await?;
        live.retain(|listing| listing.state == ListingState::Live);
        bar.set_position(live.len() as u64);
        if live.len() == count {
            bar.finish_and_clear();
            return Ok(live);
        }
        if Instant::now() > deadline {
            let words = format!("only {} of {count} listings went live in time", live.len());
            return Err(Failure::because(words));
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until the shop has heard of every sale, and no offer of a sold thing is left to itself.
async fn settle(shop: &Shop, world: &Sandbox, channels: &[ChannelId]) -> Result<(), Failure> {
    let bar = progress::bar("ending the other offers", None);
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        for &channel_id in channels {
            shop.channels().sync(SyncChannel { channel_id }).await?;
        }
        let mut told = 0;
        for &channel_id in channels {
            told += world.orders(channel_id)?.len();
        }
        let orders = all_orders(shop).await?;
        let heard = orders.iter().filter(|view| view.order.channel_id.is_some()).count();
        let open = up(&sold(&orders), &all_listings(shop).await?);
        bar.set_position(open.try_into().unwrap_or(u64::MAX));
        if heard == told && open == 0 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    bar.finish_and_clear();
    Ok(())
}

/// The things that were sold, and how often the shop has promised each.
fn sold(orders: &[OrderView]) -> BTreeMap<VariantId, i64> {
    let mut promised = BTreeMap::new();
    for view in orders {
        let counts = !matches!(view.order.state, OrderState::Oversold | OrderState::Cancelled);
        for line in &view.lines {
            *promised.entry(line.variant_id).or_default() += if counts { line.qty } else { 0 };
        }
    }
    promised
}

fn is_over(listing: &Listing) -> bool {
    matches!(listing.state, ListingState::Ended | ListingState::NeedsAttention)
}

fn up(sold: &BTreeMap<VariantId, i64>, listings: &[Listing]) -> usize {
    listings.iter().filter(|listing| sold.contains_key(&listing.variant_id) && !is_over(listing)).count()
}

async fn report(shop: &Shop, mut outcome: Outcome) -> Result<Report, Failure> {
    let orders = all_orders(shop).await?;
    let listings = all_listings(shop).await?;
    let sold = sold(&orders);
    outcome.oversold = sold.values().map(|promised| (promised - 1).max(0)).sum();
    let mut windows: Vec<i64> = listings
        .iter()
        .filter_map(|listing| i64::try_from(listing.ended_at?.since(listing.sold_out_at?).as_millis()).ok())
        .collect();
    windows.sort_unstable();
    outcome.window_p50_ms = percentile(&windows, Ppm(500_000));
    outcome.window_p95_ms = percentile(&windows, Ppm(950_000));
    let of_sold = || listings.iter().filter(|listing| sold.contains_key(&listing.variant_id));
    let in_state = |state| of_sold().filter(|listing| listing.state == state).count() as u64;
    Ok(Report {
        outcome,
        flagged: orders.iter().filter(|view| view.order.state == OrderState::Oversold).count() as u64,
        ended: in_state(ListingState::Ended),
        needs_attention: in_state(ListingState::NeedsAttention),
        still_up: up(&sold, &listings) as u64,
        checks: 0,
        violations: 0,
    })
}

async fn all_orders(shop: &Shop) -> Result<Vec<OrderView>, Failure> {
    all(async |page| shop.orders().list(ListOrders { page, ..ListOrders::default() }).await).await
}

async fn all_listings(shop: &Shop) -> Result<Vec<Listing>, Failure> {
    all(async |page| shop.listings().list(ListListings { page, ..ListListings::default() }).await).await
}

/// Everything on all pages.
async fn all<T>(read: impl AsyncFn(PageRequest) -> baddie::Result<Page<T>>) -> Result<Vec<T>, Failure> {
    let mut things = Vec::new();
    let mut next = PageRequest::first(MAX_LIMIT);
    loop {
        let page = read(next.clone()).await?;
        things.extend(page.items);
        if page.next_cursor.is_none() {
            return Ok(things);
        }
        next.cursor = page.next_cursor;
    }
}
