//! Promotions and their coupons.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::clock::Timestamp;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Kind, Result};
use crate::ids::PromotionId;
use crate::inventory::check_qty;
use crate::money::{Money, Ppm};
use crate::orders::{Coupon, Promotion, PromotionKind};

/// Make a promotion, with the coupons that grant it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePromotion {
    /// What it is called.
    pub name: String,
    /// How it lowers the price.
    pub kind: PromotionKind,
    /// The share, for `percent`.
    #[serde(default)]
    pub rate: Option<Ppm>,
    /// The amount, for `amount`; with `percent`, the most it may take off.
    #[serde(default)]
    pub amount: Option<Money>,
    /// From when.
    #[serde(default)]
    pub starts_at: Option<Timestamp>,
    /// Until when.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// Coupon codes and how often each may be used.
    pub coupons: Vec<NewCoupon>,
}

/// A coupon to be made.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCoupon {
    /// The code: capitals, digits and dashes.
    pub code: String,
    /// How many times it may be used.
    pub max_uses: i64,
}

/// A promotion and its coupons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PromotionView {
    /// The promotion.
    #[serde(flatten)]
    pub promotion: Promotion,
    /// Its coupons.
    pub coupons: Vec<Coupon>,
}

#[async_trait]
impl Command for CreatePromotion {
    const NAME: &'static str = "promotions.create";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = PromotionView;

    async fn run(self, work: &mut Work) -> Result<PromotionView> {
        let promotion = Promotion {
            id: work.id(),
            name: self.name,
            kind: self.kind,
            rate: self.rate,
            amount: self.amount,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            version: 1,
        };
        promotion.check()?;
        let mut coupons = Vec::with_capacity(self.coupons.len());
        for (index, coupon) in self.coupons.into_iter().enumerate() {
            let at = format!("coupons[{index}]");
            let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
            if !(4..=40).contains(&coupon.code.len()) || !coupon.code.chars().all(fits) {
                let remedy = "use 4 to 40 capitals, digits and dashes";
                return Err(Error::invalid("code", format!("{:?}", coupon.code), remedy).within(at));
            }
            check_qty("max_uses", coupon.max_uses).map_err(|error| error.within(at))?;
            coupons.push(Coupon {
                id: work.id(),
                promotion_id: promotion.id,
                code: coupon.code,
                max_uses: coupon.max_uses,
                used: 0,
                version: 1,
            });
        }
        work.tx.add(&promotion).await?;
        work.tx.add_all(&coupons).await.map_err(|error| {
            if error.code() == "storage.duplicate" {
                let codes: Vec<_> = coupons.iter().map(|coupon| coupon.code.as_str()).collect();
                let message = format!("one of {} is taken: choose another code", codes.join(", "));
                return Error::new(Kind::Conflict, "promotions.duplicate", message).on_field("coupons");
            }
            error
        })?;
        work.about(promotion.id);
        Ok(PromotionView { promotion, coupons })
    }
}

/// Look at a promotion.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetPromotion {
    /// The promotion.
    pub promotion_id: PromotionId,
}

#[async_trait]
impl Query for GetPromotion {
    const NAME: &'static str = "promotions.get";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = PromotionView;

    async fn run(self, look: &mut Look) -> Result<PromotionView> {
        let promotion = look.tx.load::<Promotion>(self.promotion_id).await?;
        let coupons = look.tx.parts::<Coupon>(self.promotion_id).await?;
        Ok(PromotionView { promotion, coupons })
    }
}
