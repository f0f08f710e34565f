//! Every call against Hostinger's own description.

use std::collections::BTreeSet;

use baddie_core::clock::Timestamp;
use baddie_core::money::{Currency, Money};
use baddie_integrations::hostinger::calls::{self, *};
use baddie_integrations::hostinger::{CatalogItem, ZoneEntry, ZoneValue};
use baddie_integrations::http::Call;
use baddie_integrations::secret::Secret;
use serde_json::{Value, json};

use super::description;

/// What is asked of this adapter.
pub(crate) const OPERATIONS: [(&str, &str); 66] = [
    ("POST", "/api/domains/v1/availability"),
    ("GET", "/api/domains/v1/portfolio"),
    ("POST", "/api/domains/v1/portfolio"),
    ("GET", "/api/domains/v1/portfolio/{domain}"),
    ("PUT", "/api/domains/v1/portfolio/{domain}/nameservers"),
    ("PUT", "/api/domains/v1/portfolio/{domain}/domain-lock"),
    ("DELETE", "/api/domains/v1/portfolio/{domain}/domain-lock"),
    ("PUT", "/api/domains/v1/portfolio/{domain}/privacy-protection"),
    ("DELETE", "/api/domains/v1/portfolio/{domain}/privacy-protection"),
    ("POST", "/api/domains/v1/forwarding"),
    ("GET", "/api/domains/v1/forwarding/{domain}"),
    ("DELETE", "/api/domains/v1/forwarding/{domain}"),
    ("GET", "/api/domains/v1/whois"),
    ("POST", "/api/domains/v1/whois"),
    ("GET", "/api/domains/v1/whois/{whoisId}"),
    ("DELETE", "/api/domains/v1/whois/{whoisId}"),
    ("GET", "/api/domains/v1/transfers"),
    ("GET", "/api/billing/v1/catalog"),
    ("GET", "/api/billing/v1/subscriptions"),
    ("GET", "/api/billing/v1/payment-methods"),
    ("POST", "/api/billing/v1/orders"),
    ("GET", "/api/dns/v1/zones/{domain}"),
    ("PUT", "/api/dns/v1/zones/{domain}"),
    ("DELETE", "/api/dns/v1/zones/{domain}"),
    ("POST", "/api/dns/v1/zones/{domain}/validate"),
    ("POST", "/api/dns/v1/zones/{domain}/reset"),
    ("GET", "/api/dns/v1/snapshots/{domain}"),
    ("GET", "/api/dns/v1/snapshots/{domain}/{snapshotId}"),
    ("POST", "/api/dns/v1/snapshots/{domain}/{snapshotId}/restore"),
    ("GET", "/api/hosting/v1/websites"),
    ("POST", "/api/hosting/v1/websites"),
    ("POST", "/api/hosting/v1/accounts/{username}/websites/{domain}/deploy"),
    ("GET", "/api/hosting/v1/accounts/{username}/websites/{domain}/nodejs/builds"),
    ("POST", "/api/hosting/v1/accounts/{username}/websites/{domain}/nodejs/builds"),
    ("GET", "/api/hosting/v1/accounts/{username}/websites/{domain}/nodejs/builds/{uuid}/logs"),
    ("GET", "/api/hosting/v1/accounts/{username}/databases"),
    ("POST", "/api/hosting/v1/accounts/{username}/databases"),
    ("POST", "/api/hosting/v1/files/upload-urls"),
    ("GET", "/api/vps/v1/virtual-machines"),
    ("POST", "/api/vps/v1/virtual-machines"),
    ("GET", "/api/vps/v1/virtual-machines/{virtualMachineId}"),
    ("POST", "/api/vps/v1/virtual-machines/{virtualMachineId}/setup"),
    ("POST", "/api/vps/v1/virtual-machines/{virtualMachineId}/start"),
    ("POST", "/api/vps/v1/virtual-machines/{virtualMachineId}/stop"),
    ("POST", "/api/vps/v1/virtual-machines/{virtualMachineId}/restart"),
    ("GET", "/api/vps/v1/virtual-machines/{virtualMachineId}/snapshot"),
    ("POST", "/api/vps/v1/virtual-machines/{virtualMachineId}/snapshot"),
    ("GET", "/api/vps/v1/virtual-machines/{virtualMachineId}/docker"),
    ("POST", "/api/vps/v1/virtual-machines/{virtualMachineId}/docker"),
    ("DELETE", "/api/vps/v1/virtual-machines/{virtualMachineId}/docker/{projectName}/down"),
    ("GET", "/api/vps/v1/firewall"),
    ("POST", "/api/vps/v1/firewall"),
    ("POST", "/api/vps/v1/firewall/{firewallId}/activate/{virtualMachineId}"),
    ("GET", "/api/vps/v1/templates"),
    ("GET", "/api/vps/v1/data-centers"),
    ("GET", "/api/ecommerce/v1/stores"),
    ("POST", "/api/ecommerce/v1/stores"),
    ("GET", "/api/ecommerce/v1/stores/{store_id}/products"),
    ("POST", "/api/ecommerce/v1/stores/{store_id}/products/physical"),
    ("GET", "/api/ecommerce/v1/stores/{store_id}/products/{product_id}/variants"),
    ("PATCH", "/api/ecommerce/v1/stores/{store_id}/products/{product_id}/variants/batch"),
    ("GET", "/api/ecommerce/v1/stores/{store_id}/orders"),
    ("GET", "/api/ecommerce/v1/stores/{store_id}/orders/{order_id}"),
    ("POST", "/api/ecommerce/v1/stores/{store_id}/orders/{order_id}/fulfill"),
    ("POST", "/api/ecommerce/v1/stores/{store_id}/orders/{order_id}/cancel"),
    ("GET", "/api/ecommerce/v1/stores/{store_id}/sales-channels"),
];

fn catalogue() -> Vec<CatalogItem> {
    let price = |id: &str, cents: i64| json!({"id": id, "currency": "usd", "price": 1_799, "first_period_price": cents, "period": 1, "period_unit": "month"});
    let item = json!([{"id": "kvm2", "name": "KVM 2", "prices": [price("kvm2-1m", 899), price("twice", 1), price("twice", 1)]}]);
    serde_json::from_value(item).unwrap()
}

fn agreed() -> Agreed {
    Agreed::among(&catalogue(), "kvm2-1m", Money::new(899, Currency::USD)).unwrap()
}

/// Each of the calls once, filled with something of everything.
#[expect(clippy::too_many_lines, reason = "it is a list")]
fn all() -> Vec<Call> {
    let agreed = agreed();
    let entry = ZoneEntry {
        name: "www".into(),
        kind: "A".into(),
        ttl: 60,
        records: vec![ZoneValue { content: "192.0.2.1".into(), is_disabled: false }],
    };
    let contacts = Contacts { owner_id: Some(1), admin_id: Some(1), billing_id: Some(1), tech_id: Some(1) };
    let whois = NewWhois {
        tld: "com".into(),
        country: "GB".into(),
        entity_type: "individual",
        whois_details: json!({"first_name": "Ada"}),
        tld_details: json!({"x": 1}),
    };
    let setup = Setup {
        template: 1,
        data_center: 2,
        hostname: Some("one.example.com".into()),
        password: Some(Secret::new("Canary-0d3f-setup")),
        public_key: Some(("ours".into(), "ssh-ed25519 AAAA".into())),
        backups: true,
    };
    let build = NewBuild {
        node_version: 22,
        app_type: Some("vite"),
        root_directory: None,
        output_directory: Some("dist".into()),
        build_script: Some("build".into()),
        entry_file: Some("server.js".into()),
        package_manager: Some("npm"),
        archive: "site.zip".into(),
    };
    let change = VariantChange {
        variant_id: "variant_1".into(),
        title: Some("Small".into()),
        inventory_quantity: Some(3),
        manage_inventory: Some(true),
        prices: Some(vec![PriceChange {
            amount: 1_250,
            sale_amount: Some(1_000),
            currency: Some("gbp".into()),
        }]),
    };
    let fulfilled = Fulfilled {
        items: vec![FulfilledLine { line_item_id: "item_1".into(), quantity: 1 }],
        tracking_number: Some("1Z".into()),
        tracking_url: Some("https://example.com/1Z".into()),
        notify_customer: true,
    };
    vec![
        availability("shop", &["com", "co.uk"]),
        portfolio(),
        domain("a.com"),
        buy_domain(&agreed, "a.com", Some(1), Some(contacts)),
        buy_domain(&agreed, "a.com", None, None),
        set_nameservers("a.com", &["ns1.example.com", "ns2.example.com", "ns3.example.com"]),
        lock("a.com", true),
        lock("a.com", false),
        hide_owner("a.com", true),
        hide_owner("a.com", false),
        forward("a.com", "https://example.com/?x=1", true),
        forwarding("a.com"),
        stop_forwarding("a.com"),
        whois_profiles(Some("co.uk")),
        whois_profiles(None),
        create_whois(&whois),
        calls::whois(1),
        delete_whois(1),
        transfers(),
        catalog(Some("DOMAIN"), Some(".COM*")),
        catalog(None, None),
        subscriptions(),
        payment_methods(),
        order(&agreed, Some(1)),
        zone("a.com"),
        validate_zone("a.com", std::slice::from_ref(&entry)),
        update_zone("a.com", &[entry]),
        delete_records("a.com", &[("www", "A"), ("@", "TXT")]),
        reset_zone("a.com", &["MX"]),
        snapshots("a.com"),
        snapshot("a.com", 1),
        restore_zone("a.com", 1),
        websites(2),
        create_website("a.com", 1, Some("nl")),
        create_website("a.com", 1, None),
        deploy_archive("u1", "a.com", "site.zip"),
        builds("u1", "a.com", 1),
        calls::build("u1", "a.com", &build),
        build_log("u1", "a.com", "b-1", 7),
        databases("u1", 1),
        create_database("u1", "a.com", "u1_shop", "u1_ada", &Secret::new("Canary-0d3f-shop")),
        upload_url("u1", "a.com"),
        machines(),
        machine(1),
        buy_machine(&agreed, &setup, Some(1)),
        setup_machine(&agreed, 1, &setup),
        start_machine(1),
        stop_machine(1),
        restart_machine(1),
        keep_machine(1),
        kept_machine(1),
        projects(1),
        run_project(1, "shop", "services: {}", Some(&Secret::new("KEY=canary"))),
        end_project(1, "shop"),
        firewalls(1),
        create_firewall("web"),
        activate_firewall(1, 2),
        templates(),
        data_centers(),
        stores(1),
        create_store("Second Spring", "GB", "Second Spring Ltd", "ada@example.com"),
        products("store_1", 1),
        create_product("store_1", "Mug", Some("Enamel"), 1_250, Some("gbp")),
        create_product("store_1", "Mug", None, 1_250, None),
        variants("store_1", "prod_1", 1),
        change_variants("store_1", "prod_1", &[change]),
        shop_orders("store_1", Some(Timestamp::from_micros(0)), 1),
        shop_order("store_1", "order_1"),
        fulfill("store_1", "order_1", &fulfilled),
        fulfill("store_1", "order_1", &Fulfilled::default()),
        cancel_order("store_1", "order_1", false),
        sales_channels("store_1"),
    ]
}

/// How many calls are as the description has them, and which operations they are; nothing without the description.
pub(crate) fn validated() -> Option<(usize, BTreeSet<(String, String)>)> {
    let description = description()?;
    let mut operations = BTreeSet::new();
    for call in all() {
        let route = description.check_request(call.method(), call.path(), call.body_bytes()).unwrap();
        operations.insert((call.method().to_owned(), route));
    }
    Some((all().len(), operations))
}

#[test]
fn every_call_is_as_hostinger_describes_it_and_nothing_is_missing() {
    let Some((calls, operations)) = validated() else { return };
    assert_eq!(calls, 72);
    for (method, path) in OPERATIONS {
        assert!(operations.contains(&(method.to_owned(), path.to_owned())), "{method} {path} is missing");
    }
}

#[test]
fn the_description_refuses_what_is_wrong() {
    let Some(description) = description() else { return };
    for (method, path, body) in [
        ("POST", "/api/domains/v1/availability", json!({"domain": "a"})),
        ("POST", "/api/domains/v1/availability", json!({"domain": "a", "tlds": ["com"], "bogus": 1})),
        ("POST", "/api/domains/v1/portfolio", json!({"domain": "a.com"})),
        ("POST", "/api/domains/v1/portfolio", json!({"domain": "a.com", "item_id": null})),
        ("PUT", "/api/dns/v1/zones/a.com", json!({"zone": [{"name": "@", "type": "NEW", "records": []}]})),
        ("GET", "/api/billing/v1/catalog?category=NEW", Value::Null),
        ("GET", "/api/billing/v1/catalog?page=1", Value::Null),
        ("GET", "/api/nothing", Value::Null),
    ] {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        assert!(description.check_request(method, path, body.as_bytes()).is_err(), "{method} {path} {body}");
    }
}

#[test]
fn nothing_is_agreed_to_but_what_the_catalogue_asks_for() {
    let agreed = agreed();
    assert_eq!((agreed.item(), agreed.price()), ("kvm2-1m", Money::new(899, Currency::USD)));
    for (item, cents, currency) in [
        ("kvm2-1m", 898, Currency::USD),
        ("kvm2-1m", 1_799, Currency::USD),
        ("kvm2-1m", 899, Currency::EUR),
        ("kvm2", 899, Currency::USD),
        ("twice", 1, Currency::USD),
        ("", 0, Currency::USD),
    ] {
        assert!(Agreed::among(&catalogue(), item, Money::new(cents, currency)).is_err(), "{item} {cents}");
    }
    for price in [
        json!({"id": "x", "price": -1, "currency": "USD"}),
        json!({"id": "x", "price": 1}),
        json!({"id": "x"}),
    ] {
        let odd: Vec<CatalogItem> = serde_json::from_value(json!([{"id": "i", "prices": [price]}])).unwrap();
        assert!(Agreed::among(&odd, "x", Money::new(-1, Currency::USD)).is_err());
    }
}

#[test]
fn a_name_cannot_lead_elsewhere() {
    for (name, part) in
        [("../portfolio", "..%2Fportfolio"), ("..", "-"), ("", "-"), ("a?x=1#y", "a%3Fx%3D1%23y")]
    {
        assert_eq!(zone(name).path(), format!("/api/dns/v1/zones/{part}"));
    }
    assert_eq!(catalog(None, Some("a&b=*")).path(), "/api/billing/v1/catalog?name=a%26b%3D%2A");
}
