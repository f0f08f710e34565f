//! What a shop sees, whatever it asks.

use baddie_core::storage::Storage as _;

use super::*;

/// What the program's role can do beyond any transaction of ours.
async fn bare(stage: &Stage) -> sqlx::PgConnection {
    use sqlx::{Connection as _, Executor as _};
    let mut connection = sqlx::PgConnection::connect(&stage.server.url(&stage.database)).await.unwrap();
    connection.execute("SET ROLE baddie_app").await.unwrap();
    connection
}

#[tokio::test]
async fn every_table_of_shops_is_walled() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    let mut unit = store.read(shop(1)).await.unwrap();
    let open = "
        SELECT c.relname::text FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'schema_migrations' AND NOT (
            c.relrowsecurity AND c.relforcerowsecurity
            AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'own_shop')
        )";
    let open = unit.query(open, &[], |row| row.text(0).map(str::to_owned)).await.unwrap();
    assert_eq!(open, ["product_search"], "which the program's role cannot read at all");
    let rights = "
        SELECT has_table_privilege('product_search', 'SELECT') OR has_table_privilege('ledger_entries', 'TRUNCATE')
            OR has_schema_privilege('public', 'CREATE')";
    assert_eq!(unit.query(rights, &[], |row| row.flag(0)).await.unwrap(), [false]);
    let owned = "SELECT count(*) FROM pg_class WHERE relowner = to_regrole(current_user::text)";
    assert_eq!(unit.query(owned, &[], |row| row.int(0)).await.unwrap(), [0]);
    drop(unit);
    stage
        .run("ALTER TABLE orders NO FORCE ROW LEVEL SECURITY; ALTER TABLE events DISABLE TRIGGER USER")
        .await;
    stage.run("ALTER TABLE ledger_entries DISABLE TRIGGER ledger_entries_balance").await;
    let found = store.check().await.unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("`orders`") && found[1].contains("`ledger_entries_balance`"), "{found:?}");
}

#[tokio::test]
async fn another_shop_is_not_there_even_for_a_statement_that_forgets_to_ask() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    for n in [1, 1, 2] {
        keep(&store, n, &format!("s{}", count(&store, n).await)).await.unwrap();
    }
    assert_eq!((count(&store, 1).await, count(&store, 2).await, count(&store, 3).await), (2, 1, 0));
    let mut unit = store.begin(shop(2)).await.unwrap();
    assert_eq!(unit.execute("UPDATE counters SET value = value + 1", &[]).await.unwrap(), 1);
    assert_eq!(unit.execute("DELETE FROM counters", &[]).await.unwrap(), 1);
    drop(unit);
    let mut unit = store.begin(shop(2)).await.unwrap();
    let error = add(&mut unit, 1, "theirs").await.unwrap_err();
    assert!(all(&error).contains("row-level security"), "{}", all(&error));
    drop(unit);
    let mut unit = store.begin(shop(2)).await.unwrap();
    let moved = unit.execute("UPDATE counters SET shop_id = $1", &[Param::Id(1)]).await.unwrap_err();
    assert!(all(&moved).contains("row-level security"));
    assert_eq!((count(&store, 1).await, count(&store, 2).await), (2, 1));
}

#[tokio::test]
async fn the_worker_sees_what_it_needs_and_no_more() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    keep(&store, 1, "a").await.unwrap();
    let mut unit = store.begin(Scope::System).await.unwrap();
    assert_eq!(unit.query(COUNT, &[], |row| row.int(0)).await.unwrap(), [0]);
    assert_eq!(unit.execute("UPDATE shops SET name = 'x'", &[]).await.unwrap(), 0);
    assert_eq!(unit.execute("DELETE FROM jobs", &[]).await.unwrap(), 0);
    assert!(add(&mut unit, 1, "b").await.is_err());
}

#[tokio::test]
async fn without_a_shop_there_is_nothing() {
    use sqlx::Executor as _;
    let stage = Stage::set().await;
    let store = stage.open().await;
    keep(&store, 1, "a").await.unwrap();
    let mut connection = bare(&stage).await;
    // At first nobody has named a shop; later its name was that of a transaction that has ended.
    for _ in 0..2 {
        assert_eq!(connection.fetch_one(sqlx::query(COUNT)).await.unwrap().int(0).unwrap(), 0);
        assert!(connection.execute("INSERT INTO counters SELECT gen_random_uuid(), 's', 1").await.is_err());
        let named = "BEGIN; SET LOCAL baddie.shop = '00000000-0000-0000-0000-000000000001'";
        connection.execute(sqlx::raw_sql(named)).await.unwrap();
        assert_eq!(connection.fetch_one(sqlx::query(COUNT)).await.unwrap().int(0).unwrap(), 1);
        connection.execute("COMMIT").await.unwrap();
    }
    for forbidden in [
        "ALTER TABLE counters DISABLE ROW LEVEL SECURITY",
        "TRUNCATE counters",
        "SELECT * FROM product_search",
        "DROP TABLE counters",
        "CREATE TABLE mine (a int)",
        "DELETE FROM schema_migrations",
    ] {
        let error = connection.execute(forbidden).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().code().unwrap(), "42501", "{forbidden}");
    }
}
