//! Throws mangled input at the targets, and prints what they could not take.
#![expect(clippy::disallowed_methods, reason = "how many inputs a second are read is printed")]

use std::process::ExitCode;
use std::time::Instant;

use baddie_fuzz::{targets, throw};
use clap::Parser;

/// Throws mangled input at everything that reads what others wrote; at all of it when nothing is named.
#[derive(Debug, Parser)]
struct Cli {
    /// The targets; part of a name is enough.
    targets: Vec<String>,
    /// How many inputs each; slow targets get fewer.
    #[arg(long, default_value_t = 1_000_000)]
    runs: u64,
    /// Decides all inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // A panic is caught and told below.
    std::panic::set_hook(Box::new(|_| ()));
    let mut found = 0;
    for mut target in targets() {
        if !cli.targets.is_empty() && !cli.targets.iter().any(|name| target.name.contains(name.as_str())) {
            continue;
        }
        let start = Instant::now();
        let (thrown, finding) = throw(&mut target, cli.runs, cli.seed);
        println!("{:<24} {thrown:>10} inputs in {:>6.1} s", target.name, start.elapsed().as_secs_f64());
        if let Some(finding) = finding {
            found += 1;
            println!("{finding}");
        }
    }
    if found == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
