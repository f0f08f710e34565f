//! What is said to whoever cannot be let in, and that nothing was written then.

use super::*;
use baddie_servers::postgres::{OWNER, PASSWORD, server};

/// Refused with this code and these words, and never with the password.
async fn refused(url: String, code: &str, words: &str) {
    let error = Postgres::open(Options::new(url, POSTGRES), now()).await.expect_err(code);
    assert_eq!(error.code(), code, "{}", all(&error));
    assert!(error.message().contains(words), "{error}");
    assert!(!all(&error).contains(PASSWORD) && !format!("{error:?}").contains(PASSWORD), "{error:?}");
}

async fn empty(stage: &'static Server) -> Stage {
    Stage { server: stage, database: stage.empty().await }
}

async fn assert_untouched(stage: &Stage, tables: usize) {
    use sqlx::{Connection as _, Executor as _};
    let mut connection = sqlx::PgConnection::connect(&stage.server.admin_url(&stage.database)).await.unwrap();
    let names = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(connection.fetch_all(names).await.unwrap().len(), tables);
}

#[tokio::test]
async fn who_cannot_get_in_hears_why() {
    let server = server();
    let stage = empty(server).await;
    let url = server.url(&stage.database);
    refused(url.replace(OWNER, "nobody_at_all"), "storage.not_allowed", "check the name, the password").await;
    refused(url.replace(PASSWORD, "guess"), "storage.not_allowed", "check the name, the password").await;
    refused(server.url("not_there"), "storage.no_database", "createdb").await;
    let closed = format!("postgres://{OWNER}:{PASSWORD}@127.0.0.1:1/x");
    refused(closed, "storage.unreachable", "start the server").await;
    let odd = format!("postgres://{OWNER}:{PASSWORD}@127.0.0.1:port/x");
    refused(odd, "storage.address", "postgres://user:password@host").await;
    let odd = format!("{url}?sslmode=perhaps");
    refused(odd, "storage.address", "postgres://user:password@host").await;
    assert_untouched(&stage, 0).await;
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_where_tls_is_asked_for() {
    let server = server();
    let stage = empty(server).await;
    for mode in ["require", "verify-full"] {
        let url = format!("{}?sslmode={mode}", server.url(&stage.database));
        refused(url, "storage.no_tls", "turn TLS on").await;
    }
    assert_untouched(&stage, 0).await;
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let server = server();
    for theirs in ["CREATE TABLE theirs (a int)", "CREATE TABLE schema_migrations (version text)"] {
        let stage = empty(server).await;
        stage.run(theirs).await;
        refused(server.url(&stage.database), "storage.foreign_database", "createdb").await;
        assert_untouched(&stage, 1).await;
    }
}

#[tokio::test]
async fn a_newer_or_changed_schema_is_left_alone() {
    let stage = Stage::set().await;
    let url = stage.server.url(&stage.database);
    stage.run("UPDATE schema_migrations SET checksum = 'x' WHERE name = '0003_catalog'").await;
    refused(url.clone(), "storage.changed_migration", "0003_catalog").await;
    let stage = Stage::set().await;
    stage.run("INSERT INTO schema_migrations VALUES ('9999_later', 'x', now())").await;
    refused(stage.server.url(&stage.database), "storage.newer_schema", "update the program").await;
}

#[tokio::test]
async fn the_role_must_be_there_and_be_weak() {
    let server = server();
    let stage = empty(server).await;
    let stranger = format!("stranger_{}", std::process::id());
    stage.run(&format!("CREATE ROLE {stranger} LOGIN PASSWORD '{PASSWORD}'")).await;
    let mut without = super::super::open::Server::at(&stage.options()).unwrap();
    without.role = "baddie_nowhere";
    let error = super::super::open::prepare(&without, POSTGRES, now()).await.unwrap_err();
    assert_eq!(error.code(), "storage.no_role");
    assert!(error.message().contains("run `CREATE ROLE baddie_nowhere NOLOGIN`"), "{error}");
    let url = server.url(&stage.database).replace(OWNER, &stranger);
    refused(url.clone(), "storage.not_a_member", "GRANT baddie_app").await;
    stage.run(&format!("GRANT baddie_app TO {stranger}")).await;
    refused(url.clone(), "storage.not_the_owner", "address of the database's owner").await;
    assert_untouched(&stage, 0).await;
    // Once the owner has made the schema, a stranger who may act as the role is enough.
    drop(stage.open().await);
    let store = Postgres::open(Options::new(url, POSTGRES), now()).await.unwrap();
    keep(&store, 1, "a").await.unwrap();
    stage.run("ALTER TABLE orders OWNER TO baddie_app").await;
    refused(server.url(&stage.database), "storage.strong_role", "take that from it").await;
}

#[tokio::test]
async fn many_who_migrate_at_once_make_one_schema() {
    let server = server();
    let stage = empty(server).await;
    let openings = (0..8).map(|_| {
        let options = stage.options();
        tokio::spawn(async move { Postgres::open(options, now()).await.map(drop) })
    });
    for opening in openings.collect::<Vec<_>>() {
        opening.await.unwrap().unwrap();
    }
    let store = stage.open().await;
    let mut view = store.read(shop(1)).await.unwrap();
    let made = view.query("SELECT count(*) FROM schema_migrations", &[], |row| row.int(0)).await.unwrap();
    assert_eq!(usize::try_from(made[0]).unwrap(), POSTGRES.len());
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing() {
    const BROKEN: &[super::super::Migration] = &[
        super::super::Migration { name: "0001_good", sql: "CREATE TABLE good (a int)" },
        super::super::Migration { name: "0002_bad", sql: "CREATE TABLE bad (a int); SELECT 1 / 0" },
    ];
    let server = server();
    let stage = empty(server).await;
    let error = Postgres::open(Options::new(server.url(&stage.database), BROKEN), now()).await.unwrap_err();
    assert!(all(&error).contains("0002_bad") || all(&error).contains("division"), "{}", all(&error));
    assert_untouched(&stage, 0).await;
    drop(stage.open().await);
}
