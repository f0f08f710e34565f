//! The native half of the Python package `baddie`: operations as JSON, and the models on Arrow tables and lists.
//!
//! What a Python programmer sees lies in `python/baddie`; this module is spoken to by it alone. The interpreter's lock is
//! let go while the engine works.

mod advice;
mod engine;
mod fault;
mod history;
mod progress;
mod shop;

use pyo3::prelude::*;

/// The native half of the package `baddie`.
#[pymodule]
mod _native {
    use baddie::{Currency, operations};
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::advice::{elasticity, optimize_price, refill};
    #[pymodule_export]
    use super::engine::Engine;
    #[pymodule_export]
    use super::history::{History, Known, Manner, numbers};
    #[pymodule_export]
    use super::shop::Shop;
    use crate::fault::{raise, read, write};

    /// The table of operations, as a JSON list.
    #[pyfunction]
    fn operations_table(py: Python<'_>) -> PyResult<String> {
        write(&operations::describe()).map_err(|error| raise(py, &error))
    }

    /// How many decimals an amount of this currency has.
    #[pyfunction]
    fn decimals(py: Python<'_>, currency: &str) -> PyResult<u32> {
        let currency: Currency =
            read("currency", &format!("{currency:?}")).map_err(|error| raise(py, &error))?;
        Ok(currency.decimals())
    }
}
