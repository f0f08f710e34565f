//! The first page: what a day needs to know.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stock::aging;
use crate::accounts::Permission;
use crate::clock::Date;
use crate::engine::inventory::StockAlert;
use crate::engine::{Look, Query};
use crate::error::Result;
use crate::ids::ChannelId;
use crate::insights::{AgingRow, Profit, profit};
use crate::listings::{ChannelStatus, ListingState};
use crate::money::Money;
use crate::orders::OrderState;
use crate::outbox::JobState;

/// Look at the shop as it is now: today's result, what needs attention, what runs out, what lies, how channels do.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetOverview {}

/// The shop as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Overview {
    /// The business day.
    pub day: Date,
    /// Today's result.
    pub today: Profit,
    /// The last 30 days' result, today included.
    pub last_30_days: Profit,
    /// What goods in stock cost.
    pub inventory_value: Money,
    /// What needs somebody to look, and how many of each.
    pub attention: Vec<Attention>,
    /// Stock running out.
    pub running_out: Vec<StockAlert>,
    /// Stock that has lain longest.
    pub stale: Vec<AgingRow>,
    /// How the channels do.
    pub channels: Vec<ChannelOverview>,
}

/// Something that needs somebody to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attention {
    /// What it is.
    pub what: String,
    /// How many there are.
    pub count: i64,
    /// The operation that lists them.
    pub operation: String,
}

/// How a channel does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelOverview {
    /// The channel.
    pub channel_id: ChannelId,
    /// What the shop calls it.
    pub name: String,
    /// Whether it is worked with.
    pub status: ChannelStatus,
    /// When it was last fetched from.
    pub synced_at: Option<crate::clock::Timestamp>,
    /// How many listings there are in each state.
    pub listings: Vec<StateCount>,
}

/// How many there are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateCount {
    /// The state.
    pub state: ListingState,
    /// How many.
    pub count: i64,
}

#[async_trait]
impl Query for GetOverview {
    const NAME: &'static str = "reports.overview";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = Overview;

    async fn run(self, look: &mut Look) -> Result<Overview> {
        let shop = look.shop().await?;
        let day = shop.time_zone.date_of(look.now());
        let today = look.tx.ledger().balances(Some(day), Some(day)).await?;
        let month = look.tx.ledger().balances(day.plus_days(-29), Some(day)).await?;
        let inventory = crate::ledger::Account::Inventory.into();
        let inventory = look.tx.ledger().balance(&inventory).await?;
        let running_out = crate::engine::inventory::ListAlerts { limit: Some(10) }.run(look).await?;
        Ok(Overview {
            day,
            today: profit(&today, shop.currency)?,
            last_30_days: profit(&month, shop.currency)?,
            inventory_value: Money::sum(
                shop.currency,
                inventory.into_iter().filter(|money| money.currency() == shop.currency),
            )?,
            attention: attention(look).await?,
            running_out,
            stale: aging(look, 10).await?,
            channels: channels(look).await?,
        })
    }
}

async fn attention(look: &mut Look) -> Result<Vec<Attention>> {
    let mut rows = Vec::new();
    let mut note = |what: &str, count: i64, operation: &str| {
        if count > 0 {
            rows.push(Attention { what: what.to_owned(), count, operation: operation.to_owned() });
        }
    };
    note(
        "orders sold without stock",
        look.tx.orders().count_orders(OrderState::Oversold).await?,
        "orders.list",
    );
    note(
        "orders waiting for payment",
        look.tx.orders().count_orders(OrderState::Placed).await?,
        "orders.list",
    );
    note("orders to send", look.tx.orders().count_orders(OrderState::Confirmed).await?, "orders.list");
    let counts = look.tx.listings().counts().await?;
    let of = |wanted| counts.iter().filter(|(_, state, _)| *state == wanted).map(|(_, _, count)| count).sum();
    note("listings that could not be ended", of(ListingState::NeedsAttention), "listings.list");
    note("listings refused by their channel", of(ListingState::Rejected), "listings.list");
    let jobs = look.tx.outbox().job_counts().await?;
    let dead = jobs.iter().find(|(state, _)| *state == JobState::Dead).map_or(0, |(_, count)| *count);
    note("jobs given up", dead, "jobs.list");
    Ok(rows)
}

async fn channels(look: &mut Look) -> Result<Vec<ChannelOverview>> {
    let counts = look.tx.listings().counts().await?;
    let channels = look.tx.listings().channels().await?;
    let overview = |channel: crate::listings::Channel| ChannelOverview {
        listings: counts
            .iter()
            .filter(|(id, ..)| *id == channel.id)
            .map(|&(_, state, count)| StateCount { state, count })
            .collect(),
        channel_id: channel.id,
        name: channel.name,
        status: channel.status,
        synced_at: channel.synced_at,
    };
    Ok(channels.into_iter().map(overview).collect())
}
