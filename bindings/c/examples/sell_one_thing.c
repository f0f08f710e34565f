/* A shop from nothing to its first sale, in C. */
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

static baddie_text *call(const baddie_shop *shop, const char *operation, const char *request) {
    baddie_text *response = NULL;
    check(baddie_call(shop, operation, request, strlen(request), &response));
    return response;
}

int main(void) {
    /* "sqlite://shop.db" keeps the shop in a file; this one is forgotten at the end. */
    const char *config = "{\"database\":\"memory:\"}";
    baddie_engine *engine = NULL;
    check(baddie_open(config, strlen(config), &engine));

    const char *founding = "{\"name\":\"Corner shop\",\"email\":\"owner@example.com\",\"currency\":\"GBP\","
                           "\"time_zone\":\"UTC\"}";
    baddie_shop *shop = NULL;
    baddie_text *founded = NULL;
    check(baddie_shop_found(engine, founding, strlen(founding), &shop, &founded));
    baddie_text_free(founded);

    baddie_text_free(call(shop, "items.create",
                          "{\"title\":\"Waxed jacket\",\"sku\":\"JACKET-1\",\"condition\":\"good\","
                          "\"price\":{\"minor\":6500,\"currency\":\"GBP\"},"
                          "\"unit_cost\":{\"minor\":1250,\"currency\":\"GBP\"}}"));

    /* The key makes the command safe to repeat: however often it is sent, there is one order. */
    const char *order = "{\"lines\":[{\"sku\":\"JACKET-1\",\"qty\":1}],\"paid\":true}";
    for (int again = 0; again < 2; again++) {
        baddie_text *sold = NULL;
        check(baddie_call_once(shop, "orders.place", "receipt-0001", order, strlen(order), &sold));
        printf("%.60s...\n", baddie_text_borrow(sold, NULL));
        baddie_text_free(sold);
    }

    baddie_text *sold_out = NULL;
    baddie_status status = baddie_call(shop, "orders.place", order, strlen(order), &sold_out);
    char told[1024];
    baddie_last_error(told, sizeof told);
    printf("A second buyer hears: %s\n", told);

    baddie_shop_free(shop);
    baddie_engine_close(engine);
    return status == BADDIE_STATUS_CONFLICT ? 0 : 1;
}
