"""Forecasts many series on a Ray cluster: one task for each shard.

    pip install baddie ray pandas pyarrow
    python examples/ray_forecast.py [SERIES] [CORES]

How series are cut into shards is said in spark_forecast.py: a cluster of any size then says what one process says.
"""

from __future__ import annotations

import sys
import time
import zlib

import pandas
import ray

import baddie

SHARDS = 50
STEPS, HORIZON = 24, 6


def history(count: int) -> pandas.DataFrame:
    """Made-up monthly sales of so many things."""
    months = pandas.date_range("2024-01-01", periods=STEPS, freq="MS")
    rows = [
        (f"s{i}", month, float((i * 7 + t * (3 + i % 11)) % (2 + i % 5)))
        for i in range(count)
        for t, month in enumerate(months)
    ]
    return pandas.DataFrame(rows, columns=["id", "date", "units"])


def forecast_shard(frame: pandas.DataFrame) -> pandas.DataFrame:
    """Forecasts one shard; threads are the cluster's business."""
    said: pandas.DataFrame = baddie.forecast(frame, horizon=HORIZON, freq="M", threads=1)
    return said


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    cores = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    known = history(count)
    shard = known["id"].map(lambda id: zlib.crc32(id.encode()) % SHARDS)
    shards = [frame.reset_index(drop=True) for _, frame in known.groupby(shard)]

    begun = time.perf_counter()
    alone = pandas.concat([forecast_shard(one) for one in shards], ignore_index=True)
    print(f"one process, one thread: {count} series in {time.perf_counter() - begun:.1f} s")

    ray.init(num_cpus=cores, include_dashboard=False, log_to_driver=False)
    placed = [ray.put(one) for one in shards]
    task = ray.remote(forecast_shard)
    ray.get(task.remote(ray.put(shards[0].head(STEPS))))
    begun = time.perf_counter()
    said = pandas.concat(ray.get([task.remote(one) for one in placed]), ignore_index=True)
    print(f"Ray on {cores} cores: {time.perf_counter() - begun:.1f} s, without the start of the cluster")
    ray.shutdown()

    pandas.testing.assert_frame_equal(said, alone, check_exact=True)
    print(f"{len(said)} rows, the same as those of one process")


if __name__ == "__main__":
    main()
