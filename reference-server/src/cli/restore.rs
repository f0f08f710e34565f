//! `baddie restore FROM`: puts a backup in the database's place.
//!
//! The world has moved on since the backup: things were sold, money was moved. So the restored shop speaks to nobody,
//! until its owner has looked and arms it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use baddie::arming::{Arm, Disarm};
use baddie::{Actor, Engine};
use serde_json::json;

use super::{Failure, Global};

/// What `baddie restore` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The backup.
    #[arg(value_name = "FROM", required_unless_present_any = ["arm", "disarm"])]
    from: Option<PathBuf>,
    /// Let the restored shop speak to its channels; alone, arms what was restored before.
    #[arg(long)]
    arm: bool,
    /// Alone: silence a copy that another tool has restored, before anything serves it.
    #[arg(long, conflicts_with_all = ["from", "arm"])]
    disarm: bool,
    /// Replace a database that is there; it is kept beside, as FILE.replaced.
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let database = global.settings()?.database;
    if let Some(from) = &args.from {
        let path = database.strip_prefix("sqlite://").or_else(|| database.strip_prefix("sqlite:"));
        let to =
            path.ok_or_else(|| Failure::because(format!("{database} is no file: nothing to restore to")))?;
        restore(from, Path::new(to), args.force).await?;
    }
    if args.disarm {
        silence(&global.engine().await?).await?;
        let words = "The channels of the copy are silent, until `baddie restore --arm`.";
        return global.show(&json!({ "armed": 0 }), words);
    }
    let mut armed = 0;
    if args.arm {
        let engine = global.engine().await?;
        for shop in engine.shops().await? {
            armed += engine.shop(Actor::System, shop).arming().arm(Arm {}).await?.len();
        }
    }
    let words = match (&args.from, args.arm) {
        (Some(from), false) => format!(
            "{database} is what {} was. Its channels are silent: look first what happened since, then arm it with \
             `baddie restore --arm`.",
            from.display()
        ),
        (Some(from), true) => {
            format!("{database} is what {} was, and {armed} channels speak.", from.display())
        }
        (None, _) => format!("{armed} channels speak again."),
    };
    let armed = args.arm.then_some(armed);
    global.show(&json!({ "database": database, "restored_from": args.from, "armed": armed }), words)
}

async fn restore(from: &Path, to: &Path, force: bool) -> Result<(), Failure> {
    if to.try_exists()? && !force {
        let words = format!("{} exists: stop whatever uses it, then restore with --force", to.display());
        return Err(Failure::because(words));
    }
    if fs::metadata(beside(from, "-wal")).is_ok_and(|log| log.len() > 0) {
        let words = format!("{} is in use: make a backup of it and restore that", from.display());
        return Err(Failure::because(words));
    }
    let part = beside(to, ".restoring");
    let silenced = prepare(from, &part).await;
    if let Err(failure) = silenced {
        for file in family(&part) {
            let _ = fs::remove_file(file);
        }
        return Err(failure);
    }
    rename(to, &beside(to, ".replaced"))?;
    Ok(rename(&part, to)?)
}

/// Makes the copy that will take the database's place: sound, of this program's schema, and silent.
async fn prepare(from: &Path, part: &Path) -> Result<(), Failure> {
    fs::copy(from, part).map_err(|error| Failure::because(format!("{}: {error}", from.display())))?;
    let name = part.to_str().ok_or_else(|| Failure::because("name the database in UTF-8"))?;
    let engine = Engine::open(&format!("sqlite://{name}")).await?;
    let damage = engine.storage().check().await?;
    if !damage.is_empty() {
        return Err(Failure::because(format!("the backup is damaged: {}", damage.join("; "))));
    }
    silence(&engine).await
}

/// Lets no shop of a copy speak to anybody.
async fn silence(engine: &Engine) -> Result<(), Failure> {
    for shop in engine.shops().await? {
        engine.shop(Actor::System, shop).arming().disarm(Disarm {}).await?;
    }
    Ok(())
}

/// A database file, and what SQLite keeps beside it while it is open or after a crash.
fn family(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| beside(path, suffix))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Moves a database with what is kept beside it. Nothing of a database that stood there before may stay: a foreign
/// log would be folded into the new file.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    for (from, to) in family(from).into_iter().zip(family(to)) {
        match fs::rename(&from, &to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::remove_file(&to) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            },
            moved => moved?,
        }
    }
    Ok(())
}
