//! The same request again: one key, one effect, one answer.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::time::Duration;

use baddie_core::accounts::Role;
use baddie_core::engine::Engine;
use baddie_core::engine::accounts::{CreateKey, ListKeys};
use baddie_core::engine::inventory::CreateLocation;
use baddie_core::engine::orders::{ListOrders, PlaceLine, PlaceOrder};
use baddie_core::engine::payments::{MovePayment, PaymentStep};
use baddie_core::error::{Kind, Retry};
use baddie_core::inventory::LocationKind;
use baddie_core::ledger::Account;
use baddie_core::storage::Scope;
use baddie_integrations::sandbox::Config;
use support::{House, gbp, on_every_backend};

fn mugs(qty: i64) -> PlaceOrder {
    PlaceOrder::of(vec![PlaceLine::sku("MUG", qty)]).paid()
}

async fn orders(house: &House) -> usize {
    house.shop.orders().list(ListOrders::default()).await.unwrap().items.len()
}

#[test]
fn sixteen_at_once_have_one_effect() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 100, 2000).await;
        for round in 0..5 {
            let calls: Vec<_> = (0..16)
                .map(|_| {
                    let shop = house.shop.clone().with_key(format!("round {round}"));
                    tokio::spawn(async move { shop.run_json(mugs(2)).await })
                })
                .collect();
            let mut answers = Vec::new();
            for call in calls {
                match call.await.unwrap() {
                    Ok(answer) => answers.push(answer),
                    Err(error) => {
                        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "idempotency.in_flight"));
                        assert_eq!(error.retry(), Retry::After(Duration::from_secs(1)));
                    }
                }
            }
            assert!(!answers.is_empty());
            assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
            let later =
                house.shop.clone().with_key(format!("round {round}")).run_json(mugs(2)).await.unwrap();
            assert_eq!(later, answers[0]);
            assert_eq!(orders(&house).await, round + 1);
        }
        assert_eq!((house.stock("MUG").await, house.balance(Account::Cash).await), ((100, 10), 12_500));
        house.prove().await;
    });
}

#[test]
fn a_secret_is_shown_once_and_kept_nowhere() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let keyed = house.shop.clone().with_key("k");
        let new = CreateKey { name: "Till".into(), role: Role::Clerk, expires_at: None };
        let made = keyed.run(new.clone()).await.unwrap();
        let again = keyed.run(new).await.unwrap_err();
        assert_eq!((again.kind(), again.code()), (Kind::Conflict, "idempotency.shown_once"));
        let scope = format!("{}/keys.create", house.shop.actor());
        let mut tx = house.engine.storage().begin(Scope::Shop(house.shop.id())).await.unwrap();
        let kept = tx.journal().recall(&scope, "k").await.unwrap().unwrap();
        assert!(!format!("{kept:?}").contains(&made.token), "{kept:?}");
        drop(tx);
        assert_eq!(house.shop.accounts().keys(ListKeys::default()).await.unwrap().items.len(), 2);
        house.prove().await;
    });
}

#[test]
fn a_refusal_is_kept_until_its_time_is_over() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1250, 1, 300).await;
        let keyed = house.shop.clone().with_key("k");
        let first = keyed.run(mugs(2)).await.unwrap_err();
        house.restock("MUG", 5, 300).await;
        let again = keyed.run(mugs(2)).await.unwrap_err();
        assert_eq!(
            (first.kind(), first.code(), first.message()),
            (again.kind(), again.code(), again.message())
        );
        let other = keyed.run(mugs(1)).await.unwrap_err();
        assert_eq!((other.kind(), other.code()), (Kind::Refused, "idempotency.conflict"));
        clock.advance(Duration::from_hours(24 * 30 - 1));
        house.engine.settle().await.unwrap();
        assert_eq!(
            keyed.run(mugs(2)).await.unwrap_err().message(),
            first.message(),
            "money is kept for a month"
        );
        assert_eq!(orders(&house).await, 0);
        clock.advance(Duration::from_hours(2));
        house.engine.settle().await.unwrap();
        assert!(keyed.run(mugs(2)).await.is_ok(), "and then forgotten");
        house.prove().await;
    });
}

#[test]
fn what_moves_nothing_is_kept_for_a_day() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        let keyed = house.shop.clone().with_key("k");
        let attic =
            CreateLocation { name: "Attic".into(), kind: LocationKind::Storage, sellable: true, priority: 1 };
        let first = keyed.run(attic.clone()).await.unwrap();
        clock.advance(Duration::from_hours(23));
        house.engine.settle().await.unwrap();
        assert_eq!(keyed.run(attic.clone()).await.unwrap().id, first.id);
        clock.advance(Duration::from_hours(2));
        house.engine.settle().await.unwrap();
        let again = keyed.run(attic).await;
        assert!(again.is_err_and(|error| error.code() != "idempotency.conflict"), "the name is taken");
    });
}

/// Two engines on one store know nothing of each other's requests under way; the store does.
#[test]
fn two_engines_refuse_one_key_alike() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 1, 300).await;
        let other = Engine::builder(house.engine.storage().clone()).build();
        let next_door = other.shop(house.shop.actor(), house.shop.id());
        for round in 0..40 {
            let calls: Vec<_> = [&house.shop, &next_door]
                .into_iter()
                .cloned()
                .map(|shop| {
                    let shop = shop.with_key(format!("round {round}"));
                    tokio::spawn(async move { shop.run(mugs(2)).await.unwrap_err() })
                })
                .collect();
            for call in calls {
                assert_eq!(call.await.unwrap().code(), "inventory.insufficient_stock", "{backend}");
            }
        }
        house.prove().await;
    });
}

#[test]
fn a_malformed_request_uses_no_key_up() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 5, 300).await;
        let keyed = house.shop.clone().with_key("k");
        assert_eq!(keyed.run(mugs(0)).await.unwrap_err().kind(), Kind::Invalid);
        keyed.run(mugs(1)).await.unwrap();
        assert_eq!(orders(&house).await, 1);
        house.prove().await;
    });
}

#[test]
fn a_key_belongs_to_one_operation_and_one_shop() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 5, 300).await;
        let keyed = house.shop.clone().with_key("k");
        let order = keyed.run(mugs(1)).await.unwrap();
        let payment_id = order.payments[0].id;
        let refund =
            MovePayment { payment_id, step: PaymentStep::Refund, amount: Some(gbp(250)), reason: None };
        for _ in 0..2 {
            assert_eq!(keyed.run(refund.clone()).await.unwrap().payment.refunded, gbp(250));
        }
        assert_eq!(house.balance(Account::Cash).await, 1000, "given back once");
        let found = baddie_core::engine::Found {
            name: "Next Door".into(),
            email: "next@example.org".into(),
            currency: baddie_core::money::Currency::GBP,
            time_zone: baddie_core::clock::Zone::utc(),
        };
        let next = house.engine.found(found).await.unwrap().shop.with_key("k");
        assert_eq!(
            next.run(mugs(1)).await.unwrap_err().code(),
            "catalog.unknown_sku",
            "the key is theirs alone"
        );
        house.prove().await;
    });
}
