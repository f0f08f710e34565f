"""Selling through the typed methods."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import pickle
import threading
from decimal import Decimal
from pathlib import Path
from typing import List

import pytest

import baddie
from baddie import Money, errors
from baddie.types import NewVariant, PlaceLine


def gbp(amount: str) -> Money:
    return Money(amount, "GBP")


def stock(shop: baddie.Shop, sku: str, pieces: int) -> str:
    made = shop.products.create(title="Thing", variants=[NewVariant(sku=sku, price=gbp("9.00"))])
    variant = made.variants[0].id
    shop.inventory.adjust(variant_id=variant, change=pieces, reason="opening", cost=gbp("1"))
    return variant


def test_an_order_is_typed_and_exact(shop: baddie.Shop) -> None:
    stock(shop, "A", 3)
    order = shop.orders.place(lines=[PlaceLine(sku="A", qty=2)], paid=True)
    assert order.total == gbp("18.00") and order.total.amount == Decimal("18.00")
    assert isinstance(order.placed_at, dt.datetime) and order.placed_at.utcoffset() == dt.timedelta(0)
    assert isinstance(order.business_date, dt.date)
    assert shop.orders.get(order_id=order.id) == order


def test_a_key_makes_a_command_safe_to_repeat(shop: baddie.Shop) -> None:
    stock(shop, "A", 3)
    first = shop.orders.place(lines=[PlaceLine(sku="A", qty=1)], idempotency_key="receipt")
    assert shop.orders.place(lines=[PlaceLine(sku="A", qty=1)], idempotency_key="receipt") == first
    assert len(shop.orders.list().items) == 1


def test_errors_have_a_class_a_code_and_a_field(shop: baddie.Shop) -> None:
    stock(shop, "A", 1)
    with pytest.raises(errors.Conflict) as caught:
        shop.orders.place(lines=[PlaceLine(sku="A", qty=2)])
    assert caught.value.code == "inventory.insufficient_stock" and caught.value.retry_after is None
    with pytest.raises(errors.Invalid) as unread:
        shop.call("orders.place", '{"lines":[{"sku":"A","qty":"two"}]}')
    assert unread.value.field == "lines[0].qty"
    again = pickle.loads(pickle.dumps(unread.value))
    assert (type(again), again.code, again.field) == (errors.Invalid, "request.invalid", "lines[0].qty")
    with pytest.raises(errors.NotFound, match="operation"):
        shop.call("orders.lose")
    with pytest.raises(errors.Invalid, match="float|Decimal"):
        Money(1.5, "GBP")  # type: ignore[arg-type]
    with pytest.raises(errors.Invalid, match="decimals"):
        Money("1.005", "GBP")
    with pytest.raises(errors.Invalid, match="zone"):
        shop.reports.profit(from_=dt.datetime(2026, 1, 1), to=dt.date(2026, 1, 2))


def test_long_and_odd_texts_are_errors(shop: baddie.Shop) -> None:
    long = "x" * 10_000_000
    for request in (long, "[" * 10_000_000, "\x00", '{"order_id":"' + long + '"}'):
        with pytest.raises(errors.Error):
            shop.call("orders.get", request)
    with pytest.raises(errors.NotFound):
        shop.call(long)
    with pytest.raises(UnicodeEncodeError):
        shop.call("orders.get", "\ud800")
    with pytest.raises(errors.Unauthenticated):
        baddie.open("memory:").enter(long)


def test_pages_are_walked(shop: baddie.Shop) -> None:
    stock(shop, "A", 5)
    made = [shop.orders.place(lines=[PlaceLine(sku="A", qty=1)]).id for _ in range(5)]
    assert [order.id for order in shop.orders.each(limit=2)] == made[::-1]


def test_sixteen_threads_sell_what_there_is(shop: baddie.Shop) -> None:
    stock(shop, "A", 20)
    sold: List[str] = []

    def buy() -> None:
        for _ in range(4):
            try:
                sold.append(shop.orders.place(lines=[PlaceLine(sku="A", qty=1)]).id)
            except errors.Conflict:
                pass

    threads = [threading.Thread(target=buy) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sold) == 20


def test_asyncio_awaits_the_same(tmp_path: Path) -> None:
    async def day() -> int:
        async with await baddie.open_async(tmp_path / "shop.db") as engine:
            shop = await engine.found("Test", "owner@example.com", "GBP")
            made = await shop.products.create(title="Thing", variants=[NewVariant(sku="A", price=gbp("9"))])
            variant = made.variants[0].id
            await shop.inventory.adjust(variant_id=variant, change=9, reason="opening", cost=gbp("1"))
            await asyncio.gather(*(shop.orders.place(lines=[PlaceLine(sku="A", qty=1)]) for _ in range(9)))
            with pytest.raises(errors.Conflict):
                await shop.orders.place(lines=[PlaceLine(sku="A", qty=1)])
            assert (await engine.verify()).violations == 0
            return len([order async for order in shop.orders.each(limit=4)])

    assert asyncio.run(day()) == 9


def test_a_file_is_kept_backed_up_and_entered(tmp_path: Path) -> None:
    heard: List[int] = []
    with baddie.open(tmp_path / "shop.db") as engine:
        token = engine.found("Test", "owner@example.com", "GBP").token
        assert token is not None
        engine.backup(tmp_path / "copy.db", progress=lambda done, total: heard.append(total))
        assert engine.verify(progress=heard.append).checks > 0
    assert heard
    with baddie.open(tmp_path / "copy.db") as engine:
        assert engine.enter(token).shop.get().name == "Test"
        assert engine.shop().id == engine.shops()[0]


def test_callbacks_that_raise_are_heard(engine: baddie.Engine, shop: baddie.Shop) -> None:
    def drop(done: int) -> None:
        shop.orders.list()
        raise KeyError(done)

    stock(shop, "A", 1)
    with pytest.raises(KeyError):
        engine.verify(progress=drop)
    assert engine.verify().violations == 0


def test_a_closed_engine_says_so() -> None:
    engine = baddie.open("memory:")
    engine.close()
    with pytest.raises(errors.Invalid, match="closed"):
        engine.shops()


def test_operations_are_logged(shop: baddie.Shop, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "baddie"):
        shop.orders.list()
        with pytest.raises(errors.Invalid):
            shop.call("orders.get", "{}")
        with pytest.raises(errors.NotFound):
            shop.orders.get(order_id="ord_00000000000000000000000000")
    said = [(record.levelname, record.message.split(" took")[0]) for record in caplog.records]
    assert ("DEBUG", "orders.list") in said
    assert ("INFO", "orders.get: order.not_found") in said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_opens_its_own(engine: baddie.Engine, shop: baddie.Shop) -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        said = b"nothing"
        try:
            shop.orders.list()
        except errors.Invalid as error:
            with baddie.open("memory:") as own:
                own.found("Child", "child@example.com", "GBP").orders.list()
            said = error.code.encode()
        finally:
            os.write(writer, said)
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 64) == b"python.forked"
    assert shop.orders.list().items == []


def test_memory_stays_where_it_was(shop: baddie.Shop) -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024

    def calls(count: int) -> None:
        for _ in range(count):
            shop.orders.list()
            with pytest.raises(errors.Error):
                shop.call("orders.get", "7")

    calls(500)
    before = resident()
    calls(5_000)
    assert resident() - before < 4096


