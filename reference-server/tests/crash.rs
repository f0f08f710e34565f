//! The server is killed in the middle of its work, again and again: what it acknowledged is there, once.
//!
//! `BADDIE_KILLS` says how often it is killed, `BADDIE_SEED` with which pauses.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, thread};

use serde_json::{Value, json};

const CLIENTS: usize = 8;
const PLENTY: i64 = 1_000_000;
/// A server that takes longer to come back has lost its way.
const SLOWEST_START: Duration = Duration::from_secs(5);

fn baddie(database: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baddie"));
    command.args(arguments).args(["--json", "--database", database]);
    command
}

fn setting(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

/// A running server, which dies with its owner.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(database: &str) -> Self {
        let mut child = baddie(database, &["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let started: Value = serde_json::from_str(&line).unwrap();
        Self { child, address: started["listening"].as_str().unwrap().to_owned() }
    }

    /// The end without a word.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Who asks, and of whom: the address changes with every start.
struct Door {
    address: RwLock<String>,
    token: String,
}

impl Door {
    /// One request on a connection of its own: status and body, unless the server died over it.
    fn ask(&self, head: &str, key: Option<&str>, body: &str) -> io::Result<(u16, String)> {
        let address = self.address.read().unwrap().clone();
        let mut stream = TcpStream::connect(address)?;
        let key = key.map_or_else(String::new, |key| format!("idempotency-key: {key}\r\n"));
        let length = body.len();
        write!(
            stream,
            "{head} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\nauthorization: Bearer {}\r\n{key}\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}",
            self.token
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
        let length: Option<usize> =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        match (status, length) {
            (Some(status), Some(length)) if body.len() == length => Ok((status, body.to_owned())),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn json(&self, head: &str, key: Option<&str>, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = self.ask(head, key, &body).unwrap();
        assert!((200..300).contains(&status), "{head}: {status} {answer}");
        serde_json::from_str(&answer).unwrap()
    }

    fn stock(&self) {
        let price = json!({ "minor": 1_000, "currency": "GBP" });
        let product = json!({ "title": "Mug", "variants": [{ "sku": "MUG", "price": price }] });
        let product = self.json("POST /api/v1/products", Some("product"), &product);
        let stock = json!({
            "variant_id": product["variants"][0]["id"], "change": PLENTY, "reason": "opening",
            "cost": { "minor": PLENTY, "currency": "GBP" },
        });
        self.json("POST /api/v1/inventory/adjust", Some("stock"), &stock);
    }

    /// Places one order after another. A key whose answer was lost is asked again until there is one.
    fn shop(&self, client: usize, over: &AtomicBool) -> Vec<(String, String)> {
        let mut acknowledged = Vec::new();
        while !over.load(Ordering::Relaxed) {
            let key = format!("client-{client}-{}", acknowledged.len());
            let answer = loop {
                match self.ask(
                    "POST /api/v1/orders",
                    Some(&key),
                    r#"{"lines":[{"sku":"MUG","qty":1}],"paid":true}"#,
                ) {
                    Ok((201, answer)) => break answer,
                    Ok((503, _)) | Err(_) => thread::sleep(Duration::from_millis(5)),
                    Ok(other) => panic!("{key}: {other:?}"),
                }
            };
            acknowledged.push((key, answer));
        }
        acknowledged
    }

    /// Every order of the shop: how often its id was met.
    fn orders(&self) -> BTreeMap<String, u32> {
        let (mut met, mut cursor) = (BTreeMap::new(), String::new());
        loop {
            let page = self.json(&format!("GET /api/v1/orders?limit=200{cursor}"), None, &Value::Null);
            for order in page["items"].as_array().unwrap() {
                *met.entry(order["id"].as_str().unwrap().to_owned()).or_default() += 1;
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return met,
            }
        }
    }
}

fn found(database: &str) -> String {
    let output =
        baddie(database, &["init", "--email", "owner@example.com", "--shop", "Crash"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let founded: Value = serde_json::from_slice(&output.stdout).unwrap();
    founded["token"].as_str().unwrap().to_owned()
}

/// Kills and restarts the server, and says how long the slowest start took.
#[expect(clippy::disallowed_methods, reason = "how long a start takes is what is measured")]
fn harass(door: &Door, database: &str, mut server: Server, kills: u64, seed: u64) -> (Server, Duration) {
    let (mut dice, mut slowest) = (seed | 1, Duration::ZERO);
    for _ in 0..kills {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        thread::sleep(Duration::from_millis(20 + (dice >> 33) % 780));
        server.kill();
        let start = Instant::now();
        server = Server::start(database);
        slowest = slowest.max(start.elapsed());
        door.address.write().unwrap().clone_from(&server.address);
    }
    (server, slowest)
}

fn verify(database: &str) -> Value {
    let output = baddie(database, &["verify"]).output().unwrap();
    let verdict = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{verdict}");
    serde_json::from_str(&verdict).unwrap()
}

#[test]
fn p1_what_was_acknowledged_survives_kill_9() {
    let (kills, seed) = (setting("BADDIE_KILLS", 5), setting("BADDIE_SEED", 1));
    let folder = tempfile::tempdir().unwrap();
    let database = url(folder.path());
    let token = found(&database);
    let server = Server::start(&database);
    let door = Door { address: RwLock::new(server.address.clone()), token };
    door.stock();

    let over = AtomicBool::new(false);
    let (acknowledged, server, slowest) = thread::scope(|scope| {
        let (door, over) = (&door, &over);
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| scope.spawn(move || door.shop(client, over))).collect();
        let (server, slowest) = harass(door, &database, server, kills, seed);
        over.store(true, Ordering::Relaxed);
        let acknowledged: Vec<_> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        (acknowledged, server, slowest)
    });

    let met = door.orders();
    let id = |answer: &str| {
        let answer: Value = serde_json::from_str(answer).unwrap();
        answer["id"].as_str().unwrap().to_owned()
    };
    let lost = acknowledged.iter().filter(|(_, answer)| !met.contains_key(&id(answer))).count();
    let doubled = met.len() - (acknowledged.len() - lost);
    for (key, answer) in acknowledged.iter().step_by(acknowledged.len().div_ceil(50).max(1)) {
        let again =
            door.ask("POST /api/v1/orders", Some(key), r#"{"lines":[{"sku":"MUG","qty":1}],"paid":true}"#);
        assert_eq!(again.unwrap(), (201, answer.clone()), "{key}");
    }
    drop(server);
    let verdict = verify(&database);
    println!(
        "seed {seed}: {kills} kills, {} orders acknowledged, {lost} lost, {doubled} doubled, slowest start {} ms, \
         {} facts checked, {} wrong",
        acknowledged.len(),
        slowest.as_millis(),
        verdict["checks"],
        verdict["violations"],
    );
    assert!(acknowledged.len() > CLIENTS, "somebody was served");
    assert!(met.values().all(|times| *times == 1));
    assert_eq!((lost, doubled, &verdict["violations"]), (0, 0, &json!(0)));
    assert!(slowest < SLOWEST_START, "{slowest:?}");
}

fn url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("shop.db").display())
}
