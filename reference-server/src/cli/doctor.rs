//! `baddie doctor`: looks whether everything around the engine is as it should be.

use std::fmt::{self, Write as _};
use std::fs;
use std::path::{Path, PathBuf};

use baddie::connections::{ConnectionState, ListConnections};
use baddie::listings::ListChannels;
use baddie::webhooks::{EndpointState, ListEndpoints};
use baddie::{Actor, Engine};
use serde::Serialize;

use super::{Failure, Global};

/// Less free room than this on the disk is worth a warning, and a tenth of it stops writing before long.
const ROOM: u64 = 1 << 30;

/// Nothing to say beyond what every command takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// How one thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Ok,
    Warn,
    Fail,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        })
    }
}

/// One line of the report.
#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    state: State,
    seen: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

/// The report in the making.
#[derive(Debug, Default)]
struct Report(Vec<Finding>);

impl Report {
    fn ok(&mut self, what: &'static str, seen: impl Into<String>) {
        self.0.push(Finding { what, state: State::Ok, seen: seen.into(), remedy: None });
    }

    fn not(&mut self, state: State, what: &'static str, seen: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding { what, state, seen: seen.into(), remedy: Some(remedy.into()) });
    }

    fn words(&self) -> String {
        let mut text = String::new();
        for Finding { what, state, seen, remedy } in &self.0 {
            let _ = write!(text, "{state:<4}  {what}: {seen}");
            if let Some(remedy) = remedy {
                let _ = write!(text, "\n      {remedy}");
            }
            text.push('\n');
        }
        text.truncate(text.trim_end().len());
        text
    }
}

pub(super) async fn run(global: &Global, _: &Args) -> Result<(), Failure> {
    let database = global.settings()?.database;
    let mut report = Report::default();
    report.ok("program", concat!("baddie ", env!("CARGO_PKG_VERSION")));
    report.ok("sqlite", baddie::storage::sqlite::version());
    let path = database.strip_prefix("sqlite://").or_else(|| database.strip_prefix("sqlite:"));
    let there = match path {
        Some(path) => file(&mut report, Path::new(path)),
        None => true,
    };
    // Opening makes what is not there; whoever only looks makes nothing.
    if there {
        match global.engine().await {
            Ok(engine) => inside(&mut report, &engine).await,
            Err(Failure::Told(words)) => report.not(State::Fail, "schema", words, "mend that first"),
            Err(shown @ Failure::Shown) => return Err(shown),
        }
    }
    global.show(&report.0, report.words())?;
    let worst = report.0.iter().map(|finding| finding.state).max();
    if worst == Some(State::Fail) { Err(Failure::Shown) } else { Ok(()) }
}

/// Looks at the file from outside; says whether it is worth opening.
fn file(report: &mut Report, path: &Path) -> bool {
    let shown = path.display();
    let found = match fs::metadata(path) {
        Ok(found) if found.is_file() => found,
        Ok(_) => {
            report.not(State::Fail, "file", format!("{shown} is no file"), "name a file with --database");
            return false;
        }
        Err(error) => {
            let remedy = "`baddie init` makes one; or name yours with --database";
            report.not(State::Fail, "file", format!("{shown}: {error}"), remedy);
            return false;
        }
    };
    report.ok("file", format!("{shown}, {} MiB", found.len() >> 20));
    permissions(report, path, &found);
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    room(report, &folder);
    true
}

#[cfg(unix)]
fn permissions(report: &mut Report, path: &Path, found: &fs::Metadata) {
    use std::os::unix::fs::PermissionsExt as _;
    // The lower six bits are what the group and everybody else may do.
    let mode = found.permissions().mode() & 0o777;
    if found.permissions().readonly() {
        let remedy = format!("chmod u+w {}", path.display());
        report.not(State::Fail, "permissions", format!("{mode:03o}: nobody may write it"), remedy);
    } else if mode.trailing_zeros() >= 6 {
        report.ok("permissions", format!("{mode:03o}: its owner's alone"));
    } else {
        let remedy = format!("chmod 600 {}", path.display());
        report.not(
            State::Warn,
            "permissions",
            format!("{mode:03o}: others of this machine may read it"),
            remedy,
        );
    }
}

#[cfg(not(unix))]
fn permissions(report: &mut Report, _: &Path, found: &fs::Metadata) {
    if found.permissions().readonly() {
        report.not(State::Fail, "permissions", "read-only", "allow writing it");
    } else {
        report.ok("permissions", "may be written");
    }
}

#[cfg(unix)]
fn room(report: &mut Report, folder: &Path) {
    match rustix::fs::statvfs(folder) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let seen = format!("{} MiB free", free >> 20);
            let remedy = "make room: when the disk is full, nothing can be sold";
            match free {
                ROOM.. => report.ok("disk", seen),
                _ if free >= ROOM / 10 => report.not(State::Warn, "disk", seen, remedy),
                _ => report.not(State::Fail, "disk", seen, remedy),
            }
        }
        Err(error) => report.not(State::Warn, "disk", error.to_string(), "look at the disk yourself"),
    }
}

#[cfg(not(unix))]
fn room(_: &mut Report, _: &Path) {}

/// Looks at what only the engine can see.
async fn inside(report: &mut Report, engine: &Engine) {
    report.ok("schema", "up to date");
    match engine.storage().begin(baddie::storage::Scope::System).await {
        // A transaction that is dropped is undone.
        Ok(_) => report.ok("writing", "the writer answers"),
        Err(error) => {
            report.not(State::Fail, "writing", error.to_string(), "end whatever holds the database");
        }
    }
    match engine.storage().check().await {
        Ok(problems) if problems.is_empty() => report.ok("soundness", "no damage found"),
        Ok(problems) => {
            report.not(State::Fail, "soundness", problems.join("; "), "restore the latest backup");
        }
        Err(error) => report.not(State::Fail, "soundness", error.to_string(), "restore the latest backup"),
    }
    if let Err(error) = connections(report, engine).await {
        report.not(State::Fail, "connection", error.to_string(), "run `baddie verify`");
    }
    if let Err(error) = endpoints(report, engine).await {
        report.not(State::Fail, "endpoint", error.to_string(), "run `baddie verify`");
    }
    match ports(engine).await {
        Ok((known, unknown)) if unknown.is_empty() => report.ok("channels", known),
        Ok((_, unknown)) => {
            let seen = format!("no adapter for {}", unknown.join(", "));
            report.not(State::Warn, "channels", seen, "use a program that has it, or pause the channel");
        }
        Err(error) => report.not(State::Fail, "channels", error.to_string(), "run `baddie verify`"),
    }
}

/// What each connection can do and what it cannot, as its service said when it was last asked.
async fn connections(report: &mut Report, engine: &Engine) -> baddie::Result<()> {
    for id in engine.shops().await? {
        let shop = engine.shop(Actor::System, id);
        for connection in shop.integrations().list(ListConnections::default()).await? {
            let seen = super::connections::words(&connection);
            match connection.state {
                ConnectionState::Active if connection.problem.is_none() => report.ok("connection", seen),
                ConnectionState::Disconnected => report.ok("connection", seen),
                _ => {
                    let remedy = format!(
                        "give it good credentials: baddie connect {} --connection {}",
                        connection.service, connection.id
                    );
                    report.not(State::Warn, "connection", seen, remedy);
                }
            }
        }
    }
    Ok(())
}

/// Who is told what happens, and who is told no longer.
async fn endpoints(report: &mut Report, engine: &Engine) -> baddie::Result<()> {
    for id in engine.shops().await? {
        for endpoint in engine.shop(Actor::System, id).webhooks().list(ListEndpoints {}).await? {
            let problem = endpoint.problem.as_deref().unwrap_or("by its owner's wish");
            let remedy = format!("when it is well: baddie webhooks enable {}", endpoint.id);
            match endpoint.state {
                EndpointState::Disabled => {
                    let seen = format!("{} is told nothing: {problem}", endpoint.url);
                    report.not(State::Warn, "endpoint", seen, remedy);
                }
                EndpointState::Active if endpoint.failing_since.is_some() => {
                    let seen = format!("{} does not take what it is told: {problem}", endpoint.url);
                    report.not(State::Warn, "endpoint", seen, "look at its log; it is tried again by itself");
                }
                EndpointState::Active => report.ok("endpoint", endpoint.url),
            }
        }
    }
    Ok(())
}

/// What the engine can speak with, and which channels of its shops it cannot.
async fn ports(engine: &Engine) -> baddie::Result<(String, Vec<String>)> {
    let adapters = engine.adapters();
    let mut unknown = Vec::new();
    for id in engine.shops().await? {
        let channels = engine.shop(Actor::System, id).channels().list(ListChannels {}).await?;
        let strange = channels.into_iter().filter(|channel| !adapters.channels.contains(&channel.kind));
        unknown.extend(strange.map(|channel| format!("{} ({})", channel.name, channel.kind)));
    }
    let named = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let known = format!(
        "adapters: channels {}, payments {}, carriers {}, texts {}",
        named(&adapters.channels),
        named(&adapters.providers),
        named(&adapters.carriers),
        named(adapters.text_model.as_slice())
    );
    Ok((known, unknown))
}
