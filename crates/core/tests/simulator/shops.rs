//! What a shop asks for, and what it remembers of the answers.

use baddie_core::engine::catalog::{CreateItem, CreateProduct};
use baddie_core::engine::inventory::AdjustStock;
use baddie_core::engine::listings::{ConnectChannel, CreateListing, EndListing, Relist};
use baddie_core::engine::orders::{BeginCheckout, CancelOrder, CompleteCheckout, ConfirmOrder, PlaceOrder};
use baddie_core::engine::payments::{AuthorisePayment, MovePayment};
use baddie_core::engine::shipping::{AdvanceReturn, FulfilOrder, InspectReturn, RequestReturn};
use baddie_core::engine::{Command, Shop};
use baddie_core::error::Result;
use serde_json::{Value, json};

use crate::scheduler::Dice;

/// A request under its key; who asks again asks the same.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) name: &'static str,
    pub(crate) key: String,
    pub(crate) body: Value,
}

macro_rules! commands {
    ($($command:ident),* $(,)?) => {
        /// Asks a shop.
        pub(crate) async fn ask(shop: Shop, request: Request) -> Result<Value> {
            let shop = shop.with_key(request.key);
            let answer = match request.name {
                $(<$command as Command>::NAME => {
                    shop.run_json(serde_json::from_value::<$command>(request.body).unwrap()).await
                })*
                other => panic!("{other} is not asked for here"),
            };
            answer.map(|json| serde_json::from_str(&json).unwrap())
        }
    };
}

commands! {
    CreateProduct, CreateItem, AdjustStock, ConnectChannel, CreateListing, EndListing, Relist, PlaceOrder, CancelOrder,
    ConfirmOrder, BeginCheckout, CompleteCheckout, AuthorisePayment, MovePayment, FulfilOrder, RequestReturn,
    AdvanceReturn, InspectReturn,
}

/// What a shop knows of itself: names that answers have told it.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) asked: u64,
    pub(crate) skus: Vec<String>,
    pub(crate) variants: Vec<String>,
    pub(crate) channels: Vec<String>,
    pub(crate) listings: Vec<String>,
    pub(crate) orders: Vec<Value>,
    pub(crate) payments: Vec<String>,
    pub(crate) checkouts: Vec<String>,
    pub(crate) returns: Vec<Value>,
}

fn gbp(minor: u64) -> Value {
    json!({ "minor": minor, "currency": "GBP" })
}

impl Memory {
    /// One of ten things that every shop begins with: five products, and stock of each.
    pub(crate) fn beginning(&self, number: usize) -> Request {
        let key = format!("beginning-{number}");
        let (name, body) = if number < 5 {
            let variant = json!({ "sku": format!("B{number}"), "price": gbp(900) });
            (CreateProduct::NAME, json!({ "title": "Mug", "variants": [variant] }))
        } else {
            let stock = json!({ "change": 40, "reason": "opening", "cost": gbp(8_001), "variant_id": self.variants[number - 5] });
            (AdjustStock::NAME, stock)
        };
        Request { name, key, body }
    }

    /// Something that a shop may ask for now.
    pub(crate) fn wish(&mut self, shop: usize, dice: &Dice) -> Request {
        self.asked += 1;
        let number = self.asked;
        let price = gbp(500 + dice.below(2_000));
        let sku = dice.pick(&self.skus).cloned().unwrap_or_default();
        let variant = dice.pick(&self.variants).cloned();
        let order = dice.pick(&self.orders).cloned().unwrap_or_default();
        let (name, body) = match dice.below(34) {
            0 => {
                let sku = format!("S{number}");
                (
                    CreateProduct::NAME,
                    json!({ "title": "Thing", "variants": [{ "sku": sku, "price": price }] }),
                )
            }
            1 => {
                let item = json!({ "title": "Find", "sku": format!("U{number}"), "price": price, "condition": "good", "unit_cost": gbp(200) });
                (CreateItem::NAME, item)
            }
            2..=4 if variant.is_some() => {
                let body = json!({ "variant_id": variant, "change": 1 + dice.below(9), "reason": "found", "cost": gbp(300) });
                (AdjustStock::NAME, body)
            }
            5..=6 | 30..=33 if variant.is_some() && !self.channels.is_empty() => (
                CreateListing::NAME,
                json!({ "channel_id": dice.pick(&self.channels), "variant_id": variant }),
            ),
            7 if !self.listings.is_empty() => {
                (EndListing::NAME, json!({ "listing_id": dice.pick(&self.listings) }))
            }
            8 if !self.listings.is_empty() => {
                (Relist::NAME, json!({ "listing_id": dice.pick(&self.listings) }))
            }
            9 if variant.is_some() => (
                BeginCheckout::NAME,
                json!({ "lines": [{ "variant_id": variant, "qty": 1 + dice.below(2) }] }),
            ),
            10 if !self.checkouts.is_empty() => {
                (CompleteCheckout::NAME, json!({ "checkout_id": dice.pick(&self.checkouts), "paid": true }))
            }
            11..=12 if !order.is_null() => {
                let method = if dice.chance(20) { "decline" } else { "tok_visa" };
                (
                    AuthorisePayment::NAME,
                    json!({ "order_id": order["id"], "provider": "sandbox", "method": method }),
                )
            }
            13..=15 if !self.payments.is_empty() => {
                let step = ["capture", "capture", "refund", "void"][dice.index(4)];
                (MovePayment::NAME, json!({ "payment_id": dice.pick(&self.payments), "step": step }))
            }
            16..=18 if !order.is_null() => (FulfilOrder::NAME, json!({ "order_id": order["id"] })),
            19 if !order.is_null() => {
                (CancelOrder::NAME, json!({ "order_id": order["id"], "reason": "no longer wanted" }))
            }
            20 if !order.is_null() => (ConfirmOrder::NAME, json!({ "order_id": order["id"] })),
            21 if !order.is_null() => {
                let line = json!({ "order_line_id": order["lines"][0]["id"], "qty": 1, "reason": "chipped" });
                (RequestReturn::NAME, json!({ "order_id": order["id"], "lines": [line] }))
            }
            22 if !self.returns.is_empty() => {
                let case = dice.pick(&self.returns).cloned().unwrap_or_default();
                (AdvanceReturn::NAME, json!({ "return_id": case["id"], "step": "receive" }))
            }
            23 if !self.returns.is_empty() => {
                let case = dice.pick(&self.returns).cloned().unwrap_or_default();
                let line = case["lines"][0]["order_line_id"].clone();
                let verdict = json!({ "order_line_id": line, "qty": 1, "disposition": "restock" });
                (InspectReturn::NAME, json!({ "return_id": case["id"], "verdicts": [verdict] }))
            }
            _ => {
                let line = json!({ "sku": sku, "qty": 1 + dice.below(3) });
                (PlaceOrder::NAME, json!({ "lines": [line], "paid": dice.chance(60) }))
            }
        };
        Request { name, key: format!("{shop}-{number}"), body }
    }

    /// Notes what an answer tells.
    pub(crate) fn hear(&mut self, request: &Request, answer: &Value) {
        let text = |at: &str| answer.pointer(at).and_then(Value::as_str).map(str::to_owned);
        match request.name {
            CreateProduct::NAME => {
                self.skus.extend(text("/variants/0/sku"));
                self.variants.extend(text("/variants/0/id"));
            }
            CreateItem::NAME => {
                self.skus.extend(text("/variant/sku"));
                self.variants.extend(text("/variant/id"));
            }
            ConnectChannel::NAME => self.channels.extend(text("/id")),
            CreateListing::NAME | Relist::NAME => self.listings.extend(text("/id")),
            PlaceOrder::NAME | CompleteCheckout::NAME => self.orders.push(answer.clone()),
            AuthorisePayment::NAME => self.payments.extend(text("/id")),
            BeginCheckout::NAME => self.checkouts.extend(text("/id")),
            RequestReturn::NAME => self.returns.push(answer.clone()),
            _ => {}
        }
        // The newest are the ones that something still happens to.
        self.orders.drain(..self.orders.len().saturating_sub(25));
        self.payments.drain(..self.payments.len().saturating_sub(12));
    }
}
