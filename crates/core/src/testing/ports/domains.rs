//! What every place must keep where domains are bought.

use std::time::Duration;

use async_trait::async_trait;

use super::{PATIENCE, PAUSE};
use crate::hosting::{Domain, DomainHost, DomainOffer, DomainPurchase, HostError};
use crate::money::{Currency, Money};

/// How long to wait before looking at what became of an answer that was lost.
const DOUBT: Duration = Duration::from_mins(10);

/// An adapter together with what stands in for the place.
#[async_trait]
pub trait DomainRig: Send + Sync {
    /// The adapter.
    fn port(&self) -> &dyn DomainHost;
    /// A name that nobody has, another for each number.
    fn free(&self, number: u32) -> String;
    /// A name that somebody else has.
    fn taken(&self) -> String;
    /// How often a name was paid for.
    async fn paid(&self, name: &str) -> usize;
    /// Lets time pass.
    async fn wait(&self, time: Duration);
}

/// Stamps the suite on a rig: `domain_conformance!([tokio::test] module, || rig())`, and with a list of cases at the end
/// only those.
#[macro_export]
macro_rules! domain_conformance {
    ($attribute:tt $module:ident, $make:expr) => {
        $crate::domain_conformance!($attribute $module, $make, [
            a_domain_is_paid_for_once
            no_other_price_is_paid
            what_is_owned_is_answered
            a_taken_name_is_refused
            offers_tell_what_is_free_and_what_it_costs
            domains_are_told_by_name
            what_is_no_name_is_refused
        ]);
    };
    ($attribute:tt $module:ident, $make:expr, [$($case:ident)+]) => {
        $crate::stamp_cases!($attribute $module, $crate::testing::ports::domains, $make, [$($case)+]);
    };
}

async fn persist<T>(
    rig: &dyn DomainRig,
    mut call: impl AsyncFnMut() -> Result<T, HostError>,
) -> Result<T, HostError> {
    for _ in 0..PATIENCE {
        match call().await {
            Err(HostError::Unavailable { .. }) => rig.wait(PAUSE).await,
            Err(HostError::RateLimited { wait }) => rig.wait(wait.max(PAUSE)).await,
            answer => return answer,
        }
    }
    panic!("there was no answer in {PATIENCE} calls");
}

async fn owned(rig: &dyn DomainRig) -> Vec<Domain> {
    persist(rig, async || rig.port().domains().await).await.expect("domains can be listed")
}

async fn offers(rig: &dyn DomainRig, names: &[String]) -> Vec<DomainOffer> {
    persist(rig, async || rig.port().offers(names).await).await.expect("names can be asked for")
}

async fn price_of(rig: &dyn DomainRig, name: &str) -> Money {
    let offers = offers(rig, &[name.to_owned()]).await;
    offers[0].price.expect("what is free has a price")
}

/// Buys as the engine does: what may have happened is looked at before anything else is done.
async fn buy(rig: &dyn DomainRig, name: &str, price: Money) -> Result<Domain, HostError> {
    let purchase = DomainPurchase { name: name.to_owned(), price };
    for _ in 0..PATIENCE {
        match persist(rig, async || rig.port().buy(&purchase).await).await {
            Err(HostError::Unknown { .. }) => rig.wait(DOUBT).await,
            answer => return answer,
        }
        if let Some(domain) = owned(rig).await.into_iter().find(|domain| domain.name == name) {
            return Ok(domain);
        }
    }
    panic!("whether {name} was bought was never known");
}

async fn bought(rig: &dyn DomainRig, number: u32) -> Domain {
    let name = rig.free(number);
    let price = price_of(rig, &name).await;
    buy(rig, &name, price).await.expect("what is free can be bought")
}

/// However often it is asked for and whatever answers are lost, a domain is paid for once.
pub async fn a_domain_is_paid_for_once(rig: &dyn DomainRig) {
    let name = rig.free(1);
    let price = price_of(rig, &name).await;
    for _ in 0..5 {
        let domain = buy(rig, &name, price).await.expect("it is free, and then it is ours");
        assert_eq!((domain.name.as_str(), rig.paid(&name).await), (name.as_str(), 1));
    }
}

/// Nothing is bought for another price than was agreed to, be it more, less or other money.
pub async fn no_other_price_is_paid(rig: &dyn DomainRig) {
    let name = rig.free(1);
    let price = price_of(rig, &name).await;
    let other = if price.currency() == Currency::GBP { Currency::EUR } else { Currency::GBP };
    for wrong in [
        Money::new(price.minor() + 1, price.currency()),
        Money::new(price.minor() - 1, price.currency()),
        Money::new(price.minor(), other),
    ] {
        let answer = buy(rig, &name, wrong).await;
        assert!(matches!(answer, Err(HostError::Refused { .. })), "{wrong}: {answer:?}");
    }
    assert_eq!(rig.paid(&name).await, 0);
    assert!(owned(rig).await.iter().all(|domain| domain.name != name));
}

/// A domain that the account has is answered, whatever price is named, and not bought again.
pub async fn what_is_owned_is_answered(rig: &dyn DomainRig) {
    let domain = bought(rig, 1).await;
    let answer = buy(rig, &domain.name, Money::new(1, Currency::KWD)).await.expect("it is ours");
    assert_eq!((answer.name, rig.paid(&domain.name).await), (domain.name.clone(), 1));
}

/// A name that somebody else has is refused, and not paid for.
pub async fn a_taken_name_is_refused(rig: &dyn DomainRig) {
    let taken = rig.taken();
    let price = price_of(rig, &rig.free(1)).await;
    let answer = buy(rig, &taken, price).await;
    assert!(matches!(answer, Err(HostError::Refused { .. })), "{answer:?}");
    assert_eq!(rig.paid(&taken).await, 0);
}

/// Each name that was asked for is told of, in the order of the question.
pub async fn offers_tell_what_is_free_and_what_it_costs(rig: &dyn DomainRig) {
    let names = [rig.free(2), rig.taken(), rig.free(1)];
    let offers = offers(rig, &names).await;
    let told: Vec<_> = offers.iter().map(|offer| (offer.name.as_str(), offer.available)).collect();
    assert_eq!(told, [(names[0].as_str(), true), (names[1].as_str(), false), (names[2].as_str(), true)]);
    assert!(offers[0].price.is_some_and(|price| price.minor() > 0), "{offers:?}");
}

/// The account's domains are told by name, each once.
pub async fn domains_are_told_by_name(rig: &dyn DomainRig) {
    let mut names = Vec::new();
    for number in [3, 1, 2] {
        names.push(bought(rig, number).await.name);
    }
    names.sort();
    // What was bought just now may be seen later.
    for _ in 0..PATIENCE {
        let told: Vec<String> = owned(rig).await.into_iter().map(|domain| domain.name).collect();
        assert!(told.is_sorted(), "{told:?}");
        if names.iter().all(|name| told.iter().filter(|one| *one == name).count() == 1) {
            return;
        }
        rig.wait(DOUBT).await;
    }
    panic!("not all of {names:?} are told of");
}

/// What can be no name is refused, and costs nothing.
pub async fn what_is_no_name_is_refused(rig: &dyn DomainRig) {
    for name in ["", "nonsense", ".com", "a b.com", "a..com", "../com", "a.com/x", "a.com?x"] {
        let answer = buy(rig, name, Money::new(1, Currency::USD)).await;
        assert!(matches!(answer, Err(HostError::Refused { .. })), "{name:?}: {answer:?}");
        assert_eq!(rig.paid(name).await, 0);
    }
}
