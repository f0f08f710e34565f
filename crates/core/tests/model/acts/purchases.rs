//! Buying.

use baddie_core::catalog::{Variant, VariantKind};
use baddie_core::engine::purchasing::{
    AdvancePurchaseOrder, CreatePurchaseOrder, CreateSupplier, ReceiveGoods, RecordHaul, SetOffer,
};
use baddie_core::inventory::Location;
use baddie_core::purchasing::{PurchaseOrder, PurchaseOrderState, Supplier};
use serde_json::json;

use crate::Life;

impl Life {
    pub(super) async fn supplier(&mut self) {
        let request = json!({ "name": self.name("Supplier"), "kind": "wholesale", "lead_days_mean": self.dice.below(20) });
        let _ = self.twins.run::<CreateSupplier>(&request).await;
    }

    pub(super) async fn offer(&mut self) {
        let Some(variant) = self.any_that(|v: &Variant| v.kind == VariantKind::Stocked).await else { return };
        let cost = self.dice.pence();
        let breaks =
            self.dice.chance(40).then(|| vec![json!({ "min_qty": 10, "unit_cost": self.money(cost / 2) })]);
        let request = json!({
            "supplier_id": self.id::<Supplier>().await, "variant_id": variant.id, "unit_cost": self.money(cost),
            "price_breaks": breaks.unwrap_or_default(), "moq": 1 + self.dice.below(3), "pack": 1 + self.dice.below(2),
        });
        let _ = self.twins.run::<SetOffer>(&request).await;
    }

    pub(super) async fn order_goods(&mut self) {
        let mut lines = Vec::new();
        for _ in 0..=self.dice.below(3) {
            let Some(variant) = self.any_that(|v: &Variant| v.kind == VariantKind::Stocked).await else {
                return;
            };
            let cost = self.dice.chance(70).then(|| self.money(self.dice.pence()));
            lines.push(json!({ "variant_id": variant.id, "qty": self.dice.qty(), "unit_cost": cost }));
        }
        let place = if self.dice.chance(20) { Some(self.id::<Location>().await) } else { None };
        let request =
            json!({ "supplier_id": self.id::<Supplier>().await, "location_id": place, "lines": lines });
        if let Ok(view) = self.twins.run::<CreatePurchaseOrder>(&request).await
            && self.dice.chance(70)
        {
            let request = json!({ "purchase_order_id": view.order.id, "step": "submit" });
            self.twins.run::<AdvancePurchaseOrder>(&request).await.unwrap();
        }
    }

    pub(super) async fn advance_purchase(&mut self) {
        let open = |order: &PurchaseOrder| !order.state.is_final();
        let Some(order) = self.any_that(open).await else { return };
        let step = self.dice.word(&["submit", "submit", "acknowledge", "cancel", "close"]);
        let request = json!({
            "purchase_order_id": order.id, "step": step,
            "expected_version": self.dice.chance(20).then_some(order.version),
        });
        let _ = self.twins.run::<AdvancePurchaseOrder>(&request).await;
    }

    pub(super) async fn receive(&mut self) {
        use PurchaseOrderState as S;
        let coming =
            |order: &PurchaseOrder| matches!(order.state, S::Submitted | S::Acknowledged | S::PartReceived);
        let Some(order) = self.any_that(coming).await else { return };
        let lines = self.twins.parts::<baddie_core::purchasing::PurchaseLine>(order.id).await;
        let mut arrived = Vec::new();
        for line in lines.iter().filter(|_| self.dice.chance(70)) {
            let all = (line.qty - line.received - line.cancelled).max(0);
            let qty = if self.dice.chance(50) { all } else { self.dice.qty() };
            arrived.push((line.variant_id, qty, json!({ "purchase_line_id": line.id, "qty": qty })));
        }
        let freight = json!({ "kind": "freight", "amount": self.money(self.dice.pence()), "basis": self.dice.word(&["qty", "value", "weight"]) });
        let request = json!({
            "purchase_order_id": order.id, "lines": arrived.iter().map(|(.., line)| line).collect::<Vec<_>>(),
            "landed_costs": if self.dice.chance(50) { vec![freight] } else { Vec::new() },
            "tolerance": if self.dice.chance(30) { 200_000 } else { 0 },
        });
        if self.twins.run::<ReceiveGoods>(&request).await.is_ok() {
            for (variant, qty, _) in arrived {
                self.oracle.come(variant, qty);
            }
        }
    }

    pub(super) async fn haul(&mut self) {
        let total = self.dice.pence();
        let asked = self.money(2_500);
        let find = |sku: String, weight: i64| {
            let item =
                json!({ "title": format!("Find {sku}"), "sku": sku, "condition": "good", "price": asked });
            json!({ "weight": weight, "item": item })
        };
        let finds: Vec<_> = (0..=self.dice.below(3))
            .map(|_| find(self.name("HAUL"), self.dice.below(5) - i64::from(self.dice.chance(3))))
            .collect();
        let request = json!({ "source": "car boot sale", "total_paid": self.money(total), "finds": finds });
        if let Ok(view) = self.twins.run::<RecordHaul>(&request).await {
            self.oracle.cash -= total;
            for item in view.items {
                self.oracle.come(item.variant.id, 1);
            }
        }
    }
}
