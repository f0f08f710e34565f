//! The schema that the migrations make, and the tables as they are described: column by column the same.

use std::collections::BTreeSet;

use super::*;
use crate::schema::SQLITE;
use crate::sql::record::{Column, Sort};
use crate::sql::tables::TABLES;

/// Kept without being an entity: counters, kept answers, what search needs, and the list of migrations.
const OTHERS: &[&str] = &["counters", "idempotency_records", "product_search", "product_search_keys"];

/// The columns of a table, by name: a later migration can only add its columns at the end.
type Shape = BTreeSet<(String, String, bool)>;

fn described(columns: &[Column]) -> Shape {
    let shop = Column { name: "shop_id", sort: Sort::Id, nullable: false };
    let all = std::iter::once(&shop).chain(columns);
    all.map(|column| (column.name.to_owned(), column.sort.in_sqlite().to_owned(), column.nullable)).collect()
}

#[tokio::test]
async fn every_table_is_as_described() {
    let folder = Folder::new();
    let store = open(Options::new(folder.file(), SQLITE)).await.unwrap();
    let core = store.writer.core().await;
    for (table, columns) in TABLES {
        let mut info = core
            .connection()
            .prepare("SELECT name, type, \"notnull\" = 0 FROM pragma_table_info(?1)")
            .unwrap();
        let rows = info.query_map([table], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        assert_eq!(rows.collect::<Result<Shape, _>>().unwrap(), described(columns), "{table}");
    }
}

#[tokio::test]
async fn no_table_is_forgotten() {
    let folder = Folder::new();
    let store = open(Options::new(folder.file(), SQLITE)).await.unwrap();
    let core = store.writer.core().await;
    let mut names = core
        .connection()
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')")
        .unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let stray = |name: &String| {
        let own = name.starts_with("sqlite_") || name.contains("migration");
        !own && !OTHERS.contains(&name.as_str()) && TABLES.iter().all(|(table, _)| table != name)
    };
    let strays: Vec<_> = names.map(Result::unwrap).filter(stray).collect();
    assert!(strays.is_empty(), "without a description: {strays:?}");
}
