//! Things to try a store with: of every kind as many as wanted, each telling itself apart from the others in all it
//! says, with everything it may have or without.

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
mod webhooks;

use async_trait::async_trait;

use crate::clock::{Date, Timestamp};
use crate::entity::{Append, Entity};
use crate::error::Result;
use crate::ids::EntityId;
use crate::money::{Currency, Money};
use crate::storage::Tx;

/// From this number on, identities belong to twins: things that say what another says.
pub const TWINS: u128 = 500;

/// A kind of thing of which samples can be made.
#[async_trait]
pub trait Sample: Entity {
    /// Whether something it says may be said by one thing of a shop only, so that its twin is refused.
    const NAMED: bool;

    /// The `n`th of its kind, under the identity `id`: `full`, with everything it may have, or without.
    fn sample(id: u128, n: u128, full: bool) -> Self;

    /// Keeps what the first `count` of the kind refer to, unless it is kept already.
    async fn ground(tx: &mut Tx, count: u128) -> Result<()>;

    /// The `n`th of its kind: two in three of them full.
    fn number(n: u128) -> Self {
        Self::sample(n, n, !n.is_multiple_of(3))
    }
}

/// Keeps the first `count` of a kind, bare, with all they refer to, unless they are kept already.
pub async fn lay<E: Sample>(tx: &mut Tx, count: u128) -> Result<()>
where
    Tx: Append<E>,
{
    E::ground(tx, count).await?;
    if tx.find::<E>(id(1)).await?.is_some() {
        return Ok(());
    }
    let rows: Vec<E> = (1..=count).map(|n| E::sample(n, n, false)).collect();
    tx.add_all(&rows).await
}

/// The identity with this number.
pub fn id<I: EntityId>(n: u128) -> I {
    I::from_u128(n)
}

/// Which of two wholes the `n`th part belongs to.
pub(super) fn whole<I: EntityId>(n: u128) -> I {
    id(1 + n % 2)
}

/// A whole number that no other field of no other sample holds.
pub(super) fn int(n: u128, field: i64) -> i64 {
    i64::try_from(n).expect("samples are few") * 100 + field
}

/// An amount that no other field of no other sample holds.
pub fn pence(n: u128, field: i64) -> Money {
    Money::new(int(n, field), Currency::GBP)
}

/// An instant that no other field of no other sample holds.
pub fn at(n: u128, field: i64) -> Timestamp {
    Timestamp::from_micros(1_767_614_400_000_000 + int(n, field))
}

/// A day of the `n`th sample.
pub fn day(n: u128, field: i64) -> Date {
    Date::from_days(20_000 + int(n, field)).expect("samples live in these centuries")
}

/// Words that try what words can be: quotes, brackets, other alphabets, nothing that is a letter.
pub(super) fn words(what: &str, n: u128) -> String {
    format!("{what} {n}: \"it's\" {{[%_\\]}} Größe ½ 壺 🏺\n")
}

/// Says how samples are made: `Variant on [Product] named |id, n, full| Variant { … };`
macro_rules! samples {
    ($($entity:ident on [$($ground:ident),*] $($named:ident)? |$id:ident, $n:ident, $full:ident| $make:expr;)*) => {$(
        #[async_trait::async_trait]
        impl $crate::testing::builders::Sample for $entity {
            const NAMED: bool = !stringify!($($named)?).is_empty();

            fn sample(id: u128, $n: u128, $full: bool) -> Self {
                let $id = $crate::testing::builders::id(id);
                let _ = $full;
                $make
            }

            async fn ground(tx: &mut $crate::storage::Tx, count: u128) -> $crate::error::Result<()> {
                let _ = (&tx, count);
                $($crate::testing::builders::lay::<$ground>(tx, count).await?;)*
                Ok(())
            }
        }
    )*};
}

pub(super) use samples;
