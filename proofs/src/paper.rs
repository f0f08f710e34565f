//! A bank that is a sheet of paper: a file to which every movement of money is added as one line. It outlives every
//! process that writes on it, and several may; so it tells afterwards what was truly done, and how often.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use baddie::ids::PaymentTxnId;
use baddie::payments::{
    PaymentCapabilities, PaymentError, PaymentOutcome, PaymentProvider, PaymentRequest, TxnKind,
};

/// The provider's name.
pub(crate) const PAPER: &str = "paper";
/// A means of payment that it declines.
pub(crate) const DECLINE: &str = "decline";

/// A line of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Movement {
    /// Under which key.
    pub(crate) key: String,
    /// For which order.
    pub(crate) order: String,
    /// What was done.
    pub(crate) kind: String,
    /// With how much.
    pub(crate) minor: i64,
}

/// The bank.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    sheet: PathBuf,
    /// How long a call is on its way, and its answer back.
    way: Duration,
}

impl Paper {
    /// The bank on this sheet.
    pub(crate) fn on(sheet: PathBuf, way: Duration) -> Self {
        Self { sheet, way }
    }

    /// Everything that was done, in order.
    pub(crate) fn movements(&self) -> Vec<Movement> {
        let text = fs::read_to_string(&self.sheet).unwrap_or_default();
        text.lines()
            .filter_map(|line| {
                let mut words = line.split(' ');
                let mut word = || words.next().map(str::to_owned);
                Some(Movement { key: word()?, order: word()?, kind: word()?, minor: word()?.parse().ok()? })
            })
            .collect()
    }

    /// What the bank holds for each order: captured, less what was given back.
    pub(crate) fn held(&self) -> BTreeMap<String, i64> {
        let mut held = BTreeMap::new();
        for movement in self.movements() {
            let sum: &mut i64 = held.entry(movement.order).or_default();
            match movement.kind.as_str() {
                "capture" => *sum += movement.minor,
                "refund" => *sum -= movement.minor,
                _ => {}
            }
        }
        held
    }

    fn knows(&self, key: PaymentTxnId) -> Option<PaymentOutcome> {
        let key = key.to_string();
        let known = self.movements().into_iter().find(|movement| movement.key == key)?;
        Some(PaymentOutcome { provider_ref: known.key, settled: true, page: None })
    }

    /// One line, in one write: lines of several processes never mix.
    fn add(&self, request: &PaymentRequest) -> io::Result<()> {
        let PaymentRequest { key, order, kind, amount, .. } = request;
        let line = format!("{key} {order} {kind} {}\n", amount.minor());
        OpenOptions::new().append(true).create(true).open(&self.sheet)?.write_all(line.as_bytes())
    }
}

#[async_trait]
impl PaymentProvider for Paper {
    fn capabilities(&self) -> PaymentCapabilities {
        PaymentCapabilities { over_capture: false, part_capture: true, page: false }
    }

    async fn execute(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        tokio::time::sleep(self.way).await;
        if request.kind == TxnKind::Auth && request.method.as_deref() == Some(DECLINE) {
            return Err(PaymentError::Declined { reason: "not this one".into() });
        }
        if self.knows(request.key).is_none() {
            self.add(request).map_err(|error| PaymentError::Unavailable { reason: error.to_string() })?;
        }
        tokio::time::sleep(self.way).await;
        Ok(PaymentOutcome { provider_ref: request.key.to_string(), settled: true, page: None })
    }

    async fn look_up(&self, request: &PaymentRequest) -> Result<Option<PaymentOutcome>, PaymentError> {
        tokio::time::sleep(self.way).await;
        Ok(self.knows(request.key))
    }
}
