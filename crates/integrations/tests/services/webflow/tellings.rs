//! What Webflow delivers, in every order and more than once: an order comes in once, is paid once, and goes back once.

use baddie_core::clock::Clock;
use baddie_core::engine::{Engine, Shop};
use baddie_core::testing::FixedClock;
use baddie_integrations::webflow::KIND;
use serde_json::json;

use super::engine::{House, house};
use super::service::headers;
use crate::kit::telling::{Teller, in_every_order};

/// The order is placed, paid, noted, sent, disputed, and given back.
impl Teller for House {
    type Story = String;
    const ENDS: (i64, i64) = (2_395, 2_395);

    async fn open(url: &str) -> Self {
        let house = house(url).await;
        house.offer("CUP", 100).await;
        house.work(1).await;
        house
    }

    fn parts(&self) -> (&Engine, &Shop, &FixedClock) {
        (&self.engine, &self.shop, &self.clock)
    }

    fn happen(&self, order: &mut String, at: usize) {
        if at == 0 {
            *order = self.buy_there("CUP", 1);
        }
        self.fake.look(|state| {
            state.change(order, |order, now| match at {
                0 => order["status"] = "pending".into(),
                1 => order["status"] = "unfulfilled".into(),
                2 => order["comment"] = "a gift".into(),
                3 => (order["status"], order["fulfilledOn"]) = ("fulfilled".into(), json!(now)),
                4 => (order["status"], order["disputedOn"]) = ("disputed".into(), json!(now)),
                _ => (order["status"], order["refundedOn"]) = ("refunded".into(), json!(now)),
            });
        });
    }

    /// What it says is not believed: it has the orders fetched.
    async fn deliver(&self, order: &String, at: usize, _: usize) {
        let kind = if at == 0 { "ecomm_new_order" } else { "ecomm_order_changed" };
        let body = json!({"triggerType": kind, "payload": {"orderId": order}}).to_string();
        let headers = headers(self.clock.now().as_micros() / 1_000, &body);
        self.engine.receive(KIND, &self.connection.to_string(), &headers, body.as_bytes()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_what_webflow_tells_has_one_effect_in_any_order() {
    in_every_order::<House>("webflow", [1, 120, 360]).await;
}
