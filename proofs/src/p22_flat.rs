//! P22: however long it runs, it holds no more memory, descriptors or log than at first.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::buyers::{ORDER, ORDERS};
use crate::client::Door;
use crate::dice::Dice;
use crate::ground::Ground;
use crate::report::{Broken, Proof, Report, joined};
use crate::server::Server;
use crate::setting::Setting;

const CLIENTS: usize = 6;
/// How much more memory the second half of a run may take than the first, as a share and at least.
const GROWTH_PERCENT: u64 = 10;
const GROWTH_KIB: u64 = 12 * 1024;
/// How large the log of a database may be at most.
const LOG_MIB: u64 = 64;

/// What a server holds at one moment.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    memory_kib: u64,
    descriptors: u64,
    log_kib: u64,
}

pub(crate) fn prove(setting: &Setting) -> Proof {
    let time = Duration::from_secs(setting.tier.pick(20, 600, 8 * 3_600));
    let ground = Ground::new(setting)?;
    let token = ground.found("Flat")?;
    let server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    door.client().stock("MUG", 100_000_000)?;
    let over = AtomicBool::new(false);
    let (samples, asked) = thread::scope(|scope| {
        let (door, over) = (&door, &over);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let dice = Dice::new(setting.seed, 220 + client as u64);
                scope.spawn(move || mixed(door, client, over, dice))
            })
            .collect();
        let (start, mut samples) = (Instant::now(), Vec::new());
        while start.elapsed() < time {
            thread::sleep(time / 100);
            samples.push(held(&ground, &server));
        }
        over.store(true, Ordering::Relaxed);
        let asked = clients.into_iter().map(joined).sum::<Result<usize, Broken>>();
        (samples, asked)
    });
    let mut report = Report::default();
    report.count(time.as_secs(), "s");
    report.count(asked?, "requests");
    // What is warmed up counts: the second fifth of the run against the last.
    let fifth = samples.len() / 5;
    let mean = |of: fn(&Held) -> u64, from: usize| {
        samples[from..from + fifth].iter().map(of).sum::<u64>() / fifth.max(1) as u64
    };
    let (early, late) = (mean(|held| held.memory_kib, fifth), mean(|held| held.memory_kib, 4 * fifth));
    report.count(early / 1024, "MiB early");
    let bound = early + GROWTH_KIB.max(early * GROWTH_PERCENT / 100);
    report.at_most(late / 1024, bound / 1024, "MiB late");
    let most =
        |of: fn(&Held) -> u64, from: usize, to: usize| samples[from..to].iter().map(of).max().unwrap_or(0);
    let descriptors = most(|held| held.descriptors, fifth, 2 * fifth);
    let at_the_end = most(|held| held.descriptors, 4 * fifth, samples.len());
    report.at_most(at_the_end, descriptors + 16, "descriptors");
    report.at_most(most(|held| held.log_kib, 0, samples.len()) / 1024, LOG_MIB, "MiB of log at most");
    drop(server);
    ground.verify(&mut report)?;
    Ok(report)
}

fn held(ground: &Ground, server: &Server) -> Held {
    let process = PathBuf::from(format!("/proc/{}", server.pid()));
    let descriptors = fs::read_dir(process.join("fd")).map_or(0, |all| all.count() as u64);
    let log = ground.folder().join("shop.db-wal");
    let log_kib = fs::metadata(log).map_or(0, |log| log.len() / 1024);
    Held { memory_kib: memory_kib(server), descriptors, log_kib }
}

/// How much memory a server holds.
pub(crate) fn memory_kib(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_ascii_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Buys, looks, refunds and calls off, as a day in a shop goes; how many requests were answered.
fn mixed(door: &Door, client: usize, over: &AtomicBool, mut dice: Dice) -> Result<usize, Broken> {
    let mut connection = door.client();
    let mut last = serde_json::Value::Null;
    for number in 0.. {
        if over.load(Ordering::Relaxed) {
            return Ok(number);
        }
        let key = format!("mixed-{client}-{number}");
        let chance = dice.below(100);
        if chance >= 98 {
            // Some come back over a new connection.
            connection = door.client();
        }
        let (head, body) = match (chance, last["id"].as_str()) {
            (40..60, _) => ("GET /api/v1/orders?limit=20".to_owned(), String::new()),
            (60..70, Some(id)) => (format!("GET /api/v1/orders/{id}"), String::new()),
            (70..75, _) => ("GET /api/v1/reports/overview".to_owned(), String::new()),
            (75..85, Some(_)) => {
                let payment = last["payments"][0]["id"].as_str().unwrap_or_default();
                let amount = json!({ "minor": 1, "currency": "GBP" });
                let refund = json!({ "step": "refund", "amount": amount }).to_string();
                (format!("POST /api/v1/payments/{payment}/move"), refund)
            }
            (85..90, Some(id)) => (format!("POST /api/v1/orders/{id}/cancel"), "{}".to_owned()),
            _ => (ORDERS.to_owned(), ORDER.to_owned()),
        };
        let answer = connection.insist(&head, Some(&key), &body)?;
        if answer.status >= 500 {
            return Err(Broken::because(format!("{head}: {answer:?}")));
        }
        if head == ORDERS {
            last = answer.json();
        }
    }
    Ok(0)
}
