"""What the Python door costs, printed and held: a forecast of many short series beside the Rust call, and a first order.

    python figures.py SERIES SECONDS_OF_THE_RUST_CALL ITS_SUM
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

import baddie

FIRST_ORDER = """
import sys, time
import baddie
from baddie.types import PlaceLine
begun = time.perf_counter()
engine = baddie.open(sys.argv[1])
engine.shop().orders.place(lines=[PlaceLine(sku="A", qty=1)], paid=True)
print(1000 * (time.perf_counter() - begun))
"""


def first_order() -> float:
    """Milliseconds from `open` to the first order, the middle of five fresh processes."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/shop.db"
        with baddie.open(path) as engine:
            shop = engine.found("Test", "owner@example.com", "GBP")
            price = baddie.Money("9", "GBP")
            made = shop.products.create(title="A", variants=[baddie.types.NewVariant(sku="A", price=price)])
            shop.inventory.adjust(variant_id=made.variants[0].id, change=9, reason="opening", cost=price)
        runs = [
            subprocess.run([sys.executable, "-c", FIRST_ORDER, path], capture_output=True, text=True, check=True)
            for _ in range(5)
        ]
        return sorted(float(run.stdout) for run in runs)[2]


def forecast(count: int) -> "tuple[float, float]":
    """Seconds of processor time for one call, and the sum of all means."""
    many = {f"s{i}": [float((i * 7 + t * (3 + i % 11)) % (2 + i % 5)) for t in range(24)] for i in range(count)}
    begun = time.process_time()
    said = baddie.forecast(many, horizon=6, freq="M", threads=2)
    cost = time.process_time() - begun
    return cost, sum(value for one in said for value in one.mean)


count, rust, rust_sum = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
cost, total = forecast(count)
print(f"{count} short series: {rust:.2f} s in Rust, {cost:.2f} s in Python, {100 * (cost / rust - 1):+.1f}%")
assert abs(total - rust_sum) < 1e-6 * rust_sum, (total, rust_sum)
took = first_order()
print(f"from open to the first order: {took:.1f} ms")
