//! What the numbers say: reports and refills.

use baddie_core::engine::insights::{
    DecideRefill, GetAging, GetDaily, GetDemand, GetForecast, GetItemProfit, GetOverview, GetProfit,
    GetSellThrough, GetTaxYear, ListAdviceRuns, ListForecasts, ListRefillProposals, LookAtMarket,
    PredictInventory, ProposeRefill, RefreshForecasts, SetRefillPolicy,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    read::<GetProfit>(),
    read::<GetDaily>(),
    read::<GetItemProfit>(),
    read::<GetTaxYear>(),
    read::<GetAging>(),
    read::<GetSellThrough>(),
    read::<GetDemand>(),
    read::<GetOverview>(),
    write::<SetRefillPolicy>(),
    write::<ProposeRefill>(),
    write::<DecideRefill>(),
    read::<ListRefillProposals>(),
    write::<RefreshForecasts>(),
    read::<ListAdviceRuns>(),
    read::<ListForecasts>(),
    read::<GetForecast>(),
    read::<PredictInventory>(),
    read::<LookAtMarket>(),
];
