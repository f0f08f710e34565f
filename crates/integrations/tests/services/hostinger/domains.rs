//! Domains against the port's contract, on good days and bad ones.

use std::time::Duration;

use async_trait::async_trait;
use baddie_core::domain_conformance;
use baddie_core::hosting::{Domain, DomainHost, DomainPurchase, HostError};
use baddie_core::money::{Currency, Money};
use baddie_core::testing::FixedClock;
use baddie_core::testing::ports::domains::DomainRig;
use baddie_integrations::hostinger::{Config, Hostinger};
use baddie_integrations::http::Limits;
use baddie_integrations::secret::Secret;

use super::fake::{Fake, OWN, TAKEN, TOKEN, orders};
use crate::certificate;
use crate::kit::http;
use crate::kit::server::{Fault, Reply};

pub(crate) struct Rig {
    pub(crate) clock: FixedClock,
    pub(crate) fake: Fake,
    pub(crate) hostinger: Hostinger,
}

pub(crate) fn rig(faults: impl IntoIterator<Item = Fault>) -> Rig {
    rig_within(Duration::from_secs(1), faults)
}

/// A rig that waits no longer than this for an answer.
pub(crate) fn rig_within(attempt: Duration, faults: impl IntoIterator<Item = Fault>) -> Rig {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    fake.server.plan(faults);
    let hostinger = Hostinger::new(http(&clock), &config(&fake, attempt)).unwrap();
    Rig { clock, fake, hostinger }
}

pub(crate) fn config(fake: &Fake, attempt: Duration) -> Config {
    let config = Config::new(Secret::new(TOKEN));
    let limits = Limits { attempt, answer: 1 << 20, ..config.limits };
    Config { base: fake.server.base().to_owned(), limits, ..config }
}

/// A day on which two calls of three go astray, each in its way.
pub(crate) fn bad_day() -> impl Iterator<Item = Fault> {
    let wait = Fault::Instead(Reply::new(429, "{}").header("retry-after", "2"));
    let says = |status| Fault::Instead(Reply::new(status, "<html>"));
    let round = [
        Fault::DropAfter,
        Fault::None,
        says(500),
        Fault::DropBefore,
        Fault::None,
        Fault::Truncated,
        wait,
        Fault::None,
        Fault::Giant,
        Fault::None,
        says(429),
    ];
    std::iter::repeat_n(round, 60).flatten()
}

#[async_trait]
impl DomainRig for Rig {
    fn port(&self) -> &dyn DomainHost {
        &self.hostinger
    }

    fn free(&self, number: u32) -> String {
        format!("shop-{number}.com")
    }

    fn taken(&self) -> String {
        TAKEN.to_owned()
    }

    async fn paid(&self, name: &str) -> usize {
        self.fake.paid(name)
    }

    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

domain_conformance!([tokio::test] a_good_day, || rig([]));
domain_conformance!([tokio::test] a_bad_day, || rig(bad_day()));

pub(crate) fn purchase(name: &str, cents: i64) -> DomainPurchase {
    DomainPurchase { name: name.to_owned(), price: Money::new(cents, Currency::USD) }
}

#[tokio::test]
async fn the_account_is_told_as_it_is() {
    let rig = rig([]);
    let own = Domain {
        name: OWN.to_owned(),
        state: "active".to_owned(),
        expires_at: Some("2027-02-27T11:54:22Z".parse().unwrap()),
    };
    assert_eq!(rig.hostinger.domains().await.unwrap(), [own], "what is gone or has no name is none");
}

#[tokio::test]
async fn a_certificate_is_told_of_or_what_is_wrong_with_it() {
    let rig = rig([]);
    let trusting = certificate::http(&["127.0.0.0/8"]);
    let hostinger = Hostinger::new(trusting, &config(&rig.fake, Duration::from_secs(1))).unwrap();
    let look = async |port| hostinger.certificate("localhost", port).await;
    let port = certificate::host(Some("good"));
    let good = look(port).await.unwrap();
    assert_eq!((good.domain.as_str(), good.port, good.problem), ("localhost", port, None));
    assert_eq!(good.issuer.as_deref(), Some("Pretend Authority"));
    assert_eq!(good.not_after, Some("2075-01-01T00:00:00Z".parse().unwrap()));
    let expired = look(certificate::host(Some("expired"))).await.unwrap();
    assert_eq!((expired.issuer, expired.not_after), (None, None));
    assert!(expired.problem.is_some_and(|why| why.contains("time is over")));
    let nonsense = look(certificate::host(None)).await;
    assert!(matches!(nonsense, Err(HostError::Unavailable { .. })), "{nonsense:?}");
    let private = rig.hostinger.certificate("169.254.169.254", 443).await;
    assert!(matches!(private, Err(HostError::Refused { .. })), "{private:?}");
    assert!(rig.fake.server.heard().is_empty(), "the account is not asked");
}

#[tokio::test]
async fn each_ending_has_its_own_price_for_one_year() {
    let rig = rig([]);
    let names = ["a.com", "a.com.br", "b.net", "A.net", "a.museum"].map(str::to_owned);
    let offers = rig.hostinger.offers(&names).await.unwrap();
    let cents: Vec<_> = offers.iter().map(|offer| offer.price.map(Money::minor)).collect();
    assert_eq!(cents, [Some(999), Some(777), Some(1_299), Some(1_299), None]);
    assert!(offers.iter().all(|offer| offer.available), "{offers:?}");
    assert!(rig.hostinger.offers(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn calls_go_one_a_second() {
    let rig = rig([]);
    rig.hostinger.buy(&purchase("a.com", 999)).await.unwrap();
    let heard = rig.fake.look(|state| state.heard_at.clone());
    assert!(heard.len() >= 5 && heard.windows(2).all(|two| two[1].since(two[0]).as_secs() >= 1), "{heard:?}");
}

#[tokio::test]
async fn what_costs_money_is_sent_once() {
    for fault in [
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::HangAfter,
        Fault::Truncated,
        Fault::Instead(Reply::new(500, "{}")),
        Fault::Instead(Reply::new(503, "{}")),
        Fault::Instead(Reply::new(429, "{}").header("retry-after", "1")),
        Fault::Instead(Reply::new(408, "{}")),
    ] {
        let rig = rig_within(Duration::from_millis(100), std::iter::repeat_n(Fault::None, 4));
        rig.fake.server.plan([fault.clone()]);
        let answer = rig.hostinger.buy(&purchase("a.com", 999)).await;
        assert!(answer.is_err(), "what was bought is seen later: {fault:?} {answer:?}");
        assert_eq!(orders(&rig.fake.server.heard())["a.com"], 1, "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_up() {
    let seen_at_once = rig(std::iter::repeat_n(Fault::None, 4).chain([Fault::DropAfter]));
    seen_at_once.fake.look(|state| state.lag = Duration::ZERO);
    let domain = seen_at_once.hostinger.buy(&purchase("a.com", 999)).await.unwrap();
    assert_eq!((domain.state.as_str(), seen_at_once.fake.paid("a.com")), ("requested", 1));
    // One that is seen later is in doubt until then, and what is paid for since is said.
    let later = rig(std::iter::repeat_n(Fault::None, 4).chain([Fault::DropAfter]));
    later.fake.look(|state| state.lag = Duration::from_hours(5));
    for _ in 0..3 {
        let answer = later.hostinger.buy(&purchase("a.com", 999)).await;
        assert!(matches!(answer, Err(HostError::Unknown { .. })), "{answer:?}");
        later.clock.advance(Duration::from_hours(1));
    }
    let Err(HostError::Unknown { reason }) = later.hostinger.buy(&purchase("a.com", 999)).await else {
        panic!("it is not seen yet")
    };
    assert!(reason.contains("Azz-new-1"), "{reason}");
    later.clock.advance(Duration::from_hours(3));
    assert_eq!(later.hostinger.buy(&purchase("a.com", 999)).await.unwrap().name, "a.com");
    assert_eq!(later.fake.paid("a.com"), 1);
}

#[tokio::test]
async fn what_never_arrived_is_certain_in_the_end() {
    let rig = rig(std::iter::repeat_n(Fault::None, 4).chain([Fault::DropBefore]));
    let buy = async || rig.hostinger.buy(&purchase("a.com", 999)).await;
    assert!(matches!(buy().await, Err(HostError::Unknown { .. })));
    rig.clock.advance(Duration::from_mins(30));
    assert!(matches!(buy().await, Err(HostError::Unknown { .. })), "it may still be on its way");
    rig.clock.advance(Duration::from_mins(31));
    assert!(matches!(buy().await, Err(HostError::Unavailable { .. })), "nothing is paid for since");
    assert_eq!(buy().await.unwrap().name, "a.com");
    assert_eq!((rig.fake.paid("a.com"), orders(&rig.fake.server.heard())["a.com"]), (1, 2));
}

#[tokio::test]
async fn an_order_at_another_price_is_for_somebody_to_look_at() {
    let rig = rig([]);
    rig.fake.look(|state| state.dearer = 1);
    for _ in 0..2 {
        let answer = rig.hostinger.buy(&purchase("a.com", 999)).await;
        assert!(matches!(answer, Err(HostError::Unknown { .. })), "{answer:?}");
    }
    assert_eq!(rig.fake.paid("a.com"), 1);
}

#[tokio::test]
async fn an_order_that_failed_is_told_and_can_be_made_again() {
    let rig = rig([]);
    rig.fake.look(|state| state.order_status = "failed");
    let answer = rig.hostinger.buy(&purchase("a.com", 999)).await;
    assert!(matches!(&answer, Err(HostError::Refused { reason }) if reason.contains("failed")), "{answer:?}");
    rig.fake.look(|state| state.order_status = "completed");
    assert_eq!(rig.hostinger.buy(&purchase("a.com", 999)).await.unwrap().state, "completed");
}

#[tokio::test]
async fn two_at_once_pay_once() {
    let rig = rig([]);
    let (purchase, again) = (purchase("a.com", 999), purchase("A.com", 999));
    let (one, other) = tokio::join!(rig.hostinger.buy(&purchase), rig.hostinger.buy(&again));
    assert!(one.is_ok() || other.is_ok(), "{one:?} {other:?}");
    assert_eq!(rig.fake.paid("a.com"), 1);
}

#[tokio::test]
async fn a_token_that_is_withdrawn_is_told_and_never_shown() {
    let rig = rig([]);
    let token = Secret::new("canary52c7withdrawn");
    let config = Config { token: token.clone(), ..config(&rig.fake, Duration::from_secs(1)) };
    let hostinger = Hostinger::new(http(&rig.clock), &config).unwrap();
    let answer = hostinger.domains().await.unwrap_err();
    assert!(matches!(&answer, HostError::Refused { .. }), "{answer:?}");
    let bought = hostinger.buy(&purchase("a.com", 999)).await.unwrap_err();
    // What a service repeats of it is hidden.
    let echo = format!(r#"{{"message":"no such token: {}"}}"#, token.expose());
    rig.fake.server.plan([Fault::Instead(Reply::new(401, echo))]);
    let echoed = hostinger.domains().await.unwrap_err();
    let said = format!("{answer} {answer:?} {bought:?} {echoed} {echoed:?} {config:?}");
    assert!(!said.contains(token.expose()) && said.contains("(hidden)"), "{said}");
}
