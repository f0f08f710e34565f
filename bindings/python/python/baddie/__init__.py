"""Baddie, the embeddable engine for resellers.

    >>> import baddie
    >>> engine = baddie.open("memory:")
    >>> shop = engine.found("Corner shop", "owner@example.com", "GBP")
    >>> made = shop.items.create(
    ...     title="Waxed jacket", sku="JACKET-1", condition="good",
    ...     price=baddie.Money("65.00", "GBP"), unit_cost=baddie.Money("12.50", "GBP"),
    ... )
    >>> shop.orders.place(lines=[baddie.types.PlaceLine(sku="JACKET-1", qty=1)], paid=True).total
    Money(amount=Decimal('65.00'), currency='GBP')
    >>> engine.close()
"""

from . import errors, types
from .engine import (
    AsyncEngine,
    AsyncShop,
    Engine,
    Shop,
    TickReport,
    Verdict,
    Violation,
    open,
    open_async,
)
from .errors import Error
from .forecasting import (
    LeadTimeDemand,
    PriceAdvice,
    RefillProposal,
    RefillTerms,
    SeriesForecast,
    elasticity,
    forecast,
    lead_time_demand,
    optimize_price,
    refill,
    stockout,
)
from .money import Money

__all__ = [
    "AsyncEngine", "AsyncShop", "Engine", "Error", "LeadTimeDemand", "Money", "PriceAdvice", "RefillProposal",
    "RefillTerms", "SeriesForecast", "Shop", "TickReport", "Verdict", "Violation", "elasticity", "errors", "forecast",
    "lead_time_demand", "open", "open_async", "optimize_price", "refill", "stockout", "types",
]
