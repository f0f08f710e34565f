use async_trait::async_trait;
use baddie_core::accounts::{AccountStore, Member, MemberStatus, Role, Series, Shop};
use baddie_core::entity::Word;
use baddie_core::error::Result;

use super::MemoryTransaction;

#[async_trait]
impl AccountStore for MemoryTransaction {
    async fn shop(&mut self) -> Result<Option<Shop>> {
        let id = self.shop_id();
        Ok(self.one(|shop: &Shop| shop.id == id))
    }

    async fn next_number(&mut self, series: Series) -> Result<i64> {
        let key = (self.shop, series.as_str());
        let counters = &mut self.state_mut()?.counters;
        let next = counters.rows().get(&key).map_or(1, |last| last + 1);
        counters.set(key, Some(next));
        Ok(next)
    }

    async fn last_number(&mut self, series: Series) -> Result<i64> {
        Ok(self.state().counters.rows().get(&(self.shop, series.as_str())).copied().unwrap_or(0))
    }

    async fn hold_owners(&mut self) -> Result<()> {
        Ok(())
    }

    async fn active_owners(&mut self) -> Result<i64> {
        let owners =
            self.all::<Member>().filter(|m| m.role == Role::Owner && m.status == MemberStatus::Active);
        Ok(i64::try_from(owners.count()).unwrap_or(i64::MAX))
    }
}
