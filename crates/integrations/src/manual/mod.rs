//! Channels that no program can call: a market stall, a shop window, a marketplace kept by hand. The adapter calls
//! nobody; it lets such a place take part in listings, prices and orders like any other.

use async_trait::async_trait;
use baddie_core::ids::ListingId;
use baddie_core::listings::{Capabilities, Channel, ChannelError, Observed, Offer, Pulled, SalesChannel};

/// The kind of channel that this adapter speaks to.
pub const KIND: &str = "manual";

/// Says yes to everything and calls nobody: people do what the listings say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manual;

impl Manual {
    fn shows(offer: &Offer) -> Observed {
        Observed {
            external_id: offer.key.to_string(),
            url: None,
            qty: offer.qty,
            price: offer.price,
            ended: None,
        }
    }
}

#[async_trait]
impl SalesChannel for Manual {
    fn capabilities(&self, _settings: &serde_json::Value) -> Capabilities {
        Capabilities {
            multi_qty: true,
            zero_qty: true,
            look_up: false,
            webhooks: false,
            end: true,
            revise: true,
            offers: false,
            parcels: false,
            pictures: false,
            refunds: false,
            cancels: false,
            goods: false,
            max_title: 200,
            max_description: 10_000,
            concurrency: 4,
        }
    }

    async fn publish(&self, _at: &Channel, offer: &Offer) -> Result<Observed, ChannelError> {
        Ok(Self::shows(offer))
    }

    async fn revise(
        &self,
        _at: &Channel,
        _external_id: &str,
        offer: &Offer,
    ) -> Result<Observed, ChannelError> {
        Ok(Self::shows(offer))
    }

    async fn end(&self, _at: &Channel, _external_id: &str) -> Result<(), ChannelError> {
        Ok(())
    }

    /// There is nobody to ask. The answer is the one from which the engine finds its way whatever was the case: the
    /// listing is there and shows nothing, so what it should show is told again, and nothing is ended by mistake.
    async fn look_up(
        &self,
        at: &Channel,
        key: ListingId,
        _: Option<&str>,
    ) -> Result<Option<Observed>, ChannelError> {
        let price = at.currency.zero();
        Ok(Some(Observed { external_id: key.to_string(), url: None, qty: 0, price, ended: None }))
    }

    async fn pull(&self, _at: &Channel, cursor: Option<&str>) -> Result<Pulled, ChannelError> {
        Ok(Pulled { notices: Vec::new(), cursor: cursor.map(str::to_owned), more: false })
    }
}
