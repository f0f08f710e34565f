//! Listings: nothing that is gone is on offer, nothing is offered twice, and what a channel must hear is on its way.

use std::collections::{HashMap, HashSet};

use super::{Checker, Pages, Seen};
use crate::catalog::ItemStatus;
use crate::entity::Part;
use crate::error::Result;
use crate::ids::ChannelId;
use crate::listings::{Channel, Desired, Listing, ListingState as State, Notice, content_hash, publishable};
use crate::pricing::PriceChange;
use crate::storage::Tx;

pub(super) async fn check(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen) -> Result<()> {
    let mut channels: HashMap<ChannelId, Channel> = HashMap::new();
    for channel in tx.listings().channels().await? {
        seen.channels.insert(channel.id);
        channels.insert(channel.id, channel);
    }
    let mut open = HashSet::new();
    let mut names = HashSet::new();
    let mut pages = Pages::new();
    while let Some(listings) = pages.next::<Listing>(tx).await? {
        let ids: Vec<_> = listings.iter().map(|listing| listing.id).collect();
        let changes = tx.parts_of_all::<PriceChange>(&ids).await?;
        for listing in listings {
            seen.listings.insert(listing.id);
            let last = changes.iter().rfind(|change| change.whole() == listing.id);
            checker.check("C4", last.is_none_or(|change| change.new == listing.price), listing.id, || {
                format!(
                    "it costs {}, its last change made it {:?}",
                    listing.price,
                    last.map(|change| change.new)
                )
            });
            if let Some(name) = &listing.external_id {
                checker.check("C3", names.insert((listing.channel_id, name.clone())), listing.id, || {
                    format!("its channel has two listings called {name}")
                });
            }
            states(checker, &listing);
            if listing.state == State::Ended {
                continue;
            }
            checker.check("C3", open.insert((listing.channel_id, listing.variant_id)), listing.id, || {
                "its channel has two open listings of the same variant".into()
            });
            wanted(checker, seen, &listing, channels.get(&listing.channel_id));
        }
    }
    notices(tx, checker).await
}

fn states(checker: &mut Checker, listing: &Listing) {
    let live = matches!(listing.state, State::Live | State::Paused);
    checker.check("C5", !live || listing.external_id.is_some(), listing.id, || {
        format!("it is {} without a name at its channel", listing.state)
    });
    let told = listing.end_reason.is_some() && listing.ended_at.is_some();
    checker.check("C5", listing.state != State::Ended || told, listing.id, || {
        "it ended without a reason or time".into()
    });
    let hash = content_hash(&listing.title, &listing.description, listing.price);
    checker.check("C9", hash == listing.desired_hash, listing.id, || {
        "its content is not what is wanted of it: its hash differs".into()
    });
}

fn wanted(checker: &mut Checker, seen: &Seen, listing: &Listing, channel: Option<&Channel>) {
    let item = listing.item_id.and_then(|id| seen.items.get(&id));
    let gone = item.is_some_and(|item| matches!(item.status, ItemStatus::Sold | ItemStatus::WrittenOff));
    checker.check("C1", !gone || listing.desired == Desired::Unlisted, listing.id, || {
        "the thing is gone, but still meant to be listed".into()
    });
    let too_many = listing.item_id.is_some() && listing.published_qty > 1;
    checker
        .check("C2", !too_many, listing.id, || format!("it offers {} of one thing", listing.published_qty));
    // A job that waits, is under way or was given up for somebody to look at.
    let waits = seen.waiting.contains(&listing.id.to_string());
    let out = matches!(listing.state, State::Live | State::Paused | State::Ending);
    checker.check("C1", listing.desired == Desired::Listed || !out || waits, listing.id, || {
        format!("it is {} and not wanted, and nothing will end it", listing.state)
    });
    let (true, Some(channel)) = (matches!(listing.state, State::Live | State::Paused), channel) else {
        return;
    };
    let safety = seen.variants.get(&listing.variant_id).map_or(0, |variant| variant.safety_stock);
    let can_be_had = |id| seen.available.get(id).copied().unwrap_or(0);
    let available = match seen.bundles.get(&listing.variant_id) {
        Some(parts) => parts.iter().map(|(id, qty)| can_be_had(id) / qty.max(&1)).min().unwrap_or(0),
        None => can_be_had(&listing.variant_id),
    };
    let fine = listing.published_qty <= publishable(available, safety, channel);
    checker.check("C2", fine || waits, listing.id, || {
        format!(
            "it offers {}, {available} can be had, and nothing will tell the channel",
            listing.published_qty
        )
    });
}

/// What a channel told took effect once.
async fn notices(tx: &mut Tx, checker: &mut Checker) -> Result<()> {
    let mut told = HashSet::new();
    let mut pages = Pages::new();
    while let Some(notices) = pages.next::<Notice>(tx).await? {
        for notice in notices {
            let fresh = told.insert((notice.channel_id, notice.external_id.clone()));
            checker.check("F3", fresh, notice.id, || format!("{} was taken in twice", notice.external_id));
        }
    }
    Ok(())
}
