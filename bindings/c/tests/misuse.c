/* Everything that one should not do: an error each time, and never a crash. */
#include <pthread.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void null_and_unreadable(const baddie_engine *engine, const baddie_shop *shop) {
    baddie_engine *none = NULL;
    baddie_text *text = (baddie_text *)engine;
    CHECK(baddie_open(NULL, 5, &none) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_open("{}", 2, NULL) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_open("{\"datab", 7, &none) == BADDIE_STATUS_INVALID);
    CHECK(baddie_open("nonsense = ", 11, &none) == BADDIE_STATUS_INVALID);
    CHECK(baddie_open("{\"database\":\"oracle://\"}", 24, &none) != BADDIE_STATUS_OK);
    CHECK(none == NULL);
    CHECK(baddie_call(shop, NULL, "{}", 2, &text) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_call(shop, "orders.list", NULL, 2, &text) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_call(shop, "orders.list", "{}", 2, NULL) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_call(NULL, "orders.list", "{}", 2, &text) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(text == NULL);
    CHECK(baddie_call(shop, "orders.list", "{}", SIZE_MAX, &text) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_call(shop, "orders.\xff\xfe", "{}", 2, &text) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_call(shop, "orders.list", "\xc3\x28", 2, &text) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_call(shop, "orders.lose", "{}", 2, &text) == BADDIE_STATUS_NOT_FOUND);
    CHECK(baddie_call(shop, "orders.get", "{\"order_id\":7}", 14, &text) == BADDIE_STATUS_INVALID);
    char told[64];
    size_t needed = baddie_last_error(told, sizeof told);
    CHECK(needed > sizeof told && strlen(told) == sizeof told - 1);
    CHECK(strstr(told, "\"kind\":\"invalid\"") != NULL);
    CHECK(baddie_events(shop, NULL, NULL, NULL, NULL) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_text_borrow(NULL, NULL) == NULL);
    CHECK(baddie_shop_enter(engine, "no token", (baddie_shop **)&text) == BADDIE_STATUS_UNAUTHENTICATED);
}

static void wrong_and_freed_handles(baddie_engine *engine, const baddie_shop *shop) {
    baddie_text *text = NULL;
    /* Of another kind. */
    CHECK(baddie_call((const baddie_shop *)engine, "orders.list", "{}", 2, &text) == BADDIE_STATUS_BAD_HANDLE);
    CHECK(baddie_engine_tick((const baddie_engine *)shop, &text) == BADDIE_STATUS_BAD_HANDLE);
    CHECK(baddie_text_free((baddie_text *)engine) == BADDIE_STATUS_BAD_HANDLE);
    CHECK(baddie_pages_free((baddie_pages *)shop) == BADDIE_STATUS_BAD_HANDLE);
    /* Never one. */
    int local = 0;
    CHECK(baddie_engine_close((baddie_engine *)&local) == BADDIE_STATUS_BAD_HANDLE);
    CHECK(baddie_shop_free((baddie_shop *)UINTPTR_MAX) == BADDIE_STATUS_BAD_HANDLE);
    CHECK(baddie_shop_free((baddie_shop *)(uintptr_t)1) == BADDIE_STATUS_BAD_HANDLE);
    /* Freed twice, used after. */
    OK(baddie_call(shop, "orders.list", "{}", 2, &text));
    OK(baddie_text_free(text));
    CHECK(baddie_text_free(text) == BADDIE_STATUS_BAD_HANDLE);
    CHECK(baddie_text_borrow(text, NULL) == NULL);
    baddie_shop *other = found_shop(engine);
    OK(baddie_shop_free(other));
    CHECK(baddie_shop_free(other) == BADDIE_STATUS_BAD_HANDLE);
    CHECK(baddie_call(other, "orders.list", "{}", 2, &text) == BADDIE_STATUS_BAD_HANDLE);
}

static void long_texts(const baddie_shop *shop) {
    const size_t size = 10 * 1000 * 1000;
    char *text = malloc(size + 1);
    CHECK(text != NULL);
    memset(text, 'x', size);
    text[size] = 0;
    baddie_text *response = NULL;
    CHECK(baddie_call(shop, text, "{}", 2, &response) == BADDIE_STATUS_NOT_FOUND);
    CHECK(baddie_call(shop, "orders.list", text, size, &response) == BADDIE_STATUS_INVALID);
    CHECK(baddie_call_once(shop, "orders.place", text, "{\"lines\":[]}", 12, &response) != BADDIE_STATUS_OK);
    const char head[] = "{\"order_id\":\"";
    memcpy(text, head, sizeof head - 1);
    memcpy(text + size - 2, "\"}", 2);
    CHECK(baddie_call(shop, "orders.get", text, size, &response) == BADDIE_STATUS_INVALID);
    /* Deeper than any stack would bear. */
    memset(text, '[', size);
    CHECK(baddie_call(shop, "orders.get", text, size, &response) == BADDIE_STATUS_INVALID);
    CHECK(response == NULL);
    free(text);
}

struct told {
    const baddie_shop *shop;
    baddie_shop *freed;
    int heard;
};

static int32_t hear(void *context, const char *event) {
    struct told *told = context;
    CHECK(event[0] == '{');
    told->heard++;
    /* Calls back, and frees the shop it hears of. */
    CHECK(try_call(told->shop, "orders.list", "{}") == BADDIE_STATUS_OK);
    if (told->freed) {
        OK(baddie_shop_free(told->freed));
        told->freed = NULL;
    }
    return told->heard == 3;
}

static void callbacks(const baddie_engine *engine, const baddie_shop *shop) {
    stock(shop, "HEARD", 5);
    for (int sale = 0; sale < 4; sale++)
        OK(try_call(shop, "orders.place", "{\"lines\":[{\"sku\":\"HEARD\",\"qty\":1}],\"paid\":true}"));
    baddie_shop *freed = NULL;
    OK(baddie_shop_open(engine, NULL, &freed));
    struct told told = {shop, freed, 0};
    size_t count = 0;
    CHECK(baddie_events(freed, NULL, hear, &told, &count) == BADDIE_STATUS_STOPPED);
    CHECK(told.heard == 3 && count == 3 && told.freed == NULL);
    CHECK(baddie_events(freed, NULL, hear, &told, &count) == BADDIE_STATUS_BAD_HANDLE);
}

static void pages(const baddie_shop *shop) {
    baddie_pages *walk = NULL;
    baddie_text *page = NULL;
    OK(baddie_pages_open(shop, "orders.list", "{\"limit\":1}", 11, &walk));
    int count = 0;
    baddie_status status;
    while ((status = baddie_pages_next(walk, &page)) == BADDIE_STATUS_OK) {
        count++;
        OK(baddie_text_free(page));
    }
    CHECK(status == BADDIE_STATUS_DONE && count == 4);
    CHECK(baddie_pages_next(walk, &page) == BADDIE_STATUS_DONE && page == NULL);
    OK(baddie_pages_free(walk));
    CHECK(baddie_pages_next(walk, &page) == BADDIE_STATUS_BAD_HANDLE);
    CHECK(baddie_pages_open(shop, "orders.list", "[]", 2, &walk) == BADDIE_STATUS_INVALID);
    OK(baddie_pages_open(shop, "shop.get", "{}", 2, &walk));
    CHECK(baddie_pages_next(walk, &page) == BADDIE_STATUS_INVALID);
    OK(baddie_pages_free(walk));
}

static void *race(void *context) {
    const baddie_shop *shop = context;
    long sold = 0;
    for (int attempt = 0; attempt < 4; attempt++) {
        baddie_status status =
            try_call(shop, "orders.place", "{\"lines\":[{\"sku\":\"RACE\",\"qty\":1}],\"paid\":true}");
        CHECK(status == BADDIE_STATUS_OK || status == BADDIE_STATUS_CONFLICT);
        sold += status == BADDIE_STATUS_OK;
        /* Made-up handles beside real ones. */
        CHECK(baddie_text_free((baddie_text *)(uintptr_t)(attempt + 2)) == BADDIE_STATUS_BAD_HANDLE);
    }
    return (void *)sold;
}

static void sixteen_threads(baddie_shop *shop) {
    stock(shop, "RACE", 20);
    pthread_t threads[16];
    long sold = 0;
    for (int i = 0; i < 16; i++) CHECK(pthread_create(&threads[i], NULL, race, shop) == 0);
    for (int i = 0; i < 16; i++) {
        void *part = NULL;
        CHECK(pthread_join(threads[i], &part) == 0);
        sold += (long)part;
    }
    CHECK(sold == 20);
}

static void after_a_fork(baddie_engine *engine, baddie_shop *shop) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        baddie_text *text = NULL;
        CHECK(baddie_call(shop, "orders.list", "{}", 2, &text) == BADDIE_STATUS_FORKED);
        CHECK(baddie_engine_tick(engine, &text) == BADDIE_STATUS_FORKED);
        CHECK(baddie_shop_free(shop) == BADDIE_STATUS_FORKED);
        CHECK(baddie_engine_close(engine) == BADDIE_STATUS_FORKED);
        baddie_engine *own = open_engine("{\"database\":\"memory:\"}");
        baddie_shop *mine = found_shop(own);
        stock(mine, "CHILD", 1);
        OK(try_call(mine, "orders.place", "{\"lines\":[{\"sku\":\"CHILD\",\"qty\":1}],\"paid\":true}"));
        OK(baddie_shop_free(mine));
        OK(baddie_engine_close(own));
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    OK(try_call(shop, "orders.list", "{}"));
}

/* `misuse without-fork` leaves the fork out: what a child inherits and may not touch looks like a leak in it. */
int main(int count, char **words) {
    const int forks = count < 2 || strcmp(words[1], "without-fork") != 0;
    baddie_engine *engine = open_engine("database = 'memory:'\n");
    baddie_shop *shop = found_shop(engine);
    null_and_unreadable(engine, shop);
    callbacks(engine, shop);
    pages(shop);
    wrong_and_freed_handles(engine, shop);
    long_texts(shop);
    sixteen_threads(shop);
    if (forks) after_a_fork(engine, shop);
    /* A closed engine's shop goes on until it is freed. */
    OK(baddie_engine_close(engine));
    CHECK(baddie_engine_close(engine) == BADDIE_STATUS_BAD_HANDLE);
    OK(try_call(shop, "orders.list", "{}"));
    OK(baddie_shop_free(shop));
    puts("misuse: an error each time");
    return 0;
}
