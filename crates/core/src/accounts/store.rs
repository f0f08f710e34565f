use async_trait::async_trait;

use super::{ApiKey, Member, Shop};
use crate::entity::{Keep, words};
use crate::error::Result;

words! {
    /// What is numbered for people: each series counts from 1 without gaps, per shop.
    pub enum Series {
        /// Orders.
        Order "order",
        /// Purchase orders.
        PurchaseOrder "purchase_order",
        /// Hauls.
        Acquisition "acquisition",
        /// Returns.
        Return "return",
    }
}

/// Keeps shops, members and keys.
#[async_trait]
pub trait AccountStore: Keep<Shop> + Keep<Member> + Keep<ApiKey> {
    /// The shop of this transaction.
    async fn shop(&mut self) -> Result<Option<Shop>>;
    /// Takes the next number of a series. Two transactions never get the same, and an undone one leaves no gap; so the
    /// series is locked until the transaction ends: take numbers late.
    async fn next_number(&mut self, series: Series) -> Result<i64>;
    /// The last number taken of a series; 0 when none was.
    async fn last_number(&mut self, series: Series) -> Result<i64>;
    /// Lets nobody else change the active owners until this transaction ends.
    async fn hold_owners(&mut self) -> Result<()>;
    /// How many active owners the shop has.
    async fn active_owners(&mut self) -> Result<i64>;
}
