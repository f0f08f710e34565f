/* Walks the table of operations: each can be called, and one without a sound request says so. */
#include "check.h"

int main(void) {
    baddie_engine *engine = open_engine("{\"database\":\"memory:\"}");
    baddie_shop *shop = found_shop(engine);
    baddie_text *table = NULL;
    OK(baddie_operations(&table));
    int count = 0, answered = 0;
    for (const char *at = baddie_text_borrow(table, NULL); (at = strstr(at, "{\"name\":\"")) != NULL;) {
        at += strlen("{\"name\":\"");
        char name[64];
        CHECK(sscanf(at, "%63[a-z_.]\"", name) == 1);
        baddie_status status = try_call(shop, name, "{}");
        /* An empty request is enough, or lacks a field, or asks what this shop cannot do; it is never unknown. */
        CHECK(status == BADDIE_STATUS_OK || status == BADDIE_STATUS_INVALID || status == BADDIE_STATUS_REFUSED ||
              status == BADDIE_STATUS_CONFLICT);
        CHECK(try_call(shop, name, "7") == BADDIE_STATUS_INVALID);
        count++;
        answered += status == BADDIE_STATUS_OK;
    }
    printf("every operation: %d called, %d of them answered an empty request\n", count, answered);
    OK(baddie_text_free(table));
    OK(baddie_shop_free(shop));
    OK(baddie_engine_close(engine));
    return count > 100 && answered > 20 ? 0 : 1;
}
