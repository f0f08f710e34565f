//! A shop seen by somebody.

use std::sync::Arc;

use baddie::operations;
use pyo3::prelude::*;

use crate::engine::Open;
use crate::fault::work;

/// A shop: its operations are called by their names.
#[pyclass(frozen, module = "baddie._native")]
pub(crate) struct Shop {
    shop: baddie::Shop,
    open: Arc<Open>,
}

impl Shop {
    /// A shop and the engine it belongs to.
    pub(crate) fn new(shop: baddie::Shop, open: Arc<Open>) -> Self {
        Self { shop, open }
    }
}

#[pymethods]
impl Shop {
    /// The shop's id.
    #[getter]
    fn id(&self) -> String {
        self.shop.id().to_string()
    }

    /// Calls an operation with a request in JSON; the answer is JSON too.
    #[pyo3(signature = (operation, request, key=None, request_id=None))]
    fn call(
        &self,
        py: Python<'_>,
        operation: &str,
        request: &str,
        key: Option<String>,
        request_id: Option<String>,
    ) -> PyResult<String> {
        let mut shop = self.shop.clone();
        if let Some(key) = key {
            shop = shop.with_key(key);
        }
        if let Some(id) = request_id {
            shop = shop.with_request_id(id);
        }
        work(py, || self.open.wait(|_| async { operations::call(&shop, operation, request).await }))
    }
}
