//! Ways to services.

use std::sync::Arc;

use super::{Stage, here, numbers, there};
use crate::connections::{Connection, Hint};
use crate::orders::Order;
use crate::payments::{Payment, PaymentTxn};
use crate::storage::{Scope, Storage};
use crate::testing::builders::{Sample, id, lay};

/// Connections are found by their service, oldest first.
pub async fn connections_are_found_by_service(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    let named = |n, service: &str| Connection { service: service.into(), ..Connection::number(n) };
    tx.add_all(&[named(3, "b"), named(2, "a"), named(1, "a")]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.write().await;
    let mut of = async |service| {
        let found = tx.connections().to_service(service).await.unwrap();
        numbers(found.iter().map(|connection| connection.id))
    };
    assert_eq!(of(Some("a")).await, [1, 2]);
    assert_eq!(of(Some("c")).await, [0; 0]);
    assert_eq!(of(None).await, [1, 2, 3]);
    drop(tx);
    let mut tx = stage.read_there().await;
    assert_eq!(tx.connections().to_service(None).await.unwrap(), []);
}

/// A connection leads to its shop, and knows what it has heard.
pub async fn what_was_heard_is_known_again(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    for (shop, n) in [(here(), 1), (there(), 3)] {
        let mut tx = stage.0.begin(Scope::Shop(shop)).await.unwrap();
        tx.add_all(&[Connection::number(n), Connection::number(n + 1)]).await.unwrap();
        let hint = |n, name: &str| Hint { external_id: name.into(), connection_id: id(n), ..Hint::number(n) };
        tx.add_all(&[hint(n, "a"), hint(n + 1, "b")]).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = stage.read().await;
    let mut heard = async |n| tx.connections().heard(id(n), &["b", "a", "c"]).await.unwrap();
    assert_eq!((heard(1).await, heard(2).await), (vec!["a".to_owned()], vec!["b".to_owned()]));
    assert_eq!(heard(3).await, Vec::<String>::new(), "of another shop");
    drop(tx);
    let mut tx = stage.write().await;
    assert_eq!(tx.connections().forget_heard(id(2)).await.unwrap(), 1, "the one before it, of this shop");
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let mut heard = async |n| tx.connections().heard(id(n), &["b", "a"]).await.unwrap().len();
    assert_eq!((heard(1).await, heard(2).await), (0, 1));
    let mut tx = stage.read_there().await;
    assert_eq!(tx.connections().heard(id(3), &["a"]).await.unwrap(), ["a"]);
    let mut tx = stage.0.read(Scope::System).await.unwrap();
    assert_eq!(tx.work().shop_of_connection(id(1)).await.unwrap(), Some(here()));
    assert_eq!(tx.work().shop_of_connection(id(4)).await.unwrap(), Some(there()));
    assert_eq!(tx.work().shop_of_connection(id(9)).await.unwrap(), None);
}

/// A movement is found by the name that its provider has for it.
pub async fn movements_are_found_by_their_providers_name(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Order>(&mut *tx, 2).await.unwrap();
    lay::<Payment>(&mut *tx, 2).await.unwrap();
    let named =
        |n, name: Option<&str>| PaymentTxn { provider_ref: name.map(str::to_owned), ..PaymentTxn::number(n) };
    tx.add_all(&[named(3, Some("x")), named(1, Some("x")), named(2, None)]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let found = tx.payments().txns_by_ref("x").await.unwrap();
    assert_eq!(numbers(found.iter().map(|txn| txn.id)), [1, 3]);
    assert_eq!(tx.payments().txns_by_ref("y").await.unwrap(), []);
    assert_eq!(stage.read_there().await.payments().txns_by_ref("x").await.unwrap(), [], "of another shop");
}
