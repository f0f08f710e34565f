//! Selling once: whatever is sold anywhere ends everywhere, whatever goes astray between a shop and its channels.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Clock;
use baddie_core::engine::inventory::{AdjustStock, CreateLocation};
use baddie_core::engine::journal::ListJobs;
use baddie_core::engine::listings::{
    ConnectChannel, CreateListing, GetListing, GetOversellWindows, ListListings, ReceiveNotice,
};
use baddie_core::engine::orders::{CancelOrder, ConfirmOrder, PlaceLine, PlaceOrder};
use baddie_core::engine::payments::RecordPayout;
use baddie_core::ids::{ChannelId, ListingId, VariantId};
use baddie_core::inventory::{LocationKind, MoveReason};
use baddie_core::ledger::{Account, AccountCode};
use baddie_core::listings::{
    Channel, ChannelNotice, Desired, EndReason, FeeBase, FeeKind, FeeRule, ImportedLine, ImportedOrder,
    Listing, ListingState, Told,
};
use baddie_core::money::Ppm;
use baddie_core::orders::OrderState;
use baddie_core::outbox::JobState;
use baddie_core::page::PageRequest;
use baddie_core::payments::{PayoutKind, PayoutLine};
use baddie_core::testing::FixedClock;
use baddie_integrations::sandbox::{Config, Faults, KIND, PerMille, Sandbox, Sleeper};
use serde_json::json;
use support::{House, gbp, on_every_backend};

async fn connect(house: &House, name: &str, market: &str, latency: u64) -> Channel {
    let fee = FeeRule {
        kind: FeeKind::FinalValue,
        base: FeeBase::Total,
        rate: Ppm(100_000),
        fixed: Some(gbp(30)),
        least: None,
        most: None,
    };
    let slow = Faults { latency_least_ms: latency, latency_most_ms: latency, ..Faults::none() };
    let settings =
        if latency > 0 { json!({ "market": market, "faults": slow }) } else { json!({ "market": market }) };
    let connect = ConnectChannel {
        name: name.into(),
        kind: KIND.into(),
        external_account: String::new(),
        currency: None,
        secret_ref: None,
        buffer_qty: 0,
        settings,
        fees: vec![fee],
    };
    house.shop.channels().connect(connect).await.unwrap()
}

async fn list(house: &House, channel_id: ChannelId, variant_id: VariantId) -> ListingId {
    let new = CreateListing {
        channel_id,
        variant_id,
        title: None,
        description: None,
        price: None,
        min_price: None,
        draft: false,
    };
    house.shop.listings().create(new).await.unwrap().id
}

async fn listing(house: &House, listing_id: ListingId) -> Listing {
    house.shop.listings().get(GetListing { listing_id }).await.unwrap()
}

async fn listings(house: &House) -> Vec<Listing> {
    let all = ListListings { page: PageRequest::first(200), ..ListListings::default() };
    house.shop.listings().list(all).await.unwrap().items
}

/// Lets the worker work and time pass, as long as it takes for what failed to be tried again.
async fn wait(house: &House, clock: &FixedClock, seconds: u64) {
    for _ in 0..seconds.div_ceil(30) {
        house.engine.settle().await.unwrap();
        clock.advance(Duration::from_secs(30));
    }
    house.engine.settle().await.unwrap();
}

fn notice(name: &str, order: &ImportedOrder) -> ChannelNotice {
    ChannelNotice { external_id: name.into(), told: Told::Order(order.clone()) }
}

fn told(name: &str, sku: &str, clock: &FixedClock) -> ImportedOrder {
    let line = ImportedLine {
        listing_external_id: None,
        sku: Some(sku.into()),
        qty: 1,
        unit_price: gbp(4000),
        taxes: Vec::new(),
    };
    ImportedOrder {
        external_id: name.into(),
        external_version: 1,
        placed_at: clock.now(),
        lines: vec![line],
        shipping: gbp(0),
        fees: None,
        paid: true,
        cancelled: false,
        refunded: None,
        buyer: None,
    }
}

const MARKETS: [&str; 5] =
    ["multi_quantity", "single_quantity", "auction", "multi_quantity", "single_quantity"];

#[test]
fn what_is_sold_on_one_of_five_channels_ends_on_the_others() {
    on_every_backend(|backend| async move {
        let often = PerMille(120);
        let faults = Faults {
            rate_limited: often,
            unavailable: often,
            lost_requests: often,
            lost_answers: often,
            duplicated: PerMille(200),
            delayed: PerMille(200),
            reordered: PerMille(100),
            ..Faults::none()
        };
        for seed in 1..=2 {
            let config = Config { seed, faults: faults.clone(), ..Config::default() };
            let (house, world, clock) = House::in_world(backend, config).await;
            let lamp = house.item("LAMP", 4000, 900).await.variant.id;
            let mug = house.stocked("MUG", 1250, 1, 300).await.variants[0].variant.id;
            let mut places = Vec::new();
            for (n, market) in MARKETS.iter().enumerate() {
                let channel = connect(&house, &format!("Channel {n}"), market, 0).await.id;
                places.push((channel, list(&house, channel, lamp).await, list(&house, channel, mug).await));
            }
            wait(&house, &clock, 900).await;
            for listing in listings(&house).await {
                assert_eq!(listing.state, ListingState::Live, "{listing:?}");
            }
            for (channel, ..) in &places {
                assert_eq!(
                    world.listings(*channel).unwrap().len(),
                    2,
                    "a lost answer makes no second listing"
                );
            }
            let seller = usize::try_from(seed).unwrap();
            let (channel, sold, _) = places[seller];
            let name = listing(&house, sold).await.external_id.unwrap();
            world.buy(channel, &name, 1).unwrap();
            house.place(&[("MUG", 1)]).await.unwrap();
            wait(&house, &clock, 900).await;
            for (at, lamp, mug) in &places {
                let (lamp, mug) = (listing(&house, *lamp).await, listing(&house, *mug).await);
                assert_eq!(
                    (lamp.state, mug.state),
                    (ListingState::Ended, ListingState::Ended),
                    "{lamp:?} {mug:?}"
                );
                let here = *at == channel;
                let why = if here { EndReason::SoldHere } else { EndReason::SoldElsewhere };
                assert_eq!((lamp.end_reason, mug.end_reason), (Some(why), Some(EndReason::SoldElsewhere)));
                for shown in world.listings(*at).unwrap() {
                    assert!(shown.ended.is_some() || shown.qty == 0, "{shown:?} can still be bought");
                }
            }
            assert_eq!((house.stock("LAMP").await, house.stock("MUG").await), ((1, 1), (1, 1)));
            let windows = house.shop.channels().oversell_windows(GetOversellWindows {}).await.unwrap();
            for row in &windows {
                let elsewhere = if row.channel_id == channel { 1 } else { 2 };
                assert_eq!((row.ended, row.pending), (elsewhere, 0), "{row:?}");
                assert!(row.p50_ms.is_some() && row.p50_ms <= row.p95_ms, "{row:?}");
            }
            assert_eq!(windows.len(), 5);
            house.prove().await;
        }
    });
}

/// Lets nobody through until it is opened.
struct Gate(tokio::sync::Semaphore);

#[async_trait]
impl Sleeper for Gate {
    async fn sleep(&self, _: Duration) {
        self.0.acquire().await.unwrap().forget();
    }
}

#[test]
fn a_slow_channel_delays_no_other() {
    on_every_backend(|backend| async move {
        let gate = Arc::new(Gate(tokio::sync::Semaphore::new(100)));
        let clock = FixedClock::default();
        let world = Sandbox::new(Config::default(), Arc::new(clock.clone())).sleeping(gate.clone());
        let house = House::build(backend, |engine| {
            engine.clock(Arc::new(clock.clone())).channel(KIND, Arc::new(world.marketplaces()))
        })
        .await;
        let lamp = house.item("LAMP", 4000, 900).await.variant.id;
        let slow = connect(&house, "Slow", "single_quantity", 1_000).await.id;
        let slow = list(&house, slow, lamp).await;
        let mut quick = Vec::new();
        for n in 0..4 {
            let channel = connect(&house, &format!("Quick {n}"), "single_quantity", 0).await.id;
            quick.push(list(&house, channel, lamp).await);
        }
        house.engine.settle().await.unwrap();
        gate.0.forget_permits(1_000);
        house.place(&[("LAMP", 1)]).await.unwrap();
        let engine = house.engine.clone();
        let worker = tokio::spawn(async move { engine.tick().await });
        let ended = async {
            for id in &quick {
                while listing(&house, *id).await.state != ListingState::Ended {
                    tokio::task::yield_now().await;
                }
            }
            // The slow one has been begun by then, or soon is.
            while listing(&house, slow).await.state == ListingState::Live {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), ended).await.expect("the others end at once");
        assert_eq!(listing(&house, slow).await.state, ListingState::Ending);
        assert!(!worker.is_finished(), "the slow one is still at it");
        gate.0.add_permits(1_000);
        worker.await.unwrap().unwrap();
        house.engine.settle().await.unwrap();
        assert_eq!(listing(&house, slow).await.state, ListingState::Ended);
        house.prove().await;
    });
}

#[test]
fn news_of_an_order_may_come_in_any_order_and_number() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        let channel_id = connect(&house, "Web", "multi_quantity", 0).await.id;
        house.stocked("MUG", 1250, 50, 300).await;
        let holder = AccountCode::clearing(channel_id);
        let tell = async |n: usize, version: i64| {
            let told = ImportedOrder {
                external_version: version,
                paid: version > 1,
                cancelled: version > 2,
                ..told(&format!("O-{n}"), "MUG", &clock)
            };
            let notice = notice(&format!("N-{n}-{version}"), &told);
            house.shop.channels().receive(ReceiveNotice { channel_id, notice }).await.unwrap()
        };
        let called_off = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];
        for (n, versions) in called_off.into_iter().enumerate() {
            let mut order = None;
            for version in versions {
                let first = tell(n, version).await;
                assert!(first.fresh && !tell(n, version).await.fresh, "told twice, taken once");
                assert!(order.is_none() || order == first.order_id);
                order = first.order_id;
            }
            let seen = house.order(order.unwrap()).await;
            assert_eq!((seen.order.state, seen.due), (OrderState::Cancelled, gbp(0)), "{versions:?}");
            assert_eq!(
                (house.stock("MUG").await, house.balance(Account::CustomerDeposits).await),
                ((50, 0), 0)
            );
            assert_eq!(
                (house.balance(holder.clone()).await, house.balance(Account::Fees).await),
                (0, 0),
                "{versions:?}"
            );
        }
        for (n, versions) in [[1, 2], [2, 1]].into_iter().enumerate() {
            for version in versions {
                tell(100 + n, version).await;
            }
            let n = i64::try_from(n).unwrap() + 1;
            assert_eq!(
                (house.stock("MUG").await.1, house.balance(Account::CustomerDeposits).await),
                (n, -4000 * n)
            );
            assert_eq!(
                (house.balance(Account::Fees).await, house.balance(holder.clone()).await),
                (430 * n, 3570 * n)
            );
        }
        house.prove().await;
    });
}

#[test]
fn what_was_called_off_before_it_came_in_ends_no_offer() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        let web = connect(&house, "Web", "multi_quantity", 0).await.id;
        let other = connect(&house, "Other", "single_quantity", 0).await.id;
        let lamp = house.item("LAMP", 4000, 900).await.variant.id;
        let offers = [list(&house, web, lamp).await, list(&house, other, lamp).await];
        house.engine.settle().await.unwrap();
        let told = ImportedOrder { cancelled: true, ..told("O-1", "LAMP", &clock) };
        let notice = notice("N-1", &told);
        let taken = house.shop.channels().receive(ReceiveNotice { channel_id: web, notice }).await.unwrap();
        wait(&house, &clock, 60).await;
        let order = house.order(taken.order_id.unwrap()).await;
        assert_eq!((order.order.state, order.due), (OrderState::Cancelled, gbp(0)));
        assert_eq!(house.available("LAMP").await, 1);
        for offer in offers {
            let offer = listing(&house, offer).await;
            assert_eq!((offer.state, offer.desired), (ListingState::Live, Desired::Listed));
        }
        house.prove().await;
    });
}

#[test]
fn a_thing_sold_twice_is_flagged_and_settled_by_its_owner() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        let channel_id = connect(&house, "Web", "multi_quantity", 0).await.id;
        house.stocked("MUG", 1250, 1, 300).await;
        house.place(&[("MUG", 1)]).await.unwrap();
        let mut twice = Vec::new();
        for name in ["O-1", "O-2"] {
            let notice = notice(name, &told(name, "MUG", &clock));
            let taken = house.shop.channels().receive(ReceiveNotice { channel_id, notice }).await.unwrap();
            let order = house.order(taken.order_id.unwrap()).await;
            assert_eq!((order.order.state, house.stock("MUG").await), (OrderState::Oversold, (1, 1)));
            twice.push(order.order.id);
        }
        let confirm = |order_id| house.shop.run(ConfirmOrder { order_id });
        assert_eq!(confirm(twice[0]).await.unwrap_err().code(), "inventory.insufficient_stock");
        let cancel = CancelOrder { order_id: twice[1], lines: Vec::new(), reason: "sold twice".into() };
        let gone = house.shop.orders().cancel(cancel).await.unwrap();
        assert_eq!((gone.order.state, gone.due), (OrderState::Cancelled, gbp(0)));
        house.restock("MUG", 1, 350).await;
        assert_eq!(confirm(twice[0]).await.unwrap().order.state, OrderState::Confirmed);
        assert_eq!(house.send(twice[0]).await.order.state, OrderState::Completed);
        house.prove().await;
    });
}

#[test]
fn a_bid_stands_in_the_way_and_somebody_is_told() {
    on_every_backend(|backend| async move {
        let (house, world, clock) = House::in_world(backend, Config::default()).await;
        let lamp = house.item("LAMP", 4000, 900).await.variant.id;
        let auction = connect(&house, "Auction", "auction", 0).await.id;
        let offered = list(&house, auction, lamp).await;
        house.engine.settle().await.unwrap();
        let name = listing(&house, offered).await.external_id.unwrap();
        world.bid(auction, &name, Duration::from_mins(5), true).unwrap();
        house.place(&[("LAMP", 1)]).await.unwrap();
        house.engine.settle().await.unwrap();
        assert_eq!(listing(&house, offered).await.state, ListingState::NeedsAttention);
        let windows = house.shop.channels().oversell_windows(GetOversellWindows {}).await.unwrap();
        assert_eq!((windows[0].ended, windows[0].pending, windows[0].p50_ms), (0, 1, None));
        wait(&house, &clock, 400).await;
        let orders =
            house.shop.orders().list(baddie_core::engine::orders::ListOrders::default()).await.unwrap();
        assert_eq!(orders.items[0].order.state, OrderState::Oversold);
        assert_eq!((orders.items[0].order.channel_id, house.stock("LAMP").await), (Some(auction), (1, 1)));
        house.prove().await;
    });
}

#[test]
fn a_payout_is_explained_line_by_line() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        let channel_id = connect(&house, "Web", "multi_quantity", 0).await.id;
        house.stocked("MUG", 1250, 5, 300).await;
        let notice = notice("N-1", &told("O-1", "MUG", &clock));
        house.shop.channels().receive(ReceiveNotice { channel_id, notice }).await.unwrap();
        let holder = AccountCode::clearing(channel_id);
        assert_eq!((house.balance(holder.clone()).await, house.balance(Account::Fees).await), (3570, 430));
        let line = |kind, pence| PayoutLine { kind, amount: gbp(pence), order_external_id: None };
        let payout = RecordPayout {
            channel_id,
            external_id: "P-1".into(),
            amount: gbp(3365),
            lines: vec![line(PayoutKind::Sale, 3570), line(PayoutKind::Ad, -200)],
            at: None,
        };
        let first = house.shop.payments().record_payout(payout.clone()).await.unwrap();
        assert_eq!(first.residue, gbp(-5));
        assert_eq!(
            house.shop.payments().record_payout(payout).await.unwrap(),
            first,
            "told twice, booked once"
        );
        for (account, pence) in
            [(Account::Cash, 3365), (Account::Advertising, 200), (Account::Suspense, 5), (Account::Fees, 430)]
        {
            assert_eq!(house.balance(account).await, pence, "{account}");
        }
        assert_eq!(house.balance(holder).await, 0);
        house.prove().await;
    });
}

#[test]
fn what_is_lost_is_offered_no_more() {
    on_every_backend(|backend| async move {
        let (house, _, _) = House::in_world(backend, Config::default()).await;
        let web = connect(&house, "Web", "multi_quantity", 0).await.id;
        let variant_id = house.stocked("CUP", 1000, 3, 100).await.variants[0].variant.id;
        let offer = list(&house, web, variant_id).await;
        house.engine.settle().await.unwrap();
        assert_eq!(listing(&house, offer).await.published_qty, 3);
        let lost =
            AdjustStock { variant_id, location_id: None, change: -3, reason: MoveReason::Loss, cost: None };
        house.shop.inventory().adjust(lost).await.unwrap();
        house.engine.settle().await.unwrap();
        assert_eq!(listing(&house, offer).await.published_qty, 0);
        house.prove().await;
    });
}

#[test]
fn of_two_things_in_two_places_the_one_sold_out_ends() {
    on_every_backend(|backend| async move {
        let (house, _, _) = House::in_world(backend, Config::default()).await;
        let web = connect(&house, "Web", "multi_quantity", 0).await.id;
        let store =
            CreateLocation { name: "Store".into(), kind: LocationKind::Storage, sellable: true, priority: 9 };
        let store = house.shop.inventory().create_location(store).await.unwrap().id;
        let mut offers = Vec::new();
        for (sku, here, there) in [("CUP", 5, 3), ("POT", 2, 9)] {
            let variant_id = house.stocked(sku, 1000, here, 100).await.variants[0].variant.id;
            let more = AdjustStock {
                variant_id,
                location_id: Some(store),
                change: there,
                reason: MoveReason::Found,
                cost: Some(gbp(100)),
            };
            house.shop.inventory().adjust(more).await.unwrap();
            offers.push(list(&house, web, variant_id).await);
        }
        let lines = vec![PlaceLine::sku("POT", 8), PlaceLine::sku("CUP", 8)];
        let order = PlaceOrder { split: true, ..PlaceOrder::of(lines).paid() };
        house.shop.orders().place(order).await.unwrap();
        let wanted = [listing(&house, offers[0]).await.desired, listing(&house, offers[1]).await.desired];
        assert_eq!(wanted, [Desired::Unlisted, Desired::Listed]);
        house.prove().await;
    });
}

/// A channel that refuses to be asked is left alone for an hour each time, and nobody waits for it for ever.
#[test]
fn a_channel_that_turns_questions_down_is_left_alone_for_a_while() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        let odd = ConnectChannel {
            name: "Odd".into(),
            kind: KIND.into(),
            external_account: String::new(),
            currency: None,
            secret_ref: None,
            buffer_qty: 0,
            settings: json!({ "market": "of no kind" }),
            fees: Vec::new(),
        };
        house.shop.channels().connect(odd).await.unwrap();
        let asked = async || {
            house.engine.settle().await.unwrap();
            let jobs = house.shop.journal().jobs(ListJobs::default()).await.unwrap().items;
            let [job] = &jobs[..] else { panic!("{jobs:?}") };
            assert!(job.last_error.as_ref().unwrap().contains("settings cannot be read"), "{job:?}");
            (job.state, job.attempts)
        };
        assert_eq!(asked().await, (JobState::RetryWait, 1));
        clock.advance(Duration::from_mins(59));
        assert_eq!(asked().await, (JobState::RetryWait, 1));
        clock.advance(Duration::from_mins(2));
        assert_eq!(asked().await, (JobState::RetryWait, 2));
    });
}
