use async_trait::async_trait;

use super::{Sample, TWINS, at, day, id, int, lay, pence, samples, whole, words};
use crate::catalog::{Item, Variant};
use crate::error::Result;
use crate::ids::CustomerId;
use crate::listings::{Channel, Listing, TaxLine};
use crate::money::Ppm;
use crate::orders::{
    AdjustmentKind, CheckoutLine, CheckoutSession, CheckoutState, Coupon, Customer, CustomerPii, Order,
    OrderAdjustment, OrderLine, OrderState, Promotion, PromotionKind, Redemption,
};
use crate::storage::Tx;

samples! {
    Customer on [] |id, n, full| Customer {
        id,
        external_id: full.then(|| format!("buyer {n}")),
        erased: !full,
        version: 1,
        created_at: at(n, 1),
    };
    Order on [Customer, Channel] named |order, n, full| Order {
        id: order,
        number: int(n, 1),
        channel_id: full.then(|| id(n)),
        external_id: full.then(|| format!("theirs {n}")),
        external_version: int(n, 2),
        customer_id: full.then(|| id(n)),
        state: if full { OrderState::Confirmed } else { OrderState::Oversold },
        placed_at: at(n, 3),
        business_date: day(n, 4),
        goods: pence(n, 5),
        discount: pence(n, 6),
        shipping: pence(n, 7),
        tax: pence(n, 8),
        facilitator_tax: pence(n, 9),
        total: pence(4 * n, 5 + 7 + 8 + 9),
        adjusted: pence(n, 10),
        deposit: pence(n, 11),
        version: 1,
    };
    OrderLine on [Order, Variant, Listing, Item] named |line, n, full| OrderLine {
        id: line,
        order_id: whole(n),
        variant_id: id(n),
        listing_id: full.then(|| id(n)),
        item_id: full.then(|| id(n)),
        sku: format!("SKU-{n}"),
        title: words("title", n),
        qty: int(3 * n, 3),
        fulfilled: int(n, 1),
        cancelled: if full { 0 } else { int(n, 2) },
        returned: if full { 0 } else { int(n, 0) },
        unit_price: pence(n, 4),
        discount: pence(n, 5),
        taxes: vec![TaxLine {
            jurisdiction: words("tax", n),
            rate: Ppm(int(n, 6)),
            amount: pence(n, 7),
            facilitator: full,
        }],
        cost_at_sale: pence(n, 8),
        version: 1,
    };
    OrderAdjustment on [Order] |adjustment, n, full| OrderAdjustment {
        id: adjustment,
        order_id: whole(n),
        order_line_id: full.then(|| id(n)),
        kind: if full { AdjustmentKind::Cancellation } else { AdjustmentKind::Goodwill },
        amount: pence(n, -1),
        reason: words("reason", n),
        actor: words("actor", n),
        at: at(n, 2),
    };
    Promotion on [] |promotion, n, full| Promotion {
        id: promotion,
        name: words("promotion", n),
        kind: if full { PromotionKind::Percent } else { PromotionKind::Amount },
        rate: full.then(|| Ppm(int(n, 1))),
        amount: full.then(|| pence(n, 2)),
        starts_at: full.then(|| at(n, 3)),
        ends_at: full.then(|| at(n, 4)),
        version: 1,
    };
    Coupon on [Promotion] named |coupon, n, full| Coupon {
        id: coupon,
        promotion_id: whole(n),
        code: format!("CODE-{n}"),
        max_uses: int(n, 2),
        used: int(n, 1),
        version: 1,
    };
    Redemption on [Coupon, Order] named |redemption, n, full| Redemption {
        id: redemption,
        coupon_id: id(n),
        order_id: whole(n),
        amount: pence(n, 1),
        at: at(n, 2),
    };
    CheckoutSession on [] |session, n, full| CheckoutSession {
        id: session,
        state: if full { CheckoutState::Completed } else { CheckoutState::Incomplete },
        lines: vec![CheckoutLine { variant_id: id(n), qty: int(n, 1) }],
        customer_id: full.then(|| id(n)),
        coupon: full.then(|| format!("CODE-{n}")),
        shipping: pence(n, 2),
        total: pence(n, 3),
        order_id: full.then(|| id(n)),
        expires_at: at(n, 4),
        version: 1,
        created_at: at(n, 5),
    };
}

#[async_trait]
impl Sample for CustomerPii {
    const NAMED: bool = false;

    fn sample(customer: u128, n: u128, full: bool) -> Self {
        Self {
            id: id(customer),
            name: words("name", n),
            email: full.then(|| format!("buyer{n}@example.org")),
            phone: full.then(|| format!("+44 {n}")),
            address: if full { vec![words("street", n), words("town", n)] } else { Vec::new() },
            version: 1,
        }
    }

    /// It bears its customer's identity, so a twin needs a customer of its own.
    async fn ground(tx: &mut Tx, count: u128) -> Result<()> {
        lay::<Customer>(tx, count).await?;
        if tx.find::<Customer>(id::<CustomerId>(TWINS + 1)).await?.is_some() {
            return Ok(());
        }
        let twins: Vec<_> = (1..=count).map(|n| Customer::sample(TWINS + n, n, false)).collect();
        tx.add_all(&twins).await
    }
}
