//! The sandbox's own promises: it repeats itself, outlives a restart, never sells more than it shows, and goes wrong
//! exactly as often as it is told to.
#![cfg(feature = "sandbox")]
#![expect(clippy::unwrap_used, reason = "tests, their small steps in functions of their own")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Clock;
use baddie_core::ids::EntityId;
use baddie_core::listings::{
    Channel, ChannelError, ChannelNotice, EndReason, ImportedOrder, Offer, SalesChannel, Told,
};
use baddie_core::testing::FixedClock;
use baddie_core::testing::ports::channel::{connect, offer};
use baddie_integrations::sandbox::{
    Bought, Config, Fault, Faults, KIND, PerMille, Refusal, Sandbox, Sleeper, Tally,
};
use serde_json::json;

fn world(config: Config) -> (Sandbox, FixedClock) {
    let clock = FixedClock::default();
    (Sandbox::new(config, Arc::new(clock.clone())), clock)
}

fn calm(market: &str) -> (Sandbox, FixedClock, Channel) {
    let (sandbox, clock) = world(Config::default());
    let at = connect(1, KIND, &sandbox.marketplaces(), json!({ "market": market }));
    (sandbox, clock, at)
}

async fn publish(sandbox: &Sandbox, at: &Channel, offer: Offer) -> String {
    sandbox.marketplaces().publish(at, &offer).await.unwrap().external_id
}

async fn pull(sandbox: &Sandbox, at: &Channel, cursor: &mut Option<String>) -> Vec<ChannelNotice> {
    let mut notices = Vec::new();
    loop {
        match sandbox.marketplaces().pull(at, cursor.as_deref()).await {
            Ok(page) => {
                notices.extend(page.notices);
                *cursor = page.cursor;
                if !page.more {
                    return notices;
                }
            }
            Err(ChannelError::RateLimited { .. } | ChannelError::Unavailable { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

fn orders(notices: &[ChannelNotice]) -> Vec<&ImportedOrder> {
    notices
        .iter()
        .filter_map(|notice| match &notice.told {
            Told::Order(order) => Some(order),
            Told::ListingEnded { .. } => None,
        })
        .collect()
}

/// A few days of business on three marketplaces; answers all that was told.
async fn live(sandbox: &Sandbox, clock: &FixedClock) -> Vec<ChannelNotice> {
    let ports = sandbox.marketplaces();
    let markets = ["multi_quantity", "single_quantity", "auction"];
    let places: Vec<_> =
        (1..).zip(markets).map(|(n, market)| connect(n, KIND, &ports, json!({ "market": market }))).collect();
    let mut cursors = vec![None; places.len()];
    let mut told = Vec::new();
    for number in 0..60 {
        for (at, cursor) in places.iter().zip(&mut cursors) {
            let qty = if at.capabilities.multi_qty { 5 } else { 1 };
            let published = ports.publish(at, &Offer { qty, ..offer(number) }).await;
            if let (Ok(shown), 0) = (published, number % 4) {
                let _ = ports.end(at, &shown.external_id).await;
            }
            told.extend(pull(sandbox, at, cursor).await);
        }
        clock.advance(Duration::from_mins(30));
        sandbox.tick_buyers(200).unwrap();
    }
    told
}

#[tokio::test]
async fn the_same_seed_lives_the_same_life() {
    let mut lives = Vec::new();
    for seed in [7, 7, 8] {
        let (sandbox, clock) = world(Config::demo(seed));
        let told = live(&sandbox, &clock).await;
        assert!(told.len() > 50, "only {} notices", told.len());
        lives.push((told, sandbox.save(), sandbox.tally()));
    }
    assert_eq!(lives[0], lives[1]);
    assert_ne!(lives[0].0, lives[2].0);
}

#[tokio::test]
async fn a_saved_world_goes_on_where_it_stood() {
    let config = Config::demo(7);
    let (sandbox, clock) = world(config.clone());
    live(&sandbox, &clock).await;
    let text = sandbox.save();
    let later = FixedClock::at(clock.now());
    let again = Sandbox::load(&text, config, Arc::new(later.clone())).unwrap();
    assert_eq!(again.save(), text);
    assert_eq!(live(&again, &later).await, live(&sandbox, &clock).await);
    assert_eq!(again.save(), sandbox.save());
}

#[tokio::test]
async fn a_world_kept_in_a_file_outlives_its_process() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("kept");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("sandbox.json");
    let _ = std::fs::remove_file(&file);
    let clock = FixedClock::default();
    let open = || Sandbox::kept_in(&file, Config::default(), Arc::new(clock.clone())).unwrap();
    let first = open();
    let at = connect(1, KIND, &first.marketplaces(), json!(null));
    let listing = publish(&first, &at, Offer { qty: 3, ..offer(1) }).await;
    let mut cursor = None;
    let order = first.buy(at.id, &listing, 1).unwrap();
    assert_eq!(pull(&first, &at, &mut cursor).await.len(), 1);
    drop(first);

    let second = open();
    assert_eq!(second.listings(at.id).unwrap()[0].qty, 2);
    assert_eq!(second.orders(at.id).unwrap()[0].external_id, order);
    assert_eq!(pull(&second, &at, &mut cursor).await, [], "it was told before");
    let other = second.buy(at.id, &listing, 2).unwrap();
    assert_ne!(other, order);
    assert_eq!(orders(&pull(&second, &at, &mut cursor).await)[0].external_id, other);

    std::fs::write(&file, "not a world").unwrap();
    assert!(Sandbox::kept_in(&file, Config::default(), Arc::new(clock.clone())).is_err());
    let nowhere =
        Sandbox::kept_in(folder.join("no/such/folder"), Config::default(), Arc::new(clock)).unwrap();
    let refused = nowhere.marketplaces().publish(&at, &offer(1)).await;
    assert!(
        matches!(refused, Err(ChannelError::Unknown { .. })),
        "what is not kept is not promised: {refused:?}"
    );
}

#[tokio::test]
async fn no_marketplace_sells_more_than_it_shows() {
    for (market, units) in [("multi_quantity", 37), ("single_quantity", 1), ("auction", 1)] {
        let (sandbox, _clock, at) = calm(market);
        let listing = publish(&sandbox, &at, Offer { qty: units, ..offer(1) }).await;
        let start = Barrier::new(100);
        let sold: usize = std::thread::scope(|scope| {
            let buyer = || {
                start.wait();
                (0..2).filter(|_| sandbox.buy(at.id, &listing, 1).is_ok()).count()
            };
            let buyers: Vec<_> = (0..100).map(|_| scope.spawn(buyer)).collect();
            buyers.into_iter().map(|buyer| buyer.join().unwrap()).sum()
        });
        assert_eq!(i64::try_from(sold).unwrap(), units);
        assert_eq!(sandbox.buy(at.id, &listing, 1), Err(Refusal::SoldOut { left: 0 }));
        let told = pull(&sandbox, &at, &mut None).await;
        let names: BTreeSet<_> = orders(&told).iter().map(|order| order.external_id.clone()).collect();
        assert_eq!(names.len(), sold);
        let gone = told.iter().any(|notice| matches!(notice.told, Told::ListingEnded { .. }));
        assert_eq!(gone, market != "multi_quantity", "only a web shop shows an empty listing");
    }
}

/// Asserts that something happened as often as it should: 50 in a thousand, give or take a quarter.
#[track_caller]
fn as_often_as_told(count: u64, of: u64) {
    assert!((of * 37..=of * 63).contains(&(count * 1_000)), "{count} of {of}");
}

#[tokio::test]
async fn calls_go_astray_as_often_as_told() {
    let rate = PerMille(50);
    let faults = Faults {
        rate_limited: rate,
        rate_limited_ms: 77,
        unavailable: rate,
        lost_requests: rate,
        lost_answers: rate,
        ..Faults::none()
    };
    let (sandbox, _clock) = world(Config { faults, ..Config::default() });
    let ports = sandbox.marketplaces();
    let at = connect(1, KIND, &ports, json!(null));
    let (mut limited, mut unavailable, mut unknown, calls) = (0, 0, 0, 4_000);
    let mut answered = 0;
    for number in 0..calls {
        match ports.publish(&at, &offer(number)).await {
            Ok(_) => answered += 1,
            Err(ChannelError::RateLimited { wait }) if wait.as_millis() == 77 => limited += 1,
            Err(ChannelError::Unavailable { .. }) => unavailable += 1,
            Err(ChannelError::Unknown { .. }) => unknown += 1,
            Err(error) => panic!("{error}"),
        }
    }
    let done = sandbox.listings(at.id).unwrap().len() as u64;
    let calls = u64::from(calls);
    as_often_as_told(limited, calls);
    as_often_as_told(unavailable, calls);
    as_often_as_told(done - answered, calls); // done, but the answer was lost
    as_often_as_told(unknown - (done - answered), calls); // the request was lost
    let Tally { calls: counted, .. } = sandbox.tally();
    assert_eq!(counted, calls);
    assert_eq!(sandbox.tally().of(Fault::LostAnswer), done - answered);
}

#[tokio::test]
async fn notices_go_astray_as_often_as_told() {
    let rate = PerMille(50);
    let faults = Faults { duplicated: rate, delayed: rate, reordered: rate, lost: rate, ..Faults::none() };
    let (sandbox, clock) = world(Config { faults, ..Config::default() });
    let at = connect(1, KIND, &sandbox.marketplaces(), json!(null));
    let sales = 4_000_u64;
    let listing = publish(&sandbox, &at, Offer { qty: 4_000, ..offer(1) }).await;
    let (mut cursor, mut bought, mut told) = (None, Vec::new(), Vec::new());
    for _ in 0..sales {
        bought.push(sandbox.buy(at.id, &listing, 1).unwrap());
    }
    told.extend(pull(&sandbox, &at, &mut cursor).await);
    let prompt: Vec<_> = orders(&told).iter().map(|order| order.external_id.clone()).collect();
    let distinct: BTreeSet<_> = prompt.iter().collect();
    let rank = |name: &String| bought.iter().position(|other| other == name).unwrap();
    let late = prompt.windows(2).filter(|pair| rank(&pair[1]) < rank(&pair[0])).count() as u64;
    as_often_as_told(late, sales); // reordered: told after a younger one
    as_often_as_told((sales - distinct.len() as u64) / 2, sales); // neither delayed nor lost ones are here yet

    clock.advance(Duration::from_secs(30));
    told.extend(pull(&sandbox, &at, &mut cursor).await);
    let by_now: BTreeSet<_> = orders(&told).iter().map(|order| order.external_id.clone()).collect();
    as_often_as_told(sales - by_now.len() as u64, sales); // lost
    as_often_as_told(told.len() as u64 - by_now.len() as u64, sales); // told twice

    clock.advance(Duration::from_hours(1));
    told.extend(pull(&sandbox, &at, &mut cursor).await);
    let in_the_end: BTreeSet<_> = orders(&told).iter().map(|order| order.external_id.clone()).collect();
    assert_eq!(in_the_end, bought.into_iter().collect());
    assert_eq!(sandbox.tally().notices, sales);
}

#[tokio::test]
async fn bids_and_lost_parcels_occur_as_often_as_told() {
    use baddie_core::ids::FulfilmentId;
    use baddie_core::money::Currency;
    use baddie_core::shipping::{Carrier, Parcel};

    let faults = Faults { bids: PerMille(50), lost_parcels: PerMille(50), ..Faults::none() };
    let (sandbox, _clock) = world(Config { faults, ..Config::default() });
    let ports = sandbox.marketplaces();
    let at = connect(1, KIND, &ports, json!({ "market": "auction" }));
    let mut refused = 0;
    for number in 1..=2_000_u32 {
        let listing = publish(&sandbox, &at, offer(number)).await;
        refused += u64::from(matches!(ports.end(&at, &listing).await, Err(ChannelError::Refused { .. })));
        let key = FulfilmentId::from_u128(u128::from(number));
        let parcel = Parcel { key, weight_g: 400, service: None, currency: Currency::GBP };
        sandbox.post().buy_label(&parcel).await.unwrap();
    }
    as_often_as_told(refused, 2_000);
    as_often_as_told(sandbox.tally().of(Fault::LostParcel), 2_000);
}

#[tokio::test]
async fn an_auction_ends_when_no_bid_stands() {
    let (sandbox, clock, at) = calm("auction");
    let ports = sandbox.marketplaces();
    let stands = Duration::from_mins(5);
    let listing = publish(&sandbox, &at, offer(1)).await;
    sandbox.bid(at.id, &listing, stands, false).unwrap();
    assert!(matches!(ports.end(&at, &listing).await, Err(ChannelError::Refused { .. })));
    assert_eq!(sandbox.buy(at.id, &listing, 1), Err(Refusal::SoldOut { left: 0 }));
    clock.advance(stands);
    assert_eq!(ports.end(&at, &listing).await, Ok(()));

    let listing = publish(&sandbox, &at, offer(2)).await;
    sandbox.bid(at.id, &listing, stands, true).unwrap();
    let closes = clock.now().plus(stands);
    clock.advance(2 * stands);
    let told = pull(&sandbox, &at, &mut None).await;
    assert_eq!(orders(&told)[0].placed_at, closes, "the bid won when it closed, not when somebody asked");
    assert_eq!(ports.end(&at, &listing).await, Ok(()), "a sold listing has ended");
}

#[tokio::test]
async fn an_order_grows_older_with_each_change() {
    let (sandbox, _clock, at) = calm("multi_quantity");
    let listing = publish(&sandbox, &at, Offer { qty: 5, ..offer(1) }).await;
    let order = sandbox.buy_unpaid(at.id, &listing, 2).unwrap();
    for _ in 0..2 {
        sandbox.pay_later(at.id, &order).unwrap();
    }
    for _ in 0..2 {
        sandbox.cancel_order(at.id, &order).unwrap();
    }
    let told = pull(&sandbox, &at, &mut None).await;
    let seen: Vec<_> =
        orders(&told).iter().map(|order| (order.external_version, order.paid, order.cancelled)).collect();
    assert_eq!(seen, [(1, false, false), (2, true, false), (3, true, true)]);
    assert_eq!(sandbox.listings(at.id).unwrap()[0].qty, 3, "what came back is not offered by itself");
    assert_eq!(sandbox.cancel_order(at.id, "O-0"), Err(Refusal::NoSuchOrder));
}

#[tokio::test]
async fn a_marketplace_may_take_a_listing_down() {
    let (sandbox, _clock, at) = calm("single_quantity");
    let listing = publish(&sandbox, &at, offer(1)).await;
    sandbox.take_down(at.id, &listing, EndReason::Expired).unwrap();
    let told = pull(&sandbox, &at, &mut None).await;
    let reason = EndReason::Expired;
    assert_eq!(told[0].told, Told::ListingEnded { external_id: listing, reason });
}

#[tokio::test]
async fn whoever_publishes_blindly_shows_it_twice() {
    let (sandbox, _clock, at) = calm("single_quantity");
    for _ in 0..2 {
        publish(&sandbox, &at, offer(1)).await;
    }
    assert_eq!(sandbox.listings(at.id).unwrap().len(), 2);
}

#[tokio::test]
async fn buyers_come_by_day_more_than_by_night() {
    let (sandbox, clock, at) = calm("multi_quantity");
    clock.set("2026-01-05T00:00:00Z".parse().unwrap());
    publish(&sandbox, &at, Offer { qty: 100_000, ..offer(1) }).await;
    assert_eq!(sandbox.tick_buyers(2_400).unwrap(), []);
    let mut by_hour: Vec<usize> = Vec::new();
    for _hour in 0..24 {
        let came: Vec<Bought> = (0..60)
            .flat_map(|_| {
                clock.advance(Duration::from_mins(1));
                sandbox.tick_buyers(2_400).unwrap()
            })
            .collect();
        by_hour.push(came.len());
    }
    let day: usize = by_hour.iter().sum();
    assert!((2_250..=2_550).contains(&day), "{day}");
    assert!(by_hour[20] > 5 * by_hour[3], "{by_hour:?}");
    let orders = sandbox.orders(at.id).unwrap();
    assert!(
        orders.iter().any(|order| order.cancelled) && orders.iter().any(|order| order.external_version > 1)
    );
}

#[tokio::test]
async fn settings_that_cannot_be_read_are_named() {
    let (sandbox, _clock) = world(Config::default());
    for settings in [json!({ "market": "bazaar" }), json!({ "faults": { "gremlins": 3 } })] {
        let at = connect(1, KIND, &sandbox.marketplaces(), settings);
        let answer = sandbox.marketplaces().publish(&at, &offer(1)).await;
        let told = answer.unwrap_err().to_string();
        assert!(told.contains("bazaar") || told.contains("gremlins"), "{told}");
    }
}

/// Counts how long it would have slept.
#[derive(Default)]
struct Sleepless(AtomicU64);

#[async_trait]
impl Sleeper for Sleepless {
    async fn sleep(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

#[tokio::test]
async fn calls_take_their_time() {
    let faults = Faults { latency_least_ms: 100, latency_most_ms: 300, ..Faults::none() };
    let sleeper = Arc::new(Sleepless::default());
    let (sandbox, _clock) = world(Config { faults, ..Config::default() });
    let sandbox = sandbox.sleeping(sleeper.clone());
    let at = connect(1, KIND, &sandbox.marketplaces(), json!(null));
    for number in 0..100 {
        publish(&sandbox, &at, offer(number)).await;
    }
    let mean_ms = sleeper.0.load(Ordering::SeqCst) / 100_000;
    assert!((180..=220).contains(&mean_ms), "{mean_ms}");
}
