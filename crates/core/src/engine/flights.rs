//! Which idempotency keys are in use at this moment, so that a repeat cannot overtake the first request.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::error::{Error, Kind, Result};

type Held = Arc<Mutex<HashSet<String>>>;

/// The keys in use.
#[derive(Default)]
pub(super) struct Flights(Held);

/// Holds a key until dropped.
pub(super) struct Flight {
    held: Held,
    key: String,
}

impl Flights {
    /// Takes a key, or says that a request with it is under way.
    pub(super) fn enter(&self, key: String) -> Result<Flight> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.insert(key.clone()) {
            let message =
                "a request with this idempotency key is under way: repeat it in a moment for its answer";
            return Err(Error::new(Kind::Conflict, "idempotency.in_flight", message)
                .retry_after(Duration::from_secs(1)));
        }
        Ok(Flight { held: self.0.clone(), key })
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Retry;

    #[test]
    fn a_key_is_taken_once_at_a_time() {
        let flights = Flights::default();
        let first = flights.enter("k".into()).ok().unwrap();
        let error = flights.enter("k".into()).err().unwrap();
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "idempotency.in_flight"));
        assert_eq!(error.retry(), Retry::After(Duration::from_secs(1)));
        assert!(flights.enter("another".into()).is_ok());
        drop(first);
        assert!(flights.enter("k".into()).is_ok());
    }
}
