//! What may happen in a life, and how often.

mod goods;
mod looks;
mod market;
mod money;
mod purchases;
mod trade;

use baddie_core::catalog::{Variant, VariantKind};
use baddie_core::entity::{Append, Entity};
use baddie_core::ids::EntityId;
use baddie_core::inventory::StockLevel;
use baddie_core::money::Money;
use baddie_core::storage::Tx;

use crate::Life;

/// Every act, and how often it is drawn among the others.
const ACTS: &[(&str, i64)] = &[
    ("describe a product", 2),
    ("describe a bundle", 2),
    ("take in an item", 3),
    ("change a variant", 3),
    ("adjust stock", 8),
    ("make a place", 1),
    ("transfer", 4),
    ("hold", 4),
    ("release", 3),
    ("supplier", 1),
    ("offer", 2),
    ("order goods", 3),
    ("advance a purchase", 4),
    ("receive", 4),
    ("haul", 1),
    ("customer", 1),
    ("place", 14),
    ("cancel", 6),
    ("confirm", 4),
    ("fulfil", 9),
    ("plan a parcel", 3),
    ("advance a parcel", 5),
    ("request a return", 4),
    ("advance a return", 5),
    ("inspect", 4),
    ("checkout", 4),
    ("complete a checkout", 3),
    ("cancel a checkout", 1),
    ("promotion", 1),
    ("record a payment", 4),
    ("authorise", 4),
    ("move a payment", 6),
    ("payout", 2),
    ("post an entry", 2),
    ("reverse an entry", 1),
    ("list", 9),
    ("publish", 1),
    ("revise", 3),
    ("end a listing", 2),
    ("relist", 3),
    ("buy at a channel", 9),
    ("change a channel's order", 3),
    ("reprice", 3),
    ("pass time", 8),
    ("look", 9),
];

impl Life {
    /// So many units of the shop's currency, as a request says it.
    fn money(&self, minor: i64) -> serde_json::Value {
        serde_json::json!(Money::new(minor, self.currency))
    }

    /// What happens next.
    pub(crate) fn draw(&self) -> &'static str {
        let mut at = self.dice.below(ACTS.iter().map(|(_, weight)| weight).sum());
        for (act, weight) in ACTS {
            at -= weight;
            if at < 0 {
                return act;
            }
        }
        unreachable!("the weights add up")
    }

    /// Lets it happen.
    pub(crate) async fn act(&mut self, act: &str) {
        match act {
            "describe a product" => self.describe_product().await,
            "describe a bundle" => self.describe_bundle().await,
            "take in an item" => self.take_in_item().await,
            "change a variant" => self.change_variant().await,
            "adjust stock" => self.adjust().await,
            "make a place" => self.make_place().await,
            "transfer" => self.transfer().await,
            "hold" => self.hold().await,
            "release" => self.release().await,
            "supplier" => self.supplier().await,
            "offer" => self.offer().await,
            "order goods" => self.order_goods().await,
            "advance a purchase" => self.advance_purchase().await,
            "receive" => self.receive().await,
            "haul" => self.haul().await,
            "customer" => self.customer().await,
            "place" => self.place().await,
            "cancel" => self.cancel().await,
            "confirm" => self.confirm().await,
            "fulfil" => self.fulfil().await,
            "plan a parcel" => self.plan_parcel().await,
            "advance a parcel" => self.advance_parcel().await,
            "request a return" => self.request_return().await,
            "advance a return" => self.advance_return().await,
            "inspect" => self.inspect().await,
            "checkout" => self.checkout().await,
            "complete a checkout" => self.complete_checkout().await,
            "cancel a checkout" => self.cancel_checkout().await,
            "promotion" => self.promotion().await,
            "record a payment" => self.record_payment().await,
            "authorise" => self.authorise().await,
            "move a payment" => self.move_payment().await,
            "payout" => self.payout().await,
            "post an entry" => self.post_entry().await,
            "reverse an entry" => self.reverse_entry().await,
            "list" => self.list().await,
            "publish" => self.publish().await,
            "revise" => self.revise().await,
            "end a listing" => self.end_listing().await,
            "relist" => self.relist().await,
            "buy at a channel" => self.buy().await,
            "change a channel's order" => self.change_order(),
            "reprice" => self.reprice().await,
            "pass time" => self.pass_time().await,
            "look" => self.look().await,
            other => unreachable!("{other} is no act"),
        }
    }

    /// One of the newest things of a kind.
    async fn any<E: Entity>(&self) -> Option<E>
    where
        Tx: Append<E>,
    {
        self.any_that(|_| true).await
    }

    /// One of the newest things of a kind that fits; now and then one that does not.
    async fn any_that<E: Entity>(&self, fits: impl Fn(&E) -> bool) -> Option<E>
    where
        Tx: Append<E>,
    {
        let strict = !self.dice.chance(7);
        let mut rows = self.twins.newest::<E>().await;
        rows.retain(|row| !strict || fits(row));
        self.dice.pick(&rows).cloned()
    }

    /// The id of one of the newest things of a kind; now and then of none.
    async fn id<E: Entity>(&self) -> E::Id
    where
        Tx: Append<E>,
    {
        let stray = E::Id::from_u128(u128::from_be_bytes([7; 16]));
        if self.dice.chance(3) { stray } else { self.any::<E>().await.map_or(stray, |row| row.id()) }
    }

    /// A variant that somebody may want: mostly one that can be had, sometimes a bundle, now and then any.
    async fn wanted(&self) -> Option<Variant> {
        let variants = self.twins.newest::<Variant>().await;
        let here: Vec<_> = self.twins.newest::<StockLevel>().await;
        let here = |id| here.iter().any(|level| level.variant_id == id && level.available() > 0);
        let kind = self.dice.below(20);
        let fits = |variant: &&Variant| match kind {
            0 | 1 => true,
            2..=4 => variant.kind == VariantKind::Bundle,
            _ => here(variant.id),
        };
        let fitting: Vec<_> = variants.iter().filter(fits).collect();
        self.dice.pick(&fitting).map(|variant| (*variant).clone())
    }

    /// How many of a variant somebody may want.
    fn wanted_qty(&self, variant: &Variant) -> i64 {
        if variant.kind == VariantKind::Unique && !self.dice.chance(5) { 1 } else { self.dice.qty() }
    }

    /// A name that nobody has yet.
    fn name(&mut self, of: &str) -> String {
        self.names += 1;
        format!("{of}-{}", self.names)
    }
}
