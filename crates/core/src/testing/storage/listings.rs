//! Offers on channels.

use std::sync::Arc;

use super::{Stage, numbers, walk};
use crate::catalog::{BundleComponent, Variant};
use crate::listings::{Channel, EndReason, Listing, ListingFilter, ListingState, ListingText, Notice};
use crate::storage::Storage;
use crate::testing::builders::{Sample, at, id, lay};

/// A listing in a state that fits what else it says.
fn listing(n: u128, variant: u128, channel: u128, state: ListingState) -> Listing {
    Listing { variant_id: id(variant), channel_id: id(channel), state, ..Listing::sample(n, n, true) }
}

async fn listed(open: &impl AsyncFn() -> Arc<dyn Storage>, listings: &[Listing]) -> Stage {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Channel>(&mut *tx, 3).await.unwrap();
    lay::<Variant>(&mut *tx, 6).await.unwrap();
    tx.add_all(listings).await.unwrap();
    tx.commit().await.unwrap();
    stage
}

/// What is on offer of variants, and of the bundles that hold them, is found by variant.
pub async fn open_listings_are_found_with_bundles(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use ListingState::{Draft, Ended, Live, Paused};
    let listings = [
        listing(1, 5, 1, Live),
        listing(2, 2, 1, Live),
        listing(3, 1, 1, Ended),
        listing(4, 1, 1, Draft),
        listing(5, 1, 2, Paused),
        listing(6, 3, 1, Live),
        listing(7, 5, 2, Ended),
    ];
    let stage = listed(open, &listings).await;
    let mut tx = stage.write().await;
    let part = |n, bundle, held| BundleComponent {
        bundle_id: id(bundle),
        variant_id: id(held),
        ..BundleComponent::number(n)
    };
    tx.add_all(&[part(1, 5, 1), part(2, 5, 2), part(3, 6, 1)]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    for (variants, expected) in [
        (vec![1], vec![4, 5, 1]),
        (vec![2, 1], vec![4, 5, 2, 1]),
        (vec![5], vec![1]),
        (vec![3, 4], vec![6]),
        (vec![], vec![]),
    ] {
        let variants: Vec<_> = variants.into_iter().map(id).collect();
        let found = tx.listings().open_of(&variants).await.unwrap();
        assert_eq!(numbers(found.iter().map(|listing| listing.id)), expected, "{variants:?}");
    }
    assert_eq!(stage.read_there().await.listings().open_of(&[id(1)]).await.unwrap(), []);
}

/// Listings are found by channel, state, variant and their names there, and counted by channel and state.
pub async fn listings_are_found_and_counted(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use ListingState::{Ended, Live, Ready};
    let listings = [
        listing(1, 1, 1, Live),
        listing(2, 2, 1, Live),
        listing(3, 1, 2, Ready),
        listing(4, 3, 1, Ended),
        listing(5, 3, 1, Live),
    ];
    let stage = listed(open, &listings).await;
    let mut tx = stage.read().await;
    let any = ListingFilter::default();
    for (filter, expected) in [
        (any.clone(), vec![5, 4, 3, 2, 1]),
        (ListingFilter { channel_id: Some(id(1)), ..any.clone() }, vec![5, 4, 2, 1]),
        (ListingFilter { state: Some(Live), ..any.clone() }, vec![5, 2, 1]),
        (ListingFilter { variant_id: Some(id(1)), ..any.clone() }, vec![3, 1]),
        (ListingFilter { channel_id: Some(id(1)), state: Some(Ended), variant_id: Some(id(3)) }, vec![4]),
        (ListingFilter { channel_id: Some(id(3)), ..any }, vec![]),
    ] {
        let found = walk(2, async |page| tx.listings().find_listings(&filter, &page).await.unwrap()).await;
        assert_eq!(numbers(found.iter().map(|listing| listing.id)), expected, "{filter:?}");
    }
    let names = ["theirs-5", "theirs-3", "theirs-1", "none"];
    let found = tx.listings().by_external(id(1), &names).await.unwrap();
    assert_eq!(numbers(found.iter().map(|listing| listing.id)), [1, 5]);
    assert_eq!(tx.listings().by_external(id(1), &[]).await.unwrap(), []);
    let counts = tx.listings().counts().await.unwrap();
    assert_eq!(counts, [(id(1), Ended, 1), (id(1), Live, 3), (id(2), Ready, 1)]);
    let channels = tx.listings().channels().await.unwrap();
    assert_eq!(numbers(channels.iter().map(|channel| channel.id)), [1, 2, 3]);
    let mut tx = stage.read_there().await;
    assert_eq!(tx.listings().counts().await.unwrap(), []);
    assert_eq!(tx.listings().channels().await.unwrap(), []);
}

/// Listings that their channel may know of wait to be compared: never compared first, then longest ago.
pub async fn listings_wait_to_be_compared(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use ListingState as S;
    let compared = |n, state, when: Option<u128>| {
        let reconciled_at = when.map(|when| at(when, 0));
        Listing { reconciled_at, ..listing(n, n / 2 + 1, n % 2 + 1, state) }
    };
    let listings = [
        compared(1, S::Live, Some(8)),
        compared(3, S::Unknown, Some(2)),
        compared(5, S::Ending, None),
        compared(7, S::Ended, None),
        compared(9, S::Draft, None),
        compared(11, S::NeedsAttention, Some(10)),
        compared(2, S::Live, None),
    ];
    let stage = listed(open, &listings).await;
    let mut tx = stage.read().await;
    for (before, limit, expected) in [(10, 9, vec![5, 3, 1]), (11, 9, vec![5, 3, 1, 11]), (11, 2, vec![5, 3])]
    {
        let found = tx.listings().unreconciled(id(2), at(before, 0), limit).await.unwrap();
        assert_eq!(numbers(found.iter().map(|listing| listing.id)), expected, "before {before}");
    }
    assert_eq!(stage.read_there().await.listings().unreconciled(id(2), at(99, 0), 9).await.unwrap(), []);
}

/// Listings ended by a sale elsewhere are found, the latest sale first; those still to be ended too.
pub async fn sold_out_listings_are_found_newest_first(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let sold = |n, reason: Option<EndReason>, when: Option<u128>| Listing {
        end_reason: reason,
        sold_out_at: when.map(|when| at(when, 0)),
        ..listing(n, n, 1, ListingState::Ending)
    };
    let (here, elsewhere) = (Some(EndReason::SoldHere), Some(EndReason::SoldElsewhere));
    let listings = [
        sold(1, elsewhere, Some(3)),
        sold(2, here, Some(9)),
        sold(3, elsewhere, Some(7)),
        sold(4, elsewhere, None),
        sold(5, elsewhere, Some(3)),
    ];
    let stage = listed(open, &listings).await;
    let mut tx = stage.read().await;
    for (limit, expected) in [(9, vec![3, 5, 1]), (2, vec![3, 5])] {
        let found = tx.listings().sold_out(limit).await.unwrap();
        assert_eq!(numbers(found.iter().map(|listing| listing.id)), expected);
    }
}

/// A notice is known by its channel and its name there.
pub async fn a_notice_is_known_again(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = listed(open, &[]).await;
    let mut tx = stage.write().await;
    tx.add(&Notice { channel_id: id(1), ..Notice::number(1) }).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    assert!(tx.listings().has_notice(id(1), "notice 1").await.unwrap());
    assert!(!tx.listings().has_notice(id(2), "notice 1").await.unwrap());
    assert!(!tx.listings().has_notice(id(1), "notice 2").await.unwrap());
    assert!(!stage.read_there().await.listings().has_notice(id(1), "notice 1").await.unwrap());
}

/// What texts took is counted from a moment on, and texts are found by what they are of.
pub async fn texts_are_found_and_counted(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Variant>(&mut *tx, 2).await.unwrap();
    let text = |n, variant, tokens| ListingText {
        variant_id: id(variant),
        tokens,
        created_at: at(n, 0),
        ..ListingText::number(n)
    };
    tx.add_all(&[text(1, 1, 100), text(2, 2, 20), text(3, 1, 3)]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.write().await;
    for (since, expected) in [(at(1, 0), 123), (at(2, 0), 23), (at(3, 0), 3), (at(4, 0), 0)] {
        assert_eq!(tx.listings().tokens_since(since).await.unwrap(), expected, "{since:?}");
    }
    for (variant, expected) in [(None, vec![3, 2, 1]), (Some(id(1)), vec![3, 1]), (Some(id(9)), vec![])] {
        let found = walk(2, async |page| tx.listings().texts(variant, &page).await.unwrap()).await;
        assert_eq!(numbers(found.iter().map(|text| text.id)), expected, "{variant:?}");
    }
    drop(tx);
    let mut tx = stage.read_there().await;
    assert_eq!(tx.listings().tokens_since(at(1, 0)).await.unwrap(), 0);
}
