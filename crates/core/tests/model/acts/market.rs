//! Channels, what is offered there, and who buys it.

use std::time::Duration;

use baddie_core::catalog::Variant;
use baddie_core::clock::Clock;
use baddie_core::engine::insights::{DecideRefill, ProposeRefill};
use baddie_core::engine::inventory::CreateLocation;
use baddie_core::engine::listings::{
    ConnectChannel, CreateListing, EndListing, PublishListing, Relist, ReviseListing, SyncChannel,
};
use baddie_core::engine::orders::CreateCustomer;
use baddie_core::engine::pricing::{ApplyPricingRules, DecidePrice, ProposePrice, SetPricingRule};
use baddie_core::engine::purchasing::CreateSupplier;
use baddie_core::insights::RefillProposal;
use baddie_core::listings::{Channel, EndReason, Listing, ListingState};
use baddie_core::orders::Order;
use baddie_core::pricing::PriceProposal;
use baddie_core::purchasing::Supplier;
use serde_json::json;

use crate::Life;

impl Life {
    /// What every shop of the model begins with.
    pub(crate) async fn open(&mut self) {
        for (name, market, buffer) in
            [("Web", "multi_quantity", 1), ("Attic", "single_quantity", 0), ("Shop", "multi_quantity", 0)]
        {
            let fee = json!({ "kind": "final_value", "base": "total", "rate": 129_000, "fixed": self.money(30), "least": null, "most": null });
            let request = json!({
                "name": name, "kind": "sandbox", "settings": { "market": market }, "buffer_qty": buffer, "fees": [fee],
            });
            self.twins.run::<ConnectChannel>(&request).await.unwrap();
        }
        let apart = json!({ "name": "Set apart", "kind": "quarantine", "sellable": false });
        self.twins.run::<CreateLocation>(&apart).await.unwrap();
        self.twins.run::<CreateSupplier>(&json!({ "name": "Potteries", "kind": "wholesale" })).await.unwrap();
        self.twins.run::<CreateCustomer>(&json!({ "person": { "name": "Ann Other" } })).await.unwrap();
        for _ in 0..3 {
            self.describe_product().await;
            self.take_in_item().await;
        }
    }

    pub(super) async fn list(&mut self) {
        let Some(variant) = self.wanted().await else { return };
        let request = json!({
            "channel_id": self.id::<Channel>().await, "variant_id": variant.id,
            "draft": self.dice.chance(10), "min_price": self.dice.chance(30).then(|| self.money(self.dice.pence())),
        });
        let _ = self.twins.run::<CreateListing>(&request).await;
    }

    pub(super) async fn publish(&mut self) {
        let fits = |listing: &Listing| matches!(listing.state, ListingState::Draft | ListingState::Ready);
        let Some(listing) = self.any_that(fits).await else { return };
        let _ = self.twins.run::<PublishListing>(&json!({ "listing_id": listing.id })).await;
    }

    pub(super) async fn revise(&mut self) {
        let Some(listing) = self.any_that(Listing::is_open).await else { return };
        let request = json!({
            "listing_id": listing.id, "price": self.money(self.dice.pence()), "reason": "a try",
            "title": self.dice.chance(30).then_some("A mug, blue"),
        });
        let _ = self.twins.run::<ReviseListing>(&request).await;
    }

    pub(super) async fn end_listing(&mut self) {
        let Some(listing) = self.any_that(Listing::is_open).await else { return };
        let name = listing.external_id.clone().filter(|_| self.dice.chance(30));
        if let Some(name) = name {
            self.twins.happen(|world| world.take_down(listing.channel_id, &name, EndReason::Expired));
        } else {
            let _ = self.twins.run::<EndListing>(&json!({ "listing_id": listing.id })).await;
        }
    }

    pub(super) async fn relist(&mut self) {
        let Some(listing) = self.any_that(|listing: &Listing| !listing.is_open()).await else { return };
        let _ = self.twins.run::<Relist>(&json!({ "listing_id": listing.id })).await;
    }

    pub(super) async fn buy(&mut self) {
        let Some(listing) = self.any_that(|one: &Listing| one.state == ListingState::Live).await else {
            return;
        };
        let Some(name) = &listing.external_id else { return };
        let (qty, paid) = (1 + self.dice.below(2), self.dice.chance(80));
        self.twins.happen(|world| {
            if paid {
                world.buy(listing.channel_id, name, qty)
            } else {
                world.buy_unpaid(listing.channel_id, name, qty)
            }
        });
        if self.dice.chance(50) {
            self.ask_channels().await;
        }
    }

    pub(super) fn change_order(&mut self) {
        let channels: Vec<_> = self.oracle.channels.iter().copied().collect();
        let Some(&channel) = self.dice.pick(&channels) else { return };
        let orders = self.twins.happen(|world| world.orders(channel)).unwrap();
        let Some(order) = self.dice.pick(&orders) else { return };
        let pays = self.dice.chance(60);
        self.twins.happen(|world| {
            if pays {
                world.pay_later(channel, &order.external_id)
            } else {
                world.cancel_order(channel, &order.external_id)
            }
        });
    }

    pub(super) async fn reprice(&mut self) {
        let rule = json!({
            "name": "Markdown", "after_days": self.dice.below(2), "every_days": 1, "step": 50_000, "most": 400_000,
            "ending": self.dice.chance(50).then_some(99), "active": true,
        });
        match self.dice.below(6) {
            0 => drop(self.twins.run::<SetPricingRule>(&rule).await),
            1 => drop(self.twins.run::<ApplyPricingRules>(&json!({})).await),
            2 => {
                let request = json!({
                    "listing_id": self.id::<Listing>().await, "price": self.money(self.dice.pence()),
                    "strategy": "clear_stock", "explanation": "it has lain long",
                });
                let _ = self.twins.run::<ProposePrice>(&request).await;
            }
            3 => {
                let request = json!({ "price_proposal_id": self.id::<PriceProposal>().await, "decision": self.dice.word(&["approve", "reject"]) });
                let _ = self.twins.run::<DecidePrice>(&request).await;
            }
            4 => {
                let request = json!({
                    "variant_id": self.id::<Variant>().await, "supplier_id": self.id::<Supplier>().await,
                    "qty": self.dice.qty(), "explanation": "running out",
                });
                let _ = self.twins.run::<ProposeRefill>(&request).await;
            }
            _ => {
                let request = json!({ "refill_proposal_id": self.id::<RefillProposal>().await, "decision": self.dice.word(&["approve", "reject"]) });
                let _ = self.twins.run::<DecideRefill>(&request).await;
            }
        }
    }

    /// Asks one channel after the other, so that orders come in in the same order at both.
    async fn ask_channels(&mut self) {
        self.twins.settle().await;
        for channel in self.twins.newest::<Channel>().await {
            self.oracle.channels.insert(channel.id);
            self.twins.run::<SyncChannel>(&json!({ "channel_id": channel.id })).await.unwrap();
            self.twins.settle().await;
        }
    }

    pub(super) async fn pass_time(&mut self) {
        let minutes = match self.dice.below(10) {
            0..=5 => 1 + self.dice.below(4),
            6..=8 => 8,
            _ => 20,
        };
        let mut left = minutes;
        while left > 0 {
            self.pass_minutes(left.min(4)).await;
            left -= 4;
        }
        if self.dice.chance(15) {
            // Then every channel is asked at once; so whatever is still to be told is told before.
            self.pass_minutes(4).await;
            self.twins.clock.advance(Duration::from_hours(24));
        }
        self.oracle.run_out(self.twins.clock.now());
    }

    /// Less than it takes until a channel is asked without being told to.
    async fn pass_minutes(&mut self, minutes: i64) {
        self.twins.clock.advance(Duration::from_secs(60 * u64::try_from(minutes).unwrap()));
        self.ask_channels().await;
    }

    /// Tells the oracle what the channels told the shop.
    pub(crate) async fn told_by_channels(&mut self) {
        let orders: Vec<Order> = self.twins.all().await;
        for order in orders.iter().filter(|order| order.channel_id.is_some()).rev() {
            let known = self.oracle.sales.contains_key(&order.id);
            if known && order.state.is_final() && self.oracle.closed(order.id) {
                continue;
            }
            let view = self.order(order.id).await;
            if !known {
                self.oracle.sold(&view);
            }
            // Called off at the channel: wholly, or what was not sent of it.
            if order.state.is_final() {
                for line in &view.lines {
                    let open = self.oracle.sales[&order.id].lines[&line.id].open;
                    self.oracle.close(order.id, line.id, open, false);
                }
            }
            self.oracle.told_of_till(&view);
        }
    }
}
