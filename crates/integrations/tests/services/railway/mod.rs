//! Railway: its documents against its schema, and what runs there against a fake with faults.

pub(crate) mod documents;
mod fake;
pub(crate) mod faults;
mod host;
mod service;
