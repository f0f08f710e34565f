//! Values go down and come up unchanged; failures say what they are.

use baddie_core::clock::Date;
use baddie_core::error::{Kind, Retry};
use baddie_core::ids::ProductId;

use super::*;

const EACH: &str = "
    INSERT INTO things (id, owner, name, number, flag, at, day, doc, raw)
    VALUES ($1::uuid, $2::uuid, $3::text, $4::bigint, $5::boolean, $6::timestamptz, $7::date, $8::jsonb, $9::bytea)";
const ONE: &str = "INSERT INTO things (id, owner, name, number) VALUES ($1, $2, $3, $4)";

async fn things() -> (Stage, Postgres) {
    let stage = Stage::set().await;
    stage
        .run(
            "CREATE TABLE things (
                id uuid PRIMARY KEY, owner uuid REFERENCES things (id), name text UNIQUE,
                number bigint CONSTRAINT small_number CHECK (number < 1000),
                flag boolean, at timestamptz, day date, doc jsonb, raw bytea);
            CREATE FUNCTION no_thirteen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = 'thirteen is not welcome';
            END $$;
            CREATE TRIGGER no_thirteen BEFORE INSERT ON things FOR EACH ROW WHEN (NEW.number = 13)
            EXECUTE FUNCTION no_thirteen();
            GRANT ALL ON things TO baddie_app",
        )
        .await;
    let store = stage.open().await;
    (stage, store)
}

fn numbered(id: u128, name: &str, number: i64) -> Vec<Param<'_>> {
    vec![Param::Id(id), Param::Null, name.into(), number.into()]
}

#[tokio::test]
async fn every_kind_of_value_survives() {
    let (_stage, store) = things().await;
    let day = Date::from_ymd(1815, 12, 10).unwrap();
    let at = Timestamp::from_micros(-7);
    let mut unit = store.begin(shop(1)).await.unwrap();
    let full = [
        Param::id(ProductId::from_u128(u128::MAX - 1)),
        Param::Null,
        "O'Zoë".into(),
        (-5).into(),
        true.into(),
        at.into(),
        day.into(),
        Param::Json("{\"a\": 1}".into()),
        Param::Bytes(vec![0, 255].into()),
    ];
    let mut rows = vec![Param::Id(1)];
    rows.extend(std::iter::repeat_n(Param::Null, 8));
    rows.extend(full.clone());
    assert_eq!(unit.insert_each(EACH, 9, &rows).await.unwrap(), 2);
    assert_eq!(unit.insert_each(EACH, 9, &[]).await.unwrap(), 0);
    unit.commit().await.unwrap();

    let mut view = store.read(shop(1)).await.unwrap();
    let ask = "SELECT id, owner, name, number, flag, at, day, doc, raw FROM things ORDER BY id DESC";
    let mut seen = 0;
    view.query(ask, &[], |row| {
        seen += 1;
        if seen == 2 {
            assert!((1..9).all(|i| row.is_null(i).unwrap()));
            return Ok(());
        }
        assert_eq!(row.id(0)?, u128::MAX - 1);
        assert!(row.is_null(1)?);
        assert_eq!((row.text(2)?, row.int(3)?, row.flag(4)?), ("O'Zoë", -5, true));
        assert_eq!((row.time(5)?, row.day(6)?), (at, day));
        assert_eq!((row.text(7)?, row.bytes(8)?), ("{\"a\": 1}", &[0, 255][..]));
        assert!(all(&row.int(2).unwrap_err()).contains("`name`, holds TEXT where a bigint"));
        assert!(all(&row.text(1).unwrap_err()).contains("holds nothing"));
        assert!(row.id(8).is_err() && row.flag(3).is_err() && row.int(99).is_err());
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(seen, 2);
}

#[tokio::test]
async fn lists_choose_rows() {
    let (_stage, store) = things().await;
    let mut unit = store.begin(shop(1)).await.unwrap();
    for (id, name) in [(0, "a"), (1, "b\"]"), (2, "c")] {
        unit.execute(ONE, &numbered(id, name, 1)).await.unwrap();
    }
    let read = |row: &sqlx::postgres::PgRow| row.id(0);
    let by_id = "SELECT id FROM things WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE";
    let ids = [2, 0, 9].map(ProductId::from_u128);
    assert_eq!(unit.query(by_id, &[Param::ids(&ids)], read).await.unwrap(), [0, 2]);
    assert_eq!(unit.query(by_id, &[Param::Ids(vec![])], read).await.unwrap(), [0; 0]);
    let by_word = "SELECT id FROM things WHERE name = ANY($1::text[]) ORDER BY id";
    assert_eq!(unit.query(by_word, &[Param::Words(vec!["b\"]", "x"])], read).await.unwrap(), [1]);
}

#[tokio::test]
async fn constraints_are_named_and_doom_their_transaction() {
    let (_stage, store) = things().await;
    let mut first = store.begin(shop(1)).await.unwrap();
    first.execute(ONE, &numbered(1, "one", 1)).await.unwrap();
    first.commit().await.unwrap();

    let orphan = vec![Param::Id(2), Param::Id(9), Param::Null, Param::Null];
    let cases: [(Vec<Param<'_>>, Kind, &str, &str); 6] = [
        (numbered(2, "one", 1), Kind::Conflict, "storage.duplicate", "things.name"),
        (numbered(1, "two", 1), Kind::Conflict, "storage.duplicate", "things.id"),
        (numbered(2, "two", 1000), Kind::Conflict, "storage.limit", "small_number"),
        (numbered(2, "two", 13), Kind::Conflict, "storage.limit", "thirteen is not welcome"),
        (orphan, Kind::Refused, "storage.missing_reference", "refers"),
        (numbered(2, "a\0b", 1), Kind::Invalid, "storage.not_text", "character"),
    ];
    for (params, kind, code, message) in cases {
        let mut unit = store.begin(shop(1)).await.unwrap();
        unit.execute(ONE, &numbered(7, "seven", 7)).await.unwrap();
        let error = unit.execute(ONE, &params).await.unwrap_err();
        assert_eq!((error.kind(), error.code(), error.retry()), (kind, code, Retry::Never));
        assert!(error.message().contains(message) && all(&error).len() > error.to_string().len(), "{error}");
        let after = unit.execute(ONE, &numbered(8, "eight", 8)).await.unwrap_err();
        assert_eq!(after.kind(), Kind::Internal);
        assert_eq!(unit.commit().await.unwrap_err().kind(), Kind::Internal);
    }
    let mut view = store.read(shop(1)).await.unwrap();
    assert_eq!(view.query("SELECT count(*) FROM things", &[], |row| row.int(0)).await.unwrap(), [1]);
}

#[tokio::test]
async fn a_look_sees_one_moment_and_changes_nothing() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    keep(&store, 1, "a").await.unwrap();
    let mut view = store.read(shop(1)).await.unwrap();
    assert_eq!(view.query(COUNT, &[], |row| row.int(0)).await.unwrap(), [1]);
    keep(&store, 1, "b").await.unwrap();
    assert_eq!(view.query(COUNT, &[], |row| row.int(0)).await.unwrap(), [1]);
    assert_eq!(code(add(&mut view, 1, "c").await), "storage.read_only");
    drop(view);
    assert_eq!(count(&store, 1).await, 2);
}
