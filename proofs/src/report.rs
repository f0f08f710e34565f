//! What a proof counted, and whether the promise held.

use std::error::Error;
use std::fmt;
use std::thread::ScopedJoinHandle;
use std::time::Duration;

use crate::setting::Tier;

/// How a proof ended: with what it counted, or without having come to an end.
pub(crate) type Proof = Result<Report, Broken>;

/// Why a proof could not be finished, or what broke.
#[derive(Debug)]
pub(crate) struct Broken(String);

impl Broken {
    /// With these words.
    pub(crate) fn because(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: Error> From<E> for Broken {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// What a thread of a proof came to.
pub(crate) fn joined<T>(thread: ScopedJoinHandle<'_, Result<T, Broken>>) -> Result<T, Broken> {
    thread.join().map_err(|_| Broken::because("a client of the proof panicked")).flatten()
}

/// What a proof counted.
#[derive(Debug, Default)]
pub(crate) struct Report {
    facts: Vec<String>,
    broken: Vec<String>,
    late: Vec<String>,
}

impl Report {
    /// Notes a count, or another figure.
    pub(crate) fn count(&mut self, count: impl fmt::Display, of: &str) {
        self.facts.push(format!("{count} {of}"));
    }

    /// Notes how many there were of what there must not be.
    pub(crate) fn none(&mut self, count: usize, of: &str) {
        self.count(count, of);
        self.demand(count == 0, || format!("{count} {of}"));
    }

    /// Notes a figure that must not be greater than its bound.
    pub(crate) fn at_most<N: PartialOrd + fmt::Display>(&mut self, figure: N, bound: N, of: &str) {
        let holds = figure <= bound;
        let words = format!("{figure} {of}");
        self.demand(holds, || format!("{words}, at most {bound} promised"));
        self.facts.push(words);
    }

    /// Notes a time that is not to be longer than its bound.
    pub(crate) fn in_time(&mut self, took: Duration, bound: Duration, of: &str) {
        let words = format!("{} ms {of}", took.as_millis());
        self.punctual(took <= bound, || format!("{words}, at most {} promised", bound.as_millis()));
        self.facts.push(words);
    }

    /// Something about pace that is to be true; what is wrong if it is not. At tier c it is told and no more, because a
    /// machine that is busy with something else makes late what is not broken.
    pub(crate) fn punctual(&mut self, holds: bool, wrong: impl FnOnce() -> String) {
        if !holds {
            self.late.push(wrong());
        }
    }

    /// Something that must be true; what is wrong if it is not.
    pub(crate) fn demand(&mut self, holds: bool, wrong: impl FnOnce() -> String) {
        if !holds {
            self.broken.push(wrong());
        }
    }

    /// The counts as text, and what broke.
    pub(crate) fn close(mut self, tier: Tier) -> (String, Option<String>) {
        match tier {
            Tier::C => self.facts.extend(self.late.into_iter().map(|late| format!("(late: {late})"))),
            Tier::N | Tier::R => self.broken.append(&mut self.late),
        }
        let broken = (!self.broken.is_empty()).then(|| self.broken.join("; "));
        (self.facts.join(", "), broken)
    }
}
