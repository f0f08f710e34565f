//! Looking at orders.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::engine::work::order_view;
use crate::engine::{Look, OrderView, Query};
use crate::error::{Error, Result};
use crate::ids::OrderId;
use crate::orders::{Order, OrderFilter};
use crate::page::{Page, PageRequest};

/// Look at an order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetOrder {
    /// The order.
    pub order_id: OrderId,
}

#[async_trait]
impl Query for GetOrder {
    const NAME: &'static str = "orders.get";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = OrderView;

    async fn run(self, look: &mut Look) -> Result<OrderView> {
        let order = look.tx.load::<Order>(self.order_id).await?;
        let view = order_view(&mut *look.tx, vec![order]).await?.pop();
        view.ok_or_else(|| Error::not_found("order", self.order_id))
    }
}

/// Look through the orders, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListOrders {
    /// Which ones.
    #[serde(flatten)]
    pub filter: OrderFilter,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListOrders {
    const NAME: &'static str = "orders.list";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = Page<OrderView>;

    async fn run(self, look: &mut Look) -> Result<Page<OrderView>> {
        let page = look.tx.orders().find_orders(&self.filter, &self.page).await?;
        let items = order_view(&mut *look.tx, page.items).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }
}
