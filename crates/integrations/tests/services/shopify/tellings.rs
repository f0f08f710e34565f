//! What Shopify delivers, in every order and more than once: an order comes in once, is paid once, and as much goes back as
//! went back there.

use baddie_core::engine::{Engine, Shop};
use baddie_core::testing::FixedClock;
use baddie_integrations::shopify::KIND;
use serde_json::json;

use super::engine::{House, house};
use super::fake::SHOP;
use super::service::headers;
use crate::kit::telling::{Teller, in_every_order};

/// The order is placed, paid, noted, given back in part, sent, and given back in part again.
impl Teller for House {
    type Story = String;
    const ENDS: (i64, i64) = (2_395, 750);

    async fn open(url: &str) -> Self {
        let house = house(url).await;
        let variant = house.stocked("CUP", 100).await;
        house.list(variant).await;
        house.work(1).await;
        house
    }

    fn parts(&self) -> (&Engine, &Shop, &FixedClock) {
        (&self.engine, &self.shop, &self.clock)
    }

    fn happen(&self, order: &mut String, at: usize) {
        let product = self.id_of("CUP");
        self.fake.look(|state| match at {
            0 => {
                *order = state.sell(&product, 1);
                state.change(order, |order| order["displayFinancialStatus"] = "PENDING".into());
            }
            1 => state.change(order, |order| order["displayFinancialStatus"] = "PAID".into()),
            2 => state.change(order, |_| ()),
            3 => state.refund_there(order, "5.00"),
            4 => state.change(order, |order| order["displayFulfillmentStatus"] = "FULFILLED".into()),
            _ => state.refund_there(order, "2.50"),
        });
    }

    /// What it says is not believed: it has the orders fetched.
    async fn deliver(&self, order: &String, at: usize, number: usize) {
        let topics = [
            "orders/create",
            "orders/paid",
            "orders/updated",
            "refunds/create",
            "orders/fulfilled",
            "refunds/create",
        ];
        let body = json!({ "admin_graphql_api_id": order }).to_string();
        // Every other one is the same delivery again, as far as its name tells.
        let event = format!("{order}-{at}-{}", number % 2);
        let headers = headers(&body, SHOP, topics[at], &event);
        self.engine.receive(KIND, &self.connection.to_string(), &headers, body.as_bytes()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_what_shopify_tells_has_one_effect_in_any_order() {
    in_every_order::<House>("shopify", [1, 120, 360]).await;
}
