//! What channels are told of their orders: which parcels left, and that one was called off.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Engine, Work};
use crate::error::Result;
use crate::ids::{EntityId, OrderId, ShopId};
use crate::listings::{Channel, ChannelError, ChannelStatus, Listing, SentGoods, SentParcel};
use crate::orders::{Order, OrderLine, OrderState};
use crate::outbox::{Job, Outcome};
use crate::shipping::Fulfilment;

impl Engine {
    pub(super) async fn do_tell_parcels(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        let mut work = self.work(shop).await?;
        let (order, channel, external_id) = match work.order_there(job).await? {
            Ok(there) => there,
            Err(outcome) => return Ok(outcome),
        };
        let parcels = work.sent_parcels(order.id).await?;
        let port = work.market(&channel).await?;
        drop(work);
        Ok(came(port.tell_parcels(&channel, &external_id, &parcels).await))
    }

    pub(super) async fn do_call_off(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        let mut work = self.work(shop).await?;
        let (order, channel, external_id) = match work.order_there(job).await? {
            Ok(there) => there,
            Err(outcome) => return Ok(outcome),
        };
        if order.state != OrderState::Cancelled {
            return Ok(Outcome::Moot);
        }
        let port = work.market(&channel).await?;
        drop(work);
        Ok(came(port.call_off(&channel, &external_id).await))
    }
}

/// What was told already is not told again, so a lost answer needs no look of its own.
fn came(answer: Result<(), ChannelError>) -> Outcome {
    match answer {
        Ok(()) => Outcome::Done,
        Err(ChannelError::RateLimited { wait }) => {
            Outcome::Again { error: "the channel asks to wait".into(), wait: Some(wait) }
        }
        Err(error @ (ChannelError::Unavailable { .. } | ChannelError::Unknown { .. })) => {
            Outcome::Again { error: error.to_string(), wait: None }
        }
        Err(error) => Outcome::Hopeless { error: error.to_string() },
    }
}

impl Work {
    /// The order that a job is about, with its channel and that one's name for it; or what becomes of the job, where there is
    /// nobody to be told now.
    async fn order_there(&mut self, job: &Job) -> Result<Result<(Order, Channel, String), Outcome>> {
        let order = self.tx.load::<Order>(OrderId::parse(&job.subject)?).await?;
        let (Some(channel), Some(external_id)) = (order.channel_id, order.external_id.clone()) else {
            return Ok(Err(Outcome::Moot));
        };
        let channel = self.tx.load::<Channel>(channel).await?;
        if channel.status != ChannelStatus::Active {
            let error = format!("the channel {} is {}", channel.name, channel.status);
            return Ok(Err(Outcome::Again { error, wait: Some(Duration::from_mins(1)) }));
        }
        Ok(Ok((order, channel, external_id)))
    }

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
