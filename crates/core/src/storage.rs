//! The contract of a store: transactions that hold one shop's things, all or nothing.
