//! Domains, bought once and at the price that was agreed to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::hosting::{Certificate, Domain, DomainHost, DomainOffer, DomainPurchase, HostError};
use baddie_core::money::{Currency, Money};

use super::calls::{self, Agreed};
use super::wire::{Availability, CatalogItem, CatalogPrice, PortfolioDomain, PurchaseOrder, Subscription};
use super::{Hostinger, told};
use crate::http::{Cause, Failure};

/// So long after an answer was lost, nothing that it began can still be on its way.
const SETTLED: Duration = Duration::from_hours(1);

/// A domain that was asked for and is not seen among the account's domains yet.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    at: Timestamp,
    /// What was paid for before.
    before: BTreeSet<String>,
    /// What was answered, if anything was.
    answered: Option<Domain>,
}

#[async_trait]
impl DomainHost for Hostinger {
    async fn domains(&self) -> Result<Vec<Domain>, HostError> {
        let all: Vec<PortfolioDomain> = self.send(calls::portfolio()).await.map_err(told)?;
        let mut domains: Vec<Domain> = all.into_iter().filter_map(domain_of).collect();
        domains.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(domains)
    }

    async fn offers(&self, names: &[String]) -> Result<Vec<DomainOffer>, HostError> {
        let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in names {
            let (label, ending) = split(name)?;
            wanted.entry(label).or_default().insert(ending);
        }
        let mut free = BTreeSet::new();
        let mut prices = BTreeMap::new();
        for (label, endings) in &wanted {
            free.extend(self.free(label, endings).await?);
            for ending in endings {
                if !prices.contains_key(ending) {
                    let price =
                        price_of(&self.catalogue(ending).await?, ending, None).and_then(CatalogPrice::first);
                    prices.insert(ending.clone(), price);
                }
            }
        }
        let offer = |name: &String| {
            let (label, ending) = split(name)?;
            let available = free.contains(&format!("{label}.{ending}"));
            Ok(DomainOffer { name: name.clone(), available, price: prices.get(&ending).copied().flatten() })
        };
        names.iter().map(offer).collect()
    }

    /// Looks before it pays, and never pays again for what it paid for: what was asked for is remembered until it is seen, or
    /// until it is certain that nothing came of it.
    async fn buy(&self, purchase: &DomainPurchase) -> Result<Domain, HostError> {
        let (label, ending) = split(&purchase.name)?;
        let name = format!("{label}.{ending}");
        if let Some(domain) = self.owned(&name).await? {
            self.tried(|tried| tried.remove(&name));
            return Ok(domain);
        }
        if let Some(tried) = self.tried(|tried| tried.get(&name).cloned()) {
            return self.settle(&name, tried).await;
        }
        let agreed = self.agree(&ending, purchase.price).await?;
        if !self.free(&label, &BTreeSet::from([ending])).await?.contains(&name) {
            return Err(HostError::Refused { reason: format!("{name} is not free") });
        }
        let before = self.paid_for().await?.into_iter().map(|one| one.id).collect();
        let try_now = Tried { at: self.http.clock().now(), before, answered: None };
        if self.tried(|tried| tried.insert(name.clone(), try_now)).is_some() {
            return Err(HostError::Unknown { reason: format!("{name} is being bought already") });
        }
        match self.send::<PurchaseOrder>(calls::buy_domain(&agreed, &name, None, None)).await {
            Ok(order) => self.bought(&name, purchase.price, &order).await,
            Err(failure) if failure.may_have_happened => self.look_after(&name, &failure).await,
            Err(failure) => {
                self.tried(|tried| tried.remove(&name));
                Err(told(failure))
            }
        }
    }

    /// Hostinger tells nothing of certificates, so the domain itself is asked.
    async fn certificate(&self, domain: &str, port: u16) -> Result<Certificate, HostError> {
        let of = |problem, issuer, not_after, names| Certificate {
            domain: domain.to_owned(),
            port,
            problem,
            issuer,
            not_after,
            names,
        };
        match self.http.certificate(domain, port).await {
            Ok(seen) => Ok(of(None, Some(seen.issuer), Some(seen.not_after), seen.names)),
            Err(Failure { cause: Cause::Declined { .. }, message, .. }) => {
                Ok(of(Some(message), None, None, Vec::new()))
            }
            Err(failure) => Err(told(failure)),
        }
    }
}

impl Hostinger {
    fn tried<T>(&self, act: impl FnOnce(&mut BTreeMap<String, Tried>) -> T) -> T {
        act(&mut self.tried.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn owned(&self, name: &str) -> Result<Option<Domain>, HostError> {
        Ok(self.domains().await?.into_iter().find(|domain| domain.name.eq_ignore_ascii_case(name)))
    }

    async fn paid_for(&self) -> Result<Vec<Subscription>, HostError> {
        self.send(calls::subscriptions()).await.map_err(told)
    }

    async fn catalogue(&self, ending: &str) -> Result<Vec<CatalogItem>, HostError> {
        let name = format!(".{}*", ending.to_ascii_uppercase());
        self.send(calls::catalog(Some("DOMAIN"), Some(&name))).await.map_err(told)
    }

    /// The names of this label that are free.
    async fn free(&self, label: &str, endings: &BTreeSet<String>) -> Result<BTreeSet<String>, HostError> {
        let endings: Vec<&str> = endings.iter().map(String::as_str).collect();
        let said: Vec<Availability> = self.send(calls::availability(label, &endings)).await.map_err(told)?;
        let free = said.into_iter().filter(|one| one.is_available && !one.is_alternative);
        Ok(free.filter_map(|one| one.domain).map(|name| name.to_ascii_lowercase()).collect())
    }

    /// What is to be ordered, if the catalogue asks for just this price.
    async fn agree(&self, ending: &str, price: Money) -> Result<Agreed, HostError> {
        let catalogue = self.catalogue(ending).await?;
        let Some(sold) = price_of(&catalogue, ending, Some(price.currency())) else {
            let reason = format!("the catalogue does not say what .{ending} costs in {}", price.currency());
            return Err(HostError::Refused { reason });
        };
        Agreed::among(&catalogue, &sold.id, price).map_err(told)
    }

    /// An order was answered: it counts when it is for this price.
    async fn bought(&self, name: &str, price: Money, order: &PurchaseOrder) -> Result<Domain, HostError> {
        if order.has_failed() {
            self.tried(|tried| tried.remove(name));
            let reason = format!("the order {} for {name} is {}", order.id, order.status);
            return Err(HostError::Refused { reason });
        }
        if order.cost() != Some(price) {
            let reason =
                format!("the order {} for {name} was made, and not for {price}: look at it", order.id);
            return Err(HostError::Unknown { reason });
        }
        let begun = Domain { name: name.to_owned(), state: order.status.clone(), expires_at: None };
        let answer = begun.clone();
        self.tried(|tried| {
            if let Some(tried) = tried.get_mut(name) {
                tried.answered = Some(answer);
            }
        });
        // It is bought, whatever becomes of this look.
        Ok(self.owned(name).await.ok().flatten().unwrap_or(begun))
    }

    /// The answer was lost: the domain may be there all the same.
    async fn look_after(&self, name: &str, failure: &Failure) -> Result<Domain, HostError> {
        match self.owned(name).await {
            Ok(Some(domain)) => {
                self.tried(|tried| tried.remove(name));
                Ok(domain)
            }
            _ => Err(HostError::Unknown { reason: format!("{name} may have been bought: {failure}") }),
        }
    }

    /// The domain was asked for before and is not there.
    async fn settle(&self, name: &str, tried: Tried) -> Result<Domain, HostError> {
        if let Some(domain) = tried.answered {
            return Ok(domain);
        }
        let new = self.paid_for().await?.into_iter().find(|one| !tried.before.contains(&one.id));
        if let Some(new) = new {
            let reason =
                format!("{name} may have been bought: {:?} ({}) is paid for since", new.name, new.id);
            return Err(HostError::Unknown { reason });
        }
        if self.http.clock().now().since(tried.at) < SETTLED {
            return Err(HostError::Unknown { reason: format!("whether {name} was bought is not known yet") });
        }
        self.tried(|tried| tried.remove(name));
        Err(HostError::Unavailable { reason: format!("{name} was not bought: nothing is paid for since") })
    }
}

/// A domain as the port has it. What is gone, or has no name yet, is none.
fn domain_of(known: PortfolioDomain) -> Option<Domain> {
    let name = known.domain.filter(|_| known.status != "deleted")?;
    Some(Domain { name, state: known.status, expires_at: known.expires_at })
}

/// A name, in small letters, as what is before its first dot and what is after.
fn split(name: &str) -> Result<(String, String), HostError> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let part = |part: &str| !part.is_empty() && part.len() <= 63 && part.bytes().all(letter);
    match name.split_once('.') {
        Some((label, ending)) if part(label) && ending.split('.').all(part) => {
            Ok((label.to_ascii_lowercase(), ending.to_ascii_lowercase()))
        }
        _ => Err(HostError::Refused { reason: format!("{name:?} is no name of a domain") }),
    }
}

/// What a domain of this ending costs for as short as it is sold. Nothing where that cannot be told for certain.
fn price_of<'a>(
    catalogue: &'a [CatalogItem],
    ending: &str,
    currency: Option<Currency>,
) -> Option<&'a CatalogPrice> {
    let named = format!(".{ending}");
    let first_word = |item: &&CatalogItem| {
        item.name.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(&named))
    };
    let mut items = catalogue.iter().filter(first_word);
    let (item, None) = (items.next()?, items.next()) else { return None };
    let usable = |price: &&CatalogPrice| {
        price.period_unit == "year"
            && price.period > 0
            && price.first().is_some_and(|first| currency.is_none_or(|wanted| first.currency() == wanted))
    };
    let shortest = item.prices.iter().filter(usable).map(|price| price.period).min()?;
    let mut sold = item.prices.iter().filter(usable).filter(|price| price.period == shortest);
    let price = sold.next()?;
    (currency.is_none() || sold.next().is_none()).then_some(price)
}
