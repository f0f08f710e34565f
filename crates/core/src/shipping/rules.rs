use super::{Fulfilment, FulfilmentState, ParcelLine, ReturnCase, ReturnState};
use crate::entity::IllegalStep;
use crate::error::{Error, Result};
use crate::inventory::check_qty;
use crate::orders::{OrderError, OrderLine};

impl Fulfilment {
    /// Moves to another state, if the machine allows it.
    pub fn step(&mut self, next: FulfilmentState) -> Result<(), IllegalStep> {
        self.state = self.state.step(next)?;
        Ok(())
    }
}

impl ReturnCase {
    /// Moves to another state, if the machine allows it.
    pub fn step(&mut self, next: ReturnState) -> Result<(), IllegalStep> {
        self.state = self.state.step(next)?;
        Ok(())
    }
}

/// Refuses parcels that name a line twice, a line of another order, or more than is open beyond what other planned
/// parcels hold. With no lines named, the parcel takes everything open.
pub fn plan_parcel(
    wanted: &[ParcelLine],
    lines: &[OrderLine],
    planned: &[Fulfilment],
) -> Result<Vec<ParcelLine>> {
    let waiting = |line: &OrderLine| -> i64 {
        planned
            .iter()
            .filter(|parcel| matches!(parcel.state, FulfilmentState::Planned | FulfilmentState::Packed))
            .flat_map(|parcel| &parcel.lines)
            .filter(|part| part.order_line_id == line.id)
            .map(|part| part.qty)
            .sum()
    };
    if wanted.is_empty() {
        let all: Vec<_> = lines
            .iter()
            .map(|line| ParcelLine { order_line_id: line.id, qty: line.open() - waiting(line) })
            .filter(|part| part.qty > 0)
            .collect();
        if all.is_empty() {
            return Err(Error::invalid(
                "lines",
                "empty",
                "nothing of this order is open: there is nothing to send",
            ));
        }
        return Ok(all);
    }
    for (index, part) in wanted.iter().enumerate() {
        let at = format!("lines[{index}]");
        check_qty("qty", part.qty).map_err(|error| error.within(&at))?;
        if wanted[..index].iter().any(|other| other.order_line_id == part.order_line_id) {
            return Err(Error::invalid("order_line_id", part.order_line_id, "name each line once").within(at));
        }
        let line = lines
            .iter()
            .find(|line| line.id == part.order_line_id)
            .ok_or_else(|| Error::not_found("order_line", part.order_line_id).within(at))?;
        let open = line.open() - waiting(line);
        if part.qty > open {
            return Err(OrderError::NotOpen { sku: line.sku.clone(), requested: part.qty, open }.into());
        }
    }
    Ok(wanted.to_vec())
}
