//! A life: who does what when, what dies, and how it must end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use baddie_core::accounts::Actor;
use baddie_core::clock::{Clock, Zone};
use baddie_core::engine::listings::ConnectChannel;
use baddie_core::engine::orders::{CompleteCheckout, PlaceOrder};
use baddie_core::engine::{Command, Engine, Found, TickReport};
use baddie_core::entity::{Append, Entity};
use baddie_core::error::{Kind, Result, Retry};
use baddie_core::ids::{EntityId, ShopId};
use baddie_core::inventory::{HoldOwner, Reservation, ReservationState};
use baddie_core::listings::{Listing, ListingState};
use baddie_core::money::Currency;
use baddie_core::orders::Order;
use baddie_core::outbox::{Event, Job, JobState};
use baddie_core::page::PageRequest;
use baddie_core::payments::{PaymentTxn, TxnState};
use baddie_core::storage::{Scope, Storage, Tx};
use baddie_core::testing::{FixedClock, SeededEntropy};
use baddie_integrations::sandbox::{Config, Faults, KIND, PerMille, Sandbox};
use serde_json::{Value, json};

use crate::scheduler::{Dice, Doing, Slow, poll_once};
use crate::shops::{Memory, Request, ask};

/// By how much a node's clock may be wrong, either way.
const SKEW: i64 = 5 * 60 * 1_000_000;

/// A node: an engine with a clock of its own, which may be wrong.
struct Node {
    engine: Engine,
    clock: FixedClock,
    /// By how many microseconds.
    wrong: i64,
    lives: u64,
}

/// Something under way at a node.
struct Task {
    node: usize,
    what: What,
    doing: Doing<Result<Value>>,
}

enum What {
    Tick,
    Ask(usize, Request),
}

pub(crate) struct Life {
    dice: Dice,
    seed: u64,
    storage: Arc<dyn Storage>,
    clock: FixedClock,
    world: Sandbox,
    patient: Arc<AtomicU64>,
    nodes: Vec<Node>,
    shops: Vec<(ShopId, Actor, Memory)>,
    tasks: Vec<Task>,
    /// Requests whose answer was lost: they are made again until there is one.
    unheard: Vec<(usize, Request)>,
    /// The orders that answers have named, by key.
    ordered: BTreeMap<String, String>,
    tally: BTreeMap<String, u64>,
}

fn engine_of(storage: &Arc<dyn Storage>, world: &Sandbox, clock: &FixedClock, seed: u64) -> Engine {
    Engine::builder(storage.clone())
        .clock(Arc::new(clock.clone()))
        .entropy(Arc::new(SeededEntropy::new(seed)))
        .channel(KIND, Arc::new(world.marketplaces()))
        .provider(KIND, Arc::new(world.bank()))
        .carrier(KIND, Arc::new(world.post()))
        .build()
}

impl Life {
    pub(crate) async fn begin(storage: Arc<dyn Storage>, seed: u64) -> Self {
        let dice = Dice::new(seed);
        // Each life begins a few hours before some clock is put forward or back.
        let turns =
            ["2026-03-28T20:00:00Z", "2026-10-24T21:00:00Z", "2024-02-28T22:00:00Z", "2026-12-31T21:00:00Z"];
        let clock = FixedClock::at(dice.pick(&turns).unwrap().parse().unwrap());
        let faults = Faults {
            latency_least_ms: 20,
            latency_most_ms: 4_000,
            lost_requests: PerMille(40),
            lost_answers: PerMille(40),
            unavailable: PerMille(30),
            rate_limited: PerMille(30),
            ..Faults::demo()
        };
        let patient = Arc::new(AtomicU64::new(1));
        let slow = Slow { clock: clock.clone(), patient: patient.clone() };
        let world = Sandbox::new(Config { seed, faults, ..Config::default() }, Arc::new(clock.clone()));
        let world = world.sleeping(Arc::new(slow));
        let nodes = (0..2).map(|number| {
            let own = FixedClock::at(clock.now());
            let engine = engine_of(&storage, &world, &own, seed * 1_000 + number);
            Node { engine, clock: own, wrong: 0, lives: 1 }
        });
        let mut life = Self {
            nodes: nodes.collect(),
            dice,
            seed,
            storage,
            clock,
            world,
            patient,
            shops: Vec::new(),
            tasks: Vec::new(),
            unheard: Vec::new(),
            ordered: BTreeMap::new(),
            tally: BTreeMap::new(),
        };
        for (name, zone) in
            [("North", "Europe/London"), ("West", "America/Sao_Paulo"), ("East", "Pacific/Apia")]
        {
            life.found(name, zone).await;
        }
        life
    }

    async fn found(&mut self, name: &str, zone: &str) {
        let found = Found {
            name: name.into(),
            email: "owner@example.org".into(),
            currency: Currency::GBP,
            time_zone: zone.parse::<Zone>().unwrap(),
        };
        let shop = self.nodes[0].engine.found(found).await.unwrap().shop;
        let mut memory = Memory::default();
        for market in ["multi_quantity", "single_quantity"] {
            let body = json!({ "name": market, "kind": KIND, "settings": { "market": market } });
            let request = Request { name: ConnectChannel::NAME, key: market.to_owned(), body };
            let answer = ask(shop.clone(), request.clone()).await.unwrap();
            memory.hear(&request, &answer);
        }
        for number in 0..10 {
            let request = memory.beginning(number);
            let answer = ask(shop.clone(), request.clone()).await.unwrap();
            memory.hear(&request, &answer);
        }
        self.shops.push((shop.id(), shop.actor(), memory));
    }

    fn count(&mut self, what: &str) {
        *self.tally.entry(what.to_owned()).or_default() += 1;
    }

    /// The next thing that happens.
    pub(crate) async fn step(&mut self) {
        match self.dice.below(200) {
            0..=99 if self.tasks.len() < 40 => self.wish(),
            100..=119 if self.tasks.len() < 40 => {
                let node = self.dice.index(2);
                let engine = self.nodes[node].engine.clone();
                let tick = async move { engine.tick().await.map(|TickReport { taken, .. }| json!(taken)) };
                self.tasks.push(Task { node, what: What::Tick, doing: Box::pin(tick) });
            }
            120..=149 => self.pass(Duration::from_millis(self.dice.below(20_000))),
            150..=152 => self.pass(Duration::from_secs(60 * self.dice.below(200))),
            153..=162 => self.people(),
            163 => self.kill(),
            164..=165 => self.put_clock_wrong(),
            _ => {}
        }
        for _ in 0..self.dice.below(60) {
            self.poll().await;
        }
    }

    fn wish(&mut self) {
        let again = !self.unheard.is_empty() && self.dice.chance(50);
        let (shop, request) = if again {
            let index = self.dice.index(self.unheard.len());
            self.unheard.swap_remove(index)
        } else {
            let shop = self.dice.index(self.shops.len());
            (shop, self.shops[shop].2.wish(shop, &self.dice))
        };
        self.ask(shop, request);
    }

    fn ask(&mut self, shop: usize, request: Request) {
        let node = self.dice.index(2);
        let (id, actor, _) = &self.shops[shop];
        let seen = self.nodes[node].engine.shop(*actor, *id);
        let doing = Box::pin(ask(seen, request.clone()));
        self.tasks.push(Task { node, what: What::Ask(shop, request), doing });
    }

    /// Moves one of the things under way on.
    async fn poll(&mut self) {
        if self.tasks.is_empty() {
            return;
        }
        let index = self.dice.index(self.tasks.len());
        let Some(outcome) = poll_once(&mut self.tasks[index].doing).await else { return };
        let task = self.tasks.swap_remove(index);
        self.done(task.what, outcome);
    }

    fn done(&mut self, what: What, outcome: Result<Value>) {
        if let Err(error) = &outcome {
            assert_ne!(error.kind(), Kind::Internal, "seed {}: {error:?}", self.seed);
        }
        match (what, outcome) {
            (What::Ask(shop, request), Ok(answer)) => {
                self.count(request.name);
                if matches!(request.name, PlaceOrder::NAME | CompleteCheckout::NAME) {
                    let id = answer["id"].as_str().unwrap().to_owned();
                    let before = self.ordered.insert(request.key.clone(), id.clone());
                    assert!(before.is_none_or(|before| before == id), "{} has two orders", request.key);
                }
                self.shops[shop].2.hear(&request, &answer);
            }
            (What::Ask(shop, request), Err(error)) if error.retry() != Retry::Never => {
                self.unheard.push((shop, request));
            }
            (What::Ask(..), Err(_)) => self.count("refused"),
            (What::Tick, Ok(_)) => self.count("ticks"),
            (What::Tick, Err(error)) => {
                assert_ne!(error.retry(), Retry::Never, "seed {}: a tick gave up: {error:?}", self.seed);
            }
        }
    }

    fn pass(&mut self, time: Duration) {
        self.clock.advance(time);
        self.set_clocks();
    }

    fn set_clocks(&self) {
        for node in &self.nodes {
            let micros = self.clock.now().as_micros() + node.wrong;
            node.clock.set(baddie_core::clock::Timestamp::from_micros(micros));
        }
    }

    fn put_clock_wrong(&mut self) {
        let node = self.dice.index(2);
        let wrong = i64::try_from(self.dice.below(2 * SKEW.unsigned_abs())).unwrap() - SKEW;
        self.nodes[node].wrong = wrong;
        self.set_clocks();
        self.count("clocks put wrong");
    }

    fn people(&mut self) {
        // How many come depends on the time that has passed.
        if let Ok(bought) = self.world.tick_buyers(10_000) {
            for _ in bought {
                self.count("bought");
            }
        }
    }

    /// A node dies in the middle of whatever it does, and another takes its place.
    fn kill(&mut self) {
        let node = self.dice.index(2);
        let (gone, left) = std::mem::take(&mut self.tasks).into_iter().partition(|task| task.node == node);
        self.tasks = left;
        let gone: Vec<Task> = gone;
        for task in gone {
            if let What::Ask(shop, request) = task.what {
                self.unheard.push((shop, request));
            }
        }
        let Node { lives, clock, .. } = &mut self.nodes[node];
        *lives += 1;
        let seed = self.seed * 1_000 + *lives * 10 + node as u64;
        self.nodes[node].engine = engine_of(&self.storage, &self.world, &clock.clone(), seed);
        self.count("kills");
    }

    /// Lets everything that is under way come to its end.
    async fn quiet(&mut self) {
        self.patient.store(0, Ordering::Relaxed);
        let (mut polls, mut left) = (0_u64, self.tasks.len());
        while !self.tasks.is_empty() {
            self.poll().await;
            polls = if self.tasks.len() < left { 0 } else { polls + 1 };
            left = self.tasks.len();
            if polls % 1_000 == 999 {
                // A database commits on a thread of its own, and a disk may take its time: a minute at least.
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            assert!(polls < 60_000_000, "seed {}: {left} things under way never end", self.seed);
        }
        self.patient.store(1, Ordering::Relaxed);
    }

    /// Everything under way ends; then every invariant holds.
    pub(crate) async fn prove(&mut self) {
        self.quiet().await;
        let verdict = self.nodes[0].engine.verify(&|_| ()).await.unwrap();
        assert_eq!(verdict.violations, 0, "seed {}: {:#?}", self.seed, verdict.details);
        self.no_early_end().await;
        self.count("proofs");
    }

    /// Nothing that holds stock for a time was let go before its time by more than a clock may be wrong.
    async fn no_early_end(&self) {
        for (shop, ..) in &self.shops {
            for hold in self.all::<Reservation>(*shop).await {
                let early = self.clock.now().as_micros() + SKEW;
                let ended = hold.state == ReservationState::Expired && hold.owner == HoldOwner::Checkout;
                assert!(!ended || hold.expires_at.is_some_and(|at| at.as_micros() <= early), "{hold:?}");
            }
        }
    }

    async fn all<E: Entity>(&self, shop: ShopId) -> Vec<E>
    where
        Tx: Append<E>,
    {
        let mut look = self.storage.read(Scope::Shop(shop)).await.unwrap();
        let (mut page, mut rows) = (PageRequest::first(200), Vec::new());
        loop {
            let found = look.page::<E>(&page).await.unwrap();
            rows.extend(found.items);
            match found.next_cursor {
                Some(next) => page.cursor = Some(next),
                None => return rows,
            }
        }
    }

    /// Clocks are put right, nobody dies, everybody asks again until there is an answer; then everything must end.
    pub(crate) async fn calm_down(&mut self) {
        for node in &mut self.nodes {
            node.wrong = 0;
        }
        self.set_clocks();
        self.quiet().await;
        for _ in 0..600 {
            let unheard = std::mem::take(&mut self.unheard);
            for (shop, request) in unheard {
                self.ask(shop, request);
            }
            for node in 0..2 {
                let engine = self.nodes[node].engine.clone();
                let tick = async move { engine.tick().await.map(|report| json!(report.taken)) };
                self.tasks.push(Task { node, what: What::Tick, doing: Box::pin(tick) });
            }
            self.quiet().await;
            self.pass(Duration::from_mins(1));
            if self.unheard.is_empty() && self.restless().await.is_empty() {
                break;
            }
        }
        let restless = self.restless().await;
        assert!(restless.is_empty(), "seed {}: never ended: {restless:#?}", self.seed);
        self.one_order_for_each_key().await;
        self.order_is_kept().await;
    }

    /// What has not come to an end yet, other than by being given up for somebody to look at.
    async fn restless(&self) -> Vec<String> {
        let mut restless = Vec::new();
        for (shop, ..) in &self.shops {
            let jobs = self.all::<Job>(*shop).await;
            let given_up: BTreeSet<_> = jobs
                .iter()
                .filter(|job| job.state == JobState::Dead)
                .map(|job| job.subject.clone())
                .collect();
            for job in &jobs {
                let asks = job.kind == baddie_core::outbox::JobKind::Pull;
                if !job.state.is_final() && job.state != JobState::Dead && !asks {
                    restless.push(format!("{job:?}"));
                }
            }
            for listing in self.all::<Listing>(*shop).await {
                let between = matches!(
                    listing.state,
                    ListingState::Publishing | ListingState::Unknown | ListingState::Ending
                );
                if between && !given_up.contains(&listing.id.to_string()) {
                    restless.push(format!("{listing:?}"));
                }
            }
            for txn in self.all::<PaymentTxn>(*shop).await {
                let between =
                    matches!(txn.state, TxnState::Initiated | TxnState::Pending | TxnState::Unknown);
                if between && !given_up.contains(&txn.id.to_string()) {
                    restless.push(format!("{txn:?}"));
                }
            }
        }
        restless
    }

    /// Each key that was answered with an order has that order, and no order of the shop's own came about otherwise.
    async fn one_order_for_each_key(&self) {
        let mut own = BTreeSet::new();
        for (shop, ..) in &self.shops {
            let orders = self.all::<Order>(*shop).await;
            own.extend(orders.iter().filter(|o| o.channel_id.is_none()).map(|o| o.id.to_string()));
        }
        let told: BTreeSet<_> = self.ordered.values().cloned().collect();
        assert_eq!(told.len(), self.ordered.len(), "seed {}: two keys share an order", self.seed);
        assert_eq!(own, told, "seed {}: orders that nobody was told of, or told of in vain", self.seed);
    }

    /// What is told of one order begins with that it was placed, whatever the clocks said.
    async fn order_is_kept(&self) {
        for (shop, ..) in &self.shops {
            let mut seen = BTreeSet::new();
            for event in self.all::<Event>(*shop).await.iter().rev() {
                if !event.subject.starts_with(baddie_core::ids::OrderId::PREFIX) {
                    continue;
                }
                let first = seen.insert(event.subject.clone());
                let begins = matches!(event.kind.as_str(), "order.placed" | "order.oversold");
                assert!(
                    first == begins,
                    "seed {}: {} came {}",
                    self.seed,
                    event.kind,
                    if first { "first" } else { "later" }
                );
            }
        }
    }

    /// What happened, for comparing two lives.
    pub(crate) fn told(&self) -> String {
        format!("{:?} {:?} until {}", self.tally, self.world.tally(), self.clock.now())
    }
}
