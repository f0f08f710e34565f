//! Rules, policies, proposals; parcels and returns.

use std::sync::Arc;

use super::{Stage, numbers, walk};
use crate::insights::{Forecast, RefillPolicy, RefillProposal};
use crate::page::PageRequest;
use crate::pricing::{PriceProposal, PricingRule, ProposalState};
use crate::shipping::{Fulfilment, FulfilmentState, ReturnCase, ReturnState};
use crate::storage::Storage;
use crate::testing::builders::Sample;

/// Rules that apply are found oldest first, and every policy.
pub async fn rules_and_policies_are_found(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    let rules: Vec<_> = (1..=6).map(PricingRule::number).collect();
    let policies: Vec<_> = (1..=4).map(RefillPolicy::number).collect();
    tx.add_all(&rules).await.unwrap();
    tx.add_all(&policies).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let active = tx.pricing().active_rules().await.unwrap();
    assert_eq!(numbers(active.iter().map(|rule| rule.id)), [1, 2, 4, 5]);
    assert_eq!(tx.insights().policies().await.unwrap(), policies);
    let mut tx = stage.read_there().await;
    assert_eq!(tx.pricing().active_rules().await.unwrap(), []);
    assert_eq!(tx.insights().policies().await.unwrap(), []);
}

/// Two in three samples are full, and the others are in another state.
const FULL: [u128; 4] = [5, 4, 2, 1];
const BARE: [u128; 2] = [6, 3];

/// Pages of proposals hold those in the state asked for.
pub async fn proposals_are_found_by_state(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    PriceProposal::ground(&mut *tx, 6).await.unwrap();
    RefillProposal::ground(&mut *tx, 6).await.unwrap();
    tx.add_all(&(1..=6).map(PriceProposal::number).collect::<Vec<_>>()).await.unwrap();
    tx.add_all(&(1..=6).map(RefillProposal::number).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let mut prices = async |state| {
        let found = walk(2, async |page| tx.pricing().proposals(state, &page).await.unwrap()).await;
        numbers(found.iter().map(|proposal| proposal.id))
    };
    assert_eq!(prices(Some(ProposalState::Proposed)).await, FULL);
    assert_eq!(prices(Some(ProposalState::Rejected)).await, BARE);
    assert_eq!(prices(None).await, [6, 5, 4, 3, 2, 1]);
    let mut refills = async |state| {
        let found = walk(2, async |page| tx.insights().refills(state, &page).await.unwrap()).await;
        numbers(found.iter().map(|proposal| proposal.id))
    };
    assert_eq!(refills(Some(ProposalState::Proposed)).await, FULL);
    assert_eq!(refills(Some(ProposalState::Superseded)).await, BARE);
    assert_eq!(refills(Some(ProposalState::Failed)).await, [0; 0]);
}

/// A new forecast takes the place of the one its variant had, and of no other.
pub async fn a_variant_has_one_forecast(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    Forecast::ground(&mut *tx, 3).await.unwrap();
    tx.insights().replace_forecasts(&(1..=3).map(Forecast::number).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
    let newer = Forecast { variant_id: Forecast::number(2).variant_id, ..Forecast::number(4) };
    let mut tx = stage.write().await;
    tx.insights().replace_forecasts(std::slice::from_ref(&newer)).await.unwrap();
    tx.insights().replace_forecasts(&[]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let all = walk(2, async |page| tx.page::<Forecast>(&page).await.unwrap()).await;
    assert_eq!(numbers(all.iter().map(|forecast| forecast.id)), [4, 3, 1]);
    assert_eq!(tx.parts::<Forecast>(newer.variant_id).await.unwrap(), [newer]);
    let there = stage.read_there().await.page::<Forecast>(&PageRequest::first(9)).await.unwrap().items;
    assert_eq!(there, []);
}

/// Pages of parcels and returns hold those in the state asked for.
pub async fn parcels_and_returns_are_found_by_state(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    Fulfilment::ground(&mut *tx, 6).await.unwrap();
    tx.add_all(&(1..=6).map(Fulfilment::number).collect::<Vec<_>>()).await.unwrap();
    tx.add_all(&(1..=6).map(ReturnCase::number).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let mut parcels = async |state| {
        let found = walk(2, async |page| tx.shipping().fulfilments(state, &page).await.unwrap()).await;
        numbers(found.iter().map(|parcel| parcel.id))
    };
    assert_eq!(parcels(Some(FulfilmentState::Delivered)).await, FULL);
    assert_eq!(parcels(Some(FulfilmentState::Planned)).await, BARE);
    assert_eq!(parcels(Some(FulfilmentState::Lost)).await, [0; 0]);
    let mut returns = async |state| {
        let found = walk(2, async |page| tx.shipping().returns(state, &page).await.unwrap()).await;
        numbers(found.iter().map(|case| case.id))
    };
    assert_eq!(returns(Some(ReturnState::Inspected)).await, FULL);
    assert_eq!(returns(Some(ReturnState::Requested)).await, BARE);
    assert_eq!(returns(None).await, [6, 5, 4, 3, 2, 1]);
}
