//! The models of the engine will live here: pure computation, no input or output of their own.
//!
//! Nothing does yet, so the engine gives no advice.
