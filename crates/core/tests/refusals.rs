//! What is refused, and how: the field, the value, the remedy; and nothing has happened.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use baddie_core::engine::inventory::ListMoves;
use baddie_core::engine::journal::{ListAudit, ListEvents};
use baddie_core::engine::ledger::GetBalances;
use baddie_core::engine::{
    Command, catalog, insights, inventory, ledger, listings, orders, payments, pricing,
};
use baddie_core::engine::{purchasing, shipping};
use baddie_core::entity::Word;
use baddie_core::error::{Error, Kind};
use baddie_core::money::Currency;
use baddie_integrations::sandbox::Config;
use serde_json::{Value, json};
use support::{House, on_every_backend};

fn gbp(minor: i64) -> Value {
    json!({ "minor": minor, "currency": "GBP" })
}

/// What shows whether anything has happened.
async fn traces(house: &House) -> String {
    let shop = &house.shop;
    let audit = shop.journal().audit(ListAudit::default()).await.unwrap();
    let events = shop.journal().events(ListEvents::default()).await.unwrap();
    let moves = shop.inventory().moves(ListMoves::default()).await.unwrap();
    let balances = shop.ledger().balances(GetBalances::default()).await.unwrap();
    let products = shop.catalog().products(catalog::ListProducts::default()).await.unwrap();
    format!("{audit:?} {events:?} {moves:?} {balances:?} {products:?}")
}

/// Runs a command that is to be refused; answers how. Nothing has happened.
async fn refused<C: Command>(house: &House, request: Value) -> Error {
    let before = traces(house).await;
    let command = serde_json::from_value::<C>(request.clone())
        .unwrap_or_else(|error| panic!("{}: {error}: {request}", C::NAME));
    let Err(error) = house.shop.run(command).await else { panic!("{} took {request}", C::NAME) };
    assert_ne!(error.kind(), Kind::Internal, "{} {request}: {error:?}", C::NAME);
    assert_eq!(traces(house).await, before, "{} {request} left a trace", C::NAME);
    error
}

/// Asserts that a request is malformed in a field, that the message shows what was given, and that it says more.
async fn malformed<C: Command>(house: &House, field: &str, given: &str, request: Value) {
    let error = refused::<C>(house, request.clone()).await;
    let message = error.message();
    assert_eq!((error.kind(), error.field()), (Kind::Invalid, Some(field)), "{} {request}: {error}", C::NAME);
    assert!(message.contains(given), "{} {request}: {error}", C::NAME);
    assert!(message.split_once(": ").is_some_and(|(_, remedy)| remedy.len() > 8), "no remedy: {error}");
}

fn order(lines: Value) -> Value {
    json!({ "lines": lines })
}

#[test]
fn quantities_are_whole_and_sensible() {
    on_every_backend(|backend| async move {
        let (house, ..) = House::in_world(backend, Config::default()).await;
        let mug = house.stocked("MUG", 1250, 5, 2000).await.variants[0].variant.id;
        let home = house.shop.inventory().levels(inventory::ListLevels { variant_id: mug }).await.unwrap()[0]
            .location_id;
        let sold = house.place(&[("MUG", 1)]).await.unwrap();
        let line = sold.lines[0].id;
        for qty in [0, -1, i64::MAX, i64::MIN, 1_000_000_001] {
            let given = &qty.to_string();
            let h = &house;
            malformed::<orders::PlaceOrder>(
                h,
                "lines[0].qty",
                given,
                order(json!([{ "sku": "MUG", "qty": qty }])),
            )
            .await;
            let two = json!([{ "sku": "MUG", "qty": 1 }, { "sku": "MUG", "qty": qty }]);
            malformed::<orders::PlaceOrder>(h, "lines[1].qty", given, order(two)).await;
            let hold = json!({ "variant_id": mug, "qty": qty, "note": "for Ann" });
            malformed::<inventory::HoldStock>(h, "qty", given, hold).await;
            let transfer = json!({ "variant_id": mug, "from": home, "to": home, "qty": qty });
            malformed::<inventory::TransferStock>(h, "qty", given, transfer).await;
            let checkout = json!({ "lines": [{ "variant_id": mug, "qty": qty }] });
            malformed::<orders::BeginCheckout>(h, "lines[0].qty", given, checkout).await;
            let lines = json!([{ "order_line_id": line, "qty": qty, "reason": "chipped" }]);
            let request = json!({ "order_id": sold.order.id, "lines": lines });
            malformed::<shipping::RequestReturn>(h, "lines[0].qty", given, request).await;
            let lines = json!([{ "order_line_id": line, "qty": qty }]);
            let request = json!({ "order_id": sold.order.id, "lines": lines });
            malformed::<shipping::PlanFulfilment>(h, "lines[0].qty", given, request.clone()).await;
            malformed::<orders::CancelOrder>(h, "lines[0].qty", given, request).await;
            let coupon = json!({ "name": "Spring", "kind": "percent", "rate": 1, "coupons": [{ "code": "SPRING", "max_uses": qty }] });
            malformed::<orders::CreatePromotion>(h, "coupons[0].max_uses", given, coupon).await;
        }
        for change in [0, i64::MAX, i64::MIN] {
            let adjust = json!({ "variant_id": mug, "change": change, "reason": "count", "cost": gbp(1) });
            malformed::<inventory::AdjustStock>(&house, "change", &change.to_string(), adjust).await;
        }
        house.prove().await;
    });
}

#[test]
fn verdicts_add_up_or_are_refused() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 5, 2000).await;
        let sold = house.place(&[("MUG", 2)]).await.unwrap();
        let line = house.send(sold.order.id).await.lines[0].id;
        let stray = "lin_00000000000000000000000007";
        let back = json!([{ "order_line_id": line, "qty": 1, "reason": "chipped" }, { "order_line_id": line, "qty": 1, "reason": "chipped" }]);
        let request = json!({ "order_id": sold.order.id, "lines": back });
        malformed::<shipping::RequestReturn>(&house, "lines[1].order_line_id", &line.to_string(), request)
            .await;
        let request = json!({ "order_id": sold.order.id, "lines": [{ "order_line_id": line, "qty": 2, "reason": "chipped" }] });
        let case = house
            .shop
            .run(serde_json::from_value::<shipping::RequestReturn>(request).unwrap())
            .await
            .unwrap();
        let here = json!({ "return_id": case.id, "step": "receive" });
        house.shop.run(serde_json::from_value::<shipping::AdvanceReturn>(here).unwrap()).await.unwrap();
        let verdict =
            |line: &str, qty: i64| json!({ "order_line_id": line, "qty": qty, "disposition": "restock" });
        let line = &line.to_string();
        for verdicts in [
            json!([]),
            json!([verdict(line, 1)]),
            json!([verdict(line, 3), verdict(line, -1)]),
            json!([verdict(line, i64::MAX), verdict(line, i64::MAX), verdict(line, 4)]),
            json!([verdict(line, 2), verdict(stray, 1)]),
        ] {
            let request = json!({ "return_id": case.id, "verdicts": verdicts });
            let error = refused::<shipping::InspectReturn>(&house, request.clone()).await;
            assert!(error.field().is_some_and(|field| field.starts_with("verdicts")), "{request}: {error}");
        }
        house.prove().await;
    });
}

#[test]
fn money_has_one_currency_and_a_sign() {
    on_every_backend(|backend| async move {
        let (house, ..) = House::in_world(backend, Config::default()).await;
        let h = &house;
        let mug = house.stocked("MUG", 1250, 5, 2000).await.variants[0].variant.id;
        let usd = json!({ "minor": 500, "currency": "USD" });
        let mixed = json!([{ "sku": "MUG", "qty": 1 }, { "sku": "MUG", "qty": 1, "unit_price": usd }]);
        let error = refused::<orders::PlaceOrder>(h, order(mixed)).await;
        assert!(error.field().is_some_and(|field| field.starts_with("lines[1]")), "{error:?}");
        assert!(error.message().contains("GBP") && error.message().contains("USD"), "{error}");
        let negative = json!([{ "sku": "MUG", "qty": 1, "unit_price": gbp(-1) }]);
        malformed::<orders::PlaceOrder>(h, "lines[0].unit_price", "-0.01", order(negative)).await;
        let mut free = order(json!([{ "sku": "MUG", "qty": 1 }]));
        free["shipping"] = gbp(-1);
        malformed::<orders::PlaceOrder>(h, "shipping", "-0.01", free).await;
        let checkout = json!({ "lines": [{ "variant_id": mug, "qty": 1 }], "shipping": gbp(-2000) });
        malformed::<orders::BeginCheckout>(h, "shipping", "-20.00", checkout).await;
        for cost in [gbp(-1), usd.clone()] {
            let adjust = json!({ "variant_id": mug, "change": 1, "reason": "found", "cost": cost });
            malformed::<inventory::AdjustStock>(h, "cost", "", adjust).await;
            let item = json!({ "title": "Lamp", "sku": "LAMP", "condition": "good", "unit_cost": cost });
            malformed::<catalog::CreateItem>(h, "unit_cost", "", item).await;
            let haul = json!({ "source": "attic", "total_paid": cost, "finds": [] });
            malformed::<purchasing::RecordHaul>(h, "total_paid", "", haul).await;
        }
        let product = json!({ "title": "Cup", "variants": [{ "sku": "CUP", "price": gbp(-5) }] });
        malformed::<catalog::CreateProduct>(h, "variants[0].price", "-", product).await;
        let huge = json!([{ "sku": "MUG", "qty": 5, "unit_price": gbp(i64::MAX) }]);
        assert_eq!(refused::<orders::PlaceOrder>(h, order(huge)).await.code(), "money.too_large");
        for (text, currency) in [
            ("12.345", Currency::GBP),
            ("1.5", "JPY".parse().unwrap()),
            ("1e3", Currency::GBP),
            ("", Currency::GBP),
            ("£5", Currency::GBP),
        ] {
            let error = Error::from(currency.parse_amount(text).unwrap_err());
            assert_eq!(error.kind(), Kind::Invalid, "{text}: {error}");
        }
        house.prove().await;
    });
}

#[test]
fn names_are_there_and_not_endless() {
    on_every_backend(|backend| async move {
        let (house, ..) = House::in_world(backend, Config::default()).await;
        let h = &house;
        let mug = house.stocked("MUG", 1250, 5, 2000).await;
        let long = "x".repeat(60_001);
        for text in ["", "   ", &long] {
            let variants = json!([{ "sku": "CUP", "price": gbp(5) }]);
            malformed::<catalog::CreateProduct>(
                h,
                "title",
                "",
                json!({ "title": text, "variants": variants }),
            )
            .await;
            let variants = json!([{ "sku": text }]);
            malformed::<catalog::CreateProduct>(
                h,
                "variants[0].sku",
                "",
                json!({ "title": "Cup", "variants": variants }),
            )
            .await;
            let place = json!({ "name": text, "kind": "storage", "sellable": true });
            malformed::<inventory::CreateLocation>(h, "name", "", place).await;
            let hold = json!({ "variant_id": mug.variants[0].variant.id, "qty": 1, "note": text });
            malformed::<inventory::HoldStock>(h, "note", "", hold).await;
            malformed::<purchasing::CreateSupplier>(h, "name", "", json!({ "name": text, "kind": "thrift" }))
                .await;
            malformed::<orders::CreateCustomer>(h, "name", "", json!({ "person": { "name": text } })).await;
            let channel = json!({ "name": text, "kind": "sandbox" });
            malformed::<listings::ConnectChannel>(h, "name", "", channel).await;
            malformed::<ledger::PostEntry>(h, "memo", "", json!({ "memo": text, "postings": [] })).await;
        }
        let entry = |memo: usize, sides: usize| {
            let amount = |side: usize| if side.is_multiple_of(2) { gbp(5) } else { gbp(-5) };
            let sides = (0..sides).map(|n| json!({ "account": "expense:other", "amount": amount(n) }));
            json!({ "memo": "m".repeat(memo), "postings": sides.collect::<Vec<_>>() })
        };
        malformed::<ledger::PostEntry>(h, "memo", "", entry(501, 2)).await;
        malformed::<ledger::PostEntry>(h, "postings", "keep it to 100", entry(500, 102)).await;
        malformed::<ledger::PostEntry>(h, "postings", "keep it to 100", entry(500, 101)).await;
        let most: ledger::PostEntry = serde_json::from_value(entry(500, 100)).unwrap();
        assert_eq!(house.shop.run(most).await.unwrap().postings.len(), 100, "{backend}");
        let variants = json!([{ "sku": "CUP" }]);
        let product = json!({ "title": "Cup", "description": long, "variants": variants });
        malformed::<catalog::CreateProduct>(h, "description", "too long", product).await;
        malformed::<orders::PlaceOrder>(h, "lines", "0 lines", order(json!([]))).await;
        let many = json!(vec![json!({ "sku": "MUG", "qty": 1 }); 501]);
        malformed::<orders::PlaceOrder>(h, "lines", "501", order(many)).await;
        let supplier = json!({ "name": "Potteries", "kind": "wholesale", "lead_days_mean": 999_999 });
        malformed::<purchasing::CreateSupplier>(h, "lead_days_mean", "999999", supplier).await;
        let past = json!({ "variant_id": mug.variants[0].variant.id, "qty": 1, "note": "Ann", "expires_at": "1970-01-01T00:00:00Z" });
        malformed::<inventory::HoldStock>(h, "expires_at", "past", past).await;
        for email in ["", "nobody", "a b@example.org"] {
            let customer = json!({ "person": { "name": "Ann", "email": email } });
            malformed::<orders::CreateCustomer>(h, "email", "", customer).await;
        }
        house.prove().await;
    });
}

#[test]
fn what_is_there_already_is_not_made_again() {
    on_every_backend(|backend| async move {
        let (house, ..) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1250, 5, 2000).await;
        let variants = json!([{ "sku": "CUP" }, { "sku": "MUG" }]);
        let error =
            refused::<catalog::CreateProduct>(&house, json!({ "title": "Cup", "variants": variants })).await;
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "catalog.duplicate_sku"));
        assert!(error.message().contains("MUG"), "{error}");
        let twice = json!([{ "sku": "CUP" }, { "sku": "CUP" }]);
        let error =
            refused::<catalog::CreateProduct>(&house, json!({ "title": "Cup", "variants": twice })).await;
        assert_eq!(error.code(), "catalog.duplicate_sku");
        let home = json!({ "name": "Home", "kind": "storage", "sellable": true });
        let error = refused::<inventory::CreateLocation>(&house, home).await;
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "locations.duplicate"));
        let coupons = json!([{ "code": "SPRING", "max_uses": 1 }, { "code": "SPRING", "max_uses": 1 }]);
        let promotion = json!({ "name": "Spring", "kind": "percent", "rate": 1, "coupons": coupons });
        let error = refused::<orders::CreatePromotion>(&house, promotion).await;
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "promotions.duplicate"), "{error}");
        assert!(error.message().contains("SPRING"), "{error}");
        house.prove().await;
    });
}

/// Asserts that a request names something that is not there.
async fn missing<C: Command>(house: &House, what: &str, request: Value) {
    let error = refused::<C>(house, request).await;
    assert_eq!(error.kind(), Kind::NotFound, "{} {what}: {error}", C::NAME);
    assert!(
        error.code().starts_with(what) && error.message().contains(&error.code()[..what.len()]),
        "{error}"
    );
}

#[test]
fn nobody_finds_what_is_not_there() {
    on_every_backend(|backend| async move {
        let (house, ..) = House::in_world(backend, Config::default()).await;
        let h = &house;
        let mug = house.stocked("MUG", 1250, 5, 2000).await.variants[0].variant.id;
        let no = |prefix: &str| format!("{prefix}_00000000000000000000000007");
        let sold = house.place(&[("MUG", 1)]).await.unwrap();
        let error = refused::<orders::PlaceOrder>(h, order(json!([{ "sku": "CUP", "qty": 1 }]))).await;
        assert_eq!((error.kind(), error.code()), (Kind::NotFound, "catalog.unknown_sku"));
        missing::<orders::PlaceOrder>(h, "variant", order(json!([{ "variant_id": no("var"), "qty": 1 }])))
            .await;
        missing::<orders::PlaceOrder>(h, "listing", order(json!([{ "listing_id": no("lst"), "qty": 1 }])))
            .await;
        let customer = json!({ "lines": [{ "sku": "MUG", "qty": 1 }], "customer_id": no("cus") });
        missing::<orders::PlaceOrder>(h, "customer", customer).await;
        let checkout = json!({ "lines": [{ "variant_id": mug, "qty": 1 }], "customer_id": no("cus") });
        missing::<orders::BeginCheckout>(h, "customer", checkout).await;
        missing::<orders::CancelOrder>(h, "order", json!({ "order_id": no("ord") })).await;
        let line = json!({ "order_id": sold.order.id, "lines": [{ "order_line_id": no("lin"), "qty": 1 }] });
        missing::<orders::CancelOrder>(h, "order_line", line.clone()).await;
        missing::<shipping::PlanFulfilment>(h, "order_line", line).await;
        missing::<orders::ConfirmOrder>(h, "order", json!({ "order_id": no("ord") })).await;
        missing::<shipping::FulfilOrder>(h, "order", json!({ "order_id": no("ord") })).await;
        missing::<shipping::AdvanceFulfilment>(
            h,
            "fulfilment",
            json!({ "fulfilment_id": no("ful"), "step": "pack" }),
        )
        .await;
        missing::<shipping::AdvanceReturn>(h, "return", json!({ "return_id": no("ret"), "step": "approve" }))
            .await;
        missing::<payments::RecordPayment>(h, "order", json!({ "order_id": no("ord") })).await;
        missing::<payments::MovePayment>(h, "payment", json!({ "payment_id": no("pay"), "step": "refund" }))
            .await;
        let payout = json!({ "channel_id": no("chn"), "external_id": "P", "amount": gbp(1), "lines": [] });
        missing::<payments::RecordPayout>(h, "channel", payout).await;
        missing::<inventory::HoldStock>(
            h,
            "variant",
            json!({ "variant_id": no("var"), "qty": 1, "note": "Ann" }),
        )
        .await;
        missing::<inventory::ReleaseHold>(h, "reservation", json!({ "reservation_id": no("rsv") })).await;
        let adjust = json!({ "variant_id": mug, "location_id": no("loc"), "change": 1, "reason": "found", "cost": gbp(1) });
        missing::<inventory::AdjustStock>(h, "location", adjust).await;
        missing::<catalog::UpdateProduct>(h, "product", json!({ "product_id": no("prd") })).await;
        missing::<catalog::UpdateVariant>(h, "variant", json!({ "variant_id": no("var") })).await;
        missing::<catalog::UpdateItem>(h, "item", json!({ "item_id": no("itm") })).await;
        let set = json!({ "title": "Set", "variants": [{ "sku": "SET", "components": [{ "variant_id": no("var"), "qty": 1 }] }] });
        missing::<catalog::CreateProduct>(h, "variant", set).await;
        let goods = json!({ "supplier_id": no("sup"), "lines": [{ "variant_id": mug, "qty": 1 }] });
        missing::<purchasing::CreatePurchaseOrder>(h, "supplier", goods).await;
        missing::<purchasing::AdvancePurchaseOrder>(
            h,
            "purchase_order",
            json!({ "purchase_order_id": no("pur"), "step": "submit" }),
        )
        .await;
        missing::<listings::CreateListing>(
            h,
            "channel",
            json!({ "channel_id": no("chn"), "variant_id": mug }),
        )
        .await;
        missing::<listings::EndListing>(h, "listing", json!({ "listing_id": no("lst") })).await;
        missing::<pricing::DecidePrice>(
            h,
            "price_proposal",
            json!({ "price_proposal_id": no("ppr"), "decision": "approve" }),
        )
        .await;
        let policy = json!({ "variant_id": no("var"), "service_level": 900_000, "review_days": 7 });
        missing::<insights::SetRefillPolicy>(h, "variant", policy).await;
        missing::<ledger::ReverseEntry>(h, "ledger_entry", json!({ "entry_id": no("ent") })).await;
        house.prove().await;
    });
}

macro_rules! walk {
    ($($module:ident::$machine:ident)*) => {
        $(for &from in baddie_core::$module::$machine::ALL {
            for &to in baddie_core::$module::$machine::ALL {
                match from.step(to) {
                    Ok(state) => assert!(state == to && from.allowed().contains(&to)),
                    Err(illegal) => {
                        assert!(!from.allowed().contains(&to));
                        let error = Error::from(illegal);
                        let told = error.message();
                        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "state.illegal_step"));
                        assert!(told.contains(from.as_str()) && told.contains(to.as_str()), "{error}");
                        for next in from.allowed() {
                            assert!(told.contains(next.as_str()), "{error}");
                        }
                    }
                }
            }
        })*
    };
}

#[test]
fn every_step_that_no_table_has_is_refused() {
    walk! {
        orders::OrderState orders::CheckoutState listings::ListingState listings::SyncState payments::TxnState
        inventory::ReservationState shipping::FulfilmentState shipping::ReturnState purchasing::PurchaseOrderState
        pricing::ProposalState outbox::JobState catalog::ItemStatus
    }
}
