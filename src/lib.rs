#![doc = "The engine as the doors see it: a stand-in with a few operations, until the real one moves in."]

pub mod operations;

pub use baddie_core::error::{Error, Kind, Result, Retry};
pub use operations::{Credential, Engine, Permission, Shop, TickReport};
