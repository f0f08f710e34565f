//! Money: at the bank, in the till, at channels, in the books, to the penny.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::SystemClock;
use baddie_core::engine::Shop;
use baddie_core::engine::insights::GetItemProfit;
use baddie_core::engine::inventory::CreateLocation;
use baddie_core::engine::journal::ListAudit;
use baddie_core::engine::ledger::{ListEntries, ManualPosting, PostEntry, ReverseEntry};
use baddie_core::engine::orders::{
    CancelOrder, ConfirmOrder, CreatePromotion, NewCoupon, PlaceLine, PlaceOrder, TaxRate,
};
use baddie_core::engine::payments::{
    AuthorisePayment, GetPayment, MovePayment, OpenPaymentPage, PaymentStep, PaymentView, RecordPayment,
};
use baddie_core::engine::shipping::{
    AdvanceReturn, FulfilOrder, InspectReturn, RequestReturn, ReturnStep, Verdict,
};
use baddie_core::error::Kind;
use baddie_core::ids::{OrderId, PaymentId};
use baddie_core::inventory::LocationKind;
use baddie_core::ledger::{Account, AccountCode};
use baddie_core::money::Ppm;
use baddie_core::orders::{OrderState, PaymentStatus, PromotionKind};
use baddie_core::page::PageRequest;
use baddie_core::payments::{
    PaymentCapabilities, PaymentError, PaymentOutcome, PaymentProvider, PaymentRequest, TxnKind, TxnState,
};
use baddie_core::shipping::{Disposition, ReturnLine};
use baddie_integrations::sandbox::{Bank, Config, DECLINE, KIND, SLOW, Sandbox};
use support::{House, gbp, on_every_backend};

async fn shift(
    house: &House,
    payment: PaymentId,
    step: PaymentStep,
    pence: Option<i64>,
) -> baddie_core::error::Result<PaymentView> {
    let request = MovePayment { payment_id: payment, step, amount: pence.map(gbp), reason: None };
    house.shop.payments().shift(request).await?;
    house.engine.settle().await.unwrap();
    house.shop.payments().get(GetPayment { payment_id: payment }).await
}

async fn authorise(house: &House, order_id: OrderId, method: &str) -> PaymentView {
    let request =
        AuthorisePayment { order_id, provider: KIND.into(), amount: None, method: Some(method.into()) };
    let payment = house.shop.payments().authorise(request).await.unwrap().payment.id;
    house.engine.settle().await.unwrap();
    house.shop.payments().get(GetPayment { payment_id: payment }).await.unwrap()
}

async fn unpaid(house: &House, sku: &str, qty: i64) -> OrderId {
    house.shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku(sku, qty)])).await.unwrap().order.id
}

#[test]
fn a_customer_pays_on_a_page_of_the_banks_or_finds_it_shut() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1250, 5, 2000).await;
        let ask = async |order_id: OrderId, provider: &str| {
            let return_url = "https://shop.example/thanks".to_owned();
            let request = OpenPaymentPage { order_id, provider: provider.into(), amount: None, return_url };
            let payment_id = house.shop.payments().open_page(request).await?.payment.id;
            house.engine.settle().await.unwrap();
            house.shop.payments().get(GetPayment { payment_id }).await
        };
        let order = unpaid(&house, "MUG", 1).await;
        let open = ask(order, KIND).await.unwrap();
        assert_eq!(open.txns[0].state, TxnState::Pending);
        let page = open.txns[0].page_url.as_deref().unwrap();
        assert!(page.starts_with("https://bank.invalid/pay/"), "{page}");
        assert_eq!(house.order(order).await.order.state, OrderState::Placed);
        let twice = ask(order, KIND).await.unwrap_err();
        assert_eq!(twice.code(), "payments.too_much", "all of it is being paid already");
        let till = ask(order, "manual").await.unwrap_err();
        assert_eq!(till.kind(), Kind::Invalid, "{till}");
        clock.advance(Duration::from_secs(3_600));
        house.engine.settle().await.unwrap();
        let paid = house.shop.payments().get(GetPayment { payment_id: open.payment.id }).await.unwrap();
        assert_eq!((paid.txns[0].state, paid.txns[0].page_url.as_deref()), (TxnState::Succeeded, None));
        assert_eq!(house.order(order).await.order.state, OrderState::Confirmed);
        shift(&house, open.payment.id, PaymentStep::Capture, None).await.unwrap();
        assert_eq!(house.order(order).await.payment_status, PaymentStatus::Captured);

        // Of an order that is called off the page is shut before anybody pays.
        let order = unpaid(&house, "MUG", 1).await;
        let open = ask(order, KIND).await.unwrap();
        let off = CancelOrder { order_id: order, lines: Vec::new(), reason: "broken".into() };
        house.shop.orders().cancel(off).await.unwrap();
        clock.advance(Duration::from_secs(1));
        house.engine.settle().await.unwrap();
        clock.advance(Duration::from_secs(3_600));
        house.engine.settle().await.unwrap();
        let shut = house.shop.payments().get(GetPayment { payment_id: open.payment.id }).await.unwrap();
        assert_eq!((shut.txns[0].state, shut.payment.authorised), (TxnState::Failed, gbp(0)));
        house.prove().await;
    });
}

#[test]
fn a_bank_sets_aside_takes_and_gives_back() {
    on_every_backend(|backend| async move {
        let (house, _, _) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1250, 5, 2000).await;
        let order = unpaid(&house, "MUG", 2).await;
        let payment = authorise(&house, order, "tok_visa").await.payment.id;
        let seen = house.order(order).await;
        assert_eq!(
            (seen.order.state, seen.payment_status),
            (OrderState::Confirmed, PaymentStatus::Authorised)
        );
        assert_eq!(house.balance(Account::CustomerDeposits).await, 0, "set aside is not taken");
        let more = shift(&house, payment, PaymentStep::Capture, Some(2501)).await.unwrap_err();
        assert_eq!((more.kind(), more.code()), (Kind::Refused, "payments.too_much"));
        shift(&house, payment, PaymentStep::Capture, Some(2000)).await.unwrap();
        assert_eq!(house.order(order).await.payment_status, PaymentStatus::PartCaptured);
        shift(&house, payment, PaymentStep::Capture, None).await.unwrap();
        assert_eq!(house.order(order).await.payment_status, PaymentStatus::Captured);
        assert_eq!(house.balance(AccountCode::clearing(KIND)).await, 2500);
        house.send(order).await;
        shift(&house, payment, PaymentStep::Refund, Some(400)).await.unwrap();
        shift(&house, payment, PaymentStep::Refund, Some(1600)).await.unwrap();
        assert_eq!(house.order(order).await.payment_status, PaymentStatus::PartRefunded);
        let more = shift(&house, payment, PaymentStep::Refund, Some(501)).await.unwrap_err();
        assert_eq!(
            (more.kind(), more.code(), more.field()),
            (Kind::Refused, "payments.refund_above_capture", Some("amount"))
        );
        assert_eq!(
            (house.balance(Account::Refunds).await, house.balance(AccountCode::clearing(KIND)).await),
            (2000, 500)
        );
        house.prove().await;
    });
}

#[test]
fn a_bank_may_decline_or_take_its_time() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1250, 5, 2000).await;
        let order = unpaid(&house, "MUG", 1).await;
        let declined = authorise(&house, order, DECLINE).await;
        assert_eq!((declined.txns[0].state, declined.payment.authorised), (TxnState::Failed, gbp(0)));
        assert_ne!(declined.txns[0].note.as_deref(), Some(DECLINE), "why it was declined is noted");
        assert!(declined.txns[0].note.is_some());
        assert_eq!(house.order(order).await.order.state, OrderState::Placed);
        let slow = authorise(&house, order, SLOW).await;
        assert_eq!(slow.txns[0].state, TxnState::Pending);
        assert_eq!(
            house.order(order).await.order.state,
            OrderState::Placed,
            "nobody sends on a promise of a promise"
        );
        for _ in 0..6 {
            clock.advance(Duration::from_secs(2));
            house.engine.settle().await.unwrap();
        }
        let slow = house.shop.payments().get(GetPayment { payment_id: slow.payment.id }).await.unwrap();
        assert_eq!(slow.txns[0].state, TxnState::Succeeded);
        assert_eq!(house.order(order).await.order.state, OrderState::Confirmed);
        house.prove().await;
    });
}

#[test]
fn a_chargeback_is_lost_or_won() {
    on_every_backend(|backend| async move {
        let (house, _, _) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1250, 5, 2000).await;
        let order = unpaid(&house, "MUG", 2).await;
        let payment = authorise(&house, order, "tok_visa").await.payment.id;
        shift(&house, payment, PaymentStep::Capture, None).await.unwrap();
        house.send(order).await;
        let seen = shift(&house, payment, PaymentStep::Chargeback, None).await.unwrap();
        assert_eq!((seen.payment.disputed, house.balance(Account::Chargebacks).await), (gbp(2500), 2500));
        assert_eq!(house.order(order).await.payment_status, PaymentStatus::Disputed);
        let more = shift(&house, payment, PaymentStep::Refund, Some(1)).await.unwrap_err();
        assert_eq!(
            more.code(),
            "payments.refund_above_capture",
            "what the bank took cannot be given back as well"
        );
        house.prove().await;
        let won = shift(&house, payment, PaymentStep::ChargebackReversal, None).await.unwrap();
        assert_eq!((won.payment.disputed, won.payment.held().unwrap()), (gbp(0), gbp(2500)));
        assert_eq!(house.balance(Account::Chargebacks).await, 0, "what was won is no loss");
        assert_eq!(house.balance(Account::CustomerDeposits).await, 0, "and nobody is owed for it");
        assert_eq!(house.order(order).await.payment_status, PaymentStatus::Captured);
        house.prove().await;
    });
}

#[test]
fn money_that_went_back_confirms_nothing() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1000, 5, 2000).await;
        let order_id = unpaid(&house, "MUG", 1).await;
        let pay = |pence| RecordPayment { order_id, amount: Some(gbp(pence)), note: None };
        let first = house.shop.payments().record(pay(500)).await.unwrap().payment.id;
        shift(&house, first, PaymentStep::Refund, None).await.unwrap();
        house.shop.payments().record(pay(500)).await.unwrap();
        let seen = house.order(order_id).await;
        assert_eq!((seen.order.state, seen.order.deposit), (OrderState::Placed, gbp(500)));
        house.shop.payments().record(pay(500)).await.unwrap();
        assert_eq!(house.order(order_id).await.order.state, OrderState::Confirmed);
        assert_eq!(house.shop.payments().record(pay(1)).await.unwrap_err().code(), "payments.too_much");
        house.prove().await;
    });
}

#[test]
fn a_called_off_order_takes_no_more_money() {
    on_every_backend(|backend| async move {
        let (house, _, _) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1000, 5, 2000).await;
        let order_id = unpaid(&house, "MUG", 1).await;
        let payment = authorise(&house, order_id, "tok_visa").await.payment.id;
        let cancel = CancelOrder { order_id, lines: Vec::new(), reason: "changed my mind".into() };
        house.shop.orders().cancel(cancel).await.unwrap();
        let error = shift(&house, payment, PaymentStep::Capture, None).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "payments.order_cancelled"));
        house.engine.settle().await.unwrap();
        let seen = house.order(order_id).await;
        assert_eq!((seen.order.state, seen.payment_status), (OrderState::Cancelled, PaymentStatus::Voided));
        house.prove().await;
    });
}

async fn cancel(house: &House, order_id: OrderId) {
    let cancel = CancelOrder { order_id, lines: Vec::new(), reason: "changed my mind".into() };
    house.shop.orders().cancel(cancel).await.unwrap();
}

#[test]
fn money_at_a_bank_goes_back_when_its_order_is_called_off() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1000, 9, 2000).await;
        let taken = unpaid(&house, "MUG", 2).await;
        let payment = authorise(&house, taken, "tok_visa").await.payment.id;
        shift(&house, payment, PaymentStep::Capture, Some(1500)).await.unwrap();
        cancel(&house, taken).await;
        house.engine.settle().await.unwrap();
        assert_eq!(house.order(taken).await.payment_status, PaymentStatus::Refunded);

        let on_its_way = unpaid(&house, "MUG", 2).await;
        let payment = authorise(&house, on_its_way, "tok_visa").await.payment.id;
        let capture =
            MovePayment { payment_id: payment, step: PaymentStep::Capture, amount: None, reason: None };
        house.shop.payments().shift(capture).await.unwrap();
        cancel(&house, on_its_way).await;
        house.engine.settle().await.unwrap();
        let seen = house.shop.payments().get(GetPayment { payment_id: payment }).await.unwrap();
        assert_eq!(seen.payment.captured, gbp(0), "nothing was taken for what was called off before");

        let slow = unpaid(&house, "MUG", 2).await;
        authorise(&house, slow, SLOW).await;
        cancel(&house, slow).await;
        for _ in 0..6 {
            clock.advance(Duration::from_secs(2));
            house.engine.settle().await.unwrap();
        }
        assert_eq!(house.order(slow).await.payment_status, PaymentStatus::Voided);
        assert_eq!(house.balance(AccountCode::clearing(KIND)).await, 0);
        assert_eq!(house.balance(Account::CustomerDeposits).await, 0);
        house.prove().await;
    });
}

/// A bank that takes its time: before its answer to a capture arrives, the order is called off.
struct SlowToTell {
    bank: Bank,
    shop: OnceLock<Shop>,
}

#[async_trait]
impl PaymentProvider for SlowToTell {
    fn capabilities(&self) -> PaymentCapabilities {
        self.bank.capabilities()
    }

    async fn execute(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        let answer = self.bank.execute(request).await;
        if request.kind == TxnKind::Capture {
            let cancel =
                CancelOrder { order_id: request.order, lines: Vec::new(), reason: "too late".into() };
            self.shop.get().unwrap().orders().cancel(cancel).await.unwrap();
        }
        answer
    }

    async fn look_up(&self, request: &PaymentRequest) -> Result<Option<PaymentOutcome>, PaymentError> {
        self.bank.look_up(request).await
    }
}

#[test]
fn money_on_its_way_is_not_given_back() {
    on_every_backend(|backend| async move {
        let (house, _, _) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1000, 5, 2000).await;
        let order = unpaid(&house, "MUG", 1).await;
        let payment = authorise(&house, order, "tok_visa").await.payment.id;
        let ask = async |step| {
            let request = MovePayment { payment_id: payment, step, amount: Some(gbp(1000)), reason: None };
            house.shop.payments().shift(request).await
        };
        ask(PaymentStep::Capture).await.unwrap();
        let early = ask(PaymentStep::Refund).await.unwrap_err();
        assert_eq!((early.kind(), early.code()), (Kind::Refused, "payments.refund_above_capture"), "{early}");
        house.engine.settle().await.unwrap();
        ask(PaymentStep::Refund).await.unwrap();
        house.engine.settle().await.unwrap();
        assert_eq!(house.balance(AccountCode::clearing(KIND)).await, 0);
        house.prove().await;
    });
}

#[test]
fn money_that_arrives_after_its_order_was_called_off_goes_back() {
    on_every_backend(|backend| async move {
        let world = Sandbox::new(Config::default(), Arc::new(SystemClock));
        let bank = Arc::new(SlowToTell { bank: world.bank(), shop: OnceLock::new() });
        let house = House::build(backend, |engine| engine.provider(KIND, bank.clone())).await;
        assert!(bank.shop.set(house.shop.clone()).is_ok());
        house.stocked("MUG", 1000, 5, 2000).await;
        let order = unpaid(&house, "MUG", 1).await;
        let payment = authorise(&house, order, "tok_visa").await.payment.id;
        let seen = shift(&house, payment, PaymentStep::Capture, None).await.unwrap();
        assert_eq!((seen.payment.captured, seen.payment.refunded), (gbp(1000), gbp(1000)));
        assert!(seen.txns.iter().all(|txn| txn.state == TxnState::Succeeded), "{:?}", seen.txns);
        assert_eq!(house.order(order).await.order.state, OrderState::Cancelled);
        assert_eq!(house.balance(AccountCode::clearing(KIND)).await, 0);
        house.prove().await;
    });
}

#[test]
fn a_promise_to_pay_confirms_nothing() {
    on_every_backend(|backend| async move {
        let (house, _, _) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1000, 5, 2000).await;
        let order_id = unpaid(&house, "MUG", 1).await;
        authorise(&house, order_id, SLOW).await;
        let error = house.shop.orders().confirm(ConfirmOrder { order_id }).await.unwrap_err();
        assert_eq!(error.code(), "orders.not_paid");
        house.prove().await;
    });
}

#[test]
fn every_disposition_is_booked_as_what_it_is() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 10, 1001).await;
        let apart = CreateLocation {
            name: "Apart".into(),
            kind: LocationKind::Quarantine,
            sellable: false,
            priority: 9,
        };
        house.shop.inventory().create_location(apart).await.unwrap();
        let order = house.place(&[("MUG", 10)]).await.unwrap().order.id;
        let line = house.send(order).await.lines[0].id;
        for (disposition, (on_hand, available, inventory)) in [
            (Disposition::Restock, (1, 1, 100)),
            (Disposition::Quarantine, (2, 1, 200)),
            (Disposition::WriteOff, (2, 1, 200)),
            (Disposition::ToSupplier, (2, 1, 200)),
            (Disposition::KeepWithBuyer, (2, 1, 200)),
        ] {
            let back =
                ReturnLine { order_line_id: line, qty: 1, reason: "chipped".into(), disposition: None };
            let request = RequestReturn { order_id: order, lines: vec![back] };
            let case = house.shop.shipping().request_return(request).await.unwrap().id;
            for step in [ReturnStep::Approve, ReturnStep::Send, ReturnStep::Receive] {
                let step = AdvanceReturn { return_id: case, step, expected_version: None };
                house.shop.shipping().advance_return(step).await.unwrap();
            }
            let verdicts = vec![Verdict { order_line_id: line, qty: 1, disposition }];
            house.shop.shipping().inspect(InspectReturn { return_id: case, verdicts }).await.unwrap();
            assert_eq!(
                (house.stock("MUG").await.0, house.available("MUG").await),
                (on_hand, available),
                "{disposition}"
            );
            assert_eq!(house.balance(Account::Inventory).await, inventory, "{disposition}");
            house.prove().await;
        }
        assert_eq!(house.order(order).await.lines[0].returned, 4, "what the buyer keeps has not come back");
        assert_eq!(house.balance(Account::CostOfGoods).await, 801);
    });
}

#[test]
fn profit_follows_one_thing_through_the_books() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let lamp = house.item("LAMP", 4000, 900).await;
        let line = PlaceLine {
            taxes: vec![TaxRate { jurisdiction: "GB".into(), rate: Ppm(200_000) }],
            ..PlaceLine::sku("LAMP", 1)
        };
        let order = PlaceOrder { shipping: Some(gbp(500)), ..PlaceOrder::of(vec![line]).paid() };
        let order = house.shop.orders().place(order).await.unwrap();
        assert_eq!((order.due, order.order.tax), (gbp(5300), gbp(800)));
        let send = FulfilOrder { label_cost: Some(gbp(420)), ..FulfilOrder::all_of(order.order.id) };
        house.shop.shipping().fulfil(send).await.unwrap();
        let profit = |item_id, order_line_id| house.shop.ask(GetItemProfit { item_id, order_line_id });
        assert_eq!(profit(Some(lamp.item.id), None).await.unwrap().profit, gbp(3100));
        assert_eq!(profit(None, Some(order.lines[0].id)).await.unwrap().profit, gbp(2680), "less the label");
        for (account, pence) in [
            (Account::Sales, -4000),
            (Account::ShippingIncome, -500),
            (Account::TaxPayable, -800),
            (Account::CostOfGoods, 900),
            (Account::Postage, 420),
            (Account::Cash, 4880),
            (Account::CustomerDeposits, 0),
        ] {
            assert_eq!(house.balance(account).await, pence, "{account}");
        }
        house.prove().await;
    });
}

#[test]
fn an_entry_by_hand_is_taken_back_once_and_no_other() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let item_id = Some(house.item("LAMP", 4000, 900).await.item.id);
        let side =
            |account: Account, pence| ManualPosting { account: account.into(), amount: gbp(pence), item_id };
        let postings = vec![side(Account::OtherExpense, 250), side(Account::Cash, -250)];
        let books = house.shop.ledger();
        let refused = async |postings: Vec<ManualPosting>| {
            let error = books.post(PostEntry { memo: "odd".into(), postings }).await.unwrap_err();
            (error.code().to_owned(), error.field().unwrap_or_default().to_owned())
        };
        let of_stock = vec![side(Account::Cash, 5), side(Account::Inventory, -5)];
        assert_eq!(refused(of_stock).await, ("request.invalid".into(), "postings[1].account".into()));
        assert_eq!(refused(Vec::new()).await, ("request.invalid".into(), "postings".into()));
        assert_eq!(refused(vec![side(Account::Cash, 5)]).await.0, "ledger.too_few_postings");
        let posted = books.post(PostEntry { memo: "polish".into(), postings }).await.unwrap();
        assert!(posted.postings.iter().all(|one| one.item_id == item_id), "{:?}", posted.postings);
        assert_eq!(posted.entry.memo.as_deref(), Some("polish"));
        assert_eq!(newest_subject(&house).await, Some(posted.entry.id.to_string()));
        assert_eq!(house.balance(Account::Cash).await, -250);

        let back = books.reverse(ReverseEntry { entry_id: posted.entry.id }).await.unwrap();
        assert_eq!(newest_subject(&house).await, Some(back.entry.id.to_string()));
        assert_eq!((house.balance(Account::Cash).await, house.balance(Account::OtherExpense).await), (0, 0));
        let twice = books.reverse(ReverseEntry { entry_id: posted.entry.id }).await.unwrap_err();
        assert_eq!((twice.kind(), twice.code()), (Kind::Conflict, "ledger.reversed_already"));

        house.place(&[("LAMP", 1)]).await.unwrap();
        let entries = books.entries(ListEntries::default()).await.unwrap().items;
        assert!(entries.iter().all(|one| one.postings.len() >= 2
            && one.postings.iter().all(|posting| posting.entry_id == one.entry.id)));
        let sale = entries.iter().find(|one| one.entry.source_type != "manual").unwrap();
        let not_ours = books.reverse(ReverseEntry { entry_id: sale.entry.id }).await.unwrap_err();
        assert_eq!((not_ours.kind(), not_ours.code()), (Kind::Refused, "ledger.not_manual"));
        house.prove().await;
    });
}

#[test]
fn what_costs_nothing_moves_without_the_books() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("GIFT", 500, 2, 0).await;
        let order = house.place(&[("GIFT", 1)]).await.unwrap();
        assert_eq!(house.send(order.order.id).await.lines[0].cost_at_sale, gbp(0));
        house.prove().await;
    });
}

async fn newest_subject(house: &House) -> Option<String> {
    let audit = house.shop.journal().audit(ListAudit { page: PageRequest::first(1) }).await.unwrap();
    audit.items[0].subject.clone()
}

#[test]
fn a_coupon_is_used_as_often_as_it_may_be() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1000, 100, 10_000).await;
        let promotion = CreatePromotion {
            name: "Spring".into(),
            kind: PromotionKind::Percent,
            rate: Some(Ppm(155_000)),
            amount: None,
            starts_at: None,
            ends_at: None,
            coupons: vec![NewCoupon { code: "SPRING".into(), max_uses: 7 }],
        };
        house.shop.promotions().create(promotion).await.unwrap();
        let buyers: Vec<_> = (0..20)
            .map(|_| {
                let shop = house.shop.clone();
                tokio::spawn(async move {
                    let order = PlaceOrder::of(vec![PlaceLine::sku("MUG", 1)]).paid();
                    shop.orders().place(PlaceOrder { coupon: Some("SPRING".into()), ..order }).await
                })
            })
            .collect();
        let mut won = 0;
        for buyer in buyers {
            match buyer.await.unwrap() {
                Ok(order) => {
                    assert_eq!((order.order.discount, order.due), (gbp(155), gbp(845)));
                    won += 1;
                }
                Err(error) => assert_eq!((error.kind(), error.code()), (Kind::Refused, "orders.coupon")),
            }
        }
        assert_eq!((won, house.stock("MUG").await), (7, (100, 7)), "who got no discount bought nothing");
        house.prove().await;
    });
}
