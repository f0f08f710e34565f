//! What a proof is told: how often, on what, with which luck.

use std::fmt;
use std::path::PathBuf;

use clap::ValueEnum;

/// How often a promise is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tier {
    /// As often as each change deserves.
    C,
    /// As often as a night allows.
    N,
    /// As often as a release demands.
    R,
}

impl Tier {
    /// The count for this tier.
    pub(crate) fn pick<T>(self, change: T, night: T, release: T) -> T {
        match self {
            Self::C => change,
            Self::N => night,
            Self::R => release,
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pick("c", "n", "r"))
    }
}

/// Where the shops of a proof are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Backend {
    /// One file.
    Sqlite,
    /// A PostgreSQL server of the proof's own.
    Postgres,
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// What a proof is told.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    /// How often.
    pub(crate) tier: Tier,
    /// On what.
    pub(crate) backend: Backend,
    /// Decides all luck.
    pub(crate) seed: u64,
    /// The server program.
    pub(crate) baddie: PathBuf,
}
