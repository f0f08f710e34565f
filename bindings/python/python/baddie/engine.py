"""Engines and shops: opened, used, closed."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple, Type, Union

from . import _native
from ._codec import answer, request
from .errors import Error, Invalid, NotFound
from .operations import AsyncOperations, Operations

__all__ = ["AsyncEngine", "AsyncShop", "Engine", "Shop", "TickReport", "Verdict", "Violation", "open", "open_async"]

Path = Union[str, "os.PathLike[str]"]
Progress = Callable[[int, int], object]
log = logging.getLogger("baddie")


@dataclass(frozen=True)
class TickReport:
    """What a tick did: jobs taken, done, to be tried again, given up."""

    taken: int
    done: int
    again: int
    given_up: int


@dataclass(frozen=True)
class Violation:
    """A fact that is wrong."""

    invariant: str
    subject: str
    problem: str
    shop: Optional[str] = None


@dataclass(frozen=True)
class Verdict:
    """What was checked and what was found."""

    checks: int
    violations: int
    by_invariant: Dict[str, int]
    details: List[Violation]


def _call(
    native: _native.Shop,
    request_id: Optional[str],
    name: str,
    fields: Mapping[str, Any],
    wanted: Any,
    key: Optional[str],
) -> Any:
    begun = time.perf_counter()
    try:
        told = native.call(name, request(fields), key, request_id)
    except Error as error:
        log.info("%s: %s", name, error.code, extra={"operation": name, "code": error.code, "shop": native.id})
        raise
    if log.isEnabledFor(logging.DEBUG):
        took = 1000 * (time.perf_counter() - begun)
        log.debug("%s took %.2f ms", name, took, extra={"operation": name, "ms": took, "shop": native.id})
    return answer(wanted, told)


class Shop(Operations):
    """A shop seen by somebody: ``shop.orders.place(...)``, ``shop.reports.profit(...)`` and all other operations."""

    def __init__(self, native: _native.Shop, request_id: Optional[str] = None, token: Optional[str] = None) -> None:
        self._native = native
        #: The owner's token, for a shop that was just founded; it is shown this once.
        self.token = token
        super().__init__(lambda *said: _call(native, request_id, *said))

    @property
    def id(self) -> str:
        """The shop's id."""
        return self._native.id

    def with_request_id(self, request_id: str) -> Shop:
        """The same shop; what it does is audited under this request's id."""
        return Shop(self._native, request_id, self.token)

    def call(self, operation: str, request_json: str = "{}", *, idempotency_key: Optional[str] = None) -> str:
        """Calls an operation by its name, JSON to JSON."""
        return self._native.call(operation, request_json, idempotency_key)

    def __repr__(self) -> str:
        return f"<baddie.Shop {self.id}>"


class AsyncShop(AsyncOperations):
    """A shop whose operations are awaited. What was begun is ended, also when nobody waits for it any more."""

    def __init__(self, native: _native.Shop, request_id: Optional[str] = None, token: Optional[str] = None) -> None:
        self._native = native
        #: The owner's token, for a shop that was just founded; it is shown this once.
        self.token = token
        super().__init__(lambda *said: asyncio.to_thread(_call, native, request_id, *said))

    @property
    def id(self) -> str:
        """The shop's id."""
        return self._native.id

    def with_request_id(self, request_id: str) -> AsyncShop:
        """The same shop; what it does is audited under this request's id."""
        return AsyncShop(self._native, request_id, self.token)

    def __repr__(self) -> str:
        return f"<baddie.AsyncShop {self.id}>"


class Engine:
    """An engine on a store. Use it with ``with``, or close it yourself; it may be used by any number of threads."""

    def __init__(self, native: _native.Engine, url: str) -> None:
        self._native = native
        self._url = url

    def found(self, name: str, email: str, currency: str, time_zone: str = "UTC") -> Shop:
        """Founds a shop and sees it as its owner, whose token is ``shop.token``."""
        fields = {"name": name, "email": email, "currency": currency, "time_zone": time_zone}
        native, _, token = self._native.found(json.dumps(fields))
        log.info("founded shop %s", native.id)
        return Shop(native, token=token)

    def enter(self, token: str) -> Shop:
        """The shop that a token belongs to, seen by the token's owner."""
        return Shop(self._native.enter(token))

    def shop(self, id: Optional[str] = None) -> Shop:
        """A shop as the embedding program sees it, which may do everything; the only one when none is named."""
        return Shop(self._native.shop(id or _only(self._native.shops())))

    def shops(self) -> List[str]:
        """The ids of all shops."""
        return self._native.shops()

    def tick(self) -> TickReport:
        """Does what waits at channels, providers, carriers and models; call it as often as news should travel."""
        report: TickReport = answer(TickReport, self._native.tick())
        (log.warning if report.given_up else log.debug)("tick: %s", report)
        return report

    def verify(self, progress: Optional[Callable[[int], object]] = None) -> Verdict:
        """Checks every invariant of every shop; ``progress(done)`` hears how far it is."""
        hear: Optional[Progress] = None if progress is None else (lambda done, _: progress(done))
        verdict: Verdict = answer(Verdict, self._native.verify(hear))
        return verdict

    def backup(self, path: Path, progress: Optional[Progress] = None) -> None:
        """Copies the database to a new file while work goes on; ``progress(done, total)`` hears how far it is."""
        self._native.backup(path, progress)

    def close(self) -> None:
        """Closes the engine."""
        self._native.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<baddie.Engine {self._url}>"


class AsyncEngine:
    """An engine whose calls are awaited. Use it with ``async with``."""

    def __init__(self, native: _native.Engine, url: str) -> None:
        self._engine = Engine(native, url)

    async def found(self, name: str, email: str, currency: str, time_zone: str = "UTC") -> AsyncShop:
        """Founds a shop and sees it as its owner, whose token is ``shop.token``."""
        shop = await asyncio.to_thread(self._engine.found, name, email, currency, time_zone)
        return AsyncShop(shop._native, token=shop.token)

    async def enter(self, token: str) -> AsyncShop:
        """The shop that a token belongs to, seen by the token's owner."""
        return AsyncShop((await asyncio.to_thread(self._engine.enter, token))._native)

    async def shop(self, id: Optional[str] = None) -> AsyncShop:
        """A shop as the embedding program sees it; the only one when none is named."""
        return AsyncShop((await asyncio.to_thread(self._engine.shop, id))._native)

    async def tick(self) -> TickReport:
        """Does what waits at channels, providers, carriers and models."""
        return await asyncio.to_thread(self._engine.tick)

    async def verify(self, progress: Optional[Callable[[int], object]] = None) -> Verdict:
        """Checks every invariant of every shop."""
        return await asyncio.to_thread(self._engine.verify, progress)

    async def backup(self, path: Path, progress: Optional[Progress] = None) -> None:
        """Copies the database to a new file while work goes on."""
        await asyncio.to_thread(self._engine.backup, path, progress)

    async def close(self) -> None:
        """Closes the engine."""
        await asyncio.to_thread(self._engine.close)

    async def __aenter__(self) -> AsyncEngine:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()


def _only(ids: List[str]) -> str:
    if not ids:
        raise NotFound("the store holds no shop: `engine.found` makes one", "shop.not_found")
    if len(ids) > 1:
        raise Invalid(f"the store holds several shops: name one, such as {ids[0]!r}", "request.invalid", "id")
    return ids[0]


def _settings(path_or_url: Path, settings: Mapping[str, Any]) -> Tuple[str, str]:
    place = os.fspath(path_or_url)
    url = place if place == "memory:" or "://" in place else f"sqlite://{place}"
    return json.dumps({"database": url, **settings}), url.split("@")[-1]


def open(path_or_url: Path, **settings: Any) -> Engine:
    """Opens an engine on a file, ``memory:`` or ``postgres://…``; makes the file when it is not there.

    :param settings: Further settings by their names in the configuration, such as ``stripe``.
    """
    config, shown = _settings(path_or_url, settings)
    return Engine(_native.Engine(config), shown)


async def open_async(path_or_url: Path, **settings: Any) -> AsyncEngine:
    """Opens an engine whose calls are awaited."""
    config, shown = _settings(path_or_url, settings)
    return AsyncEngine(await asyncio.to_thread(_native.Engine, config), shown)
