//! How fast: run in release with `--ignored --nocapture`.

use std::sync::Arc;

use super::*;

const SHOP: &[Migration] = &[Migration {
    name: "0001_shop",
    sql: "CREATE TABLE levels (id INTEGER PRIMARY KEY, on_hand INTEGER NOT NULL CHECK (on_hand >= 0)) STRICT;
          CREATE TABLE orders (id BLOB PRIMARY KEY, number INTEGER UNIQUE, buyer TEXT, at INTEGER) STRICT, WITHOUT ROWID;
          CREATE TABLE lines (id BLOB PRIMARY KEY, order_id BLOB REFERENCES orders (id), level INTEGER, price INTEGER)
            STRICT, WITHOUT ROWID;
          CREATE INDEX lines_of ON lines (order_id);
          CREATE TABLE postings (id BLOB PRIMARY KEY, order_id BLOB, account TEXT, minor INTEGER) STRICT, WITHOUT ROWID;
          CREATE TABLE outbox (id BLOB PRIMARY KEY, body TEXT) STRICT, WITHOUT ROWID;
          CREATE TABLE keys (name TEXT PRIMARY KEY, answer TEXT) STRICT, WITHOUT ROWID;
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
          INSERT INTO levels SELECT i, 1000000 FROM n;",
}];

/// Thirteen statements, about those of an order with two lines.
async fn order(store: &Sqlite, n: i64) -> Result<()> {
    const LEVEL: &str = "SELECT on_hand FROM levels WHERE id = $1";
    const TAKE: &str = "UPDATE levels SET on_hand = on_hand - 1 WHERE id = $1 AND on_hand >= 1";
    const LINE: &str = "INSERT INTO lines (id, order_id, level, price) VALUES ($1, $2, $3, $4)";
    const POSTING: &str = "INSERT INTO postings (id, order_id, account, minor) VALUES ($1, $2, $3, $4)";
    let id = u128::try_from(n).unwrap() << 32;
    let (mine, levels) = (|part: u128| Param::Id(id + part), [n * 7 % 1000 + 1, n * 13 % 1000 + 1]);
    let name = format!("key-{n}");
    let mut tx = store.begin().await?;
    let known =
        tx.query("SELECT answer FROM keys WHERE name = $1", &[name.as_str().into()], |_| Ok(())).await?;
    assert!(known.is_empty());
    for level in levels {
        tx.query(LEVEL, &[level.into()], |row| row.int(0)).await?;
        assert_eq!(tx.execute(TAKE, &[level.into()]).await?, 1);
    }
    let values = [mine(0), n.into(), "A. Buyer, 12 Some Street".into(), Timestamp::from_micros(n).into()];
    tx.execute("INSERT INTO orders (id, number, buyer, at) VALUES ($1, $2, $3, $4)", &values).await?;
    let [first, second] = levels;
    let lines = [mine(1), mine(0), first.into(), 1999.into(), mine(2), mine(0), second.into(), 499.into()];
    tx.insert_each(LINE, 4, &lines).await?;
    let postings = ["cash", "sales", "stock"].into_iter().zip(3..);
    let postings: Vec<_> =
        postings.flat_map(|(account, part)| [mine(part), mine(0), account.into(), 2498.into()]).collect();
    tx.insert_each(POSTING, 4, &postings).await?;
    let event = [mine(6), Param::Json("{\"event\":\"order_placed\",\"lines\":2}".into())];
    tx.execute("INSERT INTO outbox (id, body) VALUES ($1, $2)", &event).await?;
    tx.execute("INSERT INTO keys (name, answer) VALUES ($1, $2)", &[name.as_str().into(), "201".into()])
        .await?;
    tx.commit().await
}

/// The time that many tasks take for their orders, on a new store.
#[expect(clippy::disallowed_methods, reason = "it measures")]
async fn race(store: &Arc<Sqlite>, tasks: i64, each: i64) -> Duration {
    let start = std::time::Instant::now();
    let running: Vec<_> = (0..tasks)
        .map(|task| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                for n in 0..each {
                    order(&store, task * each + n + 1).await.unwrap();
                }
            })
        })
        .collect();
    for task in running {
        task.await.unwrap();
    }
    start.elapsed()
}

#[test]
#[ignore = "a measurement, not a proof"]
fn orders_a_second() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for (tasks, each) in [(1_i64, 2000_i64), (8, 1000), (64, 400), (256, 100)] {
        let folder = Folder::new();
        let file = |name: &str| folder.0.join(name);
        let shop = async |name: &str| Arc::new(open(Options::new(file(name), SHOP)).await.unwrap());
        let (elapsed, meter) = runtime.block_on(async {
            let store = shop("timed.db").await;
            (race(&store, tasks, each).await, store.meter())
        });
        // Recording costs time of its own, so that what is recorded is not what is timed.
        let recording = runtime.block_on(async {
            let store = shop("recorded.db").await;
            for name in ["one.db", "many.db"] {
                store.backup(file(name), |_| ()).await.unwrap();
            }
            store.start_recording();
            race(&store, tasks, each).await;
            store.take_recording()
        });
        let of = |elapsed: Duration| u128::from(meter.transactions) * 1_000_000 / elapsed.as_micros();
        let per_commit = usize::try_from(meter.transactions.div_ceil(meter.commits)).unwrap();
        let one = recording.replay(&file("one.db"), 1).unwrap();
        let many = recording.replay(&file("many.db"), per_commit).unwrap();
        assert_eq!((one.different, many.different), (0, 0));
        println!(
            "{tasks:>3} tasks: {:>6}/s in {} commits ({per_commit} each); bare, one a commit {}/s, \
             {per_commit} a commit {}/s; {} statements",
            of(elapsed),
            meter.commits,
            of(one.elapsed),
            of(many.elapsed),
            meter.statements,
        );
    }
}
