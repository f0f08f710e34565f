//! Orders to suppliers: written, sent, received, closed.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::{Permission, Series};
use crate::catalog::{Variant, VariantKind};
use crate::clock::Date;
use crate::engine::accounts::expect_version;
use crate::engine::work::Coming;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::{LocationId, PurchaseLineId, PurchaseOrderId, SupplierId, VariantId};
use crate::inventory::{LevelChange, Location, MoveReason, check_qty};
use crate::ledger::{Account, Draft, Tags};
use crate::money::{Money, Ppm};
use crate::page::{Page, PageRequest};
use crate::purchasing::{
    LandedCost, Landing, PurchaseLine, PurchaseOrder, PurchaseOrderState, Receipt, ReceiptLine, Supplier,
    land, state_after_receipt,
};

/// A purchase order with its lines and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PurchaseOrderView {
    /// The order.
    #[serde(flatten)]
    pub order: PurchaseOrder,
    /// Its lines.
    pub lines: Vec<PurchaseLine>,
    /// What came.
    pub receipts: Vec<Receipt>,
}

/// A line of a new purchase order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPurchaseLine {
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub qty: i64,
    /// The price of a unit; the supplier's offer when absent.
    #[serde(default)]
    pub unit_cost: Option<Money>,
}

/// Write a purchase order. It is a draft until submitted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePurchaseOrder {
    /// To whom.
    pub supplier_id: SupplierId,
    /// Where the goods are to arrive; the first place that sells when absent.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// What is ordered.
    pub lines: Vec<NewPurchaseLine>,
    /// When the goods should be here.
    #[serde(default)]
    pub expected_on: Option<Date>,
    /// A word to oneself.
    #[serde(default)]
    pub notes: Option<String>,
}

#[async_trait]
impl Command for CreatePurchaseOrder {
    const NAME: &'static str = "purchase_orders.create";
    const PERMISSION: Permission = Permission::PurchasingWrite;
    type Answer = PurchaseOrderView;

    async fn run(self, work: &mut Work) -> Result<PurchaseOrderView> {
        work.draft_purchase(self).await
    }
}

impl Work {
    /// Writes a purchase order down.
    pub(in crate::engine) async fn draft_purchase(
        &mut self,
        new: CreatePurchaseOrder,
    ) -> Result<PurchaseOrderView> {
        if !(1..=500).contains(&new.lines.len()) {
            let given = format!("{} lines long", new.lines.len());
            return Err(Error::invalid("lines", given, "a purchase order has 1 to 500 lines"));
        }
        let supplier = self.tx.load::<Supplier>(new.supplier_id).await?;
        let location_id = match new.location_id {
            Some(id) => self.tx.load::<Location>(id).await?.id,
            None => self.first_place().await?,
        };
        let id: PurchaseOrderId = self.id();
        let mut lines: Vec<PurchaseLine> = Vec::with_capacity(new.lines.len());
        let mut total = supplier.currency.zero();
        for (index, line) in new.lines.into_iter().enumerate() {
            let at = format!("lines[{index}]");
            let unit_cost = self.cost_of(&supplier, &line).await.map_err(|error| error.within(&at))?;
            if lines.iter().any(|other| other.variant_id == line.variant_id) {
                return Err(
                    Error::invalid("variant_id", line.variant_id, "name each variant once").within(at)
                );
            }
            total = total.plus(unit_cost.times(line.qty)?).map_err(|error| Error::from(error).within(&at))?;
            lines.push(PurchaseLine {
                id: self.id(),
                purchase_order_id: id,
                variant_id: line.variant_id,
                qty: line.qty,
                received: 0,
                cancelled: 0,
                unit_cost,
                version: 1,
            });
        }
        let order = PurchaseOrder {
            id,
            number: self.number(Series::PurchaseOrder).await?,
            supplier_id: supplier.id,
            location_id,
            state: PurchaseOrderState::Draft,
            total,
            expected_on: new.expected_on,
            notes: new.notes,
            version: 1,
            created_at: self.now,
        };
        self.tx.add(&order).await?;
        self.tx.add_all(&lines).await?;
        self.about(id);
        Ok(PurchaseOrderView { order, lines, receipts: Vec::new() })
    }

    async fn cost_of(&mut self, supplier: &Supplier, new: &NewPurchaseLine) -> Result<Money> {
        check_qty("qty", new.qty)?;
        let variant = self.tx.load::<Variant>(new.variant_id).await?;
        if variant.kind != VariantKind::Stocked {
            let remedy = "only stocked variants are ordered; record other finds as a haul";
            return Err(Error::invalid("variant_id", variant.id, remedy));
        }
        let offer = self.tx.purchasing().offer(supplier.id, variant.id).await?;
        if let Some(offer) = &offer {
            offer.check_qty(new.qty)?;
        }
        let cost = new.unit_cost.or(offer.map(|offer| offer.unit_cost_at(new.qty)));
        let cost = cost.ok_or_else(|| {
            Error::invalid("unit_cost", "absent", "name the price: the supplier has no offer for the variant")
        })?;
        if cost.is_negative() || cost.currency() != supplier.currency {
            let remedy = format!("give an amount of at least zero in {}", supplier.currency);
            return Err(Error::invalid("unit_cost", cost, &remedy));
        }
        Ok(cost)
    }

    async fn purchase_view(&mut self, order: PurchaseOrder) -> Result<PurchaseOrderView> {
        let lines = self.tx.parts::<PurchaseLine>(order.id).await?;
        let receipts = self.tx.parts::<Receipt>(order.id).await?;
        Ok(PurchaseOrderView { order, lines, receipts })
    }

    /// Tells the stock levels how many units of these lines are on their way, or no longer are.
    async fn expect_goods(&mut self, order: &PurchaseOrder, lines: &[PurchaseLine], sign: i64) -> Result<()> {
        for line in lines.iter().filter(|line| line.outstanding() > 0) {
            let variant = self.tx.load::<Variant>(line.variant_id).await?;
            let id = self.id();
            self.tx.inventory().open_level(id, &variant, order.location_id).await?;
            self.change_incoming(line.variant_id, order.location_id, sign * line.outstanding()).await?;
        }
        Ok(())
    }

    async fn change_incoming(
        &mut self,
        variant_id: VariantId,
        location_id: LocationId,
        incoming: i64,
    ) -> Result<()> {
        let change = LevelChange { variant_id, location_id, on_hand: 0, reserved: 0, incoming };
        self.tx.inventory().change(change).await?.map(|_| ()).ok_or_else(|| {
            Error::internal(format!("incoming stock of {variant_id} at {location_id} is off: run verify"))
        })
    }
}

/// Where a purchase order may be moved by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseOrderStep {
    /// It was sent to the supplier.
    Submit,
    /// The supplier confirmed it.
    Acknowledge,
    /// It is called off.
    Cancel,
    /// It is done; what never came is cancelled.
    Close,
}

/// Move a purchase order on: submit, acknowledge, cancel or close it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvancePurchaseOrder {
    /// The order.
    pub purchase_order_id: PurchaseOrderId,
    /// What happened.
    pub step: PurchaseOrderStep,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for AdvancePurchaseOrder {
    const NAME: &'static str = "purchase_orders.advance";
    const PERMISSION: Permission = Permission::PurchasingWrite;
    type Answer = PurchaseOrderView;

    async fn run(self, work: &mut Work) -> Result<PurchaseOrderView> {
        let mut order = work.tx.hold::<PurchaseOrder>(self.purchase_order_id).await?;
        expect_version(self.expected_version, &order)?;
        let mut lines = work.tx.parts::<PurchaseLine>(order.id).await?;
        let was = order.state;
        order.state = order.state.step(match self.step {
            PurchaseOrderStep::Submit => PurchaseOrderState::Submitted,
            PurchaseOrderStep::Acknowledge => PurchaseOrderState::Acknowledged,
            PurchaseOrderStep::Cancel => PurchaseOrderState::Cancelled,
            PurchaseOrderStep::Close => PurchaseOrderState::Closed,
        })?;
        match self.step {
            PurchaseOrderStep::Submit => work.expect_goods(&order, &lines, 1).await?,
            PurchaseOrderStep::Acknowledge => {}
            PurchaseOrderStep::Cancel | PurchaseOrderStep::Close => {
                if was != PurchaseOrderState::Draft {
                    work.expect_goods(&order, &lines, -1).await?;
                }
                for line in lines.iter_mut().filter(|line| line.outstanding() > 0) {
                    line.cancelled += line.outstanding();
                    work.tx.save(line).await?;
                }
            }
        }
        work.tx.save(&mut order).await?;
        work.about(order.id);
        work.purchase_view(order).await
    }
}

/// Goods of a line that arrived.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArrivedLine {
    /// The line.
    pub purchase_line_id: PurchaseLineId,
    /// How many arrived.
    pub qty: i64,
}

/// Take goods of a purchase order in, with the further costs of getting them here.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveGoods {
    /// The order.
    pub purchase_order_id: PurchaseOrderId,
    /// What arrived.
    pub lines: Vec<ArrivedLine>,
    /// Freight, duty and the like, shared among the lines.
    #[serde(default)]
    pub landed_costs: Vec<LandedCost>,
    /// How much of an order may come too many.
    #[serde(default)]
    pub tolerance: Ppm,
}

#[async_trait]
impl Command for ReceiveGoods {
    const NAME: &'static str = "purchase_orders.receive";
    const PERMISSION: Permission = Permission::PurchasingWrite;
    const MOVES: bool = true;
    type Answer = PurchaseOrderView;

    async fn run(self, work: &mut Work) -> Result<PurchaseOrderView> {
        if !(0..=1_000_000).contains(&self.tolerance.0) {
            return Err(Error::invalid(
                "tolerance",
                self.tolerance.0,
                "choose 0 to 1,000,000 parts per million",
            ));
        }
        let mut order = work.tx.hold::<PurchaseOrder>(self.purchase_order_id).await?;
        let mut lines = work.tx.parts::<PurchaseLine>(order.id).await?;
        order.state.step(PurchaseOrderState::Received)?;
        if self.lines.is_empty() {
            return Err(Error::invalid("lines", "empty", "say what arrived"));
        }
        let mut arrived = Vec::with_capacity(self.lines.len());
        let mut landings = Vec::with_capacity(self.lines.len());
        for (index, part) in self.lines.iter().enumerate() {
            let at = format!("lines[{index}]");
            check_qty("qty", part.qty).map_err(|error| error.within(&at))?;
            if self.lines[..index].iter().any(|other| other.purchase_line_id == part.purchase_line_id) {
                return Err(Error::invalid("purchase_line_id", part.purchase_line_id, "name each line once")
                    .within(at));
            }
            let line = lines
                .iter_mut()
                .find(|line| line.id == part.purchase_line_id)
                .ok_or_else(|| Error::not_found("purchase_line", part.purchase_line_id).within(&at))?;
            let expected = part.qty.min(line.outstanding());
            line.receive(part.qty, self.tolerance).map_err(|error| error.within(&at))?;
            work.change_incoming(line.variant_id, order.location_id, -expected).await?;
            work.tx.save(line).await?;
            let variant = work.tx.load::<Variant>(line.variant_id).await?;
            landings.push(Landing {
                qty: part.qty,
                value: line.unit_cost.times(part.qty)?,
                weight_g: variant.weight_g.unwrap_or(0).saturating_mul(part.qty),
            });
            arrived.push((line.id, variant, part.qty));
        }
        let costs = land(&landings, &self.landed_costs)?;
        let receipt = Receipt {
            id: work.id(),
            purchase_order_id: order.id,
            lines: arrived
                .iter()
                .zip(&costs)
                .map(|((line, variant, qty), &cost)| ReceiptLine {
                    purchase_line_id: *line,
                    variant_id: variant.id,
                    qty: *qty,
                    cost,
                })
                .collect(),
            landed_costs: self.landed_costs,
            total: Money::sum(order.total.currency(), costs.iter().copied())?,
            at: work.now,
            business_date: work.today().await?,
        };
        work.tx.add(&receipt).await?;
        for ((_, variant, qty), cost) in arrived.iter().zip(costs) {
            work.take_in(Coming {
                variant,
                item: None,
                location: order.location_id,
                qty: *qty,
                cost,
                reason: MoveReason::Receipt,
                source: receipt.id.to_string(),
            })
            .await?;
        }
        let draft = Draft::new("receipt", receipt.id, "receive")
            .debit(Account::Inventory, receipt.total, Tags::default())
            .credit(Account::Payables, receipt.total, Tags::default())?;
        work.post(draft).await?;
        order.state = order.state.step(state_after_receipt(&lines))?;
        work.tx.save(&mut order).await?;
        work.about(order.id);
        work.emit("goods.received", order.id, &serde_json::json!({"receipt": receipt.id})).await?;
        work.purchase_view(order).await
    }
}

/// Look at a purchase order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetPurchaseOrder {
    /// The order.
    pub purchase_order_id: PurchaseOrderId,
}

#[async_trait]
impl Query for GetPurchaseOrder {
    const NAME: &'static str = "purchase_orders.get";
    const PERMISSION: Permission = Permission::PurchasingRead;
    type Answer = PurchaseOrderView;

    async fn run(self, look: &mut Look) -> Result<PurchaseOrderView> {
        let order = look.tx.load::<PurchaseOrder>(self.purchase_order_id).await?;
        let lines = look.tx.parts::<PurchaseLine>(order.id).await?;
        let receipts = look.tx.parts::<Receipt>(order.id).await?;
        Ok(PurchaseOrderView { order, lines, receipts })
    }
}

/// Look through the purchase orders, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListPurchaseOrders {
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<PurchaseOrderState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListPurchaseOrders {
    const NAME: &'static str = "purchase_orders.list";
    const PERMISSION: Permission = Permission::PurchasingRead;
    type Answer = Page<PurchaseOrder>;

    async fn run(self, look: &mut Look) -> Result<Page<PurchaseOrder>> {
        look.tx.purchasing().purchase_orders(self.state, &self.page).await
    }
}
