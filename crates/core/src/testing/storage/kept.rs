//! What every kind of thing can expect of its store, alike for all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Stage, assert_duplicate, walk};
use crate::accounts::{ApiKey, Member, Shop};
use crate::catalog::{BundleComponent, Item, Media, Product, Variant};
use crate::connections::{Connection, DataKey, Hint};
use crate::entity::{Append, Entity, Keep, Part, Parts, Versioned};
use crate::hosting::Site;
use crate::ids::EntityId;
use crate::insights::{AdviceRun, Forecast, RefillPolicy, RefillProposal};
use crate::inventory::{CostLayer, Location, Reservation, StockLevel, StockMove};
use crate::journal::{AuditEntry, ImportRun};
use crate::ledger::{Entry, Posting};
use crate::listings::{Channel, FeeSchedule, Listing, ListingText, Notice, SyncRun};
use crate::orders::{
    CheckoutSession, Coupon, Customer, CustomerPii, Order, OrderAdjustment, OrderLine, Promotion, Redemption,
};
use crate::outbox::{Event, Job};
use crate::payments::{Payment, PaymentTxn, Payout};
use crate::pricing::{PriceChange, PriceProposal, PricingRule};
use crate::purchasing::{
    Acquisition, AcquisitionLine, PurchaseLine, PurchaseOrder, Receipt, Supplier, SupplierOffer,
};
use crate::shipping::{Fulfilment, ReturnCase};
use crate::storage::{Storage, Tx};
use crate::testing::builders::{Sample, TWINS, id};
use crate::webhooks::{Delivery, Endpoint};

/// How many of a kind are kept.
const COUNT: u128 = 12;
/// The number of one that could be kept, and is not.
const SPARE: u128 = COUNT + 1;

/// Says which kinds a domain keeps and what can be asked of each: `Order: added edited;`
macro_rules! kept {
    ($($case:ident { $($entity:ident: $($how:ident)+;)* })*) => {$(
        /// Every kind of thing of the domain is kept as it is.
        pub async fn $case(open: &impl AsyncFn() -> Arc<dyn Storage>) {
            $($($how::<$entity>(open).await;)+)*
        }
    )*};
}

kept! {
    accounts_are_kept {
        Shop: added edited;
        Member: added edited;
        ApiKey: added edited;
    }
    catalogs_are_kept {
        Product: added edited;
        Variant: added edited gathered;
        BundleComponent: added gathered;
        Media: added gathered;
        Item: added edited gathered;
    }
    stock_is_kept {
        Location: added edited;
        StockLevel: added gathered;
        StockMove: added gathered;
        Reservation: added edited;
        CostLayer: added edited gathered;
    }
    purchases_are_kept {
        Supplier: added edited;
        SupplierOffer: added edited gathered;
        PurchaseOrder: added edited;
        PurchaseLine: added edited gathered;
        Receipt: added gathered;
        Acquisition: added;
        AcquisitionLine: added gathered;
    }
    prices_are_kept {
        PricingRule: added edited;
        PriceChange: added gathered;
        PriceProposal: added edited gathered;
    }
    listings_are_kept {
        Channel: added edited;
        FeeSchedule: added gathered;
        Listing: added edited gathered;
        Notice: added;
        SyncRun: added edited gathered;
        ListingText: added edited gathered;
    }
    orders_are_kept {
        Order: added edited;
        OrderLine: added edited gathered;
        OrderAdjustment: added gathered;
        Customer: added edited;
        CustomerPii: added edited;
        Promotion: added edited;
        Coupon: added edited gathered;
        Redemption: added gathered;
        CheckoutSession: added edited;
    }
    money_is_kept {
        Payment: added edited gathered;
        PaymentTxn: added edited gathered;
        Payout: added gathered;
    }
    parcels_are_kept {
        Fulfilment: added edited gathered;
        ReturnCase: added edited gathered;
    }
    books_are_kept {
        Entry: added;
        Posting: added gathered;
    }
    plans_are_kept {
        Forecast: added gathered;
        RefillPolicy: added edited;
        AdviceRun: added;
        RefillProposal: added edited gathered;
    }
    connections_are_kept {
        Connection: added edited;
        DataKey: added edited;
        Hint: added gathered;
    }
    sites_are_kept {
        Site: added edited;
    }
    webhooks_are_kept {
        Endpoint: added edited;
        Delivery: added edited gathered;
    }
    work_is_kept {
        Event: added;
        Job: added edited;
    }
    what_was_done_is_kept {
        AuditEntry: added;
        ImportRun: added edited;
    }
}

/// A store that keeps the first so many of a kind, and those.
async fn stocked<E: Sample>(open: &impl AsyncFn() -> Arc<dyn Storage>) -> (Stage, Vec<E>)
where
    Tx: Append<E>,
{
    let stage = Stage::set(open).await;
    let rows: Vec<E> = (1..=COUNT).map(E::number).collect();
    let mut tx = stage.write().await;
    E::ground(&mut *tx, SPARE).await.unwrap();
    tx.add_all(&rows).await.unwrap_or_else(|error| panic!("{}: {error:?}", E::NAME));
    tx.commit().await.unwrap();
    (stage, rows)
}

/// What is added is found by its identity, among others and in pages, by its own shop, if it was committed; and what
/// clashes is not added.
async fn added<E: Sample>(open: &impl AsyncFn() -> Arc<dyn Storage>)
where
    Tx: Append<E>,
{
    let (stage, rows) = stocked::<E>(open).await;
    assert_kept(&stage, &rows).await;
    let mut tx = stage.read_there().await;
    assert_eq!(tx.find::<E>(rows[0].id()).await.unwrap(), None, "{} of another shop", E::NAME);
    let ids: Vec<_> = rows.iter().map(Entity::id).collect();
    assert_eq!(tx.many::<E>(&ids).await.unwrap(), [], "{} of another shop", E::NAME);
    assert_eq!(tx.page::<E>(&crate::page::PageRequest::default()).await.unwrap().items, [], "{}", E::NAME);
    drop(tx);

    let mut tx = stage.write().await;
    tx.add_all::<E>(&[]).await.unwrap();
    tx.add(&E::number(SPARE)).await.unwrap();
    assert_eq!(
        tx.find::<E>(id(SPARE)).await.unwrap(),
        Some(E::number(SPARE)),
        "one's own, before the commit"
    );
    drop(tx);
    let mut tx = stage.read().await;
    assert!(tx.add(&E::number(SPARE)).await.is_err(), "{} was written by a look", E::NAME);
    drop(tx);
    for clash in [vec![rows[0].clone()], vec![E::number(SPARE), rows[3].clone()]] {
        let mut tx = stage.write().await;
        assert_duplicate(tx.add_all(&clash).await, E::NAME);
    }
    let mut tx = stage.write().await;
    let twin = tx.add(&E::sample(TWINS + 1, 1, true)).await;
    if E::NAMED {
        assert_duplicate(twin, E::NAME);
    } else {
        twin.unwrap();
    }
    drop(tx);
    assert_kept(&stage, &rows).await;
}

/// These are kept, and no others.
async fn assert_kept<E: Sample>(stage: &Stage, rows: &[E])
where
    Tx: Append<E>,
{
    let mut tx = stage.read().await;
    let mut ids = Vec::new();
    for row in rows.iter().rev() {
        assert_eq!(tx.find::<E>(row.id()).await.unwrap().as_ref(), Some(row), "{} by its id", E::NAME);
        ids.push(row.id());
    }
    assert_eq!(tx.find::<E>(id(SPARE)).await.unwrap(), None, "{} that never was", E::NAME);
    assert!(tx.load::<E>(id(SPARE)).await.unwrap_err().code().ends_with(".not_found"));
    ids.push(id(SPARE));
    ids.push(rows[0].id());
    assert_eq!(tx.many::<E>(&ids).await.unwrap(), rows, "{} by ids, in their order", E::NAME);
    assert_eq!(tx.many::<E>(&[]).await.unwrap(), [], "{} by no ids", E::NAME);
    let newest_first: Vec<_> = rows.iter().rev().cloned().collect();
    for limit in [1, 5, u32::try_from(rows.len()).unwrap(), 200] {
        let paged = walk(limit, async |request| tx.page::<E>(&request).await.unwrap()).await;
        assert_eq!(paged, newest_first, "{} in pages of {limit}", E::NAME);
    }
    assert!(tx.page::<E>(&crate::page::PageRequest::first(201)).await.is_err());
}

/// What is edited is kept if nobody was faster; whoever has not seen the latest version changes nothing.
async fn edited<E: Sample + Versioned>(open: &impl AsyncFn() -> Arc<dyn Storage>)
where
    Tx: Keep<E>,
{
    let (stage, mut rows) = stocked::<E>(open).await;
    for (n, row) in (1..).zip(&mut rows) {
        let seen = row.clone();
        // All it has goes, and what it lacked comes.
        let mut edit = E::sample(n, n, n.is_multiple_of(3));
        let mut tx = stage.write().await;
        tx.save(&mut edit).await.unwrap();
        drop(tx);
        let kept = stage.read().await.find::<E>(row.id()).await.unwrap();
        assert_eq!(kept.as_ref(), Some(&seen), "{} after an edit that was undone", E::NAME);

        let mut tx = stage.write().await;
        edit.set_version(1);
        tx.save(&mut edit).await.unwrap();
        assert_eq!(edit.version(), 2);
        assert!(!Keep::<E>::update(&mut *tx, &seen).await.unwrap(), "{} was edited unseen", E::NAME);
        tx.commit().await.unwrap();
        *row = edit;
    }
    assert_kept(&stage, &rows).await;
    let mut tx = stage.write().await;
    assert_eq!(tx.hold::<E>(rows[0].id()).await.unwrap(), rows[0], "{} held", E::NAME);
    assert_eq!(tx.hold::<E>(E::number(SPARE).id()).await.unwrap_err().kind(), crate::error::Kind::NotFound);
    drop(tx);
    let mut tx = stage.0.begin(crate::storage::Scope::Shop(super::there())).await.unwrap();
    assert_eq!(
        Keep::<E>::get_held(&mut *tx, rows[0].id()).await.unwrap(),
        None,
        "{} of another shop",
        E::NAME
    );
    assert!(!Keep::<E>::update(&mut *tx, &rows[0]).await.unwrap(), "{} of another shop", E::NAME);
    tx.commit().await.unwrap();
    let mut tx = stage.write().await;
    assert!(!Keep::<E>::update(&mut *tx, &E::number(SPARE)).await.unwrap(), "{} that never was", E::NAME);
    let error = tx.save(&mut E::number(1)).await.unwrap_err();
    assert!(error.code().ends_with(".changed_meanwhile"), "{error}");
    tx.commit().await.unwrap();
    assert_kept(&stage, &rows).await;
}

/// The parts of a whole are found together, in the order in which they were made.
async fn gathered<E: Sample + Part>(open: &impl AsyncFn() -> Arc<dyn Storage>)
where
    Tx: Parts<E>,
{
    let (stage, rows) = stocked::<E>(open).await;
    let mut wholes: BTreeMap<E::Whole, Vec<E>> = BTreeMap::new();
    for row in &rows {
        wholes.entry(row.whole()).or_default().push(row.clone());
    }
    let mut tx = stage.read().await;
    for (whole, parts) in &wholes {
        assert_eq!(&tx.parts::<E>(*whole).await.unwrap(), parts, "{} of {whole}", E::NAME);
    }
    let nobody = E::Whole::from_u128(u128::MAX);
    assert_eq!(tx.parts::<E>(nobody).await.unwrap(), [], "{} of nothing", E::NAME);
    let mut asked: Vec<_> = wholes.keys().rev().copied().collect();
    asked.push(nobody);
    asked.push(asked[0]);
    let all: Vec<_> = wholes.values().flatten().cloned().collect();
    assert_eq!(tx.parts_of_all::<E>(&asked).await.unwrap(), all, "{} of all, by whole", E::NAME);
    assert_eq!(tx.parts_of_all::<E>(&[]).await.unwrap(), [], "{} of no wholes", E::NAME);
    let there: BTreeSet<_> = wholes.keys().copied().collect();
    let mut tx = stage.read_there().await;
    for whole in there {
        assert_eq!(tx.parts::<E>(whole).await.unwrap(), [], "{} of another shop", E::NAME);
    }
}
