//! Every call, against Webflow's own description, and against what Webflow's own library sends.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use baddie_integrations::http::Call;
use baddie_integrations::webflow::calls::*;
use serde_json::{Value, json};

use crate::kit::form::pairs;
use crate::kit::openapi::Description;
use crate::kit::specs::fixture;

/// The operations that an adapter of Webflow is asked for.
pub(crate) const OPERATIONS: [(&str, &str); 39] = [
    ("GET", "/sites"),
    ("GET", "/sites/{site_id}/custom_domains"),
    ("POST", "/sites/{site_id}/publish"),
    ("GET", "/sites/{site_id}/collections"),
    ("POST", "/sites/{site_id}/collections"),
    ("GET", "/collections/{collection_id}"),
    ("POST", "/collections/{collection_id}/fields"),
    ("GET", "/collections/{collection_id}/items"),
    ("POST", "/collections/{collection_id}/items"),
    ("PATCH", "/collections/{collection_id}/items"),
    ("DELETE", "/collections/{collection_id}/items"),
    ("POST", "/collections/{collection_id}/items/bulk"),
    ("POST", "/collections/{collection_id}/items/publish"),
    ("GET", "/collections/{collection_id}/items/live"),
    ("POST", "/collections/{collection_id}/items/live"),
    ("PATCH", "/collections/{collection_id}/items/live"),
    ("DELETE", "/collections/{collection_id}/items/live"),
    ("GET", "/sites/{site_id}/products"),
    ("POST", "/sites/{site_id}/products"),
    ("GET", "/sites/{site_id}/products/{product_id}"),
    ("PATCH", "/sites/{site_id}/products/{product_id}"),
    ("POST", "/sites/{site_id}/products/{product_id}/skus"),
    ("PATCH", "/sites/{site_id}/products/{product_id}/skus/{sku_id}"),
    ("GET", "/collections/{sku_collection_id}/items/{sku_id}/inventory"),
    ("PATCH", "/collections/{sku_collection_id}/items/{sku_id}/inventory"),
    ("GET", "/sites/{site_id}/orders"),
    ("GET", "/sites/{site_id}/orders/{order_id}"),
    ("PATCH", "/sites/{site_id}/orders/{order_id}"),
    ("POST", "/sites/{site_id}/orders/{order_id}/fulfill"),
    ("POST", "/sites/{site_id}/orders/{order_id}/unfulfill"),
    ("POST", "/sites/{site_id}/orders/{order_id}/refund"),
    ("POST", "/sites/{site_id}/assets"),
    ("GET", "/sites/{site_id}/webhooks"),
    ("POST", "/sites/{site_id}/webhooks"),
    ("DELETE", "/webhooks/{webhook_id}"),
    ("GET", "/sites/{site_id}"),
    ("GET", "/sites/{site_id}/ecommerce/settings"),
    ("GET", "/token/introspect"),
    ("GET", "/token/authorized_by"),
];

/// Webflow's own description, mended where it is known to be wrong.
pub(crate) fn description() -> Option<&'static Description> {
    static OPEN: LazyLock<Option<Description>> =
        LazyLock::new(|| Description::open_mended("webflow/data-api-v2.openapi.json.gz", mend));
    OPEN.as_ref()
}

/// What a product must hold is asked for beside what it holds; ways of naming items, and of telling of them, fit each other,
/// where one alone is allowed; and what may be `null` is not said in the words of this kind of description.
fn mend(document: &mut Value) {
    let new =
        "/paths/~1sites~1{site_id}~1products/post/requestBody/content/application~1json/schema/properties";
    let new = document.pointer_mut(new).unwrap();
    for part in ["product", "sku"] {
        new[part].as_object_mut().unwrap().remove("required");
        new[part]["properties"]["fieldData"]["required"] = json!(["name", "slug"]);
    }
    for both in [
        "/paths/~1collections~1{collection_id}~1items~1publish/post/requestBody/content/application~1json/schema",
        "/paths/~1collections~1{collection_id}~1items/patch/responses/200/content/application~1json/schema",
    ] {
        let both = document.pointer_mut(both).unwrap().as_object_mut().unwrap();
        let ways = both.remove("oneOf").unwrap();
        both.insert("anyOf".to_owned(), ways);
    }
    // What Webflow gives an item is asked of who makes one.
    let live = "/paths/~1collections~1{collection_id}~1items~1live/post/requestBody/content/application~1json/schema/oneOf/1";
    document.pointer_mut(live).unwrap()["properties"]["items"]["items"]["required"] = json!(["fieldData"]);
    soften(document, "");
}

fn soften(value: &mut Value, name: &str) {
    match value {
        Value::Object(fields) => {
            let unset = ["lastPublished", "externalReference"].contains(&name);
            if fields.get("nullable") == Some(&Value::Bool(true)) || unset && fields.contains_key("type") {
                let kind = fields.get("type").cloned();
                fields.insert("type".to_owned(), json!([kind, "null"]));
                if let Some(words) = fields.get_mut("enum").and_then(Value::as_array_mut) {
                    words.push(Value::Null);
                }
            }
            // Examples stand there under names, which no schema allows.
            if name != "properties" {
                fields.remove("examples");
            }
            if let Some(Value::Array(kinds)) = fields.get("items") {
                let any = json!({ "anyOf": kinds });
                fields.insert("items".to_owned(), any);
            }
            for (name, value) in fields {
                soften(value, name);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| soften(value, "")),
        _ => {}
    }
}

const SITE: &str = "580e63e98c9a982ac9b8b741";

#[expect(clippy::unnecessary_wraps, reason = "whoever asks has a field that may be absent")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn fields(name: &str, slug: &str) -> Fields {
    Fields::from_iter([("name".to_owned(), name.into()), ("slug".to_owned(), slug.into())])
}

fn sku(name: &str, slug: &str, own: Option<&str>) -> SkuInput {
    let price = Price { value: 12_000, unit: "USD".into(), currency: "USD".into() };
    SkuInput { name: name.into(), slug: slug.into(), price, sku: own.map(str::to_owned), main_image: None }
}

/// The calls of the recording, by the name they have there.
fn as_recorded() -> Vec<(&'static str, Call)> {
    let domains =
        PublishSite { custom_domains: Some(texts(&["d1"])), publish_to_webflow_subdomain: Some(false) };
    let nine = OptionWord { id: "e1".into(), name: "9".into(), slug: "9".into() };
    let size = ProductOption { id: "p1".into(), name: "Size".into(), words: vec![nine] };
    let air = ProductInput {
        name: text("Air"),
        slug: text("air"),
        description: text("x"),
        shippable: Some(true),
        sku_properties: Some(vec![size]),
    };
    let page = |offset| Page { offset, limit: 100 };
    let two = NewItems {
        is_draft: Some(false),
        is_archived: None,
        field_data: vec![fields("A", "a"), fields("B", "b")],
    };
    let change = ItemChange {
        id: "i1".into(),
        is_draft: Some(false),
        is_archived: None,
        field_data: fields("A2", "a"),
    };
    let which = ListItems { page: page(0), slug: text("a"), ..ListItems::default() };
    vec![
        ("sites.list", list_sites()),
        ("sites.publish", publish_site(SITE, &domains)),
        ("products.create", create_product(SITE, "staging", &air, &sku("Air 9", "air-9", Some("AM1-9")))),
        ("products.list", list_products(SITE, page(100))),
        ("products.create_sku", create_skus(SITE, "prod1", "staging", &[sku("Air 10", "air-10", None)])),
        ("inventory.update", set_inventory("skucol", "sku1", 5)),
        ("orders.list", list_orders(SITE, Some("unfulfilled"), page(0))),
        ("orders.update_fulfill", fulfill_order(SITE, "ord1", true)),
        ("orders.refund", refund_order(SITE, "ord1", "requested")),
        ("items.create_bulk", create_items_in_bulk("col1", &two)),
        ("items.update", update_items("col1", &[change])),
        ("items.publish", publish_items("col1", &texts(&["i1", "i2"]))),
        ("items.list", list_items("col1", &which)),
        ("webhooks.create", create_webhook(SITE, "ecomm_new_order", "https://example.com/wh")),
    ]
}

/// The calls that nobody recorded.
fn others() -> Vec<Call> {
    let one = [NewItem { is_draft: Some(true), is_archived: Some(false), field_data: fields("A", "a") }];
    let change =
        ItemChange { id: "i1".into(), is_draft: None, is_archived: Some(true), field_data: fields("A", "a") };
    let which = ListItems { page: Page::after(0), name: text("A"), as_made: true, slug: None };
    let field = |kind, name: &str| NewField {
        r#type: kind,
        display_name: name.into(),
        help_text: text("help"),
        is_required: Some(false),
    };
    let collection = NewCollection {
        display_name: "Things".into(),
        singular_name: "Thing".into(),
        slug: text("things"),
        fields: vec![field("PlainText", "Key"), field("Number", "Quantity"), field("Link", "Link")],
    };
    let archived =
        ProductChange { is_archived: Some(true), is_draft: Some(false), ..ProductChange::default() };
    let noted = OrderChange {
        comment: text("c"),
        shipping_provider: text("p"),
        shipping_tracking: text("t"),
        shipping_tracking_url: text("https://example.com/t"),
    };
    let ids = texts(&["i1", "i2"]);
    let mut calls = vec![
        get_site(SITE),
        list_domains(SITE),
        publish_site(
            SITE,
            &PublishSite { publish_to_webflow_subdomain: Some(true), ..PublishSite::default() },
        ),
        shop_settings(SITE),
        introspect(),
        authorized_by(),
        list_collections(SITE),
        create_collection(SITE, &collection),
        get_collection("col1"),
        create_field("col1", &field("PlainText", "Key")),
        list_items("col1", &which),
        list_live_items("col1", &which),
        create_items("col1", &one),
        create_live_items("col1", &one),
        update_live_items("col1", &[change]),
        delete_items("col1", &ids),
        unpublish_items("col1", &ids),
        get_product(SITE, "prod1"),
        update_product(SITE, "prod1", "live", &archived),
        update_sku(SITE, "prod1", "sku1", "live", &sku("Air 9", "air-9", Some("AM1-9"))),
        get_inventory("skucol", "sku1"),
        adjust_inventory("skucol", "sku1", -1),
        list_orders(SITE, None, Page::after(100)),
        get_order(SITE, "fc7-128"),
        update_order(SITE, "fc7-128", &noted),
        unfulfill_order(SITE, "fc7-128"),
        create_asset(SITE, "a.png", "3c7d87c9575702bc3b1e991f4d3c638e"),
        list_webhooks(SITE),
        delete_webhook("w1"),
    ];
    calls.extend(TRIGGERS.map(|trigger| create_webhook(SITE, trigger, "https://example.com/wh")));
    calls
}

/// How many calls are as Webflow's description has them, and which operations they are; nothing without the description.
pub(crate) fn validated() -> Option<(usize, BTreeSet<(String, String)>)> {
    let description = description()?;
    let calls: Vec<Call> = as_recorded().into_iter().map(|(_, call)| call).chain(others()).collect();
    let mut operations = BTreeSet::new();
    for call in &calls {
        let route = description.check_call(call.method(), call.path(), call.body_bytes()).unwrap();
        operations.insert((call.method().to_owned(), route));
    }
    Some((calls.len(), operations))
}

/// How many of the recorded requests we would send alike.
pub(crate) fn recorded() -> (usize, usize) {
    let recording = fixture("webflow/sdk-requests.jsonl");
    let lines = recording.lines().filter(|line| !line.is_empty());
    let recording: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    let ours = as_recorded();
    for theirs in &recording {
        let name = theirs["op"].as_str().unwrap();
        let (_, call) = ours.iter().find(|(ours, _)| *ours == name).expect(name);
        compare(name, theirs, call);
    }
    (recording.len(), recording.len())
}

/// The same method, path, query in any order, body and type of body; the credential is the connection's.
fn compare(name: &str, theirs: &Value, call: &Call) {
    assert_eq!(theirs["method"], call.method(), "{name}");
    let parts = |path: &str| {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        (path.to_owned(), BTreeSet::from_iter(pairs(query)))
    };
    assert_eq!(parts(&format!("/v2{}", call.path())), parts(theirs["path"].as_str().unwrap()), "{name}");
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    assert_eq!(read(call.body_bytes()), read(theirs["body"].as_str().unwrap().as_bytes()), "{name}");
    assert_eq!(call.header_value("content-type"), theirs["headers"]["content-type"].as_str(), "{name}");
}

#[test]
fn every_call_is_as_webflow_describes_it() {
    let Some((calls, operations)) = validated() else { return };
    assert_eq!(calls, 46);
    for (method, path) in OPERATIONS {
        assert!(operations.contains(&(method.to_owned(), path.to_owned())), "{method} {path} is missing");
    }
}

#[test]
fn requests_are_those_of_webflows_own_library() {
    assert_eq!(recorded(), (14, 14));
}

#[test]
fn the_description_refuses_what_is_wrong() {
    let Some(description) = description() else { return };
    for (method, path, body) in [
        ("POST", "/sites/s/products", r#"{"product":{"fieldData":{"name":"A"}},"sku":{"fieldData":{}}}"#),
        ("POST", "/sites/s/products", r#"{"publishStatus":"shown","product":{},"sku":{}}"#),
        ("PATCH", "/collections/c/items/s/inventory", r#"{"quantity":5}"#),
        ("PATCH", "/collections/c/items/s/inventory", r#"{"inventoryType":"finite","quantity":"5"}"#),
        ("PATCH", "/collections/c/items/s/inventory", ""),
        ("POST", "/sites/s/orders/o/refund", r#"{"reason":"bored"}"#),
        ("POST", "/collections/c/items/bulk", r#"{"fieldData":[{"name":"A"}]}"#),
        ("GET", "/sites/s/orders?status=lost", ""),
        ("GET", "/sites/s/orders?limit=x", ""),
        ("GET", "/nothing", ""),
    ] {
        assert!(description.check_call(method, path, body.as_bytes()).is_err(), "{method} {path} {body}");
    }
}

#[test]
fn what_moves_something_is_not_repeated_by_itself() {
    use baddie_integrations::http::Repeat;
    for (name, call) in as_recorded() {
        let freely = call.method() == "GET";
        let absolute = ["sites.publish", "items.update", "items.publish"].contains(&name);
        let same = |repeat| call.clone().repeat(repeat) == call;
        assert_eq!(same(Repeat::Freely), freely, "{name}");
        assert_eq!(same(Repeat::UnderItsKey), absolute, "{name}");
    }
}

#[test]
fn a_name_stays_one_step_of_a_path() {
    assert_eq!(get_order("a/b", "../c?d#e").path(), "/sites/a%2Fb/orders/%2E%2E%2Fc%3Fd%23e");
}
