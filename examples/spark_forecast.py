"""Forecasts many series on a Spark cluster: the wheel inside `mapInPandas`, no cluster code of our own.

    pip install baddie pyspark pandas pyarrow
    python examples/spark_forecast.py [SERIES] [CORES]

Series of one call teach each other, so what a series is told depends on those beside it. Cut them into shards by
something that stays the same - a category, or a hash as here - and a cluster of any size says what one process says.
"""

from __future__ import annotations

import sys
import time
import zlib
from typing import Iterator

import pandas
from pyspark.sql import SparkSession

import baddie

SHARDS = 50
STEPS, HORIZON = 24, 6
SAID = "shard int, id string, step int, mean double, q05 double, q25 double, q50 double, q75 double, q95 double"


def history(first: int, count: int) -> pandas.DataFrame:
    """Made-up monthly sales of so many things."""
    months = pandas.date_range("2024-01-01", periods=STEPS, freq="MS")
    rows = [
        (f"s{i}", month, float((i * 7 + t * (3 + i % 11)) % (2 + i % 5)))
        for i in range(first, first + count)
        for t, month in enumerate(months)
    ]
    return pandas.DataFrame(rows, columns=["id", "date", "units"])


def shard_of(id: str) -> int:
    """Where a series belongs; the same on every machine."""
    return zlib.crc32(id.encode()) % SHARDS


def forecast_shard(frame: pandas.DataFrame) -> pandas.DataFrame:
    """Forecasts one shard; threads are the cluster's business."""
    ordered = frame.sort_values(["id", "date"], kind="stable")
    said = baddie.forecast(ordered[["id", "date", "units"]], horizon=HORIZON, freq="M", threads=1)
    said.insert(0, "shard", int(frame["shard"].iloc[0]))
    return said


def forecast_partition(frames: Iterator[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
    """Forecasts the shards that lie in one partition."""
    for _, shard in pandas.concat(list(frames)).groupby("shard"):
        yield forecast_shard(shard)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    cores = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    known = history(0, count)
    known["shard"] = known["id"].map(shard_of).astype("int32")

    begun = time.perf_counter()
    alone = pandas.concat(forecast_shard(shard) for _, shard in known.groupby("shard"))
    print(f"one process, one thread: {count} series in {time.perf_counter() - begun:.1f} s")

    spark = SparkSession.builder.master(f"local[{cores}]").config("spark.driver.memory", "3g").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    spark.conf.set("spark.sql.execution.arrow.pyspark.enabled", "true")
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spread = spark.createDataFrame(known).repartition(2 * cores, "shard").cache()
    spread.count()
    begun = time.perf_counter()
    said = spread.mapInPandas(forecast_partition, SAID).toPandas()
    print(f"Spark on {cores} cores: {time.perf_counter() - begun:.1f} s, without the start of the cluster")
    spark.stop()

    order = ["shard", "id", "step"]
    same = said.sort_values(order, ignore_index=True)
    pandas.testing.assert_frame_equal(same, alone.sort_values(order, ignore_index=True), check_exact=True, check_dtype=False)
    print(f"{len(same)} rows, the same as those of one process")


if __name__ == "__main__":
    main()
