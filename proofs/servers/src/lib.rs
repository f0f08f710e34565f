//! Real servers for tests and proofs: started from the installed binaries when they are first asked for, ended with the
//! program that asked. Nothing here knows what is kept in them.
#![allow(clippy::unwrap_used, reason = "a test that has no server fails by panicking")]

pub mod durable;
pub mod postgres;
pub mod redis;
