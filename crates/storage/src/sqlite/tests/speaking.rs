//! Values go down and come up unchanged; failures say what they are.

use baddie_core::clock::{Date, Timestamp};
use baddie_core::error::{Kind, Retry};
use baddie_core::ids::{EntityId, ProductId};

use super::*;

const THING: &str = "INSERT INTO things (id, owner, name, number, flag, at, day, doc, raw)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)";
const NUMBERED: &str = "INSERT INTO things (id, name, number) VALUES ($1, $2, $3)";

fn numbered(id: u128, name: &str, number: i64) -> [Param<'_>; 3] {
    [Param::Id(id), name.into(), number.into()]
}

#[tokio::test]
async fn every_kind_of_value_survives() {
    let folder = Folder::new();
    let store = folder.open().await;
    let day = Date::from_ymd(2026, 2, 28).unwrap();
    let at = Timestamp::from_micros(-7);
    let mut transaction = store.begin().await.unwrap();
    let values = [
        Param::id(ProductId::from_u128(u128::MAX - 1)),
        Param::Null,
        "O'Zoë".into(),
        (-5).into(),
        true.into(),
        at.into(),
        day.into(),
        Param::Json("{\"a\":1}".into()),
        Param::Bytes(vec![0, 255].into()),
    ];
    assert_eq!(transaction.execute(THING, &values).await.unwrap(), 1);
    transaction.commit().await.unwrap();

    let mut view = store.read().await.unwrap();
    let ask = "SELECT id, owner, name, number, flag, at, day, doc, raw FROM things";
    let seen = view
        .query(ask, &[], |row| {
            assert_eq!(row.id(0)?, u128::MAX - 1);
            assert!(row.is_null(1)?);
            assert_eq!((row.text(2)?, row.int(3)?, row.flag(4)?), ("O'Zoë", -5, true));
            assert_eq!((row.time(5)?, row.day(6)?), (at, day));
            assert_eq!((row.text(7)?, row.bytes(8)?), ("{\"a\":1}", &[0, 255][..]));
            let wrong = row.int(2).unwrap_err();
            assert_eq!(wrong.kind(), Kind::Internal);
            assert!(cause(&wrong).contains("`name`, holds Text where an integer"), "{}", cause(&wrong));
            assert!(cause(&row.id(8).unwrap_err()).contains("16 bytes"));
            assert!(cause(&row.flag(3).unwrap_err()).contains("0 or 1"));
            assert!(row.text(1).is_err() && row.int(99).is_err());
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(seen.len(), 1);
}

#[tokio::test]
async fn lists_choose_rows() {
    let folder = Folder::new();
    let store = folder.open().await;
    let mut transaction = store.begin().await.unwrap();
    let names = ["a", "b\"]", "c"];
    let rows: Vec<_> = (0..3).flat_map(|i| numbered(i, names[usize::try_from(i).unwrap()], 1)).collect();
    assert_eq!(transaction.insert_each(NUMBERED, 3, &rows).await.unwrap(), 3);
    let read = |row: &rusqlite::Row<'_>| row.id(0);
    let by_id = "SELECT id FROM things WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE";
    let ids = [2, 0, 9].map(ProductId::from_u128);
    assert_eq!(transaction.query(by_id, &[Param::ids(&ids)], read).await.unwrap(), [0, 2]);
    assert_eq!(transaction.query(by_id, &[Param::Ids(vec![])], read).await.unwrap(), [0; 0]);
    let by_word = "SELECT id FROM things WHERE name = ANY($1::text[]) ORDER BY id";
    assert_eq!(transaction.query(by_word, &[Param::Words(vec!["b\"]", "x"])], read).await.unwrap(), [1]);
}

#[tokio::test]
async fn parameters_are_numbered_not_named() {
    let folder = Folder::new();
    let store = folder.open().await;
    let mut view = store.read().await.unwrap();
    let read = |row: &rusqlite::Row<'_>| Ok((row.int(0)?, row.int(1)?));
    assert_eq!(view.query("SELECT $2, $1", &[1.into(), 2.into()], read).await.unwrap(), [(2, 1)]);
    let forgotten = view.query("SELECT $2, $1", &[1.into()], read).await.unwrap_err();
    assert!(cause(&forgotten).contains("2 parameters was given 1"));
}

#[tokio::test]
async fn constraints_are_named_and_doom_their_transaction() {
    let folder = Folder::new();
    let store = folder.open().await;
    let mut first = store.begin().await.unwrap();
    first.execute(NUMBERED, &numbered(1, "one", 1)).await.unwrap();
    first.commit().await.unwrap();

    let owned = "INSERT INTO things (id, owner) VALUES ($1, $2)";
    let cases: [(&'static str, Vec<Param<'_>>, Kind, &str, &str); 5] = [
        (NUMBERED, numbered(2, "one", 1).into(), Kind::Conflict, "storage.duplicate", "things.name"),
        (NUMBERED, numbered(1, "two", 1).into(), Kind::Conflict, "storage.duplicate", "things.id"),
        (NUMBERED, numbered(2, "two", 1000).into(), Kind::Conflict, "storage.limit", "small_number"),
        (NUMBERED, numbered(2, "two", 13).into(), Kind::Conflict, "storage.limit", "thirteen is not welcome"),
        (owned, vec![Param::Id(2), Param::Id(9)], Kind::Refused, "storage.missing_reference", "refers"),
    ];
    for (sql, params, kind, code, message) in cases {
        let mut transaction = store.begin().await.unwrap();
        transaction.execute(NUMBERED, &numbered(7, "seven", 7)).await.unwrap();
        let error = transaction.execute(sql, &params).await.unwrap_err();
        assert_eq!((error.kind(), error.code(), error.retry()), (kind, code, Retry::Never));
        assert!(error.message().contains(message) && !cause(&error).is_empty(), "{error}");
        let after = transaction.execute(NUMBERED, &numbered(8, "eight", 8)).await.unwrap_err();
        assert_eq!(after.kind(), Kind::Internal);
        assert_eq!(transaction.commit().await.unwrap_err().kind(), Kind::Internal);
    }
    let mut view = store.read().await.unwrap();
    assert_eq!(view.query("SELECT count(*) FROM things", &[], |row| row.int(0)).await.unwrap(), [1]);
}

#[tokio::test]
async fn a_reader_sees_one_moment_and_changes_nothing() {
    let folder = Folder::new();
    let store = folder.open().await;
    keep(&store, 1, 1).await.unwrap();
    let count = "SELECT count(*) FROM marks";
    let mut view = store.read().await.unwrap();
    keep(&store, 1, 2).await.unwrap();
    assert_eq!(view.query(count, &[], |row| row.int(0)).await.unwrap(), [1]);
    assert_eq!(code(view.execute(MARK, &[9.into(), 9.into(), 9.into()]).await), "storage.read_only");
    drop(view);
    assert_eq!(marks(&store).await.len(), 2);
}

#[tokio::test]
async fn readers_are_bounded() {
    let folder = Folder::new();
    let options = Options { readers: 1, patience: Duration::from_millis(30), ..folder.options() };
    let store = open(options).await.unwrap();
    let view = store.read().await.unwrap();
    assert_eq!(code(store.read().await), "storage.busy");
    drop(view);
    assert_eq!(code(store.read().await), "fine");
}

#[tokio::test]
async fn the_revision_changes_with_what_readers_see_whoever_changes_it() {
    use baddie_core::storage::Storage as _;

    let folder = Folder::new();
    let (store, other) = (folder.open().await, folder.open().await);
    let mut seen = vec![store.revision().unwrap()];
    assert_eq!(store.revision(), Some(seen[0]));
    for (step, writer) in [(1, &store), (2, &other), (3, &store)] {
        let mut transaction = writer.begin().await.unwrap();
        mark(&mut transaction, 1, step).await.unwrap();
        assert_eq!(store.revision(), seen.last().copied(), "nobody sees what is not committed");
        transaction.commit().await.unwrap();
        let now = store.revision().unwrap();
        assert!(!seen.contains(&now), "{now} after {seen:?}");
        seen.push(now);
    }
    drop(store.begin().await.unwrap());
    assert_eq!(store.revision(), seen.last().copied());
}
