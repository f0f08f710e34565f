//! Errors of the engine become exceptions of the package, one class for each kind.

use std::panic::{AssertUnwindSafe, catch_unwind};

use baddie::{Error, Result, Retry};
use pyo3::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The exception for an error.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    let wait = match error.retry() {
        Retry::Never => None,
        Retry::After(wait) => Some(wait.as_secs_f64()),
    };
    let told = (error.kind().as_str(), error.code(), error.message(), error.field(), wait);
    let made = py.import("baddie.errors").and_then(|errors| errors.call_method1("of_kind", told));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// Works without the interpreter's lock; an error and a panic become exceptions.
pub(crate) fn work<T: Send>(py: Python<'_>, body: impl FnOnce() -> Result<T> + Send) -> PyResult<T> {
    let outcome = py.detach(|| catch_unwind(AssertUnwindSafe(body)));
    let outcome = outcome.unwrap_or_else(|_| Err(Error::internal("a defect of the engine was stopped")));
    outcome.map_err(|error| raise(py, &error))
}

/// Reads JSON that the package wrote.
pub(crate) fn read<T: DeserializeOwned>(name: &'static str, json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| Error::invalid(name, "unreadable", &error.to_string()))
}

/// Writes JSON for the package.
pub(crate) fn write(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}
