//! Where the story is kept, so that it can be copied and damaged: a file, or a database of a server.

use std::fs;
use std::path::{Path, PathBuf};

use baddie_servers::postgres::{self, Server};
use rusqlite::Connection;

/// A kept story.
pub(crate) enum Ground {
    /// In a file of this folder.
    File(tempfile::TempDir),
    /// In the database of this name.
    Database(&'static Server, String),
}

impl Ground {
    pub(crate) fn sqlite() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    pub(crate) async fn postgres() -> Self {
        let server = postgres::server();
        Self::Database(server, server.empty().await)
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::File(folder) => format!("sqlite://{}", file(folder.path()).display()),
            Self::Database(server, name) => server.url(name),
        }
    }

    /// The same story in a place of its own. Nobody may have this one open.
    pub(crate) async fn copy(&self) -> Self {
        match self {
            Self::File(folder) => {
                let copy = tempfile::tempdir().unwrap();
                fs::copy(file(folder.path()), file(copy.path())).unwrap();
                Self::File(copy)
            }
            Self::Database(server, name) => Self::Database(server, server.copy(name).await),
        }
    }

    /// From now on no rule of the database guards what is kept.
    pub(crate) async fn unguard(&self) {
        match self {
            Self::File(folder) => {
                let base = Connection::open(file(folder.path())).unwrap();
                let guards = "SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema WHERE type = 'trigger'
                    OR type = 'index' AND sql LIKE 'CREATE UNIQUE%'";
                let mut statement = base.prepare(guards).unwrap();
                let drops: Vec<String> =
                    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
                base.execute_batch(&drops.join(";")).unwrap();
            }
            Self::Database(server, name) => {
                let guards = "DO $$ DECLARE guard text; BEGIN
                    FOR guard IN SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname)
                        FROM pg_constraint WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace
                    LOOP EXECUTE guard; END LOOP;
                    FOR guard IN SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index i
                        JOIN pg_class c ON c.oid = i.indexrelid
                        WHERE indisunique AND relnamespace = 'public'::regnamespace
                            AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
                    LOOP EXECUTE guard; END LOOP;
                END $$";
                server.run(name, guards).await;
            }
        }
    }

    /// Runs statements in which `{id}`, `{other}` and `{never}` stand for values, past every rule of the database.
    pub(crate) async fn harm(&self, words: &str, id: u128, text: &str) {
        let literal = |bits: u128| match self {
            Self::File(_) => format!("X'{bits:032x}'"),
            Self::Database(..) => format!("'{bits:032x}'::uuid"),
        };
        let never = match self {
            Self::File(_) => "9000000000000000",
            Self::Database(..) => "'2255-01-01Z'",
        };
        let words = words
            .replace("{id}", &literal(id))
            .replace("{text}", &format!("'{text}'"))
            .replace("{other}", &literal(u128::from_be_bytes([0x7f; 16])))
            .replace("{never}", never);
        match self {
            Self::File(folder) => {
                let words = words.replace("::text", "").replace("::uuid", "");
                let base = Connection::open(file(folder.path())).unwrap();
                base.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
                    .unwrap();
                base.execute_batch(&words).unwrap();
            }
            Self::Database(server, name) => {
                server.run(name, &format!("SET session_replication_role = replica; {words}")).await;
            }
        }
    }

    /// The first id that a question finds, by order of id.
    pub(crate) async fn find(&self, question: &str) -> Option<u128> {
        let found: Vec<String> = match self {
            Self::File(folder) => {
                let base = Connection::open(file(folder.path())).unwrap();
                let mut statement = base.prepare(question).unwrap();
                let read = |row: &rusqlite::Row<'_>| row.get::<_, Vec<u8>>(0);
                let rows = statement.query_map([], read).unwrap();
                let hex = |id: Vec<u8>| format!("{:032x}", u128::from_be_bytes(id.try_into().unwrap()));
                rows.map(|id| hex(id.unwrap())).collect()
            }
            Self::Database(server, name) => {
                let (columns, rest) = question.split_once(" FROM ").unwrap();
                let found = server.ask(name, &format!("{columns}::text FROM {rest}")).await;
                found.into_iter().map(|id| id.replace('-', "")).collect()
            }
        };
        found.iter().min().map(|id| u128::from_str_radix(id, 16).unwrap())
    }

    /// What is kept, byte for byte, where that can be told without asking the engine.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::File(folder) => Some(fs::read(file(folder.path())).unwrap()),
            Self::Database(..) => None,
        }
    }

    /// From now on nothing can be written.
    pub(crate) async fn freeze(&self) {
        if let Self::Database(server, name) = self {
            server
                .run("postgres", &format!("ALTER DATABASE {name} SET default_transaction_read_only = on"))
                .await;
        }
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("shop.db")
}
