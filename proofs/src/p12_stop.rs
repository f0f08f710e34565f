//! P12: a server that is asked to stop finishes what it has begun, and leaves nothing behind.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::buyers::{ORDER, ORDERS, Sales, orders, while_they_buy};
use crate::client::{Client, Door};
use crate::dice::Dice;
use crate::ground::Ground;
use crate::report::{Broken, Proof, Report, joined};
use crate::server::Server;
use crate::setting::{Backend, Setting};

const CUSTOMERS: usize = 8;
/// How long a server may take to stop: its own bound, and a moment.
const GRACE: Duration = Duration::from_secs(21);

pub(crate) fn prove(setting: &Setting) -> Proof {
    let stops = setting.tier.pick(5, 50, 200);
    let ground = Ground::new(setting)?;
    let token = ground.found("Stops")?;
    let mut report = Report::default();
    let mut server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    let listing = offer(&mut door.client())?;
    let (mut dice, mut acknowledged, mut cut, mut slowest) =
        (Dice::new(setting.seed, 12), 0, 0, Duration::ZERO);
    for stop in 0..stops {
        let (told, took) = stop_under_load(&door, server, &listing, stop, dice.millis(100, 600))?;
        acknowledged += told;
        slowest = slowest.max(took);
        // Nobody works yet: whatever is leased now was left by the one that stopped.
        let looker = Server::start_with(&ground, &["--worker", "none"], &[])?;
        door.moved(looker.address);
        let mut client = door.client();
        cut += orders(&mut client)?.len().abs_diff(acknowledged);
        let leased = client.all("/api/v1/jobs?state=leased")?.len();
        report.demand(leased == 0, || format!("{leased} leases stuck after stop {stop}"));
        drop(looker);
        server = Server::start(&ground)?;
        door.moved(server.address);
    }
    report.count(stops, "stops under load");
    report.count(acknowledged, "orders acknowledged");
    report.none(cut, "orders done whose answers were cut");
    report.in_time(slowest, GRACE, "slowest stop");
    if setting.backend == Backend::Postgres {
        roll(&ground, &token, server, stops, &mut report)?;
    } else {
        drop(server);
    }
    ground.verify(&mut report)?;
    Ok(report)
}

/// A mug on a channel, so that there is work for the worker; the listing.
fn offer(client: &mut Client) -> Result<String, Broken> {
    let variant = client.stock("MUG", 1_000_000)?;
    let channel = json!({ "name": "Stall", "kind": "manual", "currency": "GBP" });
    let channel = client.done("POST /api/v1/channels", "channel", &channel)?;
    let listing = json!({ "channel_id": channel["id"], "variant_id": variant });
    let listing = client.done("POST /api/v1/listings", "listing", &listing)?;
    Ok(listing["id"].as_str().unwrap_or_default().to_owned())
}

/// Stops a server while customers buy and prices change; how many orders were acknowledged, and how long it took.
fn stop_under_load(
    door: &Door,
    server: Server,
    listing: &str,
    round: u32,
    load: Duration,
) -> Result<(usize, Duration), Broken> {
    let stopping = AtomicBool::new(false);
    thread::scope(|scope| {
        let stopping = &stopping;
        let customers: Vec<_> = (0..CUSTOMERS)
            .map(|customer| scope.spawn(move || buy(door, &format!("{round}-{customer}"), stopping)))
            .collect();
        scope.spawn(move || {
            let mut client = door.client();
            for price in 0_u32.. {
                let body = json!({ "price": { "minor": 1_000 + price % 9, "currency": "GBP" } }).to_string();
                let key = format!("price-{round}-{price}");
                if client.ask(&format!("PATCH /api/v1/listings/{listing}"), Some(&key), &body).is_err() {
                    break;
                }
            }
        });
        thread::sleep(load);
        stopping.store(true, Ordering::Relaxed);
        let start = Instant::now();
        let status = server.stop(GRACE)?;
        let took = start.elapsed();
        if !status.success() {
            return Err(Broken::because(format!("the server ended with {status}")));
        }
        let told = customers.into_iter().map(joined).sum::<Result<usize, Broken>>()?;
        Ok((told, took))
    })
}

/// Buys until the server does not answer any more, which it may only do when it is stopping; how many orders were
/// acknowledged. An order that was not answered must not have been placed.
fn buy(door: &Door, name: &str, stopping: &AtomicBool) -> Result<usize, Broken> {
    let mut client = door.client();
    for told in 0.. {
        match client.ask(ORDERS, Some(&format!("stop-{name}-{told}")), ORDER) {
            Ok(answer) if answer.status == 201 => {}
            Ok(answer) if answer.is_unavailable() && stopping.load(Ordering::Relaxed) => return Ok(told),
            Err(_) if stopping.load(Ordering::Relaxed) => return Ok(told),
            other => return Err(Broken::because(format!("while nothing was wrong: {other:?}"))),
        }
    }
    Ok(0)
}

/// Two processes are replaced one after the other while customers buy: each goes to the other one meanwhile.
fn roll(ground: &Ground, token: &str, one: Server, stops: u32, report: &mut Report) -> Result<(), Broken> {
    let before = orders(&mut Door::new(one.address, token).client())?.len();
    let mut pair = [one, Server::start(ground)?];
    let (door, sales) = (Door::new(pair[0].address, token), Sales::default());
    while_they_buy(&door, CUSTOMERS, &sales, || {
        for turn in 0..stops {
            thread::sleep(Duration::from_millis(200));
            let (leaving, staying) = if turn % 2 == 0 { (0, 1) } else { (1, 0) };
            door.moved(pair[staying].address);
            let fresh = Server::start(ground)?;
            let old = std::mem::replace(&mut pair[leaving], fresh);
            let status = old.stop(GRACE)?;
            if !status.success() {
                return Err(Broken::because(format!("a replaced server ended with {status}")));
            }
        }
        Ok(())
    })?;
    let sales = sales.so_far();
    let there = orders(&mut door.client())?.len() - before;
    report.count(stops, "processes replaced");
    report.count(sales.len(), "orders acknowledged meanwhile");
    report.demand(there == sales.len(), || format!("{} acknowledged, {there} there", sales.len()));
    Ok(())
}
