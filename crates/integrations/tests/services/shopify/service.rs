//! Shops that are connected: whose token it is, what it may do, and which deliveries are believed.

use std::collections::BTreeMap;
use std::sync::Arc;

use baddie_core::clock::{Clock, Timestamp};
use baddie_core::connections::{Delivery, OpenAccount, Service, ServiceError};
use baddie_core::testing::FixedClock;
use baddie_integrations::shopify::{SCOPES, ShopifyService};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use super::fake::{Fake, SHOP, TOKEN};
use crate::kit::http;

pub(super) const SECRET: &str = "shpss_canary52c7";

pub(super) fn credentials(shop: &str, token: &str) -> BTreeMap<String, String> {
    [("shop", shop), ("token", token), ("webhook_secret", SECRET)]
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .into()
}

fn open(
    clock: &FixedClock,
    fake: &Fake,
    shop: &str,
    token: &str,
) -> Result<Arc<dyn OpenAccount>, ServiceError> {
    let service = ShopifyService::new(http(clock), Some(fake.server.base()));
    service.open(&credentials(shop, token).into())
}

#[tokio::test]
async fn whose_shop_it_is_and_what_may_be_done_there() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let seen = open(&clock, &fake, SHOP, TOKEN).unwrap().probe().await.unwrap();
    assert_eq!((seen.account.as_str(), seen.live), ("gid://shopify/Shop/1", false));
    let allowed: Vec<_> =
        seen.abilities.iter().filter(|ability| ability.allowed).map(|one| one.name.as_str()).collect();
    assert_eq!(seen.abilities.len(), SCOPES.len());
    assert!(allowed.contains(&"write_products") && allowed.contains(&"read_orders"), "{allowed:?}");
    assert!(!allowed.contains(&"write_orders") && !allowed.contains(&"read_customers"), "{allowed:?}");
    for (shop, token, why) in
        [("elsewhere.myshopify.com", TOKEN, "another shop's"), (SHOP, "shpat_other", "Invalid API key")]
    {
        let refused = open(&clock, &fake, shop, token).unwrap().probe().await.unwrap_err();
        assert!(matches!(&refused, ServiceError::Refused { reason } if reason.contains(why)), "{refused:?}");
    }
    for (shop, token) in [("evil.example", TOKEN), (SHOP, ""), ("", TOKEN)] {
        let refused = open(&clock, &fake, shop, token).err();
        assert!(matches!(refused, Some(ServiceError::Refused { .. })), "{shop} {token}");
    }
}

pub(super) fn signed(body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    STANDARD.encode(hmac::sign(&key, body.as_bytes()))
}

/// The headers of a delivery.
pub(super) fn headers(body: &str, shop: &str, topic: &str, event: &str) -> Vec<(String, String)> {
    [
        ("x-shopify-hmac-sha256", signed(body).as_str()),
        ("x-shopify-shop-domain", shop),
        ("x-shopify-topic", topic),
        ("x-shopify-event-id", event),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[tokio::test]
async fn a_delivery_is_believed_that_is_signed_and_about_this_shop() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let account = open(&clock, &fake, SHOP, TOKEN).unwrap();
    let at: Timestamp = clock.now();
    let hear = |headers: &[(String, String)], body: &str| {
        account.read_delivery(&Delivery { headers, body: body.as_bytes(), at })
    };
    let body = r#"{"id":1}"#;
    let heard = hear(&headers(body, SHOP, "orders/updated", "e1"), body).unwrap().unwrap();
    assert_eq!((heard.name.as_str(), heard.topic.as_str()), ("e1", "orders"));
    assert_eq!(hear(&headers(body, SHOP, "products/update", "e2"), body).unwrap(), None);
    for (headers, body) in [
        (headers(body, SHOP, "orders/updated", "e1"), r#"{"id":2}"#),
        (headers(body, "elsewhere.myshopify.com", "orders/updated", "e1"), body),
        (headers(body, SHOP, "orders/updated", ""), body),
        (Vec::new(), body),
    ] {
        assert!(hear(&headers, body).is_err(), "{headers:?}");
    }
}
