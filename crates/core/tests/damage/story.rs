//! A shop in which everything has happened once, so that everything can be damaged.

use std::time::Duration;

use baddie_core::catalog::VariantKind;
use baddie_core::engine::Command;
use baddie_core::engine::imports::{BeginImport, FinishImport, ImportStock};
use baddie_core::engine::inventory::HoldStock;
use baddie_core::engine::ledger::{PostEntry, ReverseEntry};
use baddie_core::engine::listings::{ConnectChannel, CreateListing, ReviseListing, SyncChannel};
use baddie_core::engine::orders::{
    BeginCheckout, CancelOrder, CompleteCheckout, CreateCustomer, CreatePromotion, PlaceOrder,
};
use baddie_core::engine::payments::{AuthorisePayment, MovePayment, RecordPayout};
use baddie_core::engine::purchasing::{
    AdvancePurchaseOrder, CreatePurchaseOrder, CreateSupplier, ReceiveGoods, RecordHaul,
};
use baddie_core::engine::shipping::{AdvanceReturn, FulfilOrder, InspectReturn, RequestReturn};
use baddie_core::ids::ChannelId;
use baddie_core::listings::Listing;
use baddie_core::page::PageRequest;
use baddie_core::storage::Scope;
use baddie_core::testing::FixedClock;
use baddie_integrations::sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::House;

/// A shop, the world around it, and its clock.
pub(crate) struct Story {
    pub(crate) house: House,
    pub(crate) world: Sandbox,
    pub(crate) clock: FixedClock,
}

fn gbp(minor: i64) -> Value {
    json!({ "minor": minor, "currency": "GBP" })
}

impl Story {
    async fn run<C: Command>(&self, request: Value) -> C::Answer {
        let command: C = serde_json::from_value(request).unwrap();
        self.house.shop.run(command).await.unwrap()
    }

    async fn settle(&self) {
        for _ in 0..4 {
            self.house.engine.settle().await.unwrap();
            self.clock.advance(Duration::from_secs(40));
        }
    }

    /// Everything happens.
    pub(crate) async fn tell(&self) {
        self.goods().await;
        self.bought().await;
        let channels = self.offered().await;
        self.sold().await;
        self.paid_elsewhere().await;
        self.sold_at(channels).await;
        self.noted().await;
    }

    async fn goods(&self) {
        self.house.stocked("MUG", 900, 40, 8_000).await;
        self.house.stocked("CUP", 700, 30, 3_000).await;
        self.house.bundle("SET", 2_000, &[("MUG", 2), ("CUP", 1)]).await;
        for sku in ["VASE", "LAMP", "CLOCK"] {
            self.house.item(sku, 9_000, 2_500).await;
        }
        let place = json!({ "name": "Set apart", "kind": "quarantine", "sellable": false });
        self.run::<baddie_core::engine::inventory::CreateLocation>(place).await;
    }

    async fn bought(&self) {
        let supplier = self.run::<CreateSupplier>(json!({ "name": "Potteries", "kind": "wholesale" })).await;
        let mug = self.house.variant("MUG").await;
        let lines = json!([{ "variant_id": mug.id, "qty": 10, "unit_cost": gbp(150) }]);
        let request = json!({ "supplier_id": supplier.id, "lines": lines });
        let view = self.run::<CreatePurchaseOrder>(request).await;
        let order = view.order.id;
        self.run::<AdvancePurchaseOrder>(json!({ "purchase_order_id": order, "step": "submit" })).await;
        let arrived = json!([{ "purchase_line_id": view.lines[0].id, "qty": 4 }]);
        let freight = json!([{ "kind": "freight", "amount": gbp(101), "basis": "qty" }]);
        let request = json!({ "purchase_order_id": order, "lines": arrived, "landed_costs": freight });
        self.run::<ReceiveGoods>(request).await;
        let find = |sku: &str, weight: i64| {
            let item = json!({ "title": sku, "sku": sku, "condition": "good", "price": gbp(2_500) });
            json!({ "weight": weight, "item": item })
        };
        let finds = json!([find("JUG", 2), find("BOWL", 1)]);
        self.run::<RecordHaul>(
            json!({ "source": "car boot sale", "total_paid": gbp(1_001), "finds": finds }),
        )
        .await;
    }

    async fn offered(&self) -> Vec<ChannelId> {
        let mut channels = Vec::new();
        for (name, market) in [("Web", "multi_quantity"), ("Attic", "single_quantity")] {
            let fee = json!({ "kind": "final_value", "base": "total", "rate": 129_000, "fixed": gbp(30), "least": null, "most": null });
            let request =
                json!({ "name": name, "kind": "sandbox", "settings": { "market": market }, "fees": [fee] });
            channels.push(self.run::<ConnectChannel>(request).await.id);
        }
        for channel in &channels {
            for sku in ["MUG", "VASE", "CLOCK"] {
                let variant = self.house.variant(sku).await;
                assert_ne!(variant.kind, VariantKind::Bundle);
                self.run::<CreateListing>(json!({ "channel_id": channel, "variant_id": variant.id })).await;
            }
        }
        self.settle().await;
        let mug = self.listing(channels[0], "MUG").await;
        self.run::<ReviseListing>(json!({ "listing_id": mug.id, "price": gbp(950), "reason": "a try" }))
            .await;
        self.settle().await;
        channels
    }

    async fn listing(&self, channel: ChannelId, sku: &str) -> Listing {
        let variant = self.house.variant(sku).await.id;
        let mut tx = self.house.engine.storage().read(Scope::Shop(self.house.shop.id())).await.unwrap();
        let listings = tx.page::<Listing>(&PageRequest::first(200)).await.unwrap().items;
        listings.into_iter().find(|one| (one.channel_id, one.variant_id) == (channel, variant)).unwrap()
    }

    async fn sold(&self) {
        let coupons = json!([{ "code": "SPRING", "max_uses": 5 }]);
        let request = json!({ "name": "Spring", "kind": "percent", "rate": 100_000, "coupons": coupons });
        self.run::<CreatePromotion>(request).await;
        let customer = self.run::<CreateCustomer>(json!({ "person": { "name": "Ann Other" } })).await;
        let vat = json!([{ "jurisdiction": "GB", "rate": 200_000 }]);
        let keyed = self.house.shop.clone().with_key("the-first");
        let first = json!({
            "lines": [{ "sku": "MUG", "qty": 3, "taxes": vat }, { "sku": "SET", "qty": 1 }], "paid": true,
            "shipping": gbp(350), "coupon": "SPRING", "customer_id": customer.customer.id,
        });
        let first = keyed.run::<PlaceOrder>(serde_json::from_value(first).unwrap()).await.unwrap().order.id;
        self.run::<FulfilOrder>(json!({ "order_id": first, "label_cost": gbp(299), "carrier": "Post" }))
            .await;
        // Waits to be sent, in part a bundle.
        self.run::<PlaceOrder>(
            json!({ "lines": [{ "sku": "CUP", "qty": 2 }, { "sku": "SET", "qty": 2 }], "paid": true }),
        )
        .await;
        for sku in ["LAMP", "JUG"] {
            let order =
                self.run::<PlaceOrder>(json!({ "lines": [{ "sku": sku, "qty": 1 }], "paid": true })).await;
            self.run::<FulfilOrder>(json!({ "order_id": order.order.id })).await;
        }
        self.returned().await;
        let line = json!([{ "sku": "CUP", "qty": 1 }]);
        let dropped = self.run::<PlaceOrder>(json!({ "lines": line, "paid": true })).await.order.id;
        self.run::<CancelOrder>(json!({ "order_id": dropped, "reason": "changed my mind" })).await;
    }

    async fn returned(&self) {
        let order =
            self.run::<PlaceOrder>(json!({ "lines": [{ "sku": "MUG", "qty": 2 }], "paid": true })).await;
        let (id, line) = (order.order.id, order.lines[0].id);
        self.run::<FulfilOrder>(json!({ "order_id": id })).await;
        let lines = json!([{ "order_line_id": line, "qty": 1, "reason": "chipped" }]);
        let case = self.run::<RequestReturn>(json!({ "order_id": id, "lines": lines })).await.id;
        for step in ["approve", "receive"] {
            self.run::<AdvanceReturn>(json!({ "return_id": case, "step": step })).await;
        }
        let verdicts = json!([{ "order_line_id": line, "qty": 1, "disposition": "restock" }]);
        self.run::<InspectReturn>(json!({ "return_id": case, "verdicts": verdicts })).await;
        let payment = order.payments[0].id;
        self.run::<MovePayment>(json!({ "payment_id": payment, "step": "refund", "amount": gbp(900) })).await;
    }

    async fn paid_elsewhere(&self) {
        let lines = json!([{ "sku": "CUP", "qty": 3 }]);
        let order = self.run::<PlaceOrder>(json!({ "lines": lines })).await.order.id;
        let request = json!({ "order_id": order, "provider": "sandbox", "method": "tok_visa" });
        let payment = self.run::<AuthorisePayment>(request).await.payment.id;
        self.settle().await;
        self.run::<MovePayment>(json!({ "payment_id": payment, "step": "capture" })).await;
        self.settle().await;
        let request = json!({ "lines": [{ "variant_id": self.house.variant("CUP").await.id, "qty": 1 }] });
        let done = self.run::<BeginCheckout>(request.clone()).await.id;
        self.run::<CompleteCheckout>(json!({ "checkout_id": done, "paid": true })).await;
        self.run::<BeginCheckout>(request.clone()).await;
    }

    async fn sold_at(&self, channels: Vec<ChannelId>) {
        let (vase, mug) = (self.listing(channels[1], "VASE").await, self.listing(channels[0], "MUG").await);
        for (channel, listing) in [(channels[1], vase), (channels[0], mug.clone()), (channels[0], mug)] {
            self.world.buy(channel, listing.external_id.as_deref().unwrap(), 1).unwrap();
        }
        for channel in &channels {
            self.run::<SyncChannel>(json!({ "channel_id": channel })).await;
        }
        self.settle().await;
        let lines = json!([{ "kind": "sale", "amount": gbp(1_000) }, { "kind": "fee", "amount": gbp(-130) }]);
        let request =
            json!({ "channel_id": channels[0], "external_id": "P-1", "amount": gbp(860), "lines": lines });
        self.run::<RecordPayout>(request).await;
    }

    async fn noted(&self) {
        let lines = json!([{ "sku": "CUP", "qty": 1 }]);
        let order = self.run::<PlaceOrder>(json!({ "lines": lines })).await.order.id;
        let request = json!({ "order_id": order, "provider": "sandbox", "method": "tok_visa" });
        self.run::<AuthorisePayment>(request).await;
        let postings = json!([{ "account": "expense:other", "amount": gbp(500) }, { "account": "asset:cash", "amount": gbp(-500) }]);
        let entry = self.run::<PostEntry>(json!({ "memo": "rent", "postings": postings })).await.entry.id;
        self.run::<ReverseEntry>(json!({ "entry_id": entry })).await;
        let run = self.run::<BeginImport>(json!({ "kind": "stock", "file_hash": "ab".repeat(32) })).await.id;
        let counts = json!([{ "sku": "CUP", "on_hand": 33, "cost": gbp(2_000) }]);
        self.run::<ImportStock>(json!({ "import_id": run, "after": 0, "rows": 1, "counts": counts })).await;
        self.run::<FinishImport>(json!({ "import_id": run })).await;
        let cup = self.house.variant("CUP").await.id;
        self.run::<HoldStock>(json!({ "variant_id": cup, "qty": 1, "note": "for Ann" })).await;
        let clock = self.house.variant("CLOCK").await.id;
        self.run::<HoldStock>(json!({ "variant_id": clock, "qty": 1, "note": "for Ann" })).await;
    }
}
