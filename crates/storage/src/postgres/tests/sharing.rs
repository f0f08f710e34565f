//! Many at the same rows: who waits, who is told to try again, and who goes on.

use std::sync::Arc;

use baddie_core::ids::JobId;
use baddie_core::journal::{IdempotencyRecord, JournalStore, KeptAnswer};
use baddie_core::outbox::{Job, JobState, OutboxStore, WorkStore};
use baddie_core::storage::Storage as _;
use baddie_core::testing::builders::Sample;

use super::*;
use crate::sql::SqlTransaction;

async fn transaction(store: &Postgres, scope: Scope) -> SqlTransaction<Unit> {
    SqlTransaction::new(store.begin(scope).await.unwrap(), scope)
}

fn record(key: &str) -> IdempotencyRecord {
    IdempotencyRecord {
        scope: "me/place".into(),
        key: key.into(),
        request_hash: [7; 32],
        answer: KeptAnswer::Done("{ \"a\":1 }".into()),
        at: now(),
        keep_until: now(),
    }
}

#[tokio::test]
async fn a_key_in_use_is_waited_for() {
    let stage = Stage::set().await;
    let (store, other) = (stage.open().await, Arc::new(stage.open().await));
    let mut first = transaction(&store, shop(1)).await;
    assert_eq!(first.recall("me/place", "k").await.unwrap(), None);
    let second = tokio::spawn({
        let other = Arc::clone(&other);
        async move { transaction(&other, shop(1)).await.recall("me/place", "k").await }
    });
    // Another key, and the same one of another shop, wait for nobody.
    assert_eq!(transaction(&other, shop(1)).await.recall("me/place", "l").await.unwrap(), None);
    assert_eq!(transaction(&other, shop(2)).await.recall("me/place", "k").await.unwrap(), None);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!second.is_finished(), "the key is in use");
    first.remember(&record("k")).await.unwrap();
    baddie_core::storage::Transaction::commit(Box::new(first)).await.unwrap();
    assert_eq!(second.await.unwrap().unwrap(), Some(record("k")));
}

#[tokio::test]
async fn a_key_in_use_for_too_long_can_be_tried_again() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    // Long enough to connect in on a busy machine.
    let patience = Duration::from_secs(2);
    let hasty = Postgres::open(Options { patience, ..stage.options() }, now()).await.unwrap();
    let mut first = transaction(&store, shop(1)).await;
    first.recall("me/place", "k").await.unwrap();
    let error = transaction(&hasty, shop(1)).await.recall("me/place", "k").await.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("storage.busy", baddie_core::error::Kind::Unavailable));
}

#[tokio::test]
async fn nobody_waits_for_a_job_that_another_is_taking() {
    let stage = Stage::set().await;
    let (store, other) = (stage.open().await, stage.open().await);
    let job = Job::number(1);
    let mut tx =
        Postgres::begin(&store, shop(1)).await.map(|unit| SqlTransaction::new(unit, shop(1))).unwrap();
    baddie_core::entity::Append::<Job>::insert(&mut tx, std::slice::from_ref(&job)).await.unwrap();
    baddie_core::storage::Transaction::commit(Box::new(tx)).await.unwrap();

    let mut first = transaction(&store, Scope::System).await;
    assert!(first.lease(ShopId::from_u128(1), &job, now()).await.unwrap());
    let mut second = transaction(&other, Scope::System).await;
    let lease = tokio::time::timeout(Duration::from_secs(5), second.lease(ShopId::from_u128(1), &job, now()));
    assert!(!lease.await.expect("it waited").unwrap(), "another is faster");
    baddie_core::storage::Transaction::commit(Box::new(first)).await.unwrap();
    assert!(!second.lease(ShopId::from_u128(1), &job, now()).await.unwrap(), "another was faster");
}

/// Otherwise the worker looks at how things stood before, and what was queued since is never done.
#[tokio::test]
async fn a_job_that_is_being_queued_again_is_taken_by_nobody_until_all_can_see_why() {
    let stage = Stage::set().await;
    let (store, other) = (stage.open().await, stage.open().await);
    let job = Job { state: JobState::Queued, ..Job::number(1) };
    let again = Job { id: JobId::from_u128(2), ..job.clone() };
    let mut tx = transaction(&store, shop(1)).await;
    tx.queue(std::slice::from_ref(&job)).await.unwrap();
    baddie_core::storage::Transaction::commit(Box::new(tx)).await.unwrap();

    let mut change = transaction(&store, shop(1)).await;
    change.queue(std::slice::from_ref(&again)).await.unwrap();
    assert_eq!(change.job_counts().await.unwrap(), [(JobState::Queued, 1)], "one is enough");
    let mut worker = transaction(&other, Scope::System).await;
    assert!(!worker.lease(ShopId::from_u128(1), &job, now()).await.unwrap(), "taken too early");
    baddie_core::storage::Transaction::commit(Box::new(change)).await.unwrap();
    assert!(
        worker.lease(ShopId::from_u128(1), &job, now()).await.unwrap(),
        "as it was, and there to be taken"
    );
    baddie_core::storage::Transaction::commit(Box::new(worker)).await.unwrap();
}

#[tokio::test]
async fn of_two_who_wait_for_each_other_one_is_told_to_try_again() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    keep(&store, 1, "a").await.unwrap();
    keep(&store, 1, "b").await.unwrap();
    let touch = "UPDATE counters SET value = value + 1 WHERE series = $1";
    let mut first = store.begin(shop(1)).await.unwrap();
    let mut second = store.begin(shop(1)).await.unwrap();
    first.execute(touch, &["a".into()]).await.unwrap();
    second.execute(touch, &["b".into()]).await.unwrap();
    // Whoever loses is undone at once, so that the other one goes on.
    let first = tokio::spawn(async move { first.execute(touch, &["b".into()]).await });
    let second = tokio::spawn(async move { second.execute(touch, &["a".into()]).await });
    let mut codes = [code(first.await.unwrap()), code(second.await.unwrap())];
    codes.sort();
    assert_eq!(codes, ["fine", "storage.busy"]);
}

#[tokio::test]
async fn the_last_unit_goes_to_one_of_many() {
    let stage = Stage::set().await;
    let stores = [Arc::new(stage.open().await), Arc::new(stage.open().await)];
    stage.run("INSERT INTO counters SELECT '00000000-0000-0000-0000-000000000001', 'left', 5").await;
    let take = "UPDATE counters SET value = value - 1 WHERE shop_id = $1 AND series = 'left' AND value > 1";
    let takers = (0..40).map(|n| {
        let store = Arc::clone(&stores[n % 2]);
        tokio::spawn(async move {
            let mut unit = store.begin(shop(1)).await.unwrap();
            let taken = unit.execute(take, &[Param::Id(1)]).await.unwrap();
            unit.commit().await.unwrap();
            taken
        })
    });
    let mut taken = 0;
    for taker in takers.collect::<Vec<_>>() {
        taken += taker.await.unwrap();
    }
    assert_eq!(taken, 4);
}

#[tokio::test]
async fn what_only_a_file_can_do_is_refused_with_the_remedy() {
    let stage = Stage::set().await;
    let store = stage.open().await;
    assert_eq!(store.revision(), None);
    store.ready().await.unwrap();
    let error = store.backup("copy", Arc::new(|_, _| {})).await.unwrap_err();
    assert!(error.message().contains("pg_dump"), "{error}");
}
