//! P14: while the database is away or too slow, the server says so and keeps nothing back; when the database is well
//! again, so is the server, without being started anew.

use std::thread;
use std::time::Duration;

use baddie_servers::postgres::OWNER;

use crate::buyers::{Sales, judge, while_they_buy};
use crate::client::Door;
use crate::dice::Dice;
use crate::ground::Ground;
use crate::outage::{Seen, found};
use crate::report::{Broken, Proof, Report};
use crate::server::Server;
use crate::setting::Setting;

const CUSTOMERS: usize = 4;

pub(crate) fn prove(setting: &Setting) -> Proof {
    let rounds = setting.tier.pick(2, 20, 100);
    let mut ground = Ground::new(setting)?;
    let token = ground.found("Database")?;
    let server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    let found = found(&door.client().stock("MUG", 1_000_000)?);
    let (sales, mut seen) = (Sales::default(), Seen::default());
    let mut dice = Dice::new(setting.seed, 14);
    while_they_buy(&door, CUSTOMERS, &sales, || {
        for round in 0..rounds {
            restart(&mut ground, &door, round, &found, &mut seen)?;
            exhaust(&ground, &door, round, &found, &mut seen)?;
            hold_still(&ground, &door, round, dice.millis(500, 2_000), &found, &mut seen)?;
        }
        Ok(())
    })?;
    let mut report = Report::default();
    report.count(rounds, "restarts, exhaustions and standstills each");
    seen.tell(&mut report);
    judge(&sales.so_far(), &mut door.client(), &mut report)?;
    drop(server);
    ground.verify(&mut report)?;
    Ok(report)
}

/// The database stops for a while.
fn restart(ground: &mut Ground, door: &Door, round: u32, found: &str, seen: &mut Seen) -> Result<(), Broken> {
    ground.postgres_mut()?.stop()?;
    let mut client = door.client();
    for try_ in 0..5 {
        seen.refusal(&mut client, &format!("away-{round}-{try_}"));
    }
    let ready = client.ask("GET /readyz", None, "")?;
    if ready.status != 503 {
        seen.wrong.push(format!("ready without a database: {ready:?}"));
    }
    ground.postgres_mut()?.start()?;
    seen.is_back(&mut client, &format!("restart-{round}"), found);
    Ok(())
}

/// The database gives the server no connection any more, and takes away those it has.
fn exhaust(ground: &Ground, door: &Door, round: u32, found: &str, seen: &mut Seen) -> Result<(), Broken> {
    let Some(postgres) = ground.postgres() else { return Ok(()) };
    let limit = |most: i32| postgres.run("postgres", &format!("ALTER ROLE {OWNER} CONNECTION LIMIT {most}"));
    limit(0)?;
    let cut =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'baddie'";
    postgres.run("postgres", cut)?;
    let mut client = door.client();
    for try_ in 0..5 {
        seen.refusal(&mut client, &format!("crowded-{round}-{try_}"));
    }
    limit(-1)?;
    seen.is_back(&mut client, &format!("exhaustion-{round}"), found);
    Ok(())
}

/// The database stands still: nobody is refused before the time, and nobody hangs afterwards.
fn hold_still(
    ground: &Ground,
    door: &Door,
    round: u32,
    time: Duration,
    found: &str,
    seen: &mut Seen,
) -> Result<(), Broken> {
    let Some(postgres) = ground.postgres() else { return Ok(()) };
    postgres.pause()?;
    thread::sleep(time);
    postgres.resume()?;
    seen.is_back(&mut door.client(), &format!("standstill-{round}"), found);
    Ok(())
}
