//! The proof that the books, the stock, the orders and the listings agree; read-only, at any time.
//!
//! Each check is an invariant of the domain, named by its number there, or by a word where it has none: `numbers`,
//! `jobs`, `imports`. Everything is read page by page. What one part has read and a later one asks of is kept as bare
//! identities, in `Seen`.

mod books;
mod goods;
mod journal;
mod offers;
mod orders;
mod payments;
mod purchases;
mod references;
mod sources;
mod stock;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::error::Error as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Boxed, Engine};
use crate::accounts::Series;
use crate::catalog::{ItemStatus, VariantKind};
use crate::clock::Timestamp;
use crate::entity::{Append, Entity};
use crate::error::{Error, Kind, Result};
use crate::ids::{
    AcquisitionId, ChannelId, CheckoutId, CouponId, CustomerId, EntityId, ItemId, ListingId, LocationId,
    MemberId, OrderId, OrderLineId, PaymentId, PaymentTxnId, ProductId, PromotionId, PurchaseOrderId, ShopId,
    SupplierId, VariantId,
};
use crate::page::{MAX_LIMIT, PageRequest};
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

    /// Rows that cannot be read are damage too: what else is there is checked all the same.
    fn readable(&mut self, part: &str, read: Result<()>) -> Result<()> {
        match read {
            Err(error) if error.kind() == Kind::Internal => {
                let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
                self.check("F6", false, part, || why);
                Ok(())
            }
            read => read,
        }
    }
}

/// What an earlier part has read and a later one asks of.
#[derive(Default)]
struct Seen {
    products: HashSet<ProductId>,
    variants: HashMap<VariantId, SeenVariant>,
    items: HashMap<ItemId, SeenItem>,
    /// What each bundle holds of what.
    bundles: HashMap<VariantId, Vec<(VariantId, i64)>>,
    locations: HashMap<LocationId, bool>,
    members: HashSet<MemberId>,
    suppliers: HashSet<SupplierId>,
    purchase_orders: HashSet<PurchaseOrderId>,
    acquisitions: HashSet<AcquisitionId>,
    /// Units on their way to a place.
    expected: BTreeMap<(VariantId, LocationId), i64>,
    channels: HashSet<ChannelId>,
    customers: HashSet<CustomerId>,
    promotions: HashSet<PromotionId>,
    coupons: HashSet<CouponId>,
    orders: HashSet<OrderId>,
    lines: HashSet<OrderLineId>,
    /// Lines that wait for goods, with what they wait for.
    open: HashMap<OrderLineId, OpenLine>,
    /// Things that were sent and have not come back.
    sold: HashSet<ItemId>,
    payments: HashSet<PaymentId>,
    /// Movements of money that have not been sent yet.
    unsent: Vec<PaymentTxnId>,
    checkouts: HashMap<CheckoutId, bool>,
    listings: HashSet<ListingId>,
    /// What jobs that are not over are about.
    waiting: HashSet<String>,
    /// How many of each variant an order can take.
    available: HashMap<VariantId, i64>,
    /// What the books have an entry of, by what was done.
    posted: HashSet<(&'static str, u128)>,
    /// What the books must have an entry of.
    due: Vec<(&'static str, u128, String)>,
    /// The numbers given of each series.
    numbers: BTreeMap<&'static str, BTreeSet<i64>>,
}

struct SeenVariant {
    kind: VariantKind,
    safety_stock: i64,
}

struct SeenItem {
    variant: VariantId,
    status: ItemStatus,
    location: LocationId,
}

struct OpenLine {
    variant: VariantId,
    units: i64,
    /// Whether all of them must be promised by now.
    promised: bool,
}

impl Seen {
    /// Notes a number that a thing was given.
    fn number(&mut self, checker: &mut Checker, series: Series, number: i64, subject: impl EntityId) {
        let fresh = self.numbers.entry(crate::entity::Word::as_str(series)).or_default().insert(number);
        checker.check("numbers", fresh && number > 0, subject, || {
            format!("number {number} is below 1, or given twice")
        });
    }
}

impl Engine {
    /// Checks every invariant of every shop, and the store's own soundness. `progress` hears how many facts were
    /// checked so far.
    pub fn verify<'a>(&'a self, progress: &'a (dyn Fn(u64) + Send + Sync)) -> Boxed<'a, Verdict> {
        Box::pin(async move {
            let mut checker = Checker { shop: None, verdict: Verdict::default() };
            for problem in self.0.storage.check().await? {
                checker.check("F6", false, "store", || problem);
            }
            checker.check("F6", true, "store", String::new);
            for shop in self.shops().await? {
                checker.shop = Some(shop);
                let mut tx = self.0.storage.read(Scope::Shop(shop)).await?;
                one_shop(&mut *tx, &mut checker, self.0.clock.now(), progress).await?;
            }
            Ok(checker.verdict)
        })
    }
}

async fn one_shop(
    tx: &mut Tx,
    checker: &mut Checker,
    now: Timestamp,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<()> {
    let mut seen = Seen::default();
    macro_rules! part {
        ($name:literal, $run:expr) => {
            let read = $run.await;
            checker.readable($name, read)?;
            progress(checker.verdict.checks);
        };
    }
    part!("goods", goods::check(tx, checker, &mut seen));
    part!("purchases", purchases::check(tx, checker, &mut seen));
    part!("books", books::check(tx, checker, &mut seen));
    part!("orders", orders::check(tx, checker, &mut seen));
    part!("stock", stock::check(tx, checker, &mut seen, now));
    part!("journal", journal::check(tx, checker, &mut seen, now));
    part!("offers", offers::check(tx, checker, &mut seen));
    part!("references", references::check(tx, checker, &seen));
    Ok(())
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
        let page = tx.page::<E>(&request).await.map_err(|error| match (error.kind(), error.source()) {
            (Kind::Internal, Some(why)) => Error::internal(format!("a row of {}: {why}", E::NAME)),
            _ => error,
        })?;
        self.next =
            page.next_cursor.map(|cursor| PageRequest { limit: Some(MAX_LIMIT), cursor: Some(cursor) });
        Ok(Some(page.items))
    }
}
