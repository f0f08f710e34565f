//! P20: `verify` names damage of every kind, on both databases, and writes nothing while it looks.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod damages;
mod ground;
mod story;

use std::sync::Arc;

use baddie_core::clock::{Clock, Zone};
use baddie_core::engine::verify::Verdict;
use baddie_core::engine::{Engine, Found};
use baddie_core::money::Currency;
use baddie_core::testing::{FixedClock, SeededEntropy};
use baddie_integrations::sandbox::{Config, KIND, Sandbox};

use crate::damages::DAMAGES;
use crate::ground::Ground;
use crate::story::Story;
use crate::support::House;

/// Tells the story and answers when it ended.
async fn told(ground: &Ground) -> FixedClock {
    let clock = FixedClock::default();
    let world = Sandbox::new(Config::default(), Arc::new(clock.clone()));
    let storage = baddie_storage::connect(&ground.url(), clock.now()).await.unwrap();
    let engine = Engine::builder(storage)
        .clock(Arc::new(clock.clone()))
        .entropy(Arc::new(SeededEntropy::new(20)))
        .channel(KIND, Arc::new(world.marketplaces()))
        .provider(KIND, Arc::new(world.bank()))
        .carrier(KIND, Arc::new(world.post()))
        .build();
    let found = Found {
        name: "Second Spring".into(),
        email: "owner@example.org".into(),
        currency: Currency::GBP,
        time_zone: "Europe/London".parse::<Zone>().unwrap(),
    };
    let house = House::of(engine, found, tempfile::tempdir().unwrap()).await;
    let story = Story { house, world, clock: clock.clone() };
    story.tell().await;
    story.house.prove().await;
    clock
}

async fn verify(ground: &Ground, clock: &FixedClock) -> Verdict {
    let storage = baddie_storage::connect(&ground.url(), clock.now()).await.unwrap();
    let engine = Engine::builder(storage).clock(Arc::new(clock.clone())).build();
    engine.verify(&|_| ()).await.unwrap()
}

async fn every_damage_is_named(ground: Ground) {
    let clock = told(&ground).await;
    let bare = ground.copy().await;
    bare.unguard().await;
    let verdict = verify(&bare.copy().await, &clock).await;
    assert_eq!(verdict.violations, 0, "without its guards the story is still sound: {:#?}", verdict.details);
    let mut missed = Vec::new();
    for damage in DAMAGES {
        let copy = bare.copy().await;
        let id = copy.find(damage.find).await.unwrap_or_else(|| panic!("nothing to harm: {}", damage.what));
        let subject = (damage.subject)(id);
        copy.harm(damage.harm, id, &subject).await;
        let before = copy.bytes();
        copy.freeze().await;
        let verdict = verify(&copy, &clock).await;
        assert_eq!(copy.bytes(), before, "{}: verify has written", damage.what);
        let named = verdict
            .details
            .iter()
            .any(|found| found.invariant == damage.names && found.subject.contains(&subject));
        if !named {
            let found: Vec<_> = verdict.details.iter().map(|one| format!("{one:?}")).collect();
            missed.push(format!("{} ({} {subject}):\n  {}", damage.what, damage.names, found.join("\n  ")));
        }
    }
    assert!(missed.is_empty(), "{} of {} missed\n{}", missed.len(), DAMAGES.len(), missed.join("\n"));
    println!("{} kinds of damage, each named", DAMAGES.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p20_verify_names_damage_on_sqlite() {
    every_damage_is_named(Ground::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p20_verify_names_damage_on_postgres() {
    every_damage_is_named(Ground::postgres().await).await;
}
