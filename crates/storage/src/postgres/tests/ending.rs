//! However a transaction ends, by dropping it, by dropping what waits for it, or by the server's doing: nothing of it
//! is left on any connection.

use std::future::Future;
use std::task::{Context, Waker};

use super::*;

/// Polls a future this often, then drops it.
async fn poll_then_drop<F: Future>(future: F, times: usize) -> bool {
    let mut future = Box::pin(future);
    for _ in 0..times {
        if future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return true;
        }
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    false
}

/// No connection of ours has a transaction open, once what was dropped has been undone.
async fn assert_nothing_open(stage: &Stage, store: &Postgres) {
    const OPEN: &str = "
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL";
    let watch = Postgres::open(stage.options(), now()).await.unwrap();
    let quiet = async {
        loop {
            let mut unit = watch.read(shop(1)).await.unwrap();
            if unit.query(OPEN, &[], |row| row.int(0)).await.unwrap() == [0] {
                return;
            }
            drop(unit);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LONG, quiet).await.unwrap();
    // All connections can be had at once, and each of them is in its own shop.
    let mut units = Vec::new();
    for n in 1..=10 {
        let mut unit = store.begin(shop(n)).await.unwrap();
        let named =
            unit.query("SELECT current_setting('baddie.shop')", &[], |row| row.text(0).map(str::to_owned));
        assert!(named.await.unwrap()[0].ends_with(&format!("{n:012x}")));
        units.push(unit);
    }
}

#[tokio::test]
async fn what_is_dropped_is_undone() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    for n in 0..30 {
        let mut unit = store.begin(shop(1)).await.unwrap();
        add(&mut unit, 1, &format!("s{n}")).await.unwrap();
    }
    assert_nothing_open(&stage, &store).await;
    assert_eq!(count(&store, 1).await, 0);
}

#[tokio::test]
async fn a_beginning_given_up_leaves_nothing_open() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    let mut finished = 0;
    for times in 0..60 {
        finished += u32::from(poll_then_drop(store.begin(shop(1)), times % 20).await);
    }
    assert!(finished < 60, "none was given up");
    assert_nothing_open(&stage, &store).await;
    keep(&store, 1, "a").await.unwrap();
}

#[tokio::test]
async fn a_statement_given_up_leaves_nothing_open() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    for times in 0..40 {
        let mut unit = store.begin(shop(1)).await.unwrap();
        add(&mut unit, 1, "kept with the rest").await.unwrap();
        let rest = async {
            add(&mut unit, 1, "another").await?;
            unit.query("SELECT pg_sleep(0.001)::text", &[], |_| Ok(())).await?;
            add(&mut unit, 1, "a third").await
        };
        poll_then_drop(rest, times % 12).await;
    }
    assert_nothing_open(&stage, &store).await;
    assert_eq!(count(&store, 1).await, 0);
}

#[tokio::test]
async fn a_commit_given_up_keeps_all_or_nothing() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    for times in 0..30 {
        let mut unit = store.begin(shop(1)).await.unwrap();
        add(&mut unit, 1, &format!("a{times}")).await.unwrap();
        add(&mut unit, 1, &format!("b{times}")).await.unwrap();
        poll_then_drop(unit.commit(), times % 6).await;
    }
    assert_nothing_open(&stage, &store).await;
    let mut view = store.read(shop(1)).await.unwrap();
    let halves = "SELECT count(*) FROM counters GROUP BY substr(series, 2) HAVING count(*) <> 2";
    assert_eq!(view.query(halves, &[], |row| row.int(0)).await.unwrap(), [0; 0]);
}

#[tokio::test]
async fn a_server_that_hangs_up_is_asked_again() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    keep(&store, 1, "a").await.unwrap();
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let mut unit = store.begin(shop(1)).await.unwrap();
    stage.run(kill).await;
    let error = add(&mut unit, 1, "b").await.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("storage.unreachable", baddie_core::error::Kind::Unavailable));
    drop(unit);
    keep(&store, 1, "c").await.unwrap();
    // Those that lie idle are dead too, and nobody notices.
    stage.run(kill).await;
    keep(&store, 1, "d").await.unwrap();
    assert_eq!(count(&store, 1).await, 3);
}

#[tokio::test]
async fn whoever_waits_too_long_hears_that_the_store_is_busy() {
    let stage = Stage::set().await;
    let patience = Duration::from_millis(50);
    // Connecting may take longer than that, so it is tried until it does not.
    let store = loop {
        let options = Options { connections: 1, patience, ..stage.options() };
        if let Ok(store) = Postgres::open(options, now()).await {
            break store;
        }
    };
    let unit = loop {
        if let Ok(unit) = store.begin(shop(1)).await {
            break unit;
        }
    };
    assert_eq!(code(store.begin(shop(1)).await), "storage.busy");
    drop(unit);
}

#[tokio::test]
async fn who_does_nothing_for_too_long_is_undone() {
    let stage = Stage::set().await;
    // Long enough to connect in on a busy machine.
    let longest = Duration::from_secs(2);
    let options = Options { longest, patience: longest, ..stage.options() };
    let store = Postgres::open(options, now()).await.unwrap();
    let mut unit = store.begin(shop(1)).await.unwrap();
    add(&mut unit, 1, "a").await.unwrap();
    tokio::time::sleep(longest * 2).await;
    let after = code(unit.commit().await);
    assert!(["storage.undone", "storage.unreachable"].contains(&after.as_str()), "{after}");
    let mut unit = store.begin(shop(1)).await.unwrap();
    let slow = unit.query("SELECT pg_sleep(30)::text", &[], |_| Ok(())).await;
    assert_eq!(code(slow), "storage.exhausted");
    drop(unit);
    assert_eq!(count(&store, 1).await, 0);
}
