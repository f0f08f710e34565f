//! A second opinion in plain maps: what lies here and in which lots it came, what is promised, and what is in the till.

use std::collections::{BTreeMap, BTreeSet};

use baddie_core::clock::Timestamp;
use baddie_core::engine::OrderView;
use baddie_core::ids::{ChannelId, CheckoutId, OrderId, OrderLineId, PaymentId, ReservationId, VariantId};
use baddie_core::orders::OrderState;

/// What is promised until a moment.
pub(crate) struct Hold {
    pub(crate) units: Vec<(VariantId, i64)>,
    pub(crate) until: Option<Timestamp>,
}

/// A line of an order that is still to be sent.
pub(crate) struct OpenLine {
    pub(crate) variant: VariantId,
    pub(crate) open: i64,
    pub(crate) held: bool,
}

/// An order as far as it is open, and what the till holds for it.
#[derive(Default)]
pub(crate) struct Sale {
    pub(crate) lines: BTreeMap<OrderLineId, OpenLine>,
    pub(crate) till: BTreeMap<PaymentId, i64>,
}

/// The second opinion.
#[derive(Default)]
pub(crate) struct Oracle {
    /// What is left of every lot that came in, oldest first.
    pub(crate) lots: BTreeMap<VariantId, Vec<i64>>,
    pub(crate) bundles: BTreeMap<VariantId, Vec<(VariantId, i64)>>,
    pub(crate) holds: BTreeMap<ReservationId, Hold>,
    pub(crate) checkouts: BTreeMap<CheckoutId, Hold>,
    pub(crate) sales: BTreeMap<OrderId, Sale>,
    pub(crate) payouts: BTreeSet<(ChannelId, String)>,
    pub(crate) channels: BTreeSet<ChannelId>,
    pub(crate) cash: i64,
}

impl Oracle {
    /// The stocked units that so many of a variant are.
    pub(crate) fn units(&self, variant: VariantId, qty: i64) -> Vec<(VariantId, i64)> {
        match self.bundles.get(&variant) {
            Some(parts) => parts.iter().map(|(part, each)| (*part, each * qty)).collect(),
            None => vec![(variant, qty)],
        }
    }

    /// Units come in as a lot, or leave from the oldest lots.
    pub(crate) fn come(&mut self, variant: VariantId, qty: i64) {
        for (variant, qty) in self.units(variant, qty) {
            let lots = self.lots.entry(variant).or_default();
            if qty > 0 {
                lots.push(qty);
            }
            let mut leaving = -qty;
            while leaving > 0 {
                let first = lots.first_mut().expect("what leaves was here");
                let part = leaving.min(*first);
                *first -= part;
                leaving -= part;
                lots.retain(|left| *left > 0);
            }
            if lots.is_empty() {
                self.lots.remove(&variant);
            }
        }
    }

    /// Learns of an order that was just made.
    pub(crate) fn sold(&mut self, view: &OrderView) {
        let held = view.order.state != OrderState::Oversold;
        let open = |line: &baddie_core::orders::OrderLine| {
            let line = (line.id, OpenLine { variant: line.variant_id, open: line.qty, held });
            (line.0, line.1)
        };
        let sale = Sale { lines: view.lines.iter().map(open).collect(), till: BTreeMap::new() };
        self.sales.insert(view.order.id, sale);
        self.told_of_till(view);
    }

    /// Takes over what the till holds for an order; the books must agree with the sum over all orders.
    pub(crate) fn told_of_till(&mut self, view: &OrderView) {
        let sale = self.sales.entry(view.order.id).or_default();
        for payment in view.payments.iter().filter(|payment| payment.provider == "manual") {
            let now = payment.held().unwrap().minor();
            let was = sale.till.insert(payment.id, now).unwrap_or(0);
            self.cash += now - was;
        }
    }

    /// Units of a line are no longer wanted, or have left.
    pub(crate) fn close(&mut self, order: OrderId, line: OrderLineId, qty: i64, left: bool) {
        let line = self.sales.get_mut(&order).unwrap().lines.get_mut(&line).unwrap();
        line.open -= qty;
        let variant = line.variant;
        if left {
            self.come(variant, -qty);
        }
    }

    /// Whether nothing of an order is open.
    pub(crate) fn closed(&self, order: OrderId) -> bool {
        self.sales[&order].lines.values().all(|line| line.open == 0)
    }

    pub(crate) fn promise_all(&mut self, order: OrderId) {
        for line in self.sales.get_mut(&order).unwrap().lines.values_mut() {
            line.held = true;
        }
    }

    /// What runs out by itself.
    pub(crate) fn run_out(&mut self, now: Timestamp) {
        let stays = |hold: &Hold| hold.until.is_none_or(|until| until > now);
        self.holds.retain(|_, hold| stays(hold));
        self.checkouts.retain(|_, hold| stays(hold));
    }

    /// How many of each variant are promised.
    pub(crate) fn reserved(&self) -> BTreeMap<VariantId, i64> {
        let mut sums: BTreeMap<VariantId, i64> = BTreeMap::new();
        let lines = self.sales.values().flat_map(|sale| sale.lines.values()).filter(|line| line.held);
        let lines = lines.flat_map(|line| self.units(line.variant, line.open));
        let held = self.holds.values().chain(self.checkouts.values()).flat_map(|hold| hold.units.clone());
        for (variant, qty) in lines.chain(held) {
            *sums.entry(variant).or_default() += qty;
        }
        sums.retain(|_, qty| *qty != 0);
        sums
    }
}
