//! What every store must keep, whatever it keeps it in. A backend brings a way to open an empty store; each case opens
//! its own.
//!
//! The suite calls the traits of [`crate::storage`] alone, as the engine would, and knows no runtime; the macro stamps
//! its cases as tests under the attribute it is given, such as `#[tokio::test]`.
#![expect(clippy::missing_panics_doc, reason = "a suite speaks by panicking")]
#![expect(clippy::unwrap_used, reason = "a store that fails where it must not has failed the suite")]

mod accounts;
mod catalog;
mod connections;
mod inventory;
mod journal;
mod kept;
mod ledger;
mod listings;
mod orders;
mod outbox;
mod plans;
mod purchasing;
mod webhooks;
mod work;

use std::sync::Arc;

pub use accounts::*;
pub use catalog::*;
pub use connections::*;
pub use inventory::*;
pub use journal::*;
pub use kept::*;
pub use ledger::*;
pub use listings::*;
pub use orders::*;
pub use outbox::*;
pub use plans::*;
pub use purchasing::*;
pub use webhooks::*;
pub use work::*;

use crate::error::{Error, Kind};
use crate::ids::{EntityId, ShopId};
use crate::page::{Page, PageRequest};
use crate::storage::{Scope, Storage, Transaction};
use crate::testing::builders::id;

/// Stamps the suite on a store: `storage_conformance!([tokio::test] module, async || Arc::new(my_store()) as _)`.
#[macro_export]
macro_rules! storage_conformance {
    ($attribute:tt $module:ident, $open:expr) => {
        $crate::stamp_cases!($attribute $module, $crate::testing::storage, || $open, [
            accounts_are_kept
            catalogs_are_kept
            stock_is_kept
            purchases_are_kept
            prices_are_kept
            listings_are_kept
            orders_are_kept
            money_is_kept
            parcels_are_kept
            books_are_kept
            plans_are_kept
            connections_are_kept
            sites_are_kept
            webhooks_are_kept
            work_is_kept
            what_was_done_is_kept
            numbers_count_up_without_gaps
            a_shop_finds_itself
            active_owners_are_counted
            owners_are_held_by_one_at_a_time
            products_are_found_by_status
            products_are_found_by_their_words
            what_is_searched_follows_what_is_edited
            skus_are_found
            bundles_are_found_by_what_they_hold
            media_can_be_removed
            places_stand_in_order
            what_can_be_sold_comes_with_its_stock
            a_level_is_opened_once
            a_level_gives_no_more_than_it_has
            two_takers_cannot_have_the_same_unit
            promises_beyond_stock_are_bounded
            holds_are_found_by_owner_and_time
            layers_are_found_oldest_first
            shipments_are_summed_by_day
            what_runs_out_is_found
            offers_are_found_cheapest_first
            purchase_orders_are_found_by_state
            texts_are_found_and_counted
            open_listings_are_found_with_bundles
            listings_are_found_and_counted
            listings_wait_to_be_compared
            sold_out_listings_are_found_newest_first
            a_notice_is_known_again
            orders_are_found_by_every_filter
            what_sold_is_known_with_its_price
            an_order_is_held_by_one_at_a_time
            a_coupon_is_used_no_oftener_than_it_may_be
            a_customer_is_forgotten
            checkouts_run_out_in_order
            payouts_are_found_by_name
            an_entry_balances_or_is_not_kept
            a_source_is_posted_once
            an_entry_is_taken_back_once
            a_sealed_entry_stays_as_it_is
            balances_are_summed_by_day
            postings_are_found_by_what_they_concern
            rules_and_policies_are_found
            proposals_are_found_by_state a_variant_has_one_forecast
            parcels_and_returns_are_found_by_state
            connections_are_found_by_service
            what_was_heard_is_known_again
            movements_are_found_by_their_providers_name
            equal_jobs_become_one
            jobs_are_found_and_counted
            unfinished_work_is_known
            what_is_to_be_told_is_told_in_order
            the_newest_event_is_known
            due_jobs_are_shared_out
            a_crowd_hides_nobody
            a_lease_is_taken_once
            a_lease_that_ran_out_is_taken_over
            one_job_of_a_subject_at_a_time
            a_key_is_found_by_its_hash
            answers_are_kept_until_their_time
            an_import_is_known_by_its_file
        ]);
    };
}

/// The shop that most cases are about.
fn here() -> ShopId {
    id(1)
}

/// Another shop in the same store.
fn there() -> ShopId {
    id(2)
}

/// An open store.
struct Stage(Arc<dyn Storage>);

impl Stage {
    async fn set(open: &impl AsyncFn() -> Arc<dyn Storage>) -> Self {
        Self(open().await)
    }

    async fn write(&self) -> Box<dyn Transaction> {
        self.0.begin(Scope::Shop(here())).await.unwrap()
    }

    async fn read(&self) -> Box<dyn Transaction> {
        self.0.read(Scope::Shop(here())).await.unwrap()
    }

    /// A look from the other shop.
    async fn read_there(&self) -> Box<dyn Transaction> {
        self.0.read(Scope::Shop(there())).await.unwrap()
    }

    async fn system(&self) -> Box<dyn Transaction> {
        self.0.begin(Scope::System).await.unwrap()
    }
}

/// What comes of something noted: a store may tell at once, or by the commit.
async fn by_the_commit(noted: Result<(), Error>, tx: Box<dyn Transaction>) -> Result<(), Error> {
    noted?;
    tx.commit().await
}

/// Refused because there is one already.
fn assert_duplicate<T>(result: Result<T, Error>, what: &str) {
    let error = result.err().unwrap_or_else(|| panic!("{what}: a second one was taken"));
    assert_eq!((error.kind(), error.code()), (Kind::Conflict, "storage.duplicate"), "{what}: {error}");
}

/// Everything a list holds, read in pages of `limit`, each of which must be as long as it can be.
async fn walk<T>(limit: u32, mut page: impl AsyncFnMut(PageRequest) -> Page<T>) -> Vec<T> {
    let mut all = Vec::new();
    let mut request = PageRequest::first(limit);
    loop {
        let Page { items, next_cursor } = page(request).await;
        let full = items.len() == limit as usize;
        all.extend(items);
        let Some(cursor) = next_cursor else { return all };
        assert!(full, "a page that is not the last one is full");
        request = PageRequest { limit: Some(limit), cursor: Some(cursor) };
    }
}

fn numbers<I: EntityId>(ids: impl IntoIterator<Item = I>) -> Vec<u128> {
    ids.into_iter().map(EntityId::as_u128).collect()
}
