"""Prints how many series per CPU second the tools forecast that we compare ourselves with, on one thread, with quantiles:
statsforecast's AutoETS on monthly series, LightGBM with a model per quantile on daily sales.

    bench-ai-speed.py SET…
"""

import os
import sys
import time

import numpy as np
import pandas as pd

DATA = os.environ["BADDIE_DATA"]


def sales(name, horizon):
    table = pd.read_csv(f"{DATA}/demand/{name}.csv.gz", dtype={"id": str})
    return [np.array(y.split(), float)[:-horizon] for y in table.y]


def say(tool, name, count, began):
    spent = time.process_time() - began
    print(f"{tool}, {name}: {count} series in {spent:.2f} CPU s, {count / spent:.1f} series per CPU s", flush=True)


def smoothing(name="m3_monthly", horizon=18, every=5):
    from statsforecast.models import AutoETS

    series = sales(name, horizon)[::every]
    model = AutoETS(season_length=12)
    model.forecast(y=series[0], h=horizon, level=[50, 90])
    began = time.process_time()
    for y in series:
        model.forecast(y=y, h=horizon, level=[50, 90])
    say("statsforecast AutoETS", name, len(series), began)


def trees(name="or_daily", horizon=28, every=7):
    """Every step of a horizon is a row: lags and means of windows as known at an origin, the step and its weekday."""
    import lightgbm

    series = sales(name, horizon)
    windows = (1, 2, 3, 7, 14, 28, 56, 91)
    steps = np.arange(1, horizon + 1)

    def rows(y, origin):
        known = y[:origin]
        same = np.array([known[-7 * k:][:1].sum() for k in (1, 2, 4, 8)])
        own = [known[-w:].mean() for w in windows] + [known[-w:].std() for w in (28, 91)]
        own += [(known[-w:] > 0).mean() for w in (28, 91)] + list(same) + [known.mean(), float(origin)]
        return np.column_stack([np.tile(own, (horizon, 1)), steps, (origin + steps) % 7])

    began = time.process_time()
    features, came = [], []
    for y in series:
        for origin in range(len(y) - horizon, 28, -every):
            features.append(rows(y, origin))
            came.append(y[origin:origin + horizon])
    features, came = np.concatenate(features), np.concatenate(came)
    ahead = np.concatenate([rows(y, len(y)) for y in series])
    learned = lightgbm.Dataset(features, came, free_raw_data=False)
    for level in (0.05, 0.25, 0.5, 0.75, 0.95):
        asked = {"objective": "quantile", "alpha": level, "num_leaves": 31, "learning_rate": 0.05,
                 "num_threads": 1, "verbosity": -1, "seed": 1}
        lightgbm.train(asked, learned, num_boost_round=200).predict(ahead, num_threads=1)
    say("LightGBM, a model per quantile", name, len(series), began)


for wanted in sys.argv[1:]:
    if wanted == "m3_monthly":
        smoothing()
    elif wanted == "or_daily":
        trees()
