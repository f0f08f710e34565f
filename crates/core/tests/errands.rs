//! What is asked of a service while its caller waits: written down before it is begun, done once under a key, and with no
//! transaction open meanwhile.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use baddie_core::accounts::{Actor, Role};
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    AccountSeen, CredentialField, Credentials, Delivery, Heard, HeardPart, News, NotBelieved, OpenAccount,
    Ports, Service, ServiceError,
};
use baddie_core::engine::Shop;
use baddie_core::engine::catalog::{CreateProduct, NewVariant};
use baddie_core::engine::connections::{ConnectService, DisconnectService};
use baddie_core::engine::hosting::{
    BuyDomain, ListDomains, LookAtCertificate, OfferDomains, PrepareDeployment, ReadLogs, SetRecords,
};
use baddie_core::engine::journal::ListAudit;
use baddie_core::error::{Error, Kind};
use baddie_core::hosting::{
    Certificate, DeployHost, DeployPlan, DeploySource, DeployTarget, Deployment, Domain, DomainHost,
    DomainOffer, DomainPurchase, HostError, LogLine, Prepared, ZoneRecord,
};
use baddie_core::ids::{ConnectionId, EntityId, MemberId};
use baddie_core::money::Money;
use support::{Drawer, House, gbp, on_every_backend};

/// A registrar that also runs things. What it says next may be planned.
#[derive(Default)]
struct Registrar {
    sold: Mutex<BTreeMap<String, Money>>,
    next: Mutex<Vec<HostError>>,
    /// Somebody who writes into the shop while the registrar thinks.
    meanwhile: OnceLock<Shop>,
    thoughts: AtomicU32,
}

#[derive(Clone)]
struct Front(Arc<Registrar>);

struct Account(Arc<Registrar>, String);

impl Service for Front {
    fn fields(&self) -> &'static [CredentialField] {
        &[CredentialField { name: "key", needed: true }]
    }
    fn open(&self, credentials: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError> {
        Ok(Arc::new(Account(self.0.clone(), credentials.get("key").unwrap().expose().to_owned())))
    }
}

#[async_trait]
impl OpenAccount for Account {
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        Ok(AccountSeen { account: self.1.clone(), live: false, abilities: Vec::new() })
    }
    fn read_delivery(&self, _: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved> {
        Ok(None)
    }
    async fn heard_since(&self, _: Timestamp, _: Option<&str>) -> Result<HeardPart, ServiceError> {
        Ok(HeardPart::default())
    }
    async fn look(&self, _: &str) -> Result<Vec<News>, ServiceError> {
        Ok(Vec::new())
    }
    fn ports(self: Arc<Self>) -> Ports {
        let (domains, deploys) = (Front(self.0.clone()), Front(self.0.clone()));
        Ports { domains: Some(Arc::new(domains)), deploys: Some(Arc::new(deploys)), ..Ports::default() }
    }
}

impl Registrar {
    /// Lets somebody else write, and then fails if it was planned.
    async fn think(&self) -> Result<(), HostError> {
        if let Some(shop) = self.meanwhile.get() {
            let sku = format!("M-{}", self.thoughts.fetch_add(1, Ordering::Relaxed));
            let product = CreateProduct {
                title: "Meanwhile".into(),
                variants: vec![NewVariant::stocked(&sku, gbp(1))],
                ..CreateProduct::default()
            };
            shop.catalog().create_product(product).await.unwrap();
        }
        self.next.lock().unwrap().pop().map_or(Ok(()), Err)
    }

    fn told(name: &str) -> Domain {
        Domain { name: name.to_owned(), state: "active".into(), expires_at: None }
    }
}

#[async_trait]
impl DomainHost for Front {
    async fn domains(&self) -> Result<Vec<Domain>, HostError> {
        self.0.think().await?;
        Ok(self.0.sold.lock().unwrap().keys().map(|name| Registrar::told(name)).collect())
    }
    async fn offers(&self, names: &[String]) -> Result<Vec<DomainOffer>, HostError> {
        self.0.think().await?;
        let offer =
            |name: &String| DomainOffer { name: name.clone(), available: true, price: Some(gbp(999)) };
        Ok(names.iter().map(offer).collect())
    }
    async fn buy(&self, purchase: &DomainPurchase) -> Result<Domain, HostError> {
        let thought = self.0.think().await;
        if purchase.price != gbp(999) {
            return Err(HostError::Refused { reason: "it costs 9.99".into() });
        }
        let before = self.0.sold.lock().unwrap().insert(purchase.name.clone(), purchase.price);
        assert!(before.is_none(), "bought twice");
        thought.map(|()| Registrar::told(&purchase.name))
    }
    async fn certificate(&self, domain: &str, port: u16) -> Result<Certificate, HostError> {
        self.0.think().await?;
        let (domain, problem) = (domain.to_owned(), Some("the certificate's time is over".into()));
        Ok(Certificate { domain, port, problem, issuer: None, not_after: None, names: Vec::new() })
    }
}

#[async_trait]
impl DeployHost for Front {
    async fn prepare(&self, plan: &DeployPlan) -> Result<Prepared, HostError> {
        let secrets: Vec<_> = plan.variables.iter().map(|(name, secret)| (name, secret.expose())).collect();
        assert_eq!(secrets, [("TOKEN", "canary-19c4")]);
        let named = |name: &str| name.to_owned();
        let target = DeployTarget {
            project: named(&plan.project),
            environment: named("e"),
            service: named(&plan.service),
        };
        Ok(Prepared { target, hostnames: Vec::new(), records: Vec::new() })
    }
    async fn deploy(&self, _: &DeployTarget, _: Option<&str>) -> Result<Deployment, HostError> {
        Err(HostError::Refused { reason: "not today".into() })
    }
    async fn deployment(&self, id: &str) -> Result<Deployment, HostError> {
        Err(HostError::NotThere { reason: id.into() })
    }
    async fn logs(&self, _: &str, most: usize) -> Result<Vec<LogLine>, HostError> {
        let line = LogLine { at: "now".into(), severity: None, text: "well".into() };
        Ok(vec![line; most])
    }
    async fn roll_back(&self, _: &str) -> Result<(), HostError> {
        Ok(())
    }
}

async fn house(backend: &str) -> (House, Arc<Registrar>) {
    let registrar = Arc::new(Registrar::default());
    let front = Front(registrar.clone());
    let furnish = |engine: baddie_core::engine::EngineBuilder| {
        engine.service("registrar", Arc::new(front)).vault(Arc::new(Drawer))
    };
    (House::build(backend, furnish).await, registrar)
}

async fn connect(house: &House, key: &str) -> ConnectionId {
    let credentials = BTreeMap::from([("key".to_owned(), key.to_owned())]).into();
    let request = ConnectService { service: "registrar".into(), credentials, connection_id: None };
    let id = house.shop.integrations().connect(request).await.unwrap().id;
    house.engine.settle().await.unwrap();
    id
}

fn buy(name: &str, price: i64) -> BuyDomain {
    BuyDomain { connection_id: None, name: name.into(), price: gbp(price) }
}

async fn audited(house: &House, operation: &str) -> usize {
    let audit = house.shop.journal().audit(ListAudit::default()).await.unwrap();
    audit.items.iter().filter(|entry| entry.operation == operation).count()
}

fn said<T: std::fmt::Debug>(answer: Result<T, Error>) -> (Kind, String) {
    let error = answer.unwrap_err();
    (error.kind(), error.code().to_owned())
}

#[test]
fn what_costs_money_is_done_once_under_a_key_and_written_down_before() {
    on_every_backend(|backend| async move {
        let (house, registrar) = house(backend).await;
        connect(&house, "a").await;
        registrar.meanwhile.set(house.shop.clone()).ok().unwrap();
        let under = |key: &str| house.shop.clone().with_key(key);
        let bought = under("k1").domains().buy(buy("Example.COM", 999)).await.unwrap();
        assert_eq!(bought.name, "example.com");
        assert_eq!(under("k1").domains().buy(buy("Example.COM", 999)).await.unwrap(), bought, "told again");
        let other = said(under("k1").domains().buy(buy("another.com", 999)).await);
        assert_eq!(other, (Kind::Refused, "idempotency.conflict".into()));
        assert_eq!(audited(&house, "domains.buy").await, 1);
        // A refusal is told again too, and the service is not asked.
        for _ in 0..2 {
            let refused = said(under("k2").domains().buy(buy("dear.com", 1)).await);
            assert_eq!(refused, (Kind::Refused, "hosting.refused".into()));
        }
        assert_eq!(audited(&house, "domains.buy").await, 2);
        // What is not known is asked again.
        registrar.next.lock().unwrap().push(HostError::Unavailable { reason: "busy".into() });
        let listed = house.shop.domains();
        assert_eq!(
            said(listed.list(ListDomains::default()).await),
            (Kind::Unavailable, "hosting.unavailable".into())
        );
        assert_eq!(listed.list(ListDomains::default()).await.unwrap(), [bought]);
        registrar.next.lock().unwrap().push(HostError::Unknown { reason: "cut off".into() });
        let lost = said(under("k3").domains().buy(buy("lost.com", 999)).await);
        assert_eq!(lost, (Kind::Unavailable, "hosting.unknown".into()));
        assert_eq!(audited(&house, "domains.buy").await, 3);
        assert_eq!(registrar.sold.lock().unwrap().len(), 2);
        let verdict = house.engine.verify(&|_| ()).await.unwrap();
        assert_eq!(verdict.violations, 0, "{:?}", verdict.details);
    });
}

#[test]
fn the_way_leads_through_the_connection_that_is_meant() {
    on_every_backend(|backend| async move {
        let (house, _) = house(backend).await;
        let list = async |connection_id| house.shop.domains().list(ListDomains { connection_id }).await;
        let none = list(None).await.unwrap_err();
        assert_eq!((none.code(), none.field()), ("hosting.no_connection", Some("connection_id")));
        assert!(none.message().contains("baddie connect"), "{none}");
        let first = connect(&house, "a").await;
        assert_eq!(list(None).await.unwrap(), []);
        let second = connect(&house, "b").await;
        assert_eq!(said(list(None).await), (Kind::Refused, "hosting.no_connection".into()));
        assert_eq!(list(Some(second)).await.unwrap(), []);
        house.shop.integrations().disconnect(DisconnectService { connection_id: first }).await.unwrap();
        assert_eq!(list(None).await.unwrap(), []);
        assert_eq!(said(list(Some(first)).await), (Kind::Unavailable, "connections.closed".into()));
        let zones = SetRecords {
            connection_id: Some(second),
            domain: "example.com".into(),
            records: vec![ZoneRecord {
                name: "@".into(),
                kind: "A".into(),
                ttl: 60,
                values: vec!["1.2.3.4".into()],
            }],
        };
        let refused = house.shop.zones().set(zones).await.unwrap_err();
        assert_eq!(refused.code(), "hosting.no_connection");
        assert!(refused.message().contains("registrar is no service that keeps the records"), "{refused}");
    });
}

#[test]
fn who_may_not_asks_nobody_and_what_makes_no_sense_is_not_asked() {
    on_every_backend(|backend| async move {
        let (house, registrar) = house(backend).await;
        connect(&house, "a").await;
        let packer = house
            .engine
            .shop(Actor::Member { id: MemberId::from_u128(7), role: Role::Clerk }, house.shop.id());
        assert_eq!(said(packer.domains().buy(buy("example.com", 999)).await).0, Kind::Forbidden);
        for (name, field) in [("", "domain"), ("nodot", "domain"), ("a b.com", "domain")] {
            let refused = house.shop.domains().buy(buy(name, 999)).await.unwrap_err();
            assert_eq!((refused.kind(), refused.field()), (Kind::Invalid, Some(field)), "{name}");
        }
        let free = house.shop.domains().buy(buy("example.com", 0)).await.unwrap_err();
        assert_eq!((free.kind(), free.field()), (Kind::Invalid, Some("price")));
        for count in [0, 51] {
            let names = vec!["example.com".to_owned(); count];
            let many =
                house.shop.domains().offers(OfferDomains { connection_id: None, names }).await.unwrap_err();
            assert_eq!((many.kind(), many.field()), (Kind::Invalid, Some("names")));
        }
        for lines in [0, 1_001] {
            let read = ReadLogs { connection_id: None, deployment: "d".into(), lines: Some(lines) };
            assert_eq!(said(house.shop.deployments().logs(read).await).0, Kind::Invalid);
        }
        let read = ReadLogs { connection_id: None, deployment: "d".into(), lines: Some(1_000) };
        assert_eq!(house.shop.deployments().logs(read).await.unwrap().len(), 1_000);
        assert!(registrar.sold.lock().unwrap().is_empty());
    });
}

#[test]
fn a_certificate_is_told_of_be_it_good_or_not() {
    on_every_backend(|backend| async move {
        let (house, registrar) = house(backend).await;
        connect(&house, "a").await;
        let look = async |domain: &str, port| {
            let domain = domain.to_owned();
            house.shop.domains().certificate(LookAtCertificate { connection_id: None, domain, port }).await
        };
        let seen = look("Shop.Example.COM.", 443).await.unwrap();
        assert_eq!((seen.domain.as_str(), seen.port), ("shop.example.com", 443));
        assert_eq!(seen.problem.as_deref(), Some("the certificate's time is over"));
        for (domain, port, field) in [("nodot", 443, "domain"), ("example.com", 0, "port")] {
            let refused = look(domain, port).await.unwrap_err();
            assert_eq!((refused.kind(), refused.field()), (Kind::Invalid, Some(field)));
        }
        let asked: LookAtCertificate = serde_json::from_str(r#"{"domain": "example.com"}"#).unwrap();
        assert_eq!(asked.port, 443);
        registrar
            .next
            .lock()
            .unwrap()
            .push(HostError::Unavailable { reason: "the name leads nowhere".into() });
        assert_eq!(said(look("example.com", 443).await).0, Kind::Unavailable);
        assert_eq!(audited(&house, "domains.certificate").await, 0, "a look is no change");
    });
}

#[test]
fn variables_reach_the_host_and_nobody_else() {
    on_every_backend(|backend| async move {
        let (house, _) = house(backend).await;
        connect(&house, "a").await;
        let plan = DeployPlan {
            project: "shop".into(),
            environment: None,
            service: "web".into(),
            source: DeploySource::Image("example/shop:1".into()),
            variables: BTreeMap::from([("TOKEN".to_owned(), "canary-19c4".to_owned())]).into(),
            database: None,
            replicas: None,
            domain: None,
            health_path: None,
        };
        let request = PrepareDeployment { connection_id: None, plan };
        assert!(!format!("{request:?}").contains("canary"), "{request:?}");
        let prepared = house.shop.clone().with_key("k").deployments().prepare(request.clone()).await.unwrap();
        assert_eq!(prepared.target.service, "web");
        let audit = house.shop.journal().audit(ListAudit::default()).await.unwrap();
        assert!(audit.items.iter().any(|entry| entry.operation == "deployments.prepare"));
        assert!(!format!("{audit:?}").contains("canary"));
        let mut odd = request;
        odd.plan.variables = BTreeMap::from([("1A".to_owned(), "x".to_owned())]).into();
        let refused = house.shop.deployments().prepare(odd).await.unwrap_err();
        assert_eq!(refused.field(), Some("plan.variables"));
    });
}
