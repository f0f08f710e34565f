//! P1: what was acknowledged is there, once, however often the server or the database is killed.

use std::thread;
use std::time::{Duration, Instant};

use crate::buyers::{Sales, judge, while_they_buy};
use crate::client::Door;
use crate::dice::Dice;
use crate::ground::Ground;
use crate::report::{Broken, Proof, Report};
use crate::server::Server;
use crate::setting::Setting;

const CUSTOMERS: usize = 8;
/// Whoever takes longer to come back has lost the way.
const SLOWEST_START: Duration = Duration::from_secs(5);

pub(crate) fn prove(setting: &Setting) -> Proof {
    let kills = setting.tier.pick(20, 500, 2_000);
    let mut ground = Ground::new(setting)?;
    let token = ground.found("Kills")?;
    let server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    door.client().stock("MUG", 1_000_000)?;
    let (sales, mut report) = (Sales::default(), Report::default());
    let harass = || harass(&mut ground, &door, server, kills, setting.seed);
    let (server, slowest) = while_they_buy(&door, CUSTOMERS, &sales, harass)?;

    report.count(kills, "kills");
    let sales = sales.so_far();
    report.demand(sales.len() > CUSTOMERS, || "hardly anybody was served".to_owned());
    judge(&sales, &mut door.client(), &mut report)?;
    report.in_time(slowest, SLOWEST_START, "slowest start");
    drop(server);
    ground.verify(&mut report)?;
    Ok(report)
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
            door.client().insist("GET /readyz", None, "")?;
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
