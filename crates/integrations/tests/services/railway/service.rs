//! Accounts that are connected: which workspace or project it is, and what may be done there.

use std::collections::BTreeMap;

use baddie_core::clock::Clock;
use baddie_core::connections::{Credentials, Delivery, Service, ServiceError};
use baddie_core::testing::FixedClock;
use baddie_integrations::railway::RailwayService;

use super::fake::{Fake, OF_PROJECT, TOKEN, WIDE};
use crate::kit::http;

fn credentials(given: &[(&str, &str)]) -> Credentials {
    let given: BTreeMap<_, _> =
        given.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    given.into()
}

#[tokio::test]
async fn whose_account_it_is_and_what_may_be_done_there() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    fake.look(|state| state.add_project("second-spring"));
    let service = RailwayService::new(http(&clock), Some(fake.server.base()));
    for (given, account, projects) in [
        (vec![("token", TOKEN)], "ws-1", true),
        (vec![("token", WIDE), ("workspace", "ws-1")], "ws-1", true),
        (vec![("project_token", OF_PROJECT)], "prj-1/env-2", false),
    ] {
        let open = service.open(&credentials(&given)).unwrap();
        let seen = open.probe().await.unwrap();
        assert_eq!((seen.account.as_str(), seen.live), (account, true));
        let ability = seen.abilities.iter().find(|one| one.name == "projects").unwrap();
        assert_eq!(ability.allowed, projects);
        let delivery = Delivery { headers: &[], body: b"{}", at: clock.now() };
        assert!(open.read_delivery(&delivery).is_err());
        let ports = open.ports();
        assert!(ports.deploys.is_some() && ports.domains.is_none());
    }
}

#[tokio::test]
async fn what_opens_nothing_is_refused() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let service = RailwayService::new(http(&clock), Some(fake.server.base()));
    for (given, why) in [
        (vec![("token", WIDE)], "name the workspace"),
        (vec![("token", WIDE), ("workspace", "ws-9")], "another workspace"),
        (vec![("token", "canary-other")], "Not Authorized"),
        (vec![("project_token", "canary-other")], "Project Token not found"),
    ] {
        let refused = service.open(&credentials(&given)).unwrap().probe().await.unwrap_err();
        let ServiceError::Refused { reason } = &refused else { panic!("{refused:?}") };
        assert!(reason.contains(why) && !reason.contains("canary"), "{reason}");
    }
    for given in [
        vec![],
        vec![("workspace", "ws-1")],
        vec![("token", "")],
        vec![("token", TOKEN), ("project_token", OF_PROJECT)],
        vec![("project_token", OF_PROJECT), ("workspace", "ws-1")],
    ] {
        let refused = service.open(&credentials(&given)).err();
        assert!(matches!(refused, Some(ServiceError::Refused { .. })), "{given:?}");
    }
}
