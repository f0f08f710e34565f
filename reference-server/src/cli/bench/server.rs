//! A PostgreSQL server to measure on: a database of its own there, and its own tools for the floor.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{env, fs, io};

use url::Url;

use super::Pace;
use super::figures::rounded;
use crate::cli::Failure;
use crate::cli::scratch::Scratch;

const FLOOR: &str = include_str!("floor.sql");
/// One call for each order, of products as the engine's buyers choose them.
const SCRIPT: &str = "\\set first random(0, 999999)\nSELECT floor.place(:first);\n";
/// How many rows were put into each table.
const TABLES: &str = "
    SELECT relname || ' ' || n_tup_ins FROM pg_stat_user_tables
    WHERE schemaname = 'public' AND n_tup_ins > 0 ORDER BY relname";

/// A database that is there as long as it is measured.
pub(super) struct Database {
    server: Url,
    name: String,
    scratch: Scratch,
}

impl Database {
    /// A fresh database on the server of this address, whose user may make one.
    pub(super) fn new(address: &str) -> Result<Self, Failure> {
        let server = Url::parse(address).map_err(|_| {
            Failure::because("the database's address is none: postgres://user:password@host/database")
        })?;
        let name = format!("baddie_bench_{}", std::process::id());
        let scratch = Scratch::new("bench", None)?;
        let made = Self { server, name, scratch };
        made.ask_there(&format!("CREATE DATABASE {}", made.name))?;
        Ok(made)
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url.into()
    }

    /// How many rows were put into each table so far.
    pub(super) fn rows(&self) -> Result<Vec<(String, u64)>, Failure> {
        // What sessions have counted reaches the statistics when they are idle for a moment.
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        let text = said(self.tool("psql")?.env("PGDATABASE", &self.name).args(["-XAtc", TABLES]))?;
        let row = |line: &str| {
            line.split_once(' ').and_then(|(table, count)| Some((table.to_owned(), count.parse().ok()?)))
        };
        Ok(text.lines().filter_map(row).collect())
    }

    /// Orders per second of one function that writes the same rows in one round trip, called by as many clients.
    pub(super) fn floor(&self, shop: u128, pace: &Pace) -> Result<f64, Failure> {
        let (setup, script) = (self.scratch.file("floor.sql"), self.scratch.file("place.sql"));
        fs::write(&setup, FLOOR)?;
        fs::write(&script, SCRIPT)?;
        let shop = format!("shop={}", dashed(shop));
        said(self.tool("psql")?.env("PGDATABASE", &self.name).args(["-Xqv", &shop, "-f"]).arg(&setup))?;
        let (clients, seconds) = (pace.clients.to_string(), pace.seconds.to_string());
        let said = said(
            self.tool("pgbench")?
                .args(["-n", "-M", "prepared", "-j", "1", "-c", &clients, "-T", &seconds, "-f"])
                .arg(&script)
                .arg(&self.name),
        )?;
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        tps.map(rounded).ok_or_else(|| Failure::because(format!("pgbench told no figure: {said}")))
    }

    fn ask_there(&self, words: &str) -> Result<String, Failure> {
        let there = self.server.path().trim_start_matches('/').to_owned();
        said(self.tool("psql")?.env("PGDATABASE", there).args(["-Xqc", words]))
    }

    /// One of the server's own tools, told where the server is; the password is not among its arguments.
    fn tool(&self, name: &str) -> Result<Command, Failure> {
        let part = |text: &str| percent_decoded(text);
        let mut command = Command::new(find(name)?);
        if let Some(host) = self.server.host_str() {
            command.env("PGHOST", host);
        }
        command
            .env("PGPORT", self.server.port().unwrap_or(5432).to_string())
            .env("PGUSER", part(self.server.username()))
            .env("PGPASSWORD", part(self.server.password().unwrap_or_default()))
            .stdin(Stdio::null());
        Ok(command)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Best effort: what stays behind has a telling name.
        let _ = self.ask_there(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// What a tool says, or why it failed.
fn said(command: &mut Command) -> Result<String, Failure> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let name = command.get_program().to_string_lossy().into_owned();
    Err(Failure::because(format!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim())))
}

/// A tool in the search path, or among the newest of those that Debian keeps beside it.
fn find(name: &str) -> Result<PathBuf, Failure> {
    let mut folders: Vec<_> = env::var_os("PATH").iter().flat_map(env::split_paths).collect();
    let mut releases: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    releases.sort();
    folders.extend(releases.into_iter().rev());
    folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file()).ok_or_else(|| {
        let error = io::Error::from(io::ErrorKind::NotFound);
        Failure::because(format!(
            "{name} is needed for this measurement: install PostgreSQL's client tools ({error})"
        ))
    })
}

fn percent_decoded(text: &str) -> String {
    // An address's user and password as form fields are written, but for the plus sign.
    let field = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(field.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

fn dashed(id: u128) -> String {
    let hex = format!("{id:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
