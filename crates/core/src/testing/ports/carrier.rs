//! What every carrier must keep.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;

use super::{IN_THE_END, PATIENCE, PAUSE};
use crate::ids::{EntityId, FulfilmentId};
use crate::money::Currency;
use crate::shipping::{Carrier, CarrierError, Label, Parcel, Whereabouts};

/// A carrier together with what stands in for its depot.
#[async_trait]
pub trait CarrierRig: Send + Sync {
    /// The adapter.
    fn port(&self) -> &dyn Carrier;
    /// Lets time pass.
    async fn wait(&self, time: Duration);
}

/// Stamps the suite on a rig: `carrier_conformance!([tokio::test] module, || rig())`, and with a list of cases at the
/// end only those.
#[macro_export]
macro_rules! carrier_conformance {
    ($attribute:tt $module:ident, $make:expr) => {
        $crate::carrier_conformance!($attribute $module, $make, [
            a_parcel_has_one_label
            parcels_are_kept_apart
            a_label_is_paid_in_the_currency_asked_for
            a_parcel_begins_announced_and_arrives_somewhere
            an_unused_label_goes_back
            what_was_never_sent_is_not_tracked
        ]);
    };
    ($attribute:tt $module:ident, $make:expr, [$($case:ident)+]) => {
        $crate::stamp_cases!($attribute $module, $crate::testing::ports::carrier, $make, [$($case)+]);
    };
}

fn parcel(number: u32) -> Parcel {
    let key = FulfilmentId::from_u128(u128::from(number));
    Parcel { key, weight_g: 750, service: None, currency: Currency::GBP }
}

async fn persist<T>(
    rig: &dyn CarrierRig,
    mut call: impl AsyncFnMut() -> Result<T, CarrierError>,
) -> Result<T, CarrierError> {
    for _ in 0..PATIENCE {
        match call().await {
            Err(CarrierError::Unavailable { .. }) => rig.wait(PAUSE).await,
            answer => return answer,
        }
    }
    panic!("the carrier gave no answer in {PATIENCE} calls");
}

async fn buy(rig: &dyn CarrierRig, number: u32) -> Label {
    let label = persist(rig, async || rig.port().buy_label(&parcel(number)).await).await;
    label.expect("an ordinary parcel is taken")
}

async fn track(rig: &dyn CarrierRig, tracking: &str) -> Result<Whereabouts, CarrierError> {
    persist(rig, async || rig.port().track(tracking).await).await
}

/// A label asked for again is the same label at the same price.
pub async fn a_parcel_has_one_label(rig: &dyn CarrierRig) {
    let first = buy(rig, 1).await;
    for _ in 0..20 {
        assert_eq!(buy(rig, 1).await, first);
    }
}

/// Different parcels have different labels.
pub async fn parcels_are_kept_apart(rig: &dyn CarrierRig) {
    let mut names = BTreeSet::new();
    for number in 1..=20 {
        names.insert(buy(rig, number).await.tracking);
    }
    assert_eq!(names.len(), 20);
}

/// A label costs something not below zero, in the currency asked for.
pub async fn a_label_is_paid_in_the_currency_asked_for(rig: &dyn CarrierRig) {
    let cost = buy(rig, 1).await.cost;
    assert!(cost.currency() == Currency::GBP && !cost.is_negative(), "{cost}");
}

/// A parcel is announced first, and in the end no longer on its way.
pub async fn a_parcel_begins_announced_and_arrives_somewhere(rig: &dyn CarrierRig) {
    let label = buy(rig, 1).await;
    assert_eq!(track(rig, &label.tracking).await, Ok(Whereabouts::Announced));
    rig.wait(IN_THE_END).await;
    let at = track(rig, &label.tracking).await.expect("it can be tracked");
    assert!(matches!(at, Whereabouts::Delivered | Whereabouts::Lost | Whereabouts::Returning), "{at:?}");
}

/// A label that was not used can be given back, also when the answer was lost and it is asked again.
pub async fn an_unused_label_goes_back(rig: &dyn CarrierRig) {
    let label = buy(rig, 1).await;
    for _ in 0..2 {
        persist(rig, async || rig.port().void_label(&label.tracking).await).await.expect("it goes back");
    }
}

/// A label that never was is known nowhere.
pub async fn what_was_never_sent_is_not_tracked(rig: &dyn CarrierRig) {
    let tracked = track(rig, "no-such-label").await;
    assert!(matches!(tracked, Err(CarrierError::Rejected { .. })), "{tracked:?}");
    let voided = persist(rig, async || rig.port().void_label("no-such-label").await).await;
    assert!(matches!(voided, Err(CarrierError::Rejected { .. })), "{voided:?}");
}
