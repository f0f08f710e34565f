//! P14: while the disk under the database is full, the server says so and keeps nothing back; when there is room again,
//! it goes on without being started anew.

use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use baddie_servers::durable::Postgres;
use tempfile::TempDir;

use crate::buyers::{Sales, judge, while_they_buy};
use crate::client::{Client, Door};
use crate::ground::{Ground, end_well};
use crate::outage::{BACK, FOUND, Seen, found};
use crate::report::{Broken, Proof, Report};
use crate::server::Server;
use crate::setting::{Backend, Setting};

const CUSTOMERS: usize = 4;
/// How often a full disk is to be told.
const TOLD: usize = 5;

pub(crate) fn prove(setting: &Setting) -> Proof {
    let rounds = setting.tier.pick(2, 20, 100);
    let (mut ground, disk) = on_a_small_disk(setting)?;
    let token = ground.found("Full")?;
    let server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    let mut client = door.client();
    let found = found(&client.stock("MUG", 1_000_000)?);
    let (sales, mut seen) = (Sales::default(), Seen::default());
    while_they_buy(&door, CUSTOMERS, &sales, || {
        for round in 0..rounds {
            thread::sleep(Duration::from_millis(100));
            until_it_is_told(&mut client, &disk, round, &found, &mut seen)?;
            let look = client.ask("GET /api/v1/orders?limit=1", None, "")?;
            // PostgreSQL may have ended itself by now; one file can always be read.
            let away = setting.backend == Backend::Postgres && look.is_unavailable();
            if !look.is_done() && !away {
                seen.wrong.push(format!("nobody can look while the disk is full: {look:?}"));
            }
            disk.make_room()?;
            // It is its owner's to start again; ours has to find it.
            if let Ok(postgres) = ground.postgres_mut()
                && !postgres.is_running()
            {
                postgres.start()?;
            }
            seen.is_back(&mut client, &format!("full-disk-{round}"), &found);
        }
        Ok(())
    })?;
    let mut report = Report::default();
    report.count(rounds, "full disks");
    seen.tell(&mut report);
    judge(&sales.so_far(), &mut client, &mut report)?;
    drop(server);
    ground.verify(&mut report)?;
    Ok(report)
}

/// Ground whose database lies on a small disk.
fn on_a_small_disk(setting: &Setting) -> Result<(Ground, SmallDisk), Broken> {
    let mut ground = Ground::new(setting)?;
    match setting.backend {
        Backend::Sqlite => {
            let disk = SmallDisk::mount("96m")?;
            let url = format!("sqlite://{}", disk.0.path().join("shop.db").display());
            Ok((ground.moved(url), disk))
        }
        Backend::Postgres => {
            let disk = SmallDisk::mount("1g")?;
            let postgres = ground.postgres_mut()?;
            postgres.stop()?;
            disk.take_in(postgres)?;
            postgres.set(&["max_wal_size=64MB"]);
            postgres.start()?;
            Ok((ground, disk))
        }
    }
}

/// Fills the disk, and writes until the server has told often enough that it cannot.
fn until_it_is_told(
    client: &mut Client,
    disk: &SmallDisk,
    round: u32,
    found: &str,
    seen: &mut Seen,
) -> Result<(), Broken> {
    disk.fill()?;
    // What little room the database still has is used up first.
    let (start, before) = (Instant::now(), seen.refusals);
    for number in 0.. {
        let key = format!("full-{round}-{number}");
        let answer = client.ask(FOUND, Some(&key), found)?;
        match (answer.status, answer.retry_after) {
            (503, Some(_)) => seen.refusals += 1,
            (200, _) => disk.fill()?,
            _ => seen.wrong.push(format!("{key}: {answer:?}")),
        }
        if seen.refusals - before >= TOLD {
            break;
        }
        if start.elapsed() > 2 * BACK {
            seen.wrong.push("a full disk was never told".to_owned());
            break;
        }
    }
    Ok(())
}

/// A small disk of its own, in memory; only root can have one.
#[derive(Debug)]
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Result<Self, Broken> {
        let folder = tempfile::tempdir()?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder.path());
        if mount.status()?.success() {
            return Ok(Self(folder));
        }
        Err(Broken::because("a small disk can only be mounted by root"))
    }

    /// Moves a stopped server's files here.
    fn take_in(&self, postgres: &Postgres) -> Result<(), Broken> {
        let (here, data) = (self.0.path().join("data"), postgres.data());
        end_well(Command::new("cp").arg("-a").arg(&data).arg(&here))?;
        fs::remove_dir_all(&data)?;
        // Its user goes through this folder on the way to its own.
        fs::set_permissions(self.0.path(), Permissions::from_mode(0o711))?;
        Ok(symlink(here, data)?)
    }

    /// Takes all the room that is left.
    fn fill(&self) -> Result<(), Broken> {
        let mut ballast = File::options().create(true).append(true).open(self.0.path().join("ballast"))?;
        for block in [1 << 20, 4096] {
            while ballast.write_all(&vec![0; block]).is_ok() {}
        }
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
