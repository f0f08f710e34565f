//! A PostgreSQL server whose word counts: every commit is on disk before it is answered. It can be stopped, started
//! again on the same files, killed with all its processes, and held still.
#![expect(clippy::disallowed_methods, reason = "how long it takes to start and to die is bounded")]

use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::postgres::{OWNER, PASSWORD, binaries, roles};

/// No start and no stop takes longer.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server and its files; both are gone when it is dropped.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    binaries: PathBuf,
    port: u16,
    user: Option<(u32, u32)>,
    more: Vec<String>,
    environment: Vec<(String, String)>,
    child: Option<Child>,
}

impl Postgres {
    /// Makes a server with no database of ours yet, and starts it.
    pub fn found() -> io::Result<Self> {
        let binaries = binaries().ok_or_else(|| io::Error::other("PostgreSQL is not installed"))?;
        let folder = tempfile::Builder::new().prefix("baddie-postgres-").tempdir()?;
        let user = if asked("id", &["-u"])? == "0" {
            // It refuses to run as root.
            let ids = (asked("id", &["-u", "postgres"])?, asked("id", &["-g", "postgres"])?);
            let ids = (number(&ids.0)?, number(&ids.1)?);
            std::os::unix::fs::chown(folder.path(), Some(ids.0), Some(ids.1))?;
            Some(ids)
        } else {
            None
        };
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server =
            Self { folder, binaries, port, user, more: Vec::new(), environment: Vec::new(), child: None };
        let mut initdb = server.program("initdb");
        initdb.args(["--no-sync", "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust", "-D"]);
        finish(initdb.arg(server.data()))?;
        server.start()?;
        server.run("postgres", &roles())?;
        Ok(server)
    }

    /// Settings for the next start: `work_mem=1MB`.
    pub fn set(&mut self, settings: &[&str]) {
        self.more = settings.iter().map(|&setting| setting.to_owned()).collect();
    }

    /// What is in the environment at the next start, beside what is there anyway.
    pub fn surround(&mut self, environment: &[(String, String)]) {
        self.environment = environment.to_vec();
    }

    /// Who runs it, and so owns its files, where that is not the caller.
    pub fn user(&self) -> Option<(u32, u32)> {
        self.user
    }

    /// Whether its main process lives.
    pub fn is_running(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Makes an empty database of this name; its address for its owner.
    pub fn database(&self, name: &str) -> io::Result<String> {
        self.run("postgres", &format!("CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0"))?;
        Ok(self.url(name))
    }

    /// The address of a database for its owner.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{OWNER}:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// Where its files lie.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What it wrote to its log.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Runs statements as whoever may do everything, and answers their rows, a line for each.
    pub fn run(&self, database: &str, words: &str) -> io::Result<String> {
        let mut psql = self.program("psql");
        psql.args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "postgres",
            "-d",
            database,
            "-c",
            words,
        ]);
        finish(self.reached(&mut psql))
    }

    /// One of the server's programs, such as `pg_dump`, run as the server's user and told where the server is.
    pub fn tool(&self, name: &str) -> Command {
        let mut command = self.program(name);
        self.reached(&mut command).env("PGUSER", "postgres");
        command
    }

    fn reached<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("PGHOST", self.folder.path()).env("PGPORT", self.port.to_string())
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.join(name));
        command.current_dir(self.folder.path());
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    /// Starts it on the files it has, and waits until it answers.
    pub fn start(&mut self) -> io::Result<()> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = self.program("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(self.folder.path());
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        for setting in ["fsync=on", "full_page_writes=on", "synchronous_commit=on", "shared_buffers=64MB"] {
            command.args(["-c", setting]);
        }
        for setting in &self.more {
            command.args(["-c", setting]);
        }
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let child = self.child.insert(child);
        let start = Instant::now();
        loop {
            let mut ready = Command::new(self.binaries.join("pg_isready"));
            ready.args(["-q", "-h"]).arg(self.folder.path()).args(["-p", &self.port.to_string()]);
            if ready.status()?.success() {
                return Ok(());
            }
            if child.try_wait()?.is_some() || start.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                return Err(io::Error::other(format!("PostgreSQL did not start: {log}")));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it in order; whoever is connected is sent away.
    pub fn stop(&mut self) -> io::Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        kill_process(Pid::from_child(&child), Signal::INT)?;
        child.wait()?;
        Ok(())
    }

    /// The end without a word, of all its processes.
    pub fn kill(&mut self) -> io::Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        let children = held_still(&child)?;
        for pid in &children {
            let _ = kill_process(*pid, Signal::KILL);
        }
        child.kill()?;
        child.wait()?;
        // The files are free when the last of them is gone.
        let start = Instant::now();
        while children.iter().any(|pid| is_alive(*pid)) {
            if start.elapsed() > PATIENCE {
                return Err(io::Error::other("PostgreSQL does not die"));
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Holds all its processes still: connections stay open, and nobody answers.
    pub fn pause(&self) -> io::Result<()> {
        let Some(child) = &self.child else { return Ok(()) };
        for pid in held_still(child)? {
            let _ = kill_process(pid, Signal::STOP);
        }
        Ok(())
    }

    /// Lets it go on.
    pub fn resume(&self) -> io::Result<()> {
        let Some(child) = &self.child else { return Ok(()) };
        for pid in children_of(child.id())? {
            let _ = kill_process(pid, Signal::CONT);
        }
        kill_process(Pid::from_child(child), Signal::CONT)?;
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// Its children, of which it can make no more: it is held still.
fn held_still(server: &Child) -> io::Result<Vec<Pid>> {
    kill_process(Pid::from_child(server), Signal::STOP)?;
    children_of(server.id())
}

fn children_of(parent: u32) -> io::Result<Vec<Pid>> {
    let mut children = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw) else {
            continue;
        };
        if status_of(&entry.path()).is_some_and(|(_, its)| its == parent) {
            children.push(pid);
        }
    }
    Ok(children)
}

fn is_alive(pid: Pid) -> bool {
    let path = PathBuf::from(format!("/proc/{}", pid.as_raw_nonzero()));
    status_of(&path).is_some_and(|(state, _)| state != 'Z' && state != 'X')
}

/// A process's state and its parent.
fn status_of(process: &Path) -> Option<(char, u32)> {
    let text = fs::read_to_string(process.join("stat")).ok()?;
    // The program's name stands in parentheses, and may hold anything.
    let mut words = text.rsplit_once(')')?.1.split_ascii_whitespace();
    Some((words.next()?.chars().next()?, words.next()?.parse().ok()?))
}

fn finish(command: &mut Command) -> io::Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
}

fn asked(program: &str, arguments: &[&str]) -> io::Result<String> {
    finish(Command::new(program).args(arguments))
}

fn number(text: &str) -> io::Result<u32> {
    text.parse().map_err(io::Error::other)
}
