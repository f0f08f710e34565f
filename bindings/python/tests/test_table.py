"""Every operation is reachable, and the generated files are those of the table."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import baddie
from baddie import _native
from baddie._codec import apart, bare
from baddie.engine import AsyncShop
from baddie.errors import Conflict, Invalid, NotFound, Refused
from baddie.operations import AsyncOperations, Operations

TABLE = json.loads(_native.operations_table())
#: Something of each type, to fill what a method demands.
ANYTHING = {"str": "x", "int": 1, "bool": True, "float": 1.0}


def method(shop: object, name: str) -> Any:
    room, verb = name.split(".")
    return getattr(getattr(shop, room), apart(verb))


def test_every_operation_is_a_method_with_its_fields(shop: baddie.Shop) -> None:
    assert len(TABLE) > 100
    awaited = AsyncShop(shop._native)
    for operation in TABLE:
        for one in (shop, awaited):
            found = method(one, operation["name"])
            parameters = inspect.signature(found).parameters
            fields = {bare(name) for name in parameters} - {"idempotency_key"}
            assert fields == set(operation["request"].get("properties", {})), operation["name"]
            assert ("idempotency_key" in parameters) == operation["writes"], operation["name"]
        assert inspect.iscoroutinefunction(method(awaited, operation["name"]))
    assert issubclass(baddie.Shop, Operations) and issubclass(AsyncShop, AsyncOperations)


def test_every_operation_answers_or_says_why_not(shop: baddie.Shop) -> None:
    answered = 0
    for operation in TABLE:
        found = method(shop, operation["name"])
        parameters = inspect.signature(found).parameters.values()
        needed = {one.name: ANYTHING.get(str(one.annotation), []) for one in parameters if one.default is one.empty}
        try:
            found(**needed)
            answered += 1
        except (Invalid, NotFound, Conflict, Refused) as error:
            assert error.code != "operations.unknown", operation["name"]
    assert answered > 40


def test_the_generated_files_are_up_to_date() -> None:
    script = Path(__file__).parent.parent / "generate.py"
    command = [sys.executable, str(script), "--check"]
    made = subprocess.run(command, input=json.dumps(TABLE), capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
