//! The Baddie engine from C and C++.
//!
//! The door speaks operations and statuses, and decides nothing. Handles are numbers in a [registry], never
//! addresses that are trusted; every entry stops panics; what went wrong is told by [`baddie_last_error`].
//!
//! [`baddie_last_error`]: border::baddie_last_error
#![expect(unsafe_code, reason = "C passes addresses: they are read in `border`, each block with its reason")]

pub mod border;
pub mod engine;
pub mod events;
pub mod forecast;
pub mod pages;
pub mod registry;
pub mod shop;
pub mod status;
pub mod text;
