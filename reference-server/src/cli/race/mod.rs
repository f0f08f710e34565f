//! `baddie race`: many buyers go for few units at the same instant, and nothing is sold twice.

mod unique;

use std::sync::Arc;

use baddie::catalog::{CreateProduct, NewVariant};
use baddie::inventory::{AdjustStock, ListLevels, MoveReason};
use baddie::orders::{PlaceLine, PlaceOrder};
use baddie::{Currency, Engine, Error, Found, Kind, Money, Shop};
use serde::Serialize;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::scratch::Scratch;
use super::shop::WhichShop;
use super::{Failure, Global, progress};

/// How often a buyer asks again when the engine says to try later.
const PATIENCE: u32 = 100;

/// What `baddie race` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How many buy at once.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    buyers: u32,
    /// How many units there are.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    units: u32,
    /// What they go for: several processes that name the same SKU in one database race for the same units.
    #[arg(long, conflicts_with = "one_of_a_kind")]
    sku: Option<String>,
    /// The units are one-of-a-kind things, each also on offer at five pretend channels, where buyers come too.
    #[arg(long)]
    one_of_a_kind: bool,
    #[command(flatten)]
    shop: WhichShop,
}

/// How it went.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Outcome {
    /// Orders that were taken, of this process.
    pub(super) accepted: u64,
    /// Orders that were refused, of this process.
    pub(super) refused: u64,
    /// Units promised beyond those that lay there, whoever promised them.
    pub(super) oversold: i64,
    /// How long other offers of what was sold stayed up: half of them no longer than this.
    pub(super) window_p50_ms: Option<i64>,
    /// And nineteen in twenty no longer than this.
    pub(super) window_p95_ms: Option<i64>,
}

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    if args.one_of_a_kind {
        return unique::run(global, args).await;
    }
    let (_scratch, shop) = ground(global, &args.shop).await?;
    let sku = match &args.sku {
        Some(sku) => sku.clone(),
        None => format!("RACE-{}", std::process::id()),
    };
    let outcome = race(&shop, &sku, args.buyers, args.units).await?;
    let words = format!(
        "{} buyers, {} units: {} accepted, {} refused, {} oversold",
        args.buyers, args.units, outcome.accepted, outcome.refused, outcome.oversold
    );
    global.show(&outcome, words)?;
    let all = u64::from(args.buyers.min(args.units));
    // Where others may race for the same units, this process alone cannot say how many it should get.
    let fair = args.sku.is_some() || outcome.accepted == all;
    if outcome.oversold == 0 && fair { Ok(()) } else { Err(Failure::Shown) }
}

/// The shop to race in: the one of the database that was named, or one that is forgotten afterwards.
pub(super) async fn ground(global: &Global, which: &WhichShop) -> Result<(Option<Scratch>, Shop), Failure> {
    if global.database.is_some() {
        let engine = global.engine().await?;
        return Ok((None, which.of(&engine).await?));
    }
    let scratch = Scratch::new("race", None)?;
    let engine = Engine::open(&format!("sqlite://{}", scratch.file("race.db").display())).await?;
    let founded = engine.found(pretend("Race")).await?;
    Ok((Some(scratch), founded.shop))
}

/// A shop for trials.
pub(super) fn pretend(name: &str) -> Found {
    Found {
        name: name.to_owned(),
        email: "owner@example.com".to_owned(),
        currency: Currency::GBP,
        time_zone: baddie::clock::Zone::utc(),
    }
}

async fn race(shop: &Shop, sku: &str, buyers: u32, units: u32) -> Result<Outcome, Failure> {
    // Under one key, so that of several processes that name the same SKU one makes it and all find it.
    let price = Money::new(1_000, Currency::GBP);
    let once = |what| shop.clone().with_key(format!("race/{sku}/{what}"));
    let product = CreateProduct {
        title: format!("What everybody wants ({sku})"),
        variants: vec![NewVariant::stocked(sku, price)],
        ..CreateProduct::default()
    };
    let variant_id = once("make").catalog().create_product(product).await?.variants[0].variant.id;
    let stock = AdjustStock {
        variant_id,
        location_id: None,
        change: i64::from(units),
        reason: MoveReason::Opening,
        cost: Some(Money::new(i64::from(units) * 400, Currency::GBP)),
    };
    once("stock").inventory().adjust(stock).await?;

    let gate = Arc::new(Barrier::new(buyers as usize));
    let mut running = JoinSet::new();
    for buyer in 0..buyers {
        let shop = shop.clone().with_key(format!("race/{}/{buyer}", std::process::id()));
        let (gate, sku) = (Arc::clone(&gate), sku.to_owned());
        running.spawn(async move {
            gate.wait().await;
            buy(&shop, &sku).await
        });
    }
    let bar = progress::bar("buying", Some(u64::from(buyers)));
    let mut outcome = Outcome::default();
    while let Some(bought) = running.join_next().await {
        if bought?? {
            outcome.accepted += 1;
        } else {
            outcome.refused += 1;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let levels = shop.inventory().levels(ListLevels { variant_id }).await?;
    outcome.oversold = levels.iter().map(|level| (level.reserved - level.on_hand).max(0)).sum();
    Ok(outcome)
}

/// Buys one; says whether there was one left.
async fn buy(shop: &Shop, sku: &str) -> Result<bool, Error> {
    for _ in 0..PATIENCE {
        let order = PlaceOrder::of(vec![PlaceLine::sku(sku, 1)]).paid();
        match shop.orders().place(order).await {
            Ok(_) => return Ok(true),
            Err(error) if error.code() == "inventory.insufficient_stock" => return Ok(false),
            Err(error) if error.kind() == Kind::Unavailable => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::new(Kind::Unavailable, "race.no_turn", "a buyer never got a turn"))
}
