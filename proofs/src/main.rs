//! Proves what the engine promises under fire. One file for each promise, and one row here.
//!
//! The proofs drive the program as it is released, over loopback, on real files and on a real PostgreSQL server with
//! every fsync. Each prints one line: the promise, how often it was tried, with which seed, and whether it held.
#![expect(clippy::disallowed_methods, reason = "how long things take is what many proofs measure")]
#![allow(dead_code, reason = "the ground is laid for promises that come one by one")]

mod client;
mod dice;
mod disk;
mod faults;
mod ground;
mod library;
mod p01_cuts;
mod p01_kills;
mod p02_faults;
mod p15_migrations;
mod report;
mod server;
mod setting;

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
        number: "P15",
        says: "a migration cut off is taken up again, two at once agree, a newer schema is left alone",
        on: BOTH,
        prove: p15_migrations::prove,
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
        Ok(report) => report.close(),
        Err(broken) => (String::new(), Some(broken.to_string())),
    };
    let Promise { number, says, .. } = promise;
    let Setting { tier, backend, seed, .. } = setting;
    let seconds = start.elapsed().as_secs_f64();
    let verdict = broken.as_ref().map_or("held".to_owned(), |why| format!("BROKEN: {why}"));
    println!("{number} {says} | {backend} | {tier} | {facts} | seed {seed} | {seconds:.1} s | {verdict}");
    broken.is_none()
}
