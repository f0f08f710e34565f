//! P15: a migration that is cut off is taken up again, two at once do not disturb each other, nothing is lost, and a
//! schema of the future is refused and left alone.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::dice::Dice;
use crate::faults::{Fault, Layer};
use crate::ground::Ground;
use crate::report::{Broken, Proof, Report};
use crate::setting::{Backend, Setting};

pub(crate) fn prove(setting: &Setting) -> Proof {
    let kills = match setting.backend {
        Backend::Sqlite => setting.tier.pick(25, 300, 2_000),
        Backend::Postgres => setting.tier.pick(8, 100, 500),
    };
    let races = setting.tier.pick(3, 20, 100);
    let mut stage = Stage::set(setting)?;
    let mut dice = Dice::new(setting.seed, 15);
    let mut report = Report::default();
    let mut cut = 0;
    for round in 0..kills {
        // From nothing, and from each older schema.
        let from = usize::try_from(round).unwrap_or(0) % stage.migrations.len();
        stage.older(from)?;
        cut += usize::from(stage.kill_a_migration(&mut dice)?);
        stage.migrate()?;
        stage.compare(from, &mut report)?;
    }
    for round in 0..races {
        let from = usize::try_from(round).unwrap_or(0) * 5 % stage.migrations.len();
        stage.older(from)?;
        let both = [stage.begin()?, stage.begin()?];
        for mut child in both {
            let done = child.wait()?;
            report.demand(done.success(), || format!("one of two migrations from {from} failed"));
        }
        stage.compare(from, &mut report)?;
    }
    stage.refuses_the_future(&mut report)?;
    report.count(kills, "kills");
    report.count(cut, "in the middle");
    report.demand(cut > 0, || "no migration was cut off".into());
    report.count(races, "races");
    report.count(stage.migrations.len(), "older schemas");
    Ok(report)
}

/// A migration: its name, its text, and what it is known by.
struct Step {
    name: String,
    text: String,
    checksum: String,
}

struct Stage {
    ground: Ground,
    backend: Backend,
    layer: Layer,
    migrations: Vec<Step>,
    /// What the schema looks like when all is done.
    whole: String,
    /// How many calls a migration from nothing takes.
    calls: u64,
}

impl Stage {
    fn set(setting: &Setting) -> Result<Self, Broken> {
        let ground = Ground::new(setting)?;
        let layer = Layer::under(ground.folder())?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../crates/storage/migrations")
            .join(setting.backend.to_string());
        let mut files: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
        files.sort();
        let read = |path: &PathBuf| -> Result<Step, Broken> {
            let text = fs::read_to_string(path)?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let digest: [u8; 32] = Sha256::digest(&text).into();
            let checksum = digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
            Ok(Step { name, text, checksum })
        };
        let migrations = files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut stage =
            Self { ground, backend: setting.backend, layer, migrations, whole: String::new(), calls: 0 };
        stage.older(0)?;
        stage.layer.disarm()?;
        stage.migrate()?;
        stage.calls = stage.layer.seen()?.0;
        stage.whole = stage.schema()?;
        Ok(stage)
    }

    /// Runs statements past the program, as the database's owner.
    fn run(&self, words: &str) -> Result<String, Broken> {
        if let Some(postgres) = self.ground.postgres() {
            let owner = baddie_servers::postgres::OWNER;
            return Ok(postgres.run("shop", &format!("SET ROLE {owner}; {words}"))?);
        }
        Connection::open(self.ground.file())?.execute_batch(words)?;
        Ok(String::new())
    }

    /// A database as it was when there were only so many migrations; from the first on, with a shop in it.
    fn older(&mut self, migrations: usize) -> Result<(), Broken> {
        match self.ground.postgres() {
            Some(postgres) => {
                postgres.run("postgres", "DROP DATABASE IF EXISTS shop WITH (FORCE)")?;
                postgres.database("shop")?;
            }
            None => {
                for end in ["", "-wal", "-shm", "-journal"] {
                    let _ = fs::remove_file(self.ground.folder().join(format!("shop.db{end}")));
                }
            }
        }
        if migrations == 0 {
            return Ok(());
        }
        let (kinds, end) = match self.backend {
            Backend::Sqlite => (
                "name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL",
                " STRICT, WITHOUT ROWID",
            ),
            Backend::Postgres => (
                "name text COLLATE \"C\" PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL",
                "",
            ),
        };
        let (id, time, json) = match self.backend {
            Backend::Sqlite => ("X'0192f7a0000070008000000000000001'", "0", "'\"half_up\"'"),
            Backend::Postgres => ("'0192f7a0-0000-7000-8000-000000000001'", "now()", "'\"half_up\"'"),
        };
        let mut words = format!("CREATE TABLE schema_migrations ({kinds}){end};\n");
        for (index, Step { name, text, checksum }) in self.migrations[..migrations].iter().enumerate() {
            words += text;
            let _ =
                writeln!(words, ";\nINSERT INTO schema_migrations VALUES ('{name}', '{checksum}', {time});");
            if index == 0 {
                let _ = writeln!(
                    words,
                    "INSERT INTO shops (shop_id, id, name, currency, time_zone, rounding, version, created_at)
                     VALUES ({id}, {id}, 'Kept', 'GBP', 'Europe/London', {json}, 1, {time});"
                );
            }
        }
        self.run(&words).map(drop)
    }

    fn begin(&self) -> Result<Child, Broken> {
        let mut command = self.ground.baddie(&["migrate"]);
        command.envs(self.layer.environment(false));
        Ok(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
    }

    fn migrate(&self) -> Result<(), Broken> {
        let output = self.ground.baddie(&["migrate"]).envs(self.layer.environment(false)).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(Broken::because(String::from_utf8_lossy(&output.stderr).into_owned()))
    }

    /// Begins a migration and ends it without a word; whether it was not over by then.
    fn kill_a_migration(&self, dice: &mut Dice) -> Result<bool, Broken> {
        if self.backend == Backend::Sqlite {
            self.layer.arm(Fault::Kill, 1 + dice.below(self.calls))?;
            let died = !self.begin()?.wait()?.success();
            self.layer.disarm()?;
            return Ok(died);
        }
        let mut child = self.begin()?;
        thread::sleep(dice.millis(5, 250));
        child.kill()?;
        Ok(!child.wait()?.success())
    }

    /// The schema is the same as ever, and the shop is still there.
    fn compare(&self, from: usize, report: &mut Report) -> Result<(), Broken> {
        let same = self.schema()? == self.whole;
        report.demand(same, || format!("from {from} migrations the schema became another"));
        let shops = self.ground.ask("SELECT count(*) FROM shops")?;
        let expected = if from == 0 { "0" } else { "1" };
        report.demand(shops == expected, || format!("from {from} migrations {shops} shops are left"));
        Ok(())
    }

    /// All that the database says of its schema.
    fn schema(&self) -> Result<String, Broken> {
        let question = match self.backend {
            Backend::Sqlite => "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
            Backend::Postgres => {
                "SELECT c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, a.attname,
                    format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_class c
                 LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                 WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname, a.attnum"
            }
        };
        let rules = match self.backend {
            Backend::Sqlite => String::new(),
            Backend::Postgres => self.ground.ask(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
                 WHERE connamespace = 'public'::regnamespace
                 UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
                 UNION ALL SELECT polname, polrelid::regclass::text FROM pg_policy ORDER BY 1, 2",
            )?,
        };
        let names = self.ground.ask("SELECT name, checksum FROM schema_migrations ORDER BY name")?;
        Ok(format!("{}\n{rules}\n{names}", self.ground.ask(question)?))
    }

    /// A schema that a later program made is refused by every command, and left as it is.
    fn refuses_the_future(&mut self, report: &mut Report) -> Result<(), Broken> {
        self.older(0)?;
        self.migrate()?;
        let time = if self.backend == Backend::Sqlite { "0" } else { "now()" };
        self.run(&format!("INSERT INTO schema_migrations VALUES ('9999_future', 'unknown', {time})"))?;
        let before = (self.schema()?, self.bytes()?);
        for command in ["migrate", "verify", "doctor", "serve"] {
            let output = self.ground.baddie(&[command]).output()?;
            let said = String::from_utf8_lossy(&output.stderr).into_owned()
                + &String::from_utf8_lossy(&output.stdout);
            let refused = !output.status.success() && said.contains("newer version");
            report.demand(refused, || format!("{command} on a newer schema: {said}"));
        }
        report.demand((self.schema()?, self.bytes()?) == before, || "a newer schema was written to".into());
        Ok(())
    }

    /// The file, byte for byte; nothing of a server.
    fn bytes(&self) -> Result<Option<Vec<u8>>, Broken> {
        if self.backend == Backend::Postgres {
            return Ok(None);
        }
        Ok(Some(fs::read(self.ground.file())?))
    }
}
