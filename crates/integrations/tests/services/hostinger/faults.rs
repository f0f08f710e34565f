//! Stories of lost answers and wrong ones. However they go, a domain is paid for once, and a zone says what it shall.

use std::time::Duration;

use baddie_core::hosting::{DomainHost, HostError, ZoneHost};

use super::domains::{Rig, purchase, rig_within};
use super::fake::{OWN, orders};
use super::zones::address;
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
        ("too many calls", says(429)),
        ("too many calls, and how long to wait", all(wait)),
    ]
}

/// What is done.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Buy,
    Set,
    Clear,
}

/// Does it as the engine does: tries, and looks before it tries again.
async fn carry(rig: &Rig, deed: Deed) {
    for _ in 0..40 {
        let answer = match deed {
            Deed::Buy => rig.hostinger.buy(&purchase("a.com", 999)).await.map(drop),
            Deed::Set => rig.hostinger.set(OWN, &[address("www", "192.0.2.1")]).await,
            Deed::Clear => rig.hostinger.clear(OWN, "@", "TXT").await,
        };
        match answer {
            Ok(()) => return,
            Err(HostError::Unknown { .. }) => {
                let seen = rig.hostinger.domains().await.unwrap_or_default();
                if matches!(deed, Deed::Buy) && seen.iter().any(|domain| domain.name == "a.com") {
                    return;
                }
            }
            Err(HostError::Unavailable { .. } | HostError::RateLimited { .. }) => {}
            Err(error) => panic!("nobody refused it: {error}"),
        }
        rig.clock.advance(Duration::from_mins(11));
    }
    panic!("it never came to anything");
}

/// How many stories end as they shall.
pub(crate) async fn survived() -> usize {
    let mut stories = 0;
    for (name, faults) in storms() {
        for (deed, calls) in [(Deed::Buy, 6), (Deed::Set, 2), (Deed::Clear, 2)] {
            // The storm breaks over the first call of a deed, over the second, over the third …
            for calm in 0..calls {
                let storm = std::iter::repeat_n(Fault::None, calm).chain(faults.clone());
                let rig = rig_within(Duration::from_millis(100), storm);
                carry(&rig, deed).await;
                rig.fake.server.forgive();
                rig.clock.advance(Duration::from_hours(2));
                let said = rig.hostinger.records(OWN).await.unwrap();
                let says = |kind: &str, text: &str| {
                    said.iter().any(|one| one.kind == kind && one.values.iter().any(|value| value == text))
                };
                let expected = matches!(deed, Deed::Buy);
                assert_eq!(rig.fake.paid("a.com"), usize::from(expected), "{name} after {calm}: {deed:?}");
                assert_eq!(
                    says("A", "192.0.2.1"),
                    matches!(deed, Deed::Set),
                    "{name} after {calm}: {deed:?}"
                );
                assert_eq!(says("TXT", "v=spf1 -all"), !matches!(deed, Deed::Clear), "{name} after {calm}");
                assert!(says("MX", "5 mx1.example.com."), "{name} after {calm}: {deed:?}");
                let sent = orders(&rig.fake.server.heard()).get("a.com").copied().unwrap_or_default();
                assert!(sent <= 2, "sent anew only when it was certain: {name} after {calm}, {sent} times");
                stories += 1;
            }
        }
    }
    stories
}

#[tokio::test]
async fn a_domain_is_paid_for_once_whatever_is_lost() {
    assert_eq!(survived().await, 90);
}
