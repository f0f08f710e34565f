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


def promoted() -> "tuple[Dict[str, List[float]], List[float]]":
    """Things that sell a dozen more on the days of a promotion, and the promotions of five days more."""
    promo = [float(t % 9 in (7, 0)) for t in range(STEPS + 5)]
    sold = {f"thing-{i}": [float(2 + (t * i) % 3 + 12 * promo[t]) for t in range(STEPS)] for i in range(12)}
    return sold, promo


def test_what_else_is_known_is_heard() -> None:
    sold, promo = promoted()
    ahead = promo[STEPS:]
    assert 0 < sum(ahead) < 5
    said = baddie.forecast(sold, horizon=5, covariates={"promo": promo})
    for one in said:
        calm = max(mean for mean, on in zip(one.mean, ahead) if not on)
        assert all(mean > 2 * calm for mean, on in zip(one.mean, ahead) if on), one
    by_id = {"promo": {id: promo for id in sold}}
    assert baddie.forecast(sold, horizon=5, covariates=by_id) == said
    assert baddie.forecast(sold, horizon=5, covariates={"promo": [promo] * len(sold)}) == said

    days = pandas.date_range("2026-01-01", periods=STEPS + 5)
    rows = [(id, day, units) for id, values in sold.items() for day, units in zip(days, values)]
    history = pandas.DataFrame(rows, columns=["id", "date", "units"])
    known = pandas.DataFrame({"date": days, "promo": promo})
    of_all = baddie.forecast(history, horizon=5, covariates=known)
    each = pandas.concat([known.assign(id=id) for id in sold])
    assert baddie.forecast(polars.DataFrame(history), horizon=5, covariates=polars.DataFrame(each)).equals(
        polars.DataFrame(of_all)
    )
    with_it = baddie.stockout(sold, stock=[30.0] * 12, lead_time=5, covariates={"promo": promo})
    calm_ahead = promo[:STEPS] + [0.0] * 5
    without = baddie.stockout(sold, stock=[30.0] * 12, lead_time=5, covariates={"promo": calm_ahead})
    assert sum(with_it.values()) > sum(without.values())


@pytest.mark.parametrize(
    ("covariates", "field"),
    [
        ({"promo": [1.0] * STEPS}, "covariates[thing-0].promo"),
        ({"promo": {"thing-0": [1.0] * (STEPS + 5)}}, "covariates"),
        ({"price": [1.0] * STEPS + [0.0] * 5}, "covariates[thing-0].rows[60].price"),
        (pandas.DataFrame({"date": ["2026-01-01"], "promo": [1.0]}), "covariates"),
    ],
)
def test_covariates_that_do_not_fit_are_named(covariates: Any, field: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        baddie.forecast(lists(), horizon=5, covariates=covariates)
    assert caught.value.field == field


def test_numbers_that_are_none_are_named() -> None:
    known = pandas.DataFrame({"date": ["2026-01-01", "2026-01-02"], "promo": ["1", "perhaps"]})
    with pytest.raises(errors.Invalid) as caught:
        baddie.forecast(table(), horizon=5, covariates=known)
    assert caught.value.field == "promo"
    with pytest.raises(errors.Invalid) as caught:
        baddie.forecast(table(), horizon=5, covariates=known[["date"]])
    assert caught.value.field == "covariates"


def test_long_work_tells_how_far_it_is() -> None:
    told: List[Any] = []
    said = baddie.forecast(lists(), horizon=5, progress=lambda done, total: told.append((done, total)))
    assert said == baddie.forecast(lists(), horizon=5)
    assert told[-1] == (IDS, IDS) and told == sorted(told)

    def refuse(done: int, total: int) -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError):
        baddie.forecast(lists(), horizon=5, progress=refuse)


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
