//! P19: three shops, two nodes on one store, a pretend world where everything goes astray, clocks that are wrong, nodes
//! that die in the middle of what they do: every invariant holds at every look, each key has one effect, and when the
//! world calms down, everything comes to an end. In memory the same seed is the same life, to the last poll.
//!
//! `BADDIE_TIER` says how many seeds, `BADDIE_SEED` which one, `BADDIE_STEPS` how long a life is.
#![allow(clippy::unwrap_used, reason = "a life that cannot go on fails")]

mod life;
mod scheduler;
mod shops;

use baddie_storage::connect;

use baddie_core::clock::Timestamp;

use crate::life::Life;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn seeds(usual: u64, change: u64, night: u64) -> Vec<u64> {
    let count = match std::env::var("BADDIE_TIER").as_deref() {
        Ok("n") => night,
        Ok("r") => 20 * night,
        Ok("c") => change,
        _ => usual,
    };
    let first = number("BADDIE_SEED").unwrap_or(1);
    (first..first + count).collect()
}

fn steps() -> u64 {
    number("BADDIE_STEPS").unwrap_or(2_000)
}

/// Lives one life; what it came to.
async fn live(url: &str, seed: u64, steps: u64) -> String {
    let storage = connect(url, Timestamp::from_micros(0)).await.unwrap();
    let mut life = Life::begin(storage, seed).await;
    for step in 0..steps {
        life.step().await;
        if step % 250 == 249 {
            life.prove().await;
        }
    }
    life.calm_down().await;
    life.prove().await;
    life.told()
}

#[test]
fn p19_the_same_seed_is_the_same_life_in_memory() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for seed in seeds(3, 50, 1_000) {
        let first = runtime.block_on(live("memory:", seed, steps()));
        if seed % 10 == 1 {
            let second = runtime.block_on(live("memory:", seed, steps()));
            assert_eq!(first, second, "seed {seed} was lived twice");
        }
        println!("P19 memory, seed {seed}: {first}");
    }
}

#[test]
fn p19_lives_on_sqlite() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for seed in seeds(1, 10, 100) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        println!("P19 sqlite, seed {seed}: {}", runtime.block_on(live(&url, seed, steps())));
    }
}
