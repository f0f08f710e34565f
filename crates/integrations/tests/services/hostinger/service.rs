//! Accounts that are connected: whose token it is, what it may do, and lists of many pages.

use std::collections::BTreeMap;

use baddie_core::clock::Clock;
use baddie_core::connections::{Credentials, Delivery, Service, ServiceError};
use baddie_core::testing::FixedClock;
use baddie_integrations::hostinger::{HostingerService, Website, calls};
use serde_json::json;

use super::domains::rig;
use super::fake::{Fake, TOKEN};
use crate::kit::http;
use crate::kit::server::{Fault, Reply};

fn credentials(token: &str) -> Credentials {
    BTreeMap::from([("token".to_owned(), token.to_owned())]).into()
}

#[tokio::test]
async fn whose_account_it_is_and_what_may_be_done_there() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let service = HostingerService::new(http(&clock), Some(fake.server.base()));
    let account = service.open(&credentials(TOKEN)).unwrap();
    fake.look(|state| state.closed = vec!["/api/vps", "/api/ecommerce"]);
    let seen = account.probe().await.unwrap();
    assert_eq!((seen.account.as_str(), seen.live), ("Azz36nUfKX1S1MSF", true));
    let allowed: Vec<_> = seen.abilities.iter().map(|one| (one.name.as_str(), one.allowed)).collect();
    let wanted =
        [("domains", true), ("payments", true), ("sites", true), ("machines", false), ("shops", false)];
    assert_eq!(allowed, wanted);
    // It is the same account when it has bought more.
    let ports = account.clone().ports();
    assert!(ports.domains.is_some() && ports.zones.is_some() && ports.deploys.is_none());
    ports.domains.unwrap().buy(&super::domains::purchase("a.com", 999)).await.unwrap();
    assert_eq!(account.probe().await.unwrap().account, seen.account);
    let delivery = Delivery { headers: &[], body: b"{}", at: clock.now() };
    assert!(account.read_delivery(&delivery).is_err());
}

#[tokio::test]
async fn what_opens_nothing_is_refused() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let service = HostingerService::new(http(&clock), Some(fake.server.base()));
    let refused = service.open(&credentials("canary-other")).unwrap().probe().await.unwrap_err();
    assert!(
        matches!(&refused, ServiceError::Refused { reason } if !reason.contains("canary")),
        "{refused:?}"
    );
    for wrong in ["", "a\nb"] {
        assert!(matches!(service.open(&credentials(wrong)).err(), Some(ServiceError::Refused { .. })));
    }
    // An account in which nothing was ever bought has no name.
    fake.server.plan([Fault::Instead(Reply::new(200, "[]"))]);
    let nameless = service.open(&credentials(TOKEN)).unwrap().probe().await.unwrap_err();
    assert!(matches!(nameless, ServiceError::Refused { .. }), "{nameless:?}");
    fake.server.plan(vec![Fault::Instead(Reply::new(503, "")); 4]);
    let away = service.open(&credentials(TOKEN)).unwrap().probe().await.unwrap_err();
    assert!(matches!(away, ServiceError::Unavailable { .. }), "{away:?}");
}

#[tokio::test]
async fn lists_are_read_to_their_end() {
    for (sites, pages) in [(0, 1), (1, 1), (49, 1), (50, 1), (51, 2), (100, 2), (275, 6)] {
        let rig = rig([]);
        rig.fake.look(|state| state.sites = sites);
        let all: Vec<Website> = rig.hostinger.every(calls::websites).await.unwrap();
        assert_eq!((all.len(), rig.fake.server.heard().len()), (sites, pages));
        let last = sites.checked_sub(1).map(|last| format!("site{last}.com"));
        assert_eq!(all.last().and_then(|site| site.domain.clone()), last);
    }
    // One that tells of more than it gives does not go on for ever.
    let rig = rig([]);
    let empty = json!({"data": [], "meta": {"current_page": 1, "per_page": 50, "total": 1_000}});
    rig.fake.server.plan([Fault::Instead(Reply::new(200, empty.to_string()))]);
    assert!(rig.hostinger.every::<Website>(calls::websites).await.unwrap().is_empty());
}
