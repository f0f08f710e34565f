/* Tells a shop a day that is written in a file, operation by operation, and prints the exports at its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baddie.h"

enum { ROOM = 4096, MOST = 32 };

struct kept {
    char name[32], word[64];
};

static void fail(const char *what) {
    char told[1024];
    baddie_last_error(told, sizeof told);
    fprintf(stderr, "%s: %s\n", what, told);
    exit(1);
}

/* Copies a request with every `$name` replaced by what was kept. */
static void fill(char *into, const char *request, const struct kept *kept, int count) {
    char *end = into + ROOM - 1;
    while (*request && into < end) {
        int found = -1;
        for (int i = 0; *request == '$' && i < count; i++)
            if (strncmp(request + 1, kept[i].name, strlen(kept[i].name)) == 0) found = i;
        if (found < 0) {
            *into++ = *request++;
        } else {
            into += snprintf(into, (size_t)(end - into), "%s", kept[found].word);
            request += 1 + strlen(kept[found].name);
        }
    }
    *into = 0;
}

/* Keeps the first quoted word of the answer that begins with the prefix. */
static void keep(struct kept *place, char *wish, const char *answer) {
    char quoted[64], *prefix = strchr(wish, '=');
    *prefix++ = 0;
    snprintf(place->name, sizeof place->name, "%s", wish);
    snprintf(quoted, sizeof quoted, "\"%s", prefix);
    const char *word = strstr(answer, quoted);
    if (!word) fail(wish);
    snprintf(place->word, sizeof place->word, "%.*s", (int)strcspn(word + 1, "\""), word + 1);
}

int main(int count, char **words) {
    const char *config = "{\"database\":\"memory:\"}";
    const char *founding =
        "{\"name\":\"Day\",\"email\":\"owner@example.com\",\"currency\":\"GBP\",\"time_zone\":\"UTC\"}";
    baddie_engine *engine = NULL;
    baddie_shop *shop = NULL;
    baddie_text *text = NULL;
    if (baddie_open(config, strlen(config), &engine) != BADDIE_STATUS_OK) fail("open");
    if (baddie_shop_found(engine, founding, strlen(founding), &shop, &text) != BADDIE_STATUS_OK) fail("found");
    baddie_text_free(text);

    FILE *day = count > 1 ? fopen(words[1], "r") : NULL;
    if (!day) fail("name the file that tells the day");
    static char line[ROOM], request[ROOM];
    static struct kept kept[MOST];
    int known = 0;
    while (fgets(line, sizeof line, day)) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] == '#') continue;
        char *parts[4] = {line, NULL, NULL, NULL};
        for (int i = 1; i < 4; i++) {
            parts[i] = strchr(parts[i - 1], '|');
            if (!parts[i]) fail("not four parts");
            *parts[i]++ = 0;
        }
        int prints = parts[0][0] == '=';
        fill(request, parts[2], kept, known);
        baddie_status status =
            *parts[1] ? baddie_call_once(shop, parts[0], parts[1], request, strlen(request), &text)
                      : baddie_call(shop, parts[0] + prints, request, strlen(request), &text);
        if (status != BADDIE_STATUS_OK) fail(parts[0]);
        const char *answer = baddie_text_borrow(text, NULL);
        if (*parts[3] && known < MOST) keep(&kept[known++], parts[3], answer);
        if (prints) puts(answer);
        baddie_text_free(text);
    }
    fclose(day);
    baddie_shop_free(shop);
    baddie_engine_close(engine);
    return 0;
}
