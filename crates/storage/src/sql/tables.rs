//! Every table, described once: which field lies in which column, and how.

use std::sync::LazyLock;

use baddie_core::accounts::{ApiKey, Member, Shop};
use baddie_core::catalog::{BundleComponent, Item, Media, Product, Variant};
use baddie_core::connections::{Connection, DataKey, Hint};
use baddie_core::error::Result;
use baddie_core::hosting::Site;
use baddie_core::insights::{AdviceRun, Forecast, RefillPolicy, RefillProposal};
use baddie_core::inventory::{CostLayer, Location, Reservation, StockLevel, StockMove};
use baddie_core::journal::{AuditEntry, ImportRun};
use baddie_core::ledger::{Entry, Posting};
use baddie_core::listings::{Channel, FeeSchedule, Listing, ListingText, Notice, SyncRun};
use baddie_core::money::{Currency, Money};
use baddie_core::orders::{
    CheckoutSession, Coupon, Customer, CustomerPii, Order, OrderAdjustment, OrderLine, Promotion, Redemption,
};
use baddie_core::outbox::{Event, Job};
use baddie_core::payments::{Payment, PaymentTxn, Payout};
use baddie_core::pricing::{PriceChange, PriceProposal, PricingRule};
use baddie_core::purchasing::{
    Acquisition, AcquisitionLine, PurchaseLine, PurchaseOrder, Receipt, Supplier, SupplierOffer,
};
use baddie_core::shipping::{Fulfilment, ReturnCase};
use baddie_core::webhooks::{Delivery, Endpoint};

use super::record::{
    Cash, Codec, Column, Day, Doc, Flag, Id, Int, Kind, Maybe, PartRecord, Record, Text, Time, Word,
    columns_text, insert_text, records, update_text,
};
use crate::seam::{Columns, Param};

records! {
    Shop "shops" {
        id: Id, name: Text, currency: Text, time_zone: Text, rounding: Doc, has_endpoints: Flag, version: Int,
        created_at: Time,
    }
    Member "members" {
        id: Id, email: Text, role: Word, status: Word, version: Int, created_at: Time,
    }
    ApiKey "api_keys" {
        id: Id, name: Text, member_id: Id, prefix: Text, hash: Text, role: Word, expires_at: Maybe<Time>,
        revoked_at: Maybe<Time>, version: Int, created_at: Time,
    }
    Entry "ledger_entries" {
        id: Id, source_type: Text, source_id: Text, kind: Text, at: Time, business_date: Day, reverses: Maybe<Id>,
        memo: Maybe<Text>,
    }
    Posting "ledger_postings" in amount of entry_id {
        id: Id, entry_id: Id, account: Text, amount: Cash, item_id: Maybe<Id>, order_line_id: Maybe<Id>,
        channel_id: Maybe<Id>,
    }
    Product "products" {
        id: Id, title: Text, brand: Maybe<Text>, category: Maybe<Text>, description: Text, attributes: Doc,
        status: Word, version: Int, created_at: Time, updated_at: Time,
    }
    Variant "variants" maybe_in price of product_id {
        id: Id, product_id: Id, sku: Text, options: Doc, gtin: Maybe<Text>, kind: Word, price: Maybe<Cash>,
        weight_g: Maybe<Int>, dims_mm: Maybe<Doc>, tax_code: Maybe<Text>, scale: Int, backorder_limit: Int,
        safety_stock: Int, version: Int, created_at: Time,
    }
    BundleComponent "bundle_components" of bundle_id {
        id: Id, bundle_id: Id, variant_id: Id, qty: Int,
    }
    Media "media" of product_id {
        id: Id, product_id: Id, content_hash: Text, url: Maybe<Text>, sort: Int, alt: Text,
    }
    Item "items" in unit_cost of variant_id {
        id: Id, variant_id: Id, condition: Word, condition_notes: Text, grade: Maybe<Text>, serial: Maybe<Text>,
        unit_cost: Cash, acquisition_line_id: Maybe<Id>, location_id: Id, bin: Maybe<Text>, acquired_on: Day,
        status: Word, version: Int,
    }
    Location "locations" {
        id: Id, name: Text, kind: Word, sellable: Flag, priority: Int, version: Int,
    }
    StockLevel "stock_levels" of variant_id {
        id: Id, variant_id: Id, location_id: Id, on_hand: Int, reserved: Int, incoming: Int, backorder_limit: Int,
    }
    StockMove "stock_moves" of variant_id {
        id: Id, variant_id: Id, item_id: Maybe<Id>, location_id: Id, d_on_hand: Int, d_reserved: Int, reason: Word,
        reference: Maybe<Text>, actor: Text, at: Time, business_date: Day,
    }
    Reservation "reservations" {
        id: Id, variant_id: Id, item_id: Maybe<Id>, location_id: Id, qty: Int, owner: Word, owner_id: Text,
        state: Word, expires_at: Maybe<Time>, version: Int, created_at: Time,
    }
    CostLayer "cost_layers" in cost_in of variant_id {
        id: Id, variant_id: Id, item_id: Maybe<Id>, qty_in: Int, qty_left: Int, cost_in: Cash, cost_left: Cash,
        source: Text, received_at: Time, version: Int,
    }
    Supplier "suppliers" {
        id: Id, name: Text, kind: Word, lead_days_mean: Int, lead_days_sd: Int, terms: Maybe<Text>, currency: Text,
        version: Int, created_at: Time,
    }
    SupplierOffer "supplier_offers" in unit_cost of supplier_id {
        id: Id, supplier_id: Id, variant_id: Id, supplier_sku: Maybe<Text>, unit_cost: Cash, price_breaks: Doc,
        moq: Int, pack: Int, version: Int,
    }
    PurchaseOrder "purchase_orders" in total {
        id: Id, number: Int, supplier_id: Id, location_id: Id, state: Word, total: Cash, expected_on: Maybe<Day>,
        notes: Maybe<Text>, version: Int, created_at: Time,
    }
    PurchaseLine "purchase_lines" in unit_cost of purchase_order_id {
        id: Id, purchase_order_id: Id, variant_id: Id, qty: Int, received: Int, cancelled: Int, unit_cost: Cash,
        version: Int,
    }
    Receipt "receipts" in total of purchase_order_id {
        id: Id, purchase_order_id: Id, lines: Doc, landed_costs: Doc, total: Cash, at: Time, business_date: Day,
    }
    Acquisition "acquisitions" in total_paid {
        id: Id, number: Int, source: Text, supplier_id: Maybe<Id>, date: Day, total_paid: Cash, tax: Cash,
        mileage_m: Maybe<Int>, receipt_media: Maybe<Text>, created_at: Time,
    }
    AcquisitionLine "acquisition_lines" in allocated_cost of acquisition_id {
        id: Id, acquisition_id: Id, item_id: Id, allocated_cost: Cash,
    }
    PricingRule "pricing_rules" maybe_in loss_budget {
        id: Id, name: Text, channel_id: Maybe<Id>, after_days: Int, every_days: Int, step: Int, most: Int,
        loss_budget: Maybe<Cash>, ending: Maybe<Int>, active: Flag, version: Int,
    }
    PriceChange "price_changes" in new of listing_id {
        id: Id, listing_id: Id, old: Cash, new: Cash, reason: Word, rule_id: Maybe<Id>, explanation: Text,
        actor: Text, at: Time,
    }
    PriceProposal "price_proposals" in proposed of listing_id {
        id: Id, listing_id: Id, current: Cash, proposed: Cash, floor: Cash, ceiling: Maybe<Cash>, max_step: Int,
        strategy: Word, explanation: Text, model: Text, inputs_hash: Text, backtest: Maybe<Doc>, state: Word,
        expires_at: Time, version: Int, created_at: Time,
    }
    Channel "channels" {
        id: Id, name: Text, kind: Text, external_account: Text, currency: Text, secret_ref: Maybe<Text>,
        capabilities: Doc, buffer_qty: Int, settings: Doc, status: Word, cursor: Maybe<Text>,
        synced_at: Maybe<Time>, version: Int, created_at: Time,
    }
    FeeSchedule "fee_schedules" of channel_id {
        id: Id, channel_id: Id, effective_from: Day, rules: Doc,
    }
    Listing "listings" in price of variant_id {
        id: Id, channel_id: Id, variant_id: Id, item_id: Maybe<Id>, title: Text, description: Text, price: Cash,
        min_price: Maybe<Cash>, desired: Word, state: Word, external_id: Maybe<Text>, url: Maybe<Text>,
        published_qty: Int, desired_hash: Text, observed_hash: Maybe<Text>, shown_hash: Maybe<Text>,
        last_error: Maybe<Text>,
        relisted_from: Maybe<Id>, live_since: Maybe<Time>, reconciled_at: Maybe<Time>, sold_out_by: Maybe<Id>,
        sold_out_at: Maybe<Time>, end_reason: Maybe<Word>, ended_at: Maybe<Time>, version: Int, created_at: Time,
    }
    Notice "notices" {
        id: Id, channel_id: Id, external_id: Text, kind: Text, received_at: Time,
    }
    SyncRun "sync_runs" of channel_id {
        id: Id, channel_id: Id, task: Word, state: Word, received: Int, applied: Int, total: Maybe<Int>,
        cursor: Maybe<Text>, error: Maybe<Text>, started_at: Time, ended_at: Maybe<Time>, version: Int,
    }
    ListingText "listing_texts" of variant_id {
        id: Id, variant_id: Id, rules: Text, attributes: Doc, state: Word, draft: Maybe<Doc>, problem: Maybe<Text>,
        tokens: Int, version: Int, created_at: Time,
    }
    Customer "customers" {
        id: Id, external_id: Maybe<Text>, erased: Flag, version: Int, created_at: Time,
    }
    CustomerPii "customer_pii" {
        id: Id, name: Text, email: Maybe<Text>, phone: Maybe<Text>, address: Doc, version: Int,
    }
    Order "orders" in total {
        id: Id, number: Int, channel_id: Maybe<Id>, external_id: Maybe<Text>, external_version: Int,
        customer_id: Maybe<Id>, state: Word, placed_at: Time, business_date: Day, goods: Cash, discount: Cash,
        shipping: Cash, tax: Cash, facilitator_tax: Cash, total: Cash, adjusted: Cash, deposit: Cash, version: Int,
    }
    OrderLine "order_lines" in unit_price of order_id {
        id: Id, order_id: Id, variant_id: Id, listing_id: Maybe<Id>, item_id: Maybe<Id>, sku: Text, title: Text,
        qty: Int, fulfilled: Int, cancelled: Int, returned: Int, unit_price: Cash, discount: Cash, taxes: Doc,
        cost_at_sale: Doc, version: Int,
    }
    OrderAdjustment "order_adjustments" in amount of order_id {
        id: Id, order_id: Id, order_line_id: Maybe<Id>, kind: Word, amount: Cash, reason: Text, actor: Text,
        at: Time,
    }
    Promotion "promotions" maybe_in amount {
        id: Id, name: Text, kind: Word, rate: Maybe<Int>, amount: Maybe<Cash>, starts_at: Maybe<Time>,
        ends_at: Maybe<Time>, version: Int,
    }
    Coupon "coupons" of promotion_id {
        id: Id, promotion_id: Id, code: Text, max_uses: Int, used: Int, version: Int,
    }
    Redemption "redemptions" in amount of order_id {
        id: Id, coupon_id: Id, order_id: Id, amount: Cash, at: Time,
    }
    CheckoutSession "checkouts" in total {
        id: Id, state: Word, lines: Doc, customer_id: Maybe<Id>, coupon: Maybe<Text>, shipping: Cash, total: Cash,
        order_id: Maybe<Id>, expires_at: Time, version: Int, created_at: Time,
    }
    Payment "payments" in captured of order_id {
        id: Id, order_id: Id, provider: Text, authorised: Cash, captured: Cash, refunded: Cash, disputed: Cash,
        version: Int, created_at: Time,
    }
    PaymentTxn "payment_txns" in amount of payment_id {
        id: Id, payment_id: Id, kind: Word, amount: Cash, state: Word, provider_ref: Maybe<Text>,
        note: Maybe<Text>, return_url: Maybe<Text>, page_url: Maybe<Text>, version: Int, created_at: Time,
    }
    Payout "payouts" in amount of channel_id {
        id: Id, channel_id: Id, external_id: Text, amount: Cash, lines: Doc, residue: Cash, at: Time,
        business_date: Day,
    }
    Fulfilment "fulfilments" maybe_in label_cost of order_id {
        id: Id, order_id: Id, lines: Doc, location_id: Maybe<Id>, carrier: Maybe<Text>, tracking: Maybe<Text>,
        label_cost: Maybe<Cash>, state: Word, shipped_at: Maybe<Time>, delivered_at: Maybe<Time>, version: Int,
        created_at: Time,
    }
    ReturnCase "returns" of order_id {
        id: Id, number: Int, order_id: Id, lines: Doc, state: Word, version: Int, created_at: Time,
    }
    Forecast "forecasts" of variant_id {
        id: Id, variant_id: Id, from: Day, period_days: Int, steps: Doc, sums: Doc, class: Text,
        response: Maybe<Doc>, model: Text, backtest: Maybe<Doc>, inputs_hash: Text, made_at: Time,
    }
    RefillPolicy "refill_policies" maybe_in budget {
        id: Id, variant_id: Maybe<Id>, service_level: Int, review_days: Int, budget: Maybe<Cash>, auto_approve: Flag,
        version: Int,
    }
    AdviceRun "advice_runs" {
        id: Id, model: Text, day: Day, series: Int, changed: Int, refills: Int, backtest: Maybe<Doc>, made_at: Time,
    }
    RefillProposal "refill_proposals" in unit_cost of variant_id {
        id: Id, variant_id: Id, supplier_id: Id, qty: Int, unit_cost: Cash, explanation: Text, model: Text,
        inputs_hash: Text, backtest: Maybe<Doc>, state: Word, expires_at: Time, version: Int, created_at: Time,
    }
    Connection "connections" {
        id: Id, service: Text, state: Word, account: Maybe<Text>, live: Flag, abilities: Doc, problem: Maybe<Text>,
        sealed: Maybe<Text>, candidate: Maybe<Text>, checked_at: Maybe<Time>, heard_until: Maybe<Time>,
        renew_at: Maybe<Time>, version: Int, created_at: Time,
    }
    Hint "hints" of connection_id {
        id: Id, connection_id: Id, external_id: Text, kind: Text, topic: Text, received_at: Time,
    }
    Site "sites" {
        id: Id, connection_id: Id, showcase: Doc, channel_id: Maybe<Id>, state: Word, digest: Maybe<Text>,
        shown: Maybe<Doc>, problem: Maybe<Text>, checked_at: Maybe<Time>, published_at: Maybe<Time>, version: Int,
        created_at: Time,
    }
    Endpoint "webhook_endpoints" {
        id: Id, url: Text, events: Doc, state: Word, problem: Maybe<Text>, failing_since: Maybe<Time>, sealed: Text,
        sealed_before: Maybe<Text>, before_until: Maybe<Time>, version: Int, created_at: Time,
    }
    Delivery "webhook_deliveries" of endpoint_id {
        id: Id, endpoint_id: Id, event_id: Id, subject: Text, state: Word, tries: Int, next_at: Time, attempts: Doc,
        version: Int, created_at: Time,
    }
    DataKey "data_keys" {
        id: Id, wrapped: Text, version: Int, created_at: Time,
    }
    Event "events" {
        id: Id, kind: Text, subject: Text, data: Text, at: Time,
    }
    Job "jobs" {
        id: Id, kind: Word, connection: Text, subject: Text, state: Word, attempts: Int, next_at: Time,
        lease_until: Maybe<Time>, dispatched_at: Maybe<Time>, last_error: Maybe<Text>, version: Int,
        created_at: Time,
    }
    AuditEntry "audit_entries" {
        id: Id, actor: Text, operation: Text, subject: Maybe<Text>, request: Text, request_id: Maybe<Text>,
        at: Time,
    }
    ImportRun "import_runs" {
        id: Id, kind: Word, file_hash: Text, state: Word, rows_done: Int, accepted: Int, rejected: Int,
        version: Int, started_at: Time, ended_at: Maybe<Time>,
    }
}
