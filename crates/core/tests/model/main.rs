//! Random commands of every domain, told alike to a house that keeps in memory and to one that keeps in a database: each
//! answer is the same, everything kept is the same, an oracle that counts on its own agrees, and every invariant holds.
//!
//! `BADDIE_MODEL_SEED` repeats one life, `BADDIE_MODEL_STEPS` makes it longer or shorter; `BADDIE_TIER` and `BADDIE_SEED`
//! say how many lives there are, and with which they begin.
#![allow(clippy::unwrap_used, reason = "a life that cannot go on fails")]

mod acts;
mod dice;
mod kept;
mod oracle;
#[path = "../support/mod.rs"]
mod support;
mod twins;

use std::collections::BTreeMap;

use baddie_core::engine::accounts::UpdateShop;
use baddie_core::inventory::{CostLayer, StockLevel};
use baddie_core::ledger::Account;
use baddie_core::money::{Currency, Rounding};
use baddie_core::storage::Scope;
use dice::Dice;
use oracle::Oracle;
use serde_json::json;
use twins::Twins;

/// Two shops that live the same life, and who watches them.
struct Life {
    twins: Twins,
    oracle: Oracle,
    dice: Dice,
    names: i64,
    currency: Currency,
    rounding: Rounding,
}

/// Says how to live a life again that ended badly.
struct Told {
    seed: u64,
    step: u64,
    last: &'static str,
}

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { seed, step, last } = self;
            eprintln!("BADDIE_MODEL_SEED={seed} BADDIE_MODEL_STEPS={step}: at step {step}, {last}");
        }
    }
}

impl Life {
    /// The oracle agrees on stock, promises and the till.
    async fn agree(&self) {
        let (mut on_hand, mut reserved) = (BTreeMap::new(), BTreeMap::new());
        for level in self.twins.all::<StockLevel>().await {
            *on_hand.entry(level.variant_id).or_default() += level.on_hand;
            *reserved.entry(level.variant_id).or_default() += level.reserved;
        }
        on_hand.retain(|_, qty: &mut i64| *qty != 0);
        reserved.retain(|_, qty: &mut i64| *qty != 0);
        let mut lots: BTreeMap<_, Vec<i64>> = BTreeMap::new();
        for layer in self.twins.all::<CostLayer>().await.iter().rev().filter(|layer| layer.qty_left > 0) {
            lots.entry(layer.variant_id).or_default().push(layer.qty_left);
        }
        assert_eq!(lots, self.oracle.lots, "lots: the engine on the left, the oracle on the right");
        let expected = self.oracle.lots.iter().map(|(id, lots)| (*id, lots.iter().sum::<i64>())).collect();
        assert_eq!(on_hand, expected, "on hand: the engine on the left, the oracle on the right");
        assert_eq!(
            reserved,
            self.oracle.reserved(),
            "promised: the engine on the left, the oracle on the right"
        );
        let house = &self.twins.plain;
        let mut tx = house.engine.storage().read(Scope::Shop(house.shop.id())).await.unwrap();
        let cash = tx.ledger().balance(&Account::Cash.into()).await.unwrap();
        let cash: i64 = cash.iter().map(|money| money.minor()).sum();
        assert_eq!(cash, self.oracle.cash, "in the till: the engine on the left, the oracle on the right");
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a whole number"))
}

async fn live(backend: &str, seed: u64, steps: u64) -> BTreeMap<&'static str, [u64; 2]> {
    let mut told = Told { seed, step: 0, last: "opening" };
    // Currencies of two, no and three decimals, and both ways to round.
    let currency = [Currency::GBP, Currency::JPY, Currency::KWD][usize::try_from(seed % 3).unwrap()];
    let rounding = [Rounding::HalfUp, Rounding::HalfEven][usize::try_from(seed % 2).unwrap()];
    let twins = Twins::build(backend, seed, currency).await;
    twins.run::<UpdateShop>(&json!({ "rounding": rounding })).await.unwrap();
    let mut life =
        Life { twins, oracle: Oracle::default(), dice: Dice::new(seed), names: 0, currency, rounding };
    life.open().await;
    for step in 1..=steps {
        told.step = step;
        told.last = life.draw();
        life.act(told.last).await;
        life.twins.settle().await;
        life.told_by_channels().await;
        life.agree().await;
        if step % 25 == 0 || step == steps {
            life.twins.compare().await;
        }
        if step % 100 == 0 || step == steps {
            life.twins.prove().await;
        }
    }
    life.twins.tally.into_inner()
}

/// So many lives of so many steps each: few with every change, as many as the tier asks for where one is named.
fn live_alike(backend: &str, usual: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let steps = number("BADDIE_MODEL_STEPS").unwrap_or(300);
    let lives = match std::env::var("BADDIE_TIER").as_deref() {
        Ok("n") => 100_000_u64.div_ceil(steps),
        Ok("r") => 1_000_000_u64.div_ceil(steps),
        Ok(_) => 2_000_u64.div_ceil(steps),
        Err(_) => usual,
    };
    let seeds = match (number("BADDIE_MODEL_SEED"), number("BADDIE_SEED").unwrap_or(1)) {
        (Some(seed), _) => seed..seed + 1,
        (None, first) => first..first + lives,
    };
    let mut done = 0;
    for seed in seeds {
        let tally = runtime.block_on(live(backend, seed, steps));
        done += steps;
        println!("P5 {backend}: seed {seed}, {steps} steps, {done} in all; done and refused: {tally:?}");
    }
}

#[test]
fn p5_memory_and_sqlite_live_the_same_life() {
    live_alike("sqlite", 3);
}

#[test]
fn p5_memory_and_postgres_live_the_same_life() {
    live_alike("postgres", 1);
}
