"""Ten tasks of a reseller, in Python."""

import baddie
from baddie import Money
from baddie.errors import Conflict
from baddie.types import NewVariant, PlaceLine

engine = baddie.open("memory:")

# 1. Found a shop.
shop = engine.found("Corner shop", "owner@example.com", "GBP")

# 2. Note down something one of a kind.
shop.items.create(
    title="Waxed jacket", sku="JACKET", condition="good", price=Money("65", "GBP"), unit_cost=Money("12.50", "GBP")
)

# 3. Take in twelve of something, and what they cost together.
mug = shop.products.create(title="Mug", variants=[NewVariant(sku="MUG", price=Money("8.99", "GBP"))]).variants[0]
shop.inventory.adjust(variant_id=mug.id, change=12, reason="opening", cost=Money("30", "GBP"))

# 4. Sell, so that a lost answer does no harm.
order = shop.orders.place(lines=[PlaceLine(sku="MUG", qty=2)], paid=True, idempotency_key="receipt-1")
assert shop.orders.place(lines=[PlaceLine(sku="MUG", qty=2)], paid=True, idempotency_key="receipt-1").id == order.id

# 5. Hear that something is sold out.
try:
    shop.orders.place(lines=[PlaceLine(sku="JACKET", qty=2)])
    raise AssertionError("there is one jacket")
except Conflict as error:
    print(error.code)

# 6. Send a parcel.
shop.orders.fulfil(order_id=order.id, carrier="Post", tracking="AB123")

# 7. Call an order off.
second = shop.orders.place(lines=[PlaceLine(sku="JACKET", qty=1)])
assert shop.orders.cancel(order_id=second.id, reason="changed their mind").state == "cancelled"

# 8. See what lies where.
print([level.on_hand for level in shop.inventory.levels(variant_id=mug.id)])

# 9. See what was earned.
print(shop.reports.profit())

# 10. Give out the sales for a spreadsheet.
print([sale.lines for sale in shop.exports.each_sales(limit=50)])

engine.close()
