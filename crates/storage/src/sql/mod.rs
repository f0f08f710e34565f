//! What is kept, in SQL: written once, for every database behind the seam.
//!
//! What all entities need is made from their tables' descriptions (`tables.rs`); each domain's own questions and guarded
//! changes are static text beside their values, one file per domain. Every statement names the shop.

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
pub(crate) mod record;
mod shipping;
pub(crate) mod tables;
mod webhooks;

use async_trait::async_trait;
use baddie_core::entity::{Append, Entity, Keep, Part, Parts, Versioned};
use baddie_core::error::Result;
use baddie_core::ids::{EntityId, ShopId};
use baddie_core::page::{Page, PageRequest};
use baddie_core::storage::{Scope, Transaction};

use self::record::{PartRecord, Record};
use crate::seam::{Columns, Connection, Param, Sql};

/// A transaction on a database, with everything the engine asks of one.
pub(crate) struct SqlTransaction<C> {
    connection: C,
    shop: u128,
}

impl<C: Connection> SqlTransaction<C> {
    /// Wraps a connection for a scope. The worker's scope is no shop's: it sees no shop's rows.
    pub(crate) fn new(connection: C, scope: Scope) -> Self {
        let shop = match scope {
            Scope::Shop(id) => id.as_u128(),
            Scope::System => 0,
        };
        Self { connection, shop }
    }

    fn shop_id(&self) -> ShopId {
        ShopId::from_u128(self.shop)
    }

    /// The shop, followed by these.
    fn params<'a, const N: usize>(&self, rest: [Param<'a>; N]) -> Vec<Param<'a>> {
        std::iter::once(Param::Id(self.shop)).chain(rest).collect()
    }

    /// The shop and the columns of each of these rows, one after the other.
    fn params_of<'a, E: Record + 'a>(&self, rows: impl IntoIterator<Item = &'a E>) -> Vec<Param<'a>> {
        let rows = rows.into_iter();
        let mut params = Vec::with_capacity(rows.size_hint().0 * (E::COLUMNS.len() + 1));
        for row in rows {
            params.push(Param::Id(self.shop));
            row.bind(&mut params);
        }
        params
    }

    /// Rows of an entity's table; `tail` goes on after `WHERE shop_id = $1`.
    async fn rows<E: Record, const N: usize>(
        &mut self,
        tail: &'static str,
        rest: [Param<'_>; N],
    ) -> Result<Vec<E>> {
        let params = self.params(rest);
        let sql = Sql { head: E::select(), tail };
        self.connection.query(sql, &params, |row| E::read(row, 0)).await
    }

    /// The one row, if there is one.
    async fn row<E: Record, const N: usize>(
        &mut self,
        tail: &'static str,
        rest: [Param<'_>; N],
    ) -> Result<Option<E>> {
        Ok(self.rows::<E, N>(tail, rest).await?.pop())
    }

    /// A page of rows: `tail` holds the filter over `$4` and up, and ends before the order.
    async fn page_of<E: Record, const N: usize>(
        &mut self,
        tail: &'static str,
        page: &PageRequest,
        filter: [Param<'_>; N],
    ) -> Result<Page<E>> {
        let limit = page.limit()?;
        // Without a cursor the page ends below the greatest id there can be: one statement, and always a range of the key.
        let after = page.after::<E::Id>()?.map_or(Param::Id(u128::MAX), Param::id);
        let mut params =
            vec![Param::Id(self.shop), after, Param::Int(i64::try_from(limit + 1).unwrap_or(i64::MAX))];
        params.extend(filter);
        let sql = Sql { head: E::select(), tail };
        let rows = self.connection.query(sql, &params, |row| E::read(row, 0)).await?;
        Ok(Page::cut(rows, limit, Entity::id))
    }

    async fn change<const N: usize>(&mut self, sql: &'static str, rest: [Param<'_>; N]) -> Result<u64> {
        let params = self.params(rest);
        self.connection.execute(sql, &params).await
    }

    /// One number.
    async fn number<const N: usize>(&mut self, sql: &'static str, rest: [Param<'_>; N]) -> Result<i64> {
        let params = self.params(rest);
        let found = self.connection.query(sql, &params, |row| row.int(0)).await?;
        Ok(found.first().copied().unwrap_or(0))
    }
}

#[async_trait]
impl<C: Connection, E: Record> Append<E> for SqlTransaction<C> {
    async fn insert(&mut self, rows: &[E]) -> Result<()> {
        let params = self.params_of(rows);
        self.connection.insert_each(E::insert(), E::COLUMNS.len() + 1, &params).await.map(|_| ())
    }

    async fn insert_later(&mut self, rows: &[E]) -> Result<()> {
        let params = self.params_of(rows);
        self.connection.note_each(E::insert(), E::COLUMNS.len() + 1, &params).await
    }

    async fn get(&mut self, id: E::Id) -> Result<Option<E>> {
        self.row("AND id = $2", [Param::id(id)]).await
    }

    async fn get_many(&mut self, ids: &[E::Id]) -> Result<Vec<E>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.rows("AND id = ANY($2::uuid[]) ORDER BY id", [Param::ids(ids)]).await
    }

    async fn get_page(&mut self, page: &PageRequest) -> Result<Page<E>> {
        self.page_of("AND id < $2 ORDER BY id DESC LIMIT $3", page, []).await
    }
}

#[async_trait]
impl<C: Connection, E: Record + Versioned> Keep<E> for SqlTransaction<C> {
    async fn update(&mut self, row: &E) -> Result<bool> {
        let mut params = Vec::with_capacity(E::COLUMNS.len() + 1);
        params.push(Param::Id(self.shop));
        row.bind(&mut params);
        Ok(self.connection.execute(E::update(), &params).await? == 1)
    }

    async fn get_held(&mut self, id: E::Id) -> Result<Option<E>> {
        self.row("AND id = $2 FOR UPDATE", [Param::id(id)]).await
    }
}

#[async_trait]
impl<C: Connection, E: PartRecord + Part> Parts<E> for SqlTransaction<C> {
    async fn of(&mut self, whole: E::Whole) -> Result<Vec<E>> {
        self.rows(E::of_one(), [Param::id(whole)]).await
    }

    async fn of_all(&mut self, wholes: &[E::Whole]) -> Result<Vec<E>> {
        if wholes.is_empty() {
            return Ok(Vec::new());
        }
        self.rows(E::of_many(), [Param::ids(wholes)]).await
    }
}

#[async_trait]
impl<C: Connection + 'static> Transaction for SqlTransaction<C> {
    async fn commit(self: Box<Self>) -> Result<()> {
        self.connection.commit().await
    }
}
