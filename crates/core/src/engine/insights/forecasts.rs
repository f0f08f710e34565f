//! Forecasts: asking for new ones, and what they say of the stock.

use std::collections::BTreeMap;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::clock::Date;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Kind, Result};
use crate::ids::VariantId;
use crate::insights::{AdviceRun, Forecast, days_left, exceeds};
use crate::inventory::available;
use crate::money::Ppm;
use crate::outbox::JobKind;
use crate::page::{Page, PageRequest};

/// The connection that asking a model counts as, among the worker's jobs.
pub(in crate::engine) const MODELS: &str = "models";

/// Ask the models about the whole shop now, instead of after the end of the day.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshForecasts {}

/// That the models will be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefreshAsked {
    /// Which model will be asked. When it has answered, `forecasts.runs` tells of it.
    pub model: String,
}

#[async_trait]
impl Command for RefreshForecasts {
    const NAME: &'static str = "forecasts.refresh";
    const PERMISSION: Permission = Permission::PurchasingWrite;
    type Answer = RefreshAsked;

    async fn run(self, work: &mut Work) -> Result<RefreshAsked> {
        let model = work.engine.demand_model()?.name();
        let shop = work.shop().await?.id;
        work.queue(JobKind::Advise, MODELS, shop).await?;
        work.about(shop);
        Ok(RefreshAsked { model })
    }
}

/// Look through what the models were asked and how well they did on the shop's own past, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListAdviceRuns {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListAdviceRuns {
    const NAME: &'static str = "forecasts.runs";
    const PERMISSION: Permission = Permission::PurchasingRead;
    type Answer = Page<AdviceRun>;

    async fn run(self, look: &mut Look) -> Result<Page<AdviceRun>> {
        look.tx.page::<AdviceRun>(&self.page).await
    }
}

/// Look through the forecasts, last made first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListForecasts {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListForecasts {
    const NAME: &'static str = "forecasts.list";
    const PERMISSION: Permission = Permission::PurchasingRead;
    type Answer = Page<Forecast>;

    async fn run(self, look: &mut Look) -> Result<Page<Forecast>> {
        look.tx.page::<Forecast>(&self.page).await
    }
}

/// Look at what a variant is expected to sell.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetForecast {
    /// The variant.
    pub variant_id: VariantId,
}

#[async_trait]
impl Query for GetForecast {
    const NAME: &'static str = "forecasts.get";
    const PERMISSION: Permission = Permission::PurchasingRead;
    type Answer = Forecast;

    async fn run(self, look: &mut Look) -> Result<Forecast> {
        look.tx.parts::<Forecast>(self.variant_id).await?.pop().ok_or_else(|| {
            let message = format!(
                "variant `{}` has no forecast yet: only what has sold is forecast; forecasts.refresh asks for it now",
                self.variant_id
            );
            Error::new(Kind::NotFound, "forecast.not_found", message)
        })
    }
}

/// Look through how long the stock will last, last forecast first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct PredictInventory {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// How long the stock of a variant will last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InventoryPrediction {
    /// The variant.
    pub variant_id: VariantId,
    /// Its SKU.
    pub sku: String,
    /// The last day the forecast knew.
    pub from: Date,
    /// How many can be sold now.
    pub available: i64,
    /// How many are on their way.
    pub incoming: i64,
    /// Days until half of all futures have sold what is available; none when that is not foreseen.
    pub days_left: Option<i64>,
    /// How probable it is that more is wanted than is available, within so many days.
    pub runs_out: Vec<RunsOut>,
    /// What sort of demand it showed.
    pub class: String,
}

/// How probable it is that stock runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunsOut {
    /// Within so many days.
    pub days: i64,
    /// The probability.
    pub probability: Ppm,
}

#[async_trait]
impl Query for PredictInventory {
    const NAME: &'static str = "predictions.inventory";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = Page<InventoryPrediction>;

    async fn run(self, look: &mut Look) -> Result<Page<InventoryPrediction>> {
        let forecasts = look.tx.page::<Forecast>(&self.page).await?;
        let ids: Vec<VariantId> = forecasts.items.iter().map(|forecast| forecast.variant_id).collect();
        let goods = look.tx.inventory().sellable(&ids).await?;
        let goods: BTreeMap<VariantId, _> = goods.into_iter().map(|good| (good.variant.id, good)).collect();
        let prediction = |forecast: Forecast| {
            let good = goods.get(&forecast.variant_id)?;
            let here = available(&good.stock);
            let runs_out = forecast.sums.iter();
            let runs_out = runs_out.map(|sum| RunsOut { days: sum.days, probability: exceeds(sum, here) });
            Some(InventoryPrediction {
                variant_id: forecast.variant_id,
                sku: good.variant.sku.clone(),
                from: forecast.from,
                available: here,
                incoming: good.stock.iter().map(|stock| stock.level.incoming).sum(),
                days_left: days_left(&forecast, here),
                runs_out: runs_out.collect(),
                class: forecast.class,
            })
        };
        Ok(Page {
            items: forecasts.items.into_iter().filter_map(prediction).collect(),
            next_cursor: forecasts.next_cursor,
        })
    }
}
