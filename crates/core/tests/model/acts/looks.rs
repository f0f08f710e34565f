//! Questions: what SQL finds is what looking at every row finds.

use baddie_core::catalog::Variant;
use baddie_core::engine::Query;
use baddie_core::engine::accounts::{GetShop, ListKeys, ListMembers};
use baddie_core::engine::catalog::{ListItems, ListProducts};
use baddie_core::engine::imports::{ExportOrders, ExportProducts, ExportSales, ExportStock};
use baddie_core::engine::insights::{
    GetAging, GetDaily, GetDemand, GetOverview, GetProfit, GetSellThrough, GetTaxYear,
};
use baddie_core::engine::inventory::{ListAlerts, ListLevels, ListMoves};
use baddie_core::engine::ledger::{GetBalances, ListEntries};
use baddie_core::engine::listings::{GetOversellWindows, ListListings};
use baddie_core::engine::orders::ListOrders;
use baddie_core::engine::payments::{ListPayments, ListPayouts};
use baddie_core::engine::purchasing::{ListHauls, ListOffers, ListPurchaseOrders};
use baddie_core::engine::shipping::{ListFulfilments, ListReturns};
use serde_json::{Value, json};

use crate::Life;

impl Life {
    /// Asks for every page, of a random size.
    async fn pages<Q: Query>(&self, mut request: Value) {
        request["limit"] = json!(1 + self.dice.below(30));
        self.twins.ask::<Q>(&request).await;
        let shop = &self.twins.plain.shop;
        for _ in 0..4 {
            let question = serde_json::from_value::<Q>(request.clone()).unwrap();
            let page: Value = serde_json::from_str(&shop.ask_json(question).await.unwrap().json).unwrap();
            let cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                return;
            }
            request["cursor"] = cursor;
            self.twins.ask::<Q>(&request).await;
        }
    }

    pub(super) async fn look(&mut self) {
        let dice = &self.dice;
        let days = json!({ "from": "2026-01-01", "to": "2026-03-01" });
        let variant = self.any::<Variant>().await.map(|variant| variant.id);
        match dice.below(12) {
            0 => {
                let search = dice.word(&["mug", "lamp SKU", "blue ring", "spode", "\"", "SET-1"]);
                let search = dice.chance(60).then_some(search);
                self.pages::<ListProducts>(
                    json!({ "search": search, "status": dice.chance(30).then_some("active") }),
                )
                .await;
            }
            1 => {
                let state = dice.word(&["placed", "confirmed", "oversold", "completed", "cancelled"]);
                self.pages::<ListOrders>(json!({ "state": dice.chance(70).then_some(state) })).await;
            }
            2 => {
                let state = dice.word(&["ready", "live", "paused", "ended"]);
                self.pages::<ListListings>(json!({ "state": dice.chance(70).then_some(state) })).await;
            }
            3 => {
                self.pages::<ListMoves>(json!({})).await;
                self.pages::<ListEntries>(json!({})).await;
                self.pages::<ListItems>(json!({ "status": dice.word(&["in_stock", "sold", "reserved"]) }))
                    .await;
            }
            4 => {
                self.pages::<ListPayments>(json!({})).await;
                self.pages::<ListPayouts>(json!({})).await;
                self.pages::<ListHauls>(json!({})).await;
            }
            5 => {
                self.pages::<ListFulfilments>(json!({ "state": dice.word(&["planned", "shipped"]) })).await;
                self.pages::<ListReturns>(json!({ "state": dice.word(&["requested", "received"]) })).await;
                self.pages::<ListPurchaseOrders>(
                    json!({ "state": dice.word(&["draft", "submitted", "received"]) }),
                )
                .await;
            }
            6 => {
                self.pages::<ExportProducts>(json!({})).await;
                self.pages::<ExportStock>(json!({})).await;
                self.pages::<ExportSales>(json!({})).await;
                self.pages::<ExportOrders>(json!({})).await;
            }
            7 => {
                self.twins.ask::<GetOverview>(&json!({})).await;
                self.twins.ask::<GetProfit>(&json!({})).await;
                self.twins.ask::<GetTaxYear>(&days).await;
            }
            8 => {
                self.twins.ask::<GetDaily>(&days).await;
                self.twins.ask::<GetAging>(&json!({ "limit": 1 + dice.below(20) })).await;
                self.twins.ask::<GetSellThrough>(&days).await;
            }
            9 => {
                self.twins.ask::<ListAlerts>(&json!({ "limit": 1 + dice.below(20) })).await;
                self.twins.ask::<GetOversellWindows>(&json!({})).await;
                self.twins.ask::<GetBalances>(&days).await;
            }
            10 => {
                let Some(id) = variant else { return };
                self.twins
                    .ask::<GetDemand>(&json!({ "variant_id": id, "from": "2026-01-01", "to": "2026-03-01" }))
                    .await;
                self.twins.ask::<ListLevels>(&json!({ "variant_id": id })).await;
                self.twins.ask::<ListOffers>(&json!({ "variant_id": id })).await;
            }
            _ => {
                self.twins.ask::<GetShop>(&json!({})).await;
                self.pages::<ListMembers>(json!({})).await;
                self.pages::<ListKeys>(json!({})).await;
            }
        }
    }
}
