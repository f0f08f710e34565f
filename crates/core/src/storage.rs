//! The contract of a store: transactions that hold one shop's things, all or nothing.

use std::sync::Arc;

use async_trait::async_trait;

use crate::accounts::AccountStore;
use crate::catalog::CatalogStore;
use crate::connections::ConnectionStore;
use crate::entity::{Append, Entity, Keep, Part, Parts, Versioned, changed_meanwhile};
use crate::error::{Error, Result};
use crate::hosting::HostingStore;
use crate::ids::ShopId;
use crate::insights::InsightStore;
use crate::inventory::InventoryStore;
use crate::journal::JournalStore;
use crate::ledger::LedgerStore;
use crate::listings::ListingStore;
use crate::orders::OrderStore;
use crate::outbox::{OutboxStore, WorkStore};
use crate::payments::PaymentStore;
use crate::pricing::PricingStore;
use crate::purchasing::PurchasingStore;
use crate::shipping::ShippingStore;
use crate::webhooks::WebhookStore;

/// Whose things a transaction sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One shop's.
    Shop(ShopId),
    /// The worker's: jobs, keys, shop ids and whose a connection is, of all shops, and nothing else.
    System,
}

/// Where everything is kept.
///
/// Contract: what a committed transaction wrote is durable when `commit` has answered, and visible to every
/// transaction that begins later; what a dropped one wrote never was. Transactions of a shop see that shop alone.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Begins a transaction that may write.
    async fn begin(&self, scope: Scope) -> Result<Box<dyn Transaction>>;
    /// Begins a look at one moment's state. Writing through it fails.
    async fn read(&self, scope: Scope) -> Result<Box<dyn Transaction>>;
    /// Whether transactions can be begun now.
    async fn ready(&self) -> Result<()>;
    /// A number that is another one after anything that readers can see has changed, by whomever: what was read while
    /// it was the same may be told again. `None` where the store cannot know that for less than a look costs.
    fn revision(&self) -> Option<u64> {
        None
    }
    /// Whatever the store itself can check of its own soundness; each problem in words.
    async fn check(&self) -> Result<Vec<String>>;
    /// Copies everything, as of one moment, to a new place while work goes on; `progress` hears done and total.
    async fn backup(&self, to: &str, progress: Arc<dyn Fn(u64, u64) + Send + Sync>) -> Result<()>;
}

/// A transaction: everything it writes is kept together, or nothing is. Dropping it undoes it.
#[async_trait]
pub trait Transaction:
    AccountStore
    + LedgerStore
    + CatalogStore
    + InventoryStore
    + PurchasingStore
    + PricingStore
    + ListingStore
    + OrderStore
    + PaymentStore
    + ShippingStore
    + InsightStore
    + ConnectionStore
    + WebhookStore
    + HostingStore
    + OutboxStore
    + JournalStore
    + WorkStore
    + Send
{
    /// Makes everything written so far durable.
    async fn commit(self: Box<Self>) -> Result<()>;
}

/// A transaction behind a reference: what functions take that need one.
pub type Tx = dyn Transaction;

macro_rules! accessors {
    ($($(#[$meta:meta])* $name:ident: $store:ident;)*) => {
        impl dyn Transaction {
            $($(#[$meta])* pub fn $name(&mut self) -> &mut dyn $store { self })*
        }
    };
}

accessors! {
    /// Shops, members and keys.
    accounts: AccountStore;
    /// The books.
    ledger: LedgerStore;
    /// Products, variants and items.
    catalog: CatalogStore;
    /// Stock.
    inventory: InventoryStore;
    /// Suppliers and what was bought.
    purchasing: PurchasingStore;
    /// Price rules and proposals.
    pricing: PricingStore;
    /// Channels and listings.
    listings: ListingStore;
    /// Orders and customers.
    orders: OrderStore;
    /// Payments and payouts.
    payments: PaymentStore;
    /// Parcels and returns.
    shipping: ShippingStore;
    /// Forecasts and refills.
    insights: InsightStore;
    /// Connections to services, and the key of their credentials.
    connections: ConnectionStore;
    /// Endpoints and what they are told.
    webhooks: WebhookStore;
    /// Sites that are kept in step.
    hosting: HostingStore;
    /// Events and jobs.
    outbox: OutboxStore;
    /// The audit log, kept answers and imports.
    journal: JournalStore;
    /// The worker's view of all shops.
    work: WorkStore;
}

/// What can be asked of every entity alike.
impl dyn Transaction {
    /// The thing with this id, or an error naming it.
    pub async fn load<E: Entity>(&mut self, id: E::Id) -> Result<E>
    where
        dyn Transaction: Append<E>,
    {
        Append::<E>::get(self, id).await?.ok_or_else(|| Error::not_found(E::NAME, id))
    }

    /// The thing with this id, or an error naming it; nobody else changes it until this transaction ends. Whoever
    /// changes several things that belong together holds what they belong to first: so the others wait and see, where
    /// they would otherwise have decided on what is no longer true.
    pub async fn hold<E: Versioned>(&mut self, id: E::Id) -> Result<E>
    where
        dyn Transaction: Keep<E>,
    {
        Keep::<E>::get_held(self, id).await?.ok_or_else(|| Error::not_found(E::NAME, id))
    }

    /// The thing with this id, if there is one.
    pub async fn find<E: Entity>(&mut self, id: E::Id) -> Result<Option<E>>
    where
        dyn Transaction: Append<E>,
    {
        Append::<E>::get(self, id).await
    }

    /// The things with these ids, in order of id.
    pub async fn many<E: Entity>(&mut self, ids: &[E::Id]) -> Result<Vec<E>>
    where
        dyn Transaction: Append<E>,
    {
        Append::<E>::get_many(self, ids).await
    }

    /// A page of things, newest first.
    pub async fn page<E: Entity>(&mut self, page: &crate::page::PageRequest) -> Result<crate::page::Page<E>>
    where
        dyn Transaction: Append<E>,
    {
        Append::<E>::get_page(self, page).await
    }

    /// Adds one thing.
    pub async fn add<E: Entity>(&mut self, row: &E) -> Result<()>
    where
        dyn Transaction: Append<E>,
    {
        Append::<E>::insert(self, std::slice::from_ref(row)).await
    }

    /// Adds many things.
    pub async fn add_all<E: Entity>(&mut self, rows: &[E]) -> Result<()>
    where
        dyn Transaction: Append<E>,
    {
        if rows.is_empty() {
            return Ok(());
        }
        Append::<E>::insert(self, rows).await
    }

    /// Adds one thing that clashes with nothing; where it went wrong is known by the commit.
    pub async fn note<E: Entity>(&mut self, row: &E) -> Result<()>
    where
        dyn Transaction: Append<E>,
    {
        Append::<E>::insert_later(self, std::slice::from_ref(row)).await
    }

    /// Adds many things that clash with nothing; where it went wrong is known by the commit.
    pub async fn note_all<E: Entity>(&mut self, rows: &[E]) -> Result<()>
    where
        dyn Transaction: Append<E>,
    {
        if rows.is_empty() {
            return Ok(());
        }
        Append::<E>::insert_later(self, rows).await
    }

    /// Keeps an edited thing and counts its version up, unless somebody else was faster.
    pub async fn save<E: Versioned>(&mut self, row: &mut E) -> Result<()>
    where
        dyn Transaction: Keep<E>,
    {
        if !Keep::<E>::update(self, row).await? {
            return Err(changed_meanwhile::<E>(row.id()));
        }
        row.set_version(row.version() + 1);
        Ok(())
    }

    /// The parts of a whole, in the order they were made.
    pub async fn parts<E: Part>(&mut self, whole: E::Whole) -> Result<Vec<E>>
    where
        dyn Transaction: Parts<E>,
    {
        Parts::<E>::of(self, whole).await
    }

    /// The parts of many wholes, by whole.
    pub async fn parts_of_all<E: Part>(&mut self, wholes: &[E::Whole]) -> Result<Vec<E>>
    where
        dyn Transaction: Parts<E>,
    {
        Parts::<E>::of_all(self, wholes).await
    }
}
