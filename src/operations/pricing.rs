//! What it should cost: rules and proposals.

use baddie_core::engine::pricing::{
    ApplyPricingRules, DecidePrice, GetQuote, ListPriceChanges, ListPriceProposals, ListPricingRules,
    OptimizePrices, ProposePrice, SetPricingRule,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<SetPricingRule>(),
    read::<ListPricingRules>(),
    write::<ApplyPricingRules>(),
    read::<ListPriceChanges>(),
    write::<ProposePrice>(),
    write::<OptimizePrices>(),
    write::<DecidePrice>(),
    read::<ListPriceProposals>(),
    read::<GetQuote>(),
];
