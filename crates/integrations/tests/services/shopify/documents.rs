//! Every document against Shopify's own schema.

use std::collections::{BTreeMap, BTreeSet};

use baddie_core::clock::Timestamp;
use baddie_core::money::Currency;
use baddie_integrations::shopify::calls::{self, *};
use baddie_integrations::shopify::{Ground, SCOPES};
use serde_json::{Value, json};

use super::fake::graph;
use crate::kit::specs::spec;

/// What is asked of this adapter, by the names of Shopify's own.
pub(crate) const OPERATIONS: [&str; 34] = [
    "productSet",
    "productOperation",
    "productVariantsBulkCreate",
    "productVariantsBulkUpdate",
    "productVariantsBulkDelete",
    "productUpdate",
    "fileCreate",
    "fileUpdate",
    "stagedUploadsCreate",
    "publications",
    "publishablePublish",
    "inventorySetQuantities",
    "inventoryAdjustQuantities",
    "inventoryActivate",
    "locations",
    "inventoryItem",
    "orders",
    "order",
    "orderCancel",
    "orderCapture",
    "refundCreate",
    "fulfillmentOrders",
    "fulfillmentCreate",
    "fulfillmentTrackingInfoUpdate",
    "fulfillmentCancel",
    "customerSet",
    "customers",
    "customerByIdentifier",
    "webhookSubscriptionCreate",
    "webhookSubscriptions",
    "webhookSubscriptionDelete",
    "bulkOperationRunQuery",
    "bulkOperation",
    "bulkOperationRunMutation",
];

/// Each of the calls once, filled with something of everything.
#[expect(clippy::too_many_lines, reason = "it is a list")]
fn asks() -> Vec<Ask> {
    let text = || "x".to_owned();
    let some = || Some("x".to_owned());
    let gid = |kind: &str| format!("gid://shopify/{kind}/1");
    let ground =
        Ground { location: gid("Location"), publication: gid("Publication"), currency: Currency::GBP };
    let own = CustomId { namespace: text(), key: text(), value: text() };
    let file = FileInput { id: None, original_source: some(), alt: some(), content_type: Some("IMAGE") };
    let variant = VariantInput {
        id: Some(gid("ProductVariant")),
        option_values: Some(vec![OptionValue { option_name: text(), name: text() }]),
        price: some(),
        compare_at_price: some(),
        barcode: some(),
        inventory_policy: Some("DENY"),
        inventory_item: Some(InventoryItemInput { sku: some(), tracked: Some(true), cost: some() }),
        inventory_quantities: None,
    };
    let quantity = QuantityInput { location_id: gid("Location"), name: "available", quantity: 1 };
    let stocked = VariantInput { inventory_quantities: Some(vec![quantity]), ..variant.clone() };
    let words = ProductInput {
        id: None,
        title: some(),
        description_html: some(),
        handle: some(),
        vendor: some(),
        product_type: some(),
        category: Some(gid("TaxonomyCategory")),
        tags: Some(vec![text()]),
        status: Some("ACTIVE"),
        ..ProductInput::default()
    };
    let product = ProductInput {
        product_options: Some(vec![OptionInput {
            name: text(),
            values: vec![OptionValueName { name: text() }],
        }]),
        variants: Some(vec![stocked]),
        files: Some(vec![file.clone()]),
        metafields: Some(vec![MetafieldInput {
            namespace: text(),
            key: text(),
            r#type: "id",
            value: text(),
        }]),
        ..words.clone()
    };
    let update = ProductInput { id: Some(gid("Product")), ..words };
    let change = Change {
        inventory_item_id: gid("InventoryItem"),
        location_id: gid("Location"),
        delta: -1,
        change_from_quantity: Some(3),
    };
    let count = Quantity {
        inventory_item_id: gid("InventoryItem"),
        location_id: gid("Location"),
        quantity: 2,
        change_from_quantity: None,
    };
    let cancelling = Cancelling {
        order_id: gid("Order"),
        reason: "CUSTOMER",
        refund: true,
        restock: true,
        notify_customer: false,
    };
    let taken = CaptureInput {
        id: gid("Order"),
        parent_transaction_id: gid("OrderTransaction"),
        amount: "1.00".into(),
        currency: "GBP".into(),
    };
    let back = RefundInput {
        order_id: gid("Order"),
        currency: "GBP".into(),
        note: text(),
        notify: true,
        refund_line_items: vec![RefundLine {
            line_item_id: gid("LineItem"),
            quantity: 1,
            restock_type: "RETURN",
            location_id: Some(gid("Location")),
        }],
        transactions: vec![Refunding {
            order_id: gid("Order"),
            parent_id: gid("OrderTransaction"),
            gateway: text(),
            kind: "REFUND",
            amount: "1.00".into(),
        }],
    };
    let tracking = Tracking { number: some(), company: some(), url: Some("https://example.com/1".into()) };
    let line = GoodsLine { id: gid("FulfillmentOrderLineItem"), quantity: 1 };
    let goods = Goods {
        fulfillment_order_id: gid("FulfillmentOrder"),
        fulfillment_order_line_items: Some(vec![line]),
    };
    let fulfilled = FulfillmentInput {
        line_items_by_fulfillment_order: vec![goods],
        tracking_info: Some(tracking.clone()),
        notify_customer: true,
    };
    let customer =
        CustomerInput { email: some(), first_name: some(), last_name: some(), phone: some(), note: some() };
    let upload = UploadInput {
        resource: "BULK_MUTATION_VARIABLES",
        filename: "lines.jsonl".into(),
        mime_type: "text/jsonl",
        http_method: "POST",
    };
    let set = set_product(&Which::CustomId(own), &product, &ground, true);
    let mutation = set.document;
    vec![
        shop(),
        access(),
        locations(None),
        publications(Some("x")),
        define_key("baddie", "listing", "Listing"),
        set,
        product_operation(&gid("ProductSetOperation")),
        find_product(&Which::Handle(text()), &ground),
        find_product(&Which::Id(gid("Product")), &ground),
        find_variant(&gid("ProductVariant"), &ground),
        products(Some("x"), Some("x")),
        update_product(&update),
        add_variants(&gid("Product"), std::slice::from_ref(&variant)),
        change_variants(&gid("Product"), &[variant]),
        remove_variants(&gid("Product"), &[gid("ProductVariant")]),
        add_files(std::slice::from_ref(&file)),
        change_files(&[FileInput { id: Some(gid("MediaImage")), content_type: None, ..file }]),
        calls::upload(&[upload]),
        publish(&gid("Product"), &[gid("Publication")]),
        set_quantities("k", "baddie://x", &[count]),
        adjust("k", "baddie://x", &[change]),
        activate("k", &gid("InventoryItem"), &gid("Location"), Some(1)),
        inventory_item(&gid("InventoryItem"), &gid("Location")),
        orders(Timestamp::from_micros(0), None, true),
        order(&gid("Order"), false),
        order_lines(&gid("Order"), "x"),
        order_money(&gid("Order")),
        cancel_order(&cancelling),
        job(&gid("Job")),
        capture(&taken),
        refund("k", &back),
        fulfillment_orders(&gid("Order"), None),
        fulfillments(&gid("Order")),
        fulfillment(&gid("Fulfillment"), None),
        fulfill(&fulfilled),
        track(&gid("Fulfillment"), &tracking, false),
        cancel_fulfillment(&gid("Fulfillment")),
        set_customer("x@example.com", &customer),
        customers(None, None),
        find_customer("x@example.com"),
        listen("ORDERS_UPDATED", "https://example.com/hook"),
        hooks(None),
        unlisten(&gid("WebhookSubscription")),
        run_query(PRODUCTS.text, true),
        run_mutation(mutation, "x"),
        bulk_operation(&gid("BulkOperation")),
    ]
}

fn body(ask: &Ask) -> Value {
    serde_json::from_slice(ask.call().body_bytes()).unwrap()
}

/// How many documents fit the schema, and which of its fields they ask for; nothing without the schema.
pub(crate) fn validated() -> Option<(usize, BTreeSet<String>)> {
    let graph = graph()?;
    let mut names = BTreeSet::new();
    for ask in asks() {
        graph.check_request(&body(&ask)).unwrap_or_else(|wrong| panic!("{}: {wrong}", ask.document.name));
        names.extend(graph.asked(ask.document.text).into_iter().map(|asked| asked.name));
    }
    graph.document(PRODUCTS.text).unwrap();
    Some((asks().len() + 1, names))
}

#[test]
fn every_document_is_as_shopify_has_it_and_nothing_is_missing() {
    let Some((_, names)) = validated() else { return };
    let missing: Vec<_> = OPERATIONS.iter().filter(|name| !names.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn nothing_on_its_way_out_is_asked_for() {
    let Some(graph) = graph() else { return };
    for ask in asks() {
        let old: Vec<_> =
            graph.asked(ask.document.text).into_iter().filter(|asked| asked.deprecated).collect();
        assert!(old.is_empty(), "{}: {old:?}", ask.document.name);
    }
}

#[test]
fn no_question_costs_more_than_shopify_answers() {
    let Some(graph) = graph() else { return };
    for ask in asks() {
        let cost = graph.cost(ask.document.text);
        assert!(cost <= 1_000, "{} costs {cost}", ask.document.name);
    }
}

#[test]
fn what_is_done_under_a_key_says_so() {
    // The schema calls the directive optional; Shopify does not.
    let keyed = ["inventorySetQuantities", "inventoryAdjustQuantities", "inventoryActivate", "refundCreate"];
    for ask in asks() {
        let has = ask.document.text.contains("@idempotent(key: $key)");
        let needs = keyed.iter().any(|name| ask.document.text.contains(&format!("mutation {name}")));
        assert_eq!((has, ask.variables.contains_key("key")), (needs, needs), "{}", ask.document.name);
    }
    let set = body(&set_quantities(
        "k",
        "d",
        &[Quantity {
            inventory_item_id: "i".into(),
            location_id: "l".into(),
            quantity: 1,
            change_from_quantity: None,
        }],
    ));
    let quantity = set["variables"]["input"]["quantities"][0].as_object().unwrap();
    assert!(quantity.get("changeFromQuantity") == Some(&Value::Null), "the very word is sent: {quantity:?}");
}

/// What the scope table says of a type or a field: any one of these will do.
fn table() -> Option<BTreeMap<(String, String), BTreeSet<String>>> {
    let table: Value = serde_json::from_str(&spec("shopify/admin-2026-10.scopes.json.gz")?).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |row: &Value| {
        let scopes = row["offlineScopes"].as_array().unwrap().iter().map(text).collect();
        ((text(&row["typeName"]), text(&row["fieldName"])), scopes)
    };
    Some(table["items"].as_array().unwrap().iter().map(row).collect())
}

#[test]
fn the_scopes_are_those_that_the_documents_need() {
    let (Some(graph), Some(table)) = (graph(), table()) else { return };
    let granted = |wanted: &str| {
        let whole = wanted.replace("read_", "write_");
        SCOPES.iter().any(|scope| *scope == wanted || *scope == whole)
    };
    let mut needed = BTreeSet::new();
    let documents = asks().into_iter().map(|ask| ask.document).chain([PRODUCTS]);
    for document in documents {
        for asked in graph.asked(document.text) {
            for place in [(asked.of.clone(), asked.name.clone()), (asked.kind.clone(), String::new())] {
                let Some(any) = table.get(&place).filter(|any| !any.is_empty()) else { continue };
                assert!(
                    any.iter().any(|scope| granted(scope)),
                    "{}: {place:?} needs one of {any:?}",
                    document.name
                );
                needed.extend(any.iter().cloned());
            }
        }
    }
    // What the table leaves out and Shopify's own pages name, of the calls that have no row.
    needed.extend(["write_orders", "write_fulfillments"].map(str::to_owned));
    for scope in SCOPES {
        let used = needed.contains(*scope) || needed.contains(&scope.replace("write_", "read_"));
        assert!(used, "nobody needs {scope}");
    }
}

#[test]
fn a_bulk_question_is_sent_as_it_lies_here() {
    let sent = body(&run_query(PRODUCTS.text, true));
    assert_eq!(sent["variables"], json!({"query": PRODUCTS.text, "groupObjects": true}));
}
