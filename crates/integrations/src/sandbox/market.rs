use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::ids::ListingId;
use baddie_core::listings::{Capabilities, Channel, ChannelError, Observed, Offer, Pulled, SalesChannel};

use super::call::Call;
use super::place::{Place, Shown};
use super::settings::Settings;
use super::world::World;
use super::{Refusal, Sandbox};

/// The world's marketplaces, as the engine calls them.
#[derive(Clone)]
pub struct Marketplaces(pub(super) Sandbox);

impl Marketplaces {
    async fn call<T: Send>(
        &self,
        at: &Channel,
        call: Call,
        effect: impl FnOnce(&mut Place, Timestamp) -> Result<T, ChannelError> + Send,
    ) -> Result<T, ChannelError> {
        let fate = |world: &mut World| {
            let place = self.visit(world, at)?;
            Ok(place.luck.call(&place.faults))
        };
        self.0.carry(call, fate, |world, now| effect(self.visit(world, at)?, now)).await
    }

    fn visit<'a>(&self, world: &'a mut World, at: &Channel) -> Result<&'a mut Place, ChannelError> {
        world.visit(at, &self.0.shared.config).map_err(|error| ChannelError::Rejected {
            reason: format!("the channel's settings cannot be read: {error}"),
        })
    }
}

fn fit(place: &Place, offer: &Offer) -> Result<(), ChannelError> {
    place.unfit(offer).map_or(Ok(()), |reason| Err(ChannelError::Rejected { reason }))
}

#[async_trait]
impl SalesChannel for Marketplaces {
    /// Settings that cannot be read are taken for none; every call then says what is wrong with them.
    fn capabilities(&self, settings: &serde_json::Value) -> Capabilities {
        Settings::read(settings).unwrap_or_default().market.capabilities()
    }

    async fn publish(&self, at: &Channel, offer: &Offer) -> Result<Observed, ChannelError> {
        let publish = |place: &mut Place, _| fit(place, offer).map(|()| place.publish(offer));
        self.call(at, Call::Changes, publish).await
    }

    async fn revise(&self, at: &Channel, external_id: &str, offer: &Offer) -> Result<Observed, ChannelError> {
        let revise = |place: &mut Place, _| {
            fit(place, offer)?;
            place.revise(external_id, offer).ok_or(ChannelError::NotThere)
        };
        self.call(at, Call::Changes, revise).await
    }

    async fn end(&self, at: &Channel, external_id: &str) -> Result<(), ChannelError> {
        let end = |place: &mut Place, now| match place.end(external_id, now) {
            Ok(()) => Ok(()),
            Err(Refusal::NoSuchListing) => Err(ChannelError::NotThere),
            Err(refusal) => Err(ChannelError::Refused { reason: refusal.to_string() }),
        };
        self.call(at, Call::Changes, end).await
    }

    async fn look_up(
        &self,
        at: &Channel,
        key: ListingId,
        _: Option<&str>,
    ) -> Result<Option<Observed>, ChannelError> {
        let look_up = |place: &mut Place, _| {
            let listing = place.keys.get(&key).and_then(|external_id| place.listings.get(external_id));
            Ok(listing.map(Shown::observed))
        };
        self.call(at, Call::Looks, look_up).await
    }

    async fn pull(&self, at: &Channel, cursor: Option<&str>) -> Result<Pulled, ChannelError> {
        let page = self.0.shared.config.page.max(1);
        let pull = |place: &mut Place, now| {
            place.feed.since(cursor, now, page).ok_or_else(|| ChannelError::Rejected {
                reason: "this cursor is not one of the sandbox's: fetch from the beginning".into(),
            })
        };
        self.call(at, Call::Looks, pull).await
    }
}
