//! Every reference leads to something, on databases that see to it themselves and on those that were told not to.

use std::collections::{HashMap, HashSet};

use super::{Checker, Pages, Seen};
use crate::accounts::ApiKey;
use crate::catalog::{BundleComponent, Item, Media, Variant};
use crate::error::Result;
use crate::ids::EntityId;
use crate::inventory::{CostLayer, Reservation, StockLevel, StockMove};
use crate::listings::{FeeSchedule, Listing, Notice, SyncRun};
use crate::orders::{Coupon, CustomerPii, Order, OrderAdjustment, OrderLine, Redemption};
use crate::payments::{Payment, PaymentTxn, Payout};
use crate::pricing::{PriceChange, PriceProposal};
use crate::purchasing::{AcquisitionLine, PurchaseLine, PurchaseOrder, Receipt, SupplierOffer};
use crate::shipping::{Fulfilment, ReturnCase};
use crate::storage::Tx;

/// Identities that were seen.
trait Known<I> {
    fn knows(&self, id: &I) -> bool;
}

impl<I: EntityId> Known<I> for HashSet<I> {
    fn knows(&self, id: &I) -> bool {
        self.contains(id)
    }
}

impl<I: EntityId, T> Known<I> for HashMap<I, T> {
    fn knows(&self, id: &I) -> bool {
        self.contains_key(id)
    }
}

/// The identity that is named and was not seen.
fn missing<I: EntityId>(known: &impl Known<I>, named: impl Into<Option<I>>) -> Option<I> {
    named.into().filter(|id| !known.knows(id))
}

/// Each field of each row names something seen.
macro_rules! lead_somewhere {
    ($tx:ident, $checker:ident, $seen:ident; $($row:ty { $($field:ident: $known:ident),* })*) => {$(
        let mut pages = Pages::new();
        while let Some(rows) = pages.next::<$row>($tx).await? {
            for row in rows {
                $(
                    let lost = missing(&$seen.$known, row.$field);
                    $checker.check("O4", lost.is_none(), row.id, || {
                        format!("its {} is not there: {lost:?}", stringify!($field))
                    });
                )*
            }
        }
    )*};
}

pub(super) async fn check(tx: &mut Tx, checker: &mut Checker, seen: &Seen) -> Result<()> {
    trade(tx, checker, seen).await?;
    goods(tx, checker, seen).await
}

async fn trade(tx: &mut Tx, checker: &mut Checker, seen: &Seen) -> Result<()> {
    lead_somewhere! { tx, checker, seen;
        Order { channel_id: channels, customer_id: customers }
        OrderLine { order_id: orders, variant_id: variants, listing_id: listings, item_id: items }
        OrderAdjustment { order_id: orders, order_line_id: lines }
        Redemption { order_id: orders, coupon_id: coupons }
        Coupon { promotion_id: promotions }
        CustomerPii { id: customers }
        Payment { order_id: orders }
        PaymentTxn { payment_id: payments }
        Payout { channel_id: channels }
        Fulfilment { order_id: orders, location_id: locations }
        ReturnCase { order_id: orders }
        ApiKey { member_id: members }
    }
    Ok(())
}

async fn goods(tx: &mut Tx, checker: &mut Checker, seen: &Seen) -> Result<()> {
    lead_somewhere! { tx, checker, seen;
        Variant { product_id: products }
        Media { product_id: products }
        BundleComponent { bundle_id: variants, variant_id: variants }
        Item { variant_id: variants, location_id: locations }
        StockLevel { variant_id: variants, location_id: locations }
        StockMove { variant_id: variants, location_id: locations, item_id: items }
        Reservation { variant_id: variants, location_id: locations, item_id: items }
        CostLayer { variant_id: variants, item_id: items }
        Listing { channel_id: channels, variant_id: variants, item_id: items, relisted_from: listings }
        FeeSchedule { channel_id: channels }
        SyncRun { channel_id: channels }
        Notice { channel_id: channels }
        PriceChange { listing_id: listings }
        PriceProposal { listing_id: listings }
        SupplierOffer { supplier_id: suppliers, variant_id: variants }
        PurchaseOrder { supplier_id: suppliers, location_id: locations }
        PurchaseLine { purchase_order_id: purchase_orders, variant_id: variants }
        Receipt { purchase_order_id: purchase_orders }
        AcquisitionLine { acquisition_id: acquisitions, item_id: items }
    }
    Ok(())
}
