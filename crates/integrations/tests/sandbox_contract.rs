//! The sandbox against the ports' contracts: in a world where all goes well, and in one where much goes wrong.
#![cfg(feature = "sandbox")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::ids::ListingId;
use baddie_core::listings::{Channel, SalesChannel};
use baddie_core::payments::PaymentProvider;
use baddie_core::shipping::Carrier;
use baddie_core::testing::FixedClock;
use baddie_core::testing::ports::carrier::CarrierRig;
use baddie_core::testing::ports::channel::{ChannelRig, connect};
use baddie_core::testing::ports::payment::PaymentRig;
use baddie_core::{carrier_conformance, channel_conformance, payment_conformance};
use baddie_integrations::sandbox::{
    Bank, Config, DECLINE, Faults, KIND, Marketplaces, PerMille, Post, SLOW, Sandbox,
};

struct Rig {
    clock: FixedClock,
    sandbox: Sandbox,
    marketplaces: Marketplaces,
    bank: Bank,
    post: Post,
    at: Channel,
    method: &'static str,
}

fn rig(market: &str, faults: Faults, method: &'static str) -> Rig {
    let clock = FixedClock::default();
    let config = Config { seed: 42, faults, page: 7, ..Config::default() };
    let sandbox = Sandbox::new(config, Arc::new(clock.clone()));
    let marketplaces = sandbox.marketplaces();
    let at = connect(1, KIND, &marketplaces, serde_json::json!({ "market": market }));
    Rig { bank: sandbox.bank(), post: sandbox.post(), clock, sandbox, marketplaces, at, method }
}

/// A day on which nearly half of all calls and notices go astray.
fn bad_day() -> Faults {
    Faults {
        rate_limited: PerMille(100),
        unavailable: PerMille(100),
        lost_requests: PerMille(100),
        lost_answers: PerMille(150),
        duplicated: PerMille(100),
        delayed: PerMille(100),
        reordered: PerMille(100),
        lost: PerMille(100),
        bids: PerMille(300),
        lost_parcels: PerMille(300),
        ..Faults::none()
    }
}

#[async_trait]
impl ChannelRig for Rig {
    fn port(&self) -> &dyn SalesChannel {
        &self.marketplaces
    }
    fn at(&self) -> &Channel {
        &self.at
    }
    async fn sell(&self, external_id: &str, qty: i64) -> String {
        self.sandbox.buy(self.at.id, external_id, qty).expect("what is on offer can be bought")
    }
    async fn count(&self, key: ListingId) -> usize {
        let listings = self.sandbox.listings(self.at.id).expect("a world kept nowhere is always kept");
        listings.iter().filter(|shown| shown.key == key && shown.ended.is_none()).count()
    }
    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

#[async_trait]
impl PaymentRig for Rig {
    fn port(&self) -> &dyn PaymentProvider {
        &self.bank
    }
    fn good_method(&self) -> &str {
        self.method
    }
    fn bad_method(&self) -> &str {
        DECLINE
    }
    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

#[async_trait]
impl CarrierRig for Rig {
    fn port(&self) -> &dyn Carrier {
        &self.post
    }
    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

channel_conformance!([tokio::test] a_web_shop, || rig("multi_quantity", Faults::none(), "card"));
channel_conformance!([tokio::test] a_thrift_place, || rig("single_quantity", Faults::none(), "card"));
channel_conformance!([tokio::test] an_auction_house, || rig("auction", Faults::none(), "card"));
channel_conformance!([tokio::test] a_web_shop_on_a_bad_day, || rig("multi_quantity", bad_day(), "card"));
channel_conformance!([tokio::test] a_thrift_place_on_a_bad_day, || rig("single_quantity", bad_day(), "card"));
channel_conformance!([tokio::test] an_auction_house_on_a_bad_day, || rig("auction", bad_day(), "card"));

payment_conformance!([tokio::test] a_bank, || rig("auction", Faults::none(), "card"));
payment_conformance!([tokio::test] a_slow_bank, || rig("auction", Faults::none(), SLOW));
payment_conformance!([tokio::test] a_bank_on_a_bad_day, || rig("auction", bad_day(), SLOW));

carrier_conformance!([tokio::test] a_carrier, || rig("auction", Faults::none(), "card"));
carrier_conformance!([tokio::test] a_carrier_on_a_bad_day, || rig("auction", bad_day(), "card"));
