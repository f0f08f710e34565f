//! The proof that the books, the stock and the listings agree; read-only, at any time.
//!
//! Each check is an invariant of the domain, named by its number there. Everything is read page by page.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Boxed, Engine};
use crate::catalog::{Item, ItemStatus, Variant, VariantKind};
use crate::entity::{Append, Entity};
use crate::error::Result;
use crate::ids::{ShopId, VariantId};
use crate::inventory::{CostLayer, Reservation, ReservationState, StockLevel, StockMove};
use crate::ledger::{Account, AccountCode, Entry, Posting};
use crate::listings::{Desired, Listing, ListingState};
use crate::money::{Currency, Money};
use crate::orders::{Order, OrderAdjustment, OrderLine, OrderState, totals};
use crate::page::{MAX_LIMIT, PageRequest};
use crate::payments::{Payment, PaymentTxn, Payout, TxnKind, TxnState};
use crate::storage::{Scope, Tx};

/// What was checked and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// How many facts were checked.
    pub checks: u64,
    /// How many of them were wrong.
    pub violations: u64,
    /// How many were checked of each invariant.
    pub by_invariant: BTreeMap<String, u64>,
    /// The first 100 that were wrong.
    pub details: Vec<Violation>,
}

/// A fact that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Violation {
    /// The shop.
    pub shop: Option<ShopId>,
    /// The invariant, by its number.
    pub invariant: String,
    /// What it is about.
    pub subject: String,
    /// What is wrong.
    pub problem: String,
}

struct Checker {
    shop: Option<ShopId>,
    verdict: Verdict,
}

impl Checker {
    fn check(
        &mut self,
        invariant: &str,
        holds: bool,
        subject: impl ToString,
        problem: impl FnOnce() -> String,
    ) {
        self.verdict.checks += 1;
        match self.verdict.by_invariant.get_mut(invariant) {
            Some(count) => *count += 1,
            None => {
                self.verdict.by_invariant.insert(invariant.to_owned(), 1);
            }
        }
        if holds {
            return;
        }
        self.verdict.violations += 1;
        if self.verdict.details.len() < 100 {
            self.verdict.details.push(Violation {
                shop: self.shop,
                invariant: invariant.to_owned(),
                subject: subject.to_string(),
                problem: problem(),
            });
        }
    }
}

impl Engine {
    /// Checks every invariant of every shop, and the store's own soundness. `progress` hears how many facts were
    /// checked so far.
    pub fn verify<'a>(&'a self, progress: &'a (dyn Fn(u64) + Send + Sync)) -> Boxed<'a, Verdict> {
        Box::pin(async move {
            let mut checker = Checker { shop: None, verdict: Verdict::default() };
            let problems = self.0.storage.check().await?;
            checker.check("F6", problems.is_empty(), "store", || problems.join("; "));
            for shop in self.shops().await? {
                checker.shop = Some(shop);
                let mut tx = self.0.storage.read(Scope::Shop(shop)).await?;
                let tx = &mut *tx;
                stock(tx, &mut checker).await?;
                progress(checker.verdict.checks);
                books(tx, &mut checker).await?;
                progress(checker.verdict.checks);
                orders(tx, &mut checker).await?;
                progress(checker.verdict.checks);
                listings(tx, &mut checker).await?;
                progress(checker.verdict.checks);
            }
            Ok(checker.verdict)
        })
    }
}

/// Reads everything of one kind, page by page.
struct Pages {
    next: Option<PageRequest>,
}

impl Pages {
    fn new() -> Self {
        Self { next: Some(PageRequest::first(MAX_LIMIT)) }
    }

    async fn next<E: Entity>(&mut self, tx: &mut Tx) -> Result<Option<Vec<E>>>
    where
        Tx: Append<E>,
    {
        let Some(request) = self.next.take() else { return Ok(None) };
        let page = tx.page::<E>(&request).await?;
        self.next =
            page.next_cursor.map(|cursor| PageRequest { limit: Some(MAX_LIMIT), cursor: Some(cursor) });
        Ok(Some(page.items))
    }
}

async fn stock(tx: &mut Tx, checker: &mut Checker) -> Result<()> {
    let mut moved: BTreeMap<(VariantId, crate::ids::LocationId), i64> = BTreeMap::new();
    let mut pages = Pages::new();
    while let Some(moves) = pages.next::<StockMove>(tx).await? {
        for step in moves {
            *moved.entry((step.variant_id, step.location_id)).or_default() += step.d_on_hand;
        }
    }
    let mut held: BTreeMap<(VariantId, crate::ids::LocationId), i64> = BTreeMap::new();
    let mut pages = Pages::new();
    while let Some(reservations) = pages.next::<Reservation>(tx).await? {
        for hold in reservations {
            if hold.state == ReservationState::Held {
                *held.entry((hold.variant_id, hold.location_id)).or_default() += hold.qty;
            }
            checker.check("I2", hold.qty > 0, hold.id, || format!("it holds {}", hold.qty));
        }
    }
    let mut layered: BTreeMap<VariantId, i64> = BTreeMap::new();
    let mut value: BTreeMap<Currency, i128> = BTreeMap::new();
    let mut pages = Pages::new();
    while let Some(layers) = pages.next::<CostLayer>(tx).await? {
        for layer in layers {
            let fine = (0..=layer.qty_in).contains(&layer.qty_left)
                && !layer.cost_left.is_negative()
                && (layer.qty_left > 0 || layer.cost_left.is_zero());
            checker.check("L5", fine, layer.id, || {
                format!("{} of {} units with {} are left", layer.qty_left, layer.qty_in, layer.cost_left)
            });
            *layered.entry(layer.variant_id).or_default() += layer.qty_left;
            *value.entry(layer.cost_left.currency()).or_default() += i128::from(layer.cost_left.minor());
        }
    }
    let mut on_hand: BTreeMap<VariantId, i64> = BTreeMap::new();
    let mut pages = Pages::new();
    while let Some(levels) = pages.next::<StockLevel>(tx).await? {
        for level in levels {
            let key = (level.variant_id, level.location_id);
            let in_range =
                level.on_hand >= 0 && level.reserved >= 0 && level.incoming >= 0 && level.available() >= 0;
            checker.check("I1", in_range, level.id, || {
                format!("{} on hand, {} reserved, {} incoming", level.on_hand, level.reserved, level.incoming)
            });
            let held = held.remove(&key).unwrap_or(0);
            checker.check("I2", held == level.reserved, level.id, || {
                format!("{} reserved, but reservations hold {held}", level.reserved)
            });
            let moved = moved.remove(&key).unwrap_or(0);
            checker.check("I3", moved == level.on_hand, level.id, || {
                format!("{} on hand, but moves add up to {moved}", level.on_hand)
            });
            *on_hand.entry(level.variant_id).or_default() += level.on_hand;
        }
    }
    checker.check("I2", held.is_empty(), "levels", || format!("{} reservations have no level", held.len()));
    let stray = moved.values().filter(|units| **units != 0).count();
    checker.check("I3", stray == 0, "levels", || format!("{stray} places have moves but no level"));
    variants(tx, checker, &on_hand, &layered).await?;
    let inventory = AccountCode::from(Account::Inventory);
    let mut booked: BTreeMap<Currency, i128> = BTreeMap::new();
    for money in tx.ledger().balance(&inventory).await? {
        booked.insert(money.currency(), i128::from(money.minor()));
    }
    booked.retain(|_, minor| *minor != 0);
    value.retain(|_, minor| *minor != 0);
    checker.check("L5", booked == value, inventory.as_str(), || {
        format!("the books say {booked:?}, the cost layers {value:?}")
    });
    Ok(())
}

async fn variants(
    tx: &mut Tx,
    checker: &mut Checker,
    on_hand: &BTreeMap<VariantId, i64>,
    layered: &BTreeMap<VariantId, i64>,
) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(variants) = pages.next::<Variant>(tx).await? {
        let ids: Vec<_> = variants.iter().map(|variant| variant.id).collect();
        let items = tx.parts_of_all::<Item>(&ids).await?;
        for variant in variants {
            let here = on_hand.get(&variant.id).copied().unwrap_or(0);
            let costed = layered.get(&variant.id).copied().unwrap_or(0);
            checker.check("L5", here == costed, variant.id, || {
                format!("{here} on hand, but cost layers hold {costed}")
            });
            if variant.kind != VariantKind::Unique {
                continue;
            }
            checker.check("I7", (0..=1).contains(&here), variant.id, || format!("{here} of a unique thing"));
            let mine: Vec<_> = items.iter().filter(|item| item.variant_id == variant.id).collect();
            checker.check("I7", mine.len() == 1, variant.id, || format!("it has {} items", mine.len()));
            for item in mine {
                let should = matches!(item.status, ItemStatus::InStock | ItemStatus::Reserved);
                checker.check("I7", should == (here == 1), item.id, || {
                    format!("it is {}, and {here} are on hand", item.status)
                });
            }
        }
    }
    Ok(())
}

async fn books(tx: &mut Tx, checker: &mut Checker) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(entries) = pages.next::<Entry>(tx).await? {
        let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
        let mut postings: BTreeMap<_, Vec<Posting>> = BTreeMap::new();
        for posting in tx.parts_of_all::<Posting>(&ids).await? {
            postings.entry(posting.entry_id).or_default().push(posting);
        }
        for entry in entries {
            let mine = postings.remove(&entry.id).unwrap_or_default();
            checker.check("L1", mine.len() >= 2, entry.id, || format!("it has {} postings", mine.len()));
            let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
            for posting in &mine {
                *sums.entry(posting.amount.currency()).or_default() += i128::from(posting.amount.minor());
            }
            checker.check("L1", sums.values().all(|sum| *sum == 0), entry.id, || {
                format!("it is off by {sums:?}")
            });
        }
    }
    let mut trial: BTreeMap<Currency, i128> = BTreeMap::new();
    for row in tx.ledger().balances(None, None).await? {
        *trial.entry(row.balance.currency()).or_default() += i128::from(row.balance.minor());
    }
    for (currency, sum) in trial {
        checker.check("L4", sum == 0, currency, || format!("the trial balance is {sum} minor units"));
    }
    let mut pages = Pages::new();
    while let Some(payouts) = pages.next::<Payout>(tx).await? {
        for payout in payouts {
            let explained = Money::sum(payout.amount.currency(), payout.lines.iter().map(|line| line.amount));
            let rest = explained.and_then(|sum| payout.amount.minus(sum));
            checker.check("L6", rest.as_ref() == Ok(&payout.residue), payout.id, || {
                format!("{} is kept as unexplained, the lines leave {rest:?}", payout.residue)
            });
        }
    }
    Ok(())
}

async fn orders(tx: &mut Tx, checker: &mut Checker) -> Result<()> {
    let mut deposits: BTreeMap<Currency, i128> = BTreeMap::new();
    let mut pages = Pages::new();
    while let Some(orders) = pages.next::<Order>(tx).await? {
        let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
        let lines = tx.parts_of_all::<OrderLine>(&ids).await?;
        let adjustments = tx.parts_of_all::<OrderAdjustment>(&ids).await?;
        let payments = tx.parts_of_all::<Payment>(&ids).await?;
        let payment_ids: Vec<_> = payments.iter().map(|payment| payment.id).collect();
        let txns = tx.parts_of_all::<PaymentTxn>(&payment_ids).await?;
        for order in &orders {
            *deposits.entry(order.currency()).or_default() += i128::from(order.deposit.minor());
            one_order(checker, order, &lines, &adjustments)?;
        }
        for payment in &payments {
            one_payment(checker, payment, &txns)?;
        }
    }
    let mut booked: BTreeMap<Currency, i128> = BTreeMap::new();
    for money in tx.ledger().balance(&Account::CustomerDeposits.into()).await? {
        booked.insert(money.currency(), -i128::from(money.minor()));
    }
    booked.retain(|_, minor| *minor != 0);
    deposits.retain(|_, minor| *minor != 0);
    checker.check("L10", booked == deposits, "liability:customer_deposits", || {
        format!("the books say {booked:?}, the orders {deposits:?}")
    });
    Ok(())
}

fn one_order(
    checker: &mut Checker,
    order: &Order,
    lines: &[OrderLine],
    adjustments: &[OrderAdjustment],
) -> Result<()> {
    let mine: Vec<_> = lines.iter().filter(|line| line.order_id == order.id).cloned().collect();
    for line in &mine {
        let counts = line.open() >= 0 && line.fulfilled >= 0 && line.cancelled >= 0;
        let fine = counts && (0..=line.fulfilled).contains(&line.returned) && line.qty > 0;
        checker.check("O1", fine, line.id, || {
            let OrderLine { qty, fulfilled, cancelled, returned, .. } = line;
            format!("{qty} ordered, {fulfilled} sent, {cancelled} called off, {returned} returned")
        });
        checker.check("M6", !line.net()?.is_negative(), line.id, || "its discount is above its worth".into());
    }
    checker.check("O3", !mine.is_empty(), order.id, || "it has no lines".into());
    let sums = totals(&mine, order.shipping);
    let same = sums.as_ref().is_ok_and(|sums| {
        (sums.goods, sums.tax, sums.facilitator_tax, sums.total, sums.discount)
            == (order.goods, order.tax, order.facilitator_tax, order.total, order.discount)
    });
    checker.check("M3", same, order.id, || format!("its total is {}, its lines make {sums:?}", order.total));
    let mine = adjustments.iter().filter(|adjustment| adjustment.order_id == order.id);
    let adjusted = Money::sum(order.currency(), mine.map(|adjustment| adjustment.amount))?;
    checker.check("M3", adjusted == order.adjusted, order.id, || {
        format!("it is adjusted by {}, its adjustments make {adjusted}", order.adjusted)
    });
    let open: i64 = lines.iter().filter(|line| line.order_id == order.id).map(OrderLine::open).sum();
    let done = matches!(order.state, OrderState::Completed | OrderState::Cancelled);
    checker.check("O1", !done || open == 0, order.id, || {
        format!("it is {}, with {open} units open", order.state)
    });
    Ok(())
}

fn one_payment(checker: &mut Checker, payment: &Payment, txns: &[PaymentTxn]) -> Result<()> {
    let currency = payment.captured.currency();
    let sum = |kind: TxnKind| {
        let counted = txns.iter().filter(|txn| {
            txn.payment_id == payment.id
                && txn.kind == kind
                && !matches!(txn.state, TxnState::Failed | TxnState::Reversed)
        });
        Money::sum(currency, counted.map(|txn| txn.amount))
    };
    checker.check("M5", payment.captured == sum(TxnKind::Capture)?, payment.id, || {
        "captures do not add up".into()
    });
    checker.check("M5", payment.refunded == sum(TxnKind::Refund)?, payment.id, || {
        "refunds do not add up".into()
    });
    let disputed = sum(TxnKind::Chargeback)?.minus(sum(TxnKind::ChargebackReversal)?)?;
    checker.check("M5", payment.disputed == disputed, payment.id, || "chargebacks do not add up".into());
    checker.check("M5", !payment.held()?.is_negative(), payment.id, || {
        format!("{} captured, {} refunded, {} disputed", payment.captured, payment.refunded, payment.disputed)
    });
    Ok(())
}

async fn listings(tx: &mut Tx, checker: &mut Checker) -> Result<()> {
    let mut open = std::collections::BTreeSet::new();
    let mut pages = Pages::new();
    while let Some(listings) = pages.next::<Listing>(tx).await? {
        let items: Vec<_> = listings.iter().filter_map(|listing| listing.item_id).collect();
        let items = tx.many::<Item>(&items).await?;
        for listing in listings {
            let live = matches!(listing.state, ListingState::Live | ListingState::Paused);
            checker.check("C5", !live || listing.external_id.is_some(), listing.id, || {
                format!("it is {} without a name at its channel", listing.state)
            });
            let ended = listing.state == ListingState::Ended;
            let told = listing.end_reason.is_some() && listing.ended_at.is_some();
            checker.check("C5", !ended || told, listing.id, || "it ended without a reason or time".into());
            if ended {
                continue;
            }
            checker.check("C3", open.insert((listing.channel_id, listing.variant_id)), listing.id, || {
                "its channel has two open listings of the same variant".into()
            });
            let item = items.iter().find(|item| Some(item.id) == listing.item_id);
            let gone =
                item.is_some_and(|item| matches!(item.status, ItemStatus::Sold | ItemStatus::WrittenOff));
            checker.check("C1", !gone || listing.desired == Desired::Unlisted, listing.id, || {
                "the thing is gone, but still meant to be listed".into()
            });
            let too_many = listing.item_id.is_some() && listing.published_qty > 1;
            checker.check("C2", !too_many, listing.id, || {
                format!("it offers {} of one thing", listing.published_qty)
            });
        }
    }
    Ok(())
}
