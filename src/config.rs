//! What can be set, the same from TOML, from C and from Python.

use serde::{Deserialize, Serialize};

/// How to open an engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where everything is kept: `sqlite://FILE`, `postgres://user:password@host/database`, or `memory:` to forget it all
    /// at the end.
    pub database: String,
}

impl Config {
    /// The usual settings on this database.
    pub fn on(database: impl Into<String>) -> Self {
        Self { database: database.into() }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::on("sqlite://baddie.db")
    }
}
