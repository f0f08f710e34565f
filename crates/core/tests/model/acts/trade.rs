//! Orders, from the first look into the basket to what comes back.

use baddie_core::engine::OrderView;
use baddie_core::engine::orders::{
    BeginCheckout, CancelCheckout, CancelOrder, CompleteCheckout, ConfirmOrder, CreateCustomer,
    CreatePromotion, EraseCustomer, GetOrder, PlaceOrder,
};
use baddie_core::engine::shipping::{
    AdvanceFulfilment, AdvanceReturn, BuyLabel, FulfilOrder, InspectReturn, PlanFulfilment, RequestReturn,
};
use baddie_core::ids::{OrderId, OrderLineId};
use baddie_core::money::{Money, Ppm};
use baddie_core::orders::{CheckoutSession, CheckoutState, Coupon, Customer, Order, OrderState};
use baddie_core::shipping::{Fulfilment, FulfilmentState, ReturnCase, ReturnState};
use serde_json::{Value, json};

use crate::Life;
use crate::oracle::Hold;

/// A rate that often falls between two units.
const VAT: i64 = 125_000;

impl Life {
    pub(super) async fn order(&self, id: OrderId) -> OrderView {
        self.twins.plain.shop.orders().get(GetOrder { order_id: id }).await.unwrap()
    }

    pub(super) async fn customer(&mut self) {
        let request = json!({ "person": { "name": "Ann Other", "email": "ann@example.org", "address": ["1 High Street"] } });
        self.twins.run::<CreateCustomer>(&request).await.unwrap();
        if self.dice.chance(30) {
            let _ =
                self.twins.run::<EraseCustomer>(&json!({ "customer_id": self.id::<Customer>().await })).await;
        }
    }

    pub(super) async fn promotion(&mut self) {
        let code = self.name("SPRING");
        let (rate, amount) = if self.dice.chance(50) {
            (Some(self.dice.below(500_000)), None)
        } else {
            (None, Some(self.money(self.dice.pence())))
        };
        let request = json!({
            "name": "Spring", "kind": if rate.is_some() { "percent" } else { "amount" }, "rate": rate, "amount": amount,
            "coupons": [{ "code": code, "max_uses": self.dice.qty() }],
        });
        let _ = self.twins.run::<CreatePromotion>(&request).await;
    }

    pub(super) async fn place(&mut self) {
        let (mut lines, mut sum) = (Vec::new(), 0_i64);
        for _ in 0..=self.dice.below(3) {
            let Some(variant) = self.wanted().await else { return };
            let price = if self.dice.chance(30) { Some(self.dice.pence()) } else { None };
            let qty = self.wanted_qty(&variant);
            let with_vat = self.dice.chance(40);
            let taxes: &[Value] =
                if with_vat { &[json!({ "jurisdiction": "GB", "rate": VAT })] } else { &[] };
            let own = price.or(variant.price.map(Money::minor)).unwrap_or(0);
            let net = Money::new(own.saturating_mul(qty), self.currency);
            let tax =
                net.rate(Ppm(VAT), self.rounding).map_or(0, |tax| if with_vat { tax.minor() } else { 0 });
            sum = sum.saturating_add(net.minor()).saturating_add(tax);
            let mut line =
                json!({ "qty": qty, "unit_price": price.map(|minor| self.money(minor)), "taxes": taxes });
            if self.dice.chance(50) {
                line["sku"] = json!(if self.dice.chance(3) { "NO-SUCH" } else { &variant.sku });
            } else {
                line["variant_id"] = json!(variant.id);
            }
            lines.push(line);
        }
        let shipping = self.dice.chance(40).then(|| self.dice.pence());
        let coupon =
            if self.dice.chance(15) { self.any::<Coupon>().await.map(|coupon| coupon.code) } else { None };
        let customer = if self.dice.chance(20) {
            self.any::<Customer>().await.map(|customer| customer.id)
        } else {
            None
        };
        let request = json!({
            "lines": lines, "shipping": shipping.map(|minor| self.money(minor)), "coupon": coupon, "customer_id": customer,
            "split": self.dice.chance(40), "paid": self.dice.chance(60),
        });
        if let Ok(view) = self.twins.run::<PlaceOrder>(&request).await {
            if coupon.is_none() {
                assert_eq!(view.due.minor(), sum + shipping.unwrap_or(0), "the oracle adds up to the right");
            }
            self.oracle.sold(&view);
        }
    }

    pub(super) async fn cancel(&mut self) {
        let Some(order) = self.any_that(|order: &Order| !order.state.is_final()).await else { return };
        let view = self.order(order.id).await;
        let mut wanted: Vec<(OrderLineId, i64)> = Vec::new();
        if self.dice.chance(50) {
            let line = self.dice.pick(&view.lines).unwrap();
            wanted.push((line.id, self.dice.qty()));
        }
        let lines: Vec<_> =
            wanted.iter().map(|(id, qty)| json!({ "order_line_id": id, "qty": qty })).collect();
        let request = json!({ "order_id": order.id, "lines": lines, "reason": "changed my mind" });
        let Ok(after) = self.twins.run::<CancelOrder>(&request).await else { return };
        if wanted.is_empty() {
            wanted = view.lines.iter().map(|line| (line.id, line.open())).collect();
        }
        for (line, qty) in wanted {
            self.oracle.close(order.id, line, qty, false);
        }
        let by_hand = after.payments.iter().all(|payment| payment.provider == "manual");
        let till: i64 = self.oracle.sales[&order.id].till.values().sum();
        self.oracle.told_of_till(&after);
        if by_hand {
            let left: i64 = self.oracle.sales[&order.id].till.values().sum();
            assert_eq!(left, till.min(after.due.minor()), "what is above the worth goes back");
        }
    }

    pub(super) async fn confirm(&mut self) {
        let waits = |order: &Order| matches!(order.state, OrderState::Placed | OrderState::Oversold);
        let Some(order) = self.any_that(waits).await else { return };
        if self.twins.run::<ConfirmOrder>(&json!({ "order_id": order.id })).await.is_ok() {
            self.oracle.promise_all(order.id);
        }
    }

    async fn parcel_lines(&self, order: OrderId) -> Vec<(OrderLineId, i64)> {
        let view = self.order(order).await;
        let mut lines: Vec<_> = view.lines.iter().map(|line| (line.id, line.open())).collect();
        if self.dice.chance(40) {
            let line = self.dice.pick(&lines).unwrap().0;
            lines = vec![(line, self.dice.qty())];
        }
        lines.retain(|(_, open)| *open != 0);
        lines
    }

    pub(super) async fn fulfil(&mut self) {
        let Some(order) = self.any_that(|order: &Order| order.state == OrderState::Confirmed).await else {
            return;
        };
        let parts = self.parcel_lines(order.id).await;
        let lines: Vec<_> =
            parts.iter().map(|(id, qty)| json!({ "order_line_id": id, "qty": qty })).collect();
        let label = self.dice.chance(50).then(|| self.dice.pence());
        let request = json!({ "order_id": order.id, "lines": lines, "carrier": "Post", "label_cost": label.map(|minor| self.money(minor)) });
        if let Ok(parcel) = self.twins.run::<FulfilOrder>(&request).await {
            self.left(&parcel);
            self.oracle.cash -= label.unwrap_or(0);
        }
    }

    fn left(&mut self, parcel: &Fulfilment) {
        for part in &parcel.lines {
            self.oracle.close(parcel.order_id, part.order_line_id, part.qty, true);
        }
    }

    pub(super) async fn plan_parcel(&mut self) {
        let Some(order) = self.any_that(|order: &Order| order.state == OrderState::Confirmed).await else {
            return;
        };
        let parts = self.parcel_lines(order.id).await;
        let lines: Vec<_> =
            parts.iter().map(|(id, qty)| json!({ "order_line_id": id, "qty": qty })).collect();
        let planned =
            self.twins.run::<PlanFulfilment>(&json!({ "order_id": order.id, "lines": lines })).await;
        if let (Ok(parcel), true) = (planned, self.dice.chance(30)) {
            let request = json!({ "fulfilment_id": parcel.id, "carrier": "sandbox" });
            self.twins.run::<BuyLabel>(&request).await.unwrap();
        }
    }

    pub(super) async fn advance_parcel(&mut self) {
        let Some(parcel) = self.any_that(|parcel: &Fulfilment| !parcel.state.is_final()).await else {
            return;
        };
        let step = match parcel.state {
            FulfilmentState::Planned => self.dice.word(&["pack", "pack", "cancel", "ship"]),
            FulfilmentState::Packed => self.dice.word(&["ship", "ship", "cancel"]),
            _ => self.dice.word(&["deliver", "lose", "return_to_sender", "pack"]),
        };
        let request = json!({ "fulfilment_id": parcel.id, "step": step, "tracking": self.dice.chance(10).then_some("T1") });
        if let (Ok(parcel), "ship") = (self.twins.run::<AdvanceFulfilment>(&request).await, step) {
            self.left(&parcel);
        }
    }

    pub(super) async fn request_return(&mut self) {
        let Some(order) = self.any_that(|order: &Order| order.state == OrderState::Completed).await else {
            return;
        };
        let view = self.order(order.id).await;
        let line = self.dice.pick(&view.lines).unwrap();
        let qty = if self.dice.chance(60) { line.fulfilled - line.returned } else { self.dice.qty() };
        let lines = json!([{ "order_line_id": line.id, "qty": qty, "reason": "chipped" }]);
        let _ = self.twins.run::<RequestReturn>(&json!({ "order_id": order.id, "lines": lines })).await;
    }

    pub(super) async fn advance_return(&mut self) {
        let Some(case) = self.any_that(|case: &ReturnCase| !case.state.is_final()).await else { return };
        let steps = [
            "approve", "receive", "receive", "receive", "send", "decline", "cancel", "expire", "lose",
            "close",
        ];
        let request = json!({ "return_id": case.id, "step": self.dice.word(&steps) });
        let _ = self.twins.run::<AdvanceReturn>(&request).await;
    }

    pub(super) async fn inspect(&mut self) {
        let Some(case) = self.any_that(|case: &ReturnCase| case.state == ReturnState::Received).await else {
            return;
        };
        let view = self.order(case.order_id).await;
        let (mut verdicts, mut back) = (Vec::new(), Vec::new());
        for part in &case.lines {
            let words = [
                "restock",
                "restock",
                "restock",
                "quarantine",
                "write_off",
                "to_supplier",
                "keep_with_buyer",
            ];
            let mut left = part.qty;
            while left > 0 {
                let word = self.dice.word(&words);
                let qty = (1 + self.dice.below(left)).min(left);
                left -= qty;
                verdicts
                    .push(json!({ "order_line_id": part.order_line_id, "qty": qty, "disposition": word }));
                if matches!(word, "restock" | "quarantine") {
                    let line = view.lines.iter().find(|line| line.id == part.order_line_id).unwrap();
                    back.push((line.variant_id, qty));
                }
            }
        }
        let request = json!({ "return_id": case.id, "verdicts": verdicts });
        if self.twins.run::<InspectReturn>(&request).await.is_ok() {
            for (variant, qty) in back {
                self.oracle.come(variant, qty);
            }
        }
    }

    pub(super) async fn checkout(&mut self) {
        let mut lines = Vec::new();
        for _ in 0..=self.dice.below(2) {
            let Some(variant) = self.wanted().await else { return };
            lines.push(json!({ "variant_id": variant.id, "qty": self.wanted_qty(&variant) }));
        }
        let coupon =
            if self.dice.chance(20) { self.any::<Coupon>().await.map(|coupon| coupon.code) } else { None };
        let request = json!({ "lines": lines, "coupon": coupon, "shipping": self.dice.chance(30).then(|| self.money(self.dice.pence())) });
        if let Ok(session) = self.twins.run::<BeginCheckout>(&request).await {
            let units =
                session.lines.iter().flat_map(|line| self.oracle.units(line.variant_id, line.qty)).collect();
            self.oracle.checkouts.insert(session.id, Hold { units, until: Some(session.expires_at) });
        }
    }

    pub(super) async fn complete_checkout(&mut self) {
        let Some(session) = self.any_that(|one: &CheckoutSession| one.state == CheckoutState::Ready).await
        else {
            return;
        };
        let request = json!({ "checkout_id": session.id, "paid": self.dice.chance(60) });
        if let Ok(view) = self.twins.run::<CompleteCheckout>(&request).await {
            self.oracle.checkouts.remove(&session.id).expect("it held something");
            self.oracle.sold(&view);
        }
    }

    pub(super) async fn cancel_checkout(&mut self) {
        let Some(session) = self.any_that(|one: &CheckoutSession| one.state == CheckoutState::Ready).await
        else {
            return;
        };
        if self.twins.run::<CancelCheckout>(&json!({ "checkout_id": session.id })).await.is_ok() {
            self.oracle.checkouts.remove(&session.id).expect("it held something");
        }
    }
}
