//! What the shop's own numbers say: profit, ageing, sell-through, demand, and what needs attention.

mod advise;
mod forecasts;
mod market;
mod overview;
mod profit;
mod refill;
mod stock;

pub(in crate::engine) use self::advise::Question;
pub use self::forecasts::*;
pub use self::market::*;
pub use self::overview::*;
pub use self::profit::*;
pub use self::refill::*;
pub use self::stock::*;

use super::command::calls;

calls! {
    /// What the shop's own numbers say.
    Insights by insights:
    /// Says how well something is to be kept in stock.
    write set_policy: SetRefillPolicy;
    /// Proposes to buy.
    write propose_refill: ProposeRefill;
    /// Decides on a proposal to buy.
    write decide_refill: DecideRefill;
    /// Asks the models now.
    write refresh: RefreshForecasts;
    /// What the models were asked, and how they did.
    read runs: ListAdviceRuns;
    /// A page of forecasts.
    read forecasts: ListForecasts;
    /// What a variant is expected to sell.
    read forecast: GetForecast;
    /// How long the stock will last.
    read predict: PredictInventory;
    /// How the market moves, and what would be worth doing.
    read market: LookAtMarket;
    /// What was earned.
    read profit: GetProfit;
    /// What was earned, day by day.
    read daily: GetDaily;
    /// What was earned with one thing.
    read item_profit: GetItemProfit;
    /// A tax year.
    read tax_year: GetTaxYear;
    /// Stock that has lain longest.
    read aging: GetAging;
    /// How fast things sold.
    read sell_through: GetSellThrough;
    /// What a variant sold, day by day.
    read demand: GetDemand;
    /// The shop as it is now.
    read overview: GetOverview;
    /// A page of proposals to buy.
    read refills: ListRefillProposals;
}
