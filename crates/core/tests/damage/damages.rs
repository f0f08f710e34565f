//! Damage made by hand, and the check that must name it.
//!
//! `find` picks one thing; `harm` is done to it, where `{id}` stands for its id, `{text}` for how it is written, and
//! `{other}` for the id of a thing that is not there. `names` is the invariant, and `subject` writes what it must name.

use baddie_core::ids::{
    AcquisitionId, CheckoutId, ComponentId, CouponId, EntityId, EntryId, EventId, ImportRunId, ItemId, JobId,
    KeyId, LayerId, LevelId, ListingId, OrderId, OrderLineId, PaymentId, PaymentTxnId, PayoutId,
    PurchaseLineId, PurchaseOrderId, ReceiptId, ReservationId, VariantId,
};

pub(crate) struct Damage {
    pub(crate) what: &'static str,
    pub(crate) find: &'static str,
    pub(crate) harm: &'static str,
    pub(crate) names: &'static str,
    pub(crate) subject: fn(u128) -> String,
}

fn id<I: EntityId>(bits: u128) -> String {
    I::from_u128(bits).to_string()
}

/// A subject that is no id.
macro_rules! word {
    ($word:literal) => {
        |_| $word.to_owned()
    };
}

macro_rules! damages {
    ($($what:literal: $find:literal => $harm:literal => $names:literal $subject:expr;)*) => {
        /// Every kind of damage.
        pub(crate) const DAMAGES: &[Damage] =
            &[$(Damage { what: $what, find: $find, harm: $harm, names: $names, subject: $subject }),*];
    };
}

damages! {
    "stock on hand off by one": "SELECT id FROM stock_levels WHERE on_hand > 1"
        => "UPDATE stock_levels SET on_hand = on_hand + 1 WHERE id = {id}" => "I3" id::<LevelId>;
    "stock below nothing": "SELECT id FROM stock_levels WHERE on_hand > 1"
        => "UPDATE stock_levels SET on_hand = -1 WHERE id = {id}" => "I1" id::<LevelId>;
    "more promised than there is": "SELECT id FROM stock_levels WHERE on_hand > 1"
        => "UPDATE stock_levels SET reserved = on_hand + 1 WHERE id = {id}" => "I1" id::<LevelId>;
    "promised units that nobody holds": "SELECT id FROM stock_levels WHERE on_hand > reserved"
        => "UPDATE stock_levels SET reserved = reserved + 1 WHERE id = {id}" => "I2" id::<LevelId>;
    "units on their way that nobody ordered": "SELECT id FROM stock_levels WHERE on_hand > 1"
        => "UPDATE stock_levels SET incoming = incoming + 3 WHERE id = {id}" => "I3" id::<LevelId>;
    "a level that is gone": "SELECT id FROM stock_levels WHERE on_hand > 1"
        => "DELETE FROM stock_levels WHERE id = {id}" => "I3" word!("levels");
    "a move that was changed": "SELECT id FROM stock_levels WHERE on_hand > 1"
        => "UPDATE stock_moves SET d_on_hand = d_on_hand + 1 WHERE id = (SELECT min(m.id::text)::uuid FROM stock_moves m
            JOIN stock_levels l ON l.variant_id = m.variant_id AND l.location_id = m.location_id WHERE l.id = {id})"
        => "I3" id::<LevelId>;
    "moves that were removed": "SELECT id FROM stock_levels WHERE on_hand > 1"
        => "DELETE FROM stock_moves WHERE variant_id = (SELECT variant_id FROM stock_levels WHERE id = {id})"
        => "I3" id::<LevelId>;
    "stock held for an order that was sent": "SELECT id FROM reservations WHERE state = 'consumed'"
        => "UPDATE reservations SET state = 'held' WHERE id = {id}" => "I2" id::<ReservationId>;
    "a hold of nothing": "SELECT id FROM reservations WHERE state = 'held'"
        => "UPDATE reservations SET qty = 0 WHERE id = {id}" => "I2" id::<ReservationId>;
    "a waiting line whose stock was let go":
        "SELECT l.id FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.state = 'confirmed' AND l.fulfilled = 0"
        => "UPDATE reservations SET state = 'released' WHERE owner_id = {text}" => "I2" id::<OrderLineId>;
    "a bundle's component let go":
        "SELECT l.id FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.state = 'confirmed' AND l.sku = 'SET'"
        => "UPDATE reservations SET qty = qty + 1 WHERE owner_id = {text}" => "I2" id::<OrderLineId>;
    "a checkout that holds for ever": "SELECT id FROM reservations WHERE owner = 'checkout' AND state = 'held'"
        => "UPDATE reservations SET expires_at = NULL WHERE id = {id}" => "I9" id::<ReservationId>;
    "a layer with fewer units": "SELECT variant_id FROM cost_layers WHERE qty_left > 1"
        => "UPDATE cost_layers SET qty_left = qty_left - 1 WHERE variant_id = {id} AND qty_left > 1" => "L5" id::<VariantId>;
    "a layer below nothing": "SELECT id FROM cost_layers WHERE qty_left > 1"
        => "UPDATE cost_layers SET cost_left = -1 WHERE id = {id}" => "L5" id::<LayerId>;
    "a layer that is worth more than it cost": "SELECT id FROM cost_layers WHERE qty_left > 1"
        => "UPDATE cost_layers SET cost_left = cost_in + 1 WHERE id = {id}" => "L5" id::<LayerId>;
    "a layer off by a penny": "SELECT id FROM cost_layers WHERE qty_left > 1"
        => "UPDATE cost_layers SET cost_left = cost_left - 1 WHERE id = {id}" => "L5" word!("asset:inventory");
    "a layer that is gone": "SELECT variant_id FROM cost_layers WHERE qty_left > 1"
        => "DELETE FROM cost_layers WHERE variant_id = {id}" => "L5" id::<VariantId>;
    "a thing that was sold stands for sale": "SELECT id FROM items WHERE status = 'sold'"
        => "UPDATE items SET status = 'in_stock' WHERE id = {id}" => "I7" id::<ItemId>;
    "a thing that is here counts as sold": "SELECT id FROM items WHERE status = 'in_stock'"
        => "UPDATE items SET status = 'sold' WHERE id = {id}" => "I7" id::<ItemId>;
    "a thing that nobody holds counts as promised": "SELECT id FROM items WHERE status = 'in_stock'"
        => "UPDATE items SET status = 'reserved' WHERE id = {id}" => "I7" id::<ItemId>;
    "a thing that lies elsewhere": "SELECT id FROM items WHERE status = 'in_stock'"
        => "UPDATE items SET location_id = (SELECT id FROM locations WHERE kind = 'quarantine') WHERE id = {id}"
        => "I7" id::<ItemId>;
    "a thing sold twice": "SELECT id FROM items WHERE status = 'sold'"
        => "UPDATE order_lines SET item_id = {id} WHERE fulfilled > 0 AND returned = 0" => "I7" id::<ItemId>;
    "a thing promised twice": "SELECT id FROM reservations WHERE item_id IS NOT NULL AND state = 'held'"
        => "CREATE TEMP TABLE twice AS SELECT * FROM reservations WHERE id = {id};
            UPDATE twice SET id = {other}; INSERT INTO reservations SELECT * FROM twice" => "I7" id::<ReservationId>;
    "a one-of-a-kind variant without its thing": "SELECT variant_id FROM items WHERE status = 'in_stock'"
        => "DELETE FROM items WHERE variant_id = {id}" => "I7" id::<VariantId>;
    "a bundle of nothing": "SELECT id FROM variants WHERE kind = 'bundle'"
        => "DELETE FROM bundle_components WHERE bundle_id = {id}" => "I8" id::<VariantId>;
    "a bundle with none of its part": "SELECT id FROM bundle_components"
        => "UPDATE bundle_components SET qty = 0 WHERE id = {id}" => "I8" id::<ComponentId>;

    "an unbalanced entry": "SELECT id FROM ledger_entries WHERE kind = 'capture'"
        => "UPDATE ledger_postings SET amount = amount + 1 WHERE entry_id = {id} AND amount > 0" => "L1" id::<EntryId>;
    "a posting in another currency": "SELECT id FROM ledger_entries WHERE kind = 'ship'"
        => "UPDATE ledger_postings SET currency = 'EUR' WHERE entry_id = {id} AND account = 'income:sales'"
        => "L1" id::<EntryId>;
    "a posting that was removed": "SELECT id FROM ledger_entries WHERE kind = 'fees'"
        => "DELETE FROM ledger_postings WHERE entry_id = {id} AND amount < 0" => "L1" id::<EntryId>;
    "an entry without postings": "SELECT id FROM ledger_entries WHERE kind = 'fees'"
        => "DELETE FROM ledger_postings WHERE entry_id = {id}" => "L1" id::<EntryId>;
    "postings without an entry": "SELECT id FROM ledger_entries WHERE kind = 'capture'"
        => "UPDATE ledger_postings SET entry_id = {other} WHERE entry_id = {id}" => "L4" word!("liability:customer_deposits");
    "a reversal that does not reverse": "SELECT id FROM ledger_entries WHERE reverses IS NOT NULL"
        => "UPDATE ledger_postings SET amount = amount * 2 WHERE entry_id = {id}" => "L2" id::<EntryId>;
    "a capture posted for another amount": "SELECT id FROM ledger_entries WHERE kind = 'capture'"
        => "UPDATE ledger_postings SET amount = amount * 2 WHERE entry_id = {id}" => "L10" id::<EntryId>;
    "a capture posted as the owner's money": "SELECT id FROM ledger_entries WHERE kind = 'capture'"
        => "UPDATE ledger_postings SET account = 'equity:owner' WHERE entry_id = {id} AND amount < 0"
        => "L10" id::<EntryId>;
    "a capture that the books have lost":
        "SELECT id FROM payment_txns WHERE kind = 'capture' AND state = 'succeeded'"
        => "DELETE FROM ledger_entries WHERE source_id = {text}" => "L10" id::<PaymentTxnId>;
    "a refund that the books have lost": "SELECT id FROM payment_txns WHERE kind = 'refund'"
        => "DELETE FROM ledger_entries WHERE source_id = {text}" => "L10" id::<PaymentTxnId>;
    "goods received without the supplier's bill": "SELECT id FROM receipts"
        => "DELETE FROM ledger_entries WHERE source_id = {text}" => "L10" id::<ReceiptId>;
    "a haul without what was paid": "SELECT id FROM acquisitions"
        => "DELETE FROM ledger_entries WHERE source_id = {text}" => "L10" id::<AcquisitionId>;
    "an entry whose cause is gone": "SELECT id FROM ledger_entries WHERE kind = 'receive'"
        => "DELETE FROM receipts" => "L10" id::<EntryId>;
    "a label that cost something else": "SELECT id FROM ledger_entries WHERE kind = 'label'"
        => "UPDATE fulfilments SET label_cost = label_cost + 1 WHERE label_cost IS NOT NULL" => "L10" id::<EntryId>;
    "a sale counted as shipping": "SELECT order_line_id FROM ledger_postings WHERE account = 'income:sales'"
        => "UPDATE ledger_postings SET account = 'income:shipping' WHERE order_line_id = {id} AND account = 'income:sales'"
        => "L8" id::<OrderLineId>;
    "a tax that was kept": "SELECT order_line_id FROM ledger_postings WHERE account = 'liability:tax_payable'
            AND order_line_id IS NOT NULL"
        => "UPDATE ledger_postings SET account = 'income:sales' WHERE order_line_id = {id} AND account = 'liability:tax_payable'"
        => "L8" id::<OrderLineId>;
    "goods sold at another cost": "SELECT order_line_id FROM ledger_postings WHERE account = 'expense:cost_of_goods'"
        => "UPDATE ledger_postings SET amount = amount + CASE WHEN account = 'asset:inventory' THEN -1 ELSE 1 END
            WHERE order_line_id = {id} AND account IN ('asset:inventory', 'expense:cost_of_goods')"
        => "L9" id::<OrderLineId>;
    "a payout that nobody explains": "SELECT id FROM payouts"
        => "UPDATE payouts SET residue = residue + 1 WHERE id = {id}" => "L6" id::<PayoutId>;
    "a payout that the books have lost": "SELECT id FROM payouts"
        => "DELETE FROM ledger_entries WHERE source_id = {text}" => "L6" id::<PayoutId>;

    "an order's total changed": "SELECT id FROM orders WHERE state = 'completed'"
        => "UPDATE orders SET total = total + 1 WHERE id = {id}" => "M3" id::<OrderId>;
    "an order's discount changed": "SELECT id FROM orders WHERE discount > 0"
        => "UPDATE orders SET discount = discount - 1 WHERE id = {id}" => "M3" id::<OrderId>;
    "an order adjusted without a reason": "SELECT id FROM orders WHERE state = 'completed'"
        => "UPDATE orders SET adjusted = adjusted - 1 WHERE id = {id}" => "M3" id::<OrderId>;
    "a deposit changed": "SELECT id FROM orders WHERE deposit > 0"
        => "UPDATE orders SET deposit = deposit + 1 WHERE id = {id}" => "L10" word!("liability:customer_deposits");
    "a line with more units": "SELECT order_id FROM order_lines WHERE fulfilled > 0"
        => "UPDATE order_lines SET qty = qty + 1 WHERE order_id = {id}" => "M3" id::<OrderId>;
    "a line sent without a parcel": "SELECT id FROM order_lines WHERE fulfilled = 0 AND cancelled = 0"
        => "UPDATE order_lines SET fulfilled = 1 WHERE id = {id}" => "O1" id::<OrderLineId>;
    "a line that came back by itself": "SELECT id FROM order_lines WHERE fulfilled > 0 AND returned = 0"
        => "UPDATE order_lines SET returned = 1 WHERE id = {id}" => "I10" id::<OrderLineId>;
    "more called off than ordered": "SELECT id FROM order_lines WHERE fulfilled > 0"
        => "UPDATE order_lines SET cancelled = qty + 1 WHERE id = {id}" => "O1" id::<OrderLineId>;
    "a discount above the worth": "SELECT id FROM order_lines WHERE fulfilled > 0"
        => "UPDATE order_lines SET discount = unit_price * qty + 1 WHERE id = {id}" => "M6" id::<OrderLineId>;
    "an order without lines": "SELECT id FROM orders WHERE state = 'completed'"
        => "DELETE FROM order_lines WHERE order_id = {id}" => "O3" id::<OrderId>;
    "an order completed too early": "SELECT id FROM orders WHERE state = 'confirmed'"
        => "UPDATE orders SET state = 'completed' WHERE id = {id}" => "O1" id::<OrderId>;
    "an order cancelled after it was sent": "SELECT id FROM orders WHERE state = 'completed'"
        => "UPDATE orders SET state = 'cancelled' WHERE id = {id}" => "O1" id::<OrderId>;
    "a gap in the numbers": "SELECT id FROM orders WHERE state = 'completed'"
        => "UPDATE orders SET number = number + 1000 WHERE id = {id}" => "numbers" word!("order");
    "a number that will be given again": "SELECT id FROM orders"
        => "UPDATE counters SET value = value - 1 WHERE series = 'purchase_order' OR series = 'order'"
        => "numbers" word!("order");
    "a coupon used without an order": "SELECT id FROM coupons"
        => "UPDATE coupons SET used = used + 1 WHERE id = {id}" => "M4" id::<CouponId>;
    "a coupon's use forgotten": "SELECT coupon_id FROM redemptions"
        => "DELETE FROM redemptions" => "M4" id::<CouponId>;
    "a coupon that took something else off": "SELECT order_id FROM redemptions"
        => "UPDATE redemptions SET amount = amount + 1" => "M4" id::<OrderId>;
    "a checkout that became nothing": "SELECT id FROM checkouts WHERE state = 'ready'"
        => "UPDATE checkouts SET state = 'completed' WHERE id = {id}" => "O4" id::<CheckoutId>;
    "a channel's order taken in twice": "SELECT id FROM orders WHERE channel_id IS NOT NULL"
        => "UPDATE orders SET external_id = 'same', channel_id = (SELECT channel_id FROM orders WHERE id = {id})
            WHERE channel_id IS NOT NULL" => "C6" word!("ord_");
    "lines of an order that is gone": "SELECT id FROM order_lines WHERE fulfilled > 0"
        => "DELETE FROM orders WHERE id = (SELECT order_id FROM order_lines WHERE id = {id})" => "O4" id::<OrderLineId>;
    "more bought than received": "SELECT id FROM purchase_lines"
        => "UPDATE purchase_lines SET received = received + 1 WHERE id = {id}" => "O1" id::<PurchaseLineId>;
    "a purchase worth something else": "SELECT id FROM purchase_orders"
        => "UPDATE purchase_orders SET total = total + 1 WHERE id = {id}" => "M3" id::<PurchaseOrderId>;
    "a receipt worth something else": "SELECT id FROM receipts"
        => "UPDATE receipts SET total = total + 1 WHERE id = {id}" => "M4" id::<ReceiptId>;
    "a haul that does not add up": "SELECT acquisition_id FROM acquisition_lines"
        => "UPDATE acquisition_lines SET allocated_cost = allocated_cost + 1" => "M4" id::<AcquisitionId>;

    "a refund above the capture": "SELECT id FROM payments WHERE captured > 0"
        => "UPDATE payments SET refunded = captured + 1 WHERE id = {id}" => "M5" id::<PaymentId>;
    "a capture that nobody made": "SELECT id FROM payments WHERE captured > 0"
        => "UPDATE payments SET captured = captured + 1 WHERE id = {id}" => "M5" id::<PaymentId>;
    "a capture that is said to have failed":
        "SELECT payment_id FROM payment_txns WHERE kind = 'capture' AND state = 'succeeded'"
        => "UPDATE payment_txns SET state = 'failed' WHERE payment_id = {id} AND kind = 'capture'" => "M5" id::<PaymentId>;
    "a payment in another currency": "SELECT id FROM payments WHERE captured > 0"
        => "UPDATE payments SET currency = 'EUR' WHERE id = {id}" => "M2" id::<PaymentId>;
    "a movement that nothing will send": "SELECT id FROM payment_txns WHERE state = 'initiated'"
        => "DELETE FROM jobs WHERE subject = {text}" => "M5" id::<PaymentTxnId>;
    "movements of a payment that is gone": "SELECT id FROM payment_txns WHERE kind = 'capture'"
        => "DELETE FROM payments WHERE id = (SELECT payment_id FROM payment_txns WHERE id = {id})"
        => "O4" id::<PaymentTxnId>;

    "a sold thing back on offer":
        "SELECT l.id FROM listings l JOIN items i ON i.id = l.item_id WHERE i.status = 'reserved' AND l.state = 'ended'"
        => "UPDATE listings SET state = 'live', desired = 'listed', published_qty = 1 WHERE id = {id}"
        => "C2" id::<ListingId>;
    "a thing that is gone still wanted on offer":
        "SELECT l.id FROM listings l JOIN items i ON i.id = l.item_id WHERE i.status = 'in_stock' OR l.state = 'live'"
        => "UPDATE items SET status = 'sold' WHERE id = (SELECT item_id FROM listings WHERE id = {id});
            UPDATE listings SET state = 'live', desired = 'listed' WHERE id = {id}" => "C1" id::<ListingId>;
    "a live offer without a name": "SELECT id FROM listings WHERE state = 'live'"
        => "UPDATE listings SET external_id = NULL WHERE id = {id}" => "C5" id::<ListingId>;
    "an end without a reason": "SELECT id FROM listings WHERE state = 'ended'"
        => "UPDATE listings SET end_reason = NULL WHERE id = {id}" => "C5" id::<ListingId>;
    "two open offers of one thing": "SELECT id FROM listings WHERE state = 'live'"
        => "CREATE TEMP TABLE twice AS SELECT * FROM listings WHERE id = {id};
            UPDATE twice SET id = {other}, external_id = 'another'; INSERT INTO listings SELECT * FROM twice"
        => "C3" id::<ListingId>;
    "two offers of one name": "SELECT id FROM listings WHERE state = 'live'"
        => "CREATE TEMP TABLE twice AS SELECT * FROM listings WHERE id = {id};
            UPDATE twice SET id = {other}, state = 'ended', end_reason = 'seller', ended_at = created_at;
            INSERT INTO listings SELECT * FROM twice" => "C3" id::<ListingId>;
    "more on offer than there is": "SELECT id FROM listings WHERE state = 'live' AND item_id IS NULL"
        => "UPDATE listings SET published_qty = 5000 WHERE id = {id};
            UPDATE jobs SET state = 'succeeded' WHERE subject = {text}" => "C2" id::<ListingId>;
    "an offer that says something else": "SELECT id FROM listings WHERE state = 'live'"
        => "UPDATE listings SET title = 'A better title' WHERE id = {id}" => "C9" id::<ListingId>;
    "a price that nobody set": "SELECT listing_id FROM price_changes"
        => "UPDATE listings SET price = price - 1 WHERE id = {id}" => "C4" id::<ListingId>;
    "an unwanted offer that nothing will end": "SELECT id FROM listings WHERE state = 'live'"
        => "UPDATE listings SET desired = 'unlisted' WHERE id = {id};
            UPDATE jobs SET state = 'succeeded' WHERE subject = {text}" => "C1" id::<ListingId>;
    "offers of a channel that is gone": "SELECT id FROM listings WHERE state = 'live'"
        => "DELETE FROM channels" => "O4" id::<ListingId>;
    "variants of a product that is gone": "SELECT id FROM variants"
        => "DELETE FROM products" => "O4" id::<VariantId>;

    "a job leased for ever": "SELECT id FROM jobs WHERE state = 'succeeded'"
        => "UPDATE jobs SET state = 'leased', lease_until = {never} WHERE id = {id}" => "jobs" id::<JobId>;
    "a lease without an end": "SELECT id FROM jobs WHERE state = 'succeeded'"
        => "UPDATE jobs SET state = 'leased', lease_until = NULL WHERE id = {id}" => "jobs" id::<JobId>;
    "a job that waits twice": "SELECT id FROM jobs WHERE state = 'queued'"
        => "CREATE TEMP TABLE twice AS SELECT * FROM jobs WHERE id = {id};
            UPDATE twice SET id = {other}; INSERT INTO jobs SELECT * FROM twice" => "jobs" id::<JobId>;
    "an event that nobody can read": "SELECT id FROM events"
        => "UPDATE events SET data = '{' WHERE id = {id}" => "F2" id::<EventId>;
    "an answer without its key": "SELECT id FROM orders"
        => "UPDATE idempotency_records SET key = ''" => "F1" word!("orders.place");
    "an answer whose order is gone": "SELECT order_id FROM redemptions"
        => "DELETE FROM orders WHERE id = {id}" => "F1" word!("orders.place");
    "an import that miscounts": "SELECT id FROM import_runs"
        => "UPDATE import_runs SET accepted = accepted + 1" => "imports" id::<ImportRunId>;
    "a shop without an owner": "SELECT id FROM members"
        => "UPDATE members SET status = 'suspended'" => "owners" word!("members");
    "a key kept as it is": "SELECT id FROM api_keys"
        => "UPDATE api_keys SET hash = 'bad_the-token-itself'" => "F8" id::<KeyId>;
    "a state that does not exist": "SELECT id FROM reservations"
        => "UPDATE reservations SET state = 'unheard' WHERE id = {id}" => "F6" word!("stock");
    "an account that does not exist": "SELECT id FROM ledger_postings"
        => "UPDATE ledger_postings SET account = 'asset:nowhere' WHERE id = {id}" => "F6" word!("books");
}
