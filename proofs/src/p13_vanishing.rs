//! P13: a client that vanishes leaves a whole effect or none, and a clean pool.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

use crate::buyers::{ORDER, ORDERS, orders};
use crate::client::Door;
use crate::dice::Dice;
use crate::ground::Ground;
use crate::report::{Broken, Proof, Report, joined};
use crate::server::Server;
use crate::setting::Setting;

const CLIENTS: usize = 8;
/// How often it is looked whether transactions are still open, half a second apart.
const LOOKS: usize = 40;
const IDLE: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE application_name = 'baddie' AND state LIKE 'idle in transaction%'";

pub(crate) fn prove(setting: &Setting) -> Proof {
    let resets = setting.tier.pick(500, 5_000, 20_000);
    let ground = Ground::new(setting)?;
    let token = ground.found("Vanishing")?;
    let server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    door.client().stock("MUG", 1_000_000)?;
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let (door, over, ground) = (&door, &over, &ground);
        let slowing = scope.spawn(move || slow_down(ground, over));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let dice = Dice::new(setting.seed, 130 + client as u64);
                scope.spawn(move || vanish(door, client, resets / CLIENTS, dice))
            })
            .collect();
        let vanished = clients.into_iter().try_for_each(joined);
        over.store(true, Ordering::Relaxed);
        joined(slowing)?;
        vanished
    })?;
    let mut report = Report::default();
    let resets = resets / CLIENTS * CLIENTS;
    report.count(resets, "connections reset");
    if let Some(postgres) = ground.postgres() {
        // Commands go on to their end without their clients, and the worker is between two statements now and then: what stays
        // open is what somebody left.
        let mut idle: usize = 0;
        for _ in 0..LOOKS {
            thread::sleep(Duration::from_millis(500));
            idle = postgres.run("shop", IDLE)?.trim().parse()?;
            if idle == 0 {
                break;
            }
        }
        report.none(idle, "idle in transaction");
    }
    let mut client = door.client();
    let before = orders(&mut client)?.len();
    report.count(before, "orders placed all the same");
    let (mut placed, mut odd) = (0_usize, 0_usize);
    for number in 0..resets {
        let key = format!("gone-{}-{}", number % CLIENTS, number / CLIENTS);
        let answer = client.insist(ORDERS, Some(&key), ORDER)?;
        if answer.status == 201 { placed += 1 } else { odd += 1 }
    }
    let there = orders(&mut client)?.len();
    report.none(odd, "keys that were spoiled");
    report.demand(there == placed, || format!("{placed} keys, {there} orders"));
    drop(server);
    ground.verify(&mut report)?;
    Ok(report)
}

/// Sends orders, whole or in part, and resets each connection after a moment.
fn vanish(door: &Door, client: usize, resets: usize, mut dice: Dice) -> Result<(), Broken> {
    for number in 0..resets {
        let words = door.words(ORDERS, Some(&format!("gone-{client}-{number}")), ORDER);
        let mut stream = TcpStream::connect(door.address())?;
        stream.set_nodelay(true)?;
        // Closing it now resets it.
        set_socket_linger(&stream, Some(Duration::ZERO))?;
        let all = words.len() as u64;
        let sent = if dice.percent(80) { all } else { dice.below(all) };
        stream.write_all(&words.as_bytes()[..usize::try_from(sent)?])?;
        thread::sleep(Duration::from_micros(dice.below(12_000)));
    }
    Ok(())
}

/// Holds the database still now and then, where it is a server, so that clients vanish in the midst of transactions.
fn slow_down(ground: &Ground, over: &AtomicBool) -> Result<(), Broken> {
    let Some(postgres) = ground.postgres() else { return Ok(()) };
    while !over.load(Ordering::Relaxed) {
        postgres.pause()?;
        thread::sleep(Duration::from_millis(30));
        postgres.resume()?;
        thread::sleep(Duration::from_millis(60));
    }
    Ok(())
}
