"""A shop to work on."""

from __future__ import annotations

from typing import Iterator

import pytest

import baddie


@pytest.fixture
def engine() -> Iterator[baddie.Engine]:
    with baddie.open("memory:") as engine:
        yield engine


@pytest.fixture
def shop(engine: baddie.Engine) -> baddie.Shop:
    return engine.found("Test", "owner@example.com", "GBP")
