//! The server program as a process: started, stopped, killed.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::ground::Ground;
use crate::report::Broken;

/// A running `baddie serve`, which dies with its owner.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    _out: BufReader<ChildStdout>,
}

impl Server {
    /// Starts one on a port of its own choice, and waits until it listens.
    pub(crate) fn start(ground: &Ground) -> Result<Self, Broken> {
        Self::start_with(ground, &[], &[])
    }

    /// The same, with more arguments and settings.
    pub(crate) fn start_with(
        ground: &Ground,
        arguments: &[&str],
        settings: &[(&str, &str)],
    ) -> Result<Self, Broken> {
        Self::start_on(ground, ground.url(), arguments, settings)
    }

    /// The same on another database.
    pub(crate) fn start_on(
        ground: &Ground,
        url: &str,
        arguments: &[&str],
        settings: &[(&str, &str)],
    ) -> Result<Self, Broken> {
        let log = File::options().create(true).append(true).open(ground.log())?;
        let mut command = ground.baddie_on(url, &["serve", "--listen", "127.0.0.1:0"]);
        command.args(arguments).env("BADDIE_RATE__CREDENTIAL__PER_SECOND", "0");
        command.envs(settings.iter().copied()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn()?;
        let mut out = BufReader::new(child.stdout.take().ok_or_else(|| Broken::because("it has no output"))?);
        let mut line = String::new();
        out.read_line(&mut line)?;
        let started: Value = serde_json::from_str(&line).unwrap_or_default();
        let address = started["listening"].as_str().and_then(|address| address.parse().ok());
        let Some(address) = address else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Broken::because(format!("the server did not start: {}", ground.last_words())));
        };
        Ok(Self { child, address, _out: out })
    }

    /// The end without a word.
    pub(crate) fn kill(mut self) -> Result<(), Broken> {
        self.strike()
    }

    /// The same for one that has its place taken by another.
    pub(crate) fn strike(&mut self) -> Result<(), Broken> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop (SIGTERM), and waits for that as long as it may take.
    pub(crate) fn stop(mut self, patience: Duration) -> Result<ExitStatus, Broken> {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM)?;
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if start.elapsed() > patience {
                return Err(Broken::because(format!("the server did not stop within {patience:?}")));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Its process number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
