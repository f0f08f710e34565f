use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::ids::FulfilmentId;
use baddie_core::money::Money;
use baddie_core::shipping::{Carrier, CarrierError, Label, Parcel, Whereabouts};
use serde::{Deserialize, Serialize};

use super::Sandbox;
use super::call::Call;
use super::faults::{Fault, Faults, Luck};
use super::world::World;

/// The heaviest parcel that is taken, in grams.
const HEAVIEST_G: i64 = 30_000;
/// A label is paid in hundredths of the main unit, whatever the currency: so much for each, and for each begun kilogram.
const EACH: i64 = 280;
const EACH_KILOGRAM: i64 = 95;
/// How long after buying its label a parcel is handed over, and how long it then takes, at least and at most.
const HANDED_OVER: Duration = Duration::from_hours(6);
const QUICKEST: Duration = Duration::from_hours(24);
const SLOWEST_MORE_HOURS: u64 = 72;

/// A parcel as the carrier knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Consignment {
    tracking: String,
    cost: Money,
    collected_at: Timestamp,
    arrives_at: Timestamp,
    is_lost: bool,
    is_void: bool,
}

/// The carrier's book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Depot {
    pub(super) luck: Luck,
    parcels: BTreeMap<FulfilmentId, Consignment>,
}

fn rejected<T>(reason: &str) -> Result<T, CarrierError> {
    Err(CarrierError::Rejected { reason: reason.to_owned() })
}

impl Depot {
    pub(super) fn new(luck: Luck) -> Self {
        Self { luck, parcels: BTreeMap::new() }
    }

    fn buy(&mut self, parcel: &Parcel, faults: &Faults, now: Timestamp) -> Result<Label, CarrierError> {
        if let Some(known) = self.parcels.get(&parcel.key) {
            if known.is_void {
                return rejected("the label of this parcel was given back");
            }
            return Ok(Label { tracking: known.tracking.clone(), cost: known.cost });
        }
        if !(0..=HEAVIEST_G).contains(&parcel.weight_g) {
            return rejected("a parcel weighs at most 30 kg");
        }
        let times = match parcel.service.as_deref() {
            None | Some("standard") => 1,
            Some("express") => 2,
            Some(_) => return rejected("choose standard or express"),
        };
        let kilograms = (parcel.weight_g + 999) / 1_000;
        let cost = Money::new((EACH + EACH_KILOGRAM * kilograms) * times, parcel.currency);
        let tracking = format!("SBX{:08}", self.parcels.len() + 1);
        let collected_at = now.plus(HANDED_OVER);
        let more = Duration::from_hours(self.luck.dice.throw(SLOWEST_MORE_HOURS));
        let is_lost = self.luck.strikes(&[(Fault::LostParcel, faults.lost_parcels)]).is_some();
        let arrives_at = collected_at.plus(QUICKEST).plus(more);
        let label = Label { tracking: tracking.clone(), cost };
        let consignment = Consignment { tracking, cost, collected_at, arrives_at, is_lost, is_void: false };
        self.parcels.insert(parcel.key, consignment);
        Ok(label)
    }

    fn find(&mut self, tracking: &str) -> Result<&mut Consignment, CarrierError> {
        let known = self.parcels.values_mut().find(|parcel| parcel.tracking == tracking);
        known.map_or_else(|| rejected("there is no such label"), Ok)
    }

    fn void(&mut self, tracking: &str, now: Timestamp) -> Result<(), CarrierError> {
        let parcel = self.find(tracking)?;
        if !parcel.is_void && parcel.collected_at <= now {
            return rejected("the parcel was handed over already");
        }
        parcel.is_void = true;
        Ok(())
    }

    fn track(&mut self, tracking: &str, now: Timestamp) -> Result<Whereabouts, CarrierError> {
        let parcel = self.find(tracking)?;
        Ok(match (now >= parcel.collected_at, now >= parcel.arrives_at) {
            _ if parcel.is_void => return rejected("the label was given back"),
            (false, _) => Whereabouts::Announced,
            (true, false) => Whereabouts::UnderWay,
            (true, true) if parcel.is_lost => Whereabouts::Lost,
            (true, true) => Whereabouts::Delivered,
        })
    }
}

/// The world's carrier, as the engine calls it.
#[derive(Clone)]
pub struct Post(pub(super) Sandbox);

impl Post {
    async fn call<T: Send>(
        &self,
        call: Call,
        effect: impl FnOnce(&mut Depot, Timestamp) -> Result<T, CarrierError> + Send,
    ) -> Result<T, CarrierError> {
        let faults = &self.0.shared.config.faults;
        let fate = |world: &mut World| Ok(world.depot.luck.call(faults));
        self.0.carry(call, fate, |world, now| effect(&mut world.depot, now)).await
    }
}

#[async_trait]
impl Carrier for Post {
    async fn buy_label(&self, parcel: &Parcel) -> Result<Label, CarrierError> {
        let faults = &self.0.shared.config.faults;
        self.call(Call::Changes, |depot, now| depot.buy(parcel, faults, now)).await
    }

    async fn void_label(&self, tracking: &str) -> Result<(), CarrierError> {
        self.call(Call::Changes, |depot, now| depot.void(tracking, now)).await
    }

    async fn track(&self, tracking: &str) -> Result<Whereabouts, CarrierError> {
        self.call(Call::Looks, |depot, now| depot.track(tracking, now)).await
    }
}
