//! Throws mangled input at everything that reads what others wrote: requests, files, headers, settings, notices.
//!
//! A target reads an input and must come back: with what it understood, or with a refusal. A panic is a finding, and so
//! is an answer that contradicts itself: a defect reported as such, a text that is not read back as what it was.

pub mod mangle;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use targets::targets;

use mangle::Dice;

/// Reads an input; what is wrong with how it did, if anything is.
pub type Read = Box<dyn FnMut(&[u8]) -> Result<(), String>>;

/// Something that reads.
pub struct Target {
    /// What it is called.
    pub name: &'static str,
    /// Input that is right.
    pub seeds: Vec<Vec<u8>>,
    /// How many times slower than the quickest it is; a run of so many takes that many fewer.
    pub cost: u64,
    /// The reader itself.
    pub read: Read,
}

/// What a target could not take.
#[derive(Debug)]
pub struct Finding {
    /// The target.
    pub target: &'static str,
    /// The input.
    pub input: Vec<u8>,
    /// What happened.
    pub what: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}\n  {:?}", self.target, self.what, String::from_utf8_lossy(&self.input))?;
        write!(f, "\n  {:02x?}", self.input)
    }
}

/// Throws `runs` inputs at a target, less by its cost, the right ones first; answers how many, and the first that it
/// could not take.
pub fn throw(target: &mut Target, runs: u64, seed: u64) -> (u64, Option<Finding>) {
    let runs = (runs / target.cost).max(1);
    let mut dice = Dice::new(seed);
    let right = target.seeds.clone().into_iter();
    let seeds = target.seeds.clone();
    let mangled = std::iter::repeat_with(move || mangle::input(&seeds, &mut dice));
    let mut thrown = 0;
    for input in right.chain(mangled).take(usize::try_from(runs).unwrap_or(usize::MAX)) {
        thrown += 1;
        let read = catch_unwind(AssertUnwindSafe(|| (target.read)(&input)));
        let what = match read {
            Ok(Ok(())) => continue,
            Ok(Err(what)) => what,
            Err(panic) => {
                let words = panic.downcast_ref::<String>().cloned();
                let words = words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
                format!("it panicked: {}", words.unwrap_or_default())
            }
        };
        return (thrown, Some(Finding { target: target.name, input, what }));
    }
    (thrown, None)
}
