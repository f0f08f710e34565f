#!/usr/bin/env bash
# Ten tasks of a reseller, with curl.
#   bindings/cookbook/cookbook.sh PROGRAM_OF_THE_SERVER
set -euo pipefail
baddie=$1
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

# 1. Found a shop, and serve it.
token=$("$baddie" init --database "sqlite://$folder/shop.db" --email owner@example.com --shop "Corner shop" --json |
    sed 's/.*"token": *"\([^"]*\)".*/\1/')
"$baddie" serve --database "sqlite://$folder/shop.db" --listen 127.0.0.1:0 --json >"$folder/said" 2>&1 &
server=$!
until grep -q '"url"' "$folder/said"; do sleep 0.1; done
url=$(sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' "$folder/said" | head -n 1)/api/v1

# Asks with METHOD PATH KEY BODY and prints the answer; the key makes a command safe to repeat.
ask() {
    curl --silent --show-error -X "$1" "$url/$2" -H "Authorization: Bearer $token" -H "Content-Type: application/json" \
        ${3:+-H "Idempotency-Key: $3"} ${4:+--data "$4"}
}
# The first id in the input that begins so.
id() { grep -o "\"$1_[^\"]*\"" | head -n 1 | tr -d '"'; }

# 2. Note down something one of a kind.
ask POST items item-1 '{"title":"Waxed jacket","sku":"JACKET","condition":"good",
    "price":{"minor":6500,"currency":"GBP"},"unit_cost":{"minor":1250,"currency":"GBP"}}' | grep -q itm_

# 3. Take in twelve of something, and what they cost together.
mug=$(ask POST products mug-1 '{"title":"Mug","variants":[{"sku":"MUG","price":{"minor":899,"currency":"GBP"}}]}' | id var)
ask POST inventory/adjust stock-1 "{\"variant_id\":\"$mug\",\"change\":12,\"reason\":\"opening\",
    \"cost\":{\"minor\":3000,\"currency\":\"GBP\"}}" | grep -q lvl_

# 4. Sell, so that a lost answer does no harm.
order=$(ask POST orders receipt-1 '{"lines":[{"sku":"MUG","qty":2}],"paid":true}' | id ord)
again=$(ask POST orders receipt-1 '{"lines":[{"sku":"MUG","qty":2}],"paid":true}' | id ord)
[ "$order" = "$again" ]

# 5. Hear that something is sold out.
ask POST orders receipt-2 '{"lines":[{"sku":"JACKET","qty":2}]}' | grep -o 'inventory.insufficient_stock'

# 6. Send a parcel.
ask POST "orders/$order/fulfil" parcel-1 '{"carrier":"Post","tracking":"AB123"}' | grep -q ful_

# 7. Call an order off.
second=$(ask POST orders receipt-3 '{"lines":[{"sku":"JACKET","qty":1}]}' | id ord)
ask POST "orders/$second/cancel" cancel-1 '{"reason":"changed their mind"}' | grep -q '"state":"cancelled"'

# 8. See what lies where.
ask GET "inventory/levels?variant_id=$mug" | grep -o '"on_hand":[0-9]*'

# 9. See what was earned.
ask GET reports/profit

# 10. Give out the sales for a spreadsheet.
echo && ask GET 'exports/sales?limit=50' | grep -o '"sku":"MUG","qty":2'
