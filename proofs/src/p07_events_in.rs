//! P7: what channels tell has one effect, in whatever order and however often it is told; what does not fit is refused
//! or told to somebody.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use baddie::clock::{Clock as _, SystemClock, Timestamp, Zone};
use baddie::ids::{ChannelId, VariantId};
use baddie::integrations::manual;
use baddie::inventory::ListLevels;
use baddie::journal::ListEvents;
use baddie::ledger::GetBalances;
use baddie::listings::{ChannelNotice, ConnectChannel, ImportedLine, ImportedOrder, ReceiveNotice, Told};
use baddie::orders::{GetOrder, ListOrders};
use baddie::{Currency, Engine, Found, Money, Shop};
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::dice::Dice;
use crate::ground::Ground;
use crate::report::{Broken, Proof, Report};
use crate::setting::Setting;

/// How many events a story has.
const EVENTS: usize = 6;
/// All orders in which they can be told.
const ORDERS: usize = 720;
/// How many stories are told at once.
const TELLERS: usize = 8;

/// What there is to see of a shop in the end, in words.
type Ending = String;

pub(crate) fn prove(setting: &Setting) -> Proof {
    let stories = setting.tier.pick(ORDERS, 5_040, 50_400);
    let ground = Ground::new(setting)?;
    let runtime = Runtime::new()?;
    let mut report = Report::default();
    let (endings, told) = runtime.block_on(tell_all(&ground, stories, setting.seed))?;
    report.count(stories, "tellings of a story of six events");
    report.count(told, "notices");
    report.count(endings.len(), "ending");
    report.demand(endings.len() == 1, || {
        let mut different: Vec<_> = endings.iter().collect();
        different.sort_by_key(|(_, times)| **times);
        format!("different endings: {different:?}")
    });
    runtime.block_on(tell_wrong(&ground, &mut report))?;
    ground.verify(&mut report)?;
    Ok(report)
}

/// Tells the story in all orders, each in a shop of its own; how often it ended how, and how many notices were told.
async fn tell_all(
    ground: &Ground,
    stories: usize,
    seed: u64,
) -> Result<(BTreeMap<Ending, usize>, usize), Broken> {
    let engine = engine(ground).await?;
    let (next, told) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut tellers = JoinSet::new();
    for _ in 0..TELLERS {
        let (engine, next, told) = (engine.clone(), Arc::clone(&next), Arc::clone(&told));
        tellers.spawn(async move {
            let mut endings = Vec::new();
            loop {
                let story = next.fetch_add(1, Ordering::Relaxed);
                if story >= stories {
                    return Ok::<_, Broken>(endings);
                }
                let dice = Dice::new(seed, 700 + story as u64);
                let (ending, notices) = tell(&engine, story % ORDERS, dice).await?;
                told.fetch_add(notices, Ordering::Relaxed);
                endings.push(ending);
            }
        });
    }
    let mut endings = BTreeMap::new();
    while let Some(teller) = tellers.join_next().await {
        for ending in teller?? {
            *endings.entry(ending).or_default() += 1;
        }
    }
    Ok((endings, told.load(Ordering::Relaxed)))
}

async fn engine(ground: &Ground) -> Result<Engine, Broken> {
    let storage = baddie::storage::connect(ground.url(), SystemClock.now()).await?;
    Ok(Engine::builder(storage).channel(manual::KIND, Arc::new(manual::Manual)).build())
}

/// A shop with twenty mugs and a channel.
async fn open(engine: &Engine) -> Result<(Shop, ChannelId, VariantId), Broken> {
    let found = Found {
        name: "Events".into(),
        email: "owner@example.com".into(),
        currency: Currency::GBP,
        time_zone: Zone::utc(),
    };
    let shop = engine.found(found).await?.shop;
    let mug = crate::shelf::stock(&shop, "MUG", 20).await?;
    let connect: ConnectChannel = serde_json::from_value(json!({ "name": "Stall", "kind": "manual" }))?;
    let channel = shop.run(connect).await?.id;
    Ok((shop, channel, mug))
}

/// An order as the channel tells it at one moment.
fn order(name: &str, version: i64, qty: i64, paid: bool, cancelled: bool) -> ImportedOrder {
    let line = ImportedLine {
        listing_external_id: None,
        sku: Some("MUG".into()),
        qty,
        unit_price: gbp(1_200),
        taxes: Vec::new(),
    };
    ImportedOrder {
        external_id: name.into(),
        external_version: version,
        placed_at: Timestamp::from_micros(1_790_000_000_000_000),
        lines: vec![line],
        shipping: gbp(350),
        fees: Some(gbp(111)),
        paid,
        cancelled,
        refunded: None,
        buyer: None,
    }
}

fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

fn notice(channel_id: ChannelId, order: ImportedOrder) -> ReceiveNotice {
    let external_id = format!("{}@{}", order.external_id, order.external_version);
    ReceiveNotice { channel_id, notice: ChannelNotice { external_id, told: Told::Order(order) } }
}

/// The story: one order is placed, paid and called off; one is placed and paid; one is there at once.
fn story(channel: ChannelId) -> [ReceiveNotice; EVENTS] {
    [
        order("A", 1, 2, false, false),
        order("A", 2, 2, true, false),
        order("A", 3, 2, true, true),
        order("B", 1, 3, false, false),
        order("B", 2, 3, true, false),
        order("C", 1, 1, true, false),
    ]
    .map(|order| notice(channel, order))
}

/// The `number`th order of six things.
fn permutation(mut number: usize) -> Vec<usize> {
    let mut left: Vec<_> = (0..EVENTS).collect();
    (1..=EVENTS)
        .rev()
        .map(|choices| {
            let chosen = left.remove(number % choices);
            number /= choices;
            chosen
        })
        .collect()
}

/// Tells the story in one order, some of it twice, and all of it once more at the end; how it ended.
async fn tell(engine: &Engine, number: usize, mut dice: Dice) -> Result<(Ending, usize), Broken> {
    let (shop, channel, mug) = open(engine).await?;
    let events = story(channel);
    let mut notices = 0;
    for event in permutation(number) {
        let times = if dice.percent(30) { 2 } else { 1 };
        for _ in 0..times {
            shop.run(events[event].clone()).await?;
            notices += 1;
        }
    }
    for event in events {
        let again = shop.run(event).await?;
        if again.fresh {
            return Err(Broken::because(format!("telling {number}: a notice was taken for new twice")));
        }
        notices += 1;
    }
    Ok((ending(&shop, channel, mug).await?, notices))
}

/// What is to be seen of a shop, without what differs from shop to shop.
async fn ending(shop: &Shop, channel: ChannelId, variant_id: VariantId) -> Result<Ending, Broken> {
    let mut orders = Vec::new();
    for order in shop.orders().list(ListOrders::default()).await?.items {
        let view = shop.orders().get(GetOrder { order_id: order.order.id }).await?;
        let mut held = 0;
        for payment in &view.payments {
            held += payment.held()?.minor();
        }
        let line = &view.lines[0];
        let (order, due) = (&view.order, view.due.minor());
        let name = order.external_id.clone().unwrap_or_default();
        let facts = json!([name, order.external_version, order.state, due, held, line.qty, line.cancelled]);
        orders.push(facts.to_string());
    }
    orders.sort();
    let levels = shop.inventory().levels(ListLevels { variant_id }).await?;
    let levels: Vec<_> = levels.iter().map(|level| (level.on_hand, level.reserved)).collect();
    let balances = shop.ledger().balances(GetBalances::default()).await?;
    let balances = serde_json::to_value(&balances)?;
    let mut accounts: Vec<_> = balances
        .as_array()
        .into_iter()
        .flatten()
        .filter(|balance| balance["balance"]["minor"] != 0)
        .map(|balance| balance.to_string().replace(&channel.to_string(), "channel"))
        .collect();
    accounts.sort();
    Ok(format!("{orders:?} {levels:?} {accounts:?}"))
}

/// What does not fit: another currency, another sum, a channel of somebody else.
async fn tell_wrong(ground: &Ground, report: &mut Report) -> Result<(), Broken> {
    let engine = engine(ground).await?;
    let (shop, channel, mug) = open(&engine).await?;
    let (_, foreign, _) = open(&engine).await?;
    let right = order("A", 1, 2, true, false);
    shop.run(notice(channel, right.clone())).await?;
    let before = ending(&shop, channel, mug).await?;

    let mut dollars = order("B", 1, 1, true, false);
    dollars.lines[0].unit_price = Money::new(1_200, Currency::USD);
    let dollars = shop.run(notice(channel, dollars)).await;
    report.demand(dollars.is_err(), || "another currency was taken".to_owned());
    let elsewhere = shop.run(notice(foreign, order("C", 1, 1, true, false))).await;
    report.demand(elsewhere.is_err(), || "another shop's channel was taken".to_owned());

    let mut other = ImportedOrder { external_version: 2, ..right };
    other.lines[0].unit_price = gbp(999);
    shop.run(notice(channel, other)).await?;
    let events = shop.journal().events(ListEvents::default()).await?.items;
    let flagged = events.iter().filter(|event| event.kind == "order.differs").count();
    report.demand(flagged == 1, || format!("another sum was flagged {flagged} times"));
    let after = ending(&shop, channel, mug)
        .await?
        .replace("\"A\",2", "\"A\",1")
        .replace("\\\"A\\\",2", "\\\"A\\\",1");
    report.demand(before == after, || format!("wrong news changed {before} to {after}"));
    report.count(3, "wrong notices refused or flagged");
    Ok(())
}
