//! P3: one effect and one answer for each idempotency key, however often, wherever and whenever it is sent.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Answer, Client, Door, in_flight};
use crate::dice::Dice;
use crate::ground::Ground;
use crate::report::{Broken, Proof, Report, joined};
use crate::rush::{Ask, at_once};
use crate::server::Server;
use crate::setting::{Backend, Setting};

const CLIENTS: usize = 6;
/// How many of a hundred requests are sent again, at once with their repeats, or with another payload.
const REPEATED: u64 = 30;
const TOGETHER: u64 = 10;
const OTHERWISE: u64 = 5;

/// What one client did.
#[derive(Debug, Default)]
struct Done {
    /// How many keys had an effect, by what they do.
    effects: HashMap<&'static str, usize>,
    repeats: usize,
    together: usize,
    conflicts: usize,
    refusals: usize,
    waits: usize,
    wrong: Vec<String>,
}

/// A command that was sent, and what the first answer was.
struct Sent {
    what: &'static str,
    ask: Ask,
    first: Answer,
}

pub(crate) fn prove(setting: &Setting) -> Proof {
    let requests = setting.tier.pick(2_000, 20_000, 100_000);
    let kills = setting.tier.pick(4, 40, 200);
    let ground = Ground::new(setting)?;
    let token = ground.found("Repeats")?;
    // Two processes on one database wherever that is what it is for.
    let processes = if setting.backend == Backend::Postgres { 2 } else { 1 };
    let mut servers = (0..processes).map(|_| Server::start(&ground)).collect::<Result<Vec<_>, _>>()?;
    let doors: Vec<_> = servers.iter().map(|server| Door::new(server.address, &token)).collect();
    let mut client = doors[0].client();
    let mug = client.stock("MUG", 1_000_000)?;
    client.stock("GONE", 0)?;
    let mut payments = Vec::new();
    for number in 0..CLIENTS {
        let order = json!({ "lines": [{ "sku": "MUG", "qty": 10_000 }], "paid": true });
        let order = client.done("POST /api/v1/orders", &format!("big-{number}"), &order)?;
        payments.push(order["payments"][0]["id"].as_str().unwrap_or_default().to_owned());
    }

    let over = AtomicBool::new(false);
    let (done, killed) = thread::scope(|scope| {
        let (doors, over, mug) = (&doors, &over, &mug);
        let clients: Vec<_> = payments
            .iter()
            .enumerate()
            .map(|(number, payment)| {
                let dice = Dice::new(setting.seed, 30 + number as u64);
                let client = Requester { number, doors, mug, payment, dice };
                scope.spawn(move || client.work(requests / CLIENTS))
            })
            .collect();
        let killer =
            scope.spawn(|| harass(&ground, doors, &mut servers, kills, over, Dice::new(setting.seed, 3)));
        let done: Result<Vec<_>, Broken> = clients.into_iter().map(joined).collect();
        over.store(true, Ordering::Relaxed);
        (done, joined(killer))
    });
    let (done, killed) = (done?, killed?);

    let mut report = Report::default();
    let sum = |of: fn(&Done) -> usize| done.iter().map(of).sum::<usize>();
    report.count(requests, "requests");
    report.count(sum(|done| done.repeats), "repeats");
    report.count(sum(|done| done.together), "at once");
    report.count(sum(|done| done.conflicts), "refused for another payload");
    report.count(sum(|done| done.refusals), "keys of refusals");
    report.count(sum(|done| done.waits), "told to wait");
    report.count(killed, "kills");
    for wrong in done.iter().flat_map(|done| &done.wrong).take(3) {
        report.demand(false, || wrong.clone());
    }
    let keys = |what: &str| done.iter().filter_map(|done| done.effects.get(what)).sum::<usize>();
    let there = effects(&mut doors[0].client())?;
    let mut all = 0;
    for (what, there) in there {
        all += there;
        report.demand(there == keys(what), || format!("{} {what} keys had {there} effects", keys(what)));
    }
    report.count(all, "effects = keys");
    without_a_key(&mut doors[0].client(), &mug, &mut report)?;
    drop(servers);
    ground.verify(&mut report)?;
    Ok(report)
}

/// What the shop says was done, less what was there before.
fn effects(client: &mut Client) -> Result<Vec<(&'static str, usize)>, Broken> {
    let orders = client.all("/api/v1/orders")?.len() - CLIENTS;
    let products = client.all("/api/v1/products")?.len() - 2;
    let moves = client.all("/api/v1/inventory/moves")?;
    let found = moves.iter().filter(|step| step["reason"] == "found").count();
    let refunded: i64 = client
        .all("/api/v1/payments")?
        .iter()
        .filter_map(|payment| payment["refunded"]["minor"].as_i64())
        .sum();
    Ok(vec![
        ("order", orders),
        ("product", products),
        ("adjust", found),
        ("refund", usize::try_from(refunded / 100)?),
    ])
}

/// Commands that move money or stock are refused without a key.
fn without_a_key(client: &mut Client, mug: &str, report: &mut Report) -> Result<(), Broken> {
    let adjust = json!({ "variant_id": mug, "change": -1, "reason": "loss" }).to_string();
    let order = json!({ "lines": [{ "sku": "MUG", "qty": 1 }] }).to_string();
    for (head, body) in [("POST /api/v1/inventory/adjust", adjust), ("POST /api/v1/orders", order)] {
        let answer = client.ask(head, None, &body)?;
        report.demand(answer.status == 400, || format!("{head} without a key: {answer:?}"));
    }
    Ok(())
}

/// Kills a server and starts it again, until all is over; how often.
fn harass(
    ground: &Ground,
    doors: &[Door],
    servers: &mut [Server],
    kills: usize,
    over: &AtomicBool,
    mut dice: Dice,
) -> Result<usize, Broken> {
    for kill in 0..kills {
        for _ in 0..dice.below(20) + 5 {
            if over.load(Ordering::Relaxed) {
                return Ok(kill);
            }
            thread::sleep(Duration::from_millis(40));
        }
        let which = kill % servers.len();
        servers[which].strike()?;
        servers[which] = Server::start(ground)?;
        doors[which].moved(servers[which].address);
    }
    Ok(kills)
}

struct Requester<'a> {
    number: usize,
    doors: &'a [Door],
    mug: &'a str,
    payment: &'a str,
    dice: Dice,
}

impl Requester<'_> {
    /// Sends so many requests, and judges every answer.
    fn work(mut self, requests: usize) -> Result<Done, Broken> {
        let (mut done, mut sent) = (Done::default(), Vec::<Sent>::new());
        let mut clients: Vec<_> = self.doors.iter().map(Door::client).collect();
        let mut request = 0;
        while request < requests {
            let which = usize::try_from(self.dice.below(clients.len() as u64))?;
            let client = &mut clients[which];
            let chance = self.dice.below(100);
            let known = usize::try_from(self.dice.below(sent.len() as u64))?;
            request += 1;
            if chance < REPEATED && !sent.is_empty() {
                done.repeats += 1;
                let known = &sent[known];
                let again = persist(client, &known.ask, &mut done)?;
                done.compare(known, &again);
            } else if chance < REPEATED + OTHERWISE && !sent.is_empty() {
                done.conflicts += 1;
                let known = &sent[known];
                let other = Ask { body: self.other(known.what), ..known.ask.clone() };
                let answer = persist(client, &other, &mut done)?;
                if (answer.status, &answer.json()["code"]) != (422, &json!("idempotency.conflict")) {
                    done.wrong.push(format!("another payload under {}: {answer:?}", other.key));
                }
            } else {
                let (what, ask) = self.fresh(sent.len());
                let first = if chance >= 100 - TOGETHER {
                    let times = usize::try_from(2 + self.dice.below(3))?;
                    request += times - 1;
                    done.together += times;
                    self.together(&ask, times, &mut done)?
                } else {
                    persist(client, &ask, &mut done)?
                };
                done.note(what, &ask, &first);
                sent.push(Sent { what, ask, first });
            }
        }
        Ok(done)
    }

    /// The same request so many times at once: whoever is answered, is answered the same.
    fn together(&mut self, ask: &Ask, times: usize, done: &mut Done) -> Result<Answer, Broken> {
        // Whoever meets a server that dies just then tries again below.
        let rushed = at_once(self.doors, &vec![ask.clone(); times]);
        let first = persist(&mut self.doors[0].client(), ask, done)?;
        for answer in rushed.map(|rushed| rushed.answers).unwrap_or_default() {
            if in_flight(&answer) || answer.is_unavailable() {
                done.waits += 1;
            } else if !same(&answer, &first) {
                done.wrong.push(format!("{} at once: {answer:?} and {first:?}", ask.key));
            }
        }
        Ok(first)
    }

    /// A command nobody has sent yet.
    fn fresh(&mut self, number: usize) -> (&'static str, Ask) {
        let key = format!("{}-{number}", self.number);
        match self.dice.below(100) {
            0..40 => ("order", Ask::post("/api/v1/orders", key, &order("MUG", 1 + self.dice.below(3)))),
            40..50 => ("refusal", Ask::post("/api/v1/orders", key, &order("GONE", 1))),
            50..70 => ("adjust", Ask::post("/api/v1/inventory/adjust", key, &found(self.mug, 1))),
            70..80 => {
                let sku = format!("SKU-{key}");
                let product = json!({ "title": key, "variants": [{ "sku": sku }] });
                ("product", Ask::post("/api/v1/products", key, &product))
            }
            _ => {
                let path = format!("/api/v1/payments/{}/move", self.payment);
                ("refund", Ask::post(&path, key, &refund(100)))
            }
        }
    }

    /// Another payload for a command of this sort.
    fn other(&self, what: &str) -> String {
        match what {
            "order" | "refusal" => order("MUG", 77).to_string(),
            "adjust" => found(self.mug, 77).to_string(),
            "product" => json!({ "title": "another", "variants": [] }).to_string(),
            _ => refund(77).to_string(),
        }
    }
}

impl Done {
    fn note(&mut self, what: &'static str, ask: &Ask, first: &Answer) {
        if first.is_done() {
            *self.effects.entry(what).or_default() += 1;
        } else if what == "refusal" && first.status == 409 {
            self.refusals += 1;
        } else {
            self.wrong.push(format!("{}: {first:?}", ask.key));
        }
    }

    fn compare(&mut self, known: &Sent, again: &Answer) {
        if !same(&known.first, again) {
            self.wrong.push(format!("{}: first {:?}, then {again:?}", known.ask.key, known.first));
        }
    }
}

/// Sends a command until there is an answer to it; a server that is away, or busy with the same key, is asked again.
fn persist(client: &mut Client, ask: &Ask, done: &mut Done) -> Result<Answer, Broken> {
    for _ in 0..3_000 {
        match client.ask(&ask.head, Some(&ask.key), &ask.body) {
            Ok(answer) if answer.status == 500 => {
                return Err(Broken::because(format!("{}: {answer:?}", ask.key)));
            }
            Ok(answer) if !answer.is_unavailable() && !in_flight(&answer) => return Ok(answer),
            Ok(_) => done.waits += 1,
            Err(_) => {}
        }
        thread::sleep(Duration::from_millis(5));
    }
    Err(Broken::because(format!("{} was never answered: was its failure kept?", ask.key)))
}

/// Whether it is the same answer: to the letter, but for the name of the request that a problem carries.
fn same(one: &Answer, other: &Answer) -> bool {
    if one.is_done() {
        return one.status == other.status && one.body == other.body;
    }
    let problem = |answer: &Answer| {
        let mut body = answer.json();
        body["request_id"] = Value::Null;
        (answer.status, body)
    };
    problem(one) == problem(other)
}

fn order(sku: &str, qty: u64) -> Value {
    json!({ "lines": [{ "sku": sku, "qty": qty }], "paid": true })
}

fn found(variant: &str, qty: i64) -> Value {
    json!({ "variant_id": variant, "change": qty, "reason": "found", "cost": { "minor": qty, "currency": "GBP" } })
}

fn refund(minor: i64) -> Value {
    json!({ "step": "refund", "amount": { "minor": minor, "currency": "GBP" } })
}
