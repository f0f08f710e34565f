"""Money: an exact amount with its currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Union

from . import _native
from .errors import Invalid

__all__ = ["Money"]


@lru_cache(maxsize=None)
def _decimals(currency: str) -> int:
    return _native.decimals(currency)


@dataclass(frozen=True)
class Money:
    """An exact amount with its currency: ``Money("12.34", "GBP")``. Floats are refused: they are not exact."""

    amount: Decimal
    currency: str

    def __init__(self, amount: Union[Decimal, int, str], currency: str) -> None:
        if isinstance(amount, float) or isinstance(amount, bool):
            raise Invalid(f"`amount` is {amount!r}: give a Decimal, an int or a str", "request.invalid", "amount")
        try:
            exact = Decimal(amount)
            minor = exact.scaleb(_decimals(currency))
            whole = minor == minor.to_integral_value()
        except ArithmeticError:
            exact, whole = Decimal(0), False
        if not whole:
            words = f"`amount` is {amount!r}: {currency} has {_decimals(currency)} decimals"
            raise Invalid(words, "request.invalid", "amount")
        object.__setattr__(self, "amount", exact.quantize(Decimal(1).scaleb(-_decimals(currency))))
        object.__setattr__(self, "currency", currency)

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> Money:
        """Money by its smallest unit: ``Money.of_minor(1234, "GBP")`` is 12.34 pounds."""
        return cls(Decimal(minor).scaleb(-_decimals(currency)), currency)

    @property
    def minor(self) -> int:
        """The amount in the smallest unit."""
        return int(self.amount.scaleb(_decimals(self.currency)))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            words = f"{self} and {other} are of two currencies"
            raise Invalid(words, "money.currency")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.amount * count, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
