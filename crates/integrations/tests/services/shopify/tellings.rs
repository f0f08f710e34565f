//! What Shopify delivers, in every order and more than once: an order comes in once, is paid once, and as much goes back as
//! went back there.

use std::time::Duration;

use baddie_core::engine::orders::ListOrders;
use baddie_core::engine::payments::ListPayments;
use baddie_core::orders::OrderState;
use baddie_core::page::PageRequest;
use baddie_integrations::shopify::KIND;
use serde_json::json;

use super::engine::{House, house};
use super::fake::SHOP;
use super::service::headers;
use crate::kit::telling::{order_of_six, store, tellings};

/// An order that is placed, paid, noted, given back in part, sent, and given back in part again.
#[derive(Default)]
struct Story {
    order: String,
    happened: usize,
}

impl Story {
    fn next(&mut self, house: &House) {
        let product = house.id_of("CUP");
        house.fake.look(|state| match self.happened {
            0 => {
                self.order = state.sell(&product, 1);
                state.change(&self.order, |order| order["displayFinancialStatus"] = "PENDING".into());
            }
            1 => state.change(&self.order, |order| order["displayFinancialStatus"] = "PAID".into()),
            2 => state.change(&self.order, |_| ()),
            3 => state.refund_there(&self.order, "5.00"),
            4 => state.change(&self.order, |order| order["displayFulfillmentStatus"] = "FULFILLED".into()),
            _ => state.refund_there(&self.order, "2.50"),
        });
        self.happened += 1;
    }
}

/// Delivers word of what happened. What it says is not believed: it has the orders fetched.
async fn deliver(house: &House, story: &Story, at: usize, number: usize) {
    let topics = [
        "orders/create",
        "orders/paid",
        "orders/updated",
        "refunds/create",
        "orders/fulfilled",
        "refunds/create",
    ];
    let body = json!({"admin_graphql_api_id": story.order}).to_string();
    // Every other one is the same delivery again, as far as its name tells.
    let event = format!("{}-{at}-{}", story.order, number % 2);
    let headers = headers(&body, SHOP, topics[at], &event);
    house.engine.receive(KIND, &house.connection.to_string(), &headers, body.as_bytes()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_what_shopify_tells_has_one_effect_in_any_order() {
    let (every, rounds) = tellings([1, 120, 360]);
    for (backend, every) in ["memory", "sqlite", "postgres"].into_iter().zip(every) {
        let (mut told, mut deliveries) = (0, 0);
        for _ in 0..rounds {
            let (orders, times) = tell_in_every_order(backend, every).await;
            (told, deliveries) = (told + orders, deliveries + times);
        }
        println!(
            "P7 shopify on {backend}: {told} tellings of a story of six events, {deliveries} deliveries, 1 ending"
        );
    }
}

async fn tell_in_every_order(backend: &str, every: usize) -> (usize, usize) {
    let room = tempfile::tempdir().unwrap();
    let (mut told, mut deliveries) = (0, 0);
    for (number, chunk) in (0..720).step_by(every).collect::<Vec<_>>().chunks(24).enumerate() {
        // A fresh world now and then, so that looking at everything stays quick.
        let house = house(&store(backend, room.path(), number).await).await;
        let variant = house.stocked("CUP", 100).await;
        house.list(variant).await;
        house.work(1).await;
        for &number in chunk {
            let mut story = Story::default();
            let order = order_of_six(number);
            // Each is told twice, and nothing is told before it happened.
            for &at in order.iter().chain(&order[number % 3..]) {
                while story.happened <= at {
                    story.next(&house);
                }
                house.clock.advance(Duration::from_secs(1));
                deliver(&house, &story, at, deliveries).await;
                deliveries += 1;
                if number % 2 == 0 {
                    house.engine.settle().await.unwrap();
                }
            }
            // Its search lags a little behind.
            house.work(1).await;
            told += 1;
        }
        let orders =
            house.shop.orders().list(ListOrders { page: PageRequest::first(200), ..ListOrders::default() });
        let orders = orders.await.unwrap().items;
        assert_eq!(orders.len(), chunk.len(), "each came in once");
        let payments =
            house.shop.payments().list(ListPayments { page: PageRequest::first(200) }).await.unwrap();
        assert_eq!(payments.items.len(), chunk.len(), "and was paid once");
        for payment in payments.items {
            assert_eq!((payment.captured.minor(), payment.refunded.minor()), (2_395, 750), "{payment:?}");
        }
        for view in orders {
            assert_eq!((view.order.state, view.order.total.minor()), (OrderState::Confirmed, 2_395));
        }
        house.prove().await;
    }
    (told, deliveries)
}
