use super::{at, day, id, int, pence, samples, whole, words};
use crate::catalog::{Item, Variant};
use crate::inventory::Location;
use crate::money::Currency;
use crate::purchasing::{
    Acquisition, AcquisitionLine, LandedCost, LandedCostBasis, LandedCostKind, PriceBreak, PurchaseLine,
    PurchaseOrder, PurchaseOrderState, Receipt, ReceiptLine, Supplier, SupplierKind, SupplierOffer,
};

samples! {
    Supplier on [] |id, n, full| Supplier {
        id,
        name: words("supplier", n),
        kind: if full { SupplierKind::Estate } else { SupplierKind::Dropship },
        lead_days_mean: int(n, 1),
        lead_days_sd: int(n, 2),
        terms: full.then(|| words("terms", n)),
        currency: Currency::EUR,
        version: 1,
        created_at: at(n, 3),
    };
    SupplierOffer on [Supplier, Variant] named |offer, n, full| SupplierOffer {
        id: offer,
        supplier_id: whole(n),
        variant_id: id(n),
        supplier_sku: full.then(|| format!("their {n}")),
        unit_cost: pence(n, 1),
        price_breaks: if full { vec![PriceBreak { min_qty: int(n, 2), unit_cost: pence(n, 3) }] } else { Vec::new() },
        moq: int(n, 4),
        pack: int(n, 5),
        version: 1,
    };
    PurchaseOrder on [Supplier, Location] named |order, n, full| PurchaseOrder {
        id: order,
        number: int(n, 1),
        supplier_id: id(n),
        location_id: whole(n),
        state: if full { PurchaseOrderState::PartReceived } else { PurchaseOrderState::Draft },
        total: pence(n, 2),
        expected_on: full.then(|| day(n, 3)),
        notes: full.then(|| words("notes", n)),
        version: 1,
        created_at: at(n, 4),
    };
    PurchaseLine on [PurchaseOrder, Variant] |line, n, full| PurchaseLine {
        id: line,
        purchase_order_id: whole(n),
        variant_id: id(n),
        qty: int(n, 3),
        received: int(n, 2),
        cancelled: int(n, 1),
        unit_cost: pence(n, 4),
        version: 1,
    };
    Receipt on [PurchaseOrder] |receipt, n, full| Receipt {
        id: receipt,
        purchase_order_id: whole(n),
        lines: vec![ReceiptLine {
            purchase_line_id: id(n),
            variant_id: whole(n),
            qty: int(n, 1),
            cost: pence(n, 2),
        }],
        landed_costs: if full {
            vec![LandedCost {
                kind: LandedCostKind::Duty,
                amount: pence(n, 3),
                basis: LandedCostBasis::Weight,
            }]
        } else {
            Vec::new()
        },
        total: pence(n, 4),
        at: at(n, 5),
        business_date: day(n, 6),
    };
    Acquisition on [] named |haul, n, full| Acquisition {
        id: haul,
        number: int(n, 1),
        source: words("source", n),
        supplier_id: full.then(|| id(n)),
        date: day(n, 2),
        total_paid: pence(n, 3),
        tax: pence(n, 4),
        mileage_m: full.then(|| int(n, 5)),
        receipt_media: full.then(|| format!("{n:064x}")),
        created_at: at(n, 6),
    };
    AcquisitionLine on [Acquisition, Item] named |line, n, full| AcquisitionLine {
        id: line,
        acquisition_id: whole(n),
        item_id: id(n),
        allocated_cost: pence(n, 1),
    };
}
