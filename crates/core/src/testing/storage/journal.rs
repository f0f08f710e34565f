//! Kept answers and imports.

use std::sync::Arc;

use super::{Stage, assert_duplicate, by_the_commit};
use crate::journal::{IdempotencyRecord, ImportKind, ImportRun, KeptAnswer};
use crate::storage::Storage;
use crate::testing::builders::{Sample, at, id};

fn record(scope: &str, key: &str, until: u128, answer: KeptAnswer) -> IdempotencyRecord {
    IdempotencyRecord {
        scope: scope.into(),
        key: key.into(),
        request_hash: [7; 32],
        answer,
        at: at(1, 0),
        keep_until: at(until, 0),
    }
}

/// An answer is kept under its scope and key, once, until its time is over.
pub async fn answers_are_kept_until_their_time(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let done = record("me/place", "k", 5, KeptAnswer::Done("{\"b\": [1],  \"a\": \"ü\"}".into()));
    let refused = KeptAnswer::Refused {
        kind: "conflict".into(),
        code: "orders.no".into(),
        message: "no".into(),
        field: None,
    };
    let refused = record("me/cancel", "k", 9, refused);
    let mut tx = stage.write().await;
    tx.journal().remember(&done).await.unwrap();
    tx.journal().remember(&refused).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.write().await;
    let again = tx.journal().remember(&done).await;
    assert_duplicate(by_the_commit(again, tx).await, "an answer");
    let mut tx = stage.write().await;
    tx.journal().remember(&record("me/place", "undone", 9, done.answer.clone())).await.unwrap();
    drop(tx);
    let mut tx = stage.write().await;
    assert_eq!(tx.journal().recall("me/place", "k").await.unwrap(), Some(done.clone()));
    assert_eq!(tx.journal().recall("me/cancel", "k").await.unwrap(), Some(refused.clone()));
    assert_eq!(tx.journal().answers(None, 1).await.unwrap(), std::slice::from_ref(&refused));
    assert_eq!(tx.journal().answers(Some(("me/cancel", "k")), 9).await.unwrap(), std::slice::from_ref(&done));
    assert_eq!(tx.journal().answers(None, 9).await.unwrap(), [refused.clone(), done.clone()]);
    for (scope, key) in [("me/place", "undone"), ("me/place", "K"), ("you/place", "k")] {
        assert_eq!(tx.journal().recall(scope, key).await.unwrap(), None, "{scope} {key}");
    }
    assert!(!tx.journal().answers_run_out(at(4, 99)).await.unwrap());
    assert_eq!(tx.journal().forget_answers(at(4, 99)).await.unwrap(), 0);
    assert!(tx.journal().answers_run_out(at(5, 0)).await.unwrap());
    assert_eq!(tx.journal().forget_answers(at(5, 0)).await.unwrap(), 1);
    assert!(!tx.journal().answers_run_out(at(5, 0)).await.unwrap());
    assert_eq!(tx.journal().recall("me/place", "k").await.unwrap(), None);
    tx.commit().await.unwrap();
    let mut tx = stage.0.begin(crate::storage::Scope::Shop(super::there())).await.unwrap();
    assert_eq!(tx.journal().recall("me/cancel", "k").await.unwrap(), None, "another shop's");
    assert_eq!(tx.journal().answers(None, 9).await.unwrap(), [], "another shop's");
    assert!(!tx.journal().answers_run_out(at(99, 0)).await.unwrap(), "another shop's");
    assert_eq!(tx.journal().forget_answers(at(99, 0)).await.unwrap(), 0, "another shop's");
}

/// An import is found by what it brings and by its file.
pub async fn an_import_is_known_by_its_file(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    tx.add_all(&[ImportRun::number(1), ImportRun::number(2)]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let file = format!("{:064x}", 2);
    assert_eq!(
        tx.journal().import_of(ImportKind::Sales, &file).await.unwrap().map(|run| run.id),
        Some(id(2))
    );
    assert_eq!(tx.journal().import_of(ImportKind::Stock, &file).await.unwrap(), None);
    assert_eq!(stage.read_there().await.journal().import_of(ImportKind::Sales, &file).await.unwrap(), None);
}
