//! The store that forgets: maps behind a lock. It is the second opinion the SQL is tested against, so it says
//! everything in the plainest way, by looking at every row.

mod accounts;
mod catalog;
mod connections;
mod hosting;
mod insights;
mod inventory;
mod journal;
mod ledger;
mod listings;
mod orders;
mod outbox;
mod payments;
mod pricing;
mod purchasing;
mod shipping;
mod table;
mod webhooks;

use std::sync::Arc;

use async_trait::async_trait;
use baddie_core::entity::{Append, Entity, Keep, Part, Parts, Versioned};
use baddie_core::error::{Error, Kind, Result};
use baddie_core::ids::{EntityId, ShopId};
use baddie_core::page::{Page, PageRequest};
use baddie_core::storage::{Scope, Storage, Transaction};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use self::table::{Held, State};

/// A store in memory. Transactions that write take turns.
#[derive(Default)]
pub struct Memory {
    state: Arc<RwLock<State>>,
}

#[async_trait]
impl Storage for Memory {
    async fn begin(&self, scope: Scope) -> Result<Box<dyn Transaction>> {
        let state = self.state.clone().write_owned().await;
        Ok(Box::new(MemoryTransaction { hold: Hold::Write(state), shop: shop_of(scope) }))
    }

    async fn read(&self, scope: Scope) -> Result<Box<dyn Transaction>> {
        let state = self.state.clone().read_owned().await;
        Ok(Box::new(MemoryTransaction { hold: Hold::Read(state), shop: shop_of(scope) }))
    }

    async fn ready(&self) -> Result<()> {
        Ok(())
    }

    async fn check(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    async fn backup(&self, _: &str, _: Arc<dyn Fn(u64, u64) + Send + Sync>) -> Result<()> {
        let message = "a store in memory has no backup: use sqlite://shop.db";
        Err(Error::new(Kind::Refused, "storage.no_backup", message))
    }
}

fn shop_of(scope: Scope) -> u128 {
    match scope {
        Scope::Shop(id) => id.as_u128(),
        Scope::System => 0,
    }
}

enum Hold {
    Write(OwnedRwLockWriteGuard<State>),
    Read(OwnedRwLockReadGuard<State>),
}

/// A transaction in memory. What it changed is noted, and put back when it is dropped.
struct MemoryTransaction {
    hold: Hold,
    shop: u128,
}

impl MemoryTransaction {
    fn state(&self) -> &State {
        match &self.hold {
            Hold::Write(state) => state,
            Hold::Read(state) => state,
        }
    }

    fn state_mut(&mut self) -> Result<&mut State> {
        match &mut self.hold {
            Hold::Write(state) => Ok(state),
            Hold::Read(_) => Err(Error::internal("a transaction that only looks was to write")),
        }
    }

    fn shop_id(&self) -> ShopId {
        ShopId::from_u128(self.shop)
    }

    /// Every thing of a kind in this shop, in order of id.
    fn all<E: Held>(&self) -> impl DoubleEndedIterator<Item = &E> {
        E::table(self.state()).of_shop(self.shop)
    }

    fn one<E: Held>(&self, is: impl Fn(&E) -> bool) -> Option<E> {
        self.all::<E>().find(|row| is(row)).cloned()
    }

    fn some<E: Held>(&self, are: impl Fn(&E) -> bool) -> Vec<E> {
        self.all::<E>().filter(|row| are(row)).cloned().collect()
    }

    fn page_of<E: Held>(&self, page: &PageRequest, passes: impl Fn(&E) -> bool) -> Result<Page<E>> {
        let (limit, after) = (page.limit()?, page.after::<E::Id>()?);
        let rows = self.all::<E>().rev().filter(|row| after.is_none_or(|last| row.id() < last));
        Ok(Page::cut(rows.filter(|row| passes(row)).take(limit + 1).cloned().collect(), limit, Entity::id))
    }

    fn put<E: Held>(&mut self, row: &E) -> Result<()> {
        let shop = self.shop;
        E::table_mut(self.state_mut()?).put(shop, row)
    }

    fn remove<E: Held>(&mut self, id: E::Id) -> Result<bool> {
        let shop = self.shop;
        Ok(E::table_mut(self.state_mut()?).remove(shop, id))
    }
}

impl Drop for MemoryTransaction {
    fn drop(&mut self) {
        if let Hold::Write(state) = &mut self.hold {
            state.undo();
        }
    }
}

#[async_trait]
impl Transaction for MemoryTransaction {
    async fn commit(mut self: Box<Self>) -> Result<()> {
        self.state_mut()?.keep();
        Ok(())
    }
}

#[async_trait]
impl<E: Held> Append<E> for MemoryTransaction {
    async fn insert(&mut self, rows: &[E]) -> Result<()> {
        for row in rows {
            if row.comes_late(self.state(), self.shop) {
                let message = "a ledger entry is sealed: post a reversal instead";
                return Err(Error::new(Kind::Conflict, "storage.limit", message));
            }
            if self.all::<E>().any(|other| other.id() == row.id()) {
                return Err(table::duplicate(&row.id().to_string()));
            }
            self.put(row)?;
        }
        Ok(())
    }

    async fn get(&mut self, id: E::Id) -> Result<Option<E>> {
        Ok(E::table(self.state()).get(self.shop, id))
    }

    async fn get_many(&mut self, ids: &[E::Id]) -> Result<Vec<E>> {
        Ok(self.some(|row: &E| ids.contains(&row.id())))
    }

    async fn get_page(&mut self, page: &PageRequest) -> Result<Page<E>> {
        self.page_of(page, |_| true)
    }
}

#[async_trait]
impl<E: Held + Versioned> Keep<E> for MemoryTransaction {
    async fn update(&mut self, row: &E) -> Result<bool> {
        let kept = E::table(self.state()).get(self.shop, row.id());
        if kept.is_none_or(|kept: E| kept.version() != row.version()) {
            return Ok(false);
        }
        let mut row = row.clone();
        row.set_version(row.version() + 1);
        self.put(&row)?;
        Ok(true)
    }

    /// There is one writer: whoever asks holds everything.
    async fn get_held(&mut self, id: E::Id) -> Result<Option<E>> {
        self.get(id).await
    }
}

#[async_trait]
impl<E: Held + Part> Parts<E> for MemoryTransaction {
    async fn of(&mut self, whole: E::Whole) -> Result<Vec<E>> {
        Ok(self.some(|row: &E| row.whole() == whole))
    }

    async fn of_all(&mut self, wholes: &[E::Whole]) -> Result<Vec<E>> {
        let mut rows = self.some(|row: &E| wholes.contains(&row.whole()));
        rows.sort_by_key(|row| (row.whole(), row.id()));
        Ok(rows)
    }
}
