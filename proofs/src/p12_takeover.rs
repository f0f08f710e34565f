//! P12: what a dead worker had begun is taken over by another one and done once; and two processes serve no less than
//! one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use baddie::clock::{SystemClock, Zone};
use baddie::orders::{PlaceLine, PlaceOrder};
use baddie::payments::AuthorisePayment;
use baddie::{Currency, Found, Shop};
use tokio::runtime::Runtime;

use crate::buyers::{Sales, while_they_buy};
use crate::client::Door;
use crate::ground::Ground;
use crate::hand::{self, Hand};
use crate::paper::{PAPER, Paper};
use crate::report::{Broken, Proof, Report};
use crate::server::Server;
use crate::setting::{Backend, Setting};

/// How long a call takes each way: long enough for a worker to die in the midst of one.
const WAY: Duration = Duration::from_millis(15);
/// The leases of a dead worker have run out by then, in seconds.
const LATER: u64 = 180;
/// How often one process and two are compared.
const TURNS: u32 = 4;
/// What two processes must at least do of what one does.
const TOGETHER: f64 = 0.9;

pub(crate) fn prove(setting: &Setting) -> Proof {
    let jobs = setting.tier.pick(120, 1_000, 5_000);
    let ground = Ground::new(setting)?;
    let sheet = ground.folder().join("sheet");
    let paper = Paper::on(sheet.clone(), Duration::ZERO);
    let runtime = Runtime::new()?;
    let mut report = Report::default();
    runtime.block_on(queue(&ground, &paper, jobs))?;
    let one = Hand::start(&ground, &sheet, WAY, 0)?;
    let mut other = Hand::start(&ground, &sheet, WAY, 0)?;
    wait_for(&paper, jobs / 3)?;
    one.kill()?;
    let left = jobs - paper.movements().len();
    // The other one goes on with what nobody has; when time has gone by, also with what the dead one had.
    for step in 1..=10 {
        other.jump(step * LATER)?;
        if wait_for(&paper, jobs).is_ok() {
            break;
        }
    }
    thread::sleep(4 * WAY);
    drop(other);
    let movements = paper.movements();
    let keys: BTreeSet<_> = movements.iter().map(|movement| &movement.key).collect();
    report.count(jobs, "jobs");
    report.count(left, "left by the one that was killed");
    report.none(jobs.abs_diff(keys.len()), "not done");
    report.none(movements.len() - keys.len(), "done twice");
    ground.verify(&mut report)?;
    if setting.backend == Backend::Postgres {
        side_by_side(setting, &mut report)?;
    }
    Ok(report)
}

/// A shop with so many payments to be made.
async fn queue(ground: &Ground, paper: &Paper, jobs: usize) -> Result<Shop, Broken> {
    let engine = hand::engine(ground.url(), paper, Arc::new(SystemClock)).await?;
    let found = Found {
        name: "Takeover".into(),
        email: "owner@example.com".into(),
        currency: Currency::GBP,
        time_zone: Zone::utc(),
    };
    let shop = engine.found(found).await?.shop;
    crate::shelf::stock(&shop, "MUG", 1_000_000).await?;
    for _ in 0..jobs {
        let order = shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku("MUG", 1)])).await?;
        let authorise =
            AuthorisePayment { order_id: order.order.id, provider: PAPER.into(), amount: None, method: None };
        shop.payments().authorise(authorise).await?;
    }
    Ok(shop)
}

/// Waits until the bank has seen so many movements.
fn wait_for(paper: &Paper, movements: usize) -> Result<(), Broken> {
    let (start, mut seen) = (Instant::now(), (0, Instant::now()));
    while paper.movements().len() < movements {
        let now = paper.movements().len();
        if now > seen.0 {
            seen = (now, Instant::now());
        }
        if seen.1.elapsed() > Duration::from_secs(2) || start.elapsed() > Duration::from_mins(5) {
            return Err(Broken::because(format!("only {now} of {movements} movements were made")));
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Orders a second over one process, and over two on the same database.
fn side_by_side(setting: &Setting, report: &mut Report) -> Result<(), Broken> {
    let time = Duration::from_secs(setting.tier.pick(1, 10, 30));
    let ground = Ground::new(setting)?;
    let token = ground.found("Together")?;
    let servers = [Server::start(&ground)?, Server::start(&ground)?];
    let doors = servers.each_ref().map(|server| Door::new(server.address, &token));
    doors[0].client().stock("MUG", 1_000_000)?;
    let sold = |name: &str, first: &Door, second: &Door| -> Result<usize, Broken> {
        let sales = ["one", "other"].map(|side| Sales::named(format!("{name}-{side}")));
        while_they_buy(first, 4, &sales[0], || {
            while_they_buy(second, 4, &sales[1], || {
                thread::sleep(time);
                Ok(())
            })
        })?;
        Ok(sales.iter().map(|sales| sales.so_far().len()).sum())
    };
    sold("warm", &doors[0], &doors[1])?;
    // By turns, so that whatever else the machine does weighs on both alike.
    let (mut alone, mut together) = (0, 0);
    for turn in 0..TURNS {
        alone += sold(&format!("alone-{turn}"), &doors[0], &doors[0])?;
        together += sold(&format!("together-{turn}"), &doors[0], &doors[1])?;
    }
    let seconds = time.as_secs_f64() * f64::from(TURNS);
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let (alone, together) = (alone as f64 / seconds, together as f64 / seconds);
    let ratio = together / alone;
    report.count(format!("{alone:.0}"), "orders/s over one process");
    report.count(format!("{together:.0}"), "over two");
    report.count(format!("{ratio:.2}"), "of one");
    report.punctual(ratio >= TOGETHER, || format!("two processes do {ratio:.2} of what one does"));
    drop(servers);
    ground.verify(report)
}
