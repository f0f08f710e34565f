//! What every sales channel must keep.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_trait::async_trait;

use super::{IN_THE_END, PATIENCE, PAUSE};
use crate::clock::Timestamp;
use crate::ids::{ChannelId, EntityId, ListingId, PaymentTxnId};
use crate::listings::{
    Channel, ChannelError, ChannelNotice, ChannelRefund, ChannelStatus, ImportedOrder, Observed, Offer,
    Presentation, SalesChannel, SentGoods, SentParcel, Told,
};
use crate::money::{Currency, Money};
use crate::payments::PaymentError;

/// A sales channel together with what stands in for the marketplace.
#[async_trait]
pub trait ChannelRig: Send + Sync {
    /// The adapter.
    fn port(&self) -> &dyn SalesChannel;
    /// The connection to try it on; [`connect`] makes one.
    fn at(&self) -> &Channel;
    /// Has a buyer buy there and pay; answers the channel's name for the order.
    async fn sell(&self, external_id: &str, qty: i64) -> String;
    /// How many listings with this key buyers see there.
    async fn count(&self, key: ListingId) -> usize;
    /// How many units the channel knows to be in each parcel of an order; asked where it is told of parcels.
    async fn sent(&self, _order: &str) -> Vec<i64> {
        Vec::new()
    }
    /// How much the channel gave back of an order, in minor units; asked where it gives back itself.
    async fn given_back(&self, _order: &str) -> i64 {
        0
    }
    /// Lets time pass.
    async fn wait(&self, time: Duration);
}

/// Stamps the suite on a rig: `channel_conformance!([tokio::test] module, || rig())`, and with a list of cases at the
/// end only those.
#[macro_export]
macro_rules! channel_conformance {
    ($attribute:tt $module:ident, $make:expr) => {
        $crate::channel_conformance!($attribute $module, $make, [
            what_is_published_is_found
            each_key_has_one_listing
            an_unknown_key_is_not_found
            unfit_content_is_rejected
            a_revision_shows
            what_never_was_cannot_be_revised
            ending_twice_succeeds
            what_has_ended_stays_ended
            a_sale_lowers_what_is_offered
            every_sale_is_told
            notices_told_again_say_the_same
            a_channel_pulled_dry_is_silent
            a_parcel_told_again_is_told_once
            a_refund_asked_again_is_given_once
        ]);
    };
    ($attribute:tt $module:ident, $make:expr, [$($case:ident)+]) => {
        $crate::stamp_cases!($attribute $module, $crate::testing::ports::channel, $make, [$($case)+]);
    };
}

/// A connection as the engine would have made it, selling in pounds.
pub fn connect(number: u128, kind: &str, port: &dyn SalesChannel, settings: serde_json::Value) -> Channel {
    Channel {
        id: ChannelId::from_u128(number),
        name: format!("{kind} {number}"),
        kind: kind.to_owned(),
        external_account: String::new(),
        currency: Currency::GBP,
        secret_ref: None,
        capabilities: port.capabilities(&settings),
        buffer_qty: 0,
        settings,
        status: ChannelStatus::Active,
        cursor: None,
        synced_at: None,
        version: 1,
        created_at: Timestamp::from_micros(0),
    }
}

/// A plain offer of one thing, different for each number.
pub fn offer(number: u32) -> Offer {
    Offer {
        key: ListingId::from_u128(u128::from(number)),
        sku: format!("MUG-{number}"),
        title: format!("Enamel mug, number {number}"),
        description: "White, blue rim, one small chip.".into(),
        price: Money::new(1250 + i64::from(number), Currency::GBP),
        qty: 1,
        seen: None,
        shows: Presentation::default(),
        shown: None,
    }
}

/// As many as the channel can show, but no more than `most`.
fn up_to(rig: &dyn ChannelRig, most: i64) -> i64 {
    if rig.at().capabilities.multi_qty { most } else { 1 }
}

/// Repeats a call that does no harm when repeated, until there is an answer.
async fn persist<T>(
    rig: &dyn ChannelRig,
    mut call: impl AsyncFnMut() -> Result<T, ChannelError>,
) -> Result<T, ChannelError> {
    for _ in 0..PATIENCE {
        match call().await {
            Err(ChannelError::RateLimited { wait }) => rig.wait(wait).await,
            Err(ChannelError::Unavailable { .. } | ChannelError::Unknown { .. }) => rig.wait(PAUSE).await,
            answer => return answer,
        }
    }
    panic!("the channel gave no answer in {PATIENCE} calls");
}

async fn look_up(rig: &dyn ChannelRig, key: ListingId) -> Option<Observed> {
    let found = persist(rig, async || rig.port().look_up(rig.at(), key, None).await).await;
    found.expect("a look-up finds or does not find; it is never refused")
}

/// Publishes as the engine does: what may have happened is looked up, never repeated blindly.
async fn publish(rig: &dyn ChannelRig, offer: &Offer) -> Observed {
    for _ in 0..PATIENCE {
        match rig.port().publish(rig.at(), offer).await {
            Ok(shown) => return shown,
            Err(ChannelError::RateLimited { wait }) => rig.wait(wait).await,
            Err(ChannelError::Unavailable { .. }) => rig.wait(PAUSE).await,
            Err(ChannelError::Unknown { .. }) => {
                if let Some(shown) = look_up(rig, offer.key).await {
                    return shown;
                }
            }
            Err(error) => panic!("a fit offer was not published: {error}"),
        }
    }
    panic!("the channel published nothing in {PATIENCE} calls");
}

async fn revise(rig: &dyn ChannelRig, external_id: &str, offer: &Offer) -> Result<Observed, ChannelError> {
    persist(rig, async || rig.port().revise(rig.at(), external_id, offer).await).await
}

async fn end(rig: &dyn ChannelRig, external_id: &str) -> Result<(), ChannelError> {
    for _ in 0..PATIENCE {
        match persist(rig, async || rig.port().end(rig.at(), external_id).await).await {
            // Where buyers bid, a refusal is an answer; it lasts as long as the bid.
            Err(ChannelError::Refused { .. }) if rig.at().capabilities.offers => rig.wait(IN_THE_END).await,
            answer => return answer,
        }
    }
    panic!("the channel ended nothing in {PATIENCE} calls");
}

/// Pulls until the channel says that there is no more.
async fn pull(rig: &dyn ChannelRig, cursor: &mut Option<String>) -> Vec<ChannelNotice> {
    let mut notices = Vec::new();
    for _ in 0..PATIENCE {
        let page = persist(rig, async || rig.port().pull(rig.at(), cursor.as_deref()).await).await;
        let page = page.expect("its own cursor is good");
        assert!(!page.more || page.cursor != *cursor, "there is more, but the cursor stands still");
        notices.extend(page.notices);
        *cursor = page.cursor;
        if !page.more {
            return notices;
        }
    }
    panic!("the channel had no last page in {PATIENCE} pages");
}

/// Pulls now, and again when everything late has arrived.
async fn pull_in_the_end(rig: &dyn ChannelRig, cursor: &mut Option<String>) -> Vec<ChannelNotice> {
    let mut notices = pull(rig, cursor).await;
    rig.wait(IN_THE_END).await;
    notices.extend(pull(rig, cursor).await);
    notices
}

/// The latest that was told of each order, by the channel's name for it.
fn orders(notices: &[ChannelNotice]) -> BTreeMap<&str, &ImportedOrder> {
    let mut latest = BTreeMap::<&str, &ImportedOrder>::new();
    for notice in notices {
        if let Told::Order(order) = &notice.told {
            let known = latest.entry(&order.external_id).or_insert(order);
            if order.external_version > known.external_version {
                *known = order;
            }
        }
    }
    latest
}

/// Publishes some listings and sells one of each; answers the orders' names.
async fn sell_some(rig: &dyn ChannelRig, count: u32) -> BTreeSet<String> {
    let mut sold = BTreeSet::new();
    for number in 1..=count {
        let shown = publish(rig, &offer(number)).await;
        assert!(sold.insert(rig.sell(&shown.external_id, 1).await), "two orders share a name");
    }
    sold
}

/// What is published is what was offered, and is found under its key.
pub async fn what_is_published_is_found(rig: &dyn ChannelRig) {
    let offer = Offer { qty: up_to(rig, 3), ..offer(1) };
    let shown = publish(rig, &offer).await;
    assert!(!shown.external_id.is_empty());
    assert_eq!((shown.qty, shown.price, shown.ended), (offer.qty, offer.price, None));
    assert_eq!(look_up(rig, offer.key).await, Some(shown));
}

/// Listings keep their names apart, and no key is shown twice, also when answers were lost on the way.
pub async fn each_key_has_one_listing(rig: &dyn ChannelRig) {
    let mut names = BTreeMap::new();
    for number in 1..=40 {
        names.insert(publish(rig, &offer(number)).await.external_id, offer(number).key);
    }
    assert_eq!(names.len(), 40, "two listings share a name");
    for (external_id, key) in names {
        assert_eq!(look_up(rig, key).await.map(|shown| shown.external_id), Some(external_id));
        assert_eq!(rig.count(key).await, 1, "an error said that nothing happened, and it had");
    }
}

/// What was never published is not found.
pub async fn an_unknown_key_is_not_found(rig: &dyn ChannelRig) {
    publish(rig, &offer(1)).await;
    assert_eq!(look_up(rig, offer(2).key).await, None);
}

/// What does not fit the channel's own limits is rejected, and leaves nothing behind.
pub async fn unfit_content_is_rejected(rig: &dyn ChannelRig) {
    let longest = rig.at().capabilities.max_title as usize;
    let mut unfit = vec![Offer { title: "x".repeat(longest + 1), ..offer(1) }];
    if !rig.at().capabilities.multi_qty {
        unfit.push(Offer { qty: 2, ..offer(2) });
    }
    for offer in unfit {
        let answer = persist(rig, async || rig.port().publish(rig.at(), &offer).await).await;
        assert!(matches!(answer, Err(ChannelError::Rejected { .. })), "{answer:?}");
        assert_eq!(look_up(rig, offer.key).await, None);
    }
}

/// A listing can be made equal to a new offer.
pub async fn a_revision_shows(rig: &dyn ChannelRig) {
    if !rig.at().capabilities.revise {
        return;
    }
    let first = publish(rig, &offer(1)).await;
    let new = Offer { price: Money::new(999, Currency::GBP), qty: up_to(rig, 7), ..offer(1) };
    let shown = revise(rig, &first.external_id, &new).await.expect("a fit revision is taken");
    assert_eq!((shown.qty, shown.price), (new.qty, new.price));
    assert_eq!(shown.external_id, first.external_id);
    assert_eq!(look_up(rig, new.key).await, Some(shown));
}

/// A listing the channel never had cannot be changed.
pub async fn what_never_was_cannot_be_revised(rig: &dyn ChannelRig) {
    let answer = revise(rig, "no-such-listing", &offer(1)).await;
    assert_eq!(answer, Err(ChannelError::NotThere));
}

/// Ending an ended listing succeeds.
pub async fn ending_twice_succeeds(rig: &dyn ChannelRig) {
    let shown = publish(rig, &offer(1)).await;
    end(rig, &shown.external_id).await.expect("a listing ends");
    end(rig, &shown.external_id).await.expect("and ends again");
}

/// An ended listing is seen to have ended, and no revision brings it back.
pub async fn what_has_ended_stays_ended(rig: &dyn ChannelRig) {
    let shown = publish(rig, &offer(1)).await;
    end(rig, &shown.external_id).await.expect("a listing ends");
    let revised = revise(rig, &shown.external_id, &offer(1)).await;
    assert!(revised.is_err() || revised.is_ok_and(|shown| shown.ended.is_some()), "it is back");
    let seen = look_up(rig, offer(1).key).await;
    assert!(seen.is_none_or(|seen| seen.ended.is_some()), "it is still on offer");
}

/// What was sold is no longer on offer.
pub async fn a_sale_lowers_what_is_offered(rig: &dyn ChannelRig) {
    let qty = up_to(rig, 3);
    let shown = publish(rig, &Offer { qty, ..offer(1) }).await;
    for left in (0..qty).rev() {
        rig.sell(&shown.external_id, 1).await;
        let seen = look_up(rig, offer(1).key).await;
        let offered = seen.map_or(0, |seen| if seen.ended.is_some() { 0 } else { seen.qty });
        assert_eq!(offered, left);
    }
}

/// Every sale is told in the end, with what was sold, of which listing, and for how much.
pub async fn every_sale_is_told(rig: &dyn ChannelRig) {
    let sold = sell_some(rig, 20).await;
    let notices = pull_in_the_end(rig, &mut None).await;
    let told = orders(&notices);
    let names: BTreeSet<_> = told.keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(names, sold);
    let mut prices = BTreeSet::new();
    for order in told.values() {
        assert!(order.paid && !order.cancelled && order.lines.len() == 1, "{order:?}");
        let line = &order.lines[0];
        assert!(line.qty == 1 && line.listing_external_id.is_some(), "{line:?}");
        prices.insert(line.unit_price.minor());
    }
    assert_eq!(prices, (1..=20).map(|number| offer(number).price.minor()).collect());
}

/// From the same cursor the same notices come again, under the same names, saying the same.
pub async fn notices_told_again_say_the_same(rig: &dyn ChannelRig) {
    sell_some(rig, 20).await;
    let mut said = BTreeMap::new();
    let first = pull_in_the_end(rig, &mut None).await;
    let again = pull_in_the_end(rig, &mut None).await;
    for notice in first.iter().chain(&again) {
        let before = said.entry(&notice.external_id).or_insert(&notice.told);
        assert_eq!(*before, &notice.told, "{} changed its mind", notice.external_id);
    }
    let names = |notices: &[ChannelNotice]| -> BTreeSet<_> {
        notices.iter().map(|notice| notice.external_id.clone()).collect()
    };
    assert_eq!(names(&first), names(&again));
}

/// When everything was told and nothing new happened, there is nothing to tell.
pub async fn a_channel_pulled_dry_is_silent(rig: &dyn ChannelRig) {
    sell_some(rig, 5).await;
    let mut cursor = None;
    pull_in_the_end(rig, &mut cursor).await;
    rig.wait(IN_THE_END).await;
    assert_eq!(pull(rig, &mut cursor).await, []);
}

/// Parcels are told as they leave, with those that were told before; the channel knows of each once.
pub async fn a_parcel_told_again_is_told_once(rig: &dyn ChannelRig) {
    if !rig.at().capabilities.parcels {
        return;
    }
    let units = if rig.at().capabilities.multi_qty { vec![1, 2, 3] } else { vec![1] };
    let sold = units.iter().sum();
    let shown = publish(rig, &Offer { qty: sold, ..offer(1) }).await;
    let order = rig.sell(&shown.external_id, sold).await;
    let listing_external_id = Some(shown.external_id);
    let parcels: Vec<_> = units
        .iter()
        .map(|&qty| SentParcel {
            carrier: Some("Swift Post".into()),
            tracking: Some(format!("SP-{qty}")),
            goods: vec![SentGoods {
                listing_external_id: listing_external_id.clone(),
                sku: offer(1).sku,
                qty,
            }],
        })
        .collect();
    for left in (1..=parcels.len()).flat_map(|left| [left, left]) {
        let told =
            persist(rig, async || rig.port().tell_parcels(rig.at(), &order, &parcels[..left]).await).await;
        assert_eq!((told, rig.sent(&order).await), (Ok(()), units[..left].to_vec()));
    }
}

/// Money of an order that is asked for again under the same key goes back once, and the channel then tells of it.
pub async fn a_refund_asked_again_is_given_once(rig: &dyn ChannelRig) {
    if !rig.at().capabilities.refunds {
        return;
    }
    let order = rig.sell(&publish(rig, &offer(1)).await.external_id, 1).await;
    let notices = pull_in_the_end(rig, &mut None).await;
    let sold = orders(&notices).get(order.as_str()).copied().cloned().expect("it was sold");
    let goods = sold.lines.iter().map(|line| line.unit_price.times(line.qty).expect("a price"));
    let amount = Money::sum(Currency::GBP, goods.chain([sold.shipping])).expect("a sum");
    let refund = ChannelRefund { key: PaymentTxnId::from_u128(7), order: order.clone(), amount };
    for _ in 0..3 {
        let mut given = None;
        for _ in 0..PATIENCE {
            match rig.port().refund(rig.at(), &refund).await {
                Ok(done) => {
                    given = Some(done);
                    break;
                }
                Err(PaymentError::Unknown { .. } | PaymentError::Unavailable { .. }) => {
                    rig.wait(IN_THE_END).await;
                }
                Err(declined) => panic!("nobody declined it: {declined}"),
            }
        }
        assert!(given.is_some_and(|done| done.settled && !done.provider_ref.is_empty()));
        assert_eq!(rig.given_back(&order).await, amount.minor());
    }
    rig.wait(IN_THE_END).await;
    let notices = pull_in_the_end(rig, &mut None).await;
    let told = orders(&notices).get(order.as_str()).and_then(|order| order.refunded);
    assert_eq!(told, Some(amount));
}
