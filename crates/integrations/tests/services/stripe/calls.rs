//! Every call, against Stripe's own description, and against what Stripe's own library sends.

use std::collections::BTreeSet;

use baddie_integrations::http::Call;
use baddie_integrations::stripe::calls::*;
use baddie_integrations::stripe::{EVENTS, on_account};
use serde_json::Value;

use crate::kit::form::pairs;
use crate::kit::openapi::Description;
use crate::kit::specs::fixture;

/// The operations that an adapter of Stripe is asked for.
pub(crate) const OPERATIONS: [(&str, &str); 44] = [
    ("POST", "/v1/payment_intents"),
    ("GET", "/v1/payment_intents"),
    ("GET", "/v1/payment_intents/search"),
    ("GET", "/v1/payment_intents/{id}"),
    ("POST", "/v1/payment_intents/{id}/confirm"),
    ("POST", "/v1/payment_intents/{id}/capture"),
    ("POST", "/v1/payment_intents/{id}/cancel"),
    ("POST", "/v1/checkout/sessions"),
    ("GET", "/v1/checkout/sessions/{id}"),
    ("POST", "/v1/checkout/sessions/{id}/expire"),
    ("GET", "/v1/checkout/sessions/{id}/line_items"),
    ("POST", "/v1/refunds"),
    ("GET", "/v1/refunds"),
    ("POST", "/v1/refunds/{id}/cancel"),
    ("POST", "/v1/customers"),
    ("GET", "/v1/customers"),
    ("GET", "/v1/customers/{id}"),
    ("POST", "/v1/customers/{id}"),
    ("DELETE", "/v1/customers/{id}"),
    ("POST", "/v1/products"),
    ("GET", "/v1/products"),
    ("POST", "/v1/prices"),
    ("GET", "/v1/prices"),
    ("POST", "/v1/subscriptions"),
    ("GET", "/v1/subscriptions/{id}"),
    ("POST", "/v1/subscriptions/{id}"),
    ("DELETE", "/v1/subscriptions/{id}"),
    ("POST", "/v1/subscriptions/{id}/pause"),
    ("POST", "/v1/subscriptions/{id}/resume"),
    ("POST", "/v1/invoices/create_preview"),
    ("GET", "/v1/invoices/{id}"),
    ("POST", "/v1/invoices/{id}/pay"),
    ("POST", "/v1/invoices/{id}/void"),
    ("GET", "/v1/invoice_payments"),
    ("POST", "/v1/billing_portal/configurations"),
    ("POST", "/v1/billing_portal/sessions"),
    ("POST", "/v1/webhook_endpoints"),
    ("GET", "/v1/events"),
    ("GET", "/v1/radar/early_fraud_warnings"),
    ("GET", "/v1/reviews"),
    ("POST", "/v1/reviews/{id}/approve"),
    ("GET", "/v1/disputes/{id}"),
    ("POST", "/v1/disputes/{id}"),
    ("GET", "/v1/radar/value_lists"),
];

fn notes(pairs: &[(&str, &str)]) -> Metadata {
    pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "whoever asks has a field that may be absent")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn expand(paths: &[&str]) -> Expand {
    Expand { expand: texts(paths) }
}

fn hundred() -> Listing {
    Listing { limit: Some(100), ..Listing::default() }
}

/// Where the library makes up a key of its own.
const ANY: &str = "stripe-node-retry-UUID";

/// The calls of the recording, by the name they have there.
fn as_recorded() -> Vec<(&'static str, Call)> {
    let mut calls = money();
    calls.extend(purchases());
    calls.extend(subscriptions());
    calls.extend(signals());
    calls
}

fn money() -> Vec<(&'static str, Call)> {
    let intent = NewIntent {
        amount: 12_050,
        currency: "usd".into(),
        customer: text("cus_1"),
        capture_method: Some("manual"),
        automatic_payment_methods: Some(AutomaticMethods { enabled: true, allow_redirects: Some("never") }),
        metadata: notes(&[("order_id", "1001"), ("note", "a&b=c d/é")]),
        description: text("Order 1001"),
        receipt_email: text("a@example.com"),
        shipping: Some(Shipping {
            name: "Ann".into(),
            address: Address {
                line1: text("1 St"),
                city: text("X"),
                country: text("US"),
                postal_code: text("10001"),
                ..Address::default()
            },
        }),
        expand: texts(&["latest_charge"]),
        ..NewIntent::default()
    };
    let confirm = Confirm {
        payment_method: text("pm_card_visa"),
        return_url: text("https://example.com/r"),
        ..Confirm::default()
    };
    let capture = Capture { amount_to_capture: Some(10_000), ..Capture::default() };
    let list = ListIntents {
        customer: text("cus_1"),
        listing: Listing {
            starting_after: text("pi_0"),
            created: Some(Span { gte: Some(1_700_000_000), lt: Some(1_800_000_000) }),
            ..hundred()
        },
    };
    let search = Search { query: "metadata['order_id']:'1001'".into(), limit: Some(10), page: None };
    let refund = NewRefund {
        payment_intent: text("pi_1"),
        amount: Some(500),
        reason: Some("requested_by_customer"),
        metadata: notes(&[("return_id", "r1")]),
        ..NewRefund::default()
    };
    let refunds = ListRefunds { payment_intent: text("pi_1"), charge: None, listing: hundred() };
    let in_full = expand(&["latest_charge.outcome.rule", "latest_charge.review"]);
    vec![
        ("payment_intents.create", create_intent("order-1001-pi", &intent)),
        ("payment_intents.confirm", confirm_intent(ANY, "pi_1", &confirm)),
        ("payment_intents.capture", capture_intent("cap-1", "pi_1", &capture)),
        (
            "payment_intents.cancel",
            cancel_intent(ANY, "pi_1", &Cancel { cancellation_reason: Some("abandoned") }),
        ),
        ("payment_intents.retrieve", get_intent("pi_1", &in_full)),
        ("payment_intents.list", list_intents(&list)),
        ("payment_intents.search", search_intents(&search)),
        ("refunds.create", create_refund("ref-1", &refund)),
        ("refunds.cancel", cancel_refund(ANY, "re_1")),
        ("refunds.list", list_refunds(&refunds)),
        ("connect_header", on_account(get_intent("pi_1", &Expand::default()), Some("acct_1"))),
    ]
}

fn purchases() -> Vec<(&'static str, Call)> {
    let line = LineItem {
        quantity: Some(2),
        price: None,
        price_data: Some(PriceData {
            currency: "usd".into(),
            unit_amount: 4_500,
            product_data: ProductData { name: "Air Max 9".into(), images: texts(&["https://x.test/a.jpg"]) },
        }),
    };
    let page = NewSession {
        mode: "payment",
        line_items: vec![line],
        success_url: text("https://example.com/ok?session_id={CHECKOUT_SESSION_ID}"),
        cancel_url: text("https://example.com/no"),
        client_reference_id: text("1001"),
        expires_at: Some(1_900_000_000),
        payment_intent_data: Some(IntentData {
            capture_method: Some("manual"),
            metadata: notes(&[("order_id", "1001")]),
        }),
        shipping_address_collection: Some(ShippingCountries { allowed_countries: texts(&["US", "CA"]) }),
        ..NewSession::default()
    };
    let subscribe = NewSession {
        mode: "subscription",
        line_items: vec![LineItem { quantity: Some(1), price: text("price_1"), price_data: None }],
        subscription_data: Some(SubscriptionData {
            trial_period_days: Some(14),
            trial_settings: Some(TrialSettings::without_method("cancel")),
            ..SubscriptionData::default()
        }),
        payment_method_collection: Some("if_required"),
        success_url: text("https://example.com/ok"),
        customer: text("cus_1"),
        ..NewSession::default()
    };
    let ann = Customer {
        email: text("a@example.com"),
        name: text("Ann"),
        metadata: notes(&[("tenant", "t1")]),
        ..Customer::default()
    };
    let cleared = Customer { phone: text(""), metadata: notes(&[("old", "")]), ..Customer::default() };
    let plan = Product { name: text("Pro plan"), metadata: notes(&[("k", "v")]), ..Product::default() };
    let price = NewPrice {
        product: "prod_1".into(),
        currency: "usd".into(),
        unit_amount: 2_900,
        recurring: Some(Recurring { interval: "month" }),
        lookup_key: text("pro_monthly"),
        transfer_lookup_key: Some(true),
    };
    let prices = ListPrices {
        lookup_keys: texts(&["pro_monthly", "pro_yearly"]),
        active: Some(true),
        listing: Listing { expand: texts(&["data.product"]), ..Listing::default() },
    };
    vec![
        ("checkout.sessions.create", create_session("cs-1", &page)),
        ("checkout.sessions.subscription", create_session(ANY, &subscribe)),
        ("checkout.sessions.expire", expire_session(ANY, "cs_1")),
        ("checkout.sessions.list_line_items", list_line_items("cs_1", &hundred())),
        ("customers.create", create_customer(ANY, &ann)),
        ("customers.del", delete_customer("cus_1")),
        ("customers.update_unset", update_customer(ANY, "cus_1", &cleared)),
        ("products.create", create_product(ANY, &plan)),
        ("prices.create", create_price(ANY, &price)),
        ("prices.list", list_prices(&prices)),
    ]
}

fn subscriptions() -> Vec<(&'static str, Call)> {
    let new = NewSubscription {
        customer: "cus_1".into(),
        items: vec![SubscriptionItem { price: text("price_1"), quantity: Some(1), id: None }],
        trial_period_days: Some(14),
        trial_settings: Some(TrialSettings::without_method("pause")),
        payment_behavior: Some("default_incomplete"),
        payment_settings: Some(PaymentSettings { save_default_payment_method: "on_subscription" }),
        expand: texts(&["latest_invoice.confirmation_secret", "pending_setup_intent"]),
        ..NewSubscription::default()
    };
    let other = || vec![SubscriptionItem { id: text("si_1"), price: text("price_2"), quantity: None }];
    let update = UpdateSubscription {
        items: other(),
        proration_behavior: Some("create_prorations"),
        cancel_at_period_end: Some(false),
        ..UpdateSubscription::default()
    };
    let cancel = CancelSubscription { invoice_now: Some(true), prorate: Some(true) };
    let resume = ResumeSubscription { billing_cycle_anchor: Some(Anchor { r#type: "now" }) };
    let preview = Preview {
        customer: text("cus_1"),
        subscription: text("sub_1"),
        subscription_details: Some(PreviewDetails { items: other() }),
    };
    let portal = NewPortal {
        business_profile: Some(Profile { headline: text("Manage plan") }),
        features: Features {
            invoice_history: Some(Feature { enabled: true }),
            payment_method_update: Some(Feature { enabled: true }),
            subscription_cancel: Some(CancelFeature { enabled: true, mode: Some("at_period_end") }),
        },
    };
    let visit = NewVisit {
        customer: "cus_1".into(),
        return_url: text("https://example.com/acct"),
        configuration: text("bpc_1"),
    };
    vec![
        ("subscriptions.create", create_subscription("sub-1", &new)),
        ("subscriptions.update", update_subscription(ANY, "sub_1", &update)),
        ("subscriptions.cancel", cancel_subscription("sub_1", &cancel)),
        ("subscriptions.resume", resume_subscription(ANY, "sub_1", &resume)),
        ("invoices.create_preview", preview_invoice(ANY, &preview)),
        ("billing_portal.configurations.create", create_portal(ANY, &portal)),
        ("billing_portal.sessions.create", create_visit(ANY, &visit)),
    ]
}

fn signals() -> Vec<(&'static str, Call)> {
    let endpoint = NewEndpoint {
        url: "https://example.com/wh".into(),
        enabled_events: texts(&["payment_intent.succeeded", "charge.refunded"]),
        api_version: Some(VERSION),
    };
    let events = ListEvents {
        types: texts(&["payment_intent.succeeded", "charge.dispute.created"]),
        listing: Listing { created: Some(Span { gte: Some(1_700_000_000), lt: None }), ..hundred() },
    };
    let dispute = UpdateDispute {
        evidence: Evidence {
            shipping_tracking_number: text("1Z"),
            uncategorized_text: text("ok"),
            ..Evidence::default()
        },
        submit: Some(true),
    };
    let warnings = ListWarnings { payment_intent: text("pi_1"), listing: Listing::default() };
    vec![
        ("webhook_endpoints.create", create_endpoint(ANY, &endpoint)),
        ("events.list", list_events(&events)),
        ("disputes.update", update_dispute(ANY, "dp_1", &dispute)),
        ("reviews.approve", approve_review(ANY, "prv_1")),
        ("radar.early_fraud_warnings.list", list_warnings(&warnings)),
    ]
}

/// The calls that nobody recorded.
fn others() -> Vec<Call> {
    let every_event = NewEndpoint {
        url: "https://example.com/wh".into(),
        enabled_events: texts(&EVENTS),
        api_version: Some(VERSION),
    };
    let list = NewValueList { alias: "bad".into(), name: "Bad".into(), item_type: Some("email") };
    vec![
        get_account(),
        get_refund("re_1"),
        get_session("cs_1", &expand(&["payment_intent"])),
        get_customer("cus_1"),
        list_customers(&ListCustomers { email: text("a@example.com"), listing: hundred() }),
        update_product(ANY, "prod_1", &Product { active: Some(false), ..Product::default() }),
        get_product("prod_1"),
        list_products(&hundred()),
        get_subscription("sub_1", &expand(&["latest_invoice"])),
        pause_subscription(ANY, "sub_1"),
        get_invoice("in_1", &Expand::default()),
        pay_invoice(ANY, "in_1"),
        void_invoice(ANY, "in_1"),
        list_invoice_payments(&ListInvoicePayments { invoice: text("in_1"), listing: hundred() }),
        create_endpoint(ANY, &every_event),
        list_endpoints(&hundred()),
        delete_endpoint("we_1"),
        get_dispute("dp_1", &Expand::default()),
        list_reviews(&hundred()),
        get_review("prv_1"),
        get_warning("issfr_1"),
        create_value_list(ANY, &list),
        list_value_lists(&Listing::default()),
    ]
}

fn body(call: &Call) -> &str {
    std::str::from_utf8(call.body_bytes()).unwrap()
}

/// How many calls are as Stripe's description has them, and which operations they are; nothing without the description.
pub(crate) fn validated() -> Option<(usize, BTreeSet<(String, String)>)> {
    let description = Description::open("stripe/stripe-2026-10-28.subset.openapi.json.gz")?;
    let calls: Vec<Call> = as_recorded().into_iter().map(|(_, call)| call).chain(others()).collect();
    let mut operations = BTreeSet::new();
    for call in &calls {
        let route = description.check_form(call.method(), call.path(), body(call)).unwrap();
        operations.insert((call.method().to_owned(), route));
    }
    Some((calls.len(), operations))
}

/// How many of the recorded requests we would send alike.
pub(crate) fn recorded() -> (usize, usize) {
    let recording = fixture("stripe/sdk-requests.jsonl");
    let recording: Vec<Value> = recording.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ours = as_recorded();
    for theirs in &recording {
        let name = theirs["op"].as_str().unwrap();
        let (_, call) = ours.iter().find(|(ours, _)| *ours == name).expect(name);
        compare(name, theirs, call);
    }
    (recording.len(), recording.len())
}

/// The same method, path, parameters in any order, and headers; but a connection adds the credential, and a look has no
/// body whose type could be told.
fn compare(name: &str, theirs: &Value, call: &Call) {
    assert_eq!(theirs["method"], call.method(), "{name}");
    let parts = |path: &str| {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        (path.to_owned(), BTreeSet::from_iter(pairs(query)))
    };
    assert_eq!(parts(call.path()), parts(theirs["path"].as_str().unwrap()), "{name}");
    let said = BTreeSet::from_iter(pairs(body(call)));
    assert_eq!(said, BTreeSet::from_iter(pairs(theirs["body"].as_str().unwrap())), "{name}");
    for (header, value) in theirs["headers"].as_object().unwrap() {
        let typed = call.method() == "POST" || header != "content-type";
        if header != "authorization" && typed {
            assert_eq!(call.header_value(header), value.as_str(), "{name}: {header}");
        }
    }
}

#[test]
fn every_call_is_as_stripe_describes_it() {
    let Some((calls, operations)) = validated() else { return };
    assert_eq!(calls, 56);
    for (method, path) in OPERATIONS {
        assert!(operations.contains(&(method.to_owned(), path.to_owned())), "{method} {path} is missing");
    }
}

#[test]
fn requests_are_those_of_stripes_own_library() {
    assert_eq!(recorded(), (33, 33));
}

#[test]
fn the_description_refuses_what_is_wrong() {
    let Some(description) = Description::open("stripe/stripe-2026-10-28.subset.openapi.json.gz") else {
        return;
    };
    for (path, body) in [
        ("/v1/payment_intents", "amount=2000&currency=usd&bogus=1"),
        ("/v1/payment_intents", "amount=abc&currency=usd"),
        ("/v1/payment_intents", "currency=usd"),
        ("/v1/payment_intents", "amount=1&currency=usd&capture_method=nope"),
        ("/v1/payment_intents?limit=1", "amount=1&currency=usd"),
        ("/v1/nothing", ""),
    ] {
        assert!(description.check_form("POST", path, body).is_err(), "{path} {body}");
    }
}
