//! P4: whatever there is a limited number of goes to exactly that many, and to all of them.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use baddie::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::client::{Client, Door};
use crate::dice::Dice;
use crate::ground::{Ground, answer_of};
use crate::report::{Broken, Proof, Report, joined};
use crate::rush::{Ask, at_once};
use crate::server::Server;
use crate::setting::{Backend, Setting};

/// How many ask at the same instant.
const CROWD: usize = 64;
/// How long somebody may have to wait for an answer.
const STALL: Duration = Duration::from_secs(1);
/// How long stock is held that nobody comes for, and how soon after that it must be there again.
const HOLD: Duration = Duration::from_millis(1_500);

/// Something of which there are so many, and who asks for one of it.
type Contest = fn(&mut Client, &str, usize) -> Result<Vec<Ask>, Broken>;

/// Everything of which there is a limited number.
const CONTESTS: &[(&str, Contest)] = &[
    ("stock", stock),
    ("bundle stock", bundle),
    ("checkout holds", checkout),
    ("coupon uses", coupon),
    ("money to refund", refund),
    ("money still due", pay),
    ("units to cancel", cancel),
    ("units to send", send),
    ("units to return", give_back),
    ("units to receive", receive),
];

pub(crate) fn prove(setting: &Setting) -> Proof {
    let rounds = setting.tier.pick(5, 50, 500);
    let ground = Ground::new(setting)?;
    let token = ground.found("Limits")?;
    let servers = [Server::start(&ground)?, Server::start(&ground)?];
    let doors = servers.each_ref().map(|server| Door::new(server.address, &token));
    let mut client = doors[0].client();
    let (mut dice, mut report, mut slowest) = (Dice::new(setting.seed, 4), Report::default(), Duration::ZERO);
    for round in 0..rounds {
        for (what, contest) in CONTESTS {
            let units = 1 + usize::try_from(dice.below(CROWD as u64 + 8))?;
            let name = format!("{}-{round}", what.to_uppercase().replace(' ', "-"));
            let asks = contest(&mut client, &name, units)?;
            let rushed = at_once(&doors, &asks)?;
            slowest = slowest.max(rushed.slowest);
            let winners = rushed.answers.iter().filter(|answer| answer.is_done()).count();
            let odd = rushed.answers.iter().find(|answer| !answer.is_done() && answer.status / 100 != 4);
            report.demand(odd.is_none(), || format!("{name}: a loser was answered {odd:?}"));
            report.demand(winners == units.min(CROWD), || {
                let why: BTreeMap<_, usize> = rushed.answers.iter().filter(|answer| !answer.is_done()).fold(
                    BTreeMap::new(),
                    |mut why, answer| {
                        *why.entry(answer.json()["code"].to_string()).or_default() += 1;
                        why
                    },
                );
                format!("{name}: {winners} of {} won; the others: {why:?}", units.min(CROWD))
            });
        }
        lapse(&mut client, &doors, round, &mut report)?;
    }
    let (attempts, units) = setting.tier.pick((2_000, 200), (100_000, 10_000), (100_000, 10_000));
    let sold = sell_out(&doors, attempts, units)?;
    report.demand(sold == units, || format!("{units} units on two processes, {sold} sold"));
    let mut numbers: Vec<_> =
        client.all("/api/v1/orders")?.iter().filter_map(|order| order["number"].as_i64()).collect();
    numbers.sort_unstable();
    let gaps = numbers.windows(2).filter(|pair| pair[1] != pair[0] + 1).count();

    report.count(rounds, "rounds");
    report.count(CONTESTS.len(), "limits");
    report.count(rounds * CONTESTS.len() * CROWD, "asks at once");
    report.count(attempts, "attempts over two processes");
    report.none(gaps, "gaps in document numbers");
    report.in_time(slowest, STALL, "slowest answer");
    if setting.backend == Backend::Sqlite {
        race(setting, rounds.div_ceil(5), &mut report)?;
    }
    drop(servers);
    ground.verify(&mut report)?;
    Ok(report)
}

/// One ask each for the whole crowd.
fn crowd(path: &str, name: &str, body: &Value) -> Vec<Ask> {
    (0..CROWD).map(|buyer| Ask::post(path, format!("{name}-{buyer}"), body)).collect()
}

fn gbp(minor: usize) -> Value {
    json!({ "minor": minor, "currency": "GBP" })
}

fn many(units: usize) -> i64 {
    i64::try_from(units).unwrap_or(i64::MAX)
}

/// An order of so many things at 10.00; the order.
fn order(client: &mut Client, name: &str, units: usize, paid: bool) -> Result<Value, Broken> {
    client.stock(name, many(units))?;
    let body = json!({ "lines": [{ "sku": name, "qty": units }], "paid": paid });
    client.done("POST /api/v1/orders", &format!("order-{name}"), &body)
}

fn path_of(order: &Value, what: &str) -> String {
    format!("/api/v1/orders/{}/{what}", order["id"].as_str().unwrap_or_default())
}

fn stock(client: &mut Client, name: &str, units: usize) -> Result<Vec<Ask>, Broken> {
    client.stock(name, many(units))?;
    Ok(crowd("/api/v1/orders", name, &json!({ "lines": [{ "sku": name, "qty": 1 }], "paid": true })))
}

/// Two things of one kind and one of another make a set.
fn bundle(client: &mut Client, name: &str, units: usize) -> Result<Vec<Ask>, Broken> {
    let two = client.stock(&format!("{name}-TWO"), many(units) * 2 + 1)?;
    let one = client.stock(&format!("{name}-ONE"), many(units))?;
    let parts = json!([{ "variant_id": two, "qty": 2 }, { "variant_id": one, "qty": 1 }]);
    let product =
        json!({ "title": name, "variants": [{ "sku": name, "price": gbp(2_500), "components": parts }] });
    client.done("POST /api/v1/products", &format!("make-{name}"), &product)?;
    Ok(crowd("/api/v1/orders", name, &json!({ "lines": [{ "sku": name, "qty": 1 }], "paid": true })))
}

fn checkout(client: &mut Client, name: &str, units: usize) -> Result<Vec<Ask>, Broken> {
    let variant = client.stock(name, many(units))?;
    Ok(crowd("/api/v1/checkouts", name, &json!({ "lines": [{ "variant_id": variant, "qty": 1 }] })))
}

fn coupon(client: &mut Client, name: &str, units: usize) -> Result<Vec<Ask>, Broken> {
    client.stock(name, 1_000)?;
    let coupons = json!([{ "code": name, "max_uses": units }]);
    let promotion = json!({ "name": name, "kind": "amount", "amount": gbp(100), "coupons": coupons });
    client.done("POST /api/v1/promotions", &format!("promote-{name}"), &promotion)?;
    let order = json!({ "lines": [{ "sku": name, "qty": 1 }], "paid": true, "coupon": name });
    Ok(crowd("/api/v1/orders", name, &order))
}

fn refund(client: &mut Client, name: &str, units: usize) -> Result<Vec<Ask>, Broken> {
    let order = order(client, name, units, true)?;
    let payment = order["payments"][0]["id"].as_str().unwrap_or_default();
    let body = json!({ "step": "refund", "amount": gbp(1_000) });
    Ok(crowd(&format!("/api/v1/payments/{payment}/move"), name, &body))
}

fn pay(client: &mut Client, name: &str, units: usize) -> Result<Vec<Ask>, Broken> {
    let order = order(client, name, units, false)?;
    Ok(crowd(&path_of(&order, "payments"), name, &json!({ "amount": gbp(1_000) })))
}

fn cancel(client: &mut Client, name: &str, units: usize) -> Result<Vec<Ask>, Broken> {
    let order = order(client, name, units, true)?;
    let line = &order["lines"][0]["id"];
    Ok(crowd(&path_of(&order, "cancel"), name, &json!({ "lines": [{ "order_line_id": line, "qty": 1 }] })))
}

fn send(client: &mut Client, name: &str, units: usize) -> Result<Vec<Ask>, Broken> {
    let order = order(client, name, units, true)?;
    let line = &order["lines"][0]["id"];
    Ok(crowd(&path_of(&order, "fulfil"), name, &json!({ "lines": [{ "order_line_id": line, "qty": 1 }] })))
}

fn give_back(client: &mut Client, name: &str, units: usize) -> Result<Vec<Ask>, Broken> {
    let order = order(client, name, units, true)?;
    client.done(&format!("POST {}", path_of(&order, "fulfil")), &format!("send-{name}"), &json!({}))?;
    let back = json!([{ "order_line_id": order["lines"][0]["id"], "qty": 1, "reason": "too small" }]);
    Ok(crowd(&path_of(&order, "returns"), name, &json!({ "lines": back })))
}

fn receive(client: &mut Client, name: &str, units: usize) -> Result<Vec<Ask>, Broken> {
    let variant = client.stock(name, 0)?;
    let supplier = json!({ "name": name, "kind": "wholesale" });
    let supplier = client.done("POST /api/v1/suppliers", &format!("supplier-{name}"), &supplier)?;
    let line = json!({ "variant_id": variant, "qty": units, "unit_cost": gbp(100) });
    let bought = json!({ "supplier_id": supplier["id"], "lines": [line] });
    let bought = client.done("POST /api/v1/purchase-orders", &format!("buy-{name}"), &bought)?;
    let path = format!("/api/v1/purchase-orders/{}", bought["id"].as_str().unwrap_or_default());
    let submit = json!({ "step": "submit" });
    client.done(&format!("POST {path}/advance"), &format!("submit-{name}"), &submit)?;
    let line = &bought["lines"][0]["id"];
    let body = json!({ "lines": [{ "purchase_line_id": line, "qty": 1 }] });
    Ok(crowd(&format!("{path}/receive"), name, &body))
}

/// Holds everything there is for a moment: nobody else gets any, and all of it can be had when the holds have lapsed.
fn lapse(client: &mut Client, doors: &[Door], round: usize, report: &mut Report) -> Result<(), Broken> {
    let name = format!("LAPSE-{round}");
    let variant = client.stock(&name, 40)?;
    let until = SystemClock.now().plus(HOLD).to_string();
    let moment = json!({ "variant_id": variant, "qty": 1, "note": "for a moment", "expires_at": until });
    let rushed = at_once(doors, &crowd("/api/v1/inventory/holds", &format!("hold-{name}"), &moment))?;
    let held = rushed.answers.iter().filter(|answer| answer.is_done()).count();
    report.demand(held == 40, || format!("{name}: {held} of 40 could be held"));
    let order = json!({ "lines": [{ "sku": name, "qty": 1 }], "paid": true }).to_string();
    let early = client.ask("POST /api/v1/orders", Some(&format!("{name}-early")), &order)?;
    report.demand(early.status == 409, || format!("{name}: sold while held: {early:?}"));
    thread::sleep(HOLD);
    let order = json!({ "lines": [{ "sku": name, "qty": 1 }], "paid": true });
    let after = at_once(doors, &crowd("/api/v1/orders", &name, &order))?;
    let sold = after.answers.iter().filter(|answer| answer.is_done()).count();
    report.demand(sold == 40, || format!("{name}: {sold} of 40 sold after the holds had lapsed"));
    Ok(())
}

/// So many attempts, from eight clients at each door, to buy one of so many units; how many were sold.
fn sell_out(doors: &[Door], attempts: usize, units: usize) -> Result<usize, Broken> {
    doors[0].client().stock("OUT", many(units))?;
    let (next, sold) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        let buyers: Vec<_> = doors
            .iter()
            .cycle()
            .take(8 * doors.len())
            .map(|door| {
                let (next, sold) = (&next, &sold);
                scope.spawn(move || {
                    let mut client = door.client();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= attempts {
                            return Ok(());
                        }
                        let body = r#"{"lines":[{"sku":"OUT","qty":1}],"paid":true}"#;
                        let answer =
                            client.insist("POST /api/v1/orders", Some(&format!("out-{number}")), body)?;
                        match answer.status {
                            201 => sold.fetch_add(1, Ordering::Relaxed),
                            409 => 0,
                            _ => return Err(Broken::because(format!("a buyer was answered {answer:?}"))),
                        };
                    }
                })
            })
            .collect();
        buyers.into_iter().map(joined).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(sold.into_inner())
}

/// The races that anybody can run: many buyers for few units, and for things of which there is one, on five channels.
fn race(setting: &Setting, times: usize, report: &mut Report) -> Result<(), Broken> {
    let races: [&[&str]; 3] = [
        &["race", "--json", "--buyers", "200", "--units", "1"],
        &["race", "--json", "--buyers", "200", "--units", "37"],
        &["race", "--json", "--one-of-a-kind", "--buyers", "200", "--units", "20"],
    ];
    for arguments in races {
        for _ in 0..times {
            let race = answer_of(Command::new(&setting.baddie).args(arguments).stdin(Stdio::null()))?;
            let units: u64 = arguments.last().and_then(|units| units.parse().ok()).unwrap_or_default();
            let right = race["accepted"] == units && race["oversold"] == 0;
            report.demand(right, || format!("{arguments:?}: {race}"));
        }
    }
    report.count(races.len() * times, "races of the program's own");
    Ok(())
}
