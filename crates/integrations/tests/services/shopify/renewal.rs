//! Tokens that expire: the engine has the next one in time, keeps it before it is used, and says when there is none.

use std::time::Duration;

use baddie_core::connections::{Connection, ConnectionState};
use baddie_core::engine::connections::{ConnectService, GetConnection};
use baddie_core::engine::journal::ListEvents;
use baddie_integrations::shopify::KIND;

use super::engine::{House, house};
use super::fake::{CLIENT, SHOP, State, TOKEN};
use super::service::{SECRET, credentials};
use crate::kit::canary::hidden;
use crate::kit::server::{Fault, Reply};

/// A house whose token expires, and is renewed for `refresh_token`.
async fn expiring(url: &str, refresh_token: &str) -> House {
    let house = house(url).await;
    let mut given = credentials(SHOP, TOKEN);
    given.insert("client_id".into(), CLIENT.into());
    given.insert("refresh_token".into(), refresh_token.into());
    house.fake.look(State::let_expire);
    let request = ConnectService {
        service: KIND.into(),
        credentials: given.into(),
        connection_id: Some(house.connection),
    };
    house.shop.integrations().connect(request).await.unwrap();
    house.engine.settle().await.unwrap();
    house
}

async fn seen(house: &House) -> Connection {
    house.shop.integrations().get(GetConnection { connection_id: house.connection }).await.unwrap()
}

#[tokio::test]
async fn a_token_that_expires_is_renewed_in_time_and_read_nowhere() {
    let room = tempfile::tempdir().unwrap();
    let house = expiring(&format!("sqlite://{}/shop.db", room.path().display()), "shprt_canary40aa-0").await;
    let variant = house.stocked("MUG", 20).await;
    house.list(variant).await;
    for hour in 1..=6 {
        house.work(60).await;
        house.buy_here("MUG", 1).await;
        house.work(2).await;
        assert_eq!(house.offered("MUG"), 20 - hour);
    }
    // Once at once, because nobody knew how old it was, and then every forty minutes.
    let renewed = house.fake.look(|state| state.renewed);
    assert!((9..=11).contains(&renewed), "{renewed}");
    let connection = seen(&house).await;
    assert_eq!((connection.state, connection.problem.as_deref()), (ConnectionState::Active, None));
    house.prove().await;
    let events = house.shop.journal().events(ListEvents::default()).await.unwrap();
    let said = format!("{connection:?} {events:?} {}", serde_json::to_string(&connection).unwrap());
    hidden(&["canary77d1", "canary40aa", SECRET.trim_start_matches("shpss_")], &said, room.path(), "MUG");
}

#[tokio::test]
async fn a_renewal_that_nobody_took_is_asked_for_again() {
    let house = expiring("memory:", "shprt_canary40aa-0").await;
    let variant = house.stocked("MUG", 9).await;
    house.list(variant).await;
    house.work(39).await;
    let before = house.fake.look(|state| state.renewed);
    let busy = || Fault::Instead(Reply::new(503, "<html>"));
    house.fake.server.plan([Fault::DropBefore, busy(), Fault::HangBefore, busy()]);
    house.work(10).await;
    assert!(house.fake.look(|state| state.renewed) > before);
    assert_eq!(seen(&house).await.state, ConnectionState::Active);
}

#[tokio::test]
async fn a_token_that_is_renewed_no_longer_is_told_and_heals_when_connected_again() {
    let house = expiring("memory:", "shprt_another").await;
    let connection = seen(&house).await;
    assert_eq!((connection.state, connection.renew_at), (ConnectionState::Failing, None));
    let problem = connection.problem.unwrap();
    assert!(problem.contains("connect the account again") && !problem.contains("shprt_"), "{problem}");
    let events = house.shop.journal().events(ListEvents::default()).await.unwrap();
    assert!(events.items.iter().any(|event| event.kind == "connection.changed"
        && event.subject == house.connection.to_string()
        && format!("{:?}", event.data).contains("failing")));
    let mut given = credentials(SHOP, TOKEN);
    given.insert("client_id".into(), CLIENT.into());
    given.insert("refresh_token".into(), "shprt_canary40aa-0".into());
    let request = ConnectService {
        service: KIND.into(),
        credentials: given.into(),
        connection_id: Some(house.connection),
    };
    house.shop.integrations().connect(request).await.unwrap();
    house.engine.settle().await.unwrap();
    house.clock.advance(Duration::from_secs(1));
    house.engine.settle().await.unwrap();
    let connection = seen(&house).await;
    assert_eq!(connection.state, ConnectionState::Active);
    assert!(connection.renew_at.is_some());
    assert_eq!(house.fake.look(|state| state.renewed), 1);
}

#[tokio::test]
async fn what_comes_next_needs_the_program_that_asks_for_it() {
    let house = house("memory:").await;
    let mut given = credentials(SHOP, TOKEN);
    given.insert("refresh_token".into(), "shprt_canary40aa-0".into());
    let request = ConnectService {
        service: KIND.into(),
        credentials: given.into(),
        connection_id: Some(house.connection),
    };
    house.shop.integrations().connect(request).await.unwrap();
    house.engine.settle().await.unwrap();
    let connection = seen(&house).await;
    assert_eq!(connection.state, ConnectionState::Active, "what is in use stays");
    assert!(connection.problem.unwrap().contains("client_id"));
}
