//! Everything a store keeps, as text, so that two stores can be compared row by row.

use baddie_core::accounts::{ApiKey, Member, Shop};
use baddie_core::catalog::{BundleComponent, Item, Media, Product, Variant};
use baddie_core::connections::{Connection, DataKey, Hint};
use baddie_core::entity::{Append, Entity};
use baddie_core::insights::{AdviceRun, Forecast, RefillPolicy, RefillProposal};
use baddie_core::inventory::{CostLayer, Location, Reservation, StockLevel, StockMove};
use baddie_core::journal::{AuditEntry, ImportRun};
use baddie_core::ledger::{Entry, Posting};
use baddie_core::listings::{Channel, FeeSchedule, Listing, ListingText, Notice, SyncRun};
use baddie_core::orders::{
    CheckoutSession, Coupon, Customer, CustomerPii, Order, OrderAdjustment, OrderLine, Promotion, Redemption,
};
use baddie_core::outbox::{Event, Job};
use baddie_core::page::PageRequest;
use baddie_core::payments::{Payment, PaymentTxn, Payout};
use baddie_core::pricing::{PriceChange, PriceProposal, PricingRule};
use baddie_core::purchasing::{
    Acquisition, AcquisitionLine, PurchaseLine, PurchaseOrder, Receipt, Supplier, SupplierOffer,
};
use baddie_core::shipping::{Fulfilment, ReturnCase};
use baddie_core::storage::{Scope, Tx};
use baddie_core::webhooks::{Delivery, Endpoint};

use crate::support::House;

/// Every row of one kind, newest first.
pub(crate) async fn rows<E: Entity>(tx: &mut Tx) -> Vec<E>
where
    Tx: Append<E>,
{
    let (mut page, mut rows) = (PageRequest::first(200), Vec::new());
    loop {
        let found = tx.page::<E>(&page).await.unwrap();
        rows.extend(found.items);
        if found.next_cursor.is_none() {
            return rows;
        }
        page.cursor = found.next_cursor;
    }
}

/// A row as text. Jobs of different subjects are done side by side, in whatever order the store lets them: what they
/// tell and queue is the same, under ids of another order. So events and jobs go without theirs.
fn line<E: Entity>(row: &E) -> String {
    let text = format!("{row:?}");
    if !matches!(E::NAME, "event" | "job") {
        return text;
    }
    let own = row.id().to_string();
    let text = text.replace(&own, "own");
    match text.find("job_") {
        Some(at) => format!("{}job{}", &text[..at], &text[at + own.len()..]),
        None => text,
    }
}

macro_rules! kept {
    ($($entity:ty),* $(,)?) => {
        /// Everything a house keeps, by kind.
        pub(crate) async fn kept(house: &House) -> Vec<(&'static str, Vec<String>)> {
            let mut tx = house.engine.storage().read(Scope::Shop(house.shop.id())).await.unwrap();
            let tx: &mut Tx = &mut *tx;
            let mut kinds = Vec::new();
            $(
                let mut lines: Vec<String> = rows::<$entity>(tx).await.iter().map(line).collect();
                if matches!(<$entity>::NAME, "event" | "job") {
                    lines.sort_unstable();
                }
                kinds.push((<$entity>::NAME, lines));
            )*
            let balances = tx.ledger().balances(None, None).await.unwrap();
            kinds.push(("balance", balances.iter().map(|row| format!("{row:?}")).collect()));
            kinds
        }
    };
}

kept! {
    Shop, Member, ApiKey, Entry, Posting, Product, Variant, BundleComponent, Media, Item, Location, StockLevel, StockMove,
    Reservation, CostLayer, Supplier, SupplierOffer, PurchaseOrder, PurchaseLine, Receipt, Acquisition, AcquisitionLine,
    PricingRule, PriceChange, PriceProposal, Channel, FeeSchedule, Listing, Notice, SyncRun, ListingText, Customer, CustomerPii, Order,
    OrderLine, OrderAdjustment, Promotion, Coupon, Redemption, CheckoutSession, Payment, PaymentTxn, Payout, Fulfilment,
    ReturnCase, Forecast, RefillPolicy, AdviceRun, RefillProposal, Connection, DataKey, Hint, Endpoint, Delivery, Event, Job, AuditEntry, ImportRun,
}
