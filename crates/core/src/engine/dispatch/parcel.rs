//! Parcels: labels bought from a carrier, and channels told of what left.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Engine, Work};
use crate::catalog::Variant;
use crate::error::Result;
use crate::ids::{EntityId, FulfilmentId, OrderId, ShopId};
use crate::listings::{Channel, ChannelError, ChannelStatus, Listing, SentGoods, SentParcel};
use crate::orders::{Order, OrderLine};
use crate::outbox::{Job, Outcome};
use crate::shipping::{CarrierError, Fulfilment, Parcel};

impl Engine {
    pub(super) async fn do_label(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        let id = FulfilmentId::parse(&job.subject)?;
        let mut look = self.0.storage.read(crate::storage::Scope::Shop(shop)).await?;
        let fulfilment = look.load::<Fulfilment>(id).await?;
        if fulfilment.tracking.is_some() {
            return Ok(Outcome::Moot);
        }
        let order = look.load::<Order>(fulfilment.order_id).await?;
        let lines = look.parts::<OrderLine>(order.id).await?;
        let mut weight_g = 0_i64;
        for part in &fulfilment.lines {
            if let Some(line) = lines.iter().find(|line| line.id == part.order_line_id) {
                let variant = look.load::<Variant>(line.variant_id).await?;
                weight_g = weight_g.saturating_add(variant.weight_g.unwrap_or(0).saturating_mul(part.qty));
            }
        }
        drop(look);
        let parcel = Parcel { key: id, weight_g, service: None, currency: order.currency() };
        match self.0.carrier(&job.connection)?.buy_label(&parcel).await {
            Ok(label) => {
                let mut work = self.work(shop).await?;
                work.attach_label(id, label).await?;
                work.tx.commit().await?;
                Ok(Outcome::Done)
            }
            Err(CarrierError::Rejected { reason }) => Ok(Outcome::Hopeless { error: reason }),
            Err(CarrierError::Unavailable { reason }) => Ok(Outcome::Again { error: reason, wait: None }),
        }
    }

    pub(super) async fn do_tell_parcels(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        let mut work = self.work(shop).await?;
        let order = work.tx.load::<Order>(OrderId::parse(&job.subject)?).await?;
        let (Some(channel), Some(external_id)) = (order.channel_id, &order.external_id) else {
            return Ok(Outcome::Moot);
        };
        let channel = work.tx.load::<Channel>(channel).await?;
        if channel.status != ChannelStatus::Active {
            let error = format!("the channel {} is {}", channel.name, channel.status);
            return Ok(Outcome::Again { error, wait: Some(Duration::from_mins(1)) });
        }
        let parcels = work.sent_parcels(order.id).await?;
        let port = work.market(&channel).await?;
        drop(work);
        Ok(match port.tell_parcels(&channel, external_id, &parcels).await {
            Ok(()) => Outcome::Done,
            Err(ChannelError::RateLimited { wait }) => {
                Outcome::Again { error: "the channel asks to wait".into(), wait: Some(wait) }
            }
            // What was told already is not told again, so a lost answer needs no look of its own.
            Err(error @ (ChannelError::Unavailable { .. } | ChannelError::Unknown { .. })) => {
                Outcome::Again { error: error.to_string(), wait: None }
            }
            Err(error) => Outcome::Hopeless { error: error.to_string() },
        })
    }
}

impl Work {
    /// The parcels of an order that left so far, the first to leave first.
    async fn sent_parcels(&mut self, order: OrderId) -> Result<Vec<SentParcel>> {
        let mut goods = BTreeMap::new();
        for line in self.tx.parts::<OrderLine>(order).await? {
            let listing_external_id = match line.listing_id {
                Some(listing) => self.tx.load::<Listing>(listing).await?.external_id,
                None => None,
            };
            goods.insert(line.id, SentGoods { listing_external_id, sku: line.sku, qty: 0 });
        }
        let mut parcels = self.tx.parts::<Fulfilment>(order).await?;
        parcels.retain(|parcel| parcel.shipped_at.is_some());
        parcels.sort_by_key(|parcel| (parcel.shipped_at, parcel.id));
        let of = |parcel: Fulfilment| SentParcel {
            goods: parcel
                .lines
                .iter()
                .filter_map(|part| {
                    Some(SentGoods { qty: part.qty, ..goods.get(&part.order_line_id)?.clone() })
                })
                .collect(),
            carrier: parcel.carrier,
            tracking: parcel.tracking,
        };
        Ok(parcels.into_iter().map(of).collect())
    }
}
