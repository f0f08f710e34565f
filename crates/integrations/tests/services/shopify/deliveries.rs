//! What Shopify delivers: it is told where to, once, and again when it has forgotten.

use std::time::Duration;

use baddie_core::connections::ConnectionState;
use baddie_core::engine::connections::GetConnection;

use super::engine::{HERE, House, house};
use crate::kit::server::Fault;

fn ours(house: &House) -> Vec<String> {
    let here = format!("{HERE}/webhooks/in/shopify/{}", house.connection);
    let hooks = house.fake.look(|state| state.hooks.clone());
    let mut ours: Vec<_> =
        hooks.into_iter().filter(|(_, uri)| *uri == here).map(|(topic, _)| topic).collect();
    ours.sort();
    ours
}

const WANTED: [&str; 4] = ["FULFILLMENTS_UPDATE", "ORDERS_CREATE", "ORDERS_UPDATED", "REFUNDS_CREATE"];

#[tokio::test]
async fn what_matters_is_delivered_here_and_asked_for_once() {
    let house = house("memory:").await;
    assert_eq!(ours(&house), WANTED);
    let check = async || house.engine.check_connection(house.shop.id(), house.connection).await.unwrap();
    assert_eq!(check().await.problem, None);
    assert_eq!(ours(&house), WANTED);
    // It takes away what nobody answered; the answer to what is said then is lost twice.
    house.fake.look(|state| state.hooks.retain(|(topic, _)| topic == "ORDERS_UPDATED"));
    for lost in [2, 1] {
        let faults = std::iter::repeat_n(Fault::None, 2 + lost).chain([Fault::DropAfter]);
        house.fake.server.plan(faults);
        check().await;
    }
    house.fake.server.forgive();
    check().await;
    assert_eq!(ours(&house), WANTED);
    let others = house.fake.look(|state| state.hooks.len()) - WANTED.len();
    assert_eq!(others, 0, "nothing was asked for twice");
}

#[tokio::test]
async fn others_are_left_alone_and_a_refusal_is_told() {
    let house = house("memory:").await;
    let others = house.fake.look(|state| state.hooks[0].1.clone());
    assert_eq!(others, "https://another.example/hook");
    house.fake.look(|state| {
        state.hooks.truncate(1);
        state.deaf = true;
    });
    house.work(1).await;
    house.clock.advance(Duration::from_hours(7));
    house.work(1).await;
    let request = GetConnection { connection_id: house.connection };
    let seen = house.shop.integrations().get(request).await.unwrap();
    assert_eq!(seen.state, ConnectionState::Active, "it goes on without");
    assert!(seen.problem.unwrap().contains("is not delivered, but fetched"), "and says so");
    assert_eq!(house.fake.look(|state| state.hooks.len()), 1);
}
