//! Domains: which there are, which may be had, and buying one.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::few;
use crate::accounts::Permission;
use crate::engine::command::calls;
use crate::engine::{Away, Errand};
use crate::error::{Error, Result};
use crate::hosting::{Certificate, Domain, DomainOffer, DomainPurchase, domain_name};
use crate::ids::ConnectionId;
use crate::money::Money;

/// Look through the domains of an account.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDomains {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
}

#[async_trait]
impl Errand for ListDomains {
    const NAME: &'static str = "domains.list";
    const PERMISSION: Permission = Permission::AccountsRead;
    const CHANGES: bool = false;
    type Answer = Vec<Domain>;

    async fn run(self, away: &Away) -> Result<Vec<Domain>> {
        Ok(away.domains(self.connection_id).await?.domains().await?)
    }
}

/// Ask which domains may be had, and for what.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferDomains {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// Their names, 50 at most.
    pub names: Vec<String>,
}

#[async_trait]
impl Errand for OfferDomains {
    const NAME: &'static str = "domains.offers";
    const PERMISSION: Permission = Permission::AccountsRead;
    const CHANGES: bool = false;
    type Answer = Vec<DomainOffer>;

    async fn run(self, away: &Away) -> Result<Vec<DomainOffer>> {
        few("names", self.names.len())?;
        let names = self.names.iter().map(|name| domain_name(name)).collect::<Result<Vec<_>>>()?;
        Ok(away.domains(self.connection_id).await?.offers(&names).await?)
    }
}

/// Buy a domain. It costs money: the price that was offered is said again, and it is bought at no other.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuyDomain {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// Its name.
    pub name: String,
    /// What is agreed to, as `domains.offers` said it.
    pub price: Money,
}

#[async_trait]
impl Errand for BuyDomain {
    const NAME: &'static str = "domains.buy";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const CHANGES: bool = true;
    const MOVES: bool = true;
    type Answer = Domain;

    async fn run(self, away: &Away) -> Result<Domain> {
        let purchase = DomainPurchase { name: domain_name(&self.name)?, price: self.price };
        if !purchase.price.is_positive() {
            return Err(Error::invalid("price", self.price, "say the price that was offered"));
        }
        Ok(away.domains(self.connection_id).await?.buy(&purchase).await?)
    }
}

/// Where a site answers.
fn https() -> u16 {
    443
}

/// Look at the certificate with which a domain answers: whether it is good, who vouches for it and until when. Hosts make one
/// by themselves once a domain leads to them.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookAtCertificate {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// The domain.
    pub domain: String,
    /// At which port.
    #[serde(default = "https")]
    pub port: u16,
}

#[async_trait]
impl Errand for LookAtCertificate {
    const NAME: &'static str = "domains.certificate";
    const PERMISSION: Permission = Permission::AccountsRead;
    const CHANGES: bool = false;
    type Answer = Certificate;

    async fn run(self, away: &Away) -> Result<Certificate> {
        let domain = domain_name(&self.domain)?;
        if self.port == 0 {
            return Err(Error::invalid("port", self.port, "name one from 1 to 65535, such as 443"));
        }
        Ok(away.domains(self.connection_id).await?.certificate(&domain, self.port).await?)
    }
}

calls! {
    /// Domains.
    Domains by domains:
    /// The domains of an account.
    away list: ListDomains;
    /// Which may be had.
    away offers: OfferDomains;
    /// Buys one.
    away buy: BuyDomain;
    /// The certificate with which one answers.
    away certificate: LookAtCertificate;
}
