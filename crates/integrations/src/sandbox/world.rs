use std::collections::BTreeMap;

use baddie_core::clock::Timestamp;
use baddie_core::ids::ChannelId;
use baddie_core::listings::Channel;
use serde::{Deserialize, Serialize};

use super::Config;
use super::bank::Ledger;
use super::buyers::Crowd;
use super::faults::{Luck, Tally};
use super::place::Place;
use super::post::Depot;
use super::settings::Settings;

/// Everything there is, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct World {
    /// The latest time that was seen: time in the world never goes back.
    now: Timestamp,
    pub(super) places: BTreeMap<ChannelId, Place>,
    pub(super) ledger: Ledger,
    pub(super) depot: Depot,
    pub(super) crowd: Crowd,
    /// Whether there is anything to keep that was not there before.
    #[serde(skip)]
    pub(super) changed: bool,
}

impl World {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            now: Timestamp::from_micros(i64::MIN),
            places: BTreeMap::new(),
            ledger: Ledger::new(Luck::of(config.seed, "bank")),
            depot: Depot::new(Luck::of(config.seed, "post")),
            crowd: Crowd::new(config.seed),
            changed: false,
        }
    }

    /// Moves on to this time; answers the world's own.
    pub(super) fn turn(&mut self, now: Timestamp) -> Timestamp {
        self.now = self.now.max(now);
        self.now
    }

    /// The marketplace behind a channel, with what is due there done. It opens when it is first called at.
    pub(super) fn visit(&mut self, at: &Channel, config: &Config) -> Result<&mut Place, serde_json::Error> {
        let settings = Settings::read(&at.settings)?;
        let now = self.now;
        let open = || Place::new(Luck::of(config.seed, &at.id.to_string()), at.currency, now);
        let place = self.places.entry(at.id).or_insert_with(open);
        place.market = settings.market;
        place.faults = settings.faults.unwrap_or_else(|| config.faults.clone());
        self.changed |= place.advance(now);
        Ok(place)
    }

    /// The marketplace of a channel that was called at before.
    pub(super) fn place(&mut self, channel: ChannelId) -> Option<&mut Place> {
        let place = self.places.get_mut(&channel)?;
        self.changed |= place.advance(self.now);
        Some(place)
    }

    pub(super) fn tally(&self) -> Tally {
        let mut sum = self.ledger.luck.tally.clone();
        sum.add(&self.depot.luck.tally);
        for place in self.places.values() {
            sum.add(&place.luck.tally);
        }
        sum
    }
}
