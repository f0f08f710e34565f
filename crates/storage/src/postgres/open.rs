//! Getting in: what must be true before the first byte is written, and how each connection is set.

use std::str::FromStr;
use std::time::Duration;

use baddie_core::clock::Timestamp;
use baddie_core::error::{Error, Kind, Result};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use tokio::time::timeout;

use super::error::{busy, explain, explain_at};
use super::migrate;
use super::session::{Unit, run};
use super::{Migration, Options, ROLE};
use crate::seam::{Columns, Connection as _};

/// The oldest release that has all we ask of it.
const OLDEST: i64 = 140_000;

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 512;

/// How long migrations wait for each other.
const MIGRATING: Duration = Duration::from_mins(2);

/// A server's database, and how to speak with it.
#[derive(Clone)]
pub(super) struct Server {
    options: PgConnectOptions,
    /// As whom statements run.
    pub(super) role: &'static str,
    patience: Duration,
    longest: Duration,
}

impl Server {
    pub(super) fn at(options: &Options) -> Result<Self> {
        let address = PgConnectOptions::from_str(&options.url)
            .map_err(|error| explain_at("the database", sqlx::Error::Configuration(error.into())))?
            .application_name("baddie")
            .statement_cache_capacity(STATEMENTS)
            .disable_statement_logging();
        Ok(Self { options: address, role: ROLE, patience: options.patience, longest: options.longest })
    }

    /// Where it is, without the password.
    pub(super) fn shown(&self) -> String {
        let options = &self.options;
        let place = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let user = options.get_username();
        format!("`{}` at {place} as {user}", options.get_database().unwrap_or(user))
    }

    /// A connection as its user, with nothing but time limits set.
    async fn enter(&self, patience: Duration) -> Result<PgConnection> {
        let connecting = async {
            let mut connection = PgConnection::connect_with(&self.options).await?;
            let words = format!(
                "SET search_path = public; SET lock_timeout = {}; SET statement_timeout = {}; \
                 SET idle_in_transaction_session_timeout = {}; SET jit = off; SET client_min_messages = warning",
                patience.as_millis(),
                self.longest.max(patience).as_millis(),
                self.longest.as_millis(),
            );
            run(&mut connection, &words).await?;
            Ok(connection)
        };
        let connected = timeout(self.patience, connecting).await.map_err(|_| busy())?;
        connected.map_err(|error| explain_at(&self.shown(), error))
    }

    /// A connection on which only rows can be read and written.
    pub(super) async fn connect(&self) -> Result<PgConnection> {
        let mut connection = self.enter(self.patience).await?;
        run(&mut connection, &format!("SET ROLE {}", self.role)).await.map_err(explain)?;
        Ok(connection)
    }
}

/// What there is to know before anything is written.
const LOOK: &str = "
    SELECT current_setting('server_version_num')::bigint, current_setting('server_encoding'), r.oid IS NOT NULL,
        coalesce(pg_has_role(current_user, r.oid, 'MEMBER'), false),
        coalesce(r.rolsuper OR r.rolbypassrls, false) OR EXISTS (
            SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relowner = r.oid
        ),
        coalesce(current_user = r.rolname, false),
        has_schema_privilege('public', 'CREATE')
    FROM (SELECT 1) here LEFT JOIN pg_roles r ON r.rolname = $1";

/// Looks whether the database is ours, and brings its schema up to date. Refused, it is left as it was.
pub(super) async fn prepare(server: &Server, known: &[Migration], now: Timestamp) -> Result<()> {
    let mut connection = server.enter(MIGRATING).await?;
    let shown = server.shown();
    let done = bring_up(&mut connection, &shown, server.role, known, now).await;
    // Whatever came of it, the server need not wonder where we went.
    let _ = timeout(server.patience, connection.close()).await;
    done
}

async fn bring_up(
    connection: &mut PgConnection,
    shown: &str,
    role: &str,
    known: &[Migration],
    now: Timestamp,
) -> Result<()> {
    let row = connection.fetch_one(sqlx::query(LOOK).bind(role)).await;
    let row = row.map_err(|error| explain_at(shown, error))?;
    let (release, encoding) = (row.int(0)?, row.text(1)?);
    let (has_role, is_member, too_strong) = (row.flag(2)?, row.flag(3)?, row.flag(4)?);
    let (is_role, may_create) = (row.flag(5)?, row.flag(6)?);
    let refuse = |code: &'static str, message: String| Err(Error::new(Kind::Refused, code, message));
    if release < OLDEST {
        return refuse(
            "storage.old_server",
            format!("{shown} is older than PostgreSQL 14: update the server"),
        );
    }
    if encoding != "UTF8" {
        let message = format!("{shown} keeps texts as {encoding}: make a database with `createdb -E UTF8`");
        return refuse("storage.encoding", message);
    }
    if !has_role {
        let message = format!(
            "the server of {shown} has no role `{role}`, as which statements run: \
             run `CREATE ROLE {role} NOLOGIN` there, and grant it to the user"
        );
        return refuse("storage.no_role", message);
    }
    if !is_member {
        let message = format!("the user of {shown} may not act as `{role}`: run `GRANT {role} TO` that user");
        return refuse("storage.not_a_member", message);
    }
    if too_strong {
        let message = format!(
            "the role `{role}` of {shown} passes the walls between shops, because it owns tables, is a superuser, or \
             bypasses row security: take that from it"
        );
        return refuse("storage.strong_role", message);
    }
    if migrate::applied(connection, known, shown).await? == known.len() {
        return Ok(());
    }
    if is_role || !may_create {
        let message = format!(
            "the schema of {shown} is not up to date, and its user may not change it: \
             run `baddie migrate` with the address of the database's owner"
        );
        return refuse("storage.not_the_owner", message);
    }
    migrate::apply(connection, known, now, shown).await
}

/// What the database can tell of its own soundness: the walls stand, nothing is half built, no page was found damaged.
const SOUND: &str = "
    SELECT format('the table `%s` shows its rows to every shop', c.relname) FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND NOT (c.relrowsecurity AND (c.relforcerowsecurity OR c.relname = 'product_search'))
    UNION ALL
    SELECT format('the index `%s` is not valid: REINDEX it', c.relname) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT (i.indisvalid AND i.indisready)
    UNION ALL
    SELECT format('the rule `%s` was never checked: VALIDATE it', conname) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND NOT convalidated
    UNION ALL
    SELECT format('the trigger `%s` of `%s` is off', t.tgname, c.relname) FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND t.tgenabled <> 'O'
    UNION ALL
    SELECT format('the server found %s damaged pages: restore a backup', checksum_failures)
    FROM pg_stat_database WHERE datname = current_database() AND checksum_failures > 0";

pub(super) async fn check(mut unit: Unit) -> Result<Vec<String>> {
    unit.query(SOUND, &[], |row| row.text(0).map(str::to_owned)).await
}
