//! Stories of lost answers and wrong ones. However they go, what a plan names is there once.

use std::time::Duration;

use baddie_core::hosting::{DeployHost, HostError};
use baddie_core::testing::ports::deploys::plan;

use super::host::{Rig, inside, rig_within};
use crate::kit::server::{Fault, Reply};

/// Every way to fail, on every one of the tries that a call has.
fn storms() -> Vec<(&'static str, Vec<Fault>)> {
    let all = |fault: Fault| vec![fault; 4];
    let says = |status| all(Fault::Instead(Reply::new(status, "<html>")));
    let wait = Fault::Instead(Reply::new(429, "{}").header("retry-after", "5"));
    vec![
        ("no answer, nothing done", all(Fault::HangBefore)),
        ("no answer, all done", all(Fault::HangAfter)),
        ("broken before", all(Fault::DropBefore)),
        ("broken after", all(Fault::DropAfter)),
        ("cut off", all(Fault::Truncated)),
        ("without end", all(Fault::Giant)),
        ("failing inside", says(500)),
        ("failing inside, with status 200", all(inside("Problem processing request"))),
        ("too many calls", says(429)),
        ("too many calls, and how long to wait", all(wait)),
    ]
}

async fn carry(rig: &Rig) {
    for _ in 0..40 {
        match rig.railway.prepare(&plan(rig)).await {
            Ok(_) => return,
            Err(HostError::Refused { reason } | HostError::NotThere { reason }) => {
                panic!("nobody refused it: {reason}")
            }
            Err(_) => {}
        }
        rig.clock.advance(Duration::from_mins(6));
    }
    panic!("it never came to anything");
}

/// How many stories end with one of everything.
pub(crate) async fn survived() -> usize {
    let mut stories = 0;
    for (name, faults) in storms() {
        // The storm breaks over the first call, over the second, over the third …
        for calm in 0..16 {
            let storm = std::iter::repeat_n(Fault::None, calm).chain(faults.clone());
            let rig = rig_within(Duration::from_millis(100), storm);
            carry(&rig).await;
            rig.fake.server.forgive();
            rig.clock.advance(Duration::from_hours(1));
            let made = rig.fake.look(super::fake::State::names);
            let kinds: Vec<_> = made.iter().map(|name| name.trim_start_matches(|c: char| c != '.')).collect();
            assert_eq!(made.len(), 5, "{name} after {calm}: {made:?}");
            assert_eq!(kinds.iter().filter(|kind| **kind == ".up.railway.app").count(), 1, "{made:?}");
            for one in ["second-spring", "live", "shop", "Postgres"] {
                assert!(made.iter().any(|name| name == one), "{name} after {calm}: {made:?}");
            }
            assert!(rig.fake.look(|state| state.deployed.is_empty()), "{name} after {calm}");
            stories += 1;
        }
    }
    stories
}

#[tokio::test]
async fn everything_is_made_once_whatever_is_lost() {
    assert_eq!(survived().await, 160);
}
