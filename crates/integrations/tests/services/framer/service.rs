//! Projects that are connected: whether the key opens them, and what it may do there.

use std::collections::BTreeMap;
use std::sync::Arc;

use baddie_core::clock::{Clock, Timestamp};
use baddie_core::connections::{Delivery, OpenAccount, Service, ServiceError};
use baddie_core::testing::FixedClock;
use baddie_integrations::framer::FramerService;

use super::fake::{Fake, KEY, PROJECT, Slip};
use super::showcase::at;
use crate::kit::canary::hidden;
use crate::kit::http;

fn open(
    clock: &FixedClock,
    fake: &Fake,
    project: &str,
    key: &str,
) -> Result<Arc<dyn OpenAccount>, ServiceError> {
    let credentials: BTreeMap<_, _> =
        [("project", project), ("key", key)].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    FramerService::new(http(clock), Some(fake.base())).open(&credentials.into())
}

#[tokio::test]
async fn which_project_it_is_and_what_may_be_done_there() {
    let (clock, fake) = (FixedClock::default(), Fake::start());
    let account = open(&clock, &fake, PROJECT, KEY).unwrap();
    let seen = account.probe().await.unwrap();
    assert_eq!((seen.account.as_str(), seen.live), (PROJECT, true));
    let abilities: Vec<_> = seen.abilities.iter().map(|one| (one.name.as_str(), one.allowed)).collect();
    assert_eq!(abilities, [("deploy", false), ("publish", true)]);
    let (headers, at_time): (_, Timestamp) = (Vec::new(), clock.now());
    assert!(account.read_delivery(&Delivery { headers: &headers, body: b"{}", at: at_time }).is_err());
    let ports = account.ports();
    assert!(ports.site.is_some() && ports.channel.is_none() && ports.deploys.is_none());
    assert_eq!(ports.site.unwrap().shown(&at()).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_key_that_opens_nothing_is_refused_and_never_shown() {
    let (clock, fake) = (FixedClock::default(), Fake::start());
    let wrong = "fr_canary_other";
    let refused = open(&clock, &fake, PROJECT, wrong).unwrap().probe().await.unwrap_err();
    let ServiceError::Refused { reason } = &refused else { panic!("{refused:?}") };
    assert!(reason.contains("the key is wrong (UNAUTHORIZED)") && reason.contains("ref_1"), "{reason}");
    for (project, key) in
        [("", KEY), (PROJECT, ""), ("../x", KEY), ("a?b", KEY), ("a b", KEY), (PROJECT, "a\nb")]
    {
        let refused = open(&clock, &fake, project, key).err();
        assert!(matches!(refused, Some(ServiceError::Refused { .. })), "{project:?} {key:?}");
    }
    // What Framer says is repeated, but for the key.
    fake.plan(std::iter::repeat_n(Slip::Fail(KEY, true), 3));
    let down = open(&clock, &fake, PROJECT, KEY).unwrap().probe().await.unwrap_err();
    assert!(matches!(&down, ServiceError::Unavailable { reason } if reason.contains("(hidden)")), "{down:?}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plain"), "second spring").unwrap();
    hidden(&[wrong, KEY], &format!("{refused} {refused:?} {down} {down:?}"), folder.path(), "second");
}
