//! Shops that connect accounts of their own: whose key it is, what it may do, and that it stays a secret.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baddie_core::clock::{Clock, SystemClock, Zone};
use baddie_core::connections::{Connection, ConnectionState};
use baddie_core::engine::catalog::{CreateProduct, NewVariant};
use baddie_core::engine::connections::{
    ConnectService, ConnectionHealth, DisconnectService, GetConnection, ListConnections, TestConnection,
};
use baddie_core::engine::inventory::AdjustStock;
use baddie_core::engine::journal::ListJobs;
use baddie_core::engine::orders::{PlaceLine, PlaceOrder};
use baddie_core::engine::payments::{AuthorisePayment, GetPayment, MovePayment, PaymentStep, PaymentView};
use baddie_core::engine::{Engine, Found, Shop};
use baddie_core::error::Kind;
use baddie_core::ids::ConnectionId;
use baddie_core::inventory::MoveReason;
use baddie_core::money::{Currency, Money};
use baddie_core::outbox::JobState;
use baddie_core::payments::TxnState;
use baddie_core::testing::FixedClock;
use baddie_integrations::secret::Secret;
use baddie_integrations::stripe::{KIND, StripeService};
use baddie_integrations::vault::Envelope;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fake::{FOREIGN, Fake, GOOD, KEY, NARROW, ROLLED};
use crate::kit::canary::hidden;
use crate::kit::http;
use crate::kit::server::{Fault, Reply};

pub(super) const OLD: u8 = 1;
const NEW: u8 = 2;

/// An engine on a store, which lets its shops connect to the fake and seals under these master keys.
pub(super) async fn engine(url: &str, clock: &FixedClock, fake: &Fake, masters: &[u8]) -> Engine {
    let lines: Vec<String> = masters.iter().map(|byte| STANDARD.encode([*byte; 32])).collect();
    let vault = Envelope::new(&Secret::new(lines.join("\n"))).unwrap();
    let storage = baddie_storage::connect(url, SystemClock.now()).await.unwrap();
    Engine::builder(storage)
        .clock(Arc::new(clock.clone()))
        .service(KIND, Arc::new(StripeService::new(http(clock), Some(fake.server.base()))))
        .vault(Arc::new(vault))
        .build()
}

pub(super) async fn shop(engine: &Engine, name: &str) -> Shop {
    let found = Found {
        name: name.into(),
        email: format!("{name}@example.org"),
        currency: Currency::GBP,
        time_zone: "Europe/London".parse::<Zone>().unwrap(),
    };
    let shop = engine.found(found).await.unwrap().shop;
    let mug = NewVariant::stocked("MUG", Money::new(2_000, Currency::GBP));
    let product = CreateProduct { title: "Mug".into(), variants: vec![mug], ..CreateProduct::default() };
    let view = shop.catalog().create_product(product).await.unwrap();
    let adjust = AdjustStock {
        variant_id: view.variants[0].variant.id,
        location_id: None,
        change: 100,
        reason: MoveReason::Opening,
        cost: Some(Money::new(50_000, Currency::GBP)),
    };
    shop.inventory().adjust(adjust).await.unwrap();
    shop
}

fn request(key: &str, connection_id: Option<ConnectionId>) -> ConnectService {
    let credentials = BTreeMap::from([("key".to_owned(), key.to_owned())]).into();
    ConnectService { service: KIND.into(), credentials, connection_id }
}

/// Connects with a key, and lets the worker ask whose it is.
async fn connect(engine: &Engine, shop: &Shop, key: &str, old: Option<ConnectionId>) -> Connection {
    let made = shop.integrations().connect(request(key, old)).await.unwrap();
    engine.settle().await.unwrap();
    get(shop, made.id).await
}

pub(super) async fn get(shop: &Shop, connection_id: ConnectionId) -> Connection {
    shop.integrations().get(GetConnection { connection_id }).await.unwrap()
}

/// An order, and money for it asked for by this name.
pub(super) async fn pay(engine: &Engine, shop: &Shop, provider: &str) -> PaymentView {
    let order = PlaceOrder::of(vec![PlaceLine::sku("MUG", 1)]);
    let order_id = shop.orders().place(order).await.unwrap().order.id;
    let method = Some(GOOD.to_owned());
    let request = AuthorisePayment { order_id, provider: provider.into(), amount: None, method };
    let payment_id = shop.payments().authorise(request).await.unwrap().payment.id;
    engine.settle().await.unwrap();
    shop.payments().get(GetPayment { payment_id }).await.unwrap()
}

pub(super) async fn prove(engine: &Engine) {
    let verdict = engine.verify(&|_| ()).await.unwrap();
    assert_eq!(verdict.violations, 0, "{:#?}", verdict.details);
}

#[tokio::test]
async fn a_shop_is_paid_through_the_account_it_connected() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let engine = engine("memory:", &clock, &fake, &[OLD]).await;
    let here = shop(&engine, "here").await;
    let made = here.integrations().connect(request(NARROW, None)).await.unwrap();
    assert_eq!((made.state, made.account), (ConnectionState::Pending, None));
    engine.settle().await.unwrap();
    let connection = get(&here, made.id).await;
    assert_eq!(connection.state, ConnectionState::Active, "{connection:?}");
    assert_eq!((connection.account.as_deref(), connection.live), (Some("acct_own/test"), false));
    let cannot: Vec<_> = connection.abilities.iter().filter(|ability| !ability.allowed).collect();
    assert_eq!(cannot.iter().map(|ability| ability.name.as_str()).collect::<Vec<_>>(), ["reviews"]);
    let paid = pay(&engine, &here, KIND).await;
    assert_eq!(paid.payment.provider, connection.id.to_string(), "the very account is written down");
    assert_eq!(paid.txns[0].state, TxnState::Succeeded);
    // Another shop has no way to it, by name or by id.
    let there = shop(&engine, "there").await;
    let order = PlaceOrder::of(vec![PlaceLine::sku("MUG", 1)]);
    let order_id = there.orders().place(order).await.unwrap().order.id;
    for name in [KIND.to_owned(), connection.id.to_string()] {
        let request = AuthorisePayment { order_id, provider: name, amount: None, method: None };
        let error = there.payments().authorise(request).await.unwrap_err();
        assert!(matches!(error.kind(), Kind::Invalid | Kind::NotFound), "{error}");
    }
    let strange = there.integrations().get(GetConnection { connection_id: connection.id }).await;
    assert_eq!(strange.unwrap_err().kind(), Kind::NotFound);
    let strange = there.integrations().connect(request(KEY, Some(connection.id))).await;
    assert_eq!(strange.unwrap_err().kind(), Kind::NotFound);
    prove(&engine).await;
}

#[tokio::test]
async fn s49_new_keys_must_open_the_same_account() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let engine = engine("memory:", &clock, &fake, &[OLD]).await;
    let shop = shop(&engine, "here").await;
    let own = connect(&engine, &shop, KEY, None).await;
    let moved = connect(&engine, &shop, FOREIGN, Some(own.id)).await;
    assert_eq!((moved.state, moved.account), (ConnectionState::Active, own.account.clone()));
    assert_eq!(moved.problem.as_deref(), Some("these credentials open another account"));
    assert_eq!(pay(&engine, &shop, KIND).await.txns[0].state, TxnState::Succeeded, "the old key is in use");
    let twice = connect(&engine, &shop, ROLLED, None).await;
    assert_eq!((twice.state, twice.account), (ConnectionState::Refused, None));
    fake.look(|state| state.withdrawn.push(KEY));
    shop.integrations().test(TestConnection { connection_id: own.id }).await.unwrap();
    engine.settle().await.unwrap();
    assert_eq!(get(&shop, own.id).await.state, ConnectionState::Failing);
    let rolled = connect(&engine, &shop, ROLLED, Some(own.id)).await;
    assert_eq!((rolled.state, rolled.problem), (ConnectionState::Active, None));
    assert_eq!(pay(&engine, &shop, KIND).await.txns[0].state, TxnState::Succeeded);
    // With two accounts, a payment says which one it means.
    let foreign = connect(&engine, &shop, FOREIGN, None).await;
    assert_eq!(foreign.state, ConnectionState::Active);
    let order = PlaceOrder::of(vec![PlaceLine::sku("MUG", 1)]);
    let order_id = shop.orders().place(order).await.unwrap().order.id;
    let unclear = AuthorisePayment { order_id, provider: KIND.into(), amount: None, method: None };
    assert_eq!(shop.payments().authorise(unclear).await.unwrap_err().kind(), Kind::Invalid);
    let meant = pay(&engine, &shop, &foreign.id.to_string()).await;
    assert_eq!(meant.payment.provider, foreign.id.to_string());
    let health = shop.integrations().status(ConnectionHealth::default()).await.unwrap();
    assert_eq!((health.active, health.refused, health.failing, health.pending), (2, 1, 0, 0));
    prove(&engine).await;
}

#[tokio::test]
async fn what_was_begun_waits_for_its_account() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let engine = engine("memory:", &clock, &fake, &[OLD]).await;
    let shop = shop(&engine, "here").await;
    let own = connect(&engine, &shop, KEY, None).await;
    let paid = pay(&engine, &shop, KIND).await;
    let payment_id = paid.payment.id;
    let shift = |step| MovePayment { payment_id, step, amount: None, reason: None };
    // The answer is lost, and the connection with it.
    fake.server.plan([Fault::DropAfter, Fault::DropBefore, Fault::DropBefore, Fault::DropBefore]);
    shop.payments().shift(shift(PaymentStep::Capture)).await.unwrap();
    engine.tick().await.unwrap();
    let gone = shop.integrations().disconnect(DisconnectService { connection_id: own.id }).await.unwrap();
    assert_eq!((gone.state, gone.to_try()), (ConnectionState::Disconnected, None));
    for _ in 0..30 {
        clock.advance(Duration::from_mins(10));
        engine.settle().await.unwrap();
    }
    let doubtful = shop.payments().get(GetPayment { payment_id }).await.unwrap();
    assert!(doubtful.txns[1].state.is_open(), "nobody guesses: {:?}", doubtful.txns[1]);
    let back = connect(&engine, &shop, ROLLED, Some(own.id)).await;
    assert_eq!(back.state, ConnectionState::Active);
    clock.advance(Duration::from_mins(10));
    engine.settle().await.unwrap();
    let settled = shop.payments().get(GetPayment { payment_id }).await.unwrap();
    assert_eq!(settled.txns[1].state, TxnState::Succeeded);
    let taken = fake.look(|state| state.intents[0]["amount_received"].as_i64().unwrap());
    assert_eq!(taken, 2_000, "once");
    prove(&engine).await;
}

#[tokio::test]
async fn a_service_that_is_away_is_asked_again() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let engine = engine("memory:", &clock, &fake, &[OLD]).await;
    let shop = shop(&engine, "here").await;
    fake.server.plan(std::iter::repeat_n(Fault::Instead(Reply::new(503, "{}")), 8));
    let made = shop.integrations().connect(request(KEY, None)).await.unwrap();
    engine.settle().await.unwrap();
    assert_eq!(get(&shop, made.id).await.state, ConnectionState::Pending);
    for _ in 0..6 {
        clock.advance(Duration::from_mins(10));
        engine.settle().await.unwrap();
    }
    assert_eq!(get(&shop, made.id).await.state, ConnectionState::Active);
    let before = fake.server.heard().len();
    clock.advance(Duration::from_hours(7));
    engine.settle().await.unwrap();
    assert!(fake.server.heard().len() > before, "it is asked from time to time");
    clock.advance(Duration::from_hours(7));
    fake.server.plan(std::iter::repeat_n(Fault::Instead(Reply::new(503, "{}")), 1_000));
    for _ in 0..50 {
        engine.tick().await.unwrap();
    }
    let asked = shop.journal().jobs(ListJobs::default()).await.unwrap().items;
    let open = asked.iter().filter(|job| matches!(job.state, JobState::Queued | JobState::RetryWait)).count();
    assert!(open <= 2, "{open} questions wait for one answer");
    fake.server.forgive();
    let wrong = connect(&engine, &shop, "sk_test_unknown", None).await;
    assert_eq!(wrong.state, ConnectionState::Refused);
    for (given, field) in [("{}", "credentials.key"), (r#"{"key":"a","pin":"b"}"#, "credentials.pin")] {
        let credentials = serde_json::from_str(given).unwrap();
        let request = ConnectService { service: KIND.into(), credentials, connection_id: None };
        let error = shop.integrations().connect(request).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (Kind::Invalid, Some(field)));
    }
}

#[tokio::test]
async fn p10_no_credential_can_be_read_where_it_is_kept() {
    let folder = std::env::temp_dir().join(format!("baddie-vault-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite://{}", folder.join("shop.db").display());
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let first = engine(&url, &clock, &fake, &[OLD]).await;
    let shop = shop(&first, "here").await;
    let own = connect(&first, &shop, KEY, None).await;
    let told = format!("{own:?} {}", serde_json::to_string(&own).unwrap());
    let again = connect(&first, &shop.clone().with_key("once"), ROLLED, Some(own.id)).await;
    let id = shop.id();
    // The master key is changed: the old one opens until everything was sealed anew, and then no more.
    let both = engine(&url, &clock, &fake, &[NEW, OLD]).await;
    assert_eq!(both.rotate_keys().await.unwrap(), 1);
    let late = engine(&url, &clock, &fake, &[OLD]).await;
    let error = late.check_connection(id, own.id).await.unwrap_err();
    assert_eq!(error.code(), "connections.no_master_key");
    let new = engine(&url, &clock, &fake, &[NEW]).await;
    let shop = new.shop(baddie_core::accounts::Actor::System, id);
    let after = new.check_connection(id, own.id).await.unwrap();
    assert_eq!((after.state, after.account), (again.state, again.account));
    assert_eq!(pay(&new, &shop, KIND).await.txns[0].state, TxnState::Succeeded);
    assert_eq!(shop.integrations().list(ListConnections::default()).await.unwrap().len(), 1);
    let canaries = [KEY, ROLLED].map(|key| key.trim_start_matches("sk_test_"));
    hidden(&canaries, &told, &folder, "MUG");
    std::fs::remove_dir_all(folder).unwrap();
}
