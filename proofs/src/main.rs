//! Proves what the engine promises under fire. One file for each promise, and one row here.
//!
//! The proofs drive the program as it is released, over loopback, on real files and on a real PostgreSQL server with
//! every fsync. Each prints one line: the promise, how often it was tried, with which seed, and whether it held.
#![expect(clippy::disallowed_methods, reason = "how long things take is what many proofs measure")]

mod buyers;
mod client;
mod dice;
mod disk;
mod faults;
mod ground;
mod hand;
mod library;
mod outage;
mod p01_cuts;
mod p01_kills;
mod p02_faults;
mod p03_repeats;
mod p04_limits;
mod p06_tellings;
mod p07_events_in;
mod p08_money;
mod p11_overload;
mod p12_stop;
mod p12_takeover;
mod p13_vanishing;
mod p14_database;
mod p14_disk;
mod p15_migrations;
mod p17_backups;
mod p20_books;
mod p22_flat;
mod paper;
mod report;
mod rush;
mod server;
mod setting;
mod shelf;
mod sink;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

use report::{Broken, Proof};
use setting::{Backend, Setting, Tier};

/// One harness of one promise.
struct Promise {
    /// The promise's number; one promise may have several harnesses.
    number: &'static str,
    /// What is promised, as far as this harness proves it.
    says: &'static str,
    /// On which backends it is proved.
    on: &'static [Backend],
    /// The proof.
    prove: fn(&Setting) -> Proof,
}

const BOTH: &[Backend] = &[Backend::Sqlite, Backend::Postgres];

/// Every promise that is proved here.
const PROMISES: &[Promise] = &[
    Promise {
        number: "P1",
        says: "acknowledged work survives kill -9 of the server and of the database",
        on: BOTH,
        prove: p01_kills::prove,
    },
    Promise {
        number: "P1",
        says: "acknowledged work survives a power cut at any moment",
        on: BOTH,
        prove: p01_cuts::prove,
    },
    Promise {
        number: "P2",
        says: "whatever write or sync fails, a command is done wholly or not at all",
        on: BOTH,
        prove: p02_faults::prove,
    },
    Promise {
        number: "P3",
        says: "one effect and one answer for each idempotency key",
        on: BOTH,
        prove: p03_repeats::prove,
    },
    Promise {
        number: "P4",
        says: "no limited quantity is exceeded, and none withheld",
        on: BOTH,
        prove: p04_limits::prove,
    },
    Promise {
        number: "P6",
        says: "who wants to be told is told all that happened, in order, and nothing else",
        on: BOTH,
        prove: p06_tellings::prove,
    },
    Promise {
        number: "P7",
        says: "what channels tell has one effect, in any order and however often",
        on: BOTH,
        prove: p07_events_in::prove,
    },
    Promise {
        number: "P8",
        says: "money that was taken ends as an order, a refund or a case that is told",
        on: BOTH,
        prove: p08_money::prove,
    },
    Promise {
        number: "P11",
        says: "ten times the clients cost neither memory nor pace",
        on: BOTH,
        prove: p11_overload::prove,
    },
    Promise {
        number: "P12",
        says: "a server asked to stop cuts no answer and leaves no lease",
        on: BOTH,
        prove: p12_stop::prove,
    },
    Promise {
        number: "P12",
        says: "what a dead worker began is taken over, and done once",
        on: BOTH,
        prove: p12_takeover::prove,
    },
    Promise {
        number: "P13",
        says: "a client that vanishes leaves a whole effect or none, and a clean pool",
        on: BOTH,
        prove: p13_vanishing::prove,
    },
    Promise {
        number: "P14",
        says: "a database that is away, crowded or still is told, and healed from without a restart",
        on: &[Backend::Postgres],
        prove: p14_database::prove,
    },
    Promise {
        number: "P14",
        says: "a full disk is told, and healed from without a restart",
        on: BOTH,
        prove: p14_disk::prove,
    },
    Promise {
        number: "P15",
        says: "a migration cut off is taken up again, two at once agree, a newer schema is left alone",
        on: BOTH,
        prove: p15_migrations::prove,
    },
    Promise {
        number: "P17",
        says: "a copy made under load is whole, and calls nobody until it is armed",
        on: BOTH,
        prove: p17_backups::prove,
    },
    Promise {
        number: "P20",
        says: "the books of a great shop are proved within a minute for a million rows",
        on: BOTH,
        prove: p20_books::prove,
    },
    Promise {
        number: "P22",
        says: "memory, descriptors and log stay flat",
        on: BOTH,
        prove: p22_flat::prove,
    },
];

/// Proves what the engine promises; all of it when none is named.
#[derive(Debug, Parser)]
#[command(name = "baddie-proofs", version)]
struct Cli {
    /// The promises to prove: P1 P4
    promises: Vec<String>,
    /// How often: on a change, in a night, before a release.
    #[arg(long, value_enum, default_value_t = Tier::C)]
    tier: Tier,
    /// Only on this backend.
    #[arg(long, value_enum)]
    backend: Option<Backend>,
    /// Decides all luck; a random one when absent.
    #[arg(long)]
    seed: Option<u64>,
    /// The server program to prove; the one beside this program when absent.
    #[arg(long, value_name = "FILE")]
    baddie: Option<PathBuf>,
}

fn main() -> ExitCode {
    if std::env::args().nth(1).is_some_and(|word| word == hand::WORD) {
        return hand::work();
    }
    match run(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(broken) => {
            eprintln!("{broken}");
            ExitCode::from(2)
        }
    }
}

/// Proves what was asked for; whether all of it held.
fn run(cli: &Cli) -> Result<bool, Broken> {
    let unknown =
        cli.promises.iter().find(|name| PROMISES.iter().all(|promise| promise.number != name.as_str()));
    if let Some(name) = unknown {
        return Err(Broken::because(format!("{name} is not proved here")));
    }
    let beside = std::env::current_exe()?.with_file_name("baddie");
    let baddie = cli.baddie.clone().unwrap_or(beside);
    if !baddie.exists() {
        return Err(Broken::because(format!("{} is missing: build it first", baddie.display())));
    }
    let seed = cli.seed.unwrap_or_else(|| u64::from(std::process::id()) ^ dice::by_the_clock());
    let mut all_held = true;
    for promise in PROMISES {
        if !cli.promises.is_empty() && !cli.promises.iter().any(|name| name == promise.number) {
            continue;
        }
        for &backend in promise.on.iter().filter(|known| cli.backend.is_none_or(|only| only == **known)) {
            let setting = Setting { tier: cli.tier, backend, seed, baddie: baddie.clone() };
            all_held &= prove(promise, &setting);
        }
    }
    Ok(all_held)
}

/// Proves one promise and prints how it went; whether it held.
fn prove(promise: &Promise, setting: &Setting) -> bool {
    let start = Instant::now();
    let proof = (promise.prove)(setting);
    let (facts, broken) = match proof {
        Ok(report) => report.close(setting.tier),
        Err(broken) => (String::new(), Some(broken.to_string())),
    };
    let Promise { number, says, .. } = promise;
    let Setting { tier, backend, seed, .. } = setting;
    let seconds = start.elapsed().as_secs_f64();
    let verdict = broken.as_ref().map_or("held".to_owned(), |why| format!("BROKEN: {why}"));
    println!("{number} {says} | {backend} | {tier} | {facts} | seed {seed} | {seconds:.1} s | {verdict}");
    broken.is_none()
}
