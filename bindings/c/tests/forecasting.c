/* The models on arrays: what they say is sound, and what cannot be read is an error. */
#include <math.h>
#include <stdint.h>

#include "check.h"

enum { SERIES = 40, LENGTH = 60, HORIZON = 5, LEVELS = 3 };

int main(void) {
    static double y[SERIES * LENGTH], means[SERIES * HORIZON], quantiles[SERIES * HORIZON * LEVELS];
    size_t lengths[SERIES];
    const double levels[LEVELS] = {0.05, 0.5, 0.95};
    for (int i = 0; i < SERIES; i++) {
        lengths[i] = LENGTH;
        for (int t = 0; t < LENGTH; t++) y[i * LENGTH + t] = (i * 7 + t * 13) % (3 + i % 5);
    }
    const baddie_options options = {'D', 1, 2};
    OK(baddie_forecast(y, lengths, SERIES, options, HORIZON, levels, LEVELS, means, quantiles));
    for (int row = 0; row < SERIES * HORIZON; row++) {
        const double *q = quantiles + row * LEVELS;
        CHECK(means[row] >= 0 && q[0] >= 0 && q[0] <= q[1] && q[1] <= q[2]);
    }

    static double one[SERIES * HORIZON * LEVELS];
    const baddie_options alone = {'D', 1, 1};
    OK(baddie_forecast(y, lengths, SERIES, alone, HORIZON, levels, LEVELS, NULL, one));
    CHECK(memcmp(one, quantiles, sizeof one) == 0);

    double sums[SERIES * LEVELS], stocks[SERIES], few[SERIES], many[SERIES];
    OK(baddie_lead_time_demand(y, lengths, SERIES, options, 7, levels, LEVELS, NULL, sums));
    for (int i = 0; i < SERIES; i++) stocks[i] = 1;
    OK(baddie_stockout(y, lengths, SERIES, options, 7, stocks, few));
    for (int i = 0; i < SERIES; i++) stocks[i] = 500;
    OK(baddie_stockout(y, lengths, SERIES, options, 7, stocks, many));
    for (int i = 0; i < SERIES; i++) {
        CHECK(sums[i * LEVELS] <= sums[i * LEVELS + 2]);
        CHECK(many[i] >= 0 && many[i] < few[i] && few[i] <= 1);
    }

    baddie_sale sales[200];
    for (int row = 0; row < 200; row++) {
        double price = 5 + row % 10;
        baddie_sale sale = {(size_t)(row % 2), 0, (size_t)(row % 2), row / 2, 400 * pow(price, -2), price};
        sales[row] = sale;
    }
    double elasticities[3], errors[3];
    OK(baddie_elasticity(sales, 200, 3, 1, elasticities, errors));
    CHECK(fabs(elasticities[0] + 2) < 0.2 && fabs(elasticities[1] + 2) < 0.2 && isnan(elasticities[2]));

    lengths[3] = SIZE_MAX;
    CHECK(baddie_forecast(y, lengths, SERIES, options, HORIZON, levels, LEVELS, means, quantiles) ==
          BADDIE_STATUS_BAD_ARGUMENT);
    lengths[3] = LENGTH;
    CHECK(baddie_forecast(NULL, lengths, SERIES, options, HORIZON, levels, LEVELS, means, quantiles) ==
          BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_forecast((const double *)((const char *)y + 1), lengths, 1, options, HORIZON, levels, LEVELS, means,
                          quantiles) == BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_forecast(y, lengths, SERIES, options, SIZE_MAX, levels, LEVELS, means, quantiles) ==
          BADDIE_STATUS_BAD_ARGUMENT);
    CHECK(baddie_forecast(y, lengths, SERIES, options, 0, levels, LEVELS, means, quantiles) == BADDIE_STATUS_INVALID);
    const baddie_options hourly = {'H', 1, 1};
    CHECK(baddie_forecast(y, lengths, SERIES, hourly, 1, levels, LEVELS, means, quantiles) == BADDIE_STATUS_INVALID);
    y[LENGTH] = NAN;
    CHECK(baddie_forecast(y, lengths, SERIES, options, HORIZON, levels, LEVELS, means, quantiles) ==
          BADDIE_STATUS_INVALID);
    sales[7].series = 9;
    CHECK(baddie_elasticity(sales, 200, 3, 1, elasticities, errors) == BADDIE_STATUS_BAD_ARGUMENT);
    puts("forecasting: sound");
    return 0;
}
