//! P11: ten times as many requests as it can answer cost the server neither its memory nor its pace.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::buyers::{ORDER, ORDERS};
use crate::client::Door;
use crate::ground::Ground;
use crate::p22_flat::memory_kib;
use crate::report::{Broken, Proof, Report, joined};
use crate::server::Server;
use crate::setting::Setting;

/// As many clients as keep the server fully at work.
const SATURATING: usize = 32;
/// How many times that is the overload.
const TIMES: usize = 10;
/// Connections that say nothing, and connections that never come to an end of what they say.
const IDLE: usize = 64;
const SLOW: usize = 32;
/// Memory at most.
const MEMORY_MIB: u64 = 256;
/// What is still done of what can be done at best, in percent.
const GOODPUT: u64 = 80;
/// How much longer the slowest of a hundred accepted requests may take.
const SLOWER: u32 = 3;
/// How soon afterwards all is as before.
const NORMAL: Duration = Duration::from_secs(5);

/// How so many clients fared.
#[derive(Debug, Default)]
struct Fared {
    accepted: Vec<Duration>,
    refused: usize,
    seconds: u64,
    /// The most memory the server held.
    memory_kib: u64,
}

impl Fared {
    fn append(&mut self, mut more: Self) {
        self.accepted.append(&mut more.accepted);
        self.refused += more.refused;
        self.seconds += more.seconds;
        self.memory_kib = self.memory_kib.max(more.memory_kib);
    }

    /// How many were accepted each second.
    fn pace(&self) -> u64 {
        self.accepted.len() as u64 / self.seconds.max(1)
    }

    fn p99(&mut self) -> Duration {
        self.accepted.sort_unstable();
        let last = self.accepted.len().saturating_sub(1);
        self.accepted.get(last * 99 / 100).copied().unwrap_or_default()
    }
}

pub(crate) fn prove(setting: &Setting) -> Proof {
    let rounds = setting.tier.pick(1, 10, 60);
    let (calm, wild) = setting.tier.pick((5, 5), (10, 60), (10, 60));
    let ground = Ground::new(setting)?;
    let token = ground.found("Overload")?;
    let server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    door.client().stock("MUG", 1_000_000_000)?;
    storm(&door, "warm", SATURATING, 1, &server)?;
    // In turns, so that a machine that is busy for a while, and a database that grows, are the same for both.
    let (mut best, mut over) = (Fared::default(), Fared::default());
    for round in 0..rounds {
        best.append(storm(&door, &format!("best-{round}"), SATURATING, calm, &server)?);
        let idle: Vec<_> = (0..IDLE).map(|_| TcpStream::connect(server.address)).collect::<Result<_, _>>()?;
        let slow = (0..SLOW).map(|_| dawdle(&door)).collect::<Result<Vec<_>, Broken>>()?;
        over.append(storm(&door, &format!("over-{round}"), SATURATING * TIMES, wild, &server)?);
        drop((idle, slow));
    }
    let normal = as_before(&door, best.p99());
    let mut report = Report::default();
    let (peak, kept) = (best.pace(), over.pace());
    report.count(peak, "orders/s at best");
    report.count(kept, "under ten times the clients");
    report.punctual(kept * 100 >= peak * GOODPUT, || format!("{kept} of {peak} orders/s are left"));
    report.count(over.refused, "refused");
    report.count(best.p99().as_millis(), "ms p99 at best");
    report.in_time(over.p99(), SLOWER * best.p99(), "p99 of the accepted");
    report.at_most(over.memory_kib / 1024, MEMORY_MIB, "MiB at most");
    report.in_time(normal, NORMAL, "until all is as before");
    drop(server);
    ground.verify(&mut report)?;
    Ok(report)
}

/// How long it takes until an order is again accepted in the time it takes at best.
fn as_before(door: &Door, best: Duration) -> Duration {
    let after = Instant::now();
    let mut client = door.client();
    for number in 0.. {
        let start = Instant::now();
        let answer = client.ask(ORDERS, Some(&format!("after-{number}")), ORDER);
        if answer.is_ok_and(|answer| answer.is_done()) && start.elapsed() <= best {
            return after.elapsed();
        }
        if after.elapsed() > 2 * NORMAL {
            break;
        }
    }
    Duration::MAX
}

/// Lets so many clients buy as fast as they can for so many seconds.
fn storm(door: &Door, name: &str, clients: usize, seconds: u64, server: &Server) -> Result<Fared, Broken> {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let over = &over;
        let clients: Vec<_> = (0..clients)
            .map(|client| scope.spawn(move || buy(door, &format!("{name}-{client}"), over)))
            .collect();
        let start = Instant::now();
        let mut all = Fared { seconds, ..Fared::default() };
        while start.elapsed().as_secs() < seconds {
            thread::sleep(Duration::from_millis(50));
            all.memory_kib = all.memory_kib.max(memory_kib(server));
        }
        over.store(true, Ordering::Relaxed);
        for client in clients {
            all.append(joined(client)?);
        }
        Ok(all)
    })
}

/// Buys without a pause; one that is refused tries again a moment later, sooner than it was told.
fn buy(door: &Door, name: &str, over: &AtomicBool) -> Result<Fared, Broken> {
    let (mut fared, mut client) = (Fared::default(), door.client());
    for number in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let start = Instant::now();
        match client.ask(ORDERS, Some(&format!("{name}-{number}")), ORDER) {
            Ok(answer) if answer.is_done() => fared.accepted.push(start.elapsed()),
            Ok(answer) if answer.is_unavailable() => {
                fared.refused += 1;
                thread::sleep(Duration::from_millis(100));
            }
            other => return Err(Broken::because(format!("{name}: {other:?}"))),
        }
    }
    Ok(fared)
}

/// A client that begins a request and does not end it.
fn dawdle(door: &Door) -> Result<TcpStream, Broken> {
    let words = door.words(ORDERS, Some("never"), ORDER);
    let mut stream = TcpStream::connect(door.address())?;
    stream.write_all(&words.as_bytes()[..words.len() - 5])?;
    Ok(stream)
}
