//! Settings: a TOML file, then the environment, then flags; the later ones win.
//!
//! `BADDIE_LISTEN` sets `listen`, `BADDIE_LIMITS__BODY_BYTES` sets `body_bytes` in the table `[limits]`.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::api::Rate;
use crate::http::Limits;

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the shop is kept: `sqlite://FILE`, `postgres://…` or `memory:`.
    pub database: String,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Whether this process answers requests, does the work that waits, or both.
    pub worker: Worker,
    /// How many proxies of ours stand before the server; only their `X-Forwarded-For` is believed.
    pub proxies: usize,
    /// Web pages of these origins may call the API, such as `https://shop.example`.
    pub origins: Vec<String>,
    /// Who may read `/metrics`.
    pub metrics: Access,
    /// The bounds of connections and requests.
    pub limits: Limits,
    /// How fast clients may go.
    pub rate: Rate,
    /// A Redis in which servers of one database count their clients together: `redis://user:password@host:6379`. Without
    /// one, and while it does not answer, each counts by itself.
    pub redis: String,
    /// How shops may connect to accounts at services.
    pub connections: baddie::Connections,
    /// How endpoints of shops are told what happens.
    pub webhooks: baddie::Webhooks,
    /// The model elsewhere that writes texts of listings.
    pub text_model: baddie::HostedModel,
    /// Where calls may go beside the public internet.
    pub outgoing: baddie::integrations::http::Settings,
    /// How many bytes of answers are kept ready, to be told again while nothing has changed; 0 keeps none.
    pub ready_bytes: u64,
}

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Worker {
    /// It answers requests and does the work.
    Both,
    /// It only does the work.
    Only,
    /// It only answers requests.
    None,
}

/// Who may read a page about the server itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nobody.
    Off,
    /// Programs on this machine.
    Local,
    /// Everybody who can reach the server.
    Open,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: "sqlite://baddie.db".to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            worker: Worker::Both,
            proxies: 0,
            origins: Vec::new(),
            metrics: Access::Local,
            limits: Limits::default(),
            rate: Rate::default(),
            redis: String::new(),
            connections: baddie::Connections::default(),
            webhooks: baddie::Webhooks::default(),
            text_model: baddie::HostedModel::default(),
            outgoing: baddie::integrations::http::Settings::default(),
            ready_bytes: 64 << 20,
        }
    }
}

/// Why the settings cannot be used, with what to do about it.
#[derive(Debug)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

const PREFIX: &str = "BADDIE_";

impl Config {
    /// What of it concerns the engine.
    pub fn engine(&self) -> baddie::Config {
        let (connections, outgoing) = (self.connections.clone(), self.outgoing.clone());
        let (webhooks, text_model) = (self.webhooks.clone(), self.text_model.clone());
        baddie::Config { connections, webhooks, text_model, outgoing, ..baddie::Config::on(&self.database) }
    }

    /// Reads the file, when one is given, and the environment.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let known = Table::try_from(Self::default()).map_err(|error| ConfigError(error.to_string()))?;
        let mut table = known.clone();
        if let Some(path) = file {
            let text = std::fs::read_to_string(path)
                .map_err(|error| ConfigError(format!("cannot read {}: {error}", path.display())))?;
            let given = text
                .parse()
                .map_err(|error| ConfigError(format!("{} is not TOML: {error}", path.display())))?;
            overlay(&mut table, given);
        }
        for (name, value) in environment {
            let Some(name) = name.strip_prefix(PREFIX) else { continue };
            let path: Vec<_> = name.split("__").map(str::to_ascii_lowercase).collect();
            // Other programs may have variables of this prefix too: only what begins with a setting's name is ours.
            if known.contains_key(&path[0]) {
                put(&mut table, &path, &value)
                    .ok_or_else(|| ConfigError(format!("{PREFIX}{name} does not name a setting")))?;
            }
        }
        table.try_into().map_err(|error: toml::de::Error| {
            ConfigError(format!("the settings are wrong: {}", error.to_string().trim_end()))
        })
    }
}

/// Puts what was given over what is there, table by table, so that one setting of a table can be given alone.
fn overlay(table: &mut Table, given: Table) {
    for (name, value) in given {
        match (table.get_mut(&name), value) {
            (Some(Value::Table(below)), Value::Table(above)) => overlay(below, above),
            (_, value) => {
                table.insert(name, value);
            }
        }
    }
}

/// Sets one value in nested tables. What reads as a TOML value is one, so that numbers and lists can be set.
fn put(table: &mut Table, path: &[String], text: &str) -> Option<()> {
    let (last, tables) = path.split_last()?;
    let mut table = table;
    for name in tables {
        table = table.entry(name.clone()).or_insert_with(|| Table::new().into()).as_table_mut()?;
    }
    let read = format!("value = {text}").parse::<Table>().ok().and_then(|mut read| read.remove("value"));
    table.insert(last.clone(), read.unwrap_or_else(|| Value::String(text.to_owned())));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::load(None, pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())))
    }

    #[test]
    fn the_environment_sets_what_it_names() {
        let config = load(&[
            ("BADDIE_LISTEN", "0.0.0.0:9000"),
            ("BADDIE_LIMITS__HEADER_TIME", "250ms"),
            ("BADDIE_LIMITS__BODY_BYTES", "1000"),
            ("BADDIE_RATE__PEER__BURST", "7"),
            ("BADDIE_ORIGINS", "[\"https://a.example\"]"),
            ("BADDIE_SOMETHING_ELSE", "x"),
            ("PATH", "/bin"),
        ])
        .unwrap();
        assert_eq!(config.listen.port(), 9000);
        assert_eq!(config.limits.header_time.as_millis(), 250);
        assert_eq!(config.limits.body_bytes, 1000);
        assert_eq!(config.limits.streams, Limits::default().streams, "the rest keeps its default");
        assert_eq!(
            (config.rate.peer.burst, config.rate.peer.per_second),
            (7, Rate::default().peer.per_second)
        );
        assert_eq!(config.origins, ["https://a.example"]);
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let wrong = [
            ("BADDIE_LIMITS__BODY_BITES", "1", "body_bites"),
            ("BADDIE_LIMITS__IDLE_TIME", "soon", "length of time"),
            ("BADDIE_WORKER", "maybe", "worker"),
            ("BADDIE_LISTEN__PORT__NUMBER", "1", ""),
        ];
        for (name, value, hint) in wrong {
            let error = load(&[(name, value)]).unwrap_err().to_string();
            assert!(error.contains(hint), "{error}");
        }
    }

    #[test]
    fn the_defaults_can_be_written_and_read() {
        let written = Table::try_from(Config::default()).unwrap();
        let read: Config = written.clone().try_into().unwrap();
        assert_eq!(Table::try_from(read).unwrap(), written);
    }
}
