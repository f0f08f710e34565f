//! Stories of sessions that go astray. However they go, each thing is shown once, as it shall be.

use std::time::Duration;

use baddie_core::hosting::{HostError, SitePublisher};
use baddie_core::testing::ports::site::{SiteRig, exhibit};

use super::fake::Slip;
use super::showcase::{at, rig_within};

/// Every way to go astray.
fn slips() -> Vec<(&'static str, Slip)> {
    vec![
        ("no answer, nothing done", Slip::HangBefore),
        ("no answer, all done", Slip::HangAfter),
        ("broken before", Slip::CloseBefore),
        ("broken after", Slip::CloseAfter),
        ("cut off", Slip::Cut),
        ("without end", Slip::Giant),
        ("nonsense", Slip::Garbage),
        ("much that nobody asked for, and the answer in pieces", Slip::Chatter),
        ("closed by Framer", Slip::Fail("PROJECT_CLOSED", true)),
        ("no room", Slip::Fail("POOL_EXHAUSTED", true)),
        ("somebody else has the session", Slip::Fail("TOKEN_SESSION_LIMIT", true)),
        ("too slow inside", Slip::Fail("TIMEOUT", true)),
        ("failing inside", Slip::Fail("INTERNAL", false)),
        ("a word that is new", Slip::Fail("A_NEW_ONE", true)),
    ]
}

/// How many stories end as they shall.
pub(crate) async fn survived() -> usize {
    let mut stories = 0;
    for (name, slip) in slips() {
        // It happens to the first message of a session, to the second, to the third …
        for calm in 0..11 {
            for begun in [false, true] {
                let rig = rig_within(Duration::from_millis(60), []);
                if begun {
                    rig.framer.publish(&at(), &[exhibit(1), exhibit(2)]).await.unwrap();
                    rig.intrude("a-poem").await;
                }
                rig.fake.plan(std::iter::repeat_n(Slip::None, calm).chain([slip.clone(), slip.clone()]));
                let mut wanted = [exhibit(2), exhibit(3)];
                wanted[0].qty += 1;
                let mut ended = false;
                for _ in 0..20 {
                    match rig.framer.publish(&at(), &wanted).await {
                        Ok(_) => {
                            ended = true;
                            break;
                        }
                        Err(
                            HostError::Unknown { .. }
                            | HostError::Unavailable { .. }
                            | HostError::RateLimited { .. },
                        ) => {}
                        Err(error) => panic!("nobody refused it: {name} after {calm}: {error}"),
                    }
                    rig.clock.advance(Duration::from_mins(7));
                }
                assert!(ended, "{name} after {calm}");
                rig.fake.look(|state| state.slips.clear());
                assert_eq!(rig.seen().await, wanted, "{name} after {calm}");
                assert_eq!(rig.framer.shown(&at()).await.unwrap(), [&*wanted[0].key, &*wanted[1].key]);
                assert_eq!(rig.others().await.len(), usize::from(begun), "{name} after {calm}");
                stories += 1;
            }
        }
    }
    stories
}

#[tokio::test]
async fn each_thing_is_shown_once_whatever_is_lost() {
    assert_eq!(survived().await, 308);
}
