//! `baddie verify`: counts every invariant of the shops.

use std::fmt::Write as _;

use baddie::Verdict;

use super::{Failure, Global, progress};

/// Nothing to say beyond what every command takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(global: &Global, _: &Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let bar = progress::bar("checking", None);
    let verdict = engine.verify(&|checks| bar.set_position(checks)).await?;
    bar.finish_and_clear();
    global.show(&verdict, words(&verdict))?;
    if verdict.violations == 0 { Ok(()) } else { Err(Failure::Shown) }
}

fn words(verdict: &Verdict) -> String {
    let mut text = format!("{} facts checked, {} of them wrong", verdict.checks, verdict.violations);
    for (invariant, count) in &verdict.by_invariant {
        let _ = write!(text, "\n  {invariant:<4} {count:>12}");
    }
    for violation in &verdict.details {
        let _ = write!(text, "\n{}: {} ({})", violation.invariant, violation.problem, violation.subject);
    }
    text
}
