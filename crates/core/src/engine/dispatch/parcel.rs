//! Labels of parcels, bought from a carrier.

use super::Engine;
use crate::catalog::Variant;
use crate::error::Result;
use crate::ids::{EntityId, FulfilmentId, ShopId};
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
}
