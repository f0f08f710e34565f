//! Hostinger: its calls against its description, and domains and zones against a fake with faults.

pub(crate) mod calls;
mod domains;
mod fake;
pub(crate) mod faults;
mod service;
mod zones;

use std::sync::LazyLock;

use crate::kit::openapi::Description;

/// Hostinger's own description, where it is at hand. It has no licence, so nothing of it lies here.
pub(crate) fn description() -> Option<&'static Description> {
    static OPEN: LazyLock<Option<Description>> =
        LazyLock::new(|| Description::open("hostinger/openapi.json.gz"));
    OPEN.as_ref()
}
