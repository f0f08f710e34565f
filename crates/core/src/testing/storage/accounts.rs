//! Shops, members, numbers.

use std::sync::Arc;

use futures_util::future::join_all;

use super::{Stage, here};
use crate::accounts::{Member, MemberStatus, Role, Series, Shop};
use crate::storage::{Scope, Storage};
use crate::testing::builders::{Sample, id};

/// Each series counts from 1, per shop; a number taken by an undone transaction is taken again, and no two
/// transactions get the same.
pub async fn numbers_count_up_without_gaps(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    for expected in 1..=3 {
        let mut tx = stage.write().await;
        assert_eq!(tx.accounts().last_number(Series::Order).await.unwrap(), expected - 1);
        assert_eq!(tx.accounts().next_number(Series::Order).await.unwrap(), expected);
        tx.commit().await.unwrap();
        let mut tx = stage.write().await;
        assert_eq!(tx.accounts().next_number(Series::Order).await.unwrap(), expected + 1, "undone later");
    }
    let mut tx = stage.write().await;
    assert_eq!(tx.accounts().next_number(Series::Return).await.unwrap(), 1, "a series of its own");
    drop(tx);
    let mut tx = stage.0.begin(Scope::Shop(super::there())).await.unwrap();
    assert_eq!(tx.accounts().next_number(Series::Order).await.unwrap(), 1, "a shop of its own");
    drop(tx);
    let take = async || {
        let mut tx = stage.write().await;
        let number = tx.accounts().next_number(Series::Order).await.unwrap();
        tx.commit().await.unwrap();
        number
    };
    let mut taken = join_all((0..40).map(|_| take())).await;
    taken.sort_unstable();
    assert_eq!(taken, (4..44).collect::<Vec<_>>());
}

/// A transaction knows its shop, once there is one.
pub async fn a_shop_finds_itself(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    assert_eq!(stage.read().await.accounts().shop().await.unwrap(), None);
    let shop = Shop { id: here(), ..Shop::number(1) };
    let mut tx = stage.write().await;
    tx.add(&shop).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stage.read().await.accounts().shop().await.unwrap(), Some(shop));
    assert_eq!(stage.read_there().await.accounts().shop().await.unwrap(), None);
    assert_eq!(stage.system().await.work().shops().await.unwrap(), [here()]);
}

/// Only owners who may come in are counted.
pub async fn active_owners_are_counted(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let member = |n, role, status| Member { role, status, id: id(n), ..Member::number(n) };
    let mut tx = stage.write().await;
    assert_eq!(tx.accounts().active_owners().await.unwrap(), 0);
    let members = [
        member(1, Role::Owner, MemberStatus::Active),
        member(2, Role::Owner, MemberStatus::Suspended),
        member(3, Role::Manager, MemberStatus::Active),
        member(4, Role::Owner, MemberStatus::Active),
    ];
    tx.add_all(&members).await.unwrap();
    assert_eq!(tx.accounts().active_owners().await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!(stage.read_there().await.accounts().active_owners().await.unwrap(), 0);
}

/// Of two who each let an owner go, the second sees what the first has done.
pub async fn owners_are_held_by_one_at_a_time(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let owner =
        |n| Member { role: Role::Owner, status: MemberStatus::Active, id: id(n), ..Member::number(n) };
    let mut tx = stage.write().await;
    tx.add_all(&(1..=8).map(owner).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
    let let_go = async |n| {
        let mut tx = stage.write().await;
        tx.accounts().hold_owners().await.unwrap();
        let mut owner = tx.load::<Member>(id(n)).await.unwrap();
        owner.status = MemberStatus::Suspended;
        tx.save(&mut owner).await.unwrap();
        let left = tx.accounts().active_owners().await.unwrap();
        if left > 0 {
            tx.commit().await.unwrap();
        }
        left
    };
    let mut left = join_all((1..=8).map(let_go)).await;
    left.sort_unstable();
    assert_eq!(left, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(stage.read().await.accounts().active_owners().await.unwrap(), 1);
}
