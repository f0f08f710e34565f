//! P6: endpoints are told all that happened, at least once, of each subject in order, signed, under one id; never what did
//! not happen. One that is gone or deaf is left alone, holds nobody up, and can be told again what it missed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use baddie::clock::Timestamp;
use baddie::integrations::secret::Secret;
use baddie::integrations::webhook::standard;
use serde_json::{Value, json};

use crate::client::{Client, Door};
use crate::dice::Dice;
use crate::ground::Ground;
use crate::hand::{ANSWER_MS, Hand, LOOPBACK, WAITS_MS};
use crate::report::{Broken, Proof, Report, joined};
use crate::server::Server;
use crate::setting::Setting;
use crate::sink::{CALM, DEAF, GONE, ROUGH, Sink, TRAP, Told};

const CUSTOMERS: usize = 4;
/// How many events an order has: it is placed and called off.
const EVENTS: usize = 2;
/// How many orders are placed, and products made, while it is measured how soon they are told.
const MEASURED: usize = 40;
/// How much longer than alone an endpoint may wait because of another one.
const SOON: Duration = Duration::from_secs(1);
/// How much further each next worker's clock is ahead, in seconds: what the last one had is free again.
const STEP: u64 = 250;
/// So many seconds later an endpoint that never answered has lost its owner's patience.
const DAYS: u64 = 6 * 24 * 3_600;
/// What is to be told to somebody who is still told anything.
const WAITING: &str = "SELECT count(*) FROM webhook_deliveries d JOIN webhook_endpoints e
    ON e.shop_id = d.shop_id AND e.id = d.endpoint_id WHERE d.state = 'waiting' AND e.state = 'active'";
/// What a worker is at, or was when it was killed.
const LEASED: &str = "SELECT count(*) FROM jobs WHERE state = 'leased'";
/// How many things were given up that the rough endpoint was to be told.
const GIVEN_UP: &str = "SELECT count(*) FROM webhook_deliveries d JOIN webhook_endpoints e
    ON e.shop_id = d.shop_id AND e.id = d.endpoint_id WHERE d.state = 'failed' AND e.url LIKE '%/rough'";

/// Who is told, and with which secret.
type Endpoints = BTreeMap<&'static str, (String, Secret)>;

/// The shop, and how its servers are started.
struct Scene {
    ground: Ground,
    keys: PathBuf,
    settings: Vec<(&'static str, String)>,
}

impl Scene {
    fn serve(&self, worker: &str) -> Result<Server, Broken> {
        let settings: Vec<_> = self.settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Server::start_with(&self.ground, &["--worker", worker], &settings)
    }

    fn counted(&self, question: &str) -> Result<usize, Broken> {
        Ok(self.ground.ask(question)?.trim().parse()?)
    }
}

pub(crate) fn prove(setting: &Setting) -> Proof {
    let events: usize = setting.tier.pick(500, 5_000, 50_000);
    let kills: usize = setting.tier.pick(3, 20, 100);
    let (sink, mut report) = (Sink::open(setting.seed)?, Report::default());
    let ground = Ground::new(setting)?;
    let keys = master_key(ground.folder(), Dice::new(setting.seed, 60))?;
    let token = ground.found("Tellings")?;
    let settings = vec![
        ("BADDIE_CONNECTIONS__MASTER_KEY_FILE", keys.display().to_string()),
        ("BADDIE_OUTGOING__ALLOW", json!([LOOPBACK]).to_string()),
        ("BADDIE_WEBHOOKS__WAITS_MS", json!(WAITS_MS).to_string()),
        ("BADDIE_WEBHOOKS__ANSWER_MS", ANSWER_MS.to_string()),
    ];
    let scene = Scene { ground, keys, settings };
    let server = scene.serve("both")?;
    let door = Door::new(server.address, &token);
    let mut client = door.client();
    client.stock("MUG", 1_000_000)?;
    let before: BTreeSet<_> = client.all("/api/v1/events")?.iter().map(id_of).collect();
    let endpoints = invite(&mut client, &sink)?;

    pace(&mut client)?;
    let orders = events.saturating_sub(2 * MEASURED).div_ceil(EVENTS);
    let refused = sell_under_fire(&scene, &door, server, orders, kills, setting.seed)?;
    let told_by_servers = sink.heard().len();

    // From here on hands do the work: their clocks run ahead, so what dead servers had leased is free again.
    let server = scene.serve("none")?;
    door.moved(server.address);
    let mut ahead = settle(&scene, 0, kills, Dice::new(setting.seed, 61))?;
    let first = sink.heard().len();
    let given_up = scene.counted(GIVEN_UP)?;
    let replayed;
    (replayed, ahead) = replay(&scene, &mut client, &endpoints, ahead)?;
    // What never answered for days is told something once more; everybody else has taken what there was for them.
    client.insist("POST /api/v1/products", Some("late"), &product("LATE"))?;
    settle(&scene, ahead + DAYS, 0, Dice::new(setting.seed, 62))?;

    let happened = Happened::since(&before, &mut client)?;
    report.count(happened.order.len(), "events");
    report.demand(happened.order.len() >= events, || format!("{events} events were to happen"));
    report.count(refused, "commands refused");
    report.count(2 * kills, "kills");
    let heard = sink.heard();
    report.count(heard.len(), "tellings");
    report.count(told_by_servers, "of them before the last kill of a server");
    judge(&happened, &heard, first, &endpoints, &mut report);
    report.demand(given_up > 0, || "nothing was given up: replay was not tried".to_owned());
    report.count(given_up, "given up");
    report.count(replayed, "replayed");
    states(&mut client, &endpoints, &mut report)?;
    drop(server);
    scene.ground.verify(&mut report)?;
    Ok(report)
}

/// A file with a master key: 43 letters of base64, of which the last stands for four bits.
fn master_key(folder: &Path, mut dice: Dice) -> Result<PathBuf, Broken> {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut key = String::new();
    for _ in 0..42 {
        key.push(char::from(letters[usize::try_from(dice.below(64))?]));
    }
    key.push_str("A=");
    let file = folder.join("master.key");
    std::fs::write(&file, key)?;
    Ok(file)
}

/// Makes the endpoints.
fn invite(client: &mut Client, sink: &Sink) -> Result<Endpoints, Broken> {
    let wishes = [(CALM, "*"), (ROUGH, "order.*"), (DEAF, "product.*"), (GONE, "order.placed")];
    let mut endpoints = Endpoints::new();
    for (path, events) in wishes {
        let wish = json!({ "url": sink.url(path), "events": [events] });
        let made = client.done("POST /api/v1/webhook-endpoints", path, &wish)?;
        let secret = made["secret"].as_str().ok_or_else(|| Broken::because("there is no secret"))?;
        endpoints.insert(path, (id_of(&made), Secret::new(secret)));
    }
    Ok(endpoints)
}

fn product(sku: &str) -> String {
    let price = json!({ "minor": 1_000, "currency": "GBP" });
    json!({ "title": sku, "variants": [{ "sku": sku, "price": price }] }).to_string()
}

/// Lets things happen at a pace that leaves a worker time, beside an endpoint that never answers.
fn pace(client: &mut Client) -> Result<(), Broken> {
    for number in 0..MEASURED {
        client.insist(
            "POST /api/v1/products",
            Some(&format!("made-{number}")),
            &product(&format!("P{number}")),
        )?;
        client.insist("POST /api/v1/orders", Some(&format!("paced-{number}")), MUG)?;
        thread::sleep(Duration::from_millis(50));
    }
    thread::sleep(SOON);
    Ok(())
}

/// What everybody buys.
const MUG: &str = r#"{"lines":[{"sku":"MUG","qty":1}],"paid":true}"#;

/// Places, confirms and calls off so many orders while the server is killed again and again; how often somebody wanted
/// what could not be. No server is left.
fn sell_under_fire(
    scene: &Scene,
    door: &Door,
    server: Server,
    orders: usize,
    kills: usize,
    seed: u64,
) -> Result<usize, Broken> {
    let (done, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        let (done, refused) = (&done, &refused);
        let customers: Vec<_> = (0..CUSTOMERS)
            .map(|customer| {
                scope.spawn(move || {
                    let mine = (orders + CUSTOMERS - 1 - customer) / CUSTOMERS;
                    for number in 0..mine {
                        let turned_down = live(&mut door.client(), &format!("{customer}-{number}"))?;
                        refused.fetch_add(turned_down, Ordering::Relaxed);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        let (mut server, mut dice) = (server, Dice::new(seed, 6));
        for kill in 0..kills {
            // Spread over the whole of it, each at a moment of its own.
            while done.load(Ordering::Relaxed) < orders * kill / kills && !all_over(&customers) {
                thread::sleep(Duration::from_millis(5));
            }
            thread::sleep(dice.millis(0, 200));
            server.kill()?;
            server = scene.serve("both")?;
            door.moved(server.address);
        }
        customers.into_iter().map(joined).collect::<Result<Vec<()>, _>>()?;
        thread::sleep(dice.millis(500, 1_500));
        server.kill()
    })?;
    Ok(refused.into_inner())
}

fn all_over<T>(threads: &[thread::ScopedJoinHandle<'_, T>]) -> bool {
    threads.iter().all(thread::ScopedJoinHandle::is_finished)
}

/// An order from its beginning to its end, and something that is refused; how much was.
fn live(client: &mut Client, name: &str) -> Result<usize, Broken> {
    let placed = client.insist("POST /api/v1/orders", Some(&format!("place-{name}")), MUG)?;
    let order = id_of(&placed.json());
    let cancel = r#"{"reason":"for a proof"}"#;
    let steps = [("cancel", cancel, true), ("cancel", cancel, false), ("confirm", "{}", false)];
    let mut refused = 0;
    for (number, (step, body, well)) in steps.into_iter().enumerate() {
        let head = format!("POST /api/v1/orders/{order}/{step}");
        let answer = client.insist(&head, Some(&format!("{number}-{name}")), body)?;
        if answer.is_done() != well {
            return Err(Broken::because(format!("{head}: {} {}", answer.status, answer.body)));
        }
        refused += usize::from(!well);
    }
    Ok(refused)
}

/// Lets time go by until everybody has been told all, and kills so many workers over it; how far the clocks are ahead then.
fn settle(scene: &Scene, from: u64, kills: usize, mut dice: Dice) -> Result<u64, Broken> {
    let mut ahead = from;
    for _ in 0..kills {
        ahead += STEP;
        let hand = Hand::telling(&scene.ground, &scene.keys, ahead)?;
        thread::sleep(dice.millis(100, 500));
        hand.kill()?;
    }
    ahead += STEP;
    let mut hand = Hand::telling(&scene.ground, &scene.keys, ahead)?;
    let mut least = (usize::MAX, SystemTime::now());
    loop {
        let left = scene.counted(WAITING)? + scene.counted(LEASED)?;
        if left == 0 {
            return Ok(ahead);
        }
        if left < least.0 {
            least = (left, SystemTime::now());
        } else if least.1.elapsed().unwrap_or_default() > Duration::from_mins(1) {
            return Err(Broken::because(format!("{left} tellings still wait")));
        }
        thread::sleep(Duration::from_millis(300));
        ahead += 5;
        hand.jump(ahead)?;
    }
}

/// Has everything told again that was given up, until nothing is; how much that was, and how far the clocks are ahead then.
fn replay(
    scene: &Scene,
    client: &mut Client,
    endpoints: &Endpoints,
    mut ahead: u64,
) -> Result<(usize, u64), Broken> {
    let mut replayed = 0;
    for round in 0..20 {
        if scene.counted(GIVEN_UP)? == 0 {
            break;
        }
        let head = format!("POST /api/v1/webhook-endpoints/{}/replay-failed", endpoints[ROUGH].0);
        for part in 0.. {
            let since = json!({ "since": "2020-01-01T00:00:00Z" });
            let answer = client.done(&head, &format!("again-{round}-{part}"), &since)?;
            replayed += usize::try_from(answer["deliveries"].as_u64().unwrap_or_default())?;
            if answer["more"] != true {
                break;
            }
        }
        ahead = settle(scene, ahead, 0, Dice::new(0, 0))?;
    }
    Ok((replayed, ahead))
}

/// What happened in the shop.
struct Happened {
    /// Which event came when, by its id.
    order: BTreeMap<String, usize>,
    events: BTreeMap<String, Value>,
}

impl Happened {
    /// Everything but what had happened before.
    fn since(before: &BTreeSet<String>, client: &mut Client) -> Result<Self, Broken> {
        let mut all = client.all("/api/v1/events")?;
        all.reverse();
        let all: Vec<_> = all.into_iter().filter(|event| !before.contains(&id_of(event))).collect();
        let order = all.iter().enumerate().map(|(number, event)| (id_of(event), number)).collect();
        Ok(Self { order, events: all.into_iter().map(|event| (id_of(&event), event)).collect() })
    }

    /// The ids of all events of these kinds.
    fn of(&self, domain: &str) -> BTreeSet<&str> {
        let kinds = self.events.iter().filter(|(_, event)| text(event, "kind").starts_with(domain));
        kinds.map(|(id, _)| id.as_str()).collect()
    }
}

/// Compares what was told with what happened. Until `first` nothing was told that had been given up before.
fn judge(happened: &Happened, heard: &[Told], first: usize, endpoints: &Endpoints, report: &mut Report) {
    let trapped = heard.iter().filter(|told| told.path == TRAP).count();
    report.none(trapped, "redirects followed");
    for (path, domain) in [(CALM, ""), (ROUGH, "order.")] {
        let name = path.trim_start_matches('/');
        let told: BTreeSet<_> = heard
            .iter()
            .filter(|told| told.taken && told.path == path)
            .map(|told| told.id.as_str())
            .collect();
        let wanted = happened.of(domain);
        report.none(wanted.difference(&told).count(), &format!("not taken by the {name} endpoint"));
        report.none(told.difference(&wanted).count(), "taken that never happened");
    }
    let forged = heard.iter().filter(|told| !is_genuine(told, endpoints)).count();
    report.none(forged, "wrongly signed");
    report.none(
        heard.iter().filter(|told| !is_said_as_it_was(told, happened)).count(),
        "told otherwise than it was",
    );
    report.none(overtaken(&heard[..first.min(heard.len())], happened), "told before their turn");
    let slowest = heard.iter().filter(|told| told.path == CALM).take(MEASURED).filter_map(|told| {
        let at = text(happened.events.get(&told.id)?, "at").parse::<Timestamp>().ok()?;
        let came = told.came.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        Some(came.saturating_sub(Duration::from_micros(u64::try_from(at.as_micros()).ok()?)))
    });
    report.in_time(slowest.max().unwrap_or(Duration::MAX), SOON, "slowest telling beside a deaf endpoint");
}

/// Whether it bears a signature of the endpoint's secret.
fn is_genuine(told: &Told, endpoints: &Endpoints) -> bool {
    let Some((_, secret)) = endpoints.get(told.path.as_str()) else { return false };
    let seconds: i64 = told.timestamp.parse().unwrap_or_default();
    let then = Timestamp::from_micros(seconds * 1_000_000);
    standard(secret, &told.id, &told.timestamp, &told.signature, told.body.as_bytes(), then).is_ok()
}

/// Whether what was told is what happened.
fn is_said_as_it_was(told: &Told, happened: &Happened) -> bool {
    let said: Value = serde_json::from_str(&told.body).unwrap_or_default();
    happened.events.get(&told.id).is_some_and(|event| {
        said["type"] == event["kind"] && said["subject"] == event["subject"] && said["data"] == event["data"]
    })
}

/// How many events came to an endpoint before it had taken what had happened to the same subject before. What it never took
/// was given up, and holds nothing up.
fn overtaken(heard: &[Told], happened: &Happened) -> usize {
    // When each event was first taken, by endpoint and subject.
    let mut taken: BTreeMap<_, BTreeMap<usize, usize>> = BTreeMap::new();
    let known = |told: &Told| {
        let number = *happened.order.get(&told.id)?;
        let subject = text(happened.events.get(&told.id)?, "subject").to_owned();
        Some(((told.path.clone(), subject), number))
    };
    for (moment, told) in heard.iter().enumerate().filter(|(_, told)| told.taken) {
        if let Some((line, number)) = known(told) {
            taken.entry(line).or_default().entry(number).or_insert(moment);
        }
    }
    let too_early = heard.iter().enumerate().filter(|(moment, told)| {
        let Some((line, number)) = known(told) else { return false };
        let line = taken.get(&line);
        line.is_some_and(|line| line.range(..number).any(|(_, earlier)| earlier > moment))
    });
    too_early.count()
}

/// Who is gone or deaf must be left alone, with the owner told of it; the others must not.
fn states(client: &mut Client, endpoints: &Endpoints, report: &mut Report) -> Result<(), Broken> {
    let told = client.all("/api/v1/events")?;
    for (path, (id, _)) in endpoints {
        let endpoint = client.look(&format!("/api/v1/webhook-endpoints/{id}"))?;
        let wanted = if [CALM, ROUGH].contains(path) { "active" } else { "disabled" };
        report.demand(endpoint["state"] == wanted, || format!("{path} is {endpoint}, not {wanted}"));
        let noted = told
            .iter()
            .filter(|event| event["kind"] == "webhook.disabled" && event["subject"] == *id)
            .count();
        let due = usize::from(wanted == "disabled");
        report.demand(noted == due, || format!("that {path} is disabled was told {noted} times"));
    }
    report.count(2, "endpoints disabled, and told so");
    Ok(())
}

fn id_of(value: &Value) -> String {
    text(value, "id").to_owned()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}
