//! What comes back: asked for, received, inspected, and where it goes.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::{Permission, Series};
use crate::catalog::{BundleComponent, Item, ItemStatus, Variant, VariantKind, share_bundle_cost};
use crate::engine::accounts::expect_version;
use crate::engine::work::Coming;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::{LocationId, OrderId, OrderLineId, ReturnId, VariantId};
use crate::inventory::{LocationKind, MoveReason, check_qty};
use crate::ledger::{Account, Draft, Tags};
use crate::money::{Money, Rounding};
use crate::orders::{Order, OrderError, OrderLine};
use crate::page::{Page, PageRequest};
use crate::shipping::{Disposition, ReturnCase, ReturnLine, ReturnState};

/// Open a return: a customer wants to send something back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestReturn {
    /// The order.
    pub order_id: OrderId,
    /// What comes back.
    pub lines: Vec<ReturnLine>,
}

#[async_trait]
impl Command for RequestReturn {
    const NAME: &'static str = "returns.request";
    const PERMISSION: Permission = Permission::OrdersWrite;
    type Answer = ReturnCase;

    async fn run(self, work: &mut Work) -> Result<ReturnCase> {
        let order = work.tx.hold::<Order>(self.order_id).await?;
        let lines = work.tx.parts::<OrderLine>(order.id).await?;
        let open_cases: Vec<_> = work
            .tx
            .parts::<ReturnCase>(order.id)
            .await?
            .into_iter()
            .filter(|case| !case.state.is_final() && case.state != ReturnState::Inspected)
            .collect();
        if self.lines.is_empty() {
            return Err(Error::invalid("lines", "empty", "say what comes back"));
        }
        for (index, part) in self.lines.iter().enumerate() {
            let at = format!("lines[{index}]");
            check_qty("qty", part.qty).map_err(|error| error.within(&at))?;
            if part.disposition.is_some() {
                return Err(Error::invalid("disposition", "given", "it is decided on inspection").within(at));
            }
            let line = find_line(&lines, part.order_line_id).map_err(|error| error.within(&at))?;
            if self.lines[..index].iter().any(|other| other.order_line_id == part.order_line_id) {
                return Err(
                    Error::invalid("order_line_id", part.order_line_id, "name each line once").within(at)
                );
            }
            let waiting = open_cases.iter().flat_map(|case| &case.lines);
            let waiting: i64 =
                waiting.filter(|other| other.order_line_id == line.id).map(|other| other.qty).sum();
            let sent = line.fulfilled - line.returned - waiting;
            if part.qty > sent {
                return Err(OrderError::NotSent { sku: line.sku.clone(), requested: part.qty, sent }.into());
            }
        }
        let case = ReturnCase {
            id: work.id(),
            number: work.number(Series::Return).await?,
            order_id: order.id,
            lines: self.lines,
            state: ReturnState::Requested,
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&case).await?;
        work.about(case.id);
        work.emit("return.requested", case.id, &serde_json::json!({"order": order.id})).await?;
        Ok(case)
    }
}

fn find_line(lines: &[OrderLine], id: OrderLineId) -> Result<&OrderLine> {
    lines.iter().find(|line| line.id == id).ok_or_else(|| Error::not_found("order_line", id))
}

/// Where a return may be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnStep {
    /// It is allowed.
    Approve,
    /// It is not.
    Decline,
    /// The customer keeps it after all.
    Cancel,
    /// It is on its way.
    Send,
    /// It is here.
    Receive,
    /// It was never sent.
    Expire,
    /// It is gone.
    Lose,
    /// It is done.
    Close,
}

/// Move a return on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceReturn {
    /// The return.
    pub return_id: ReturnId,
    /// What happened.
    pub step: ReturnStep,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for AdvanceReturn {
    const NAME: &'static str = "returns.advance";
    const PERMISSION: Permission = Permission::OrdersWrite;
    type Answer = ReturnCase;

    async fn run(self, work: &mut Work) -> Result<ReturnCase> {
        let mut case = work.tx.load::<ReturnCase>(self.return_id).await?;
        expect_version(self.expected_version, &case)?;
        case.step(match self.step {
            ReturnStep::Approve => ReturnState::Approved,
            ReturnStep::Decline => ReturnState::Declined,
            ReturnStep::Cancel => ReturnState::Cancelled,
            ReturnStep::Send => ReturnState::InTransit,
            ReturnStep::Receive => ReturnState::Received,
            ReturnStep::Expire => ReturnState::Expired,
            ReturnStep::Lose => ReturnState::Lost,
            ReturnStep::Close => ReturnState::Closed,
        })?;
        work.tx.save(&mut case).await?;
        work.about(case.id);
        Ok(case)
    }
}

/// What was found of a line that came back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The line.
    pub order_line_id: OrderLineId,
    /// How many; of one line, different units may be treated differently.
    pub qty: i64,
    /// What is done with them.
    pub disposition: Disposition,
}

/// Inspect what came back: each unit is restocked, set apart, thrown away, sent on or left with the buyer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectReturn {
    /// The return.
    pub return_id: ReturnId,
    /// What was found; every unit of the return once.
    pub verdicts: Vec<Verdict>,
}

#[async_trait]
impl Command for InspectReturn {
    const NAME: &'static str = "returns.inspect";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = ReturnCase;

    async fn run(self, work: &mut Work) -> Result<ReturnCase> {
        let mut case = work.tx.load::<ReturnCase>(self.return_id).await?;
        case.step(ReturnState::Inspected)?;
        let mut lines = work.tx.parts::<OrderLine>(case.order_id).await?;
        for (index, verdict) in self.verdicts.iter().enumerate() {
            let at = format!("verdicts[{index}]");
            check_qty("qty", verdict.qty).map_err(|error| error.within(&at))?;
            if case.lines.iter().all(|part| part.order_line_id != verdict.order_line_id) {
                let remedy = "the return has no such line: name its own";
                return Err(Error::invalid("order_line_id", verdict.order_line_id, remedy).within(at));
            }
        }
        let mut found = Vec::with_capacity(self.verdicts.len());
        for part in &case.lines {
            let verdicts: Vec<_> =
                self.verdicts.iter().filter(|verdict| verdict.order_line_id == part.order_line_id).collect();
            let sum: i64 = verdicts.iter().map(|verdict| verdict.qty).sum();
            if sum != part.qty {
                let remedy =
                    format!("the verdicts on line {} must add up to {}", part.order_line_id, part.qty);
                return Err(Error::invalid("verdicts", sum, &remedy));
            }
            for verdict in verdicts {
                found.push(ReturnLine {
                    qty: verdict.qty,
                    disposition: Some(verdict.disposition),
                    ..part.clone()
                });
            }
        }
        for (index, part) in found.iter().enumerate() {
            let line = lines
                .iter_mut()
                .find(|line| line.id == part.order_line_id)
                .ok_or_else(|| Error::not_found("order_line", part.order_line_id))?;
            let disposition = part.disposition.unwrap_or(Disposition::KeepWithBuyer);
            if disposition != Disposition::KeepWithBuyer {
                work.take_back(&case, index, line, part.qty, disposition).await?;
            }
        }
        case.lines = found;
        work.tx.save(&mut case).await?;
        work.about(case.id);
        Ok(case)
    }
}

impl Work {
    async fn take_back(
        &mut self,
        case: &ReturnCase,
        index: usize,
        line: &mut OrderLine,
        qty: i64,
        disposition: Disposition,
    ) -> Result<()> {
        let upto = |units| line.cost_at_sale.share(units, line.fulfilled.max(1), Rounding::HalfEven);
        let cost = upto(line.returned + qty)?.minus(upto(line.returned)?)?;
        line.take_back(qty)?;
        self.tx.save(line).await?;
        let back = match disposition {
            Disposition::Restock => Some(self.first_place().await?),
            Disposition::Quarantine => Some(self.quarantine().await?),
            Disposition::WriteOff | Disposition::ToSupplier | Disposition::KeepWithBuyer => None,
        };
        if let Some(item) = line.item_id {
            let mut item = self.tx.load::<Item>(item).await?;
            let next = if back.is_some() { ItemStatus::InStock } else { ItemStatus::WrittenOff };
            item.status = item.status.step(next)?;
            item.location_id = back.unwrap_or(item.location_id);
            self.tx.save(&mut item).await?;
        }
        let Some(location) = back else { return Ok(()) };
        for (variant, qty, cost) in self.units_of(line.variant_id, qty, cost).await? {
            self.take_in(Coming {
                variant: &variant,
                item: line.item_id,
                location,
                qty,
                cost,
                reason: MoveReason::Return,
                source: case.id.to_string(),
            })
            .await?;
        }
        let tags = Tags { item_id: line.item_id, order_line_id: Some(line.id), channel_id: None };
        let source = format!("{}#{index}", case.id);
        let draft = Draft::new("return", source, "restock").debit(Account::Inventory, cost, tags).credit(
            Account::CostOfGoods,
            cost,
            tags,
        )?;
        self.post(draft).await.map(|_| ())
    }

    /// What so many of a variant are on the shelf, and what each costs: a bundle is its components.
    async fn units_of(&mut self, id: VariantId, qty: i64, cost: Money) -> Result<Vec<(Variant, i64, Money)>> {
        let variant = self.tx.load::<Variant>(id).await?;
        if variant.kind != VariantKind::Bundle {
            return Ok(vec![(variant, qty, cost)]);
        }
        let parts = self.tx.parts::<BundleComponent>(id).await?;
        let ids: Vec<_> = parts.iter().map(|part| part.variant_id).collect();
        let variants = self.tx.many::<Variant>(&ids).await?;
        let mut units = Vec::with_capacity(parts.len());
        for (part, cost) in parts.iter().zip(share_bundle_cost(cost, &parts, &variants)?) {
            let variant = variants.iter().find(|variant| variant.id == part.variant_id);
            let variant = variant.ok_or_else(|| Error::not_found("variant", part.variant_id))?;
            units.push((variant.clone(), part.qty * qty, cost));
        }
        Ok(units)
    }

    async fn quarantine(&mut self) -> Result<LocationId> {
        let places = self.tx.inventory().locations().await?;
        let place = places.into_iter().find(|place| place.kind == LocationKind::Quarantine);
        place.map(|place| place.id).ok_or_else(|| {
            let remedy =
                "there is no place to set things apart: make one of kind quarantine with locations.create";
            Error::invalid("disposition", Disposition::Quarantine, remedy)
        })
    }
}

/// Look through the returns, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListReturns {
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<ReturnState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListReturns {
    const NAME: &'static str = "returns.list";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = Page<ReturnCase>;

    async fn run(self, look: &mut Look) -> Result<Page<ReturnCase>> {
        look.tx.shipping().returns(self.state, &self.page).await
    }
}
