//! Who is told, and what waits to be told.

use std::sync::Arc;

use super::{Stage, numbers, walk};
use crate::outbox::Event;
use crate::storage::Storage;
use crate::testing::builders::{Sample, at, id, lay};
use crate::webhooks::{Delivery, DeliveryState, Endpoint, EndpointState};

fn delivery(n: u128, endpoint: u128, subject: &str, state: DeliveryState) -> Delivery {
    Delivery {
        endpoint_id: id(endpoint),
        subject: subject.into(),
        state,
        next_at: at(n, 0),
        ..Delivery::number(n)
    }
}

/// Of each subject an endpoint is told first what happened first, when that is due, and only while it wants to be told.
pub async fn what_is_to_be_told_is_told_in_order(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use DeliveryState::{Delivered, Failed, Waiting};
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Event>(&mut *tx, 9).await.unwrap();
    let endpoint = |n, state| Endpoint { state, ..Endpoint::number(n) };
    tx.add_all(&[endpoint(1, EndpointState::Active), endpoint(2, EndpointState::Disabled)]).await.unwrap();
    tx.add_all(&[endpoint(3, EndpointState::Active)]).await.unwrap();
    let deliveries = [
        delivery(1, 1, "a", Delivered),
        delivery(2, 1, "a", Waiting),
        delivery(3, 1, "a", Waiting),
        delivery(4, 1, "b", Waiting),
        delivery(5, 2, "b", Waiting),
        delivery(6, 3, "a", Waiting),
        delivery(7, 1, "c", Failed),
        delivery(8, 1, "c", Failed),
        Delivery { next_at: at(90, 0), ..delivery(9, 1, "d", Waiting) },
    ];
    tx.add_all(&deliveries).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.write().await;
    let told = |found: Vec<Delivery>| numbers(found.iter().map(|delivery| delivery.id));
    assert_eq!(told(tx.webhooks().to_tell(at(80, 0), 10).await.unwrap()), [2, 4, 6]);
    assert_eq!(told(tx.webhooks().to_tell(at(80, 0), 2).await.unwrap()), [2, 4]);
    assert_eq!(told(tx.webhooks().to_tell(at(4, 0), 10).await.unwrap()), [2, 4]);
    assert_eq!(told(tx.webhooks().to_tell(at(90, 0), 10).await.unwrap()), [2, 4, 6, 9]);
    let mut first = deliveries[1].clone();
    first.state = Delivered;
    tx.save(&mut first).await.unwrap();
    assert_eq!(told(tx.webhooks().to_tell(at(80, 0), 10).await.unwrap()), [3, 4, 6], "the next one's turn");
    let made = deliveries[7].created_at;
    assert_eq!(told(tx.webhooks().failed_since(id(1), at(0, 0), 10).await.unwrap()), [7, 8]);
    assert_eq!(told(tx.webhooks().failed_since(id(1), at(0, 0), 1).await.unwrap()), [7]);
    assert_eq!(told(tx.webhooks().failed_since(id(1), made, 10).await.unwrap()), [8]);
    assert_eq!(told(tx.webhooks().failed_since(id(3), at(0, 0), 10).await.unwrap()), Vec::<u128>::new());
    for (state, expected) in [(None, vec![9, 8, 7, 4, 3, 2, 1]), (Some(Failed), vec![8, 7])] {
        let found = walk(2, async |page| tx.webhooks().deliveries(id(1), state, &page).await.unwrap()).await;
        assert_eq!(numbers(found.iter().map(|delivery| delivery.id)), expected, "{state:?}");
    }
    for (state, expected) in [(None, vec![1, 2, 3]), (Some(EndpointState::Active), vec![1, 3])] {
        let found = tx.webhooks().endpoints(state).await.unwrap();
        assert_eq!(numbers(found.iter().map(|endpoint| endpoint.id)), expected, "{state:?}");
    }
    drop(tx);
    let mut tx = stage.read_there().await;
    assert_eq!(tx.webhooks().to_tell(at(90, 0), 10).await.unwrap(), []);
    assert_eq!(tx.webhooks().endpoints(None).await.unwrap(), []);
}
