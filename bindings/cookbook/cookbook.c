/* Ten tasks of a reseller, in C. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baddie.h"

static void check(baddie_status status) {
    if (status == BADDIE_STATUS_OK) return;
    char told[1024];
    baddie_last_error(told, sizeof told);
    fprintf(stderr, "status %d: %s\n", (int)status, told);
    exit(1);
}

/* Calls an operation, once for a key, and keeps the first id of the answer that begins so. */
static void call(const baddie_shop *shop, const char *operation, const char *key, const char *request,
                 const char *prefix, char id[64]) {
    baddie_text *answer = NULL;
    check(key ? baddie_call_once(shop, operation, key, request, strlen(request), &answer)
              : baddie_call(shop, operation, request, strlen(request), &answer));
    if (prefix) {
        const char *found = strstr(baddie_text_borrow(answer, NULL), prefix);
        snprintf(id, 64, "%.*s", found ? (int)strcspn(found, "\"") : 0, found ? found : "");
    } else {
        puts(baddie_text_borrow(answer, NULL));
    }
    baddie_text_free(answer);
}

int main(void) {
    const char *config = "{\"database\":\"memory:\"}";
    baddie_engine *engine = NULL;
    check(baddie_open(config, strlen(config), &engine));
    char id[64], mug[64], order[64], again[64], request[256];

    /* 1. Found a shop. */
    const char *founding = "{\"name\":\"Corner shop\",\"email\":\"owner@example.com\",\"currency\":\"GBP\","
                           "\"time_zone\":\"UTC\"}";
    baddie_shop *shop = NULL;
    baddie_text *founded = NULL;
    check(baddie_shop_found(engine, founding, strlen(founding), &shop, &founded));
    baddie_text_free(founded);

    /* 2. Note down something one of a kind. */
    call(shop, "items.create", NULL,
         "{\"title\":\"Waxed jacket\",\"sku\":\"JACKET\",\"condition\":\"good\","
         "\"price\":{\"minor\":6500,\"currency\":\"GBP\"},\"unit_cost\":{\"minor\":1250,\"currency\":\"GBP\"}}",
         "itm_", id);

    /* 3. Take in twelve of something, and what they cost together. */
    call(shop, "products.create", NULL,
         "{\"title\":\"Mug\",\"variants\":[{\"sku\":\"MUG\",\"price\":{\"minor\":899,\"currency\":\"GBP\"}}]}",
         "var_", mug);
    snprintf(request, sizeof request,
             "{\"variant_id\":\"%s\",\"change\":12,\"reason\":\"opening\","
             "\"cost\":{\"minor\":3000,\"currency\":\"GBP\"}}",
             mug);
    call(shop, "inventory.adjust", NULL, request, "lvl_", id);

    /* 4. Sell, so that a lost answer does no harm. */
    const char *two = "{\"lines\":[{\"sku\":\"MUG\",\"qty\":2}],\"paid\":true}";
    call(shop, "orders.place", "receipt-1", two, "ord_", order);
    call(shop, "orders.place", "receipt-1", two, "ord_", again);
    if (strcmp(order, again) != 0) return 1;

    /* 5. Hear that something is sold out. */
    const char *jackets = "{\"lines\":[{\"sku\":\"JACKET\",\"qty\":2}]}";
    baddie_text *none = NULL;
    if (baddie_call(shop, "orders.place", jackets, strlen(jackets), &none) != BADDIE_STATUS_CONFLICT) return 1;

    /* 6. Send a parcel. */
    snprintf(request, sizeof request, "{\"order_id\":\"%s\",\"carrier\":\"Post\",\"tracking\":\"AB123\"}", order);
    call(shop, "orders.fulfil", NULL, request, "ful_", id);

    /* 7. Call an order off. */
    call(shop, "orders.place", NULL, "{\"lines\":[{\"sku\":\"JACKET\",\"qty\":1}]}", "ord_", order);
    snprintf(request, sizeof request, "{\"order_id\":\"%s\",\"reason\":\"changed their mind\"}", order);
    call(shop, "orders.cancel", NULL, request, "ord_", id);

    /* 8. See what lies where. */
    snprintf(request, sizeof request, "{\"variant_id\":\"%s\"}", mug);
    call(shop, "inventory.levels", NULL, request, NULL, NULL);

    /* 9. See what was earned. */
    call(shop, "reports.profit", NULL, "{}", NULL, NULL);

    /* 10. Give out the sales for a spreadsheet. */
    call(shop, "exports.sales", NULL, "{\"limit\":50}", NULL, NULL);

    baddie_shop_free(shop);
    baddie_engine_close(engine);
    return 0;
}
