//! What a proof stands on: a folder, a database in it, and the program that works on them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use baddie_servers::durable::Postgres;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::Value;
use tempfile::TempDir;

use crate::report::{Broken, Report};
use crate::setting::{Backend, Setting};

/// A database of one proof, empty at first.
#[derive(Debug)]
pub(crate) struct Ground {
    baddie: PathBuf,
    url: String,
    postgres: Option<Postgres>,
    folder: TempDir,
}

impl Ground {
    /// Fresh ground on the backend that the setting names.
    pub(crate) fn new(setting: &Setting) -> Result<Self, Broken> {
        let folder = tempfile::tempdir()?;
        let (url, postgres) = match setting.backend {
            Backend::Sqlite => (format!("sqlite://{}", folder.path().join("shop.db").display()), None),
            Backend::Postgres => {
                let postgres = Postgres::found()?;
                (postgres.database("shop")?, Some(postgres))
            }
        };
        Ok(Self { baddie: setting.baddie.clone(), url, postgres, folder })
    }

    /// The same ground with its database elsewhere.
    pub(crate) fn moved(mut self, url: String) -> Self {
        self.url = url;
        self
    }

    /// The database's address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A folder for whatever the proof needs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file of a shop that is kept in one.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("shop.db")
    }

    /// The PostgreSQL server, where there is one.
    pub(crate) fn postgres(&self) -> Option<&Postgres> {
        self.postgres.as_ref()
    }

    /// The PostgreSQL server, to be stopped and started.
    pub(crate) fn postgres_mut(&mut self) -> Result<&mut Postgres, Broken> {
        self.postgres.as_mut().ok_or_else(|| Broken::because("there is no PostgreSQL here"))
    }

    /// The program on this database, answering in JSON.
    pub(crate) fn baddie(&self, arguments: &[&str]) -> Command {
        self.baddie_on(&self.url, arguments)
    }

    /// The program on another database.
    pub(crate) fn baddie_on(&self, url: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.baddie);
        command.args(arguments).args(["--json", "--database", url]);
        command
    }

    /// Where servers say what they have to say.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    /// What the servers said last.
    pub(crate) fn last_words(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<_> = log.lines().rev().take(3).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
    }

    /// Founds the shop; its owner's token.
    pub(crate) fn found(&self, name: &str) -> Result<String, Broken> {
        let arguments = ["init", "--email", "owner@example.com", "--shop", name];
        let founded = answer_of(&mut self.baddie(&arguments))?;
        let token = founded["token"].as_str().map(str::to_owned);
        token.ok_or_else(|| Broken::because("founding a shop gave no token"))
    }

    /// Asks the database itself, past the program; a line for each row, its columns parted by bars.
    pub(crate) fn ask(&self, question: &str) -> Result<String, Broken> {
        if let Some(postgres) = &self.postgres {
            return Ok(postgres.run("shop", question)?);
        }
        let base = Connection::open(self.file())?;
        let mut statement = base.prepare(question)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let words = (0..columns).map(|at| {
                row.get_ref(at).map(|value| match value {
                    ValueRef::Integer(number) => number.to_string(),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    other => format!("{other:?}"),
                })
            });
            lines.push(words.collect::<Result<Vec<_>, _>>()?.join("|"));
        }
        Ok(lines.join("\n"))
    }

    /// Counts every invariant; none may be broken.
    pub(crate) fn verify(&self, report: &mut Report) -> Result<(), Broken> {
        self.verify_on(&self.url, report)
    }

    /// The same on another database.
    pub(crate) fn verify_on(&self, url: &str, report: &mut Report) -> Result<(), Broken> {
        let output = self.baddie_on(url, &["verify"]).output()?;
        let verdict: Value = serde_json::from_slice(&output.stdout).map_err(|_| said(&output.stderr))?;
        report.count(&verdict["checks"], "facts checked");
        let wrong = verdict["violations"].as_u64().unwrap_or(u64::MAX);
        report.count(wrong, "wrong");
        report.demand(wrong == 0, || format!("verify: {}", verdict["details"]));
        Ok(())
    }
}

/// Runs a command to its end, and reads its answer.
pub(crate) fn answer_of(command: &mut Command) -> Result<Value, Broken> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(said(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Broken::from(io::Error::from(error)))
}

/// Runs a command to its end, which must be a good one.
pub(crate) fn end_well(command: &mut Command) -> Result<(), Broken> {
    let output = command.output()?;
    if output.status.success() { Ok(()) } else { Err(said(&output.stderr)) }
}

fn said(stderr: &[u8]) -> Broken {
    Broken::because(String::from_utf8_lossy(stderr).trim().to_owned())
}
