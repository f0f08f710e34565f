//! How a change of stock reaches every offer of it, in the transaction of the change.

use std::collections::BTreeMap;

use super::Work;
use crate::catalog::{BundleComponent, Variant, bundle_available};
use crate::error::Result;
use crate::ids::{ListingId, OrderId, ProductId, VariantId};
use crate::inventory::available;
use crate::listings::{Channel, EndReason, Listing, ListingState};
use crate::outbox::{Job, JobKind};

/// Whose act made the stock change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum SoldBy {
    /// Nobody bought: a count, a return, a receipt, a hold.
    Nobody,
    /// An order, through a listing or without one.
    Order {
        /// The order.
        order: OrderId,
        /// The listing that sold, where one did.
        through: Option<ListingId>,
    },
}

impl Work {
    /// Brings every open listing of these variants, and of the bundles that hold them, in line with how many can now
    /// be had. A sale that leaves nothing ends them all; any other change is told to the channels as a quantity.
    pub(in crate::engine) async fn offer_changed(
        &mut self,
        left: &[(VariantId, i64)],
        sold_by: SoldBy,
    ) -> Result<()> {
        let variants: Vec<_> = left.iter().map(|(id, _)| *id).collect();
        let listings = self.tx.listings().open_of(&variants).await?;
        if listings.is_empty() {
            return Ok(());
        }
        let mut left: BTreeMap<VariantId, i64> = left.iter().copied().collect();
        self.add_bundles(&listings, &mut left).await?;
        let mut jobs: Vec<Job> = Vec::new();
        for mut listing in listings {
            let gone = left.get(&listing.variant_id).is_some_and(|&count| count <= 0);
            match sold_by {
                SoldBy::Order { order, through } if gone => {
                    let here = through == Some(listing.id);
                    let reason = if here { EndReason::SoldHere } else { EndReason::SoldElsewhere };
                    jobs.extend(self.take_down(&mut listing, Some(order), reason).await?);
                }
                _ if listing.state == ListingState::Live || listing.state == ListingState::Paused => {
                    jobs.push(self.job(JobKind::PushQuantity, listing.channel_id, listing.id));
                }
                _ => {}
            }
        }
        self.tx.outbox().queue(&jobs).await
    }

    /// Has the pictures, brand and category of a product shown anew, wherever it is on offer.
    pub(in crate::engine) async fn show_anew(&mut self, product: ProductId) -> Result<()> {
        let variants: Vec<_> =
            self.tx.parts::<Variant>(product).await?.iter().map(|variant| variant.id).collect();
        let listings = self.tx.listings().open_of(&variants).await?;
        let shown = listings.iter().filter(|listing| {
            variants.contains(&listing.variant_id)
                && matches!(listing.state, ListingState::Live | ListingState::Paused)
        });
        let jobs: Vec<_> =
            shown.map(|listing| self.job(JobKind::Revise, listing.channel_id, listing.id)).collect();
        self.tx.outbox().queue(&jobs).await
    }

    /// Makes a listing unwanted; answers the job that ends it at its channel, if the channel may know of it.
    pub(in crate::engine) async fn take_down(
        &mut self,
        listing: &mut Listing,
        order: Option<OrderId>,
        reason: EndReason,
    ) -> Result<Option<Job>> {
        let must_tell = listing.sell_out(order, reason, self.now)?;
        self.tx.save(listing).await?;
        Ok(must_tell.then(|| self.job(JobKind::End, listing.channel_id, listing.id)))
    }

    async fn add_bundles(&mut self, listings: &[Listing], left: &mut BTreeMap<VariantId, i64>) -> Result<()> {
        let mut bundles: Vec<_> =
            listings.iter().map(|listing| listing.variant_id).filter(|id| !left.contains_key(id)).collect();
        bundles.dedup();
        if bundles.is_empty() {
            return Ok(());
        }
        let parts = self.tx.parts_of_all::<BundleComponent>(&bundles).await?;
        let mut components: Vec<_> = parts.iter().map(|part| part.variant_id).collect();
        components.sort_unstable();
        components.dedup();
        let stock: BTreeMap<_, _> = self
            .tx
            .inventory()
            .sellable(&components)
            .await?
            .into_iter()
            .map(|good| (good.variant.id, available(&good.stock)))
            .collect();
        for bundle in bundles {
            let parts: Vec<_> = parts.iter().filter(|part| part.bundle_id == bundle).cloned().collect();
            left.insert(bundle, bundle_available(&parts, |id| stock.get(&id).copied().unwrap_or(0)));
        }
        Ok(())
    }

    /// How many of a listing's variant its channel may be told, now.
    pub(in crate::engine) async fn offered_qty(
        &mut self,
        listing: &Listing,
        channel: &Channel,
    ) -> Result<i64> {
        let mut goods = self.tx.inventory().sellable(&[listing.variant_id]).await?;
        let parts = self.open_bundles(&mut goods).await?;
        let Some(good) = goods.iter().find(|good| good.variant.id == listing.variant_id) else {
            return Ok(0);
        };
        let count = if parts.is_empty() {
            available(&good.stock)
        } else {
            let of =
                |id| goods.iter().find(|good| good.variant.id == id).map_or(0, |good| available(&good.stock));
            bundle_available(&parts, of)
        };
        Ok(crate::listings::publishable(count, good.variant.safety_stock, channel))
    }
}
