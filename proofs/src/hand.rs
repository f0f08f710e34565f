//! A worker as a process of its own, to be killed: it does what is queued in a database, with the paper bank. It lives
//! as long as its standard input is open; a number on it sets its clock ahead by so many seconds.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use baddie::Engine;
use baddie::clock::{Clock, SystemClock, Timestamp};
use clap::Parser;

use crate::ground::Ground;
use crate::paper::{PAPER, Paper};
use crate::report::Broken;

/// The word with which this program becomes a worker.
pub(crate) const WORD: &str = "hand";

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

/// Works until the standard input ends.
pub(crate) fn work() -> ExitCode {
    let args = Args::parse_from(std::env::args().skip(1));
    let clock = Arc::new(Ahead(AtomicU64::new(args.ahead)));
    let paper = Paper::on(args.sheet, Duration::from_millis(args.way_ms));
    let Ok(runtime) = tokio::runtime::Runtime::new() else { return ExitCode::FAILURE };
    let ticking = Arc::clone(&clock);
    runtime.spawn(async move {
        let engine = match engine(&args.database, &paper, ticking).await {
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
    pub(crate) fn start(
        ground: &Ground,
        sheet: &std::path::Path,
        way: Duration,
        ahead: u64,
    ) -> Result<Self, Broken> {
        let log = std::fs::File::options().create(true).append(true).open(ground.log())?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args([WORD, "--database", ground.url(), "--way-ms", &way.as_millis().to_string()]);
        command.args(["--ahead", &ahead.to_string(), "--sheet"]).arg(sheet);
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
