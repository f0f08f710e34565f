//! How to add what is not there yet. Every program on these pages is compiled and run by the tests.
//!
//! - [`integration`]: speak to another service.
//! - [`model`]: let another model advise.
//! - [`storage`]: keep things elsewhere.

#[cfg(feature = "http")]
#[doc = include_str!("integration.md")]
pub mod integration {}

#[cfg(feature = "memory")]
#[doc = include_str!("model.md")]
pub mod model {}

#[cfg(feature = "memory")]
#[doc = concat!(
    "How to keep things elsewhere.\n\n",
    "A store fulfils [`Storage`](crate::storage::Storage) and hands out transactions that fulfil ",
    "[`Transaction`](crate::storage::Transaction), which gathers what every domain asks of a store. One that keeps ",
    "things itself stamps the conformance suite on itself, `baddie_core::storage_conformance!` (feature `testing` of ",
    "`baddie-core`): the very cases that SQLite, PostgreSQL and the store in memory pass. The smallest store stands ",
    "before another one; this is `examples/own_storage.rs`:\n\n",
    "```rust\n",
    include_str!("../../examples/own_storage.rs"),
    "```\n",
)]
pub mod storage {}
