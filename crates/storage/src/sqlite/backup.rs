//! Copies of the open database, and looking for damage. Both read beside the running work, off the async threads.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use baddie_core::error::{Error, Kind, Result};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use tokio::task::spawn_blocking;

use super::Sqlite;
use super::error::{explain, explain_at, not_writable};
use super::open;

/// Pages copied between two calls of the progress callback: 4 MiB.
const STRIDE: i32 = 1024;

/// How far a backup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Pages copied.
    pub copied: u64,
    /// Pages in all.
    pub total: u64,
}

/// How hard to look for damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Every page and every reference, but not whether indexes and tables say the same.
    Quick,
    /// Everything; takes several times as long.
    Full,
}

impl Sqlite {
    /// Copies the database to a new file while work goes on. The copy holds everything that was answered before this
    /// was called, is checked, and appears under its name only when it is whole. An existing file is never replaced.
    pub async fn backup(
        &self,
        to: impl Into<PathBuf>,
        progress: impl FnMut(Progress) + Send + 'static,
    ) -> Result<()> {
        let (from, to) = (self.path.clone(), to.into());
        spawn_blocking(move || copy(&from, &open::place(&to)?, progress)).await.map_err(Error::internal)?
    }

    /// Looks for damage in the file and for references to nothing; says what it found, nothing when all is well.
    pub async fn check(&self, how: Check) -> Result<Vec<String>> {
        let path = self.path.clone();
        spawn_blocking(move || damage(&open::reader(&path)?, how)).await.map_err(Error::internal)?
    }
}

fn copy(from: &Path, to: &Path, mut progress: impl FnMut(Progress)) -> Result<()> {
    // Both names are taken first: of two backups to one name one is refused, and what is removed below is ours.
    take(to)?;
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let copied = take(&part).and_then(|()| {
        let whole = copy_to(from, &part, &mut progress)
            .and_then(|()| fs::rename(&part, to).map_err(|error| not_writable(to, error)));
        if whole.is_err() {
            let _ = fs::remove_file(&part);
        }
        whole
    });
    if copied.is_err() {
        let _ = fs::remove_file(to);
    }
    copied.and_then(|()| sync_folder(to))
}

fn take(path: &Path) -> Result<()> {
    if open::create(path)? {
        return Ok(());
    }
    let message =
        format!("`{}` exists: a backup replaces nothing, remove it or choose another name", path.display());
    Err(Error::new(Kind::Refused, "storage.exists", message))
}

fn copy_to(from: &Path, part: &Path, progress: &mut impl FnMut(Progress)) -> Result<()> {
    let source = open::reader(from)?;
    // With a view held, other people's commits do not make the copy begin again.
    source.execute_batch("BEGIN; SELECT 1 FROM sqlite_schema").map_err(explain)?;
    let mut target = open::connect(part).map_err(|error| explain_at(part, error))?;
    let backup = Backup::new(&source, &mut target).map_err(explain)?;
    loop {
        let step = backup.step(STRIDE).map_err(|error| explain_at(part, error))?;
        let (now, positive) = (backup.progress(), |n| u64::try_from(n).unwrap_or(0));
        progress(Progress {
            copied: positive(now.pagecount - now.remaining),
            total: positive(now.pagecount),
        });
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            _ => thread::sleep(Duration::from_millis(5)),
        }
    }
    drop(backup);
    let found = damage(&target, Check::Quick)?;
    if found.is_empty() {
        return target.close().map_err(|(_, error)| explain(error));
    }
    let message =
        format!("the database is damaged, so that a backup of it would be too: {}", found.join("; "));
    Err(Error::new(Kind::Internal, "storage.damaged", message))
}

/// A new name lasts when its folder is on the disk too.
fn sync_folder(path: &Path) -> Result<()> {
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| not_writable(path, error))?;
    }
    Ok(())
}

fn damage(connection: &Connection, how: Check) -> Result<Vec<String>> {
    let check = match how {
        Check::Quick => "PRAGMA quick_check",
        Check::Full => "PRAGMA integrity_check",
    };
    let look = || {
        let mut statement = connection.prepare(check)?;
        let mut found =
            statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        found.retain(|line| line != "ok");
        let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (table, id, parent) =
                (row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, String>(2)?);
            let id = id.map_or_else(String::new, |id| format!(" {id}"));
            found.push(format!("row{id} of {table} refers to a row of {parent} that is not there"));
        }
        Ok(found)
    };
    look().map_err(explain)
}
