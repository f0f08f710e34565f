//! Sites that show what a shop sells: in step by themselves, left alone where they are, and honest where they are not.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    AccountSeen, CredentialField, Credentials, Delivery, Heard, HeardPart, News, NotBelieved, OpenAccount,
    Ports, Service, ServiceError,
};
use baddie_core::engine::connections::ConnectService;
use baddie_core::engine::hosting::{GetSite, KeepSite, ListSites, PublishSite, RetireSite};
use baddie_core::engine::listings::{ConnectChannel, CreateListing, EndListing};
use baddie_core::error::Kind;
use baddie_core::hosting::{Exhibit, HostError, Published, Showcase, Site, SitePublisher, SiteState};
use baddie_core::ids::{ChannelId, ConnectionId, ListingId, SiteId};
use baddie_core::testing::FixedClock;
use baddie_integrations::sandbox::{Config, KIND, Sandbox};
use serde_json::json;
use support::{Drawer, House, gbp, on_every_backend};

/// A site that keeps what it is told to show, and counts how often.
#[derive(Default)]
struct Wall {
    shows: Mutex<BTreeMap<String, Vec<Exhibit>>>,
    calls: Mutex<usize>,
    next: Mutex<Vec<HostError>>,
}

#[derive(Clone)]
struct Front(Arc<Wall>);

impl Service for Front {
    fn fields(&self) -> &'static [CredentialField] {
        &[CredentialField { name: "key", needed: true }]
    }
    fn open(&self, _: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError> {
        Ok(Arc::new(self.clone()))
    }
}

#[async_trait]
impl OpenAccount for Front {
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        Ok(AccountSeen { account: "wall".into(), live: false, abilities: Vec::new() })
    }
    fn read_delivery(&self, _: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved> {
        Ok(None)
    }
    async fn heard_since(&self, _: Timestamp, _: Option<&str>) -> Result<HeardPart, ServiceError> {
        Ok(HeardPart::default())
    }
    async fn look(&self, _: &str) -> Result<Vec<News>, ServiceError> {
        Ok(Vec::new())
    }
    fn ports(self: Arc<Self>) -> Ports {
        Ports { site: Some(self), ..Ports::default() }
    }
}

#[async_trait]
impl SitePublisher for Front {
    async fn publish(&self, at: &Showcase, exhibits: &[Exhibit]) -> Result<Published, HostError> {
        *self.0.calls.lock().unwrap() += 1;
        if let Some(error) = self.0.next.lock().unwrap().pop() {
            return Err(error);
        }
        let before = self.0.shows.lock().unwrap().insert(at.collection.clone(), exhibits.to_vec());
        let count = |list: &[Exhibit]| u64::try_from(list.len()).unwrap();
        Ok(Published {
            added: count(exhibits),
            removed: before.map_or(0, |list| count(&list)),
            changed: 0,
            hostnames: vec!["shop.example".into()],
        })
    }
    async fn shown(&self, at: &Showcase) -> Result<Vec<String>, HostError> {
        let shows = self.0.shows.lock().unwrap();
        Ok(shows.get(&at.collection).into_iter().flatten().map(|one| one.key.clone()).collect())
    }
}

struct Stage {
    house: House,
    wall: Arc<Wall>,
    clock: FixedClock,
    connection: ConnectionId,
}

impl Stage {
    async fn set(backend: &str) -> Self {
        let (clock, wall) = (FixedClock::default(), Arc::new(Wall::default()));
        let world = Sandbox::new(Config::default(), Arc::new(clock.clone()));
        let front = Front(wall.clone());
        let house = House::build(backend, |engine| {
            engine
                .clock(Arc::new(clock.clone()))
                .channel(KIND, Arc::new(world.marketplaces()))
                .service("wall", Arc::new(front))
                .vault(Arc::new(Drawer))
        })
        .await;
        let credentials = BTreeMap::from([("key".to_owned(), "k".to_owned())]).into();
        let request = ConnectService { service: "wall".into(), credentials, connection_id: None };
        let connection = house.shop.integrations().connect(request).await.unwrap().id;
        house.engine.settle().await.unwrap();
        Self { house, wall, clock, connection }
    }

    async fn channel(&self, name: &str) -> ChannelId {
        let connect = ConnectChannel {
            name: name.into(),
            kind: KIND.into(),
            external_account: String::new(),
            currency: None,
            secret_ref: None,
            buffer_qty: 0,
            settings: json!({ "market": "multi_quantity" }),
            fees: Vec::new(),
        };
        self.house.shop.channels().connect(connect).await.unwrap().id
    }

    async fn list(&self, channel_id: ChannelId, sku: &str) -> ListingId {
        let variant_id = self.house.variant(sku).await.id;
        let (title, description, price, min_price) = (None, None, None, None);
        let new =
            CreateListing { channel_id, variant_id, title, description, price, min_price, draft: false };
        self.house.shop.listings().create(new).await.unwrap().id
    }

    async fn keep(&self, channel_id: Option<ChannelId>) -> SiteId {
        let showcase = Showcase { site: None, collection: "Shop".into() };
        let request = KeepSite { connection_id: self.connection, showcase, channel_id };
        self.house.shop.sites().keep(request).await.unwrap().id
    }

    async fn pass(&self, minutes: u64) {
        for _ in 0..minutes {
            self.house.engine.settle().await.unwrap();
            self.clock.advance(Duration::from_mins(1));
        }
        self.house.engine.settle().await.unwrap();
    }

    async fn site(&self, site_id: SiteId) -> Site {
        self.house.shop.sites().get(GetSite { site_id }).await.unwrap()
    }

    fn shows(&self) -> Vec<(String, i64)> {
        let shows = self.wall.shows.lock().unwrap();
        let things = shows["Shop"].iter().map(|one| (one.title.clone(), one.qty));
        let mut things: Vec<_> = things.collect();
        things.sort();
        things
    }

    fn calls(&self) -> usize {
        *self.wall.calls.lock().unwrap()
    }
}

fn shown(things: &[(&str, i64)]) -> Vec<(String, i64)> {
    things.iter().map(|(title, qty)| ((*title).to_owned(), *qty)).collect()
}

#[test]
fn a_site_shows_what_is_live_and_follows_it() {
    on_every_backend(|backend| async move {
        let stage = Stage::set(backend).await;
        for (sku, qty) in [("MUG", 5), ("JUG", 2), ("POT", 1)] {
            stage.house.stocked(sku, 1250, qty, 400).await;
        }
        let (one, two) = (stage.channel("one").await, stage.channel("two").await);
        stage.list(one, "MUG").await;
        let jug = stage.list(one, "JUG").await;
        stage.list(two, "MUG").await;
        stage.pass(1).await;
        let id = stage.keep(None).await;
        stage.pass(1).await;
        assert_eq!(stage.shows(), shown(&[("Thing JUG", 2), ("Thing MUG", 5)]), "each thing once");
        let site = stage.site(id).await;
        assert_eq!((site.state, &site.problem), (SiteState::Kept, &None));
        assert_eq!(site.shown.unwrap().hostnames, ["shop.example"]);
        let exhibit = stage.wall.shows.lock().unwrap()["Shop"][0].clone();
        assert_eq!(exhibit.price, gbp(1250));
        assert!(exhibit.url.unwrap().starts_with("https://sandbox.invalid/"));
        // Nothing changes, so nobody is called, for a day.
        let calls = stage.calls();
        stage.pass(60).await;
        assert_eq!(stage.calls(), calls);
        // What changes is shown within a quarter of an hour.
        stage.list(two, "POT").await;
        stage.house.place(&[("MUG", 2)]).await.unwrap();
        stage.house.shop.listings().end(EndListing { listing_id: jug }).await.unwrap();
        stage.pass(17).await;
        assert_eq!(stage.shows(), shown(&[("Thing MUG", 3), ("Thing POT", 1)]));
        assert_eq!(stage.calls(), calls + 1);
        // One channel's things only; the site is the same one.
        assert_eq!(stage.keep(Some(two)).await, id);
        stage.house.place(&[("POT", 1)]).await.unwrap();
        stage.pass(17).await;
        assert_eq!(stage.shows(), shown(&[("Thing MUG", 3)]));
        stage.clock.advance(Duration::from_hours(25));
        let calls = stage.calls();
        stage.pass(1).await;
        assert_eq!(stage.calls(), calls + 1, "once a day it is made anew");
        stage.house.shop.sites().retire(RetireSite { site_id: id }).await.unwrap();
        stage.pass(30).await;
        assert_eq!(stage.shows(), []);
        assert_eq!(stage.calls(), calls + 2, "and then it is left alone");
        assert_eq!(stage.house.shop.sites().list(ListSites {}).await.unwrap().len(), 1);
        stage.house.prove().await;
    });
}

#[test]
fn what_a_site_refuses_is_told_and_what_was_lost_is_said_again() {
    on_every_backend(|backend| async move {
        let stage = Stage::set(backend).await;
        stage.house.stocked("MUG", 1250, 5, 400).await;
        let channel = stage.channel("one").await;
        stage.list(channel, "MUG").await;
        stage.pass(1).await;
        *stage.wall.next.lock().unwrap() = vec![
            HostError::Unknown { reason: "cut off".into() },
            HostError::Unavailable { reason: "busy".into() },
            HostError::RateLimited { wait: Duration::from_secs(70) },
        ];
        let id = stage.keep(None).await;
        stage.pass(5).await;
        assert_eq!(stage.calls(), 4);
        assert_eq!(stage.shows(), shown(&[("Thing MUG", 5)]));
        let refused = HostError::Refused { reason: "the plan is full".into() };
        stage.wall.next.lock().unwrap().push(refused);
        stage.house.shop.sites().publish(PublishSite { site_id: id }).await.unwrap();
        stage.pass(1).await;
        let site = stage.site(id).await;
        assert!(site.problem.as_ref().unwrap().contains("the plan is full"), "{site:?}");
        assert!(site.shown.is_some(), "what it showed before, it shows");
        stage.pass(16).await;
        assert_eq!(stage.site(id).await.problem, None, "it is tried again, and heals");
        // By hand, and without the worker.
        let calls = stage.calls();
        stage.house.engine.publish_site(stage.house.shop.id(), id).await.unwrap();
        assert_eq!(stage.calls(), calls, "it is in step");
    });
}

#[test]
fn a_site_needs_a_name_and_a_service_that_shows_it() {
    on_every_backend(|backend| async move {
        let stage = Stage::set(backend).await;
        for collection in ["", "  ", "a\nb", &"a".repeat(101)] {
            let showcase = Showcase { site: None, collection: collection.into() };
            let request = KeepSite { connection_id: stage.connection, showcase, channel_id: None };
            let refused = stage.house.shop.sites().keep(request).await.unwrap_err();
            assert_eq!((refused.kind(), refused.field()), (Kind::Invalid, Some("showcase.collection")));
        }
        let showcase = Showcase { site: None, collection: "Shop".into() };
        let nowhere =
            KeepSite { connection_id: baddie_core::ids::EntityId::from_u128(9), showcase, channel_id: None };
        assert_eq!(stage.house.shop.sites().keep(nowhere).await.unwrap_err().kind(), Kind::NotFound);
    });
}
