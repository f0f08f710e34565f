//! P8: money that was taken ends as an order, as a refund, or as a case that somebody is told of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use baddie::clock::{SystemClock, Zone};
use baddie::journal::ListJobs;
use baddie::orders::{CancelOrder, GetOrder, OrderState, PlaceLine, PlaceOrder};
use baddie::outbox::JobState;
use baddie::payments::{AuthorisePayment, MovePayment, PaymentStep};
use baddie::{Currency, Found, OrderView, PageRequest, Shop};
use tokio::runtime::Runtime;

use crate::dice::Dice;
use crate::ground::Ground;
use crate::hand::{self, Hand};
use crate::paper::{DECLINE, PAPER, Paper};
use crate::report::{Broken, Proof, Report, joined};
use crate::setting::Setting;

const CUSTOMERS: usize = 4;
/// How much further each next worker's clock is ahead: what the last one had leased is free again.
const STEP: u64 = 180;
/// How long a call to the bank takes, each way.
const WAY: Duration = Duration::from_millis(20);

pub(crate) fn prove(setting: &Setting) -> Proof {
    let stories = setting.tier.pick(50, 500, 5_000);
    let ground = Ground::new(setting)?;
    let sheet = ground.folder().join("sheet");
    let paper = Paper::on(sheet.clone(), Duration::ZERO);
    let runtime = Runtime::new()?;
    let shop = runtime.block_on(open(&ground, &paper))?;
    let over = AtomicBool::new(false);
    let (orders, killed) = thread::scope(|scope| {
        let (shop, over, ground, sheet, runtime) = (&shop, &over, &ground, &sheet, &runtime);
        let killing = scope.spawn(move || harass(ground, sheet, over, Dice::new(setting.seed, 8)));
        let customers: Vec<_> = (0..CUSTOMERS)
            .map(|customer| {
                let dice = Dice::new(setting.seed, 80 + customer as u64);
                let mine = (stories - customer).div_ceil(CUSTOMERS);
                scope.spawn(move || runtime.block_on(buy(shop, mine, dice)))
            })
            .collect();
        let orders = customers.into_iter().map(joined).collect::<Result<Vec<_>, Broken>>();
        over.store(true, Ordering::Relaxed);
        (orders, joined(killing))
    });
    let (orders, (kills, ahead)) = (orders?.concat(), killed?);
    // Nobody is killed any more, and time goes by: everything that can be cleared up is.
    let mut last = Hand::start(&ground, &sheet, Duration::ZERO, ahead)?;
    let settled = runtime.block_on(settle(&shop, &mut last, ahead))?;
    drop(last);
    let mut report = Report::default();
    report.count(orders.len(), "stories");
    report.count(kills, "kills");
    report.demand(settled, || "work was left that never ends".to_owned());
    runtime.block_on(judge(&shop, &orders, &paper, &mut report))?;
    ground.verify(&mut report)?;
    Ok(report)
}

async fn open(ground: &Ground, paper: &Paper) -> Result<Shop, Broken> {
    let engine = hand::engine(ground.url(), paper, Arc::new(SystemClock)).await?;
    let found = Found {
        name: "Money".into(),
        email: "owner@example.com".into(),
        currency: Currency::GBP,
        time_zone: Zone::utc(),
    };
    let shop = engine.found(found).await?.shop;
    crate::shelf::stock(&shop, "MUG", 1_000_000).await?;
    Ok(shop)
}

/// Kills the worker again and again; how often, and how far the clocks were ahead in the end.
fn harass(
    ground: &Ground,
    sheet: &std::path::Path,
    over: &AtomicBool,
    mut dice: Dice,
) -> Result<(usize, u64), Broken> {
    for kill in 1.. {
        let ahead = kill as u64 * STEP;
        let hand = Hand::start(ground, sheet, WAY, ahead)?;
        thread::sleep(dice.millis(150, 700));
        hand.kill()?;
        if over.load(Ordering::Relaxed) {
            return Ok((kill, ahead + STEP));
        }
    }
    Ok((0, 0))
}

/// Plays so many stories: money is set aside, taken, and some orders are called off at any moment of it.
async fn buy(shop: &Shop, stories: usize, mut dice: Dice) -> Result<Vec<OrderView>, Broken> {
    let mut orders = Vec::new();
    for _ in 0..stories {
        let qty = 1 + i64::try_from(dice.below(3))?;
        let order = shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku("MUG", qty)])).await?;
        let id = order.order.id;
        orders.push(order);
        let method = if dice.percent(10) { DECLINE } else { "paper money" };
        let authorise = AuthorisePayment {
            order_id: id,
            provider: PAPER.into(),
            amount: None,
            method: Some(method.into()),
        };
        let payment = shop.payments().authorise(authorise).await?.payment.id;
        let cancel = || {
            shop.orders().cancel(CancelOrder {
                order_id: id,
                lines: Vec::new(),
                reason: "there is none left".into(),
            })
        };
        if dice.percent(20) {
            tokio::time::sleep(dice.millis(0, 60)).await;
            cancel().await?;
            continue;
        }
        for _ in 0..40 {
            tokio::time::sleep(Duration::from_millis(25)).await;
            if shop.orders().get(GetOrder { order_id: id }).await?.order.state == OrderState::Confirmed {
                break;
            }
        }
        let capture =
            MovePayment { payment_id: payment, step: PaymentStep::Capture, amount: None, reason: None };
        // What was declined, or is not set aside yet, cannot be taken.
        let _ = shop.payments().shift(capture).await;
        if dice.percent(50) {
            tokio::time::sleep(dice.millis(0, 120)).await;
            cancel().await?;
        }
    }
    Ok(orders)
}

/// Lets time go by until nothing is left to be done.
async fn settle(shop: &Shop, hand: &mut Hand, mut ahead: u64) -> Result<bool, Broken> {
    for _ in 0..100 {
        ahead += STEP;
        hand.jump(ahead)?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut open = 0;
        for state in [JobState::Queued, JobState::Leased, JobState::RetryWait, JobState::NeedsReconcile] {
            let page = PageRequest::first(1);
            open += shop.journal().jobs(ListJobs { state: Some(state), page }).await?.items.len();
        }
        if open == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Compares what the bank holds with what the shop makes of it.
async fn judge(shop: &Shop, orders: &[OrderView], paper: &Paper, report: &mut Report) -> Result<(), Broken> {
    let held = paper.held();
    let mut known = BTreeSet::new();
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut orphans, mut differing) = (0, 0);
    for order in orders {
        let seen = shop.orders().get(GetOrder { order_id: order.order.id }).await?;
        let at_the_bank = held.get(&seen.order.id.to_string()).copied().unwrap_or(0);
        let mut in_the_books = 0;
        let mut told = false;
        for payment in &seen.payments {
            let view = shop.payments().get(baddie::payments::GetPayment { payment_id: payment.id }).await?;
            in_the_books += view.payment.held()?.minor();
            known.extend(view.txns.iter().map(|txn| txn.id.to_string()));
            told |= view.txns.iter().any(|txn| txn.state.is_open());
        }
        differing += usize::from(in_the_books != at_the_bank && !told);
        let cancelled = seen.order.state == OrderState::Cancelled;
        let end = match (at_the_bank, cancelled) {
            (0, true) => "called off without a penny",
            (0, false) => "not paid",
            (_, false) => "paid",
            (_, true) if told => "told",
            (_, true) => "orphaned",
        };
        orphans += usize::from(end == "orphaned");
        *ends.entry(end).or_default() += 1;
    }
    for (end, count) in ends {
        report.count(count, end);
    }
    let movements = paper.movements();
    let keys: BTreeSet<_> = movements.iter().map(|movement| &movement.key).collect();
    report.count(movements.len(), "movements at the bank");
    report.none(movements.len() - keys.len(), "of them twice");
    report.none(keys.iter().filter(|key| !known.contains(**key)).count(), "unknown to the shop");
    report.none(differing, "sums that differ");
    report.none(orphans, "orphans");
    Ok(())
}
