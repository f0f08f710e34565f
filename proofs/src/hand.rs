//! A worker as a process of its own, to be killed: it does what is queued in a database, with the paper bank, and tells
//! endpoints what happened where it is given the keys to their secrets. It lives as long as its standard input is open; a number on it sets its clock ahead by so many seconds.

use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use baddie::clock::{Clock, SystemClock, Timestamp};
use baddie::integrations::http::{Network, Settings};
use baddie::{Connections, Engine, Webhooks};
use clap::Parser;

use crate::ground::Ground;
use crate::paper::{PAPER, Paper};
use crate::report::Broken;

/// The word with which this program becomes a worker.
pub(crate) const WORD: &str = "hand";

/// How long is waited after each try to tell something that failed, in milliseconds; one that is to be replayed must be given
/// up within seconds.
pub(crate) const WAITS_MS: [u64; 3] = [100, 200, 400];
/// How long an endpoint may take to answer, in milliseconds.
pub(crate) const ANSWER_MS: u64 = 500;
/// Where endpoints are.
pub(crate) const LOOPBACK: &str = "127.0.0.1/32";

/// What a worker is told.
#[derive(Debug, Parser)]
struct Args {
    #[arg(long)]
    database: String,
    #[arg(long)]
    sheet: PathBuf,
    #[arg(long)]
    way_ms: u64,
    #[arg(long)]
    ahead: u64,
    #[arg(long)]
    keys: Option<PathBuf>,
}

/// The system's clock, set ahead.
struct Ahead(AtomicU64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus(Duration::from_secs(self.0.load(Ordering::Relaxed)))
    }
}

/// An engine on a database with the paper bank.
pub(crate) async fn engine(url: &str, paper: &Paper, clock: Arc<dyn Clock>) -> Result<Engine, baddie::Error> {
    let storage = baddie::storage::connect(url, clock.now()).await?;
    Ok(Engine::builder(storage).clock(clock).provider(PAPER, Arc::new(paper.clone())).build())
}

/// The same, also telling endpoints of this machine what happened.
async fn teller(
    url: &str,
    paper: &Paper,
    clock: Arc<dyn Clock>,
    keys: &Path,
) -> Result<Engine, baddie::Error> {
    let storage = baddie::storage::connect(url, clock.now()).await?;
    let connections = Connections { master_key_file: keys.display().to_string(), ..Connections::default() };
    let webhooks = Webhooks { waits_ms: WAITS_MS.to_vec(), answer_ms: ANSWER_MS };
    let loopback = Network::from_str(LOOPBACK).expect("a network, as it is written");
    let outgoing = Settings { allow: vec![loopback], ..Settings::default() };
    let builder = Engine::builder(storage).clock(clock).provider(PAPER, Arc::new(paper.clone()));
    Ok(builder.vault(&connections)?.webhooks(&webhooks, &outgoing)?.build())
}

/// Works until the standard input ends.
pub(crate) fn work() -> ExitCode {
    let args = Args::parse_from(std::env::args().skip(1));
    let clock = Arc::new(Ahead(AtomicU64::new(args.ahead)));
    let paper = Paper::on(args.sheet, Duration::from_millis(args.way_ms));
    let Ok(runtime) = tokio::runtime::Runtime::new() else { return ExitCode::FAILURE };
    let ticking = Arc::clone(&clock);
    runtime.spawn(async move {
        let opened = match &args.keys {
            Some(keys) => teller(&args.database, &paper, ticking, keys).await,
            None => engine(&args.database, &paper, ticking).await,
        };
        let engine = match opened {
            Ok(engine) => engine,
            Err(error) => {
                eprintln!("hand: {error}");
                std::process::exit(1);
            }
        };
        loop {
            if let Err(error) = engine.tick().await {
                eprintln!("hand: {error}");
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    for line in std::io::stdin().lock().lines() {
        if let Some(ahead) = line.ok().and_then(|line| line.trim().parse().ok()) {
            clock.0.store(ahead, Ordering::Relaxed);
        }
    }
    ExitCode::SUCCESS
}

/// A worker at work, which dies with its owner.
#[derive(Debug)]
pub(crate) struct Hand(Child);

impl Hand {
    /// Starts one whose calls take so long each way, its clock so many seconds ahead.
    pub(crate) fn start(ground: &Ground, sheet: &Path, way: Duration, ahead: u64) -> Result<Self, Broken> {
        Self::spawn(ground, &mut Self::word(ground, sheet, way, ahead)?)
    }

    /// Starts one that tells endpoints what happened; the keys to their secrets lie in this file.
    pub(crate) fn telling(ground: &Ground, keys: &Path, ahead: u64) -> Result<Self, Broken> {
        let sheet = ground.folder().join("sheet");
        let mut command = Self::word(ground, &sheet, Duration::ZERO, ahead)?;
        Self::spawn(ground, command.arg("--keys").arg(keys))
    }

    fn word(ground: &Ground, sheet: &Path, way: Duration, ahead: u64) -> Result<Command, Broken> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([WORD, "--database", ground.url(), "--way-ms", &way.as_millis().to_string()]);
        command.args(["--ahead", &ahead.to_string(), "--sheet"]).arg(sheet);
        Ok(command)
    }

    fn spawn(ground: &Ground, command: &mut Command) -> Result<Self, Broken> {
        let log = std::fs::File::options().create(true).append(true).open(ground.log())?;
        Ok(Self(command.stdin(Stdio::piped()).stderr(log).spawn()?))
    }

    /// The end without a word.
    pub(crate) fn kill(mut self) -> Result<(), Broken> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    /// Sets its clock ahead by so many seconds.
    pub(crate) fn jump(&mut self, ahead: u64) -> Result<(), Broken> {
        let input = self.0.stdin.as_mut().ok_or_else(|| Broken::because("the hand hears nothing"))?;
        writeln!(input, "{ahead}")?;
        Ok(())
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
