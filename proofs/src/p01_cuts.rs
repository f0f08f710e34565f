//! P1: what was acknowledged is there, once, after a power cut. A busy shop is recorded down to its writes and syncs;
//! then the disk is rebuilt as a cut at any moment could have left it, and the shop is opened on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use baddie::orders::{Order, PlaceOrder};
use baddie::{Engine, Shop};

use crate::client::Door;
use crate::dice::Dice;
use crate::disk::{Deed, Disk, acknowledgement, after_cut, read_record};
use crate::faults::Layer;
use crate::ground::Ground;
use crate::library::{all, enter, runtime};
use crate::report::{Broken, Proof, Report, joined};
use crate::server::Server;
use crate::setting::{Backend, Setting};

const CLIENTS: usize = 8;
/// Whoever takes longer to come back has lost the way.
const SLOWEST_START: Duration = Duration::from_secs(5);
const ORDER: &str = r#"{"lines":[{"sku":"MUG","qty":1}],"paid":true}"#;

pub(crate) fn prove(setting: &Setting) -> Proof {
    let cuts = match setting.backend {
        Backend::Sqlite => setting.tier.pick(40, 2_000, 20_000),
        // Each cut is a database server that recovers.
        Backend::Postgres => setting.tier.pick(4, 200, 2_000),
    };
    let busy = Duration::from_millis(setting.tier.pick(700, 1_500, 3_000));
    let mut ground = Ground::new(setting)?;
    let token = ground.found("Cuts")?;
    let server = Server::start(&ground)?;
    Door::new(server.address, &token).client().stock("MUG", 1_000_000)?;
    server.stop(Duration::from_secs(30))?;
    let folder = match ground.postgres() {
        Some(postgres) => postgres.data(),
        None => ground.folder().to_owned(),
    };
    let layer = Layer::under(&folder)?;
    let base = record(&mut ground, &layer, &folder, &token, busy)?;
    let deeds = read_record(&layer.record())?;

    let mut report = Report::default();
    let mut dice = Dice::new(setting.seed, 2);
    let mut tally = Tally::default();
    let mut moments: Vec<usize> = (0..cuts).map(|_| below(&mut dice, deeds.len() + 1)).collect();
    moments.sort_unstable();
    for moment in moments {
        let strict = setting.backend == Backend::Sqlite;
        let mut disk = after_cut(&base, &deeds[..moment], !strict, &mut dice);
        let heard = heard(&deeds[..moment]);
        let found = look(&mut ground, &mut disk, &folder, &token, &heard)
            .map_err(|broken| Broken::because(format!("cut at {moment} of {}: {broken}", deeds.len())))?;
        tally.add(found, moment);
    }
    let acknowledged = deeds.iter().filter(|deed| matches!(deed, Deed::Acknowledged { .. })).count();
    report.count(cuts, "power cuts");
    report.count(deeds.len(), "deeds recorded");
    report.count(acknowledged, "orders acknowledged");
    report.demand(acknowledged > CLIENTS, || "hardly anybody was served".to_owned());
    report.none(tally.lost, "lost");
    report.none(tally.doubled, "doubled");
    report.none(tally.wrong.len(), "corrupt");
    report.demand(tally.wrong.is_empty(), || tally.wrong.join("; "));
    report.in_time(tally.slowest, SLOWEST_START, "slowest start");
    Ok(report)
}

fn below(dice: &mut Dice, sides: usize) -> usize {
    usize::try_from(dice.below(sides as u64)).unwrap_or(0)
}

/// Lets clients order while every write is recorded; the disk as it was before.
fn record(
    ground: &mut Ground,
    layer: &Layer,
    folder: &Path,
    token: &str,
    busy: Duration,
) -> Result<Disk, Broken> {
    let environment = layer.environment(true);
    let base;
    let server = if ground.postgres().is_some() {
        let postgres = ground.postgres_mut()?;
        postgres.stop()?;
        base = Disk::read(folder)?;
        postgres.surround(&environment);
        postgres.start()?;
        Server::start(ground)?
    } else {
        base = Disk::read(folder)?;
        let settings: Vec<_> =
            environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Server::start_with(ground, &[], &settings)?
    };
    let door = Door::new(server.address, token);
    let (over, record) = (AtomicBool::new(false), layer.record());
    let done: Result<Vec<()>, Broken> = thread::scope(|scope| {
        let (door, over, record) = (&door, &over, &record);
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| scope.spawn(move || shop(door, client, over, record))).collect();
        thread::sleep(busy);
        over.store(true, Ordering::Relaxed);
        clients.into_iter().map(joined).collect()
    });
    done?;
    server.kill()?;
    if ground.postgres().is_some() {
        let postgres = ground.postgres_mut()?;
        postgres.kill()?;
        postgres.surround(&[]);
    }
    Ok(base)
}

/// Places one order after another; what is answered stands in the record, behind what made it durable.
fn shop(door: &Door, client: usize, over: &AtomicBool, record: &Path) -> Result<(), Broken> {
    let mut record = OpenOptions::new().append(true).open(record)?;
    let mut connection = door.client();
    for number in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let answer = connection.insist("POST /api/v1/orders", Some(&key(client, number)), ORDER)?;
        if answer.status != 201 {
            return Err(Broken::because(format!("{} {}", answer.status, answer.body)));
        }
        let id = answer.json()["id"].as_str().unwrap_or_default().to_owned();
        record.write_all(&acknowledgement(&format!("{client} {number} {id}")))?;
    }
    Ok(())
}

fn key(client: usize, number: usize) -> String {
    format!("client-{client}-{number}")
}

/// What the clients had heard: the orders, and how many each had.
fn heard(deeds: &[Deed]) -> (BTreeSet<String>, BTreeMap<usize, usize>) {
    let (mut orders, mut next) = (BTreeSet::new(), BTreeMap::new());
    for deed in deeds {
        let Deed::Acknowledged { what } = deed else { continue };
        let mut words = what.split(' ');
        let client = words.next().and_then(|client| client.parse().ok()).unwrap_or(0);
        let number: usize = words.next().and_then(|number| number.parse().ok()).unwrap_or(0);
        orders.insert(words.next().unwrap_or_default().to_owned());
        next.insert(client, number + 1);
    }
    (orders, next)
}

/// What was found after one cut.
struct Found {
    lost: usize,
    doubled: usize,
    wrong: Option<String>,
    start: Duration,
}

#[derive(Default)]
struct Tally {
    lost: usize,
    doubled: usize,
    wrong: Vec<String>,
    slowest: Duration,
}

impl Tally {
    fn add(&mut self, found: Found, moment: usize) {
        self.lost += found.lost;
        self.doubled += found.doubled;
        self.wrong.extend(found.wrong.map(|wrong| format!("cut at {moment}: {wrong}")));
        self.slowest = self.slowest.max(found.start);
    }
}

/// Opens the shop on a disk that a cut has left, and looks.
fn look(
    ground: &mut Ground,
    disk: &mut Disk,
    folder: &Path,
    token: &str,
    heard: &(BTreeSet<String>, BTreeMap<usize, usize>),
) -> Result<Found, Broken> {
    let start;
    let room = tempfile::tempdir()?;
    let url = if ground.postgres().is_some() {
        // A lock file names a process; no process outlives a power cut.
        disk.remove(&folder.canonicalize()?.join("postmaster.pid"));
        let url = ground.url().to_owned();
        let postgres = ground.postgres_mut()?;
        postgres.kill()?;
        fs::remove_dir_all(folder)?;
        fs::create_dir(folder)?;
        disk.write(folder, folder, postgres.user())?;
        start = Instant::now();
        postgres.start()?;
        url
    } else {
        disk.write(folder, room.path(), None)?;
        start = Instant::now();
        format!("sqlite://{}", room.path().join("shop.db").display())
    };
    runtime()?.block_on(async {
        let engine = Engine::open(&url).await?;
        let shop = enter(&engine, token).await?;
        let start = start.elapsed();
        let verdict = engine.verify(&|_| ()).await?;
        let mut wrong = (verdict.violations > 0).then(|| format!("{:?}", verdict.details.first()));
        let there: BTreeSet<String> =
            all::<Order>(&engine, shop.id()).await?.iter().map(|order| order.id.to_string()).collect();
        let lost = heard.0.iter().filter(|order| !there.contains(*order)).count();
        // Whoever heard nothing asks again: each key has one effect, whether it was kept or not.
        let mut expected = heard.0.clone();
        for client in 0..CLIENTS {
            let next = heard.1.get(&client).copied().unwrap_or(0);
            expected.insert(place(&shop, client, next).await?);
            if next > 0 && !heard.0.contains(&place(&shop, client, next - 1).await?) {
                wrong.get_or_insert_with(|| format!("{} was answered anew", key(client, next - 1)));
            }
        }
        let orders = all::<Order>(&engine, shop.id()).await?;
        let doubled = orders.iter().filter(|order| !expected.contains(&order.id.to_string())).count();
        Ok(Found { lost, doubled, wrong, start })
    })
}

async fn place(shop: &Shop, client: usize, number: usize) -> Result<String, Broken> {
    let order: PlaceOrder = serde_json::from_str(ORDER)?;
    Ok(shop.clone().with_key(key(client, number)).run(order).await?.order.id.to_string())
}
