"""Between the engine's JSON and Python's types: dataclasses, ``Money``, ``datetime`` with its zone, ``date``."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import keyword
import typing
from functools import lru_cache
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from .errors import Invalid
from .money import Money

Decode = Callable[[Any], Any]


def encode(value: Any) -> Any:
    """A value as JSON takes it; fields that are ``None`` are left out."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise Invalid(f"{value!r} has no zone: give `tzinfo`, such as `timezone.utc`", "request.invalid")
        return value.astimezone(dt.timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {bare(name): encode(one) for name, one in fields if one is not None}
    if isinstance(value, Mapping):
        return {str(name): encode(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [encode(one) for one in value]
    if isinstance(value, float):
        return value
    raise Invalid(f"{value!r} cannot be said to the engine", "request.invalid")


def request(fields: Mapping[str, Any]) -> str:
    """A request from its fields, without those that are ``None``."""
    return json.dumps({bare(name): encode(one) for name, one in fields.items() if one is not None})


def bare(name: str) -> str:
    """The name of a field in JSON: without the underscore that keeps it apart from a word of Python."""
    return name[:-1] if name.endswith("_") and keyword.iskeyword(name[:-1]) else name


def apart(name: str) -> str:
    """The name of a field in Python."""
    return name + "_" if keyword.iskeyword(name) else name


def _instant(text: str) -> dt.datetime:
    whole, _, fraction = text.rstrip("Z").partition(".")
    moment = dt.datetime.fromisoformat(whole)
    return moment.replace(microsecond=int(fraction.ljust(6, "0")[:6] or 0), tzinfo=dt.timezone.utc)


def _money(told: Mapping[str, Any]) -> Money:
    return Money.of_minor(told["minor"], told["currency"])


def _same(value: Any) -> Any:
    return value


@lru_cache(maxsize=None)
def decoder(wanted: Any) -> Decode:
    """What turns JSON into a value of this type."""
    if wanted is Money:
        return _money
    if wanted is dt.datetime:
        return _instant
    if wanted is dt.date:
        return dt.date.fromisoformat
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        return _record(wanted)
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is list:
        one = decoder(arguments[0])
        return _same if one is _same else lambda told: [one(value) for value in told]
    if origin is dict:
        one = decoder(arguments[1])
        return _same if one is _same else lambda told: {name: one(value) for name, value in told.items()}
    if origin is tuple:
        several = [decoder(argument) for argument in arguments]
        return lambda told: tuple(one(value) for one, value in zip(several, told))
    if origin is typing.Union:
        some = [argument for argument in arguments if argument is not type(None)]
        if len(some) == 1:
            one = decoder(some[0])
            return lambda told: None if told is None else one(told)
        return _one_of(some)
    return _same


def _record(wanted: type) -> Decode:
    # Types name each other, so their fields are looked at when the first value comes.
    fields: Dict[str, Tuple[str, Decode]] = {}

    def decode(told: Any) -> Any:
        if not fields:
            hints = typing.get_type_hints(wanted)
            fields.update({bare(name): (name, decoder(hint)) for name, hint in hints.items()})
        known = {}
        for name, value in told.items():
            field = fields.get(name)
            # A newer engine may say more than this package knows.
            if field is not None:
                known[field[0]] = field[1](value)
        return wanted(**known)

    return decode


def _one_of(kinds: "list[Any]") -> Decode:
    # Variants tell themselves apart by a field with one possible word.
    words: Dict[Tuple[str, str], Decode] = {}
    for kind in kinds:
        if not (dataclasses.is_dataclass(kind) and isinstance(kind, type)):
            return _same
        for name, hint in typing.get_type_hints(kind).items():
            if typing.get_origin(hint) is typing.Literal and len(typing.get_args(hint)) == 1:
                words[(bare(name), typing.get_args(hint)[0])] = decoder(kind)

    def decode(told: Any) -> Any:
        for (name, word), one in words.items():
            if isinstance(told, dict) and told.get(name) == word:
                return one(told)
        return told

    return decode


def answer(wanted: Any, text: str) -> Any:
    """A value of the wanted type from the engine's JSON."""
    told: Optional[Any] = json.loads(text)
    return decoder(wanted)(told)
