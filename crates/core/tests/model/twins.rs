//! Two houses that are told the same: one keeps plainly in memory, the other in a database.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use baddie_core::engine::{Command, Query};
use baddie_core::entity::{Append, Entity, Part, Parts};
use baddie_core::error::{Error, Kind, Result};
use baddie_core::ids::ListingId;
use baddie_core::listings::{Capabilities, Channel, ChannelError, Observed, Offer, Pulled, SalesChannel};
use baddie_core::money::Currency;
use baddie_core::page::PageRequest;
use baddie_core::storage::{Scope, Tx};
use baddie_core::testing::{FixedClock, SeededEntropy};
use baddie_integrations::sandbox::{Config, Faults, KIND, Marketplaces, PerMille, Refusal, Sandbox};
use serde_json::Value;

use crate::kept::{kept, rows};
use crate::support::House;

/// The twins and what is around them.
pub(crate) struct Twins {
    pub(crate) plain: House,
    real: House,
    worlds: [Sandbox; 2],
    pub(crate) clock: FixedClock,
    /// How often each command was carried out, and how often refused.
    pub(crate) tally: RefCell<BTreeMap<&'static str, [u64; 2]>>,
}

/// A world whose notices are told twice, late, out of order or not at once. Calls go well.
fn world(seed: u64, clock: &FixedClock) -> Sandbox {
    let faults = Faults {
        duplicated: PerMille(100),
        delayed: PerMille(100),
        reordered: PerMille(100),
        lost: PerMille(50),
        ..Faults::none()
    };
    Sandbox::new(Config { seed, faults, ..Config::default() }, Arc::new(clock.clone()))
}

impl Twins {
    /// A house in memory, and its twin on this backend.
    pub(crate) async fn build(backend: &str, seed: u64, currency: Currency) -> Self {
        let clock = FixedClock::default();
        let worlds = [world(seed, &clock), world(seed, &clock)];
        let mut houses = Vec::new();
        for (backend, world) in ["memory", backend].into_iter().zip(&worlds) {
            let furnish = House::build_in(backend, currency, |engine| {
                engine
                    .clock(Arc::new(clock.clone()))
                    // Of jobs under way at once, each store lets another one be first.
                    .jobs_per_tick(1)
                    .entropy(Arc::new(SeededEntropy::new(seed)))
                    .channel(KIND, Arc::new(Calling(world.marketplaces())))
                    .provider(KIND, Arc::new(world.bank()))
                    .carrier(KIND, Arc::new(world.post()))
            });
            houses.push(furnish.await);
        }
        let real = houses.pop().unwrap();
        let plain = houses.pop().unwrap();
        Self { plain, real, worlds, clock, tally: RefCell::default() }
    }

    /// Runs a command at both; the answers, or the refusals, are the same.
    pub(crate) async fn run<C: Command>(&self, request: &Value) -> Result<C::Answer> {
        let asked = || serde_json::from_value::<C>(request.clone()).expect("a request that can be read");
        let plain = self.plain.shop.run_json(asked()).await;
        let real = self.real.shop.run_json(asked()).await;
        assert_eq!(told(&plain), told(&real), "{} {request}", C::NAME);
        self.tally.borrow_mut().entry(C::NAME).or_default()[usize::from(plain.is_err())] += 1;
        plain.map(|json| serde_json::from_str(&json).expect("an answer that can be read"))
    }

    /// Asks both the same; the answers are the same.
    pub(crate) async fn ask<Q: Query>(&self, request: &Value) {
        let asked = || serde_json::from_value::<Q>(request.clone()).expect("a question that can be read");
        let plain = self.plain.shop.ask_json(asked()).await.map(|told| told.json);
        let real = self.real.shop.ask_json(asked()).await.map(|told| told.json);
        assert_eq!(told(&plain), told(&real), "{} {request}", Q::NAME);
    }

    /// Does the same in both worlds.
    pub(crate) fn happen<T: PartialEq + std::fmt::Debug>(
        &self,
        act: impl Fn(&Sandbox) -> Result<T, Refusal>,
    ) -> Option<T> {
        let [plain, real] = [act(&self.worlds[0]), act(&self.worlds[1])];
        assert_eq!(plain, real, "the worlds differ");
        plain.ok()
    }

    /// Carries out what is due.
    pub(crate) async fn settle(&self) {
        for house in [&self.plain, &self.real] {
            house.engine.settle().await.unwrap();
        }
    }

    /// Up to 60 things of a kind, newest first.
    pub(crate) async fn newest<E: Entity>(&self) -> Vec<E>
    where
        Tx: Append<E>,
    {
        let mut tx = self.plain.engine.storage().read(Scope::Shop(self.plain.shop.id())).await.unwrap();
        tx.page::<E>(&PageRequest::first(60)).await.unwrap().items
    }

    /// Everything of a kind.
    pub(crate) async fn all<E: Entity>(&self) -> Vec<E>
    where
        Tx: Append<E>,
    {
        let mut tx = self.plain.engine.storage().read(Scope::Shop(self.plain.shop.id())).await.unwrap();
        rows::<E>(&mut *tx).await
    }

    /// The parts of a whole.
    pub(crate) async fn parts<E: Part>(&self, whole: E::Whole) -> Vec<E>
    where
        Tx: Parts<E>,
    {
        let mut tx = self.plain.engine.storage().read(Scope::Shop(self.plain.shop.id())).await.unwrap();
        tx.parts::<E>(whole).await.unwrap()
    }

    /// Both stores keep the same.
    pub(crate) async fn compare(&self) {
        for ((name, plain), (_, real)) in kept(&self.plain).await.into_iter().zip(kept(&self.real).await) {
            for (plain, real) in plain.iter().zip(&real) {
                assert_eq!(plain, real, "{name}: memory on the left, the database on the right");
            }
            assert_eq!(plain.len(), real.len(), "{name}: so many in memory, so many in the database");
        }
    }

    /// Every invariant holds in both.
    pub(crate) async fn prove(&self) {
        self.plain.prove().await;
        self.real.prove().await;
    }
}

/// An outcome as text. A defect is never a right answer, not even twice.
fn told(outcome: &Result<String, Error>) -> String {
    match outcome {
        Ok(json) => json.clone(),
        Err(error) => {
            assert_ne!(error.kind(), Kind::Internal, "{error:?}");
            let (kind, field) = (error.kind().as_str(), error.field().unwrap_or("-"));
            format!("{kind} {} {field}: {}", error.code(), error.message())
        }
    }
}

/// Marketplaces that call by themselves, so that the engine asks them only when it is told to, one after the other.
struct Calling(Marketplaces);

#[async_trait]
impl SalesChannel for Calling {
    fn capabilities(&self, settings: &Value) -> Capabilities {
        Capabilities { webhooks: true, ..self.0.capabilities(settings) }
    }
    async fn publish(&self, at: &Channel, offer: &Offer) -> Result<Observed, ChannelError> {
        self.0.publish(at, offer).await
    }
    async fn revise(&self, at: &Channel, external_id: &str, offer: &Offer) -> Result<Observed, ChannelError> {
        self.0.revise(at, external_id, offer).await
    }
    async fn end(&self, at: &Channel, external_id: &str) -> Result<(), ChannelError> {
        self.0.end(at, external_id).await
    }
    async fn look_up(
        &self,
        at: &Channel,
        key: ListingId,
        known_as: Option<&str>,
    ) -> Result<Option<Observed>, ChannelError> {
        self.0.look_up(at, key, known_as).await
    }
    async fn pull(&self, at: &Channel, cursor: Option<&str>) -> Result<Pulled, ChannelError> {
        self.0.pull(at, cursor).await
    }
}
