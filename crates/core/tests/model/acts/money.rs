//! Payments and the books.

use baddie_core::engine::ledger::{PostEntry, ReverseEntry};
use baddie_core::engine::payments::{AuthorisePayment, MovePayment, RecordPayment, RecordPayout};
use baddie_core::ledger::{Account, AccountCode, Entry, Posting};
use baddie_core::listings::Channel;
use baddie_core::orders::{Order, OrderState};
use baddie_core::payments::Payment;
use serde_json::json;

use crate::Life;

impl Life {
    pub(super) async fn record_payment(&mut self) {
        let Some(order) = self.any_that(|order: &Order| order.state == OrderState::Placed).await else {
            return;
        };
        let amount = self.dice.chance(50).then(|| self.money(self.dice.pence()));
        let request = json!({ "order_id": order.id, "amount": amount, "note": "cash" });
        if self.twins.run::<RecordPayment>(&request).await.is_ok() {
            let view = self.order(order.id).await;
            self.oracle.told_of_till(&view);
        }
    }

    pub(super) async fn authorise(&mut self) {
        let Some(order) = self.any_that(|order: &Order| order.state == OrderState::Placed).await else {
            return;
        };
        let request = json!({
            "order_id": order.id, "provider": self.dice.word(&["sandbox", "sandbox", "nobody"]),
            "amount": self.dice.chance(40).then(|| self.money(self.dice.pence())),
            "method": self.dice.word(&["tok_visa", "tok_visa", "decline"]),
        });
        let _ = self.twins.run::<AuthorisePayment>(&request).await;
    }

    pub(super) async fn move_payment(&mut self) {
        let Some(payment) = self.any::<Payment>().await else { return };
        let step = self.dice.word(&[
            "capture",
            "capture",
            "void",
            "refund",
            "refund",
            "chargeback",
            "chargeback_reversal",
        ]);
        let request = json!({
            "payment_id": payment.id, "step": step, "amount": self.dice.chance(50).then(|| self.money(self.dice.pence())),
        });
        if self.twins.run::<MovePayment>(&request).await.is_ok() {
            let view = self.order(payment.order_id).await;
            self.oracle.told_of_till(&view);
        }
    }

    pub(super) async fn payout(&mut self) {
        let Some(channel) = self.any::<Channel>().await else { return };
        let (amount, fee) = (self.dice.pence(), self.dice.below(200));
        let known = self.dice.chance(20);
        let name = if known { "P-0".to_owned() } else { self.name("P") };
        let fresh = !known || !self.oracle.payouts.contains(&(channel.id, name.clone()));
        let request = json!({
            "channel_id": channel.id, "external_id": name, "amount": self.money(amount),
            "lines": [{ "kind": "sale", "amount": self.money(amount + fee) }, { "kind": "fee", "amount": self.money(-fee - self.dice.below(2)) }],
        });
        if self.twins.run::<RecordPayout>(&request).await.is_ok() && fresh {
            self.oracle.cash += amount;
            self.oracle.payouts.insert((channel.id, name));
        }
    }

    pub(super) async fn post_entry(&mut self) {
        let amount = self.dice.pence();
        let other = self.dice.word(&["expense:other", "equity:owner", "asset:suspense", "asset:inventory"]);
        let off = i64::from(self.dice.chance(10));
        let request = json!({
            "memo": "by hand",
            "postings": [{ "account": other, "amount": self.money(amount + off) }, { "account": "asset:cash", "amount": self.money(-amount) }],
        });
        if self.twins.run::<PostEntry>(&request).await.is_ok() {
            self.oracle.cash -= amount;
        }
    }

    pub(super) async fn reverse_entry(&mut self) {
        let Some(entry) = self.any_that(|entry: &Entry| entry.source_type == "manual").await else { return };
        let postings = self.twins.parts::<Posting>(entry.id).await;
        if self.twins.run::<ReverseEntry>(&json!({ "entry_id": entry.id })).await.is_ok() {
            let cash = AccountCode::from(Account::Cash);
            let posted = postings
                .iter()
                .filter(|posting| posting.account == cash)
                .map(|posting| posting.amount.minor());
            self.oracle.cash -= posted.sum::<i64>();
        }
    }
}
