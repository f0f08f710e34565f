"""Prints how many monthly series per CPU second statsforecast's AutoETS forecasts with quantiles, on one thread."""

import os
import time

import numpy as np
import pandas as pd
from statsforecast.models import AutoETS

HORIZON, EVERY = 18, 5
sales = pd.read_csv(f"{os.environ['BADDIE_DATA']}/demand/m3_monthly.csv.gz")
series = [np.array(y.split(), float)[:-HORIZON] for y in sales.y[::EVERY]]
model = AutoETS(season_length=12)
model.forecast(y=series[0], h=HORIZON, level=[50, 90])
began = time.process_time()
for y in series:
    model.forecast(y=y, h=HORIZON, level=[50, 90])
spent = time.process_time() - began
print(f"statsforecast AutoETS, m3_monthly: {len(series)} series in {spent:.2f} CPU s, {len(series) / spent:.1f} series per CPU s")
