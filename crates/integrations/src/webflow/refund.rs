//! Money of an order that goes back, through Webflow that took it: all of it, or nothing.

use baddie_core::listings::{Channel, ChannelRefund};
use baddie_core::payments::{PaymentError, PaymentOutcome};

use super::calls;
use super::channel::is_id;
use super::import::paid_by;
use super::{Order, Settings, Webflow};

impl Webflow {
    /// Gives it back, unless that was done before: an order that was is known by how it stands.
    pub(super) async fn give_back(
        &self,
        at: &Channel,
        refund: &ChannelRefund,
    ) -> Result<PaymentOutcome, PaymentError> {
        if !is_id(&refund.order) {
            return Err(declined("Webflow has no such order"));
        }
        let settings = Settings::of(at).map_err(|error| declined(&error.to_string()))?;
        let site = self.ground(&settings).await?.site;
        let order: Order = self.send(&calls::get_order(&site, &refund.order)).await?;
        let done =
            PaymentOutcome { provider_ref: format!("refund of {}", refund.order), settled: true, page: None };
        if order.status == "refunded" {
            return Ok(done);
        }
        let paid = paid_by(&order, refund.amount.currency());
        if paid != Some(refund.amount) {
            let of = paid.map_or("another sum".into(), |paid| paid.to_string());
            return Err(declined(&format!("Webflow gives an order back whole, and this is one of {of}")));
        }
        self.tell(&calls::refund_order(&site, &refund.order, "requested")).await?;
        Ok(done)
    }
}

fn declined(reason: &str) -> PaymentError {
    PaymentError::Declined { reason: reason.to_owned() }
}
