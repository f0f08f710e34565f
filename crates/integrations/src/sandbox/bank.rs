use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::ids::{OrderId, PaymentTxnId};
use baddie_core::money::Money;
use baddie_core::payments::{
    PaymentCapabilities, PaymentError, PaymentOutcome, PaymentProvider, PaymentRequest, TxnKind,
};
use serde::{Deserialize, Serialize};

use super::Sandbox;
use super::call::Call;
use super::faults::Luck;
use super::world::World;

/// A means of payment that the bank declines.
pub const DECLINE: &str = "decline";
/// A means of payment that takes its time.
pub const SLOW: &str = "slow";

/// A movement as the bank remembers it, refusals too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Movement {
    order: OrderId,
    kind: TxnKind,
    amount: Money,
    on: Option<String>,
    name: String,
    settles_at: Timestamp,
    declined: Option<String>,
    /// Whether a customer pays it on a page of the bank's.
    #[serde(default)]
    page: bool,
}

impl Movement {
    fn answer(&self, now: Timestamp) -> Result<PaymentOutcome, PaymentError> {
        if let Some(reason) = &self.declined {
            return Err(PaymentError::Declined { reason: reason.clone() });
        }
        let settled = self.settles_at <= now;
        let page = (self.page && !settled).then(|| format!("https://bank.invalid/pay/{}", self.name));
        Ok(PaymentOutcome { provider_ref: self.name.clone(), settled, page })
    }
}

/// The bank's book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Ledger {
    pub(super) luck: Luck,
    movements: BTreeMap<PaymentTxnId, Movement>,
}

impl Ledger {
    pub(super) fn new(luck: Luck) -> Self {
        Self { luck, movements: BTreeMap::new() }
    }

    /// Does what is asked, once for each key.
    fn execute(
        &mut self,
        request: &PaymentRequest,
        takes: Duration,
        now: Timestamp,
    ) -> Result<PaymentOutcome, PaymentError> {
        if let Some(known) = self.movements.get(&request.key) {
            if (known.kind, known.amount, known.order) != (request.kind, request.amount, request.order) {
                let reason = "this key was used for something else".into();
                return Err(PaymentError::Declined { reason });
            }
            return known.answer(now);
        }
        let slow = request.method.as_deref() == Some(SLOW) || request.page.is_some();
        let movement = Movement {
            order: request.order,
            kind: request.kind,
            amount: request.amount,
            on: request.on.clone(),
            // By its key, not by a count: of calls that are under way at once, any may arrive first.
            name: format!("bank-{}", request.key),
            settles_at: if slow { now.plus(takes) } else { now },
            declined: self.objection(request, now),
            page: request.page.is_some(),
        };
        let answer = movement.answer(now);
        self.movements.insert(request.key, movement);
        answer
    }

    /// Shuts the page of a movement that nobody has paid yet.
    fn shut(&mut self, key: PaymentTxnId, now: Timestamp) {
        if let Some(movement) = self.movements.get_mut(&key)
            && movement.page
            && now < movement.settles_at
        {
            movement.declined = Some("the page was shut before anybody paid".into());
        }
    }

    /// Why the bank says no, if it does.
    fn objection(&self, request: &PaymentRequest, now: Timestamp) -> Option<String> {
        if request.method.as_deref() == Some(DECLINE) {
            return Some("the customer's bank said no".into());
        }
        if !request.amount.is_positive() {
            return Some("there is nothing to move".into());
        }
        let rests_on = match request.kind {
            TxnKind::Auth => return None,
            TxnKind::Capture if request.on.is_none() => return None,
            TxnKind::Capture | TxnKind::Void => TxnKind::Auth,
            TxnKind::Refund => TxnKind::Capture,
            TxnKind::Chargeback | TxnKind::ChargebackReversal => {
                return Some("only the customer's bank does that".into());
            }
        };
        let base = self.movements.values().find(|movement| {
            movement.kind == rests_on
                && Some(&movement.name) == request.on.as_ref()
                && movement.answer(now).is_ok()
        });
        let Some(base) = base else { return Some("there is nothing to build it on".into()) };
        let spent = self
            .movements
            .values()
            .filter(|movement| movement.on == request.on && movement.answer(now).is_ok())
            .try_fold(request.amount, |sum, movement| sum.plus(movement.amount));
        let fits = spent.and_then(|spent| base.amount.minus(spent)).is_ok_and(|left| !left.is_negative());
        (!fits).then(|| "it is more than there is".into())
    }
}

/// The world's bank, as the engine calls it. The means of payment [`DECLINE`] is declined, [`SLOW`] takes its time,
/// any other is good. On a page of the bank's customers pay, in their own time.
#[derive(Clone)]
pub struct Bank(pub(super) Sandbox);

impl Bank {
    async fn call<T: Send>(
        &self,
        call: Call,
        effect: impl FnOnce(&mut Ledger, Timestamp) -> Result<T, PaymentError> + Send,
    ) -> Result<T, PaymentError> {
        let faults = &self.0.shared.config.faults;
        let fate = |world: &mut World| Ok(world.ledger.luck.call(faults));
        self.0.carry(call, fate, |world, now| effect(&mut world.ledger, now)).await
    }
}

#[async_trait]
impl PaymentProvider for Bank {
    fn capabilities(&self) -> PaymentCapabilities {
        PaymentCapabilities { over_capture: false, part_capture: true, page: true }
    }

    async fn execute(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        let takes = Duration::from_millis(self.0.shared.config.slow_payment_ms);
        self.call(Call::Changes, |ledger, now| ledger.execute(request, takes, now)).await
    }

    /// Nothing came of what was declined, so it is not found; sent again, it is declined again.
    async fn look_up(&self, request: &PaymentRequest) -> Result<Option<PaymentOutcome>, PaymentError> {
        self.call(Call::Looks, |ledger, now| {
            Ok(ledger.movements.get(&request.key).and_then(|movement| movement.answer(now).ok()))
        })
        .await
    }

    async fn shut_page(&self, request: &PaymentRequest) -> Result<(), PaymentError> {
        self.call(Call::Changes, |ledger, now| {
            ledger.shut(request.key, now);
            Ok(())
        })
        .await
    }
}
