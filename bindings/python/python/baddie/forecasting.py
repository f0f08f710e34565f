"""The models without a shop: what will sell, what to buy, what to charge.

Histories come as lists (``{"shoe": [3, 0, 2]}``) or as a table ``id,date,units[,group]`` of pandas, polars, pyarrow or
anything else that speaks the Arrow PyCapsule interface; a table is answered with a table of the same library.

``covariates`` are what else is known of the past and of the steps ahead: prices, promotions, holidays. To a table of
histories they are a table ``date,<numbers…>[,id]``, of every series where ``id`` is absent or empty; to lists of histories a
value for each step, past and ahead, by name: ``{"promo": {"shoe": [0, 1, 0, 0, 1]}}``, or ``{"holiday": [0, 0, 1, 0, 0]}`` for all
series alike. What is not known is ``None``. One named ``price`` also tells when a thing was not on sale.

``progress`` is called with how many series are done, and of how many; what it raises is raised after.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import import_module
from math import nan
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Union

from . import _native
from ._codec import decoder, encode
from ._plot import fan
from .errors import Invalid
from .money import Money

__all__ = [
    "LeadTimeDemand", "PriceAdvice", "RefillProposal", "RefillTerms", "SeriesForecast", "elasticity", "forecast",
    "lead_time_demand", "optimize_price", "refill", "stockout",
]

Progress = Optional[Callable[[int, int], object]]
Lists = Union[Mapping[str, Sequence[float]], Sequence[Sequence[float]]]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
SUM_LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class SeriesForecast:
    """What is expected of one series, step by step. Notebooks show it as a picture."""

    id: str
    history: List[float]
    mean: List[float]
    #: For each level, a value for each step.
    quantiles: Dict[float, List[float]]

    def _repr_svg_(self) -> str:
        return fan(self.id, self.history, self.mean, self.quantiles)


@dataclass(frozen=True)
class LeadTimeDemand:
    """What is expected of one series over a lead time, in all."""

    id: str
    mean: float
    quantiles: Dict[float, float]


@dataclass(frozen=True)
class PriceAdvice:
    """A price with its reasons; profits are in the smallest unit of its currency."""

    price: Money
    units: float
    #: The expected profit of the period, between where it lies in 9 of 10 cases.
    profit_minor: List[float]
    explanation: str


@dataclass(frozen=True)
class RefillTerms:
    """On which terms a thing is refilled."""

    #: What the supplier asks for one.
    unit_cost: Money
    #: What a sale leaves after fees and before the cost of the thing.
    worth: Money
    #: What is here and on its way, less what is promised.
    position: int = 0
    #: How often demand until the next delivery should find stock.
    service_level: float = 0.95
    #: The fewest that can be ordered, and in multiples of what.
    moq: int = 1
    pack: int = 1


@dataclass(frozen=True)
class RefillProposal:
    """Advice to buy. Risks are parts per million."""

    qty: int
    unit_cost: Money
    cost: Money
    up_to: int
    risk_now: int
    risk_then: int
    gain: Money
    explanation: str


def _is_table(history: Any) -> bool:
    return hasattr(history, "__arrow_c_stream__") or hasattr(history, "__arrow_c_array__")


def _history(history: Any, freq: str) -> _native.History:
    if _is_table(history):
        return _native.History.of_table(history, freq)
    if isinstance(history, Mapping):
        return _native.History.of_lists([str(name) for name in history], list(history.values()), freq)
    return _native.History.of_lists([str(place) for place in range(len(history))], history, freq)


def _steps(name: str, given: Any, id: str, place: int) -> List[float]:
    """What a covariate is for one series, step by step."""
    if isinstance(given, Mapping):
        given = given.get(id)
    elif len(given) > 0 and hasattr(given[0], "__len__"):
        given = given[place] if place < len(given) else None
    if given is None:
        raise Invalid(f"`covariates` says nothing of {id!r} in {name!r}: give its values", "request.invalid", "covariates")
    return [nan if value is None else value for value in given]


def _manner(
    history: Any, known: _native.History, covariates: Any, reach: int, seed: int, threads: int, progress: Progress
) -> _native.Manner:
    if covariates is None:
        return _native.Manner(seed, threads, None, progress)
    if _is_table(covariates) != _is_table(history):
        words = "`covariates` are not like the history: give a table to a table, and lists to lists"
        raise Invalid(words, "request.invalid", "covariates")
    if _is_table(covariates):
        return _native.Manner(seed, threads, known.known_of_table(covariates, reach), progress)
    values = [
        [_steps(name, given, id, place) for name, given in covariates.items()] for place, id in enumerate(known.ids())
    ]
    return _native.Manner(seed, threads, _native.Known(list(covariates), values), progress)


def _like(asked: Any, table: _native.Table) -> Any:
    """The table in the library of the one that was asked with."""
    library = type(asked).__module__.split(".")[0]
    if library == "polars":
        return import_module("polars").DataFrame(table)
    if library not in ("pandas", "pyarrow"):
        return table
    answer = import_module("pyarrow").table(table)
    return answer.to_pandas() if library == "pandas" else answer


def forecast(
    history: Any,
    *,
    horizon: int,
    freq: str = "D",
    levels: Sequence[float] = LEVELS,
    covariates: Any = None,
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> Any:
    """Forecasts many series at once; they teach each other.

    Lists are answered with a ``SeriesForecast`` each; a table with a table ``id,step,mean,q05,…``.

    :param freq: What a step is: D a day, W a week, M a month, Q a quarter.
    :param threads: How many threads may work, 0 for all processors; the answer does not depend on it.
    """
    known = _history(history, freq)
    manner = _manner(history, known, covariates, horizon, seed, threads, progress)
    table = known.forecast(horizon, list(levels), manner)
    if _is_table(history):
        return _like(history, table)
    means, *quantiles = _native.numbers(table)
    said = []
    for place, id in enumerate(known.ids()):
        rows = slice(place * horizon, (place + 1) * horizon)
        bands = {level: column[rows] for level, column in zip(levels, quantiles)}
        said.append(SeriesForecast(id, known.values(place), means[rows], bands))
    return said


def lead_time_demand(
    history: Any,
    *,
    lead_time: int,
    freq: str = "D",
    levels: Sequence[float] = SUM_LEVELS,
    covariates: Any = None,
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> Any:
    """Forecasts the sum of demand over a lead time: a ``LeadTimeDemand`` each, or a table ``id,mean,q50,…``."""
    known = _history(history, freq)
    manner = _manner(history, known, covariates, lead_time, seed, threads, progress)
    table = known.lead_time_demand(lead_time, list(levels), manner)
    if _is_table(history):
        return _like(history, table)
    rows = zip(known.ids(), zip(*_native.numbers(table)))
    return [LeadTimeDemand(id, mean, dict(zip(levels, quantiles))) for id, (mean, *quantiles) in rows]


def stockout(
    history: Any,
    *,
    stock: Union[Mapping[str, float], Sequence[float]],
    lead_time: int,
    freq: str = "D",
    covariates: Any = None,
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> Dict[str, float]:
    """For each series, the probability that demand over the lead time is more than its stock.

    :param stock: What lies there, by id or in the order of the series.
    """
    known = _history(history, freq)
    ids = known.ids()
    missing = [id for id in ids if id not in stock] if isinstance(stock, Mapping) else []
    if missing:
        raise Invalid(f"`stock` says nothing of {missing[0]!r}", "request.invalid", "stock")
    stocks = [stock[id] for id in ids] if isinstance(stock, Mapping) else list(stock)
    manner = _manner(history, known, covariates, lead_time, seed, threads, progress)
    return dict(zip(ids, known.stockout(lead_time, stocks, manner)))


def elasticity(sales: Any, *, freq: str = "W", seed: int = 1) -> Any:
    """How demand answers to prices: ``id,elasticity,std_error`` from a table
    ``id,date,units,price[,group][,market][,<numbers…>]`` of any library that speaks Arrow."""
    if not _is_table(sales):
        words = "`sales` is no table: give one of pandas, polars or pyarrow"
        raise Invalid(words, "request.invalid", "sales")
    return _like(sales, _native.elasticity(sales, freq, seed))


def optimize_price(
    *,
    strategy: str = "maximize_profit",
    units: float,
    elasticity: float,
    std_error: float = 0.0,
    current: Money,
    unit_cost: Money,
    floor: Optional[Money] = None,
    ceiling: Optional[Money] = None,
    advertised: Optional[Money] = None,
    step: Optional[float] = None,
    ending: Optional[int] = None,
    others: Sequence[Money] = (),
    stock: Optional[int] = None,
) -> PriceAdvice:
    """A price for a strategy within the owner's limits.

    :param units: What sells in the period at the current price.
    :param unit_cost: What a further sale costs, fees and label included; the floor too, unless one is given.
    :param advertised: The lowest price that may be advertised.
    :param step: The largest change at once, as a share such as 0.1.
    :param ending: The last digits prices end in, such as 99.
    :param others: What competitors ask.
    :param stock: How many there are to sell, without a bound unless given; for ``clear_stock`` what should be gone by the end.
    """
    asked = {
        "strategy": strategy, "units": units, "elasticity": elasticity, "error": std_error,
        "current": encode(current), "unit_cost": encode(unit_cost), "others": encode(others), "stock": stock,
        "floor": encode(floor or unit_cost), "ceiling": encode(ceiling), "advertised": encode(advertised),
        "step": None if step is None else round(step * 1_000_000), "ending": ending,
    }
    advice: PriceAdvice = decoder(PriceAdvice)(json.loads(_native.optimize_price(json.dumps(asked))))
    return advice


def refill(
    history: Any,
    *,
    terms: Union[RefillTerms, Mapping[str, RefillTerms]],
    cover: int,
    budget: Optional[Money] = None,
    freq: str = "D",
    covariates: Any = None,
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> Dict[str, Optional[RefillProposal]]:
    """What to buy of each series now; ``None`` where nothing is to be bought.

    :param terms: For all, or by id.
    :param cover: Lead time and review period together, in steps.
    :param budget: Shared among the series where it earns most.
    """
    known = _history(history, freq)
    ids = known.ids()
    of_each = {id: terms[id] for id in ids} if isinstance(terms, Mapping) else dict.fromkeys(ids, terms)
    said = [
        {
            "unit_cost": encode(one.unit_cost), "worth": encode(one.worth), "position": one.position,
            "service": round(one.service_level * 1_000_000), "moq": one.moq, "pack": one.pack, "price_breaks": [],
        }
        for one in of_each.values()
    ]
    money = None if budget is None else json.dumps(encode(budget))
    manner = _manner(history, known, covariates, cover, seed, threads, progress)
    proposals = json.loads(_native.refill(known, cover, json.dumps(said), money, manner))
    read = decoder(RefillProposal)
    return {id: None if one is None else read(one) for id, one in zip(ids, proposals)}
