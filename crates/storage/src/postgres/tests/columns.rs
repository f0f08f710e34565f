//! The schema that the migrations make, and the tables as they are described: column by column the same, and so the same
//! as on every other database.

use std::collections::BTreeSet;

use super::*;
use crate::sql::record::{Column, Sort};
use crate::sql::tables::TABLES;

/// Kept without being an entity: counters, kept answers, what search needs, and the list of migrations.
const OTHERS: &[&str] = &["counters", "idempotency_records", "product_search", "schema_migrations"];

const SHOWN: &str = "
    SELECT a.attname::text, format_type(a.atttypid, NULL), NOT a.attnotnull, a.attcollation = 0 OR l.collname = 'C'
    FROM pg_attribute a LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE a.attrelid = to_regclass($1) AND a.attnum > 0";

/// What a table should hold, by name: a later migration can only add its columns at the end.
fn described(columns: &[Column]) -> BTreeSet<(String, String, bool, bool)> {
    let shop = Column { name: "shop_id", sort: Sort::Id, nullable: false };
    let name = |sort: Sort| sort.in_postgres().replace("timestamptz", "timestamp with time zone");
    let all = std::iter::once(&shop).chain(columns);
    all.map(|column| (column.name.to_owned(), name(column.sort), column.nullable, true)).collect()
}

#[tokio::test]
async fn every_table_is_as_described() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    let mut unit = store.read(shop(1)).await.unwrap();
    for (table, columns) in TABLES {
        let read = |row: &sqlx::postgres::PgRow| {
            Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.flag(2)?, row.flag(3)?))
        };
        let shown = unit.query(SHOWN, &[(*table).into()], read).await.unwrap();
        assert_eq!(BTreeSet::from_iter(shown), described(columns), "{table}");
    }
}

#[tokio::test]
async fn no_table_is_forgotten() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    let mut unit = store.read(shop(1)).await.unwrap();
    let names =
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
    let names = unit.query(names, &[], |row| row.text(0).map(str::to_owned)).await.unwrap();
    let stray =
        |name: &&String| !OTHERS.contains(&name.as_str()) && TABLES.iter().all(|(table, _)| table != name);
    assert_eq!(
        names.iter().filter(stray).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "without a description"
    );
    assert_eq!(names.len(), TABLES.len() + OTHERS.len());
}

#[tokio::test]
async fn every_key_begins_with_the_shop() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    let mut unit = store.read(shop(1)).await.unwrap();
    let others = "
        SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE c.relnamespace = 'public'::regnamespace AND i.indisprimary AND a.attname <> 'shop_id'";
    let others = unit.query(others, &[], |row| row.text(0).map(str::to_owned)).await.unwrap();
    assert_eq!(others, ["schema_migrations"]);
}
