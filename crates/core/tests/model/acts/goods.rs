//! The catalog and what lies on the shelves.

use baddie_core::catalog::{Product, Variant, VariantKind};
use baddie_core::engine::catalog::{AddVariant, CreateItem, CreateProduct, UpdateProduct, UpdateVariant};
use baddie_core::engine::inventory::{AdjustStock, CreateLocation, HoldStock, ReleaseHold, TransferStock};
use baddie_core::inventory::{HoldOwner, Location, Reservation, ReservationState, StockLevel};
use serde_json::json;

use crate::Life;
use crate::oracle::Hold;

impl Life {
    pub(super) async fn describe_product(&mut self) {
        let dice = &self.dice;
        let (price, price_too) = (dice.pence(), dice.pence());
        let backorder = if dice.chance(20) { dice.below(4) } else { 0 };
        let safety = if dice.chance(20) { dice.below(3) } else { 0 };
        let (first, second) = (self.name("SKU"), self.name("SKU"));
        let request = json!({
            "title": format!("Mug {first}"), "brand": "Spode", "description": "Blue, with a ring.",
            "variants": [
                { "sku": first, "price": self.money(price), "weight_g": 350, "safety_stock": safety },
                { "sku": second, "price": self.money(price_too), "backorder_limit": backorder },
            ],
        });
        let _ = self.twins.run::<CreateProduct>(&request).await;
    }

    pub(super) async fn describe_bundle(&mut self) {
        let stocked = |variant: &Variant| variant.kind == VariantKind::Stocked;
        let (one, two) = (self.any_that(stocked).await, self.any_that(stocked).await);
        let (Some(one), Some(two)) = (one, two) else { return };
        let (qty, qty_too) = (1 + self.dice.below(2), self.dice.qty().min(2));
        let sku = self.name("SET");
        let parts = json!([{ "variant_id": one.id, "qty": qty }, { "variant_id": two.id, "qty": qty_too }]);
        let bundle = json!({ "sku": sku, "price": self.money(self.dice.pence()), "components": parts });
        let made = if self.dice.chance(50) {
            let request = json!({ "title": format!("Set {sku}"), "variants": [bundle] });
            self.twins.run::<CreateProduct>(&request).await.map(|view| view.variants[0].variant.id)
        } else {
            let mut request = bundle;
            request["product_id"] = json!(self.id::<Product>().await);
            self.twins.run::<AddVariant>(&request).await.map(|variant| variant.id)
        };
        if let Ok(id) = made {
            self.oracle.bundles.insert(id, vec![(one.id, qty), (two.id, qty_too)]);
        }
    }

    pub(super) async fn take_in_item(&mut self) {
        let sku = self.name("ONE");
        let mut request = json!({
            "title": format!("Lamp {sku}"), "sku": sku, "condition": "good", "unit_cost": self.money(self.dice.pence()),
            "price": self.money(self.dice.pence()), "bin": "A1",
        });
        if self.dice.chance(20) {
            request["location_id"] = json!(self.id::<Location>().await);
        }
        if let Ok(view) = self.twins.run::<CreateItem>(&request).await {
            self.oracle.come(view.variant.id, 1);
        }
    }

    pub(super) async fn change_variant(&mut self) {
        let request = json!({
            "variant_id": self.id::<Variant>().await,
            "price": self.dice.chance(60).then(|| self.money(self.dice.pence())),
            "backorder_limit": self.dice.chance(40).then(|| self.dice.below(4)),
            "safety_stock": self.dice.chance(20).then(|| self.dice.below(3)),
            "expected_version": self.dice.chance(20).then(|| 1 + self.dice.below(3)),
        });
        let _ = self.twins.run::<UpdateVariant>(&request).await;
        let request = json!({
            "product_id": self.id::<Product>().await, "brand": self.dice.word(&["Spode", "Wedgwood", "Moorcroft"]),
        });
        let _ = self.twins.run::<UpdateProduct>(&request).await;
    }

    pub(super) async fn adjust(&mut self) {
        let Some(variant) = self.any_that(|v: &Variant| v.kind == VariantKind::Stocked).await else { return };
        let more = self.dice.chance(75);
        let change = if more { self.dice.qty().saturating_mul(4) } else { -self.dice.qty().min(9) };
        let more = change > 0;
        let reasons: &[_] = if more { &["count", "found", "opening"] } else { &["count", "damage", "loss"] };
        let reason = if self.dice.chance(5) { "receipt" } else { self.dice.word(reasons) };
        let somewhere = if self.dice.chance(25) { Some(self.id::<Location>().await) } else { None };
        let request = json!({
            "variant_id": variant.id, "location_id": somewhere, "change": change, "reason": reason,
            "cost": more.then(|| self.money(self.dice.pence())),
        });
        if self.twins.run::<AdjustStock>(&request).await.is_ok() {
            self.oracle.come(variant.id, change);
        }
    }

    pub(super) async fn make_place(&mut self) {
        let name = if self.dice.chance(10) { "Home".to_owned() } else { self.name("Place") };
        let kind = self.dice.word(&["storage", "3pl", "consignment", "quarantine", "transit"]);
        let request = json!({
            "name": name, "kind": kind, "sellable": self.dice.chance(40), "priority": self.dice.below(3) - 1,
        });
        let _ = self.twins.run::<CreateLocation>(&request).await;
    }

    pub(super) async fn transfer(&mut self) {
        let Some(level) = self.any_that(|level: &StockLevel| level.on_hand > 0).await else { return };
        let from = if self.dice.chance(90) { level.location_id } else { self.id::<Location>().await };
        let request = json!({
            "variant_id": level.variant_id, "from": from, "to": self.id::<Location>().await,
            "qty": if self.dice.chance(60) { self.dice.qty().min(level.on_hand) } else { self.dice.qty() },
        });
        let _ = self.twins.run::<TransferStock>(&request).await;
    }

    pub(super) async fn hold(&mut self) {
        let minutes = 5 + self.dice.below(60);
        let until = self
            .twins
            .clock
            .advance(std::time::Duration::ZERO)
            .plus(std::time::Duration::from_secs(60 * u64::try_from(minutes).unwrap()));
        let Some(variant) = self.wanted().await else { return };
        let request = json!({
            "variant_id": variant.id, "qty": self.wanted_qty(&variant), "note": self.name("for Ann"),
            "expires_at": self.dice.chance(60).then_some(until),
        });
        for hold in self.twins.run::<HoldStock>(&request).await.unwrap_or_default() {
            let units = vec![(hold.variant_id, hold.qty)];
            self.oracle.holds.insert(hold.id, Hold { units, until: hold.expires_at });
        }
    }

    pub(super) async fn release(&mut self) {
        let by_hand =
            |hold: &Reservation| hold.owner == HoldOwner::ManualHold && hold.state == ReservationState::Held;
        let Some(hold) = self.any_that(by_hand).await else { return };
        if self.twins.run::<ReleaseHold>(&json!({ "reservation_id": hold.id })).await.is_ok() {
            self.oracle.holds.remove(&hold.id).expect("it was held");
        }
    }
}
