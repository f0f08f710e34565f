"""The models on lists and on tables of every library."""

from __future__ import annotations

import threading
import time
from typing import Any, Dict, List

import pandas
import polars
import pyarrow
import pytest

import baddie
from baddie import Money, errors

IDS, STEPS = 6, 60


def lists() -> Dict[str, List[float]]:
    return {f"thing-{i}": [float((i * 7 + t * 13) % (3 + i)) for t in range(STEPS)] for i in range(IDS)}


def table() -> pandas.DataFrame:
    days = pandas.date_range("2026-01-01", periods=STEPS)
    rows = [(id, day, units) for id, values in lists().items() for day, units in zip(days, values)]
    return pandas.DataFrame(rows, columns=["id", "date", "units"])


LIBRARIES: List[Any] = [
    lambda frame: frame,
    polars.DataFrame,
    pyarrow.table,
    lambda frame: pyarrow.table(frame).to_reader(max_chunksize=7).read_all(),
]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_table_is_answered_in_kind(library: Any) -> None:
    asked = library(table())
    said = baddie.forecast(asked, horizon=5)
    assert type(said) is type(asked)
    plain = pyarrow.table(said).to_pydict()
    assert list(plain) == ["id", "step", "mean", "q05", "q25", "q50", "q75", "q95"]
    assert plain["step"] == [1, 2, 3, 4, 5] * IDS and len(plain["id"]) == 5 * IDS
    expected = pyarrow.table(baddie.forecast(table(), horizon=5)).to_pydict()
    assert plain == expected
    assert all(low <= high for low, high in zip(plain["q05"], plain["q95"]))


def test_lists_are_answered_with_pictures() -> None:
    said = baddie.forecast(lists(), horizon=5, levels=[0.1, 0.9])
    assert [one.id for one in said] == list(lists())
    assert all(len(one.mean) == 5 and sorted(one.quantiles) == [0.1, 0.9] for one in said)
    assert said[0]._repr_svg_().startswith("<svg")
    assert baddie.forecast(lists(), horizon=5, levels=[0.1, 0.9], threads=1) == said


def test_sums_and_stockouts_agree() -> None:
    sums = baddie.lead_time_demand(lists(), lead_time=7)
    assert all(one.quantiles[0.5] <= one.quantiles[0.99] for one in sums)
    none = baddie.stockout(lists(), stock=[0.0] * IDS, lead_time=7)
    much = baddie.stockout(table(), stock={id: 1000.0 for id in lists()}, lead_time=7)
    assert all(0 <= much[id] < none[id] <= 1 for id in lists())


def test_elasticity_is_found() -> None:
    weeks = pandas.date_range("2025-01-06", periods=80, freq="7D")
    rows = [(id, day, 400 * (5 + t % 10) ** -2.0, 5.0 + t % 10) for id in "ab" for t, day in enumerate(weeks)]
    sales = pandas.DataFrame(rows, columns=["id", "date", "units", "price"])
    said = baddie.elasticity(polars.DataFrame(sales))
    assert said["id"].to_list() == ["a", "b"] and all(abs(one + 2) < 0.2 for one in said["elasticity"])


def test_prices_and_refills_are_advised() -> None:
    advice = baddie.optimize_price(units=50, elasticity=-3, current=Money("8", "GBP"), unit_cost=Money("6", "GBP"))
    assert abs(advice.price.minor - 900) <= 8
    # Of few things each is worth more.
    few = baddie.optimize_price(
        units=50, elasticity=-3, current=Money("8", "GBP"), unit_cost=Money("6", "GBP"), stock=5
    )
    assert few.price.minor > advice.price.minor and few.units <= 5
    with pytest.raises(errors.Invalid) as refused:
        baddie.optimize_price(
            strategy="clear_stock", units=50, elasticity=-3, current=Money("8", "GBP"), unit_cost=Money("6", "GBP")
        )
    assert refused.value.field == "stock"
    terms = baddie.RefillTerms(unit_cost=Money("3", "GBP"), worth=Money("9", "GBP"), moq=4, pack=2)
    proposals = baddie.refill(lists(), terms=terms, cover=14)
    bought = [one for one in proposals.values() if one is not None]
    assert bought and all(one.qty % 2 == 0 and one.qty >= 4 and one.risk_then <= one.risk_now for one in bought)
    budget = Money("20", "GBP")
    shared = baddie.refill(lists(), terms=terms, cover=14, budget=budget)
    assert sum(one.cost.minor for one in shared.values() if one) <= budget.minor


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"a": [1.0, float("nan")]}, "series[a].rows[1].units"),
        ({"a": [-1.0]}, "series[a].rows[0].units"),
        (pandas.DataFrame({"id": ["a"], "units": [1.0]}), "date"),
        (pandas.DataFrame({"id": ["a"], "date": ["soon"], "units": [1.0]}), "date"),
        (pandas.DataFrame({"id": ["a", None], "date": ["2026-01-01"] * 2, "units": [1.0, 2.0]}), "id"),
        (pandas.DataFrame({"id": ["a", "a"], "date": ["2026-01-01"] * 2, "units": [1, 2]}), "series[a].rows[1].date"),
    ],
)
def test_what_cannot_be_forecast_is_named(bad: Any, field: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        baddie.forecast(bad, horizon=2)
    assert caught.value.field == field


def test_the_interpreter_goes_on_meanwhile() -> None:
    many = {f"thing-{i}": [float((i + t) % 5) for t in range(80)] for i in range(800)}
    done = threading.Event()

    def work() -> None:
        baddie.forecast(many, horizon=7, threads=1)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    turns = 0
    while not done.is_set():
        time.sleep(0.001)
        turns += 1
    thread.join()
    assert turns > 20
