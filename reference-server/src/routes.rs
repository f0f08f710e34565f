//! The one page: which method and path lead to which operation.
//!
//! `{name}` in a path is the field `name` of the operation's request. For `GET` and `DELETE` the other fields come from
//! the query, for the rest from the body. All paths lie under [`PREFIX`].

use std::collections::HashSet;

use baddie::operations;
use hyper::{Method, StatusCode};

use crate::endpoint::Endpoint;

/// What stands before all paths of the API.
pub const PREFIX: &str = "/api/v1";

/// One row: this method on this path calls that operation.
#[derive(Debug)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path after [`PREFIX`], with `{field}` for a field of the request.
    pub path: &'static str,
    /// The operation's name.
    pub operation: &'static str,
    /// The status of an answer that is no problem.
    pub success: StatusCode,
}

const fn route(method: Method, path: &'static str, operation: &'static str, success: StatusCode) -> Route {
    Route { method, path, operation, success }
}

/// Looks.
const fn get(path: &'static str, operation: &'static str) -> Route {
    route(Method::GET, path, operation, StatusCode::OK)
}

/// Makes something new: 201.
const fn create(path: &'static str, operation: &'static str) -> Route {
    route(Method::POST, path, operation, StatusCode::CREATED)
}

/// Does something with what is there.
const fn act(path: &'static str, operation: &'static str) -> Route {
    route(Method::POST, path, operation, StatusCode::OK)
}

/// Sets what there is one of, whether or not it was there.
const fn put(path: &'static str, operation: &'static str) -> Route {
    route(Method::PUT, path, operation, StatusCode::OK)
}

/// Edits.
const fn patch(path: &'static str, operation: &'static str) -> Route {
    route(Method::PATCH, path, operation, StatusCode::OK)
}

/// Takes away; the answer is what was taken.
const fn delete(path: &'static str, operation: &'static str) -> Route {
    route(Method::DELETE, path, operation, StatusCode::OK)
}

/// Every route of the API.
pub static ROUTES: &[Route] = &[
    // The shop and who works in it.
    get("/shop", "shop.get"),
    patch("/shop", "shop.update"),
    get("/members", "members.list"),
    create("/members", "members.add"),
    patch("/members/{member_id}", "members.update"),
    get("/keys", "keys.list"),
    create("/keys", "keys.create"),
    delete("/keys/{key_id}", "keys.revoke"),
    // What is sold.
    get("/products", "products.list"),
    create("/products", "products.create"),
    get("/products/{product_id}", "products.get"),
    patch("/products/{product_id}", "products.update"),
    create("/products/{product_id}/variants", "variants.add"),
    patch("/variants/{variant_id}", "variants.update"),
    get("/products/{product_id}/media", "media.list"),
    create("/products/{product_id}/media", "media.attach"),
    delete("/media/{media_id}", "media.detach"),
    get("/items", "items.list"),
    create("/items", "items.create"),
    get("/items/{item_id}", "items.get"),
    patch("/items/{item_id}", "items.update"),
    // Where it lies.
    get("/locations", "locations.list"),
    create("/locations", "locations.create"),
    get("/inventory/levels", "inventory.levels"),
    get("/inventory/moves", "inventory.moves"),
    get("/inventory/alerts", "inventory.alerts"),
    act("/inventory/adjust", "inventory.adjust"),
    act("/inventory/transfer", "inventory.transfer"),
    create("/inventory/holds", "inventory.hold"),
    act("/inventory/holds/{reservation_id}/release", "inventory.release"),
    // From whom it is bought.
    get("/suppliers", "suppliers.list"),
    create("/suppliers", "suppliers.create"),
    get("/offers", "offers.list"),
    put("/suppliers/{supplier_id}/offers/{variant_id}", "offers.set"),
    get("/purchase-orders", "purchase_orders.list"),
    create("/purchase-orders", "purchase_orders.create"),
    get("/purchase-orders/{purchase_order_id}", "purchase_orders.get"),
    act("/purchase-orders/{purchase_order_id}/advance", "purchase_orders.advance"),
    act("/purchase-orders/{purchase_order_id}/receive", "purchase_orders.receive"),
    get("/acquisitions", "acquisitions.list"),
    create("/acquisitions", "acquisitions.record"),
    // Where it is offered, and for how much.
    get("/channels", "channels.list"),
    create("/channels", "channels.connect"),
    patch("/channels/{channel_id}", "channels.update"),
    create("/channels/{channel_id}/fees", "channels.set_fees"),
    act("/channels/{channel_id}/sync", "channels.sync"),
    create("/channels/{channel_id}/take-over", "channels.take_over"),
    get("/channels/runs/{sync_run_id}", "channels.run"),
    act("/channels/{channel_id}/notices", "channels.receive"),
    act("/channels/disarm", "channels.disarm"),
    act("/channels/arm", "channels.arm"),
    get("/channels/oversell-windows", "channels.oversell_windows"),
    get("/listings", "listings.list"),
    create("/listings", "listings.create"),
    get("/listings/{listing_id}", "listings.get"),
    patch("/listings/{listing_id}", "listings.revise"),
    act("/listings/{listing_id}/publish", "listings.publish"),
    act("/listings/{listing_id}/end", "listings.end"),
    create("/listings/{listing_id}/relist", "listings.relist"),
    get("/listings/{listing_id}/price-changes", "price_changes.list"),
    get("/pricing-rules", "pricing_rules.list"),
    put("/pricing-rules", "pricing_rules.set"),
    act("/pricing-rules/apply", "pricing_rules.apply"),
    get("/ai/price-proposals", "price_proposals.list"),
    create("/ai/price-proposals", "price_proposals.create"),
    act("/ai/price-proposals/{price_proposal_id}/decide", "price_proposals.decide"),
    act("/ai/optimize-pricing", "price_proposals.optimize"),
    act("/ai/quote", "pricing.quote"),
    act("/ai/generate-listing", "listings.draft"),
    create("/ai/texts", "listings.write"),
    get("/ai/texts", "listings.texts"),
    get("/ai/texts/{text_id}", "listings.text"),
    // Who buys it.
    get("/orders", "orders.list"),
    create("/orders", "orders.place"),
    create("/orders/import", "orders.import"),
    get("/orders/{order_id}", "orders.get"),
    act("/orders/{order_id}/confirm", "orders.confirm"),
    act("/orders/{order_id}/cancel", "orders.cancel"),
    act("/orders/{order_id}/fulfil", "orders.fulfil"),
    create("/orders/{order_id}/fulfilments", "fulfilments.plan"),
    create("/orders/{order_id}/returns", "returns.request"),
    create("/orders/{order_id}/payments", "payments.record"),
    create("/orders/{order_id}/payments/authorise", "payments.authorise"),
    create("/orders/{order_id}/payments/page", "payments.open_page"),
    create("/customers", "customers.create"),
    get("/customers/{customer_id}", "customers.get"),
    delete("/customers/{customer_id}", "customers.erase"),
    create("/promotions", "promotions.create"),
    get("/promotions/{promotion_id}", "promotions.get"),
    create("/checkouts", "checkouts.begin"),
    get("/checkouts/{checkout_id}", "checkouts.get"),
    act("/checkouts/{checkout_id}/complete", "checkouts.complete"),
    act("/checkouts/{checkout_id}/cancel", "checkouts.cancel"),
    // How the money comes in.
    get("/payments", "payments.list"),
    get("/payments/{payment_id}", "payments.get"),
    act("/payments/{payment_id}/move", "payments.move"),
    get("/payouts", "payouts.list"),
    create("/payouts", "payouts.record"),
    // How it reaches the buyer, and comes back.
    get("/fulfilments", "fulfilments.list"),
    act("/fulfilments/{fulfilment_id}/advance", "fulfilments.advance"),
    act("/fulfilments/{fulfilment_id}/label", "fulfilments.buy_label"),
    get("/returns", "returns.list"),
    act("/returns/{return_id}/advance", "returns.advance"),
    act("/returns/{return_id}/inspect", "returns.inspect"),
    // Accounts at services.
    get("/integrations", "integrations.list"),
    create("/integrations", "integrations.connect"),
    get("/integrations/status", "integrations.status"),
    create("/integrations/authorise", "integrations.authorise"),
    act("/integrations/authorised", "integrations.authorised"),
    get("/integrations/{connection_id}", "integrations.get"),
    act("/integrations/{connection_id}/test", "integrations.test"),
    delete("/integrations/{connection_id}", "integrations.disconnect"),
    // Sites, domains, and what runs on machines of others.
    get("/sites", "sites.list"),
    create("/sites", "sites.keep"),
    get("/sites/{site_id}", "sites.get"),
    act("/sites/{site_id}/publish", "sites.publish"),
    act("/sites/{site_id}/retire", "sites.retire"),
    get("/domains", "domains.list"),
    act("/domains/offers", "domains.offers"),
    create("/domains", "domains.buy"),
    get("/domains/{domain}/certificate", "domains.certificate"),
    get("/domains/{domain}/records", "zones.records"),
    put("/domains/{domain}/records", "zones.set"),
    act("/domains/{domain}/records/clear", "zones.clear"),
    get("/domains/{domain}/snapshots", "zones.snapshots"),
    act("/domains/{domain}/snapshots/{snapshot}/restore", "zones.restore"),
    put("/deployments/plan", "deployments.prepare"),
    create("/deployments", "deployments.deploy"),
    get("/deployments/{deployment}", "deployments.get"),
    get("/deployments/{deployment}/logs", "deployments.logs"),
    act("/deployments/{deployment}/roll-back", "deployments.roll_back"),
    // Who is told what happens.
    get("/webhook-endpoints", "webhooks.list"),
    create("/webhook-endpoints", "webhooks.create"),
    get("/webhook-endpoints/{endpoint_id}", "webhooks.get"),
    patch("/webhook-endpoints/{endpoint_id}", "webhooks.update"),
    act("/webhook-endpoints/{endpoint_id}/rotate-secret", "webhooks.rotate_secret"),
    get("/webhook-endpoints/{endpoint_id}/deliveries", "webhooks.deliveries"),
    act("/webhook-endpoints/{endpoint_id}/replay-failed", "webhooks.replay_failed"),
    act("/webhook-deliveries/{delivery_id}/replay", "webhooks.replay"),
    // The books, and what the numbers say.
    get("/ledger/entries", "ledger.entries"),
    create("/ledger/entries", "ledger.post"),
    create("/ledger/entries/{entry_id}/reverse", "ledger.reverse"),
    get("/ledger/balances", "ledger.balances"),
    get("/reports/overview", "reports.overview"),
    get("/reports/profit", "reports.profit"),
    get("/reports/daily", "reports.daily"),
    get("/reports/item-profit", "reports.item_profit"),
    get("/reports/tax-year", "reports.tax_year"),
    get("/reports/aging", "reports.aging"),
    get("/reports/sell-through", "reports.sell_through"),
    get("/reports/demand", "reports.demand"),
    put("/refill-policies", "refill_policies.set"),
    get("/ai/refill-proposals", "refill_proposals.list"),
    create("/ai/refill-proposals", "refill_proposals.create"),
    act("/ai/refill-proposals/{refill_proposal_id}/decide", "refill_proposals.decide"),
    act("/ai/forecasts/refresh", "forecasts.refresh"),
    get("/ai/forecasts/runs", "forecasts.runs"),
    get("/ai/forecasts", "forecasts.list"),
    get("/ai/forecasts/{variant_id}", "forecasts.get"),
    get("/ai/predictions/inventory", "predictions.inventory"),
    get("/ai/market", "market.look"),
    // Taking in what was kept elsewhere.
    create("/imports", "imports.begin"),
    act("/imports/{import_id}/products", "imports.products"),
    act("/imports/{import_id}/stock", "imports.stock"),
    act("/imports/{import_id}/sales", "imports.sales"),
    act("/imports/{import_id}/orders", "imports.orders"),
    act("/imports/{import_id}/finish", "imports.finish"),
    get("/exports/products", "exports.products"),
    get("/exports/stock", "exports.stock"),
    get("/exports/sales", "exports.sales"),
    get("/exports/orders", "exports.orders"),
    // What was done, and what is still to be done.
    get("/audit", "audit.list"),
    get("/events", "events.list"),
    get("/jobs", "jobs.list"),
    act("/jobs/{job_id}/retry", "jobs.retry"),
];

/// Operations that have no route, each with the reason.
pub static UNROUTED: &[(&str, &str)] = &[];

/// Makes the endpoints of all routes, or says what is wrong with the page.
pub fn endpoints() -> Result<Vec<Endpoint>, Vec<String>> {
    let mut faults = Vec::new();
    let mut endpoints = Vec::with_capacity(ROUTES.len());
    let mut seen = HashSet::new();
    for route in ROUTES {
        if !seen.insert((&route.method, route.path)) {
            faults.push(format!("{} {} stands twice", route.method, route.path));
        }
        match Endpoint::prepare(route) {
            Ok(endpoint) => endpoints.push(endpoint),
            Err(fault) => faults.push(fault),
        }
    }
    let routed: HashSet<_> = ROUTES.iter().map(|route| route.operation).collect();
    let unrouted: HashSet<_> = UNROUTED.iter().map(|&(operation, _)| operation).collect();
    for operation in operations::all() {
        match (routed.contains(operation.name), unrouted.contains(operation.name)) {
            (false, false) => {
                faults.push(format!("{} has no route and no reason for having none", operation.name));
            }
            (true, true) => {
                faults.push(format!("{} has a route and a reason for having none", operation.name));
            }
            _ => {}
        }
    }
    if faults.is_empty() { Ok(endpoints) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s16_every_operation_is_routed_or_has_a_reason() {
        if let Err(faults) = endpoints() {
            panic!("{}", faults.join("\n"));
        }
        for &(operation, reason) in UNROUTED {
            assert!(operations::find(operation).is_some(), "{operation} does not exist");
            assert!(!reason.is_empty(), "{operation}");
        }
    }
}
