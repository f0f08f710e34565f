//! Taking over what a channel had on offer before the shop came.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::offers::{Draft, make_ready};
use crate::accounts::Permission;
use crate::catalog::VariantKind;
use crate::engine::imports::FileProduct;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Kind, Result};
use crate::ids::{ChannelId, SyncRunId};
use crate::listings::{Channel, Listing, ListingError, ListingState, OnOffer, SyncRun, SyncTask};
use crate::outbox::JobKind;

/// Take over what a channel has on offer: things whose SKU is new come into the catalogue, with the stock that the channel
/// counts, and what buyers see there is a listing from then on, as it stands. A SKU that is known keeps what the shop says of
/// it. The run tells how far it is; begun again it takes what is new.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeOverChannel {
    /// The channel.
    pub channel_id: ChannelId,
}

#[async_trait]
impl Command for TakeOverChannel {
    const NAME: &'static str = "channels.take_over";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = SyncRun;

    async fn run(self, work: &mut Work) -> Result<SyncRun> {
        let channel = work.tx.load::<Channel>(self.channel_id).await?;
        let can = work.market(&channel).await?.capabilities(&channel.settings);
        if !can.goods {
            let message = format!(
                "a channel of the kind {} does not tell what it has on offer: import the products from a file",
                channel.kind
            );
            return Err(Error::new(Kind::Refused, "channels.no_goods", message).on_field("channel_id"));
        }
        let run = SyncRun::begin(work.id(), channel.id, SyncTask::Goods, work.now);
        work.tx.add(&run).await?;
        work.queue(JobKind::TakeOver, channel.id, run.id).await?;
        work.about(run.id);
        Ok(run)
    }
}

/// Look at how far a run of synchronisation is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetSyncRun {
    /// The run.
    pub sync_run_id: SyncRunId,
}

#[async_trait]
impl Query for GetSyncRun {
    const NAME: &'static str = "channels.run";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = SyncRun;

    async fn run(self, look: &mut Look) -> Result<SyncRun> {
        look.tx.load::<SyncRun>(self.sync_run_id).await
    }
}

impl Work {
    /// Takes over a thing that a channel has on offer; what was taken over before stays as it is.
    pub(in crate::engine) async fn take_over(&mut self, channel: &Channel, found: OnOffer) -> Result<()> {
        let known = self.tx.listings().by_external(channel.id, &[&found.external_id]).await?;
        if known.iter().any(Listing::is_open) {
            return Ok(());
        }
        let variant = if let Some(variant) = self.variant_called(&found.sku).await? {
            variant
        } else {
            let home = self.shop().await?.currency == channel.currency;
            self.import_variant(described(&found, home), VariantKind::Stocked).await?
        };
        if !found.live {
            return Ok(());
        }
        let open = self.tx.listings().open_of(&[variant.id]).await?;
        if open.iter().any(|other| other.channel_id == channel.id && other.variant_id == variant.id) {
            return Err(ListingError::AlreadyListed { sku: variant.sku }.into());
        }
        let new = Draft {
            title: found.title,
            description: found.description,
            price: found.price,
            min_price: None,
            relisted_from: None,
        };
        let mut listing = self.draft_listing(channel, &variant, new).await?;
        make_ready(&mut listing, channel)?;
        listing.step(ListingState::Publishing)?;
        listing.confirm(&found.external_id, found.url.as_deref(), found.qty.max(0), self.now)?;
        listing.observed_hash = Some(listing.desired_hash.clone());
        let offered = self.offered_qty(&listing, channel).await?;
        self.tx.add(&listing).await?;
        if offered != listing.published_qty {
            self.queue(JobKind::Revise, channel.id, listing.id).await?;
        }
        Ok(())
    }
}

/// What comes into the catalogue. Amounts in another currency than the shop's stay with the listing.
fn described(found: &OnOffer, home: bool) -> FileProduct {
    FileProduct {
        sku: found.sku.clone(),
        product: found.sister.clone(),
        title: Some(found.title.clone()),
        brand: found.brand.clone(),
        category: found.category.clone(),
        description: Some(found.description.clone()),
        options: found.options.clone(),
        gtin: found.gtin.clone(),
        price: Some(found.price).filter(|_| home),
        unit_cost: found.unit_cost.filter(|_| home),
        qty: Some(found.qty).filter(|qty| *qty > 0),
        ..FileProduct::default()
    }
}
