//! What every payment provider must keep.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;

use super::{IN_THE_END, PATIENCE, PAUSE};
use crate::ids::{EntityId, OrderId, PaymentTxnId};
use crate::money::{Currency, Money};
use crate::payments::{PaymentError, PaymentOutcome, PaymentProvider, PaymentRequest, TxnKind};

/// A payment provider together with what stands in for the bank.
#[async_trait]
pub trait PaymentRig: Send + Sync {
    /// The adapter.
    fn port(&self) -> &dyn PaymentProvider;
    /// A means of payment that is taken.
    fn good_method(&self) -> &str;
    /// A means of payment that is declined.
    fn bad_method(&self) -> &str;
    /// Lets time pass.
    async fn wait(&self, time: Duration);
}

/// Stamps the suite on a rig: `payment_conformance!([tokio::test] module, || rig())`, and with a list of cases at the
/// end only those.
#[macro_export]
macro_rules! payment_conformance {
    ($attribute:tt $module:ident, $make:expr) => {
        $crate::payment_conformance!($attribute $module, $make, [
            the_same_key_moves_money_once
            keys_are_kept_apart
            an_unknown_key_is_not_found
            what_was_done_is_found
            a_decline_stays_a_decline
            money_goes_there_and_back
            no_more_goes_back_than_came
        ]);
    };
    ($attribute:tt $module:ident, $make:expr, [$($case:ident)+]) => {
        $crate::stamp_cases!($attribute $module, $crate::testing::ports::payment, $make, [$($case)+]);
    };
}

/// Sets money aside with this means of payment.
fn auth(number: u32, method: &str) -> PaymentRequest {
    PaymentRequest {
        key: PaymentTxnId::from_u128(u128::from(number)),
        order: OrderId::from_u128(1),
        kind: TxnKind::Auth,
        amount: Money::new(2_000, Currency::GBP),
        on: None,
        method: Some(method.to_owned()),
        page: None,
        known_as: None,
    }
}

/// Moves money on from what was done before.
fn next(number: u32, kind: TxnKind, minor: i64, on: &PaymentOutcome) -> PaymentRequest {
    PaymentRequest {
        key: PaymentTxnId::from_u128(u128::from(number)),
        order: OrderId::from_u128(1),
        kind,
        amount: Money::new(minor, Currency::GBP),
        on: Some(on.provider_ref.clone()),
        method: None,
        page: None,
        known_as: None,
    }
}

/// Repeats a call until the provider answers; the key sees to it that it is done once.
async fn persist<T>(
    rig: &dyn PaymentRig,
    mut call: impl AsyncFnMut() -> Result<T, PaymentError>,
) -> Result<T, PaymentError> {
    for _ in 0..PATIENCE {
        match call().await {
            Err(PaymentError::Unavailable { .. } | PaymentError::Unknown { .. }) => rig.wait(PAUSE).await,
            answer => return answer,
        }
    }
    panic!("the provider gave no answer in {PATIENCE} calls");
}

async fn execute(rig: &dyn PaymentRig, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
    persist(rig, async || rig.port().execute(request).await).await
}

async fn look_up(
    rig: &dyn PaymentRig,
    request: &PaymentRequest,
) -> Result<Option<PaymentOutcome>, PaymentError> {
    persist(rig, async || rig.port().look_up(request).await).await
}

/// Executes, and waits until it is settled.
async fn settle(rig: &dyn PaymentRig, request: &PaymentRequest) -> PaymentOutcome {
    let outcome = execute(rig, request).await.expect("a good request is done");
    if outcome.settled {
        return outcome;
    }
    rig.wait(IN_THE_END).await;
    let found = look_up(rig, request).await.expect("it can be looked up");
    let found = found.expect("what is under way is found");
    assert!(found.settled, "it is never settled");
    found
}

/// A key sent again answers what it answered before.
pub async fn the_same_key_moves_money_once(rig: &dyn PaymentRig) {
    let request = auth(1, rig.good_method());
    let first = settle(rig, &request).await;
    for _ in 0..20 {
        assert_eq!(execute(rig, &request).await, Ok(first.clone()));
    }
}

/// Different keys are different movements.
pub async fn keys_are_kept_apart(rig: &dyn PaymentRig) {
    let mut names = BTreeSet::new();
    for number in 1..=20 {
        names.insert(settle(rig, &auth(number, rig.good_method())).await.provider_ref);
    }
    assert_eq!(names.len(), 20);
}

/// A key that was never sent is not found.
pub async fn an_unknown_key_is_not_found(rig: &dyn PaymentRig) {
    settle(rig, &auth(1, rig.good_method())).await;
    assert_eq!(look_up(rig, &auth(2, rig.good_method())).await, Ok(None));
}

/// What was done is found under its key.
pub async fn what_was_done_is_found(rig: &dyn PaymentRig) {
    for number in 1..=20 {
        let request = auth(number, rig.good_method());
        let done = settle(rig, &request).await;
        assert_eq!(look_up(rig, &request).await, Ok(Some(done)));
    }
}

/// What was declined is declined when sent again, and is never found as done.
pub async fn a_decline_stays_a_decline(rig: &dyn PaymentRig) {
    let request = auth(1, rig.bad_method());
    for _ in 0..5 {
        let answer = execute(rig, &request).await;
        assert!(matches!(answer, Err(PaymentError::Declined { .. })), "{answer:?}");
        let found = look_up(rig, &request).await;
        assert!(matches!(found, Ok(None) | Err(PaymentError::Declined { .. })), "{found:?}");
    }
}

/// Money is set aside, taken, and given back; each step names the one before.
pub async fn money_goes_there_and_back(rig: &dyn PaymentRig) {
    let set_aside = settle(rig, &auth(1, rig.good_method())).await;
    let taken = settle(rig, &next(2, TxnKind::Capture, 2_000, &set_aside)).await;
    let back = settle(rig, &next(3, TxnKind::Refund, 500, &taken)).await;
    let names = BTreeSet::from([set_aside.provider_ref, taken.provider_ref, back.provider_ref]);
    assert_eq!(names.len(), 3);
}

/// More than was taken is not given back.
pub async fn no_more_goes_back_than_came(rig: &dyn PaymentRig) {
    let set_aside = settle(rig, &auth(1, rig.good_method())).await;
    let taken = settle(rig, &next(2, TxnKind::Capture, 2_000, &set_aside)).await;
    settle(rig, &next(3, TxnKind::Refund, 1_500, &taken)).await;
    let answer = execute(rig, &next(4, TxnKind::Refund, 501, &taken)).await;
    assert!(matches!(answer, Err(PaymentError::Declined { .. })), "{answer:?}");
    settle(rig, &next(5, TxnKind::Refund, 500, &taken)).await;
}
