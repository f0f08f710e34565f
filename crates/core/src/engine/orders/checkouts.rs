//! Customers on their way to an order: stock is held for them for a while.

use std::time::Duration;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::place::{PlaceLine, check_shipping, find_goods, price_line};
use crate::accounts::Permission;
use crate::engine::work::{Claim, Sale, SoldBy, Want};
use crate::engine::{Command, Look, OrderView, Query, Work};
use crate::error::{Error, Kind, Result};
use crate::ids::{CheckoutId, CustomerId};
use crate::inventory::{HoldOwner, ReservationState, check_qty};
use crate::money::Money;
use crate::orders::{CheckoutLine, CheckoutSession, CheckoutState, Customer};

/// How long a checkout holds its stock.
const CHECKOUT_HOLD: Duration = Duration::from_mins(15);

/// Begin a checkout: stock is held for a quarter of an hour.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginCheckout {
    /// What is wanted.
    pub lines: Vec<CheckoutLine>,
    /// Who wants it.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// What shipping costs; nothing when absent.
    #[serde(default)]
    pub shipping: Option<Money>,
    /// A coupon to use.
    #[serde(default)]
    pub coupon: Option<String>,
}

#[async_trait]
impl Command for BeginCheckout {
    const NAME: &'static str = "checkouts.begin";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = CheckoutSession;

    async fn run(self, work: &mut Work) -> Result<CheckoutSession> {
        let id: CheckoutId = work.id();
        let expires_at = work.now.plus(CHECKOUT_HOLD);
        let places: Vec<_> =
            self.lines.iter().map(|line| PlaceLine::variant(line.variant_id, line.qty)).collect();
        for (index, line) in self.lines.iter().enumerate() {
            check_qty("qty", line.qty).map_err(|error| error.within(format!("lines[{index}]")))?;
        }
        let (mut goods, _) = find_goods(work, &places).await?;
        let mut total = match self.shipping {
            Some(shipping) => shipping,
            None => work.shop().await?.currency.zero(),
        };
        let shipping = total;
        check_shipping(shipping)?;
        if let Some(customer) = self.customer_id {
            work.tx.load::<Customer>(customer).await?;
        }
        for line in places {
            let line = price_line(line, &goods, &[])?;
            total = total.plus(line.unit_price.times(line.qty)?)?;
        }
        let parts = work.open_bundles(&mut goods).await?;
        let wants: Vec<_> = self
            .lines
            .iter()
            .map(|line| Want {
                variant: line.variant_id,
                qty: line.qty,
                owner: HoldOwner::Checkout,
                owner_id: id.to_string(),
                split: true,
                expires_at: Some(expires_at),
            })
            .collect();
        if wants.is_empty() {
            return Err(Error::invalid("lines", "empty", "name what is wanted"));
        }
        work.reserve(&mut goods, &parts, &wants, SoldBy::Nobody).await?;
        let session = CheckoutSession {
            id,
            state: CheckoutState::Incomplete.step(CheckoutState::Ready)?,
            lines: self.lines,
            customer_id: self.customer_id,
            coupon: self.coupon,
            shipping,
            total,
            order_id: None,
            expires_at,
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&session).await?;
        work.about(id);
        Ok(session)
    }
}

/// Complete a checkout: it becomes an order at the prices of now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteCheckout {
    /// The checkout.
    pub checkout_id: CheckoutId,
    /// Whether the money is here already.
    #[serde(default)]
    pub paid: bool,
}

#[async_trait]
impl Command for CompleteCheckout {
    const NAME: &'static str = "checkouts.complete";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = OrderView;

    async fn run(self, work: &mut Work) -> Result<OrderView> {
        let mut session = work.tx.hold::<CheckoutSession>(self.checkout_id).await?;
        if session.expires_at <= work.now {
            session.state = session.state.step(CheckoutState::Expired)?;
            let message = "the checkout has run out: begin a new one";
            return Err(Error::new(Kind::Conflict, "checkouts.expired", message));
        }
        session.state = session.state.step(CheckoutState::Completing)?;
        work.drop_holds(session.id, ReservationState::Released).await?;
        let places: Vec<_> =
            session.lines.iter().map(|line| PlaceLine::variant(line.variant_id, line.qty)).collect();
        let (mut goods, _) = find_goods(work, &places).await?;
        let lines =
            places.into_iter().map(|line| price_line(line, &goods, &[])).collect::<Result<Vec<_>>>()?;
        let sale = Sale {
            lines,
            channel_id: None,
            external: None,
            customer_id: session.customer_id,
            placed_at: work.now,
            shipping: session.shipping,
            coupon: session.coupon.clone(),
            split: true,
            paid_to: self.paid.then(|| "manual".to_owned()),
            fees: None,
            claim: Claim::All,
        };
        let view = work.sell(sale, &mut goods).await?;
        session.state = session.state.step(CheckoutState::Completed)?;
        session.order_id = Some(view.order.id);
        work.tx.save(&mut session).await?;
        Ok(view)
    }
}

impl Work {
    /// Lets go of what a checkout holds.
    pub(in crate::engine) async fn drop_holds(
        &mut self,
        checkout: CheckoutId,
        next: ReservationState,
    ) -> Result<()> {
        let mut held = self.tx.inventory().held(HoldOwner::Checkout, &[checkout.to_string()]).await?;
        self.release(&mut held, next).await
    }
}

/// Call a checkout off.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelCheckout {
    /// The checkout.
    pub checkout_id: CheckoutId,
}

#[async_trait]
impl Command for CancelCheckout {
    const NAME: &'static str = "checkouts.cancel";
    const PERMISSION: Permission = Permission::OrdersWrite;
    type Answer = CheckoutSession;

    async fn run(self, work: &mut Work) -> Result<CheckoutSession> {
        let mut session = work.tx.hold::<CheckoutSession>(self.checkout_id).await?;
        session.state = session.state.step(CheckoutState::Cancelled)?;
        work.drop_holds(session.id, ReservationState::Released).await?;
        work.tx.save(&mut session).await?;
        work.about(session.id);
        Ok(session)
    }
}

/// Look at a checkout.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetCheckout {
    /// The checkout.
    pub checkout_id: CheckoutId,
}

#[async_trait]
impl Query for GetCheckout {
    const NAME: &'static str = "checkouts.get";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = CheckoutSession;

    async fn run(self, look: &mut Look) -> Result<CheckoutSession> {
        look.tx.load::<CheckoutSession>(self.checkout_id).await
    }
}
