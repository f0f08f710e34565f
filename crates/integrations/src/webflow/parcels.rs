//! Parcels that left, as Webflow is told of them: it knows an order only as all on its way, or not.

use std::collections::BTreeSet;

use baddie_core::listings::{Channel, ChannelError, SentParcel};

use super::calls::{self, OrderChange};
use super::channel::{is_id, told};
use super::{Bought, Order, Settings, Webflow};

impl Webflow {
    /// Tells when all of an order left; until then there is nothing that Webflow could be told. What is on its way for it
    /// already is not told again.
    pub(super) async fn fulfill(
        &self,
        at: &Channel,
        id: &str,
        parcels: &[SentParcel],
    ) -> Result<(), ChannelError> {
        if !is_id(id) {
            return Err(ChannelError::NotThere);
        }
        let site = self.ground(&Settings::of(at)?).await.map_err(told)?.site;
        let order: Order = self.send(&calls::get_order(&site, id)).await.map_err(told)?;
        if order.status == "fulfilled" || order.fulfilled_on.is_some() || !all_left(&order, parcels) {
            return Ok(());
        }
        if matches!(&*order.status, "refunded" | "dispute-lost") {
            let reason =
                format!("the goods left, but at Webflow the order is {}: look at it there", order.status);
            return Err(ChannelError::Refused { reason });
        }
        let change = followed(parcels);
        if change.shipping_provider.is_some() || change.shipping_tracking.is_some() {
            self.tell(&calls::update_order(&site, id, &change)).await.map_err(told)?;
        }
        self.tell(&calls::fulfill_order(&site, id, true)).await.map_err(told)
    }
}

/// Whether these parcels hold all that was bought. Two lines of one thing are one here.
fn all_left(order: &Order, parcels: &[SentParcel]) -> bool {
    let mut goods: Vec<_> = parcels.iter().flat_map(|parcel| parcel.goods.iter().cloned()).collect();
    order.purchased_items.iter().all(|bought| {
        let mut open = bought.count;
        for goods in &mut goods {
            if is_of(bought, goods.listing_external_id.as_deref(), &goods.sku) {
                let units = open.min(goods.qty).max(0);
                open -= units;
                goods.qty -= units;
            }
        }
        open <= 0
    })
}

fn is_of(bought: &Bought, listing: Option<&str>, sku: &str) -> bool {
    match (bought.product_id.as_deref(), listing) {
        (Some(product), Some(listing)) => product == listing,
        _ => bought.variant_sku.as_deref() == Some(sku),
    }
}

/// Who carries the parcels and what they are followed by; Webflow has one place for each, so several are named in one.
fn followed(parcels: &[SentParcel]) -> OrderChange {
    let all = |of: fn(&SentParcel) -> Option<&String>| {
        let mut known = BTreeSet::new();
        let words: Vec<_> =
            parcels.iter().filter_map(of).filter(|word| known.insert(*word)).map(String::as_str).collect();
        (!words.is_empty()).then(|| words.join(", "))
    };
    OrderChange {
        shipping_provider: all(|parcel| parcel.carrier.as_ref()),
        shipping_tracking: all(|parcel| parcel.tracking.as_ref()),
        ..OrderChange::default()
    }
}
