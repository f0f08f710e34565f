//! What it should cost: rules and proposals.

use baddie_core::engine::pricing::{
    ApplyPricingRules, DecidePrice, ListPriceChanges, ListPriceProposals, ListPricingRules, ProposePrice,
    SetPricingRule,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<SetPricingRule>(),
    read::<ListPricingRules>(),
    write::<ApplyPricingRules>(),
    read::<ListPriceChanges>(),
    write::<ProposePrice>(),
    write::<DecidePrice>(),
    read::<ListPriceProposals>(),
];
