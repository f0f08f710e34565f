//! Buying: offers, purchase orders, what arrives and what it cost, hauls.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use baddie_core::catalog::Condition;
use baddie_core::engine::inventory::ListLevels;
use baddie_core::engine::purchasing::{
    AdvancePurchaseOrder, ArrivedLine, CreatePurchaseOrder, CreateSupplier, Find, FoundItem, ListOffers,
    NewPurchaseLine, PurchaseOrderStep, PurchaseOrderView, ReceiveGoods, RecordHaul, SetOffer,
};
use baddie_core::error::{Kind, Result};
use baddie_core::ids::{PurchaseOrderId, SupplierId, VariantId};
use baddie_core::ledger::Account;
use baddie_core::money::Ppm;
use baddie_core::purchasing::{
    LandedCost, LandedCostBasis, LandedCostKind, PriceBreak, PurchaseOrderState, SupplierKind,
};
use support::{House, gbp, on_every_backend};

async fn supplier(house: &House) -> SupplierId {
    let new = CreateSupplier {
        name: "Potteries".into(),
        kind: SupplierKind::Wholesale,
        lead_days_mean: 14,
        lead_days_sd: 3,
        terms: Some("30 days".into()),
    };
    house.shop.purchasing().create_supplier(new).await.unwrap().id
}

async fn order(
    house: &House,
    supplier_id: SupplierId,
    lines: &[(VariantId, i64, Option<i64>)],
) -> Result<PurchaseOrderView> {
    let line = |(variant_id, qty, cost): &(VariantId, i64, Option<i64>)| NewPurchaseLine {
        variant_id: *variant_id,
        qty: *qty,
        unit_cost: cost.map(gbp),
    };
    let lines = lines.iter().map(line).collect();
    let new = CreatePurchaseOrder { supplier_id, location_id: None, lines, expected_on: None, notes: None };
    house.shop.purchasing().order(new).await
}

async fn step(
    house: &House,
    purchase_order_id: PurchaseOrderId,
    step: PurchaseOrderStep,
) -> Result<PurchaseOrderView> {
    let step = AdvancePurchaseOrder { purchase_order_id, step, expected_version: None };
    house.shop.purchasing().advance(step).await
}

async fn receive(
    house: &House,
    view: &PurchaseOrderView,
    qtys: &[i64],
    landed: Vec<LandedCost>,
    tolerance: i64,
) -> Result<PurchaseOrderView> {
    let arrived = view.lines.iter().zip(qtys).filter(|(_, qty)| **qty != 0);
    let lines = arrived.map(|(line, qty)| ArrivedLine { purchase_line_id: line.id, qty: *qty }).collect();
    let goods = ReceiveGoods {
        purchase_order_id: view.order.id,
        lines,
        landed_costs: landed,
        tolerance: Ppm(tolerance),
    };
    house.shop.purchasing().receive(goods).await
}

async fn incoming(house: &House, variant_id: VariantId) -> i64 {
    let levels = house.shop.inventory().levels(ListLevels { variant_id }).await.unwrap();
    levels.iter().map(|level| level.incoming).sum()
}

#[test]
fn an_offer_names_price_and_pack() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let mug = house.stocked("MUG", 1250, 0, 0).await.variants[0].variant.id;
        let supplier_id = supplier(&house).await;
        let offer = SetOffer {
            supplier_id,
            variant_id: mug,
            supplier_sku: Some("P-77".into()),
            unit_cost: gbp(400),
            price_breaks: vec![PriceBreak { min_qty: 12, unit_cost: gbp(350) }],
            moq: 6,
            pack: 6,
        };
        house.shop.purchasing().set_offer(offer.clone()).await.unwrap();
        house.shop.purchasing().set_offer(SetOffer { unit_cost: gbp(410), ..offer }).await.unwrap();
        let offers = house.shop.purchasing().offers(ListOffers { variant_id: mug }).await.unwrap();
        assert_eq!(
            (offers.len(), offers[0].unit_cost),
            (1, gbp(410)),
            "the new one takes the old one's place"
        );
        for (qty, total) in [(6, 2460), (12, 4200)] {
            assert_eq!(
                order(&house, supplier_id, &[(mug, qty, None)]).await.unwrap().order.total,
                gbp(total)
            );
        }
        for qty in [3, 7] {
            let error = order(&house, supplier_id, &[(mug, qty, None)]).await.unwrap_err();
            assert_eq!((error.kind(), error.field()), (Kind::Refused, Some("lines[0].qty")), "{error}");
        }
        house.prove().await;
    });
}

#[test]
fn landed_costs_are_shared_to_the_penny() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let mug = house.stocked("MUG", 1250, 0, 0).await.variants[0].variant.id;
        let pot = house.stocked("POT", 4000, 0, 0).await.variants[0].variant.id;
        let supplier_id = supplier(&house).await;
        let view = order(&house, supplier_id, &[(mug, 7, Some(300)), (pot, 3, Some(1000))]).await.unwrap();
        let id = view.order.id;
        assert_eq!((view.order.total, view.order.number, incoming(&house, mug).await), (gbp(5100), 1, 0));
        assert_eq!(
            receive(&house, &view, &[1, 0], Vec::new(), 0).await.unwrap_err().code(),
            "state.illegal_step"
        );
        step(&house, id, PurchaseOrderStep::Submit).await.unwrap();
        step(&house, id, PurchaseOrderStep::Acknowledge).await.unwrap();
        assert_eq!((incoming(&house, mug).await, incoming(&house, pot).await), (7, 3));
        let landed = |basis, pence| LandedCost { kind: LandedCostKind::Freight, amount: gbp(pence), basis };
        let costs = vec![landed(LandedCostBasis::Qty, 1000), landed(LandedCostBasis::Value, 101)];
        let after = receive(&house, &view, &[4, 3], costs, 0).await.unwrap();
        assert_eq!(after.order.state, PurchaseOrderState::PartReceived);
        // 10.00 over 4 and 3 units: 5.71 and 4.29; 1.01 over 12.00 and 30.00: 0.29 and 0.72.
        let shares: Vec<_> = after.receipts[0].lines.iter().map(|line| line.cost.minor()).collect();
        assert_eq!((shares, after.receipts[0].total), (vec![1200 + 571 + 29, 3000 + 429 + 72], gbp(5301)));
        assert_eq!(
            (house.balance(Account::Inventory).await, house.balance(Account::Payables).await),
            (5301, -5301)
        );
        let more = receive(&house, &after, &[4, 0], Vec::new(), 0).await.unwrap_err();
        assert_eq!((more.kind(), more.field()), (Kind::Refused, Some("lines[0].qty")), "{more}");
        assert!(more.message().contains('4') && more.message().contains('7'), "{more}");
        assert_eq!(incoming(&house, mug).await, 3);
        let done = receive(&house, &after, &[4, 0], Vec::new(), 150_000).await.unwrap();
        assert_eq!(
            (done.order.state, house.stock("MUG").await, incoming(&house, mug).await),
            (PurchaseOrderState::Received, (8, 0), 0)
        );
        assert_eq!(
            step(&house, id, PurchaseOrderStep::Cancel).await.unwrap_err().code(),
            "state.illegal_step"
        );
        assert_eq!(
            step(&house, id, PurchaseOrderStep::Close).await.unwrap().order.state,
            PurchaseOrderState::Closed
        );
        house.prove().await;
    });
}

#[test]
fn what_never_comes_is_no_longer_awaited() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let mug = house.stocked("MUG", 1250, 0, 0).await.variants[0].variant.id;
        let supplier_id = supplier(&house).await;
        let whole = order(&house, supplier_id, &[(mug, 5, Some(300))]).await.unwrap();
        let part = order(&house, supplier_id, &[(mug, 4, Some(300))]).await.unwrap();
        for view in [&whole, &part] {
            step(&house, view.order.id, PurchaseOrderStep::Submit).await.unwrap();
        }
        assert_eq!(incoming(&house, mug).await, 9);
        let gone = step(&house, whole.order.id, PurchaseOrderStep::Cancel).await.unwrap();
        assert_eq!((gone.lines[0].cancelled, incoming(&house, mug).await), (5, 4));
        receive(&house, &part, &[1], Vec::new(), 0).await.unwrap();
        assert_eq!(
            step(&house, part.order.id, PurchaseOrderStep::Cancel).await.unwrap_err().code(),
            "state.illegal_step"
        );
        let short = step(&house, part.order.id, PurchaseOrderStep::Close).await.unwrap();
        assert_eq!(
            (short.order.state, short.lines[0].received, short.lines[0].cancelled),
            (PurchaseOrderState::Closed, 1, 3)
        );
        assert_eq!((incoming(&house, mug).await, house.stock("MUG").await), (0, (1, 0)));
        house.prove().await;
    });
}

#[test]
fn a_haul_costs_what_was_paid() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let find = |sku: &str, weight| Find {
            weight,
            item: FoundItem {
                title: format!("Find {sku}"),
                sku: sku.into(),
                condition: Condition::Good,
                condition_notes: String::new(),
                brand: None,
                category: None,
                description: String::new(),
                attributes: std::collections::BTreeMap::new(),
                price: Some(gbp(2500)),
                bin: None,
            },
        };
        let haul = |finds| RecordHaul {
            source: "car boot sale".into(),
            supplier_id: None,
            date: None,
            total_paid: gbp(1000),
            tax: None,
            mileage_m: Some(12_000),
            receipt_media: None,
            finds,
        };
        let shares = async |finds| -> Vec<i64> {
            let view = house.shop.purchasing().record_haul(haul(finds)).await.unwrap();
            view.lines.iter().map(|line| line.allocated_cost.minor()).collect()
        };
        assert_eq!(shares(vec![find("A", 0), find("B", 0), find("C", 0)]).await, [334, 333, 333]);
        assert_eq!(shares(vec![find("D", 5), find("E", 1), find("F", 0)]).await, [833, 167, 0]);
        let error =
            house.shop.purchasing().record_haul(haul(vec![find("G", 2), find("H", -1)])).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (Kind::Invalid, Some("finds[1].weight")), "{error}");
        assert_eq!(
            (house.balance(Account::Inventory).await, house.balance(Account::Cash).await),
            (2000, -2000)
        );
        let sold = house.place(&[("D", 1)]).await.unwrap();
        assert_eq!(house.send(sold.order.id).await.lines[0].cost_at_sale, gbp(833));
        house.prove().await;
    });
}
