//! P1: what was acknowledged is there, once, however often the server or the database is killed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Door;
use crate::dice::Dice;
use crate::ground::Ground;
use crate::report::{Broken, Proof, Report, joined};
use crate::server::Server;
use crate::setting::Setting;

const CLIENTS: usize = 8;
const ORDER: &str = r#"{"lines":[{"sku":"MUG","qty":1}],"paid":true}"#;
/// Whoever takes longer to come back has lost the way.
const SLOWEST_START: Duration = Duration::from_secs(5);

/// An order that was acknowledged: its key, and the answer.
type Acknowledged = (String, String);

pub(crate) fn prove(setting: &Setting) -> Proof {
    let kills = setting.tier.pick(20, 500, 2_000);
    let mut ground = Ground::new(setting)?;
    let token = ground.found("Kills")?;
    let server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    door.client().stock("MUG", 1_000_000)?;

    let over = AtomicBool::new(false);
    let (acknowledged, harassed) = thread::scope(|scope| {
        let (door, over) = (&door, &over);
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| scope.spawn(move || shop(door, client, over))).collect();
        let harassed = harass(&mut ground, door, server, kills, setting.seed);
        over.store(true, Ordering::Relaxed);
        let acknowledged: Result<Vec<_>, Broken> = clients.into_iter().map(joined).collect();
        (acknowledged, harassed)
    });
    let (server, slowest) = harassed?;
    let mut report = Report::default();
    let acknowledged = acknowledged?.concat();

    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    let mut client = door.client();
    for order in client.all("/api/v1/orders")? {
        *met.entry(id_of(&order)).or_default() += 1;
    }
    let lost = acknowledged.iter().filter(|(_, answer)| !met.contains_key(&id_in(answer))).count();
    let doubled = (met.len() + lost).saturating_sub(acknowledged.len());
    let twice = met.values().filter(|times| **times > 1).count();
    for (key, answer) in acknowledged.iter().step_by(acknowledged.len().div_ceil(50).max(1)) {
        let again = client.ask("POST /api/v1/orders", Some(key), ORDER)?;
        report.demand((again.status, &again.body) == (201, answer), || format!("{key} was answered anew"));
    }
    drop(server);
    report.count(kills, "kills");
    report.count(acknowledged.len(), "orders acknowledged");
    report.demand(acknowledged.len() > CLIENTS, || "hardly anybody was served".to_owned());
    report.none(lost, "lost");
    report.none(doubled + twice, "doubled");
    report.at_most(slowest.as_millis(), SLOWEST_START.as_millis(), "ms slowest start");
    ground.verify(&mut report)?;
    Ok(report)
}

/// Places one order after another. A key whose answer was lost is asked again until there is one.
fn shop(door: &Door, client: usize, over: &AtomicBool) -> Result<Vec<Acknowledged>, Broken> {
    let (mut acknowledged, mut connection) = (Vec::new(), door.client());
    while !over.load(Ordering::Relaxed) {
        let key = format!("client-{client}-{}", acknowledged.len());
        let answer = connection.insist("POST /api/v1/orders", Some(&key), ORDER);
        if answer.status != 201 {
            return Err(Broken::because(format!("{key}: {} {}", answer.status, answer.body)));
        }
        acknowledged.push((key, answer.body));
    }
    Ok(acknowledged)
}

/// Kills the server, or its database where that is a server too, again and again; says how long the slowest took to
/// come back.
fn harass(
    ground: &mut Ground,
    door: &Door,
    mut server: Server,
    kills: u32,
    seed: u64,
) -> Result<(Server, Duration), Broken> {
    let (mut dice, mut slowest) = (Dice::new(seed, 1), Duration::ZERO);
    for _ in 0..kills {
        thread::sleep(dice.millis(20, 800));
        let start;
        if ground.postgres().is_some() && dice.percent(50) {
            let postgres = ground.postgres_mut()?;
            postgres.kill()?;
            start = Instant::now();
            postgres.start()?;
            door.client().insist("GET /readyz", None, "");
        } else {
            server.kill()?;
            start = Instant::now();
            server = Server::start(ground)?;
            door.moved(server.address);
        }
        slowest = slowest.max(start.elapsed());
    }
    Ok((server, slowest))
}

fn id_of(order: &Value) -> String {
    order["id"].as_str().unwrap_or_default().to_owned()
}

fn id_in(answer: &str) -> String {
    id_of(&serde_json::from_str(answer).unwrap_or_default())
}
