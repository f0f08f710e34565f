//! Money of an order that goes back, through Shopify that took it, and orders that are called off.
//!
//! Shopify keeps a note beside each refund: ours names the refund, so that one whose answer was lost is found. What is given
//! back is shared out over what was taken, the oldest first.

use baddie_core::clock::Timestamp;
use baddie_core::ids::hex;
use baddie_core::listings::{ChannelError, ChannelRefund};
use baddie_core::money::Money;
use baddie_core::payments::{PaymentError, PaymentOutcome};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::amount::money;
use super::calls::{self, Cancelling, RefundInput, Refunding};
use super::channel::told;
use super::wire::Moneys;
use super::{KIND, Node, Shopify};
use crate::http::{Cause, Failure};

/// The money of an order.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrderMoney {
    cancelled_at: Option<Timestamp>,
    transactions: Vec<Transaction>,
    refunds: Vec<Refunded>,
}

/// Money that moved.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Transaction {
    id: String,
    kind: String,
    status: String,
    #[serde(default)]
    gateway: Option<String>,
    amount_set: Moneys,
    #[serde(default, rename = "parentTransaction")]
    parent: Option<Node>,
}

/// Money that went back.
#[derive(Deserialize)]
struct Refunded {
    id: String,
    #[serde(default)]
    note: Option<String>,
}

/// What came of a refund.
#[derive(Deserialize)]
struct Made {
    refund: Option<Node>,
}

impl Shopify {
    /// Calls it off, unless that was done before. What was paid goes back by itself, and how many are left to sell is the
    /// engine's to say.
    pub(super) async fn cancel(&self, order: &str) -> Result<(), ChannelError> {
        if self.is_cancelled(order).await? {
            return Ok(());
        }
        let cancelling = Cancelling {
            order_id: order.to_owned(),
            reason: "OTHER",
            refund: false,
            restock: false,
            notify_customer: true,
        };
        match self.ask::<IgnoredAny>(&calls::cancel_order(&cancelling)).await {
            Ok(_) => Ok(()),
            // Asked again after a lost answer, Shopify refuses to do it twice.
            Err(failure) => {
                if self.is_cancelled(order).await? {
                    Ok(())
                } else {
                    Err(told(failure))
                }
            }
        }
    }

    async fn is_cancelled(&self, order: &str) -> Result<bool, ChannelError> {
        let seen: Option<OrderMoney> = self.ask(&calls::order_money(order)).await.map_err(told)?;
        Ok(seen.ok_or(ChannelError::NotThere)?.cancelled_at.is_some())
    }

    /// Gives it back, unless that was done before.
    pub(super) async fn give_back(&self, refund: &ChannelRefund) -> Result<PaymentOutcome, PaymentError> {
        let seen: Option<OrderMoney> = self.ask(&calls::order_money(&refund.order)).await?;
        let seen = seen.ok_or_else(|| declined("Shopify has no such order"))?;
        let ours = note_of(refund);
        if let Some(done) = seen.refunds.iter().find(|done| done.note.as_deref() == Some(&ours)) {
            return Ok(settled(&done.id));
        }
        let transactions = shares(&seen.transactions, refund)?
            .ok_or_else(|| declined("Shopify holds less of the order than that"))?;
        let input = RefundInput {
            order_id: refund.order.clone(),
            currency: refund.amount.currency().as_str().to_owned(),
            note: ours,
            notify: true,
            refund_line_items: Vec::new(),
            transactions,
        };
        // What is shared out in another way is asked for under another key; what was done is found by its note.
        let asked = serde_json::to_vec(&input).expect("a refund is plain data with texts for keys");
        let key = hex(&digest(&SHA256, &asked).as_ref()[..16]);
        let made: Made = self.ask(&calls::refund(&key, &input)).await?;
        let unclear = || PaymentError::Unknown { reason: "Shopify tells of no refund".into() };
        made.refund.map(|refund| settled(&refund.id)).ok_or_else(unclear)
    }
}

/// From which transactions it comes, and how much of each; nothing where they hold less.
fn shares(all: &[Transaction], refund: &ChannelRefund) -> Result<Option<Vec<Refunding>>, Failure> {
    let wrong =
        |why: &str| Failure::new(KIND, Cause::Protocol, format!("the order's money makes no sense: {why}"));
    let amount =
        |moved: &Transaction| money(&moved.amount_set.shop_money).ok_or_else(|| wrong("an amount is none"));
    let minus = |from: Money, less: Money| from.minus(less).map_err(|error| wrong(&error.to_string()));
    let (mut wanted, mut shares) = (refund.amount, Vec::new());
    for taken in all {
        if !matches!(&*taken.kind, "SALE" | "CAPTURE") || taken.status != "SUCCESS" {
            continue;
        }
        let mut left = amount(taken)?;
        for back in all {
            let of_it = back.parent.as_ref().is_some_and(|parent| parent.id == taken.id);
            if of_it && back.kind == "REFUND" && matches!(&*back.status, "SUCCESS" | "PENDING") {
                left = minus(left, amount(back)?)?;
            }
        }
        let share = wanted.min(left).map_err(|error| wrong(&error.to_string()))?;
        if share.is_positive() {
            wanted = minus(wanted, share)?;
            shares.push(Refunding {
                order_id: refund.order.clone(),
                parent_id: taken.id.clone(),
                gateway: taken.gateway.clone().unwrap_or_default(),
                kind: "REFUND",
                amount: share.to_decimal(),
            });
        }
    }
    Ok(wanted.is_zero().then_some(shares))
}

/// What is written beside it: our name for it.
fn note_of(refund: &ChannelRefund) -> String {
    format!("baddie {}", refund.key)
}

fn settled(id: &str) -> PaymentOutcome {
    PaymentOutcome { provider_ref: id.to_owned(), settled: true, page: None }
}

fn declined(reason: &str) -> PaymentError {
    PaymentError::Declined { reason: reason.to_owned() }
}
