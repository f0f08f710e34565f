/* What the test programs share: a check that ends the program, and a shop to work on. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baddie.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            char told[2048];                                                                                           \
            baddie_last_error(told, sizeof told);                                                                      \
            fprintf(stderr, "%s:%d: not so: %s; last error: %s\n", __FILE__, __LINE__, #condition, told);              \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)
#define OK(call) CHECK((call) == BADDIE_STATUS_OK)

static const char *const FOUNDING =
    "{\"name\":\"Test\",\"email\":\"owner@example.com\",\"currency\":\"GBP\",\"time_zone\":\"UTC\"}";

static inline baddie_engine *open_engine(const char *config) {
    baddie_engine *engine = NULL;
    OK(baddie_open(config, strlen(config), &engine));
    return engine;
}

static inline baddie_shop *found_shop(const baddie_engine *engine) {
    baddie_shop *shop = NULL;
    baddie_text *founded = NULL;
    OK(baddie_shop_found(engine, FOUNDING, strlen(FOUNDING), &shop, &founded));
    OK(baddie_text_free(founded));
    return shop;
}

static inline baddie_status try_call(const baddie_shop *shop, const char *operation, const char *request) {
    baddie_text *response = NULL;
    baddie_status status = baddie_call(shop, operation, request, strlen(request), &response);
    CHECK((response != NULL) == (status == BADDIE_STATUS_OK));
    if (response) OK(baddie_text_free(response));
    return status;
}

/* A product with this many pieces in stock. */
static inline void stock(const baddie_shop *shop, const char *sku, int pieces) {
    char request[512];
    baddie_text *made = NULL;
    snprintf(request, sizeof request,
             "{\"title\":\"Thing\",\"variants\":[{\"sku\":\"%s\","
             "\"price\":{\"minor\":900,\"currency\":\"GBP\"}}]}",
             sku);
    OK(baddie_call(shop, "products.create", request, strlen(request), &made));
    const char *id = strstr(baddie_text_borrow(made, NULL), "\"var_");
    CHECK(id != NULL);
    snprintf(request, sizeof request,
             "{\"variant_id\":%.32s,\"change\":%d,\"reason\":\"opening\",\"cost\":{\"minor\":100,"
             "\"currency\":\"GBP\"}}",
             id, pieces);
    OK(baddie_text_free(made));
    OK(try_call(shop, "inventory.adjust", request));
}

#endif
