//! P14: while the database is away, full or too slow, the server says so and keeps nothing back; when the database is
//! well again, so is the server, without being started anew.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use baddie_servers::postgres::OWNER;
use serde_json::json;
use tempfile::TempDir;

use crate::buyers::{ORDER, ORDERS, Sales, judge, while_they_buy};
use crate::client::{Client, Door};
use crate::dice::Dice;
use crate::ground::Ground;
use crate::report::{Broken, Proof, Report};
use crate::server::Server;
use crate::setting::{Backend, Setting};

const CUSTOMERS: usize = 4;
/// How soon after the database the server is well again.
const BACK: Duration = Duration::from_secs(5);

/// A command whose effect nobody counts.
const FOUND: &str = "POST /api/v1/inventory/adjust";

fn found(variant: &str) -> String {
    let cost = json!({ "minor": 1, "currency": "GBP" });
    json!({ "variant_id": variant, "change": 1, "reason": "found", "cost": cost }).to_string()
}

/// What was seen of the bad times.
#[derive(Debug, Default)]
struct Seen {
    refusals: usize,
    slowest: Duration,
    wrong: Vec<String>,
}

pub(crate) fn prove(setting: &Setting) -> Proof {
    let rounds = setting.tier.pick(2, 20, 100);
    let mut report = Report::default();
    match setting.backend {
        Backend::Postgres => on_postgres(setting, rounds, &mut report)?,
        Backend::Sqlite => on_a_full_disk(setting, rounds, &mut report)?,
    }
    Ok(report)
}

fn on_postgres(setting: &Setting, rounds: u32, report: &mut Report) -> Result<(), Broken> {
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
    report.count(rounds, "restarts, exhaustions and standstills each");
    seen.tell(report);
    judge(&sales.so_far(), &mut door.client(), report)?;
    drop(server);
    ground.verify(report)
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

impl Seen {
    /// An order that cannot be placed now: the server says so, and when to come back.
    fn refusal(&mut self, client: &mut Client, key: &str) {
        match client.ask(ORDERS, Some(key), ORDER) {
            Ok(answer) if answer.status == 503 && answer.retry_after.is_some() => self.refusals += 1,
            other => self.wrong.push(format!("{key}: {other:?}")),
        }
        // It was not kept: what was refused here is bought by nobody.
    }

    /// Waits until what is said to the shop is kept again.
    fn is_back(&mut self, client: &mut Client, what: &str, found: &str) {
        let start = Instant::now();
        loop {
            match client.ask(FOUND, Some(what), found) {
                Ok(answer) if answer.is_done() => break,
                _ if start.elapsed() > 4 * BACK => break self.wrong.push(format!("{what}: never came back")),
                _ => thread::sleep(Duration::from_millis(10)),
            }
        }
        self.slowest = self.slowest.max(start.elapsed());
    }

    fn tell(self, report: &mut Report) {
        report.count(self.refusals, "answers 503 with Retry-After");
        report.in_time(self.slowest, BACK, "slowest to come back");
        for wrong in self.wrong.into_iter().take(3) {
            report.demand(false, || wrong);
        }
    }
}

/// A small disk of its own, in memory; only root can have one.
#[derive(Debug)]
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Result<Self, Broken> {
        let folder = tempfile::tempdir()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=96m", "tmpfs"])
            .arg(folder.path())
            .status()?;
        if mounted.success() {
            return Ok(Self(folder));
        }
        Err(Broken::because("a small disk can only be mounted by root"))
    }

    /// Takes all the room that is left.
    fn fill(&self) -> Result<(), Broken> {
        let mut ballast = File::options().create(true).append(true).open(self.0.path().join("ballast"))?;
        while ballast.write_all(&[0; 4096]).is_ok() {}
        Ok(())
    }

    fn make_room(&self) -> Result<(), Broken> {
        Ok(fs::remove_file(self.0.path().join("ballast"))?)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

fn on_a_full_disk(setting: &Setting, rounds: u32, report: &mut Report) -> Result<(), Broken> {
    let ground = Ground::new(setting)?;
    let disk = SmallDisk::mount()?;
    let ground = ground.moved(format!("sqlite://{}", disk.0.path().join("shop.db").display()));
    let token = ground.found("Full")?;
    let server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    let mut client = door.client();
    let found = found(&client.stock("MUG", 1_000_000)?);
    let (sales, mut seen) = (Sales::default(), Seen::default());
    while_they_buy(&door, CUSTOMERS, &sales, || {
        for round in 0..rounds {
            thread::sleep(Duration::from_millis(100));
            disk.fill()?;
            // What little room the log still has is used up first.
            let (start, before) = (Instant::now(), seen.refusals);
            for number in 0.. {
                let key = format!("full-{round}-{number}");
                let answer = client.ask(FOUND, Some(&key), &found)?;
                match (answer.status, answer.retry_after) {
                    (503, Some(_)) => seen.refusals += 1,
                    (200, _) => disk.fill()?,
                    _ => seen.wrong.push(format!("{key}: {answer:?}")),
                }
                if seen.refusals - before >= 5 {
                    break;
                }
                if start.elapsed() > 2 * BACK {
                    seen.wrong.push("a full disk was never told".to_owned());
                    break;
                }
            }
            if !client.ask("GET /api/v1/orders?limit=1", None, "")?.is_done() {
                seen.wrong.push("nobody can look while the disk is full".to_owned());
            }
            disk.make_room()?;
            seen.is_back(&mut client, &format!("full-disk-{round}"), &found);
        }
        Ok(())
    })?;
    report.count(rounds, "full disks");
    seen.tell(report);
    let sales: Vec<_> = sales.so_far();
    judge(&sales, &mut client, report)?;
    drop(server);
    ground.verify(report)
}
