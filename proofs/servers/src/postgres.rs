//! A PostgreSQL server for the tests of one program. `BADDIE_TEST_DATABASE_URL` names another server instead, by the
//! address of a user who may make databases and roles; it must end in the name of a database.

use std::future::Future;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use tokio::sync::OnceCell;

/// Who owns the databases that are made here.
pub const OWNER: &str = "baddie_owner";
/// The password of everybody.
pub const PASSWORD: &str = "Corr3ct-h0rse";

/// Runs as the user who may run a server: `initdb` refuses root. Ends when the program that started it does, which
/// closes its standard input.
const SCRIPT: &str = r#"
set -eu
dir=$(mktemp -d /tmp/baddie-postgres-XXXXXX)
trap 'rm -rf "$dir"' EXIT
printf %s "$PASSWORD" >"$dir/password"
"$BIN/initdb" -D "$dir/data" --no-sync -U postgres -E UTF8 --locale=C --auth-local=trust \
    --auth-host=scram-sha-256 --pwfile="$dir/password" >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
"$BIN/postgres" -D "$dir/data" -k "$dir" -h 127.0.0.1 -p "$PORT" -c fsync=off -c full_page_writes=off \
    -c max_connections=200 -c shared_buffers=64MB >"$dir/log" 2>&1 &
server=$!
until "$BIN/pg_isready" -q -h "$dir" -p "$PORT"; do
    kill -0 "$server" 2>/dev/null || { cat "$dir/log" >&2; exit 1; }
    sleep 0.05
done
echo ready
cat >/dev/null
kill -INT "$server"
wait "$server" || true
"#;

/// A server that runs.
pub struct Server {
    /// The address without the database.
    admin: String,
    /// The address for the owner of the databases, without the database.
    owner: String,
    roles: OnceCell<()>,
    template: OnceCell<String>,
    _child: Option<(Child, BufReader<ChildStdout>)>,
}

/// The server of this program.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(start)
}

fn start() -> Server {
    if let Ok(url) = std::env::var("BADDIE_TEST_DATABASE_URL") {
        let (admin, _) =
            url.rsplit_once('/').expect("BADDIE_TEST_DATABASE_URL ends in the name of a database");
        let (_, place) = admin.rsplit_once('@').expect("BADDIE_TEST_DATABASE_URL names a user");
        return Server::at(admin.to_owned(), place, None);
    }
    let binaries = binaries().expect(
        "PostgreSQL is installed (scripts/test does that), or BADDIE_TEST_DATABASE_URL names a server, or these tests \
         are left out with the feature `postgres`",
    );
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let root = Command::new("id").arg("-u").output().is_ok_and(|who| who.stdout.trim_ascii() == b"0");
    let mut command = if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh", "-c", SCRIPT]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT]);
        command
    };
    command.env("BIN", binaries).env("PORT", port.to_string()).env("PASSWORD", PASSWORD).current_dir("/");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut answer = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    answer.read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "ready", "PostgreSQL did not start: what it said stands above");
    let place = format!("127.0.0.1:{port}");
    Server::at(format!("postgres://postgres:{PASSWORD}@{place}"), &place, Some((child, answer)))
}

/// The newest release that is installed.
pub(crate) fn binaries() -> Option<PathBuf> {
    let installed =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin"));
    installed.filter(|path| path.join("postgres").exists()).max_by_key(|path| {
        let release = path.parent().and_then(|parent| parent.file_name()).and_then(|name| name.to_str());
        release.and_then(|name| name.parse::<u32>().ok())
    })
}

impl Server {
    fn at(admin: String, place: &str, child: Option<(Child, BufReader<ChildStdout>)>) -> Self {
        let owner = format!("postgres://{OWNER}:{PASSWORD}@{place}");
        Self { admin, owner, roles: OnceCell::new(), template: OnceCell::new(), _child: child }
    }

    /// The address of a database for its owner.
    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.owner)
    }

    /// The address of a database for whoever may do everything.
    pub fn admin_url(&self, database: &str) -> String {
        format!("{}/{database}", self.admin)
    }

    /// Runs statements as whoever may do everything.
    pub async fn run(&self, database: &str, words: &str) {
        let mut connection = PgConnection::connect(&self.admin_url(database)).await.unwrap();
        connection.execute(sqlx::raw_sql(AssertSqlSafe(words))).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The first column, which is text, of what a question finds, asked as whoever may do everything.
    pub async fn ask(&self, database: &str, question: &str) -> Vec<String> {
        let mut connection = PgConnection::connect(&self.admin_url(database)).await.unwrap();
        let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(question))).await.unwrap();
        connection.close().await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// A copy of a database that nobody is connected to; its name.
    pub async fn copy(&self, of: &str) -> String {
        let name = fresh_name();
        self.make(&name, of).await;
        name
    }

    /// An empty database; its name.
    pub async fn empty(&self) -> String {
        let name = fresh_name();
        self.make(&name, "template0").await;
        name
    }

    /// A database as `migrate` leaves an empty one; its name. It is made once, and copied.
    pub async fn migrated<F: Future<Output = ()>>(&self, migrate: impl FnOnce(String) -> F) -> String {
        let template = self.template.get_or_init(|| async {
            let name = self.empty().await;
            migrate(self.url(&name)).await;
            name
        });
        let (template, name) = (template.await, fresh_name());
        self.make(&name, template).await;
        name
    }

    async fn make(&self, name: &str, template: &str) {
        self.roles.get_or_init(|| async { self.run("postgres", &roles()).await }).await;
        self.run("postgres", &format!("CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")).await;
    }
}

/// Roles belong to the whole server, where they may be already.
pub(crate) fn roles() -> String {
    format!(
        "DO $$ BEGIN
            PERFORM pg_advisory_xact_lock(1);
            IF to_regrole('baddie_app') IS NULL THEN CREATE ROLE baddie_app NOLOGIN; END IF;
            IF to_regrole('{OWNER}') IS NULL THEN CREATE ROLE {OWNER} LOGIN PASSWORD '{PASSWORD}'; END IF;
            GRANT baddie_app TO {OWNER};
        END $$"
    )
}

fn fresh_name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("baddie_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}
