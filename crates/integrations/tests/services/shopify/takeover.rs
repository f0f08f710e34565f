//! A shop that sold before it came: all that it has on offer is taken over, once, and kept in step from then on.

use std::time::Duration;

use baddie_core::accounts::Actor;
use baddie_core::engine::catalog::{ListProducts, ProductView};
use baddie_core::engine::journal::ListEvents;
use baddie_core::engine::listings::{EndListing, GetSyncRun, ListListings, ReviseListing, TakeOverChannel};
use baddie_core::ids::SyncRunId;
use baddie_core::listings::{ListingState, SyncRun, SyncState};
use baddie_core::money::{Currency, Money};
use baddie_core::page::PageRequest;
use baddie_integrations::shopify::goods_in;
use serde_json::Value;

use super::channel::bad_day;
use super::engine::{House, engine, house};
use crate::kit::server::{Fault, Reply};

impl House {
    async fn take_over(&self) -> SyncRunId {
        let request = TakeOverChannel { channel_id: self.channel.id };
        self.shop.channels().take_over(request).await.unwrap().id
    }

    async fn run(&self, sync_run_id: SyncRunId) -> SyncRun {
        self.shop.channels().run(GetSyncRun { sync_run_id }).await.unwrap()
    }

    async fn products(&self) -> Vec<ProductView> {
        self.shop.catalog().products(ListProducts::default()).await.unwrap().items
    }

    async fn listed(&self) -> Vec<(String, ListingState, i64)> {
        let request = ListListings { page: PageRequest::first(200), ..ListListings::default() };
        let listings = self.shop.listings().list(request).await.unwrap().items;
        let mut listed: Vec<_> = listings
            .into_iter()
            .map(|listing| (listing.external_id.unwrap_or_default(), listing.state, listing.published_qty))
            .collect();
        listed.sort();
        listed
    }

    async fn listing_of(&self, external: &str) -> baddie_core::listings::Listing {
        let request = ListListings { page: PageRequest::first(200), ..ListListings::default() };
        let listings = self.shop.listings().list(request).await.unwrap().items;
        listings.into_iter().find(|one| one.external_id.as_deref() == Some(external)).unwrap()
    }
}

/// A shop with a mug, a shirt in three sizes, a thing without a SKU, and a draft.
fn a_shop_of_old(house: &House) {
    house.fake.look(|state| {
        let mug = state.put(10, "Mug", "MUG", 5);
        mug.html = "<p>White, <b>blue</b> rim.</p><p>Chipped &amp; loved.</p>".into();
        mug.named[2] = Some("gid://shopify/TaxonomyCategory/hg-11-10-4".into());
        for (id, size, available) in [(21, "S", 0), (22, "M", 2), (23, "L", 3)] {
            let shirt = state.put(id, "Shirt", &format!("SHIRT-{size}"), available);
            (shirt.of, shirt.size) = (Some(20), Some(size.into()));
        }
        state.put(30, "Odd thing", "", 1);
        state.put(40, "Not yet", "DRAFT", 7).status = "DRAFT".into();
    });
}

#[tokio::test]
async fn what_was_on_offer_is_in_the_catalogue_and_on_offer_still() {
    let house = house("memory:").await;
    a_shop_of_old(&house);
    let run = house.take_over().await;
    house.work(2).await;
    let run = house.run(run).await;
    assert_eq!(
        (run.state, run.received, run.applied, run.total),
        (SyncState::Completed, 6, 6, Some(6)),
        "{run:?}"
    );

    let products = house.products().await;
    let titles: Vec<_> =
        products.iter().map(|view| (view.product.title.as_str(), view.variants.len())).collect();
    assert_eq!(titles.len(), 4, "{titles:?}");
    assert!(titles.contains(&("Shirt", 3)), "{titles:?}");
    let mug = &products.iter().find(|view| view.product.title == "Mug").unwrap().product;
    assert_eq!(mug.description, "White, blue rim.\n\nChipped & loved.");
    assert_eq!((mug.brand.as_deref(), mug.category.as_deref()), (Some("Falcon"), Some("hg-11-10-4")));
    let counted = products.iter().flat_map(|view| &view.variants).map(|variant| variant.on_hand).sum::<i64>();
    assert_eq!(counted, 18);

    let variant = |id: u64| format!("gid://shopify/ProductVariant/{id}");
    let product = |id: u64| format!("gid://shopify/Product/{id}");
    let mut expected = vec![
        (product(10), ListingState::Live, 5),
        (variant(21), ListingState::Paused, 0),
        (variant(22), ListingState::Live, 2),
        (variant(23), ListingState::Live, 3),
        (product(30), ListingState::Live, 1),
    ];
    expected.sort();
    assert_eq!(house.listed().await, expected);

    // Taken over again, and looked at for days, it stays as it is; nothing was said to Shopify.
    let again = house.take_over().await;
    house.work(90).await;
    house.clock.advance(Duration::from_hours(30));
    house.work(90).await;
    assert_eq!(house.run(again).await.state, SyncState::Completed);
    assert_eq!(house.listed().await, expected);
    assert_eq!(house.products().await.len(), 4);
    let html = house.fake.look(|state| state.products[&10].html.clone());
    assert!(html.contains("<b>blue</b>"), "{html}");
    house.prove().await;
}

#[tokio::test]
async fn what_was_taken_over_is_kept_in_step() {
    let house = house("memory:").await;
    a_shop_of_old(&house);
    house.take_over().await;
    house.work(2).await;
    // Sold here, the sister that was sold has less there, and no other.
    house.buy_here("SHIRT-M", 1).await;
    house.work(2).await;
    let left = || house.fake.look(|state| [21, 22, 23].map(|id| state.products[&id].available));
    assert_eq!(left(), [0, 1, 3]);
    // Sold there, it is sold here.
    house.fake.sell("gid://shopify/ProductVariant/23", 2);
    house.work(10).await;
    assert_eq!(house.orders().await, 2);
    let large = house.listing_of("gid://shopify/ProductVariant/23").await;
    assert_eq!((large.state, large.published_qty), (ListingState::Live, 1));
    // The last one is sold here: the variant has nothing left, the product stays.
    house.buy_here("SHIRT-L", 1).await;
    house.work(10).await;
    assert_eq!(left(), [0, 1, 0]);
    assert_eq!(house.fake.look(|state| state.products[&23].status.clone()), "ACTIVE");
    // A price changes alone; words in somebody's HTML that read the same stay.
    let listing = house.listing_of("gid://shopify/Product/10").await;
    let revise = ReviseListing {
        listing_id: listing.id,
        title: None,
        description: None,
        price: Some(Money::new(2_500, Currency::GBP)),
        min_price: None,
        reason: "dearer".into(),
        expected_version: None,
    };
    house.shop.listings().revise(revise).await.unwrap();
    house.work(2).await;
    let (price, html) =
        house.fake.look(|state| (state.products[&10].price.clone(), state.products[&10].html.clone()));
    assert_eq!(price, "25.00");
    assert!(html.contains("<b>blue</b>"), "{html}");
    // Ended here, the mug is put away there.
    house.shop.listings().end(EndListing { listing_id: listing.id }).await.unwrap();
    house.work(2).await;
    assert_eq!(house.fake.look(|state| state.products[&10].status.clone()), "ARCHIVED");
    house.prove().await;
}

#[tokio::test]
async fn what_a_rule_refuses_is_told_and_keeps_nothing_else_out() {
    let house = house("memory:").await;
    house.fake.look(|state| {
        for id in 1..=20 {
            state.put(id, &format!("Cup {id}"), &format!("CUP-{id}"), 2);
        }
        state.put(7, "", "CUP-7", 2).html = String::new();
        state.put(11, "Twice", "CUP-3", 2);
        state.put(13, &"x".repeat(301), "CUP-13", 2);
    });
    let run = house.take_over().await;
    house.work(2).await;
    let run = house.run(run).await;
    assert_eq!(
        (run.state, run.received, run.applied),
        (SyncState::Completed, 20, 17),
        "the twin is refused, and not the one whose SKU it has: {run:?}"
    );
    let page = PageRequest::first(200);
    let events = house.shop.journal().events(ListEvents { page }).await.unwrap().items;
    let refused = events.iter().filter(|event| event.kind == "channel.goods_refused");
    let mut refused: Vec<(String, String)> = refused
        .map(|event| {
            let told: Value = serde_json::from_str(event.data.as_str()).unwrap();
            let text = |name: &str| told[name].as_str().unwrap().to_owned();
            (text("external_id"), text("error"))
        })
        .collect();
    refused.sort();
    let of = |number: u64| format!("gid://shopify/Product/{number}");
    assert_eq!(refused.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), [of(11), of(13), of(7)]);
    assert!(refused[0].1.contains("has a listing on this channel"), "{refused:?}");
    assert!(refused[1].1.contains("title") && refused[2].1.contains("title"), "{refused:?}");
    assert_eq!(house.products().await.len(), 17, "what is refused leaves nothing behind");
    house.prove().await;
}

#[tokio::test]
async fn hundreds_of_things_are_taken_over_once_whoever_dies() {
    let room = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/shop.db", room.path().display());
    let mut house = house(&url).await;
    let many = 900;
    house.fake.look(|state| {
        for id in 1..=many {
            state.put(id, &format!("Thing {id}"), &format!("THING-{id}"), 1);
        }
    });
    house.fake.server.plan(bad_day());
    let run = house.take_over().await;
    for round in 0..200 {
        // The worker dies in the middle of what it does, and another one begins where the store stands.
        let within = Duration::from_millis(50 + 20 * round);
        let _ = tokio::time::timeout(within, house.engine.tick()).await;
        let shop = house.shop.id();
        house.engine = engine(&url, &house.clock, &house.fake).await;
        house.shop = house.engine.shop(Actor::System, shop);
        house.clock.advance(Duration::from_mins(31));
        if house.run(run).await.state != SyncState::Running {
            break;
        }
    }
    house.fake.server.forgive();
    house.work(2).await;
    let run = house.run(run).await;
    let all = i64::try_from(many).unwrap();
    assert_eq!(
        (run.state, run.received, run.applied, run.total),
        (SyncState::Completed, all, all, Some(all)),
        "{run:?}"
    );
    let parts = house.fake.look(|state| state.ranges.0);
    assert!(parts > 4, "it is read part by part: {parts}");
    house.prove().await;
}

#[tokio::test]
async fn a_run_tells_how_far_it_is_and_goes_on_from_there() {
    let house = house("memory:").await;
    house.fake.look(|state| {
        for id in 1..=900 {
            state.put(id, &format!("Thing {id}"), &format!("THING-{id}"), 1);
        }
    });
    let run = house.take_over().await;
    house.engine.settle().await.unwrap();
    house.clock.advance(Duration::from_mins(1));
    // Some parts are answered; then it is out of reach for as long as a call is tried.
    let down = Fault::Instead(Reply::new(503, "<html>"));
    house.fake.server.plan(std::iter::repeat_n(Fault::None, 8).chain(std::iter::repeat_n(down, 4)));
    house.engine.settle().await.unwrap();
    let now = house.run(run).await;
    assert_eq!((now.state, now.total), (SyncState::Running, Some(900)), "{now:?}");
    assert!(now.received > 0 && now.received < 900, "{now:?}");
    let read = house.fake.look(|state| state.ranges.0);
    house.work(5).await;
    let done = house.run(run).await;
    assert_eq!((done.state, done.applied), (SyncState::Completed, 900), "{done:?}");
    let parts = house.fake.look(|state| state.ranges.0);
    assert!(parts > read && parts < 2 * read + 20, "it did not begin anew: {read}, then {parts}");
    house.prove().await;
}

#[tokio::test]
async fn a_file_that_knows_no_ranges_is_read_whole() {
    let house = house("memory:").await;
    a_shop_of_old(&house);
    house.fake.look(|state| state.ranges.1 = false);
    let run = house.take_over().await;
    house.work(2).await;
    assert_eq!(house.run(run).await.applied, 6);
}

#[tokio::test]
async fn a_shop_with_nothing_is_taken_over_at_once() {
    let house = house("memory:").await;
    let run = house.take_over().await;
    house.work(2).await;
    let run = house.run(run).await;
    assert_eq!((run.state, run.received, run.total), (SyncState::Completed, 0, Some(0)));
}

#[test]
fn lines_that_make_no_sense_are_failures_and_no_panics() {
    let product = r#"{"id":"gid://shopify/Product/1","title":"Mug","status":"ACTIVE"}"#;
    let variant =
        r#"{"id":"gid://shopify/ProductVariant/2","price":"1.00","__parentId":"gid://shopify/Product/1"}"#;
    let read = |text: &str, last| goods_in(text.as_bytes(), last, Currency::GBP);
    let whole = format!("{product}\n{variant}\n");
    assert_eq!(read(&whole, true).unwrap().0.len(), 1);
    // What may go on behind the part is left for the next one.
    assert_eq!(read(&whole, false).unwrap(), (Vec::new(), 0));
    let (goods, taken) = read(&format!("{whole}{product}\n{variant}"), false).unwrap();
    assert_eq!((goods.len(), taken), (1, whole.len()));
    for bad in [
        variant.to_owned(),
        "{".to_owned(),
        "null".to_owned(),
        "[1]".to_owned(),
        format!("{product}\n{}", variant.replace("Product/1", "Product/9")),
        format!("{product}\n{}", variant.replace("1.00", "1.005")),
        format!("{product}\n{}", variant.replace("\"1.00\"", "7")),
    ] {
        assert!(read(&bad, true).is_err(), "{bad}");
    }
    for cut in 0..whole.len() {
        let _ = read(&whole[..cut], true);
        let _ = read(&whole[..cut], false);
    }
}
