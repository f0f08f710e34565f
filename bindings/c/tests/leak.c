/* Opens, calls, fails and closes again and again: memory stays where it was. */
#include <unistd.h>

#include "check.h"

static long resident_pages(void) {
    long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != NULL && fscanf(file, "%ld %ld", &size, &resident) == 2);
    fclose(file);
    return resident;
}

static void round_trip(const baddie_shop *shop) {
    for (int call = 0; call < 100; call++) {
        CHECK(try_call(shop, "orders.list", "{}") == BADDIE_STATUS_OK);
        CHECK(try_call(shop, "orders.get", "{\"order_id\":7}") == BADDIE_STATUS_INVALID);
        baddie_pages *pages = NULL;
        OK(baddie_pages_open(shop, "orders.list", "{}", 2, &pages));
        OK(baddie_pages_free(pages));
    }
}

static void whole_life(void) {
    baddie_engine *engine = open_engine("{\"database\":\"memory:\"}");
    baddie_shop *shop = found_shop(engine);
    round_trip(shop);
    OK(baddie_shop_free(shop));
    OK(baddie_engine_close(engine));
}

int main(void) {
    for (int warm = 0; warm < 20; warm++) whole_life();
    long before = resident_pages();
    for (int life = 0; life < 100; life++) whole_life();
    long grown = (resident_pages() - before) * sysconf(_SC_PAGESIZE) / 1024;
    printf("leak: %ld KiB more after 100 lives and 30,000 calls\n", grown);
    return grown < 2048 ? 0 : 1;
}
